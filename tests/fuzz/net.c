/* SPDX-License-Identifier: MIT */
/* lib/net: header values that a server sends, and addresses that a record or an option names.
 * A joined address must keep the host of its base whatever the path says. */
#include <stdio.h>
#include <stdlib.h>

#include "net/limit.h"
#include "net/keys.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "net: %s\n", what);
	abort();
}

static void
check_retry(struct slice value, struct slice date)
{
	int64_t ms = retry_after(value, date, INT64_C(1795255200000));

	must(ms >= -1 && ms <= INT64_C(100) * 365 * 86400 * 1000, "Retry-After out of bounds");
}

static void
check_address(const char *text)
{
	static const char base[] = "https://api.openai.com/v1";
	const char *why = NULL, *joined;
	bool good = net_base_url(text, &why);

	must(good == !why, "a refusal has a reason");
	joined = net_join(base, text);
	must(strncmp(joined, base, sizeof(base) - 1) == 0, "the base is kept");
	must(strchr("/?", joined[sizeof(base) - 1]) || !joined[sizeof(base) - 1],
	    "the path is apart");
	must(net_provider_of(joined) == NET_OPENAI, "the host is kept");
	if (!good)
		return;
	must(!strchr(text, '@') || strcspn(text + 8, "/") < strcspn(text + 8, "@"),
	    "no user in a base");
	must(
	    net_provider_of(net_join(text, "/x")) == net_provider_of(text), "the host is kept");
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct slice all = slice_of((const char *)data, size);
	size_t half = slice_find(all, '\n');
	char text[512];

	check_retry(slice_take(all, half), slice_drop(all, half + 1));
	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	check_address(text);
	return 0;
}
