/* SPDX-License-Identifier: MIT */
/* One page of HTML that needs nothing from outside: no script, no font, light and dark. */
#ifndef COST_AUDIT_SHEET_H
#define COST_AUDIT_SHEET_H

#include "base/buf.h"
#include "show/table.h"

void sheet_open(struct buf *out, const char *title);
void sheet_close(struct buf *out);
void sheet_heading(struct buf *out, const char *text);
/* A chart of so many bars; each has a name, a length in thousandths and a label. kind is a
 * class of the page: measured, bounded, guess. */
void sheet_bars_open(struct buf *out, size_t bars);
void sheet_bar(struct buf *out, size_t i, const char *name, unsigned permille,
    struct slice label, const char *kind);
void sheet_bars_close(struct buf *out);
/* Each line of text an item; one that begins with blanks is soft. */
void sheet_list(struct buf *out, struct slice lines);
void sheet_table(struct buf *out, const struct table *t);

#endif
