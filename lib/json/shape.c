/* SPDX-License-Identifier: MIT */
#include "json/shape.h"

#include <stdlib.h>

#include "base/mem.h"
#include "json/bytes.h"
#include "json/scan_stages.h"

#define SHAPES 16          /* remembered at once; the oldest makes room */
#define SHAPE_ENTRIES 1024 /* a larger text is not remembered */
#define SHAPE_BYTES 65536  /* nor is a longer one */
/* Learning costs more than a walk. A text that is known earns the right to learn another; in a
 * log where no two lines are alike one in so many is still learnt. */
#define CREDIT 32
#define HOPE 64
/* A guess that fails costs more than one that is right saves where it fails late. */
#define TRUST 16
#define DISTRUST 4

/* A leaf is a string that is no member name, or a scalar. The bytes between two of them, with
 * the quotes of a string, are what texts of one shape have in common. If these are equal,
 * between the entries where they stand, so is all structure: a text leaves them in the state
 * that it enters them in, and between the quotes of a string is no entry. */
struct leaf {
	uint32_t entry;
	uint32_t start, length; /* of the bytes before it, in `common` */
	bool string;
};
struct shape {
	uint64_t number; /* 0: free */
	uint32_t count;  /* entries */
	uint32_t *mate;
	char *mark;
	uint32_t *behind;  /* by entry: so many bytes behind the end of the leaf before it */
	struct leaf *leaf; /* the last is the end of the text */
	size_t leaf_count;
	char *common;
	bool escapes;  /* in `common` */
	size_t follow; /* the shape that came after this one */
};
struct shapes {
	struct shape shape[SHAPES];
	size_t recent, oldest;
	unsigned credit, missed;
	int trust; /* in guesses: above 0 they are made */
};

struct shapes *
shapes_open(void)
{
	struct shapes *s = mem_zero(sizeof(*s));

	s->credit = CREDIT;
	return s;
}

/* Most scalars are a few digits. They are looked at eight at once, whatever their number, since
 * a loop over so few is always left where nothing foretells it. */
static inline bool
is_good(const char *text, const uint32_t *at)
{
	const char *p = text + at[0], *end = text + at[1];

	if (at[0] >= 8 && end - p <= 8 && (*p != '0' || end - p == 1) &&
	    bytes_digits(end, (size_t)(end - p)))
		return true;
	return scan_is_scalar(p, end);
}

static bool
is_like(const struct shape *s, const struct json *j)
{
	const char *text = j->text.ptr;
	uint32_t from = 0;

	for (const struct leaf *l = s->leaf, *end = l + s->leaf_count; l < end; l++) {
		uint32_t to = j->at[l->entry] + l->string;

		if (to - from != l->length ||
		    !bytes_same(text + from, s->common + l->start, l->length))
			return false;
		from = j->at[l->entry + 1];
		if (!l->string && l->entry < s->count && !is_good(text, j->at + l->entry))
			return false;
	}
	return true;
}

static bool
is_structural(char c)
{
	return c == ',' || c == ':' || c == '{' || c == '}' || c == '[' || c == ']';
}

/* The closing quote of the string that begins at p, all of it good; NULL if it is not. */
static const char *
string_end(const char *p, const char *end, bool *escapes)
{
	size_t n;

	for (;; p += n) {
		p = bytes_plain_end(p, end);
		if (p == end)
			return NULL;
		if (*p == '"')
			return p;
		n = bytes_character(p, (size_t)(end - p));
		if (*p == '\\') {
			n = bytes_escaped_length(p, end);
			*escapes = true;
		} else if (n < 2) {
			return NULL;
		}
		if (!n)
			return NULL;
	}
}

/* The next entry behind the scalar at p, which is good; NULL if it is not. It is likely to be
 * the mark `likely`, which is none of a scalar. */
static const char *
scalar_end(const char *p, const char *end, char likely)
{
	const char *next = p;

	if (end - p > 8)
		next += bytes_digit_run(p);
	while (next < end && (unsigned char)(*next - '0') < 10)
		next++;
	if (next < end && *next == likely && next > p && (*p != '0' || next == p + 1))
		return next;
	while (next < end && !is_structural(*next) && !bytes_blank(*next))
		next++;
	while (next < end && bytes_blank(*next))
		next++;
	return scan_is_scalar(p, next) ? next : NULL;
}

/* At least count entries, more where it is no multiple of eight. */
static inline void
shift(uint32_t *restrict to, const uint32_t *restrict from, uint32_t count, uint32_t by)
{
	for (const uint32_t *end = to + count; to < end; to += 8, from += 8)
		for (size_t i = 0; i < 8; i++)
			to[i] = from[i] + by;
}

/* The text from left to right: what is common, and what stands between. */
static bool
is_guessed(const struct shape *s, struct json *j)
{
	const char *text = j->text.ptr, *end = text + j->text.len, *from = text, *p;
	uint32_t entry = 0;

	for (const struct leaf *l = s->leaf, *last = l + s->leaf_count; l < last; l++) {
		uint32_t at = (uint32_t)(from - text);

		if ((size_t)(end - from) < l->length ||
		    !bytes_same(from, s->common + l->start, l->length))
			return false;
		shift(j->at + entry, s->behind + entry, l->entry + 1 - entry, at);
		entry = l->entry + 1;
		p = from + l->length;
		if (l->entry == s->count)
			return p == end;
		if (l->string) {
			from = string_end(p, end, &j->escapes);
		} else if ((from = scalar_end(p, end, s->common[l[1].start]))) {
			j->mark[l->entry] = *p;
		}
		if (!from)
			return false;
	}
	return false;
}

bool
shapes_guess(struct shapes *s, struct json *j)
{
	size_t at = s->shape[s->recent].follow;
	const struct shape *shape = &s->shape[at];

	if (s->trust <= 0 || !shape->number)
		return false;
	scan_room(j, shape->count);
	memcpy(j->mark, shape->mark, shape->count + 4);
	j->escapes = shape->escapes;
	if (!is_guessed(shape, j)) {
		s->trust -= DISTRUST;
		return false;
	}
	s->trust += s->trust < TRUST;
	s->recent = at;
	s->credit += s->credit < CREDIT;
	j->count = shape->count;
	for (size_t i = 0; i < 4; i++)
		j->at[j->count + i] = (uint32_t)j->text.len;
	memcpy(j->mate, shape->mate, j->count * sizeof(*j->mate));
	j->shape = shape->number;
	return true;
}

/* Texts come in turns: what came after this one once is expected again. */
static void
note_turn(struct shapes *s, size_t at)
{
	if (s->shape[s->recent].follow == at)
		s->trust += s->trust < TRUST;
	s->shape[s->recent].follow = at;
	s->recent = at;
}

bool
shapes_match(struct shapes *s, struct json *j)
{
	for (size_t i = 0; i < SHAPES; i++) {
		size_t at = (s->recent + i) % SHAPES;
		const struct shape *shape = &s->shape[at];

		if (shape->count != j->count || !is_like(shape, j))
			continue;
		note_turn(s, at);
		s->credit += s->credit < CREDIT;
		memcpy(j->mate, shape->mate, j->count * sizeof(*j->mate));
		j->shape = shape->number;
		return true;
	}
	return false;
}

static void
shape_clear(struct shape *s)
{
	free(s->mate);
	free(s->mark);
	free(s->behind);
	free(s->leaf);
	free(s->common);
	*s = (struct shape){ 0 };
}

/* The leaf at an entry or behind it; j->count if none is left. */
static uint32_t
next_leaf(const struct json *j, uint32_t i)
{
	while (is_structural(j->mark[i]) || (j->mark[i] == '"' && j->mark[i + 2] == ':'))
		i += j->mark[i] == '"' ? 2 : 1;
	return i;
}

/* The leaves of the text, and the bytes before each. */
static void
learn_leaves(struct shape *s, const struct json *j)
{
	uint32_t from = 0, length = 0, entry = 0;

	s->leaf = mem_alloc((j->count + 1) * sizeof(*s->leaf));
	s->behind = mem_zero((j->count + 9) * sizeof(*s->behind));
	s->common = mem_zero(j->text.len + 1);
	for (uint32_t i = next_leaf(j, 0);; i = next_leaf(j, i)) {
		bool string = j->mark[i] == '"';
		uint32_t to = j->at[i] + string;

		memcpy(s->common + length, j->text.ptr + from, to - from);
		s->leaf[s->leaf_count++] = (struct leaf){ i, length, to - from, string };
		for (; entry <= i; entry++)
			s->behind[entry] = j->at[entry] - from;
		length += to - from;
		if (i == j->count)
			break;
		from = j->at[i + 1];
		i += string ? 2 : 1;
	}
	s->escapes = memchr(s->common, '\\', length) != NULL;
}

void
shapes_learn(struct shapes *s, struct json *j)
{
	static uint64_t last;
	struct shape *shape = &s->shape[s->oldest];

	if (j->count > SHAPE_ENTRIES || j->text.len > SHAPE_BYTES ||
	    (!s->credit && ++s->missed % HOPE))
		return;
	s->credit -= s->credit > 0;
	shape_clear(shape);
	shape->number = ++last;
	shape->count = j->count;
	learn_leaves(shape, j);
	shape->mate = mem_alloc(j->count * sizeof(*shape->mate));
	memcpy(shape->mate, j->mate, j->count * sizeof(*shape->mate));
	shape->mark = mem_alloc(j->count + 4);
	memcpy(shape->mark, j->mark, j->count + 4);
	j->shape = shape->number;
	shape->follow = s->oldest;
	note_turn(s, s->oldest);
	s->oldest = (s->oldest + 1) % SHAPES;
}

void
shapes_free(struct shapes *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < SHAPES; i++)
		shape_clear(&s->shape[i]);
	free(s);
}
