/* SPDX-License-Identifier: MIT */
#include "net/libcurl.h"

#include <dlfcn.h>

#include "base/diag.h"

#define LIBRARY "libcurl.so.4"

struct libcurl curl;

void
libcurl_load(void)
{
	void *library = curl.loaded ? NULL : dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (curl.loaded)
		return;
	if (!library)
		diag_die(STATUS_FAILED, "%s cannot be loaded: %s", LIBRARY, dlerror());
#define FIND(name)                                                   \
	if (!(*(void **)&curl.name = dlsym(library, "curl_" #name))) \
		diag_die(STATUS_FAILED, "%s: %s", LIBRARY, dlerror());
	LIBCURL_CALLS(FIND)
	curl.loaded = true;
}
