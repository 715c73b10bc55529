/* SPDX-License-Identifier: MIT */
/* What `llm-cost calibrate` learned of models from the bills of a user: read by all tools. */
#ifndef TOKENS_CALIBRATION_H
#define TOKENS_CALIBRATION_H

#include "base/slice.h"

/* The tokens of a request are overhead + factor * what is counted, and lie between a token less
 * than the same with low and a token more than with high. overhead is for requests alone. */
struct calibration {
	struct slice model;
	double factor, low, high, overhead;
};

/* Of this name; else of the same own name (families.h), else of the same without dates. NULL:
 * none was loaded. The later line of a name wins. Valid until the next calibration_load. */
const struct calibration *calibration_of(struct slice model);

#endif
