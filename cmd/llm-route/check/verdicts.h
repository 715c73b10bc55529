/* SPDX-License-Identifier: MIT */
/* What judges said of answers: labels and scores, on the record or in a file of their own. */
#ifndef LLM_ROUTE_CHECK_VERDICTS_H
#define LLM_ROUTE_CHECK_VERDICTS_H

#include "model/request.h"

struct verdict_said {
	bool has_label, good;
	bool torn; /* judges contradicted each other */
	bool has_score;
	double score; /* 0 to 1 */
};

struct verdicts;
/* Reads judges' lines: each names its answer by llm.for, or by its own id. Ends the run with
 * status 2 where the file cannot be read. */
struct verdicts *verdicts_open(const char *file);
/* Of this record: its own members (llm.judge, verdict, score) first, else the file's; v may be
 * NULL. */
struct verdict_said verdicts_of(
    const struct verdicts *v, const struct request *r, struct slice id, struct arena *a);
void verdicts_close(struct verdicts *v);

#endif
