/* SPDX-License-Identifier: MIT */
/* APGR, the average performance gap recovered: the mean over all shares of calls that the last
 * model takes of how much of its lead over the first is kept; a coin has one half (Ong et al.
 * 2024, RouteLLM, 4.1, with every threshold instead of ten). */
#ifndef LLM_ROUTE_APGR_H
#define LLM_ROUTE_APGR_H

#include <stddef.h>

/* Rows by their score, the greatest first; equal ones as they stand. For free(). */
size_t *apgr_order(const double *score, size_t count);
/* gain: what the last model adds on each row; rows stand weight times each (NULL: once). One
 * half where the last model adds nothing. */
double apgr_of(const double *gain, const size_t *order, size_t count, const unsigned *weight);

#endif
