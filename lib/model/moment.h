/* SPDX-License-Identifier: MIT */
/* When a call was, from the values that records and logs have for it. */
#ifndef MODEL_MOMENT_H
#define MODEL_MOMENT_H

#include "base/when.h"
#include "model/usage.h"

/* A string or number as when_read takes it, or nanoseconds since 1970 as OpenTelemetry writes
 * them; with `utc` also a date and time without a zone, which then is UTC. WHEN_NONE for any
 * other value. */
int64_t moment_read(struct value v, bool utc, struct arena *a);
/* When the call was: what --field time=PATH leads to, else the time beside its usage (NULL or
 * not present: none is read), else the attribute `time`. WHEN_NONE where none tells. */
int64_t moment_of_call(const struct request *r, const struct usage *u, struct arena *a);

#endif
