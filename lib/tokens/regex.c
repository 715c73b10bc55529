/* SPDX-License-Identifier: MIT */
#include "tokens/regex.h"

#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "text/pattern.h"
#include "text/unicode.h"
#include "tokens/regex_parse.h"

#define CLASSES 256
#define UNITS_PER_BYTE 1000 /* a run of digits takes DeepSeek's three stages some 200 */
#define UNITS_LEAST 100000000

struct regex {
	struct pattern *pattern;
	uint8_t class[POINTS];
};

/* Which sets the characters of a class are in. */
struct classes {
	uint64_t sets[CLASSES];
	unsigned count, last;
};

/* The class of these sets, as a number below CLASSES; CLASSES where there are too many. */
static unsigned
class_of_sets(struct classes *c, uint64_t sets)
{
	unsigned i = 0;

	if (c->count && c->sets[c->last] == sets)
		return c->last;
	while (i < c->count && c->sets[i] != sets)
		i++;
	if (i == CLASSES)
		return CLASSES;
	if (i == c->count)
		c->sets[c->count++] = sets;
	return c->last = i;
}

static uint64_t
sets_of(const struct regex_parts *parts, uint32_t point)
{
	uint64_t sets = 0;

	for (unsigned i = 0; i < parts->sets; i++)
		sets |= (uint64_t)points_has(parts->set[i], point) << i;
	return sets;
}

/* True where all 64 characters of a word are in the same sets. */
static bool
is_even(const struct regex_parts *parts, size_t word)
{
	for (unsigned i = 0; i < parts->sets; i++)
		if (parts->set[i]->word[word] + 1 > 1)
			return false;
	return true;
}

static bool
classify(struct regex *r, const struct regex_parts *parts, struct classes *c)
{
	for (uint32_t word = 0; word < POINTS_WORDS; word++) {
		uint32_t step = is_even(parts, word) ? 64 : 1;

		for (uint32_t point = word * 64; point < (word + 1) * 64; point += step) {
			unsigned class = class_of_sets(c, sets_of(parts, point));

			if (class == CLASSES)
				return false;
			memset(&r->class[point], (int)class, step);
		}
	}
	return true;
}

/* The pattern over classes: each set is the classes whose characters are in it. */
static void
write_pattern(const struct regex_parts *parts, const struct classes *c, struct buf *out)
{
	struct slice text = buf_slice(&parts->text);

	for (size_t i = 0; i < text.len; i++) {
		unsigned set;
		bool any = false;

		if (text.ptr[i] != REGEX_MARK) {
			buf_add_byte(out, text.ptr[i]);
			continue;
		}
		set = (unsigned char)text.ptr[++i] - 2u;
		buf_add(out, SLICE("["));
		for (unsigned class = 0; class < c->count; class ++) {
			if (c->sets[class] >> set & 1) {
				buf_printf(out, "\\x%02x", class);
				any = true;
			}
		}
		/* what no character is in matches nothing */
		buf_add(out, any ? SLICE("]") : SLICE("^\\x00-\\xff]"));
	}
}

static bool
finish(struct regex *r, const struct regex_parts *parts, struct refusal *why)
{
	struct classes c = { .count = 0 };
	struct buf source = { 0 };
	const char *wrong;
	size_t where;

	if (!classify(r, parts, &c))
		return refuse(why, "the pattern tells more than 256 kinds of characters apart");
	write_pattern(parts, &c, &source);
	r->pattern = pattern_compile_bytes(buf_slice(&source), &wrong, &where);
	buf_free(&source);
	if (!r->pattern)
		return refuse(why, "the pattern: %s", wrong);
	return !pattern_matches_empty(r->pattern) ||
	       refuse(why, "the pattern matches where there is nothing");
}

static struct regex *
compile(bool parse(struct slice source, struct regex_parts *parts, struct refusal *why),
    struct slice source, struct refusal *why)
{
	struct regex_parts parts = { .sets = 0 };
	struct regex *r = mem_zero(sizeof *r);

	if (!parse(source, &parts, why) || !finish(r, &parts, why)) {
		regex_free(r);
		r = NULL;
	}
	regex_parts_free(&parts);
	return r;
}

struct regex *
regex_compile(struct slice source, struct refusal *why)
{
	return compile(regex_parse, source, why);
}

struct regex *
regex_literal(struct slice text, struct refusal *why)
{
	return compile(regex_parse_literal, text, why);
}

void
regex_free(struct regex *r)
{
	if (r)
		pattern_free(r->pattern);
	free(r);
}

void
regex_classes(const struct regex *r, struct slice text, struct buf *classes)
{
	char *out;

	buf_clear(classes);
	out = buf_room(classes, text.len);
	while (text.len) {
		unsigned char c = (unsigned char)text.ptr[0];

		if (c < 0x80) {
			*out++ = (char)r->class[c];
			text = slice_drop(text, 1);
		} else {
			*out++ = (char)r->class[unicode_next(&text)];
		}
	}
	classes->len = (size_t)(out - classes->data);
}

int64_t
regex_budget(size_t bytes)
{
	return UNITS_LEAST + UNITS_PER_BYTE * (int64_t)bytes;
}

bool
regex_next(const struct regex *r, struct slice classes, size_t from, int64_t *budget,
    size_t *start, size_t *end)
{
	struct slice at;

	switch (pattern_next(r->pattern, classes, from, budget, &at)) {
	case PATTERN_FOUND:
		*start = (size_t)(at.ptr - classes.ptr);
		*end = *start + at.len;
		return true;
	case PATTERN_MISSED: return false;
	default:
		diag_die(STATUS_FAILED,
		    "the pattern of the given tokenizer takes too long on this text");
	}
}
