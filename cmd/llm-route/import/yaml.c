/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/import/yaml.h"

#include "json/scan.h"
#include "json/write.h"

#define DEEPEST 64

struct yaml_line {
	size_t indent;
	struct slice text; /* without indentation; a comment line is empty */
	struct slice raw;
};

struct yaml {
	struct yaml_line *line;
	size_t count, at;
	unsigned depth;
	const char *why;
	struct arena *arena;
	struct buf *out;
};

static bool block(struct yaml *y, size_t indent);

static bool
wrong(struct yaml *y, const char *why)
{
	if (!y->why)
		y->why = why;
	return false;
}

/* Without a comment and the blanks before it; what stands in quotes is no comment. */
static struct slice
uncomment(struct slice s)
{
	char quote = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if ((quote == '"' && c == '\\') ||
		    (quote == '\'' && c == quote && i + 1 < s.len && s.ptr[i + 1] == quote))
			i++;
		else if (quote && c == quote)
			quote = 0;
		else if (!quote && (c == '"' || c == '\'') &&
			 (i == 0 || strchr(" [{,:-", s.ptr[i - 1])))
			quote = c;
		else if (!quote && c == '#' &&
			 (i == 0 || s.ptr[i - 1] == ' ' || s.ptr[i - 1] == '\t'))
			return slice_trim(slice_take(s, i));
	}
	return slice_trim(s);
}

static void
skip_empty(struct yaml *y)
{
	while (y->at < y->count && !y->line[y->at].text.len)
		y->at++;
}

/* true, false, null and numbers as JSON has them; all else is a string. */
static void
plain(struct yaml *y, struct slice s)
{
	struct writer w = { y->out, false };
	struct json json = { 0 };
	const char *why;
	size_t where;
	enum json_type type = JSON_ABSENT;

	if (!s.len || slice_eqz(s, "~") || slice_eqz(s, "Null") || slice_eqz(s, "NULL")) {
		write_null(&w);
		return;
	}
	if (slice_eqz(s, "True") || slice_eqz(s, "TRUE"))
		s = SLICE("true");
	if (slice_eqz(s, "False") || slice_eqz(s, "FALSE"))
		s = SLICE("false");
	if (json_scan(&json, s, &why, &where))
		type = json_type(json_root(&json));
	if (type >= JSON_NULL && type <= JSON_NUMBER)
		write_raw(&w, s);
	else
		write_string(&w, s);
	json_free(&json);
}

/* The quoted scalar at the front of *s, which is moved behind it. */
static bool
quoted(struct yaml *y, struct slice *s)
{
	char quote = s->ptr[0];
	struct buf b = { 0 };
	struct json json = { 0 };
	const char *why;
	size_t i = 1, where;
	bool fine = true;

	while (i < s->len && (s->ptr[i] != quote ||
				 (quote == '\'' && i + 1 < s->len && s->ptr[i + 1] == '\''))) {
		i += (quote == '"' && s->ptr[i] == '\\') || (quote == '\'' && s->ptr[i] == '\'')
			 ? 2
			 : 1;
	}
	if (i >= s->len)
		return wrong(y, "a quote is not closed on its line");
	if (quote == '"') {
		/* the escapes of YAML that JSON has not are rare and refused */
		struct slice raw = slice_take(*s, i + 1);

		fine = json_scan(&json, raw, &why, &where);
		if (fine)
			buf_add(y->out, raw);
		json_free(&json);
	} else {
		for (size_t k = 1; k < i; k++) {
			buf_add_byte(&b, s->ptr[k]);
			k += s->ptr[k] == '\'';
		}
		json_quote(y->out, buf_slice(&b));
		buf_free(&b);
	}
	*s = slice_drop(*s, i + 1);
	return fine || wrong(y, "an escape that is not known");
}

static void
blanks(struct slice *s)
{
	while (s->len && (s->ptr[0] == ' ' || s->ptr[0] == '\t'))
		*s = slice_drop(*s, 1);
}

/* A flow value at the front of *s: [a, b], {k: v}, quoted or plain. */
static bool
flow(struct yaml *y, struct slice *s)
{
	bool object;
	char end;

	blanks(s);
	if (s->len && (s->ptr[0] == '"' || s->ptr[0] == '\''))
		return quoted(y, s);
	if (!s->len || (s->ptr[0] != '[' && s->ptr[0] != '{')) {
		size_t n = 0;

		while (n < s->len && !strchr(",]}", s->ptr[n]) &&
		       !(s->ptr[n] == ':' && (n + 1 == s->len || s->ptr[n + 1] == ' ')))
			n++;
		plain(y, slice_trim(slice_take(*s, n)));
		*s = slice_drop(*s, n);
		return true;
	}
	if (++y->depth > DEEPEST)
		return wrong(y, "nested too deep");
	object = s->ptr[0] == '{';
	end = object ? '}' : ']';
	buf_add_byte(y->out, s->ptr[0]);
	*s = slice_drop(*s, 1);
	for (bool first = true;; first = false) {
		blanks(s);
		if (s->len && s->ptr[0] == end)
			break;
		if (!first) {
			if (!s->len || s->ptr[0] != ',')
				return wrong(
				    y, "',' or the closing bracket is missing on the line");
			*s = slice_drop(*s, 1);
			blanks(s);
			if (s->len && s->ptr[0] == end)
				break;
			buf_add_byte(y->out, ',');
		}
		if (object) {
			size_t before = y->out->len;

			if (!flow(y, s))
				return false;
			if (y->out->data[before] != '"')
				return wrong(y, "a key is no string");
			blanks(s);
			if (!s->len || s->ptr[0] != ':')
				return wrong(y, "':' is missing");
			*s = slice_drop(*s, 1);
			buf_add_byte(y->out, ':');
		}
		if (!s->len || !flow(y, s))
			return wrong(y, "a bracket is not closed on its line");
	}
	buf_add_byte(y->out, end);
	*s = slice_drop(*s, 1);
	y->depth--;
	return true;
}

/* Lines of a block scalar that are deeper than indent; '|' keeps line breaks, '>' folds them.
 */
static bool
block_scalar(struct yaml *y, struct slice head, size_t indent)
{
	bool folded = head.ptr[0] == '>', any = false;
	size_t base = SIZE_MAX;
	struct buf b = { 0 };

	for (; y->at < y->count; y->at++) {
		struct slice raw = y->line[y->at].raw;
		size_t n = 0;

		while (n < raw.len && raw.ptr[n] == ' ')
			n++;
		if (n < raw.len && n <= indent)
			break;
		if (base == SIZE_MAX && n < raw.len)
			base = n;
		if (any)
			buf_add_byte(&b, folded ? ' ' : '\n');
		any = true;
		buf_add(&b, slice_drop(raw, base == SIZE_MAX || base > raw.len ? n : base));
	}
	while (b.len && (b.data[b.len - 1] == '\n' || b.data[b.len - 1] == ' '))
		b.len--;
	if (head.len < 2 || head.ptr[1] != '-')
		buf_add_byte(&b, '\n');
	json_quote(y->out, buf_slice(&b));
	buf_free(&b);
	return true;
}

/* What stands behind a key or a dash on the same line. y->at is the next line. */
static bool
value(struct yaml *y, struct slice s, size_t indent)
{
	struct slice rest = s;

	if (s.ptr[0] == '&' || s.ptr[0] == '*' || s.ptr[0] == '!')
		return wrong(y, "anchors, aliases and tags are not read");
	if (s.ptr[0] == '|' || s.ptr[0] == '>')
		return block_scalar(y, s, indent);
	if (!strchr("\"'[{", s.ptr[0])) {
		plain(y, s);
		return true;
	}
	if (!flow(y, &rest))
		return false;
	blanks(&rest);
	return !rest.len || wrong(y, "more than a value");
}

static bool
is_item(struct slice s)
{
	return s.len && s.ptr[0] == '-' && (s.len == 1 || s.ptr[1] == ' ');
}

/* Where the colon behind the key of a line stands; SIZE_MAX if it has none. */
static size_t
colon_of(struct slice s)
{
	size_t i = 0;

	if (s.len && (s.ptr[0] == '"' || s.ptr[0] == '\''))
		for (i = 1; i < s.len && s.ptr[i] != s.ptr[0];)
			i++;
	if (s.len && strchr("[{", s.ptr[0]))
		return SIZE_MAX;
	for (; i < s.len; i++)
		if (s.ptr[i] == ':' && (i + 1 == s.len || s.ptr[i + 1] == ' '))
			return i;
	return SIZE_MAX;
}

/* What belongs to a key or dash at this indentation and stands below it; nothing is null. */
static bool
below(struct yaml *y, size_t indent, bool in_mapping)
{
	struct yaml_line *next;

	skip_empty(y);
	next = y->at < y->count ? &y->line[y->at] : NULL;
	if (next && (next->indent > indent ||
			(in_mapping && next->indent == indent && is_item(next->text))))
		return block(y, next->indent);
	buf_add(y->out, SLICE("null"));
	return true;
}

static bool
sequence(struct yaml *y, size_t indent)
{
	bool first = true;

	buf_add_byte(y->out, '[');
	for (skip_empty(y); y->at < y->count; skip_empty(y)) {
		struct yaml_line *l = &y->line[y->at];
		struct slice rest;

		if (l->indent != indent || !is_item(l->text))
			break;
		if (!first)
			buf_add_byte(y->out, ',');
		first = false;
		rest = slice_trim(slice_drop(l->text, 1));
		if (!rest.len) {
			y->at++;
			if (!below(y, indent, false))
				return false;
		} else if (is_item(rest) || colon_of(rest) != SIZE_MAX) {
			/* the rest of the line is the first line of what the item holds */
			l->indent += (size_t)(rest.ptr - l->text.ptr);
			l->text = rest;
			if (!block(y, l->indent))
				return false;
		} else {
			y->at++;
			if (!value(y, rest, indent))
				return false;
		}
	}
	buf_add_byte(y->out, ']');
	return true;
}

static bool
mapping(struct yaml *y, size_t indent)
{
	bool first = true;

	buf_add_byte(y->out, '{');
	for (skip_empty(y); y->at < y->count; skip_empty(y)) {
		struct yaml_line *l = &y->line[y->at];
		size_t colon = colon_of(l->text);
		struct slice key, rest;

		if (l->indent != indent || is_item(l->text))
			break;
		if (colon == SIZE_MAX)
			return wrong(y, "'KEY: VALUE' is wanted");
		key = slice_trim(slice_take(l->text, colon));
		rest = slice_trim(slice_drop(l->text, colon + 1));
		if (!key.len || slice_eqz(key, "<<") || key.ptr[0] == '?' || key.ptr[0] == '*')
			return wrong(y, "merge keys and complex keys are not read");
		if (!first)
			buf_add_byte(y->out, ',');
		first = false;
		if (key.ptr[0] == '"' || key.ptr[0] == '\'') {
			if (!quoted(y, &key))
				return false;
		} else {
			json_quote(y->out, key);
		}
		buf_add_byte(y->out, ':');
		y->at++;
		if (!(rest.len ? value(y, rest, indent) : below(y, indent, true)))
			return false;
	}
	buf_add_byte(y->out, '}');
	return true;
}

static bool
block(struct yaml *y, size_t indent)
{
	struct yaml_line *l = &y->line[y->at];
	bool fine;

	if (++y->depth > DEEPEST)
		return wrong(y, "nested too deep");
	if (is_item(l->text)) {
		fine = sequence(y, indent);
	} else if (colon_of(l->text) != SIZE_MAX) {
		fine = mapping(y, indent);
	} else {
		y->at++;
		fine = value(y, l->text, indent);
	}
	y->depth--;
	return fine;
}

static bool
split(struct yaml *y, struct slice text)
{
	size_t count = 1;

	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == '\n';
	y->line = arena_zero(y->arena, count, sizeof(*y->line));
	while (text.len) {
		size_t n = slice_find(text, '\n'), indent = 0;
		struct yaml_line *l = &y->line[y->count];

		l->raw = slice_take(text, n);
		text = slice_drop(text, n + 1);
		while (l->raw.len && l->raw.ptr[l->raw.len - 1] == '\r')
			l->raw.len--;
		while (indent < l->raw.len && l->raw.ptr[indent] == ' ')
			indent++;
		if (indent < l->raw.len && l->raw.ptr[indent] == '\t' &&
		    slice_trim(l->raw).len) {
			y->at = y->count;
			return wrong(y, "a tab is no indentation");
		}
		l->indent = indent;
		l->text = uncomment(slice_drop(l->raw, indent));
		if (indent == 0 &&
		    (slice_eqz(l->text, "---") || slice_starts(l->raw, SLICE("%"))))
			l->text.len = 0;
		y->count++;
	}
	return true;
}

bool
yaml_to_json(
    struct slice text, struct arena *a, struct buf *out, const char **why, uint64_t *line)
{
	struct yaml y = { .arena = a, .out = out };
	bool fine;

	if (slice_starts(text, SLICE("\xEF\xBB\xBF")))
		text = slice_drop(text, 3);
	fine = split(&y, text);
	if (fine) {
		skip_empty(&y);
		if (y.at == y.count)
			buf_add(out, SLICE("null"));
		else
			fine = block(&y, y.line[y.at].indent);
		skip_empty(&y);
		if (fine && y.at < y.count)
			fine = wrong(&y, "this line stands at no level that began above");
	}
	*why = y.why;
	*line = (y.at < y.count ? y.at : y.count ? y.count - 1 : 0) + 1;
	return fine;
}
