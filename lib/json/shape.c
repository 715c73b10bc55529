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
	struct leaf *leaf; /* the last is the end of the text */
	size_t leaf_count;
	char *common;
};
struct shapes {
	struct shape shape[SHAPES];
	size_t recent, oldest;
	unsigned credit, missed;
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

bool
shapes_match(struct shapes *s, struct json *j)
{
	for (size_t i = 0; i < SHAPES; i++) {
		size_t at = (s->recent + i) % SHAPES;
		const struct shape *shape = &s->shape[at];

		if (shape->count != j->count || !is_like(shape, j))
			continue;
		s->recent = at;
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
	free(s->leaf);
	free(s->common);
	*s = (struct shape){ 0 };
}

static bool
is_structural(char c)
{
	return c == ',' || c == ':' || c == '{' || c == '}' || c == '[' || c == ']';
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
	uint32_t from = 0, length = 0;

	s->leaf = mem_alloc((j->count + 1) * sizeof(*s->leaf));
	s->common = mem_alloc(j->text.len + 1);
	for (uint32_t i = next_leaf(j, 0);; i = next_leaf(j, i)) {
		bool string = j->mark[i] == '"';
		uint32_t to = j->at[i] + string;

		memcpy(s->common + length, j->text.ptr + from, to - from);
		s->leaf[s->leaf_count++] = (struct leaf){ i, length, to - from, string };
		length += to - from;
		if (i == j->count)
			return;
		from = j->at[i + 1];
		i += string ? 2 : 1;
	}
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
	j->shape = shape->number;
	s->recent = s->oldest;
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
