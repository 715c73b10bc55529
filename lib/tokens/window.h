/* SPDX-License-Identifier: MIT */
/* A piece of text as sets of characters, and where a pattern cuts it.
 *
 * A window begins where a piece begins and shows at most 64 bytes. Bit i is its i-th character:
 * of ASCII, byte; else the bits of the bytes that begin a character were moved together. What
 * follows the window is not known unless it shows the end of the text, so only those cuts are
 * told that stand whatever follows; the next window begins at the last of them. Nothing is
 * carried from one window to the next. */
#ifndef TOKENS_WINDOW_H
#define TOKENS_WINDOW_H

#include "tokens/split_family.h"

struct window {
	uint64_t upper, lower, caseless, mark, number; /* as enum char_class */
	uint64_t blank;                                /* all but CR and LF */
	uint64_t newline, space, slash, quote;         /* CR and LF; U+0020 / ' */
	uint64_t digits; /* bytes 0 to 9, of ASCII or not; none beside numbers of other kinds */
	uint64_t begins; /* the bytes that begin a character, and that behind the last; all if
			    it is ASCII */
	unsigned count;  /* characters */
	bool end;        /* the text ends behind them */
};

/* WINDOW_TARGET is what the including file is compiled for. */
#define WINDOW_INLINE static inline __attribute__((always_inline)) WINDOW_TARGET

/* The lowest n bits, n up to 64. */
WINDOW_INLINE uint64_t
low_bits(unsigned n)
{
	return n >= 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1;
}

WINDOW_INLINE unsigned
lowest_bit(uint64_t m)
{
	return (unsigned)__builtin_ctzll(m);
}

/* Those bits of through that a run from a bit of seed, which is part of it, reaches upwards. */
WINDOW_INLINE uint64_t
flood(uint64_t seed, uint64_t through)
{
	return (((seed + through) ^ through) | seed) & through;
}

/* The i-th bit of m goes to where begins has its i-th bit. Each path has its own. */
WINDOW_INLINE uint64_t spread(uint64_t m, uint64_t begins);

/* What follows from the masks on the way to the cuts. */
struct cutting {
	uint64_t word;  /* letters, and the marks behind them where words hold marks */
	uint64_t taken; /* by contractions */
	uint64_t cuts;
	unsigned count;
	bool end;
};

/* From here on nothing is known: the pattern does what only the exact routine settles. */
WINDOW_INLINE void
forget_from(struct cutting *c, uint64_t trouble)
{
	uint64_t known = low_bits(c->count) & trouble;

	if (known) {
		c->count = lowest_bit(known);
		c->end = false;
	}
}

/* A mark that follows no letter may lead a word, or be one, or be punctuation; a capital and a
 * letter without case in one word may be cut anywhere. */
WINDOW_INLINE void
join_words(const struct split_family *f, const struct window *w, struct cutting *c)
{
	uint64_t joined;

	c->word = w->upper | w->lower | w->caseless;
	if (!f->cased || !(w->mark | w->caseless))
		return;
	joined = flood(c->word << 1 & w->mark, w->mark);
	forget_from(c, w->mark & ~joined);
	c->word |= joined;
	joined |= w->caseless;
	forget_from(
	    c, (flood(joined, c->word) & w->upper) | (flood(w->upper, c->word) & joined));
}

WINDOW_INLINE void
take_contractions(
    const struct split_family *f, const struct window *w, struct cutting *c, place p, place end)
{
	uint64_t other, quotes = w->quote & low_bits(c->count);
	bool follows = f->contraction == CONTRACTION_FOLLOWS;

	if (f->contraction == CONTRACTION_NONE || !quotes)
		return;
	other = ~(c->word | w->number | w->blank | w->newline) | w->space;
	for (quotes &= follows ? c->word << 1 : ~(other << 1); quotes;) {
		unsigned at = lowest_bit(quotes), bytes, len;
		place q;

		quotes &= quotes - 1;
		if (at + 2 >= c->count && !c->end) {
			c->count = follows ? at : at + 1;
			return;
		}
		q = p + lowest_bit(spread((uint64_t)1 << at, w->begins));
		bytes = (unsigned)split_contraction(f, q, end);
		if (!bytes)
			continue;
		len = q[1] < 0x80 ? bytes : 2;
		c->taken |= low_bits(len) << at;
		c->cuts |= (uint64_t)!follows << at | (uint64_t)2 << (at + len - 1);
		if (follows)
			quotes &= ~((uint64_t)1 << at << len); /* no word ends there */
	}
}

WINDOW_INLINE uint64_t
cut_numbers(const struct split_family *f, uint64_t number)
{
	uint64_t cuts = number & ~(number << 1), more = cuts;

	if (f->digits == 1)
		return number;
	if (f->digits == 0)
		return cuts;
	while ((more = more << 3 & number & number << 1 & number << 2))
		cuts |= more;
	return cuts;
}

/* Behind the last newline of a run of blanks. */
WINDOW_INLINE uint64_t
cut_newlines(uint64_t blank, uint64_t newline)
{
	uint64_t from = blank & newline << 1;
	uint64_t behind = (blank + from) & ~blank; /* what ends the blanks that begin there */

	if (!(behind & newline))
		return from;
	for (uint64_t rest = from; rest; rest &= rest - 1) {
		uint64_t one = rest & -rest;

		if (((blank + one) & ~blank & newline) != 0)
			from &= ~one;
	}
	return from;
}

/* The cuts of a window that begins at p, of a text that ends at end: bit i means that a piece
 * ends before the i-th character. None may be sure; bit 0 is never set. */
WINDOW_INLINE uint64_t
window_cuts(const struct split_family *f, const struct window *w, place p, place end)
{
	struct cutting c = { .count = w->count, .end = w->end };
	uint64_t known, word, number, blank, newline, other, tail = 0, run, starts, lead, cuts;

	join_words(f, w, &c);
	take_contractions(f, w, &c, p, end);
	known = low_bits(c.count);
	word = c.word & known & ~c.taken;
	number = w->number & known;
	blank = w->blank & known;
	newline = w->newline & known;
	other = known & ~(word | number | blank | newline | c.taken);
	cuts = c.cuts | cut_numbers(f, number);

	if (!f->spaced) {
		tail = flood(newline & other << 1, newline | (f->slash ? w->slash & other : 0));
		other &= ~tail;
		cuts |= tail << 1 & ~tail;
	}
	run = (blank | newline) & ~tail;

	starts = word & ~(word << 1);
	lead = starts >> 1;
	if (f->spaced)
		lead &= w->space;
	else
		lead &= blank | (other & ~((other | w->space) << 1));
	cuts |= lead | (starts & ~(lead << 1));
	if (f->cased)
		cuts |= w->upper & word & (w->lower & word) << 1;

	starts = other & ~(other << 1);
	if (f->spaced) {
		uint64_t numbers = number & ~(number << 1);

		cuts &= ~(numbers & w->space << 1);
		starts |= numbers;
	}
	cuts |= (starts & ~(w->space << 1)) | (starts >> 1 & w->space);

	cuts |= run & ~(run << 1);
	if (!f->spaced)
		cuts |= cut_newlines(blank, newline & ~tail);
	cuts |= run & ~(run >> 1) & (f->spaced ? run : blank) & known >> 1;

	/* of blanks that may go on only the beginning is sure */
	if (run & ~(known >> 1) && (!c.end || f->whole_at_end)) {
		uint64_t before = known & ~run;

		cuts &= before ? low_bits(65 - (unsigned)__builtin_clzll(before)) : 0;
	}
	cuts &= known & ~(uint64_t)1;
	if (c.end && c.count < 64)
		cuts |= (uint64_t)1 << c.count;
	return cuts;
}

#endif
