/* SPDX-License-Identifier: MIT */
#include "ttl_rules.h"

#include <stdio.h>
#include <ctype.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/options.h"
#include "stream/file.h"
#include "text/pattern.h"

enum kind { BY_TAG, BY_MODEL, BY_PATTERN };

struct condition {
	enum kind kind;
	char *name; /* of the tag */
	struct slice value;
	struct pattern *pattern;
};

struct rule {
	int64_t ttl;
	struct condition *conditions;
	size_t count;
};

struct ttl_rules {
	struct buf text; /* of the file; values point into it */
	struct rule *rules;
	size_t count;
	bool reads_text;
};

/* Words that make a question one about the moment at which it is asked. */
static const char time_words[] =
    "\\b(?:today|tonight|tomorrow|yesterday|now(?:adays)?|current(?:ly)?|latest|newest|"
    "recent(?:ly)?|these days|at the moment|right now|so far|as of|up[- ]to[- ]date|"
    "breaking|upcoming|this (?:morning|afternoon|evening|week|weekend|month|quarter|year)|"
    "(?:last|next) (?:night|week|weekend|month|quarter|year)|ago)\\b";

struct reader {
	const char *file;
	uint64_t line;
	struct ttl_rules *rules;
};

static _Noreturn void
wrong(const struct reader *d, const char *why)
{
	diag_die(STATUS_USAGE, "%s:%llu: %s", d->file, (unsigned long long)d->line, why);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct slice
skip_blanks(struct slice s)
{
	while (s.len && is_blank(s.ptr[0]))
		s = slice_drop(s, 1);
	return s;
}

/* Up to the next blank outside quotes and outside /…/. */
static struct slice
take_word(struct slice *line)
{
	struct slice word;
	char close = '\0';
	size_t n = 0;

	for (; n < line->len; n++) {
		char c = line->ptr[n];

		if (close && c == '\\' && n + 1 < line->len)
			n++;
		else if (close && c == close)
			close = '\0';
		else if (!close && (c == '"' || (c == '/' && n && line->ptr[n - 1] == '=')))
			close = c;
		else if (!close && is_blank(c))
			break;
	}
	word = slice_take(*line, n);
	*line = skip_blanks(slice_drop(*line, n));
	return word;
}

static struct pattern *
compile(const struct reader *d, struct slice source)
{
	const char *why;
	size_t where;
	struct pattern *p = pattern_compile(source, true, &why, &where);

	if (!p)
		wrong(d, why);
	d->rules->reads_text = true;
	return p;
}

static struct slice
unquoted(struct slice s)
{
	if (s.len >= 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"')
		return slice_take(slice_drop(s, 1), s.len - 2);
	return s;
}

/* a,"b c" as one pattern of whole words. */
static struct pattern *
compile_words(const struct reader *d, struct slice list)
{
	struct buf source = { 0 };
	struct pattern *p;

	buf_add(&source, SLICE("(?<!\\w)(?:"));
	for (bool first = true; list.len; first = false) {
		size_t n = list.ptr[0] == '"' ? 2 + slice_find(slice_drop(list, 1), '"')
					      : slice_find(list, ',');
		struct slice word = unquoted(slice_take(list, n));

		if (word.len == 0)
			wrong(d, "'words' has an empty word");
		if (!first)
			buf_add_byte(&source, '|');
		for (size_t i = 0; i < word.len; i++) {
			unsigned char c = (unsigned char)word.ptr[i];

			if (c < 128 && !isalnum(c))
				buf_add_byte(&source, '\\');
			buf_add_byte(&source, (char)c);
		}
		list = slice_drop(list, n);
		if (list.len && list.ptr[0] != ',')
			wrong(d, "'words' is a list with commas");
		list = slice_drop(list, 1);
	}
	buf_add(&source, SLICE(")(?!\\w)"));
	p = compile(d, buf_slice(&source));
	buf_free(&source);
	return p;
}

static char *
name_of(const struct reader *d, struct slice name)
{
	char *z;

	if (name.len == 0)
		wrong(d, "'tag.' needs a name");
	z = mem_alloc(name.len + 1);
	memcpy(z, name.ptr, name.len);
	z[name.len] = '\0';
	return z;
}

static struct condition
read_condition(const struct reader *d, struct slice word)
{
	size_t n = slice_find(word, '=');
	struct slice name = slice_take(word, n), value = slice_drop(word, n + 1);
	struct condition c = { .kind = BY_PATTERN, .value = unquoted(value) };

	if (slice_eqz(word, "time-words")) {
		c.pattern = compile(d, slice_z(time_words));
		return c;
	}
	if (value.len == 0)
		wrong(d, "a condition is none of tag.NAME=VALUE, model=NAME, "
			 "words=WORD,WORD…, text=/PATTERN/ and time-words");
	if (slice_starts(name, SLICE("tag."))) {
		c.kind = BY_TAG;
		c.name = name_of(d, slice_drop(name, 4));
	} else if (slice_eqz(name, "model")) {
		c.kind = BY_MODEL;
	} else if (slice_eqz(name, "words")) {
		c.pattern = compile_words(d, value);
	} else if (slice_eqz(name, "text") && value.len > 2 && value.ptr[0] == '/' &&
		   value.ptr[value.len - 1] == '/') {
		c.pattern = compile(d, slice_take(slice_drop(value, 1), value.len - 2));
	} else {
		wrong(d, "a condition is none of tag.NAME=VALUE, model=NAME, "
			 "words=WORD,WORD…, text=/PATTERN/ and time-words");
	}
	return c;
}

static void
read_line(const struct reader *d, struct slice line)
{
	struct ttl_rules *all = d->rules;
	struct rule rule = { 0 };
	struct slice word;
	char time[32];

	line = skip_blanks(line);
	if (line.len == 0 || line.ptr[0] == '#')
		return;
	word = take_word(&line);
	snprintf(time, sizeof time, "%.*s", SLICE_ARG(word));
	if (word.len >= sizeof time || !options_duration(time, &rule.ttl))
		wrong(d, "a rule begins with a time: 0, 30s, 5m, 1h, 2d or inf");
	while (line.len && line.ptr[0] != '#') {
		struct condition c = read_condition(d, take_word(&line));

		rule.conditions =
		    mem_grow(rule.conditions, rule.count + 1, sizeof(*rule.conditions));
		rule.conditions[rule.count++] = c;
	}
	all->rules = mem_grow(all->rules, all->count + 1, sizeof(*all->rules));
	all->rules[all->count++] = rule;
}

struct ttl_rules *
ttl_rules_load(const char *file)
{
	struct ttl_rules *all = mem_zero(sizeof(*all));
	struct reader d = { .file = file, .rules = all };
	struct slice rest;

	if (!file_read(file, &all->text))
		diag_die_errno(STATUS_USAGE, "%s", file);
	for (rest = buf_slice(&all->text); rest.len;) {
		struct slice line = slice_take(rest, slice_find(rest, '\n'));

		d.line++;
		read_line(&d, line);
		rest = slice_drop(rest, line.len + 1);
	}
	return all;
}

/* The star is any run: matched from the left, going back to the last star only. */
static bool
glob(struct slice pattern, struct slice text)
{
	size_t p = 0, t = 0, star = SIZE_MAX, from = 0;

	while (t < text.len) {
		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = p++;
			from = t;
		} else if (p < pattern.len && pattern.ptr[p] == text.ptr[t]) {
			p++, t++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			t = ++from;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}

struct question {
	struct buf text;
	size_t turn;
	struct arena *arena;
};

static void
add_part(void *context, const struct part *part)
{
	struct question *q = context;
	struct slice text;

	if (part->kind != PART_USER)
		return;
	if (part->turn != q->turn)
		buf_clear(&q->text);
	q->turn = part->turn;
	text = json_string(part->text, q->arena);
	if (text.ptr) {
		buf_add(&q->text, text);
		buf_add_byte(&q->text, '\n');
	}
}

static bool
holds(const struct condition *c, const struct request *q, struct slice text, struct arena *a)
{
	struct slice asked;
	struct value v;

	switch (c->kind) {
	case BY_TAG:
		v = request_attribute(q, c->name);
		asked = json_type(v) == JSON_STRING ? json_string(v, a) : json_raw(v);
		return json_type(v) > JSON_NULL && glob(c->value, asked);
	case BY_MODEL:
		asked = json_string(json_get(json_get(q->llm, "route"), "asked"), a);
		if (!asked.ptr)
			asked = request_model(q, a);
		return asked.ptr && glob(c->value, asked);
	case BY_PATTERN: break;
	}
	/* where the work is too much nothing is known: the shorter time is the safer one */
	return pattern_search(c->pattern, text, NULL, NULL) != PATTERN_MISSED;
}

int64_t
ttl_rules_find(
    const struct ttl_rules *rules, const struct request *q, struct arena *a, int64_t otherwise)
{
	static struct question question;

	if (!rules)
		return otherwise;
	question.arena = a;
	question.turn = SIZE_MAX;
	buf_clear(&question.text);
	if (rules->reads_text)
		request_parts(q, add_part, &question);
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->rules[i];
		size_t n = 0;

		while (n < rule->count &&
		       holds(&rule->conditions[n], q, buf_slice(&question.text), a))
			n++;
		if (n == rule->count)
			return rule->ttl;
	}
	return otherwise;
}

void
ttl_rules_free(struct ttl_rules *rules)
{
	if (!rules)
		return;
	for (size_t i = 0; i < rules->count; i++) {
		for (size_t n = 0; n < rules->rules[i].count; n++) {
			free(rules->rules[i].conditions[n].name);
			pattern_free(rules->rules[i].conditions[n].pattern);
		}
		free(rules->rules[i].conditions);
	}
	free(rules->rules);
	buf_free(&rules->text);
	free(rules);
}
