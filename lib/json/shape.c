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
	uint32_t entry, entries; /* entries: since the leaf before it, its own included */
	uint32_t start, length;  /* of the bytes before it, in `common` */
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

/* So many entries, at least one, stand so far behind `by`; a few more are written. */
static inline void
shift(uint32_t *restrict at, const uint32_t *restrict behind, size_t count, uint32_t by)
{
	size_t i = 0;

	do {
		for (size_t k = 0; k < 8; k++)
			at[i + k] = behind[i + k] + by;
		i += 8;
	} while (i < count);
}

/* What the leaf at the head of the text must have before it, then the leaf itself: the next
 * entry, or NULL if the text is another one there. */
static const char *
pass(const struct leaf *l, const char *common, const char *p, const char *end, bool *escapes)
{
	if ((size_t)(end - p) < l->length || !bytes_same(p, common, l->length))
		return NULL;
	p += l->length;
	return l->string ? string_end(p, end, escapes) : scalar_end(p, end, common[l->length]);
}

/* The same for nearly all leaves, which are plain; NULL tells nothing. Up to room may be read.
 */
static inline const char *
pass_plain(
    const struct leaf *l, const char *common, const char *p, const char *end, const char *room)
{
#ifdef __SSE2__
	size_t n = l->length;
	char likely = common[n];

	if ((size_t)(room - p) < n + 16)
		return NULL;
	for (; n > 16; n -= 16, p += 16, common += 16)
		if (bytes_differ_16(p, common))
			return NULL;
	/* behind common lies room for as many bytes */
	if (bytes_differ_16(p, common) << (16 - n) & 0xFFFF)
		return NULL;
	p += n;
	if (l->string) {
		p = bytes_plain_end(p, room);
		return p < end && *p == '"' ? p : NULL;
	}
	n = bytes_digit_run_16(p);
	return n && p + n < end && p[n] == likely && (n == 1 || *p != '0') ? p + n : NULL;
#else
	(void)l, (void)common, (void)p, (void)end, (void)room;
	return NULL;
#endif
}

/* The text from left to right: what is common, and what stands between. */
static bool
is_guessed(const struct shape *s, struct json *j)
{
	const char *text = j->text.ptr, *end = text + j->text.len, *p = text, *next;
	const char *common = s->common, *room = end + j->behind;
	const struct leaf *l = s->leaf, *last = l + s->leaf_count - 1;
	const uint32_t *behind = s->behind;
	uint32_t *at = j->at;
	char *mark = j->mark;

	for (; l < last; l++) {
		next = pass_plain(l, common, p, end, room);
		if (!next && !(next = pass(l, common, p, end, &j->escapes)))
			return false;
		shift(at, behind, l->entries, (uint32_t)(p - text));
		at += l->entries;
		behind += l->entries;
		if (!l->string)
			mark[l->entry] = p[l->length];
		common += l->length;
		p = next;
	}
	shift(at, behind, l->entries, (uint32_t)(p - text));
	return (size_t)(end - p) == l->length && bytes_same(p, common, l->length);
}

bool
shapes_guess(struct shapes *s, struct json *j)
{
	size_t at = s->shape[s->recent].follow;
	const struct shape *shape = &s->shape[at];

	if (s->trust <= 0 || !shape->number)
		return false;
	scan_room(j, shape->count);
	if (j->indexed != shape->number) {
		memcpy(j->mark, shape->mark, shape->count + 4);
		memcpy(j->mate, shape->mate, shape->count * sizeof(*j->mate));
		j->indexed = shape->number;
	}
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

		if (!shape->number || shape->count != j->count || !is_like(shape, j))
			continue;
		note_turn(s, at);
		s->credit += s->credit < CREDIT;
		memcpy(j->mate, shape->mate, j->count * sizeof(*j->mate));
		j->shape = j->indexed = shape->number;
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
	s->common = mem_zero(j->text.len + 16);
	for (uint32_t i = next_leaf(j, 0);; i = next_leaf(j, i)) {
		bool string = j->mark[i] == '"';
		uint32_t to = j->at[i] + string;

		memcpy(s->common + length, j->text.ptr + from, to - from);
		s->leaf[s->leaf_count++] =
		    (struct leaf){ i, i + 1 - entry, length, to - from, string };
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
	j->shape = j->indexed = shape->number;
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
