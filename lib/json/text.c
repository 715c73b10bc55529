/* SPDX-License-Identifier: MIT */
#include "json/text.h"

#include "json/bytes.h"

/* The four hexadecimal digits at p, which the scan has checked. */
static uint32_t
hex4(const char *p)
{
	uint32_t c = 0;

	for (int i = 0; i < 4; i++)
		c = c << 4 | (uint32_t)bytes_hex(p[i]);
	return c;
}

static uint32_t
take_escape(struct slice *raw)
{
	char plain = bytes_escaped(raw->ptr[1]);
	uint32_t high, low;

	if (plain) {
		*raw = slice_drop(*raw, 2);
		return (unsigned char)plain;
	}
	high = hex4(raw->ptr + 2);
	*raw = slice_drop(*raw, 6);
	if (high >> 10 != 0xD800 >> 10 || raw->len < 6 || raw->ptr[0] != '\\' ||
	    raw->ptr[1] != 'u')
		return high;
	low = hex4(raw->ptr + 2);
	if (low >> 10 != 0xDC00 >> 10)
		return high;
	*raw = slice_drop(*raw, 6);
	return 0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF);
}

static uint32_t
take_utf8(struct slice *raw)
{
	const unsigned char *p = (const unsigned char *)raw->ptr;
	size_t n = *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : 4;
	uint32_t c = *p & (0x7Fu >> n);

	for (size_t i = 1; i < n; i++)
		c = c << 6 | (p[i] & 0x3F);
	*raw = slice_drop(*raw, n);
	return c;
}

uint32_t
text_take(struct slice *raw)
{
	unsigned char c = (unsigned char)raw->ptr[0];

	if (c == '\\')
		return take_escape(raw);
	if (c >= 0x80)
		return take_utf8(raw);
	*raw = slice_drop(*raw, 1);
	return c;
}

bool
text_equals(struct slice raw, struct slice plain)
{
	char bytes[4];
	size_t n;

	while (raw.len) {
		if (raw.ptr[0] != '\\') {
			if (!plain.len || raw.ptr[0] != plain.ptr[0])
				return false;
			raw = slice_drop(raw, 1);
			plain = slice_drop(plain, 1);
			continue;
		}
		n = bytes_encode(take_escape(&raw), bytes);
		if (!slice_starts(plain, slice_of(bytes, n)))
			return false;
		plain = slice_drop(plain, n);
	}
	return plain.len == 0;
}

size_t
text_wtf8(struct slice raw, char *to)
{
	char *start = to;

	while (raw.len) {
		size_t run = slice_find(raw, '\\');

		if (run)
			memcpy(to, raw.ptr, run);
		to += run;
		raw = slice_drop(raw, run);
		if (raw.len)
			to += bytes_encode(take_escape(&raw), to);
	}
	return (size_t)(to - start);
}
