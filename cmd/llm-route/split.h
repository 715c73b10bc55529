/* SPDX-License-Identifier: MIT */
/* A stable arm for each record, by hash. */
#ifndef LLM_ROUTE_SPLIT_H
#define LLM_ROUTE_SPLIT_H

#include "model/request.h"

/* 10, 10% or 0.5% to millionths; false for anything else, as 0.5, which may be meant as a half. */
bool split_share(const char *text, uint64_t *share);
/* True for the share of records that are routed: by SHA-256 of the seed and of who asks
 * (session, else user, else the id, else the line), so that one who asks stays in one arm. */
bool split_routes(
    const struct request *r, struct slice line, uint64_t share, uint64_t seed, struct arena *a);

#endif
