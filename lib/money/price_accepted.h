/* SPDX-License-Identifier: MIT */
/* What looks wrong in the compiled table, was looked at and stands. */
#ifndef MONEY_PRICE_ACCEPTED_H
#define MONEY_PRICE_ACCEPTED_H

#include "base/slice.h"

/* Why a finding of this kind (`prices lint`) on a row of the compiled table, "provider/model",
 * or on a provider stands; ptr NULL if it was not looked at. */
struct slice price_accepted(struct slice row, struct slice kind);

#endif
