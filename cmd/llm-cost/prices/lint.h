/* SPDX-License-Identifier: MIT */
/* Findings of llm-cost prices lint. */
#ifndef COST_PRICES_LINT_H
#define COST_PRICES_LINT_H

#include "json/scan.h"
#include "json/write.h"
#include "show/table.h"

struct lint_accepted {
	struct slice row, kind, what, why;
};
struct lint {
	struct table table;
	struct writer *json; /* or NULL */
	struct arena arena;
	size_t findings;
	bool compiled; /* the compiled table is looked at: price_accepted counts */
	struct lint_accepted *accepted; /* what stands there */
	size_t accepted_count;
};

/* One finding; table, kind and what live as long as l, row is copied and may be NULL. */
void lint_finding(
    struct lint *l, const char *table, const char *row, const char *kind, struct slice what);
/* Those of the text of a table in a public form; in our own a string is what is meant. */
void lint_text(struct lint *l, const char *file, struct slice text);

#endif
