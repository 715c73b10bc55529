/* SPDX-License-Identifier: MIT */
/* Inside of the step "rows". */
#ifndef LLM_COMPRESS_TABLE_PARTS_H
#define LLM_COMPRESS_TABLE_PARTS_H

#include "cmd/llm-compress/table/columns.h"
#include "cmd/llm-compress/table/table.h"

/* what stands behind the number of rows in the first line */
#define TABLE_LEGEND                                                                          \
	" rows as a table; an empty cell is the value after =, {} is the place of the cell, " \
	"- is "                                                                               \
	"missing]"

/* True if s is a number or one of the three words of JSON. */
bool table_is_value(struct slice s);

#endif
