/* SPDX-License-Identifier: MIT */
/* HTML that stands in one line, or in few. */
#include "base/ascii.h"
#include "rank/units_parts.h"

/* Whether s begins with a closing tag of what is a line of its own when it is shown. */
static bool
closes_block(struct slice s)
{
	static const char *const names[] = { "</p>", "</li>", "</tr>", "</div>", "</h", "</table>",
		"</ul>", "</ol>", "</section>", "</article>", "</dd>", "</option>" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_starts(s, slice_z(names[i])))
			return true;
	return false;
}

/* Bytes up to the first end of a block and what else ends with it. */
static size_t
block_length(struct slice s)
{
	bool closed = false;

	for (size_t i = 0; i < s.len; i++) {
		struct slice rest = slice_drop(s, i);

		if (s.ptr[i] != '<') {
			if (closed && !ascii_blank(s.ptr[i]))
				return i;
			continue;
		}
		closed |= closes_block(rest);
		if (closed && !slice_starts(rest, SLICE("</")))
			return i;
		i += slice_find(rest, '>');
	}
	return s.len;
}

/* The level of the title that s is, whatever opens before it; 0: it is none. */
static size_t
title_level(struct slice s)
{
	while (s.len > 3 && s.ptr[0] == '<' && !((s.ptr[1] | 0x20) == 'h' && ascii_digit(s.ptr[2])))
		s = slice_trim(slice_drop(s, slice_find(s, '>') + 1));
	return s.len > 3 && s.ptr[0] == '<' && (s.ptr[1] | 0x20) == 'h' && s.ptr[2] >= '1' &&
		       s.ptr[2] <= '6'
		   ? (size_t)(s.ptr[2] - '0')
		   : 0;
}

bool
cut_markup(struct cutter *c, struct slice text)
{
	if (text.ptr[0] != '<' || block_length(text) == text.len)
		return false;
	while (text.len) {
		struct slice block = slice_take(text, block_length(text));

		text = slice_trim(slice_drop(text, block.len));
		block = slice_trim(block);
		if (title_level(block))
			cut_heading(c, block, title_level(block));
		else if (block.len <= UNIT_BYTES)
			cut_push(c, block, UNIT_ITEM, true);
		else
			cut_sentences(c, block, UNIT_SENTENCE, true);
	}
	return true;
}
