/* SPDX-License-Identifier: MIT */
/* The calls of a log, priced by either of two tables. */
#ifndef COST_PRICES_SPEND_H
#define COST_PRICES_SPEND_H

#include "json/write.h"
#include "show/table.h"
#include "tool/tool.h"

struct spend;
struct spend *spend_open(void);
/* Reads the logs of --log; the two files become the topmost price tables. */
void spend_read(struct spend *l, const struct option_list *files);
/* The member `spend`. */
void spend_json(const struct spend *l, struct writer *w);
/* A blank line and a table. */
void spend_table(const struct spend *l, const char *format, struct arena *a, struct buf *out);
void spend_close(struct spend *l);

#endif
