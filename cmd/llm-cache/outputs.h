/* SPDX-License-Identifier: MIT */
/* Lines of a provider's batch output, which have answers and no requests: the requests come
 * from the file that was submitted. */
#ifndef OUTPUTS_H
#define OUTPUTS_H

#include "json/edit.h"
#include "model/request.h"
#include "stream/stream.h"

struct outputs;

/* Reads where each request stands (the ids and 24 bytes for each stay in memory). The run ends
 * with status 3 where the file cannot be read. */
struct outputs *outputs_open(const char *file);
void outputs_close(struct outputs *o); /* NULL is fine */
/* True for a line that has an answer and an id, but no request. */
bool output_alone(const struct record *r, const struct request *q);
/* The request with the answer of the output line as one record, valid until the next call;
 * false where there is none with that id, or more than one. */
bool outputs_join(
    struct outputs *o, const struct record *r, struct record *joined, struct request *q);
/* How many lines had none. */
uint64_t outputs_missing(const struct outputs *o);

#endif
