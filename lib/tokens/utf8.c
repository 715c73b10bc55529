/* SPDX-License-Identifier: MIT */
#include "tokens/utf8.h"

/* Length of the sequence at p: *valid, or else the maximal subpart that is replaced. */
static size_t
sequence(const unsigned char *p, size_t room, bool *valid)
{
	unsigned char low = 0x80, high = 0xbf; /* of the second byte (table 3-7) */
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	*valid = false;
	if ((p[0] >= 0x80 && p[0] < 0xc2) || p[0] > 0xf4)
		return 1;
	if (p[0] == 0xe0)
		low = 0xa0;
	if (p[0] == 0xed)
		high = 0x9f;
	if (p[0] == 0xf0)
		low = 0x90;
	if (p[0] == 0xf4)
		high = 0x8f;
	for (size_t i = 1; i < len; i++) {
		if (i == room || p[i] < low || p[i] > high)
			return i;
		low = 0x80;
		high = 0xbf;
	}
	*valid = true;
	return len;
}

size_t
utf8_valid(struct slice text)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	size_t at = 0;
	uint64_t word;
	bool valid;

	while (at < text.len) {
		while (text.len - at >= 8) {
			memcpy(&word, p + at, 8);
			if (word & 0x8080808080808080u)
				break;
			at += 8;
		}
		if (at < text.len) {
			size_t len = sequence(p + at, text.len - at, &valid);

			if (!valid)
				return at;
			at += len;
		}
	}
	return at;
}

void
utf8_lossy(struct slice text, struct buf *out)
{
	for (;;) {
		size_t len = utf8_valid(text);
		bool valid;

		buf_add(out, slice_take(text, len));
		text = slice_drop(text, len);
		if (!text.len)
			return;
		len = sequence((const unsigned char *)text.ptr, text.len, &valid);
		buf_add(out, SLICE("\xef\xbf\xbd"));
		text = slice_drop(text, len);
	}
}
