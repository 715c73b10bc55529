/* SPDX-License-Identifier: MIT */
/* The options of every connection, and what follows from them. */
#ifndef LLM_BATCH_CONNECT_H
#define LLM_BATCH_CONNECT_H

#include "base/options.h"
#include "net/http.h"
#include "net/keys.h"

struct connect_settings {
	const char *base_url, *cacert, *key_file;
	const char *api_version; /* Azure's older addresses; NULL without */
	struct option_list headers;
	int64_t connect_timeout, first_byte, max_time;
};
extern struct connect_settings connect_settings;

/* Rows for the option table of a command that connects. */
#define CONNECT_OPTIONS                                                         \
	{ 0, "base-url", OPTION_TEXT, "U", &connect_settings.base_url,          \
		"what stands before the endpoint's own path", "LLM_BASE_URL" }, \
	    { 0, "key-file", OPTION_TEXT, "F", &connect_settings.key_file,      \
		    "read the key from F, which only you can read", NULL },     \
	    CONNECT_REST_OPTIONS

/* All but where to and whose key. */
#define CONNECT_REST_OPTIONS                                                                 \
	{ 0, "header", OPTION_LIST, "NAME=VARIABLE", &connect_settings.headers,              \
		"send header NAME with the value of that variable (repeatable)", NULL },     \
	    { 0, "cacert", OPTION_TEXT, "F", &connect_settings.cacert,                       \
		    "trust the certificates in F", NULL },                                   \
	    { 0, "connect-timeout", OPTION_DURATION, "T", &connect_settings.connect_timeout, \
		    "longest wait for a connection (30s)", NULL },                           \
	    { 0, "first-byte", OPTION_DURATION, "T", &connect_settings.first_byte,           \
		    "longest wait for an answer to begin (--max-time)", NULL },              \
	{                                                                                    \
		0, "max-time", OPTION_DURATION, "T", &connect_settings.max_time,             \
		    "longest time of one call (10m)", NULL                                   \
	}

/* For the commands that lead a job. */
#define API_VERSION_OPTION                                                         \
	{                                                                          \
		0, "api-version", OPTION_TEXT, "V", &connect_settings.api_version, \
		    "azure: the version of its older addresses", NULL              \
	}

/* Checks the base URL; a wrong or missing one ends the process with status 2. */
void connect_check(void);
/* Starts the loop with those settings. */
struct http *connect_open(void);
/* The headers for an interface, with the key; status 2 where there is no fit key file. */
const struct http_header *connect_headers(enum net_provider speaks);
/* --max-time in milliseconds, or its default. */
int64_t connect_max_time(void);

#endif
