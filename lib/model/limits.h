/* SPDX-License-Identifier: MIT */
/* What a provider's batch interface takes, from the dated data file limits.def. */
#ifndef MODEL_LIMITS_H
#define MODEL_LIMITS_H

#include "base/slice.h"

struct limits {
	const char *provider;
	uint64_t requests;  /* lines of one file */
	uint64_t bytes;     /* of one file */
	uint64_t inputs;    /* of all embedding requests of one file together */
	uint64_t id_length; /* longest id in bytes; 0: none is known */
	unsigned keep_days; /* results vanish so many days after creation; 0: not stated */
	const char *source;
};

/* NULL for a provider that is not in the file. */
const struct limits *limits_of(const char *provider);
/* Names of all rows, "openai, azure, …", static. */
const char *limits_providers(void);
/* Day on which the rows were last compared with their sources, "2026-11-01". */
const char *limits_date(void);

#endif
