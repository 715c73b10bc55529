/* SPDX-License-Identifier: MIT */
#include "text/unicode.h"
#include "tokens/before.h"

/* Characters that have a combining class or compose since a later version than Unicode 9.0, on
 * which PyPI tokenizers 0.23.3 is (crate unicode-normalization-alignments 0.1.12). To it they
 * are starters that compose with nothing, so text can be cut before and behind them. Compared
 * over all code points by scripts/check-tokenizers. */
static const uint32_t later[][2] = { { 0x07fd, 0x07fd }, { 0x0897, 0x089f }, { 0x08ca, 0x08d3 },
	{ 0x09fe, 0x09fe }, { 0x0c3c, 0x0c3c }, { 0x0d3b, 0x0d3c }, { 0x0eba, 0x0eba },
	{ 0x1715, 0x1715 }, { 0x1abf, 0x1ace }, { 0x1df6, 0x1dfa }, { 0xa82c, 0xa82c },
	{ 0x105c9, 0x105c9 }, { 0x105d2, 0x105d2 }, { 0x105da, 0x105da }, { 0x105e4, 0x105e4 },
	{ 0x10d24, 0x10d27 }, { 0x10d69, 0x10d6d }, { 0x10eab, 0x10eac }, { 0x10efd, 0x10eff },
	{ 0x10f46, 0x10f50 }, { 0x10f82, 0x10f85 }, { 0x11070, 0x11070 }, { 0x1133b, 0x1133b },
	{ 0x11382, 0x11385 }, { 0x1138b, 0x1138b }, { 0x1138e, 0x1138e }, { 0x11390, 0x11391 },
	{ 0x113c2, 0x113c2 }, { 0x113c5, 0x113c5 }, { 0x113c7, 0x113c8 }, { 0x113ce, 0x113d0 },
	{ 0x1145e, 0x1145e }, { 0x11839, 0x1183a }, { 0x11935, 0x11935 }, { 0x11938, 0x11938 },
	{ 0x1193d, 0x1193e }, { 0x11943, 0x11943 }, { 0x119e0, 0x119e0 }, { 0x11a34, 0x11a34 },
	{ 0x11a47, 0x11a47 }, { 0x11a99, 0x11a99 }, { 0x11d42, 0x11d42 }, { 0x11d44, 0x11d45 },
	{ 0x11d97, 0x11d97 }, { 0x11f41, 0x11f42 }, { 0x1611e, 0x1611e }, { 0x16121, 0x16129 },
	{ 0x1612f, 0x1612f }, { 0x16d63, 0x16d63 }, { 0x16d67, 0x16d6a }, { 0x16ff0, 0x16ff1 },
	{ 0x1e08f, 0x1e08f }, { 0x1e130, 0x1e136 }, { 0x1e2ae, 0x1e2ae }, { 0x1e2ec, 0x1e2ef },
	{ 0x1e4ec, 0x1e4ef }, { 0x1e5ee, 0x1e5ef } };

static bool
is_later(uint32_t c)
{
	size_t low = 0, high = sizeof later / sizeof *later;

	if (c < later[0][0])
		return false;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (later[middle][0] <= c)
			low = middle;
		else
			high = middle;
	}
	return c <= later[low][1];
}

/* Characters that nothing before them composes with, and that many texts have: there a text is
 * cut, so that one is composed in small parts. */
static bool
begins_anew(uint32_t c)
{
	return c < 0x300 || (c >= 0x3041 && c <= 0x3096) || (c >= 0x30a1 && c <= 0x30fa) ||
	       (c >= 0x4e00 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3);
}

static void
compose_part(struct slice part, struct arena *a, struct buf *out)
{
	if (!part.len)
		return;
	buf_add(out, unicode_nfc(part, a));
	arena_reset(a);
}

void
compose(struct slice text, struct arena *a, struct buf *out)
{
	struct slice rest = text, part = slice_take(text, 0);

	while (rest.len) {
		struct slice here = rest;
		uint32_t c = unicode_next(&rest);

		if (is_later(c)) {
			compose_part(part, a, out);
			buf_add(out, slice_take(here, here.len - rest.len));
			part = slice_take(rest, 0);
			continue;
		}
		if (begins_anew(c)) {
			compose_part(part, a, out);
			part = slice_take(here, 0);
		}
		part.len += here.len - rest.len;
	}
	compose_part(part, a, out);
}
