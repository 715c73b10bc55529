/* SPDX-License-Identifier: MIT */
/* A second reader of JSON, as plain as the grammar of RFC 8259, and a check that all paths of
 * json_scan agree with it and with each other, byte for byte of the index. */
#ifndef UNIT_JSON_REFERENCE_H
#define UNIT_JSON_REFERENCE_H

#include <stdio.h>
#include <stdlib.h>

#include "json/scan.h"
#include "json/scan_stages.h"

struct reference {
	const unsigned char *p, *end;
	int depth;
};

static inline bool reference_value(struct reference *r);

static inline void
reference_blanks(struct reference *r)
{
	while (
	    r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
		r->p++;
}

static inline bool
reference_take(struct reference *r, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(r->end - r->p) < n || memcmp(r->p, word, n) != 0)
		return false;
	r->p += n;
	return true;
}

static inline bool
reference_between(struct reference *r, unsigned char low, unsigned char high)
{
	if (r->p >= r->end || *r->p < low || *r->p > high)
		return false;
	r->p++;
	return true;
}

static inline bool
reference_digits(struct reference *r)
{
	if (!reference_between(r, '0', '9'))
		return false;
	while (reference_between(r, '0', '9'))
		;
	return true;
}

static inline bool
reference_number(struct reference *r)
{
	reference_take(r, "-");
	if (!reference_take(r, "0") && !(r->p < r->end && *r->p != '0' && reference_digits(r)))
		return false;
	if (reference_take(r, ".") && !reference_digits(r))
		return false;
	if (reference_take(r, "e") || reference_take(r, "E")) {
		if (!reference_take(r, "+"))
			reference_take(r, "-");
		return reference_digits(r);
	}
	return true;
}

static inline bool
reference_hex(struct reference *r)
{
	return reference_between(r, '0', '9') || reference_between(r, 'a', 'f') ||
	       reference_between(r, 'A', 'F');
}

static inline bool
reference_escape(struct reference *r)
{
	if (reference_take(r, "u"))
		return reference_hex(r) && reference_hex(r) && reference_hex(r) &&
		       reference_hex(r);
	if (r->p >= r->end || !*r->p || !strchr("\"\\/bfnrt", *r->p))
		return false;
	r->p++;
	return true;
}

/* The table of well-formed UTF-8 of the Unicode standard, row by row. */
static inline bool
reference_utf8(struct reference *r)
{
	static const struct row {
		unsigned char from, to, low, high;
		int more;
	} rows[] = { { 0xC2, 0xDF, 0x80, 0xBF, 0 }, { 0xE0, 0xE0, 0xA0, 0xBF, 1 },
		{ 0xE1, 0xEC, 0x80, 0xBF, 1 }, { 0xED, 0xED, 0x80, 0x9F, 1 },
		{ 0xEE, 0xEF, 0x80, 0xBF, 1 }, { 0xF0, 0xF0, 0x90, 0xBF, 2 },
		{ 0xF1, 0xF3, 0x80, 0xBF, 2 }, { 0xF4, 0xF4, 0x80, 0x8F, 2 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!reference_between(r, rows[i].from, rows[i].to))
			continue;
		if (!reference_between(r, rows[i].low, rows[i].high))
			return false;
		for (int n = 0; n < rows[i].more; n++)
			if (!reference_between(r, 0x80, 0xBF))
				return false;
		return true;
	}
	return false;
}

static inline bool
reference_string(struct reference *r)
{
	if (!reference_take(r, "\""))
		return false;
	while (r->p < r->end && *r->p != '"') {
		if (*r->p < 0x20)
			return false;
		if (*r->p >= 0x80) {
			if (!reference_utf8(r))
				return false;
		} else if (reference_take(r, "\\")) {
			if (!reference_escape(r))
				return false;
		} else {
			r->p++;
		}
	}
	return reference_take(r, "\"");
}

static inline bool
reference_container(struct reference *r, bool object)
{
	const char *close = object ? "}" : "]";

	r->p++;
	if (r->depth++ == JSON_DEPTH)
		return false;
	reference_blanks(r);
	if (!reference_take(r, close)) {
		for (;;) {
			reference_blanks(r);
			if (object) {
				if (!reference_string(r))
					return false;
				reference_blanks(r);
				if (!reference_take(r, ":"))
					return false;
			}
			if (!reference_value(r))
				return false;
			if (reference_take(r, close))
				break;
			if (!reference_take(r, ","))
				return false;
		}
	}
	r->depth--;
	return true;
}

static inline bool
reference_value(struct reference *r)
{
	bool good = false;

	reference_blanks(r);
	if (r->p >= r->end)
		return false;
	if (*r->p == '{' || *r->p == '[')
		good = reference_container(r, *r->p == '{');
	else if (*r->p == '"')
		good = reference_string(r);
	else
		good = reference_take(r, "true") || reference_take(r, "false") ||
		       reference_take(r, "null") || reference_number(r);
	reference_blanks(r);
	return good;
}

static inline bool
reference_json(struct slice text)
{
	struct reference r = { .p = (const unsigned char *)text.ptr };

	r.end = r.p + text.len;
	return reference_value(&r) && r.p == r.end;
}

static const char *const reference_paths[] = { "portable", "avx2", "avx512" };

/* What differs between two scans of one text, or NULL. */
static inline const char *
reference_differ(const struct json *a, const struct json *b)
{
	if (a->count != b->count)
		return "number of entries differs";
	for (uint32_t i = 0; i < a->count; i++) {
		char c = a->text.ptr[a->at[i]];

		if (a->at[i] != b->at[i])
			return "an entry differs";
		if ((c == '{' || c == '[') && a->mate[i] != b->mate[i])
			return "a mate differs";
	}
	return NULL;
}

/* A fast path must take what is good by itself: it may not lean on the portable one. */
static inline bool
reference_alone(struct json *j, const char *path)
{
	j->count = 0;
#if SIMD_X86
	if (strcmp(path, "avx2") == 0)
		return scan_avx2(j);
	if (strcmp(path, "avx512") == 0)
		return scan_avx512(j);
#endif
	(void)path;
	return true;
}

/* NULL if every path of this machine gives the verdict of the reference, with one index, one
 * reason and one place. The text is copied to memory that ends where it ends. */
static inline const char *
reference_check(struct slice text)
{
	static struct json first, other;
	char *copy = malloc(text.len ? text.len : 1);
	const char *why = NULL, *again = NULL, *fault = NULL;
	size_t where = 0, there = 0;
	bool good;

	if (text.len)
		memcpy(copy, text.ptr, text.len);
	text.ptr = copy;
	json_scan_use("portable");
	good = json_scan(&first, text, &why, &where);
	if (good != reference_json(text))
		fault = good ? "taken against the grammar" : "refused against the grammar";
	for (size_t i = 1; i < 3 && !fault; i++) {
		if (!json_scan_use(reference_paths[i]))
			continue;
		if (json_scan(&other, text, &again, &there) != good)
			fault = "verdicts differ";
		else if (good)
			fault = reference_differ(&first, &other);
		else if (there != where || strcmp(why, again) != 0)
			fault = "reasons differ";
		if (!fault && good && !reference_alone(&other, reference_paths[i]))
			fault = "the fast path refused by itself";
		if (!fault && !good && there > text.len)
			fault = "the place is behind the text";
	}
	free(copy);
	return fault;
}

#endif
