/* SPDX-License-Identifier: MIT */
/* What the two x86 paths share: windows with characters that are not ASCII. */
#include "tokens/window.h"

WINDOW_INLINE uint64_t
spread(uint64_t m, uint64_t begins)
{
	return _pdep_u64(m, begins);
}

/* Completes a window of which the masks tell the ASCII bytes, as bytes. high: the others;
 * continued: those of them that begin no character; shown: the bytes of the window. */
WINDOW_INLINE void
window_high(struct window *w, place p, uint64_t high, uint64_t continued, unsigned shown)
{
	uint64_t of[8] = { 0 }, last = 0, lead = high & ~continued;
	unsigned at = 0, len = 1;

	do {
		place q = p + (at = lowest_bit(lead));
		uint32_t point;

		last = lead & -lead;
		lead ^= last;
		if (q[0] < 0xe0) {
			len = 2;
			point = (uint32_t)(q[0] & 0x1f) << 6 | (q[1] & 0x3f);
		} else if (q[0] < 0xf0) {
			len = 3;
			point = (uint32_t)(q[0] & 0x0f) << 12 | (uint32_t)(q[1] & 0x3f) << 6 |
				(q[2] & 0x3f);
		} else {
			len = 4;
			point = (uint32_t)(q[0] & 0x07) << 18 | (uint32_t)(q[1] & 0x3f) << 12 |
				(uint32_t)(q[2] & 0x3f) << 6 | (q[3] & 0x3f);
		}
		of[class_of(point)] |= last;
	} while (lead);
	w->begins = ~continued & low_bits(shown);
	if (at + len > shown) { /* its end is not shown, and what follows is not known */
		w->begins &= low_bits(at);
		w->end = false;
	}
	w->count = (unsigned)__builtin_popcountll(w->begins);
	w->upper = _pext_u64(w->upper | of[CLASS_UPPER], w->begins);
	w->lower = _pext_u64(w->lower | of[CLASS_LOWER], w->begins);
	w->caseless = _pext_u64(of[CLASS_CASELESS], w->begins);
	w->mark = _pext_u64(of[CLASS_MARK], w->begins);
	w->digits = of[CLASS_NUMBER] ? 0 : w->digits;
	w->number = _pext_u64(w->number | of[CLASS_NUMBER], w->begins);
	w->blank = _pext_u64(w->blank | of[CLASS_BLANK], w->begins);
	w->newline = _pext_u64(w->newline, w->begins);
	w->space = _pext_u64(w->space, w->begins);
	w->slash = _pext_u64(w->slash, w->begins);
	w->quote = _pext_u64(w->quote, w->begins);
	/* the end of the last character, for a cut there */
	if (w->count < 64) {
		unsigned behind = at + len > shown ? at : shown;

		if (behind < 64)
			w->begins |= (uint64_t)1 << behind;
		else
			w->end = false;
	}
}
