/* SPDX-License-Identifier: MIT */
#include "model/limits.h"

static const struct limits rows[] = {
#define LIMITS_DATE(date)
#define LIMITS(provider, requests, bytes, inputs, id_length, keep_days, source) \
	{ provider, requests, bytes, inputs, id_length, keep_days, source },
#include "model/limits.def"
#undef LIMITS_DATE
#undef LIMITS
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static const char names[] =
#define LIMITS_DATE(date) ""
#define LIMITS(provider, ...) ", " provider
#include "model/limits.def"
#undef LIMITS_DATE
#undef LIMITS
    ;

static const char date[] =
#define LIMITS_DATE(date) date
#define LIMITS(...)
#include "model/limits.def"
#undef LIMITS_DATE
#undef LIMITS
    ;

const struct limits *
limits_of(const char *provider)
{
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (strcmp(rows[i].provider, provider) == 0)
			return &rows[i];
	return NULL;
}

const char *
limits_providers(void)
{
	return names + 2;
}

const char *
limits_date(void)
{
	return date;
}
