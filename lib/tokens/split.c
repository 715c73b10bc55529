/* SPDX-License-Identifier: MIT */
#include "tokens/split.h"

#include "tokens/split_family.h"

static size_t
cut(const struct split_family *f, struct slice text, size_t from, size_t *ends, size_t room)
{
	place p = (place)text.ptr, end = p + text.len;
	size_t n;

	for (n = 0; n < room && from < text.len; n++)
		ends[n] = from += split_piece(f, p + from, end);
	return n;
}

#define SPLITTER(name)                                                                      \
	size_t split_##name(                                                                \
	    const void *pattern, struct slice text, size_t from, size_t *ends, size_t room) \
	{                                                                                   \
		(void)pattern;                                                              \
		return cut(&family_##name, text, from, ends, room);                         \
	}
SPLITTER(o200k)
SPLITTER(cl100k)
SPLITTER(gpt2)
SPLITTER(llama3)
SPLITTER(qwen)
SPLITTER(tekken)
#undef SPLITTER
