/* SPDX-License-Identifier: MIT */
/* Partial reports: what a shard adds up to, as lines of JSON that can be added again.
 *
 * A header, a line for each group, the total, each period of the timeline and each reason for
 * leaving out, and an end line that proves the file whole. Sums are exact, sketches are merged
 * as they are: the order and the number of shards changes no digit. */
#ifndef COST_PARTIAL_H
#define COST_PARTIAL_H

#include "report.h"

void partial_write(const struct report *p, struct buf *out);
/* Adds a partial report to p, whose fields, zone and cost mode the first one sets. False: *why
 * (static) and the number of the line say what is wrong. */
bool partial_read(
    struct report *p, bool first, struct slice text, const char **why, size_t *line);

#endif
