/* SPDX-License-Identifier: MIT */
#include "json/bytes.h"
#include "json/canon_parts.h"
#include "json/text.h"

/* RFC 8785 section 3.2.2.2; c stood as an escape. */
static void
add_character(struct buf *out, uint32_t c)
{
	static const char plain[] = "bfnrt\"\\", meant[] = "\b\f\n\r\t\"\\";
	const char *found = c && c < 0x80 ? strchr(meant, (int)c) : NULL;
	char bytes[4];

	if (found) {
		buf_add_byte(out, '\\');
		buf_add_byte(out, plain[found - meant]);
	} else if (c < 0x20 || c >> 11 == 0xD800 >> 11) {
		buf_printf(out, "\\u%04x", (unsigned)c);
	} else {
		buf_add(out, slice_of(bytes, bytes_encode(c, bytes)));
	}
}

void
canon_string(struct slice raw, struct buf *out)
{
	buf_add_byte(out, '"');
	for (;;) {
		size_t run = slice_find(raw, '\\');

		buf_add(out, slice_take(raw, run));
		raw = slice_drop(raw, run);
		if (!raw.len)
			break;
		add_character(out, text_take(&raw));
	}
	buf_add_byte(out, '"');
}
