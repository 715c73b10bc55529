/* SPDX-License-Identifier: MIT */
/* Jobs at Bedrock and Vertex, whose calls are signed for the cloud: the request of the job and
 * the commands of the cloud's own command line are written instead. */
#ifndef LLM_BATCH_CLOUD_H
#define LLM_BATCH_CLOUD_H

#include "ready.h"

struct cloud;
struct cloud_settings {
	const char *folder, *storage, *role, *project, *region;
};
extern struct cloud_settings cloud_settings;

/* "bedrock" or "vertex"; NULL for any other name. */
const struct cloud *cloud_named(const char *name);
/* Status 2 where a setting is missing. */
void cloud_check(const struct cloud *c);
/* Moves the checked copy to DIR/NAME.input.jsonl, writes DIR/NAME.job.json and prints the
 * commands that start the job and bring its results. */
void cloud_request(const struct cloud *c, const char *file, const char *copy,
    const struct ready *ready, const char *model);

#endif
