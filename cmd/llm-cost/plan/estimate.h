/* SPDX-License-Identifier: MIT */
/* What requests will cost before they are sent: the sums and how they are printed. */
#ifndef COST_ESTIMATE_H
#define COST_ESTIMATE_H

#include "cmd/llm-cost/rows/by.h"
#include "outlook.h"
#include "cmd/llm-cost/rows/past.h"

/* Sums of one group or of all. Amounts are of the requests that have a price. */
struct estimate {
	uint64_t requests, unpriced;
	uint64_t input, input_low, input_high; /* tokens, and the band of the estimates */
	uint64_t estimated;                    /* requests whose count is an estimate */
	uint64_t missing;   /* requests of which a part could not be counted */
	uint64_t uncapped;  /* requests without an output cap */
	uint64_t unbounded; /* of them, those whose model tells no bound: no worst case */
	uint64_t output, most;
	struct usd low, expected, worst;
	struct usd lane[LANES];  /* expected, had all gone that way */
	uint64_t no_lane[LANES]; /* requests without a price there */
	/* of the answered ones: what was billed, and what had been expected of them */
	uint64_t answered, retries, failed_billed;
	struct usd actual, foreseen, absolute; /* absolute: sum of the errors without sign */
};

/* One request, for a line of its own. */
struct estimate_row {
	const char *file;
	uint64_t number;
	struct slice id;
	const struct row *row;
	const struct outlook *outlook;
	uint64_t output;
	const char *unpriced; /* NULL: the amounts are right */
	struct usd low, expected, worst, actual;
	bool answered;
};

#define CLIFFS_SHOWN 20
struct estimate_cliff {
	const char *file;
	uint64_t number, tokens;
	bool sure;      /* else only the upper end of the band lies beyond the bound */
	struct usd usd; /* of the input */
	struct cliff cliff;
	char model[64];
};

struct estimates {
	struct by by;
	struct hash_map keys;
	struct estimate *list;
	struct estimate total;
	struct estimate_cliff cliff[CLIFFS_SHOWN];
	uint64_t cliffs, skipped;
	uint64_t output;    /* what is expected of a request that the past does not know */
	bool output_given;  /* by --output */
	uint64_t from_past; /* requests whose output is the mean of their past */
	const char *past;   /* the log, or NULL */
};

extern const char *const estimate_formats[]; /* table first, NULL-ended */
/* The report; it ends with a newline. */
void estimate_print(const char *format, const struct estimates *e, struct buf *out);
/* One line of JSON for a request, without a newline. */
void estimate_print_row(const struct estimate_row *r, struct buf *out);

#endif
