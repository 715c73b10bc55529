/* SPDX-License-Identifier: MIT */
/* Wordy phrases, by the table in phrases.def. */
#include "cmd/llm-compress/light/light.h"
#include "cmd/llm-compress/light/rewrite.h"
#include "cmd/llm-compress/light/spans.h"

#define AGAIN 4 /* a phrase may come to stand where another one went */

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

/* The longest phrase that begins here; PHRASES if none does. The table is sorted, so those with
 * one first letter stand together. */
static size_t
find(struct slice s)
{
	static size_t first[27];
	static bool ready;
	size_t best = PHRASES, from, to;
	char c = lower(s.ptr[0]);

	if (!ready) {
		for (size_t letter = 0; letter < 27; letter++)
			while (first[letter] < PHRASES &&
			       phrases[first[letter]].text.ptr[0] < 'a' + (char)letter)
				first[letter]++;
		ready = true;
	}
	if (c < 'a' || c > 'z')
		return PHRASES;
	from = first[c - 'a'];
	to = first[c - 'a' + 1];
	for (size_t i = from; i < to; i++) {
		const struct phrase *p = &phrases[i];

		if (begins_with(s, p->text) &&
		    (p->with.len || can_go(slice_drop(s, p->text.len))) &&
		    (best == PHRASES || p->text.len > phrases[best].text.len))
			best = i;
	}
	return best;
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

static struct slice
shorten(struct work *w, struct slice text, uint64_t counts[PHRASES])
{
	struct spans spans = spans_read(text, w->arena);
	struct rewrite r = { .any = false };

	for (size_t i = 0; i < spans.count; i++) {
		struct slice s = spans.list[i].text;

		while (s.len) {
			size_t found =
			    s.ptr > text.ptr && is_word(s.ptr[-1]) ? PHRASES : find(s);

			if (found < PHRASES &&
			    (s.ptr[0] != 'I' || begins_sentence(text, s.ptr))) {
				counts[found]++;
				s = slice_drop(s, put(&r, text, s, &phrases[found], w));
			}
			while (s.len && is_word(s.ptr[0]))
				s = slice_drop(s, 1);
			while (s.len && !is_word(s.ptr[0]))
				s = slice_drop(s, 1);
		}
	}
	return rewrite_end(&r, text, w);
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

	for (int i = 0; i < AGAIN; i++) {
		struct slice now = shorten(w, text, counts);

		if (slice_eq(now, text))
			break;
		text = now;
	}
	if (!work_offer(w, p, text))
		return;
	for (size_t i = 0; i < PHRASES; i++)
		if (counts[i])
			work_rule(
			    w, phrases[i].text, counts[i], counts[i] * saving(w, &phrases[i]));
}

void
phrases_run(struct work *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (rewrite_may(w, &w->pieces[i]))
			shorten_piece(w, &w->pieces[i]);
}
