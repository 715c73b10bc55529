/* SPDX-License-Identifier: MIT */
/* A finished report in its formats. */
#ifndef COST_PRINT_H
#define COST_PRINT_H

#include "forecast.h"
#include "report.h"
#include "units.h"

struct print {
	const struct report *report;
	const struct by *by;
	const struct groups *groups;
	const struct left *left;
	const size_t *order; /* of the groups */
	size_t count;        /* how many there are; 0 without --by */
	size_t shown;
	const struct column *sort;
	const struct column **columns; /* --columns, else NULL */
	size_t column_count;
	struct timeline *days;
	const struct units *units;
	/* --pareto */
	bool pareto;
	uint64_t pareto_share; /* millionths */
	size_t pareto_groups, pareto_of;
	struct usd pareto_cost;
	const struct forecast *forecast; /* or NULL */
	struct stream *stream;           /* what is long is written there piece by piece */
	/* block5h: the one that is not over at --now, or empty */
	bool blocks;
	char ongoing[32];
};

/* Appends the report in this format, one of print_formats; it ends with a newline. */
extern const char *const print_formats[]; /* table first, NULL-ended */
void print_as(const char *format, const struct print *p, struct buf *out);

/* For the formats. */
bool print_is_rest(const struct print *p, size_t i);
/* The value of a field of the i-th group shown, as JSON text; null for the rest. */
struct slice print_value(const struct print *p, size_t i, size_t field);
const struct group *print_group(const struct print *p, size_t i);
/* The same for a page or a chart: null is "(none)". */
struct slice print_text(const struct print *p, size_t i, size_t field, struct arena *a);
/* All of them, " / " between them. */
struct slice print_label(const struct print *p, size_t i, struct arena *a);
void print_people(const struct print *p, struct buf *out);
void print_markdown(const struct print *p, struct buf *out);
void print_prom(const struct print *p, struct buf *out);
void print_html(const struct print *p, struct buf *out);
void print_svg(const struct print *p, struct buf *out);
/* What the table cannot say, as lines. */
void print_remarks(const struct print *p, const char *bullet, struct buf *out);
/* Columns that have something to say to people, into list (room for column_count). */
size_t print_columns(const struct print *p, const struct column **list);
/* Requests and dollars of groups in which a value is null. */
void print_unallocated(const struct print *p, uint64_t *requests, struct usd *cost);

#endif
