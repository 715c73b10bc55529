/* SPDX-License-Identifier: MIT */
/* Wordy phrases, by the table in phrases.def. */
#include "text/plain.h"
#include "cmd/llm-compress/light/light.h"
#include "cmd/llm-compress/light/rewrite.h"
#include "cmd/llm-compress/light/spans.h"

#include <assert.h>

#define AGAIN 4 /* a phrase may come to stand where another one went */
/* Bytes around a place; the longest phrase is less than half of that. */
#define REACH 128

static const struct phrase {
	struct slice text, with;
} phrases[] = {
#define PHRASE(text, with) { { text, sizeof(text) - 1 }, { with, sizeof(with) - 1 } },
#include "cmd/llm-compress/light/phrases.def"
#undef PHRASE
};
#define PHRASES (sizeof(phrases) / sizeof(*phrases))

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '\'' || (unsigned char)c >= 0x80;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
begins_with(struct slice s, struct slice phrase)
{
	if (s.len < phrase.len)
		return false;
	for (size_t i = 0; i < phrase.len; i++)
		if (lower(s.ptr[i]) != phrase.ptr[i])
			return false;
	return s.len == phrase.len || !is_word(s.ptr[phrase.len]) ||
	       !is_word(phrase.ptr[phrase.len - 1]);
}

/* What is taken out goes with the blank behind it, and a small letter must follow: behind it
 * stands no name and no sign of its own. */
static bool
can_go(struct slice behind)
{
	return behind.len > 1 && behind.ptr[0] == ' ' && behind.ptr[1] >= 'a' &&
	       behind.ptr[1] <= 'z';
}

/* The phrases by their first letter, as the table is sorted; a hash table of their first four
 * characters, with which most words begin none; and their first eight. */
#define KEYS (1u << 9)
#define SIEVE (1u << 12)
static struct {
	bool ready;
	size_t first[27];
	struct {
		uint64_t eight, mask; /* of those that it has */
	} head[PHRASES];
	struct begin {
		uint32_t four;
		uint16_t from, to; /* the phrases; to 0: a free place */
	} begins[KEYS];
	uint64_t sieve[SIEVE / 64]; /* bits of the hashes of these characters */
} by_letter;

/* Four bytes; small and capital letters give the same. */
static uint32_t
four_of(const char *p)
{
	uint32_t four;

	memcpy(&four, p, sizeof(four));
	return four | UINT32_C(0x20202020);
}

/* Eight bytes in the same way. */
static uint64_t
eight_of(const char *p)
{
	uint64_t eight;

	memcpy(&eight, p, sizeof(eight));
	return eight | UINT64_C(0x2020202020202020);
}

static uint32_t
sieve_key(uint32_t four)
{
	return (four * UINT32_C(0x9E3779B1)) >> 20;
}

/* Where the phrases that begin so stand, or the place that is free for them. */
static struct begin *
begin_of(uint32_t four)
{
	size_t key = (four * UINT32_C(0x9E3779B1)) >> 23;

	while (by_letter.begins[key].to && by_letter.begins[key].four != four)
		key = (key + 1) % KEYS;
	return &by_letter.begins[key];
}

static void
make_ready(void)
{
	for (size_t letter = 0; letter < 27; letter++)
		while (by_letter.first[letter] < PHRASES &&
		       phrases[by_letter.first[letter]].text.ptr[0] < 'a' + (char)letter)
			by_letter.first[letter]++;
	for (size_t i = 0; i < PHRASES; i++) {
		struct slice text = phrases[i].text;
		uint32_t four = four_of(text.ptr);
		struct begin *b = begin_of(four);
		char head[8] = { 0 }, mask[8] = { 0 };

		assert(text.len < REACH / 2);
		memcpy(head, text.ptr, text.len < 8 ? text.len : 8);
		memset(mask, 0xFF, text.len < 8 ? text.len : 8);
		memcpy(&by_letter.head[i].mask, mask, 8);
		by_letter.head[i].eight = eight_of(head) & by_letter.head[i].mask;
		by_letter.sieve[sieve_key(four) / 64] |= UINT64_C(1) << sieve_key(four) % 64;
		*b = (struct begin){ four, b->to ? b->from : (uint16_t)i, (uint16_t)(i + 1) };
	}
	by_letter.ready = true;
}

/* The longest phrase that begins here; PHRASES if none does. */
static size_t
find(struct slice s)
{
	size_t best = PHRASES, from, to;
	char c = lower(s.ptr[0]);

	if (c < 'a' || c > 'z')
		return PHRASES;
	from = by_letter.first[c - 'a'];
	to = by_letter.first[c - 'a' + 1];
	for (size_t i = from; i < to; i++) {
		const struct phrase *p = &phrases[i];

		if (begins_with(s, p->text) &&
		    (p->with.len || can_go(slice_drop(s, p->text.len))) &&
		    (best == PHRASES || p->text.len > phrases[best].text.len))
			best = i;
	}
	return best;
}

/* Where phrases may begin; and where some were written. */
struct places {
	size_t *at;
	size_t count, room;
};

static void
add_place(struct places *p, size_t at, struct arena *a)
{
	p->at = arena_more(a, p->at, p->count, &p->room, sizeof(*p->at));
	p->at[p->count++] = at;
}

static inline find_mask
in_word(find_bytes x, find_bytes y)
{
	return plain_is_word(x, y) | (find_mask)(x >= FIND_ALL(0x80)) | FIND_IS(x, '_') |
	       FIND_IS(x, '-') | FIND_IS(x, '\'');
}

/* Begins of words at which the text says what a phrase says, whatever stands around it. */
static bool
may_begin(struct slice s)
{
	const struct begin *b = begin_of(s.len < 4 ? 0 : four_of(s.ptr));

	for (size_t i = b->from; i < b->to; i++) {
		struct slice phrase = phrases[i].text;
		size_t n = 0;

		if (s.len >= 8 &&
		    (eight_of(s.ptr) & by_letter.head[i].mask) != by_letter.head[i].eight)
			continue;
		while (n < phrase.len && n < s.len && lower(s.ptr[n]) == phrase.ptr[n])
			n++;
		if (n == phrase.len)
			return true;
	}
	return false;
}

/* Whether any phrase begins with the four characters, or others that look alike to the sieve. */
static inline bool
may_pass(const char *p)
{
	uint32_t key = sieve_key(four_of(p));

	return by_letter.sieve[key / 64] >> key % 64 & 1;
}

/* Adds the places from offset `from` on that lie before `to`. */
static void
places_read(struct places *out, struct slice text, size_t from, size_t to, struct arena *a)
{
	bool before = from && is_word(text.ptr[from - 1]);

	while (from < to) {
		struct plain_span s;
		uint64_t words, begins;
		size_t n = to - from < PLAIN_SPAN ? to - from : PLAIN_SPAN;

		plain_see(&s, slice_drop(text, from));
		words = plain_mask(&s, in_word);
		begins = words & ~(words << 1 | before) & plain_below((unsigned)n);
		before = words >> 63;
		for (; begins; begins &= begins - 1) {
			unsigned i = (unsigned)__builtin_ctzll(begins);

			if (may_pass(s.at + i) && may_begin(slice_drop(text, from + i)))
				add_place(out, from + i, a);
		}
		from += n;
	}
}

/* The places around those where the last pass wrote; NULL: all. */
static struct places
places_near(struct slice text, const struct places *written, struct arena *a)
{
	struct places out = { 0 };
	size_t done = 0;

	if (!written) {
		places_read(&out, text, 0, text.len, a);
		return out;
	}
	for (size_t i = 0; i < written->count; i++) {
		size_t at = written->at[i], from = at > done + REACH ? at - REACH : done;

		done = at + REACH < text.len ? at + REACH : text.len;
		places_read(&out, text, from, done, a);
	}
	return out;
}

static size_t
put(struct rewrite *r, struct slice text, struct slice at, const struct phrase *p,
    struct work *w)
{
	bool capital = is_upper(at.ptr[0]) && !is_upper(at.ptr[1]);
	struct slice with = p->with;
	size_t len = p->text.len;

	if (at.ptr[0] == 'I' && at.ptr[1] == ' ')
		capital = true;
	if (!with.len) {
		/* the letter behind it takes its capital */
		with = slice_of(at.ptr + len + 1, 1);
		len += 2;
	}
	if (capital) {
		char *copy = arena_alloc(w->arena, with.len);

		memcpy(copy, with.ptr, with.len);
		copy[0] = (char)(copy[0] - ('a' - 'A'));
		with = slice_of(copy, with.len);
	}
	rewrite_put(r, text, at.ptr, len, with);
	return len;
}

/* A capital of "I" tells nothing of the place in its sentence: what stands before does. */
static bool
begins_sentence(struct slice text, const char *at)
{
	while (at > text.ptr && (at[-1] == ' ' || at[-1] == '\t' || at[-1] == '*'))
		at--;
	return at == text.ptr || strchr(".!?:\n-", at[-1]);
}

/* The phrases of one span, whose places are those from *k on. */
static void
shorten_span(struct work *w, struct rewrite *r, struct slice text, struct slice span,
    const struct places *places, size_t *k, struct places *written, uint64_t counts[PHRASES])
{
	const char *end = span.ptr + span.len, *from = span.ptr;

	for (; *k < places->count && text.ptr + places->at[*k] < end; ++*k) {
		const char *at = text.ptr + places->at[*k];
		struct slice s = slice_of(at, (size_t)(end - at));
		size_t found;

		if (at < from)
			continue;
		found = find(s);
		if (found == PHRASES || (at[0] == 'I' && !begins_sentence(text, at)))
			continue;
		counts[found]++;
		s = slice_drop(s, put(r, text, s, &phrases[found], w));
		add_place(written, r->out.len, w->arena);
		while (s.len && is_word(s.ptr[0]))
			s = slice_drop(s, 1);
		from = s.ptr;
	}
}

/* before: where the last pass wrote, NULL for the first one. *tokens are those of text, then of
 * the new one. */
static struct slice
shorten(struct work *w, struct slice text, const struct places *before, struct places *written,
    uint64_t counts[PHRASES], uint64_t *tokens)
{
	struct places places = places_near(text, before, w->arena);
	struct rewrite r = { .arena = w->arena };
	struct slice old = text;
	struct spans spans;

	if (!places.count)
		return text;
	spans = spans_read(text, w->arena);
	for (size_t i = 0, k = 0; i < spans.count; i++)
		shorten_span(w, &r, text, spans.list[i].text, &places, &k, written, counts);
	text = rewrite_end(&r, text, w);
	*tokens = recount(w, old, *tokens, text, r.changes, r.count);
	return text;
}

static uint64_t
saving(const struct work *w, const struct phrase *p)
{
	uint64_t old = work_count(w, p->text), now = p->with.len ? work_count(w, p->with) : 0;

	return old > now ? old - now : 0;
}

static void
shorten_piece(struct work *w, struct piece *p)
{
	uint64_t counts[PHRASES] = { 0 };
	struct slice text = p->now;
	struct places written[AGAIN] = { { 0 } };
	uint64_t tokens = work_piece_tokens(w, p);

	for (int i = 0; i < AGAIN; i++) {
		text = shorten(
		    w, text, i ? &written[i - 1] : NULL, &written[i], counts, &tokens);
		if (!written[i].count)
			break;
	}
	if (!work_offer_counted(w, p, text, tokens))
		return;
	for (size_t i = 0; i < PHRASES; i++)
		if (counts[i])
			work_rule(
			    w, phrases[i].text, counts[i], counts[i] * saving(w, &phrases[i]));
}

void
phrases_run(struct work *w)
{
	if (!by_letter.ready)
		make_ready();
	for (size_t i = 0; i < w->count; i++)
		if (rewrite_may(w, &w->pieces[i]))
			shorten_piece(w, &w->pieces[i]);
}
