/* SPDX-License-Identifier: MIT */
/* libcurl, loaded at run time: it comes with some thirty libraries of its own, and loading them
 * takes longer than all that most commands do. No other file includes curl/curl.h. */
#ifndef NET_LIBCURL_H
#define NET_LIBCURL_H

#define CURL_DISABLE_TYPECHECK /* its macros would hide the names below */
#include <curl/curl.h>
#include <stdbool.h>

/* clang-format off */
#define LIBCURL_CALLS(X) \
	X(easy_cleanup) X(easy_getinfo) X(easy_init) X(easy_reset) X(easy_setopt) \
	X(easy_strerror) X(global_cleanup) X(global_init) X(mime_addpart) X(mime_data) \
	X(mime_filedata) X(mime_free) X(mime_init) X(mime_name) X(mime_type) \
	X(multi_add_handle) X(multi_cleanup) X(multi_info_read) X(multi_init) \
	X(multi_perform) X(multi_poll) X(multi_remove_handle) X(multi_setopt) \
	X(slist_append) X(slist_free_all) X(version_info)
/* clang-format on */
#define LIBCURL_MEMBER(name) __typeof__(curl_##name) *name;
/* curl_easy_init is curl.easy_init, and so on. */
struct libcurl {
	LIBCURL_CALLS(LIBCURL_MEMBER)
	bool loaded;
};
extern struct libcurl curl;

/* Before the first call; ends the process with status 3 where it cannot be loaded. */
void libcurl_load(void);

#endif
