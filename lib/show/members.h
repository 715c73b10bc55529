/* SPDX-License-Identifier: MIT */
/* Members and cells that the reports of several subcommands share. */
#ifndef SHOW_MEMBERS_H
#define SHOW_MEMBERS_H

#include "json/write.h"
#include "money/usd.h"
#include "show/figure.h"
#include "show/table.h"

void member_usd(struct writer *w, const char *name, struct usd d);
void member_count(struct writer *w, const char *name, uint64_t n);
/* NULL becomes null. */
void member_text(struct writer *w, const char *name, const char *text);
/* A statistic, to six digits. */
void member_real(struct writer *w, const char *name, double x);
/* As figure_json has it. */
void member_figure(struct writer *w, const char *name, struct figure f);
/* part of whole in per cent, exact but for rounding to six decimals; null if whole is 0. */
void member_percent(struct writer *w, const char *name, struct usd part, struct usd whole);
/* part of whole as a share, to eight decimals; null if whole is 0. */
void member_share(struct writer *w, const char *name, struct usd part, struct usd whole);
/* The number of member_percent as text, with so many decimals (6: without zeros at the end) and
 * a sign if asked for; "-" if whole is 0. */
struct slice percent_text(
    struct usd part, struct usd whole, unsigned decimals, bool sign, struct arena *a);

/* Cells for people: thousands separators; dollars rounded; shares in per cent. */
struct slice cell_count(uint64_t n, struct arena *a);
struct slice cell_usd(struct usd d, unsigned decimals, struct arena *a);
struct slice cell_share(double share, struct arena *a); /* "12.34 %" */
/* For people dollars with so many decimals, ratios and shares in per cent; for programs as
 * figure_plain has it. */
struct slice cell_figure(struct figure f, bool people, unsigned decimals, struct arena *a);
/* A statistic for programs, to six digits. */
struct slice cell_real(double x, struct arena *a);

/* Lays the table out as "table", "csv" or "md" has it. */
void table_as(const char *format, const struct table *t, struct buf *out);

#endif
