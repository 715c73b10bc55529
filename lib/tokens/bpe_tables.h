/* SPDX-License-Identifier: MIT */
/* A list of merges as the tables of vocab.h. */
#ifndef TOKENS_BPE_TABLES_H
#define TOKENS_BPE_TABLES_H

#include "tokens/bpe.h"

/* Makes the tables where they do the same as the list, which is then freed; else leaves memory
 * NULL. whole becomes false where merges make every token. */
void bpe_try_tables(struct bpe *b);

#endif
