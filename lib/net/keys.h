/* SPDX-License-Identifier: MIT */
/* API keys: from the environment or a file, sent only to the host that they belong to. */
#ifndef NET_KEYS_H
#define NET_KEYS_H

#include "base/arena.h"
#include "net/http.h"

/* How a provider's endpoint wants to be spoken to. */
enum net_provider { NET_OPENAI, NET_ANTHROPIC, NET_GEMINI, NET_MISTRAL, NET_AZURE, NET_OTHER };

/* The provider that owns the host of a base URL (api.openai.com, *.openai.azure.com …);
 * NET_OTHER for any other host, loopback among them. */
enum net_provider net_provider_of(const char *base_url);
/* "openai", "anthropic", "gemini", "mistral", "azure", "other". */
const char *net_provider_name(enum net_provider p);
/* The headers that carry the key for this base URL: a known host gets its own variable's key,
 * over https alone; any other host LLM_API_KEY or none. key_file (NULL: environment) must be
 * 0600 or stricter and the user's own. extra: `NAME=VARIABLE` items of --header, which replace
 * a header of that name. speaks: the dialect the path wants (anthropic wants x-api-key and
 * anthropic-version). The array, ended by a NULL name, lives as long as the run. False: *why
 * (run lifetime), which names variables and files, never a value. */
bool net_headers(const char *base_url, enum net_provider speaks, const char *key_file,
    const char *const *extra, size_t extra_count, const struct http_header **headers,
    const char **why);
/* Checks a base URL: http or https, a host, no user or password, no query, nothing unprintable;
 * false and *why (static). */
bool net_base_url(const char *url, const char **why);
/* base and path joined: one slash between, a doubled /v1 or /v1beta taken once. The host is
 * always the base's. Run lifetime, one copy of each. */
const char *net_join(const char *base_url, const char *path);
/* text with every known key (of the environment, a key file or --header) replaced by "****",
 * whole, also where JSON or a URL escapes some of its characters. */
struct slice net_mask(struct slice text, struct arena *a);

#endif
