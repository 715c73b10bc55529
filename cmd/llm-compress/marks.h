/* SPDX-License-Identifier: MIT */
/* Words that we put into a request, so that a later pass knows them again. */
#ifndef LLM_COMPRESS_MARKS_H
#define LLM_COMPRESS_MARKS_H

#include "base/slice.h"

/* begins a message of the user that holds a summary or facts; the assistant's answer to it */
#define MARK_MEMORY "[Earlier in this conversation] "
#define MARK_NOTED "Noted."
/* stands where a part of a text was left out */
#define MARK_CUT "[\xE2\x80\xA6]"

static inline bool
mark_says_cut(struct slice text)
{
	return slice_search(text, SLICE(MARK_CUT)) < text.len;
}

#endif
