/* SPDX-License-Identifier: MIT */
#include "tokens/path.h"

#define WINDOW_TARGET
#include "tokens/window.h"

#define EACH ((uint64_t)0x0101010101010101u)
#define TOPS (EACH * 0x80)

WINDOW_INLINE uint64_t
spread(uint64_t m, uint64_t begins)
{
	uint64_t to = 0;

	for (; m; begins &= begins - 1, m >>= 1)
		if (m & 1)
			to |= begins & -begins;
	return to;
}

/* The top bits of the bytes of word that lie between low and high, both below 0x80. */
static inline uint64_t
between(uint64_t word, unsigned char low, unsigned char high)
{
	uint64_t bits = word & ~TOPS;

	return (bits + EACH * (0x80u - low)) & ~(bits + EACH * (0x7fu - high)) & ~word & TOPS;
}

/* The top bits of the eight bytes, as the byte of number i. */
static inline uint64_t
gather(uint64_t tops, int i)
{
	return ((tops >> 7) * 0x0102040810204080u >> 56) << 8 * i;
}

/* Bit by bit, each character by its class. */
static void
load_any(struct window *w, place p, unsigned shown)
{
	uint64_t of[8] = { 0 };
	unsigned at = 0, class;
	size_t len;

	w->begins = w->newline = w->space = w->slash = w->quote = 0;
	for (w->count = 0; at < shown; at += (unsigned)len) {
		uint64_t bit = (uint64_t)1 << w->count;

		len = p[at] < 0x80 ? 1 : p[at] < 0xe0 ? 2 : p[at] < 0xf0 ? 3 : 4;
		if (at + len > shown) {
			w->end = false;
			break;
		}
		class = split_class(p + at, p + shown, &len);
		if (class == CLASS_NUMBER && len > 1)
			w->digits = 0;
		if (p[at] == '\n' || p[at] == '\r')
			w->newline |= bit;
		else
			of[class] |= bit;
		w->space |= bit * (p[at] == ' ');
		w->slash |= bit * (p[at] == '/');
		w->quote |= bit * (p[at] == '\'');
		w->begins |= (uint64_t)1 << at;
		w->count++;
	}
	if (at < 64)
		w->begins |= (uint64_t)1 << at;
	else
		w->end = false;
	w->upper = of[CLASS_UPPER];
	w->lower = of[CLASS_LOWER];
	w->caseless = of[CLASS_CASELESS];
	w->mark = of[CLASS_MARK];
	w->number = of[CLASS_NUMBER];
	w->blank = of[CLASS_BLANK];
}

WINDOW_INLINE void
window_load(struct window *w, const struct split_family *f, place p, place end)
{
	unsigned shown = end - p < 64 ? (unsigned)(end - p) : 64;
	unsigned char copy[64] = { 0 };
	place from = p;
	uint64_t word, high = 0;

	if (shown < 64)
		from = memcpy(copy, p, shown);
	*w = (struct window){ .begins = UINT64_MAX, .count = shown, .end = end - p <= 64 };
	for (int i = 0; i < 8; i++) {
		uint64_t letters, small;

		memcpy(&word, from + 8 * i, 8);
		high |= word;
		letters = between(word | EACH * 0x20, 'a', 'z');
		small = f->cased ? letters & word << 2 : letters;
		w->upper |= gather(letters & ~small, i);
		w->lower |= gather(small, i);
		w->number |= gather(between(word, '0', '9'), i);
		w->newline |= gather(between(word, '\n', '\n') | between(word, '\r', '\r'), i);
		w->space |= gather(between(word, ' ', ' '), i);
		w->blank |= gather(between(word, '\t', '\r'), i);
		if (f->slash)
			w->slash |= gather(between(word, '/', '/'), i);
		w->quote |= gather(between(word, '\'', '\''), i);
	}
	w->blank = (w->blank & ~w->newline) | w->space;
	w->digits = w->number;
	if (high & TOPS)
		load_any(w, p, shown);
}

WINDOW_INLINE void
places_store(uint32_t *to, uint32_t base, uint64_t m)
{
	for (; m; m &= m - 1)
		*to++ = base + lowest_bit(m);
}

WINDOW_INLINE unsigned
line_find(const struct table_line *line, const struct table_key *key)
{
	return table_line_find(line, *key);
}

#include "tokens/path_loops.h"

const struct path path_portable = { cut_o200k, cut_cl100k, cut_gpt2, cut_llama3, cut_qwen,
	cut_tekken, probe, NULL };
