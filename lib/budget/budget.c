/* SPDX-License-Identifier: MIT */
#include "budget/budget.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/options.h"

static char reason[256];

/* The next word of the line; len 0 at its end. A value may be quoted to hold blanks. */
static struct slice
next_word(struct slice *line)
{
	struct slice word;
	bool quoted = false;
	size_t n = 0;

	*line = slice_trim(*line);
	while (n < line->len && (quoted || (line->ptr[n] != ' ' && line->ptr[n] != '\t'))) {
		quoted ^= line->ptr[n] == '"';
		n++;
	}
	word = slice_take(*line, n);
	*line = slice_drop(*line, n);
	return word;
}

static bool
period_read(struct slice word, enum budget_period *p)
{
	for (*p = BUDGET_HOUR; *p <= BUDGET_TOTAL; (*p)++)
		if (slice_eqz(word, budget_period_name(*p)))
			return true;
	return false;
}

static const char *
number_read(struct slice text, uint64_t *n)
{
	*n = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9' || *n > UINT64_MAX / 20)
			return "wants a whole number";
		*n = *n * 10 + (uint64_t)(text.ptr[i] - '0');
	}
	return text.len ? NULL : "wants a whole number";
}

static const char *
share_read(struct slice text, uint64_t *share)
{
	char word[32];

	if (text.len >= sizeof word)
		return "wants a share, such as 80%";
	memcpy(word, text.ptr, text.len);
	word[text.len] = '\0';
	return options_share(word, share) ? NULL : "wants a share, such as 80%";
}

static const char *
field_read(struct slice text, struct budget_field *f)
{
	const char *why = NULL;
	char *z;

	*f = (struct budget_field){ .name = text };
	if (!text.len)
		return "has a field without a name";
	if (*text.ptr != '.')
		return NULL;
	z = mem_alloc(text.len + 1);
	memcpy(z, text.ptr, text.len);
	z[text.len] = '\0';
	f->path = path_compile(z, &why);
	free(z);
	return why;
}

static const char *
by_read(struct slice text, struct budget_line *l)
{
	const char *why = NULL;

	while (!why && text.len) {
		struct slice word = slice_take(text, slice_find(text, ','));

		if (l->by_count == BUDGET_FIELDS)
			return "has too many fields";
		why = field_read(word, &l->by[l->by_count++]);
		text = slice_drop(text, word.len + 1);
	}
	return l->by_count ? why : "wants a field";
}

static const char *
where_read(struct slice field, struct slice value, struct budget_line *l)
{
	if (l->where_count == BUDGET_FIELDS)
		return "has too many conditions";
	if (value.len >= 2 && *value.ptr == '"' && value.ptr[value.len - 1] == '"')
		value = slice_of(value.ptr + 1, value.len - 2);
	l->value[l->where_count] = value;
	return field_read(field, &l->where[l->where_count++]);
}

static const char *
setting_read(struct slice name, struct slice value, struct budget_line *l)
{
	if (slice_eqz(name, "usd")) {
		l->has_usd = true;
		return usd_read(value, &l->usd) && l->usd.units >= 0 ? NULL : "wants dollars";
	}
	if (slice_eqz(name, "calls"))
		return number_read(value, &l->calls);
	if (slice_eqz(name, "tokens"))
		return number_read(value, &l->tokens);
	if (slice_eqz(name, "repeats"))
		return number_read(value, &l->repeats);
	if (slice_eqz(name, "soft"))
		return share_read(value, &l->soft);
	if (slice_eqz(name, "by"))
		return by_read(value, l);
	return where_read(name, value, l);
}

/* NULL, or what is wrong with the line. */
static const char *
line_read(struct slice line, struct budget_line *l)
{
	struct slice word;

	*l = (struct budget_line){ .text = line,
		.calls = BUDGET_NONE,
		.tokens = BUDGET_NONE,
		.repeats = BUDGET_NONE,
		.soft = BUDGET_NONE };
	if (!slice_eqz(next_word(&line), "limit"))
		return "begins with no 'limit'";
	l->name = next_word(&line);
	if (!l->name.len || memchr(l->name.ptr, '=', l->name.len))
		return "has no name";
	if (!period_read(next_word(&line), &l->period))
		return "wants hour, day, week, month or total behind the name";
	while ((word = next_word(&line)).len) {
		size_t at = slice_find(word, '=');
		const char *why;

		if (at == word.len) {
			snprintf(
			    reason, sizeof reason, "'%s' is no NAME=VALUE", diag_clean(word));
			return reason;
		}
		why = setting_read(slice_take(word, at), slice_drop(word, at + 1), l);
		if (why) {
			snprintf(reason, sizeof reason, "'%s' %s",
			    diag_clean(slice_take(word, at)), why);
			return reason;
		}
	}
	if (!l->has_usd && l->calls == BUDGET_NONE && l->tokens == BUDGET_NONE &&
	    l->repeats == BUDGET_NONE)
		return "limits nothing: it wants usd=, calls=, tokens= or repeats=";
	return NULL;
}

static struct slice
without_comment(struct slice line)
{
	return slice_trim(slice_take(line, slice_find(line, '#')));
}

bool
budget_read(struct slice text, struct budget *b, const char **why)
{
	static char where[320];
	size_t number = 0;

	*b = (struct budget){ 0 };
	while (text.len) {
		struct slice line = slice_take(text, slice_find(text, '\n'));
		const char *wrong;

		text = slice_drop(text, line.len + 1);
		number++;
		line = without_comment(line);
		if (!line.len)
			continue;
		b->line = mem_grow(b->line, b->count + 1, sizeof *b->line);
		wrong = line_read(line, &b->line[b->count++]);
		if (wrong) {
			snprintf(where, sizeof where, "line %zu: %s", number, wrong);
			*why = where;
			budget_free(b);
			return false;
		}
	}
	return true;
}

void
budget_free(struct budget *b)
{
	for (size_t i = 0; i < b->count; i++) {
		for (size_t k = 0; k < b->line[i].by_count; k++)
			path_free(b->line[i].by[k].path);
		for (size_t k = 0; k < b->line[i].where_count; k++)
			path_free(b->line[i].where[k].path);
	}
	free(b->line);
	*b = (struct budget){ 0 };
}

static bool
fits(const struct budget_line *l, budget_value_fn *value, void *call)
{
	for (size_t i = 0; i < l->where_count; i++) {
		struct slice v = value(call, &l->where[i]);

		if (!v.ptr || !slice_eq(v, l->value[i]))
			return false;
	}
	return true;
}

static void
add_pair(struct buf *key, struct slice name, struct slice value)
{
	if (key->len)
		buf_add_byte(key, ',');
	buf_add(key, name);
	buf_add_byte(key, '=');
	buf_add(key, value.ptr ? value : SLICE("-"));
}

static struct slice
key_of(const struct budget_line *l, budget_value_fn *value, void *call, struct arena *a)
{
	struct buf b = { 0 };
	struct slice key;

	for (size_t i = 0; i < l->where_count; i++)
		add_pair(&b, l->where[i].name, l->value[i]);
	for (size_t i = 0; i < l->by_count; i++)
		add_pair(&b, l->by[i].name, value(call, &l->by[i]));
	key = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return key;
}

/* Takes `name=` off the front of key, and the comma before it. */
static bool
take_name(struct slice *key, struct slice name, bool first)
{
	struct slice rest = first ? *key : slice_drop(*key, 1);

	if (!first && (!key->len || *key->ptr != ','))
		return false;
	if (!slice_starts(rest, name) || rest.len == name.len || rest.ptr[name.len] != '=')
		return false;
	*key = slice_drop(rest, name.len + 1);
	return true;
}

/* Up to `,name=`, or all of key where no field follows. */
static void
take_value(struct slice *key, const struct budget_field *next)
{
	struct slice rest;

	for (; key->len; *key = slice_drop(*key, 1)) {
		rest = *key;
		if (next && take_name(&rest, next->name, false))
			return;
	}
}

static bool
key_fits(const struct budget_line *l, struct slice key)
{
	for (size_t i = 0; i < l->where_count; i++) {
		if (!take_name(&key, l->where[i].name, i == 0) ||
		    !slice_starts(key, l->value[i]))
			return false;
		key = slice_drop(key, l->value[i].len);
	}
	for (size_t i = 0; i < l->by_count; i++) {
		if (!take_name(&key, l->by[i].name, i + l->where_count == 0))
			return false;
		take_value(&key, i + 1 < l->by_count ? &l->by[i + 1] : NULL);
	}
	return key.len == 0;
}

const struct budget_line *
budget_line_of(const struct budget *b, struct slice name, struct slice key)
{
	for (size_t i = 0; i < b->count; i++)
		if (slice_eq(b->line[i].name, name) && key_fits(&b->line[i], key))
			return &b->line[i];
	return NULL;
}

struct slice
budget_own_key(const struct budget_line *l, struct arena *a)
{
	return l->by_count ? slice_of(NULL, 0) : key_of(l, NULL, NULL, a);
}

/* True where an earlier line of this name already spoke for the call. */
static bool
spoken_for(const struct budget *b, size_t line, const bool *held)
{
	for (size_t i = 0; i < line; i++)
		if (held[i] && slice_eq(b->line[i].name, b->line[line].name))
			return true;
	return false;
}

void
budget_apply(const struct budget *b, budget_value_fn *value, void *call, struct arena *a,
    budget_each_fn *each, void *context)
{
	bool *held = arena_alloc(a, b->count + 1);

	for (size_t i = 0; i < b->count; i++) {
		held[i] = !spoken_for(b, i, held) && fits(&b->line[i], value, call);
		if (held[i])
			each(context, i, key_of(&b->line[i], value, call, a));
	}
}
