/* SPDX-License-Identifier: MIT */
/* Where the two public tables that the compiled one is made of disagree. */
#ifndef MONEY_PRICE_CONFLICT_H
#define MONEY_PRICE_CONFLICT_H

#include "base/slice.h"

/* The disagreement about a row of the compiled table: both prices of each class, "input 11 /
 * 10, output 55 / 50" with that of genai-prices first, and whose *holds; ptr NULL if there is
 * none. */
struct slice price_conflict(struct slice provider, struct slice model, struct slice *holds);

#endif
