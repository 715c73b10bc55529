/* SPDX-License-Identifier: MIT */
#include "connect.h"

#include "base/diag.h"
#include "tool/tool.h"

struct connect_settings connect_settings;

void
connect_check(void)
{
	const char *why = NULL;

	if (!connect_settings.base_url)
		tool_usage("no base URL: give '--base-url' or set LLM_BASE_URL");
	if (!net_base_url(connect_settings.base_url, &why))
		tool_usage("'--base-url': %s", why);
}

int64_t
connect_max_time(void)
{
	return connect_settings.max_time > 0 ? connect_settings.max_time : 600 * 1000;
}

struct http *
connect_open(void)
{
	struct http_options o = { .cacert = connect_settings.cacert,
		.connect_timeout = connect_settings.connect_timeout,
		.first_byte = connect_settings.first_byte,
		.max_time = connect_max_time() };

	return http_open(&o);
}

const struct http_header *
connect_headers(enum net_provider speaks)
{
	static const struct http_header *known[NET_OTHER + 1];
	const char *why = NULL;

	if (!known[speaks] && !net_headers(connect_settings.base_url, speaks,
				  connect_settings.key_file, connect_settings.headers.item,
				  connect_settings.headers.count, &known[speaks], &why))
		diag_die(STATUS_USAGE, "%s", why);
	return known[speaks];
}
