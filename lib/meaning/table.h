/* SPDX-License-Identifier: MIT */
/* What is compiled in: see table_data.S and build.mk. */
#ifndef LLM_MEANING_TABLE_H
#define LLM_MEANING_TABLE_H

#include <stdint.h>

extern const char table_vocabulary[], table_name[];
extern const uint8_t table_rows[];
extern const uint64_t table_vocabulary_size, table_name_size, table_rows_size;

#endif
