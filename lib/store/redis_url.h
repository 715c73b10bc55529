/* SPDX-License-Identifier: MIT */
/* The parts of the URL of a server: redis://[USER@]HOST[:PORT][/DB],
 * unix://[USER@]/PATH[?db=DB].
 */
#ifndef STORE_REDIS_URL_H
#define STORE_REDIS_URL_H

#include "base/slice.h"

struct redis_url {
	char *user; /* NULL: none */
	char *host; /* NULL: a socket */
	char *path; /* of the socket */
	int port, db;
};

/* False and *why (static) where it is none, or holds a password. */
bool redis_url_read(const char *url, struct redis_url *out, const char **why);
void redis_url_free(struct redis_url *u);

#endif
