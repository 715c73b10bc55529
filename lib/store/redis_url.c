/* SPDX-License-Identifier: MIT */
#include "store/redis_url.h"

#include <stdlib.h>

#include "base/mem.h"

#define PORT 6379

static bool
number_of(struct slice s, int most, int *n)
{
	*n = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9' || *n > most)
			return false;
		*n = *n * 10 + (s.ptr[i] - '0');
	}
	return s.len && *n <= most;
}

/* What stands before an @ is a name alone: a password in an argument is there for all to see.
 */
static const char *
take_user(struct slice *rest, struct redis_url *u)
{
	size_t at = slice_find(*rest, '@');
	struct slice user;

	if (at == rest->len)
		return NULL;
	user = slice_take(*rest, at);
	if (slice_find(user, ':') < user.len)
		return "holds a password: give it in LLM_REDIS_PASSWORD, where nobody sees it";
	if (user.len)
		u->user = mem_text(user);
	*rest = slice_drop(*rest, at + 1);
	return NULL;
}

static const char *
take_socket(struct slice rest, struct redis_url *u)
{
	size_t end = slice_find(rest, '?');
	struct slice query = slice_drop(rest, end);

	u->path = mem_text(slice_take(rest, end));
	if (end < 2 || rest.ptr[0] != '/')
		return "is no unix:///PATH?db=N";
	if (query.len && !(slice_starts(query, SLICE("?db=")) &&
			     number_of(slice_drop(query, 4), 1 << 20, &u->db)))
		return "is no unix:///PATH?db=N";
	return NULL;
}

static const char *
take_host(struct slice rest, struct redis_url *u)
{
	static const char bad[] = "is no redis://HOST:PORT/DB";
	size_t slash = slice_find(rest, '/'), end;
	struct slice db = slice_drop(rest, slash), host = slice_take(rest, slash);

	if (db.len > 1 && !number_of(slice_drop(db, 1), 1 << 20, &u->db))
		return bad;
	u->port = PORT;
	if (host.len && host.ptr[0] == '[') {
		end = slice_find(host, ']');
		if (end == host.len)
			return bad;
		u->host = mem_text(slice_drop(slice_take(host, end), 1));
		host = slice_drop(host, end + 1);
		end = 0;
	} else {
		end = slice_find(host, ':');
		u->host = mem_text(slice_take(host, end));
	}
	host = slice_drop(host, end);
	if (host.len &&
	    (host.ptr[0] != ':' || !number_of(slice_drop(host, 1), 65535, &u->port)))
		return bad;
	return u->host[0] ? NULL : bad;
}

bool
redis_url_read(const char *url, struct redis_url *out, const char **why)
{
	struct slice rest = slice_z(url);

	*out = (struct redis_url){ 0 };
	*why = NULL;
	if (slice_starts(rest, SLICE("rediss://"))) {
		*why = "wants TLS, which the library of this build has not: use a tunnel, or a "
		       "socket";
		return false;
	}
	if (slice_starts(rest, SLICE("redis://"))) {
		rest = slice_drop(rest, 8);
		*why = take_user(&rest, out);
		*why = *why ? *why : take_host(rest, out);
	} else if (slice_starts(rest, SLICE("unix://"))) {
		rest = slice_drop(rest, 7);
		*why = take_user(&rest, out);
		*why = *why ? *why : take_socket(rest, out);
	} else {
		*why = "is neither a file nor redis:// nor unix://";
	}
	if (*why)
		redis_url_free(out);
	return !*why;
}

void
redis_url_free(struct redis_url *u)
{
	free(u->user);
	free(u->host);
	free(u->path);
	*u = (struct redis_url){ 0 };
}
