/* SPDX-License-Identifier: MIT */
/* Inside of the terms. */
#ifndef LLM_RANK_TERMS_PARTS_H
#define LLM_RANK_TERMS_PARTS_H

#include "rank/terms.h"

/* An ASCII letter or digit. */
static inline bool
term_byte(unsigned char c)
{
	return (unsigned)((c | 0x20) - 'a') < 26 || (unsigned)(c - '0') < 10;
}

/* As term_next(), byte by byte. */
uint64_t term_read(struct slice *rest, struct slice *word);

#endif
