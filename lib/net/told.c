/* SPDX-License-Identifier: MIT */
#include "net/told.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "net/limit.h"

static bool
header_take(struct slice line, const char *name, char *out, size_t room)
{
	size_t n = strlen(name);
	struct slice value;

	if (line.len <= n || line.ptr[n] != ':' || strncasecmp(line.ptr, name, n) != 0)
		return false;
	value = slice_take(slice_trim(slice_drop(line, n + 1)), room - 1);
	memcpy(out, value.ptr, value.len);
	out[value.len] = '\0';
	return true;
}

/* The same number under the names that OpenAI's kind and Anthropic give it. */
static const char *const rate_names[][2] = {
	{ "x-ratelimit-limit-requests", "anthropic-ratelimit-requests-limit" },
	{ "x-ratelimit-remaining-requests", "anthropic-ratelimit-requests-remaining" },
	{ "x-ratelimit-reset-requests", "anthropic-ratelimit-requests-reset" },
	{ "x-ratelimit-limit-tokens", "anthropic-ratelimit-tokens-limit" },
	{ "x-ratelimit-remaining-tokens", "anthropic-ratelimit-tokens-remaining" },
	{ "x-ratelimit-reset-tokens", "anthropic-ratelimit-tokens-reset" },
};

static bool
rate_take(struct told *t, struct slice line)
{
	if (line.len < 12 || (strncasecmp(line.ptr, "x-ratelimit-", 12) != 0 &&
				 strncasecmp(line.ptr, "anthropic-ra", 12) != 0))
		return false;
	for (size_t i = 0; i < 6; i++)
		for (size_t k = 0; k < 2; k++)
			if (header_take(
				line, rate_names[i][k], t->rates[i], sizeof(t->rates[i])))
				return true;
	return false;
}

void
told_line(struct told *t, struct slice line, const char *wanted)
{
	if (slice_starts(line, SLICE("HTTP/"))) {
		*t = (struct told){ .date = "" };
		return;
	}
	if (rate_take(t, line))
		return;
	if (wanted && header_take(line, wanted, t->wanted, sizeof(t->wanted)))
		return;
	if (!header_take(line, "retry-after", t->retry_after, sizeof(t->retry_after)) &&
	    !header_take(
		line, "retry-after-ms", t->retry_after_ms, sizeof(t->retry_after_ms)) &&
	    !header_take(line, "date", t->date, sizeof(t->date)) &&
	    !header_take(line, "x-request-id", t->request_id, sizeof(t->request_id)) &&
	    !t->request_id[0])
		header_take(line, "request-id", t->request_id, sizeof(t->request_id));
}

int64_t
told_retry(const struct told *t)
{
	int64_t now = (int64_t)time(NULL) * 1000, ms;

	/* OpenAI's finer spelling comes beside the other */
	if (t->retry_after_ms[0]) {
		ms = retry_after(slice_z(t->retry_after_ms), SLICE(""), now);
		if (ms >= 0)
			return (ms + 999) / 1000;
	}
	if (!t->retry_after[0])
		return -1;
	return retry_after(slice_z(t->retry_after), slice_z(t->date), now);
}

struct http_rates
told_rates(const struct told *t)
{
	struct http_rates r = { { -1, -1 }, { -1, -1 }, { 0, 0 } };

	for (size_t i = 0; i < 2; i++) {
		char *end;

		if (t->rates[3 * i][0])
			r.limit[i] = strtoll(t->rates[3 * i], &end, 10);
		if (t->rates[3 * i + 1][0])
			r.left[i] = strtoll(t->rates[3 * i + 1], &end, 10);
		r.reset[i] = rate_reset(t->rates[3 * i + 2], (int64_t)time(NULL) * 1000);
	}
	return r;
}
