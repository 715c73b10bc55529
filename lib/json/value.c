/* SPDX-License-Identifier: MIT */
#include "json/bytes.h"
#include "json/scan.h"
#include "json/text.h"

const unsigned char json_types[256] = {
	['{'] = JSON_OBJECT,
	['['] = JSON_ARRAY,
	['"'] = JSON_STRING,
	['t'] = JSON_TRUE,
	['f'] = JSON_FALSE,
	['n'] = JSON_NULL,
	['-'] = JSON_NUMBER,
	['0'] = JSON_NUMBER,
	['1'] = JSON_NUMBER,
	['2'] = JSON_NUMBER,
	['3'] = JSON_NUMBER,
	['4'] = JSON_NUMBER,
	['5'] = JSON_NUMBER,
	['6'] = JSON_NUMBER,
	['7'] = JSON_NUMBER,
	['8'] = JSON_NUMBER,
	['9'] = JSON_NUMBER,
};

static inline struct value
value_at(struct json *j, uint32_t entry)
{
	return (struct value){ j, entry };
}

static const struct value absent;

struct slice
json_raw(struct value v)
{
	const char *start, *end;

	if (!v.json)
		return slice_of(NULL, 0);
	start = v.json->text.ptr + v.json->at[v.entry];
	switch (*start) {
	case '"': end = v.json->text.ptr + v.json->at[v.entry + 1] + 1; break;
	case '{':
	case '[': end = v.json->text.ptr + v.json->at[v.json->mate[v.entry]] + 1; break;
	default:
		end = v.json->text.ptr + v.json->at[v.entry + 1];
		while (bytes_blank(end[-1]))
			end--;
	}
	return slice_of(start, (size_t)(end - start));
}

/* The entry behind the token at entry k: a string has two. */
static inline uint32_t
token_behind(const struct json *j, uint32_t k)
{
	return k + (j->mark[k] == '"' ? 2 : 1);
}

struct slice
json_compact(struct value v, struct arena *a)
{
	struct slice raw = json_raw(v);
	const struct json *j = v.json;
	const char *from = raw.ptr, *end;
	char *start = NULL, *to = NULL;

	if (json_type(v) < JSON_ARRAY)
		return raw;
	end = raw.ptr + raw.len;
	for (uint32_t k = token_behind(j, v.entry); k <= j->mate[v.entry];
	     k = token_behind(j, k)) {
		const char *next = j->text.ptr + j->at[k], *behind = next;

		if (!bytes_blank(next[-1]))
			continue;
		while (bytes_blank(behind[-1]))
			behind--;
		if (!start)
			start = to = arena_alloc(a, raw.len);
		memcpy(to, from, (size_t)(behind - from));
		to += behind - from;
		from = next;
	}
	if (!start)
		return raw;
	memcpy(to, from, (size_t)(end - from));
	return slice_of(start, (size_t)(to + (end - from) - start));
}

/* A string is never shorter than what it says, so one of equal length that is the name byte for
 * byte is the name, unless a backslash in both means something else in the string. */
static bool
is_name(struct slice raw, struct slice name)
{
	if (raw.len == name.len)
		return memcmp(raw.ptr, name.ptr, raw.len) == 0 &&
		       !memchr(raw.ptr, '\\', raw.len);
	return raw.len > name.len && text_equals(raw, name);
}

struct value
json_get_slice(struct value v, struct slice name)
{
	struct json *j = v.json;
	struct value found = absent;
	const char *text;
	uint32_t k, close;
	char first = name.len ? name.ptr[0] : '"'; /* of an empty name the closing quote */

	if (!j || j->mark[v.entry] != '{')
		return absent;
	text = j->text.ptr;
	close = j->mate[v.entry];
	/* the closing brace stands where the comma behind the last member would */
	for (k = v.entry + 1; k < close; k = j->mate[k] + 2) {
		uint32_t start = j->at[k] + 1;

		/* most names are told apart by their first byte */
		if (text[start] != first && text[start] != '\\')
			continue;
		if (!is_name(slice_of(text + start, j->at[k + 1] - start), name))
			continue;
		if (found.json) {
			j->twice = slice_of(text + start, j->at[k + 1] - start);
			break;
		}
		found = value_at(j, k + 3);
	}
	return found;
}

struct value
json_first(struct value container)
{
	struct json *j = container.json;
	char c = j ? j->mark[container.entry] : '\0';

	if ((c != '{' && c != '[') || j->mate[container.entry] == container.entry + 1)
		return absent;
	return value_at(j, container.entry + 1);
}

struct value
json_next(struct value item)
{
	struct json *j = item.json;
	uint32_t behind;

	if (!j)
		return absent;
	behind = j->mate[item.entry] + 1;
	return j->mark[behind] == ',' ? value_at(j, behind + 1) : absent;
}

struct value
json_member_value(struct value name)
{
	struct json *j = name.json;

	if (!j || j->mark[name.entry] != '"' || j->mark[name.entry + 2] != ':')
		return absent;
	return value_at(j, name.entry + 3);
}

size_t
json_length(struct value v)
{
	size_t n = 0;

	for (struct value k = json_first(v); k.json; k = json_next(k))
		n++;
	return n;
}
