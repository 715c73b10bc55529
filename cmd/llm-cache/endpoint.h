/* SPDX-License-Identifier: MIT */
/* Vectors of an endpoint that speaks as OpenAI's /v1/embeddings does. */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include "vectors.h"

struct endpoint;

/* A wrong address or key file ends the run with status 2. No connection is made yet. */
struct endpoint *endpoint_open(const struct vector_settings *settings);
/* Tells address and model; as long as the run. */
struct slice endpoint_name(const struct endpoint *e);
/* The array of numbers that the endpoint gives for the text, valid until the next call. False
 * and *why: it did not. After that it is not asked again in this run; said once, status 3. */
bool endpoint_ask(struct endpoint *e, struct slice text, struct value *list, const char **why);
void endpoint_close(struct endpoint *e); /* NULL is fine */

#endif
