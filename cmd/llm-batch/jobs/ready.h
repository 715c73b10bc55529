/* SPDX-License-Identifier: MIT */
/* A file that is ready to be submitted: checked as a whole, and copied without what no provider
 * knows, so that nothing can change between the check and the upload. */
#ifndef LLM_BATCH_READY_H
#define LLM_BATCH_READY_H

#include "../rules.h"

struct ready {
	char *model, *endpoint;
	char fingerprint[65];
	uint64_t requests, bytes;
};

/* Checks the file and writes its copy to the name given (0600, replaced). False: the reasons
 * are said and status 4 (or 3) is raised; then no copy is left. as_body: the copy is one object
 * with the lines as `requests`. */
bool ready_file(const char *file, const char *copy, const struct rules *rules,
    const struct path *by, bool as_body, struct ready *out);
void ready_free(struct ready *r);

#endif
