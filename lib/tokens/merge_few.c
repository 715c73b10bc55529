/* SPDX-License-Identifier: MIT */
#include "tokens/merge_few.h"

/* The pair of a symbol and the next: rank of what they merge to, and the place of the first in
 * the low bits, so that the least is the one to merge, and of equal ones the leftmost. */
#define PLACES 64
#define NO_PAIR UINT32_MAX
/* Stands before and behind the piece; merges with nothing. */
#define EDGE (VOCAB_MOST - 1)

/* No step below has a branch that depends on the text, which no predictor could know. */
struct symbols {
	const struct vocab *v;
	uint64_t alive; /* a bit for each place where a symbol stands, the edges among them */
	unsigned places;
	uint32_t id[PLACES];
	uint32_t pair[PLACES];
};

static inline uint32_t
pair_at(uint32_t id, unsigned at)
{
	/* VOCAB_NONE gives NO_PAIR */
	return id >= VOCAB_MOST ? NO_PAIR : id * PLACES + at;
}

static inline uint32_t
lower(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Places beyond the last hold NO_PAIR, up to a multiple of four. */
static inline uint32_t
least(const struct symbols *s)
{
	uint32_t a = NO_PAIR, b = NO_PAIR, c = NO_PAIR, d = NO_PAIR;

	for (unsigned i = 0; i < s->places; i += 4) {
		a = lower(a, s->pair[i]);
		b = lower(b, s->pair[i + 1]);
		c = lower(c, s->pair[i + 2]);
		d = lower(d, s->pair[i + 3]);
	}
	return lower(lower(a, b), lower(c, d));
}

/* Joins the symbol at this place and the next into id. */
static inline void
join(struct symbols *s, unsigned at, uint32_t id)
{
	uint64_t behind = s->alive & -((uint64_t)2 << at);
	uint64_t before = s->alive & (((uint64_t)1 << at) - 1);
	unsigned next = (unsigned)__builtin_ctzll(behind);
	unsigned last = 63 - (unsigned)__builtin_clzll(before);

	s->id[at] = id;
	s->alive ^= (uint64_t)1 << next;
	behind &= behind - 1;
	s->pair[next] = NO_PAIR;
	s->pair[at] = pair_at(vocab_pair(s->v, id, s->id[__builtin_ctzll(behind)]), at);
	s->pair[last] = pair_at(vocab_pair(s->v, s->id[last], id), last);
}

/* The symbols 1 to n are there; what each pair of them merges to is, too. */
static void
begin(struct symbols *s, unsigned n)
{
	s->id[0] = s->id[n + 1] = EDGE;
	s->alive = UINT64_MAX >> (62 - n);
	s->places = (n + 4) & ~3u;
	s->pair[0] = NO_PAIR;
	for (unsigned i = n; i < s->places; i++)
		s->pair[i] = NO_PAIR;
}

/* One merge; false if there is none. */
static inline bool
step(struct symbols *s)
{
	uint32_t low = least(s);

	if (low == NO_PAIR)
		return false;
	join(s, low % PLACES, low / PLACES);
	return true;
}

static uint32_t
tokens_of(const struct symbols *s, uint32_t *ids)
{
	uint32_t count = 0;

	for (uint64_t rest = s->alive & (s->alive - 1); rest & (rest - 1); rest &= rest - 1)
		ids[count++] = s->id[__builtin_ctzll(rest)];
	return count;
}

static void
begin_bytes(struct symbols *s, const struct vocab *v, struct slice piece)
{
	const unsigned char *p = (const unsigned char *)piece.ptr;
	unsigned n = (unsigned)piece.len;

	s->v = v;
	for (unsigned i = 0; i < n; i++)
		s->id[i + 1] = v->of_byte[p[i]];
	for (unsigned i = 0; i + 1 < n; i++)
		s->pair[i + 1] = pair_at(v->of_two[p[i] << 8 | p[i + 1]], i + 1);
	begin(s, n);
}

/* Adds the symbols of the character at p; returns its length. */
static unsigned
add_char(struct symbols *s, unsigned *n, const unsigned char *p)
{
	unsigned len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	uint32_t id = VOCAB_NONE;

	/* what follows ASCII mostly merges with it byte by byte, and so do letters of two bytes
	 */
	if (len == 3 && !(*n > 0 && p[-1] < 0x80))
		id = s->v->of_char[(p[0] & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f)];
	if (id != VOCAB_NONE) {
		s->id[++*n] = id;
		return len;
	}
	for (unsigned i = 0; i < len; i++)
		s->id[++*n] = s->v->of_byte[p[i]];
	return len;
}

/* False if there are too many. */
static bool
begin_chars(struct symbols *s, const struct vocab *v, struct slice piece)
{
	const unsigned char *p = (const unsigned char *)piece.ptr, *end = p + piece.len;
	unsigned n = 0;

	s->v = v;
	while (p < end) {
		if (n + 4 > FEW_MOST)
			return false;
		p += add_char(s, &n, p);
	}
	for (unsigned i = 1; i < n; i++)
		s->pair[i] = pair_at(vocab_pair(v, s->id[i], s->id[i + 1]), i);
	begin(s, n);
	return true;
}

/* Characters first is not the order of the definition; but where all neighbours stay, these are
 * the tokens. */
static uint32_t
tokens_of_chars(const struct symbols *s, uint32_t *ids)
{
	uint32_t count = tokens_of(s, ids);

	for (uint32_t i = 0; i + 1 < count; i++)
		if (!vocab_stays(s->v, ids[i], ids[i + 1]))
			return 0;
	return count;
}

uint32_t
merge_few(const struct vocab *v, struct slice piece, uint32_t *ids)
{
	struct symbols s;

	begin_bytes(&s, v, piece);
	while (step(&s))
		;
	return tokens_of(&s, ids);
}

/* Worth to begin with characters: it begins or ends with one of three bytes. */
static bool
is_high(struct slice piece)
{
	unsigned char last = (unsigned char)piece.ptr[piece.len - 1];

	return (unsigned char)piece.ptr[0] >= 0xe0 ||
	       (last >= 0x80 &&
		   (unsigned char)piece.ptr[piece.len > 2 ? piece.len - 3 : 0] >= 0xe0);
}

/* At most GROUP pieces, each one's symbols begun by its way. */
#define GROUP 10
enum way { WAY_NONE, WAY_BYTES, WAY_CHARS };

static enum way
begin_by(enum way way, struct symbols *s, const struct vocab *v, struct slice piece)
{
	if (way == WAY_CHARS && is_high(piece) && begin_chars(s, v, piece))
		return WAY_CHARS;
	if (piece.len > FEW_MOST)
		return WAY_NONE;
	begin_bytes(s, v, piece);
	return WAY_BYTES;
}

static void
merge_group(const struct vocab *v, enum way first, struct few *const *few, size_t count)
{
	struct symbols s[GROUP];
	enum way way[GROUP];
	uint8_t busy[GROUP], busies = 0;
	uint32_t ids[PLACES];

	for (size_t i = 0; i < count; i++) {
		way[i] = begin_by(first, &s[i], v, few[i]->piece);
		busy[busies] = (uint8_t)i;
		busies += way[i] != WAY_NONE;
	}
	while (busies > 0)
		for (size_t k = 0; k < busies; k++)
			if (!step(&s[busy[k]]))
				busy[k] = busy[--busies];
	for (size_t i = 0; i < count; i++) {
		few[i]->count = 0;
		if (way[i] == WAY_CHARS)
			few[i]->count = tokens_of_chars(&s[i], ids);
		else if (way[i] == WAY_BYTES)
			few[i]->count = (uint32_t)__builtin_popcountll(s[i].alive) - 2;
	}
}

void
merge_side_by_side(const struct vocab *v, struct few *few, size_t count)
{
	struct few *group[GROUP];
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		group[n++] = &few[i];
		if (n < GROUP && i + 1 < count)
			continue;
		merge_group(v, WAY_CHARS, group, n);
		n = 0;
	}
	for (size_t i = 0; i < count; i++) { /* what was not told by characters */
		if (!few[i].count && few[i].piece.len <= FEW_MOST)
			group[n++] = &few[i];
		if (n == GROUP || (n > 0 && i + 1 == count)) {
			merge_group(v, WAY_BYTES, group, n);
			n = 0;
		}
	}
}
