/* SPDX-License-Identifier: MIT */
/* What of the store on Redis needs no server: its URLs, and entries as bytes, sound and
 * damaged. */
#include "check.h"

#include "base/mem.h"
#include "store/pack.h"
#include "store/redis.h"
#include "store/redis_url.h"

static struct arena arena;

static void
check_url(
    const char *url, const char *user, const char *host, const char *path, int port, int db)
{
	struct redis_url u;
	const char *why;

	CHECK(redis_url_read(url, &u, &why));
	CHECK((!u.user && !user) || (u.user && user && strcmp(u.user, user) == 0));
	CHECK((!u.host && !host) || (u.host && host && strcmp(u.host, host) == 0));
	CHECK((!u.path && !path) || (u.path && path && strcmp(u.path, path) == 0));
	CHECK_NUMBER((uint64_t)u.port, (uint64_t)port);
	CHECK_NUMBER((uint64_t)u.db, (uint64_t)db);
	redis_url_free(&u);
}

static void
check_urls(void)
{
	static const char *const bad[] = { "redis://", "redis://:1",
		"redis://h:", "redis://h:x", "redis://h:65536", "redis://h/x", "redis://h/-1",
		"redis://[::1", "redis://[::1]x", "redis://u:p@h", "redis://:p@h", "rediss://h",
		"unix://", "unix://x", "unix:///", "unix:///s?x=1",
		"unix:///s?db=", "unix://u:p@/s", "http://h", "://" };
	struct redis_url u;
	const char *why;

	check_group("URLs");
	check_url("redis://h", NULL, "h", NULL, 6379, 0);
	check_url("redis://h/", NULL, "h", NULL, 6379, 0);
	check_url("redis://ann@h.example:1/15", "ann", "h.example", NULL, 1, 15);
	check_url("redis://[::1]:7000/3", NULL, "::1", NULL, 7000, 3);
	check_url("redis://@127.0.0.1", NULL, "127.0.0.1", NULL, 6379, 0);
	check_url("unix:///run/s.sock", NULL, NULL, "/run/s.sock", 0, 0);
	check_url("unix://ann@/run/s.sock?db=9", "ann", NULL, "/run/s.sock", 0, 9);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		why = NULL;
		CHECK(
		    !redis_url_read(bad[i], &u, &why) && why && !u.user && !u.host && !u.path);
	}
	CHECK(strcmp(store_shown("redis://u:p@h/1"), "redis://u@h/1") == 0);
	CHECK(strcmp(store_shown("redis://:p@x@h/1"), "redis://@h/1") == 0);
	CHECK(strcmp(store_shown("redis://h:1/1"), "redis://h:1/1") == 0);
	CHECK(strcmp(store_shown("/a:b@c"), "/a:b@c") == 0);
}

static void
check_entries(void)
{
	struct slice parts[ENTRY_PARTS] = { { NULL, DIGEST_SIZE }, SLICE("\"tenant\""),
		SLICE("gpt-4o"), SLICE("{}"), { NULL, 0 }, { NULL, 0 } };
	struct buf key = { 0 }, request = { 0 }, body = { 0 }, bytes = { 0 };
	unsigned char sum[ENTRY_SUM];
	const int64_t stored = 1000, expires = INT64_MAX;
	struct store_entry e;
	unsigned turned = 0, cut = 0;

	check_group("an entry as bytes: what goes in comes out, what is damaged is noticed");
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		buf_add_byte(&key, (char)(i * 7));
	parts[0].ptr = key.data;
	pack_write(SLICE("[1]"), &request);
	pack_write(SLICE("{\"a\":1}"), &body);
	parts[4] = buf_slice(&request);
	parts[5] = buf_slice(&body);
	entry_sum(stored, expires, parts, sum);
	entry_join(sum, stored, expires, parts, &bytes);
	CHECK(entry_read(buf_slice(&bytes), &arena, &e, true));
	CHECK_SLICE(e.scope, "\"tenant\"");
	CHECK_SLICE(e.model, "gpt-4o");
	CHECK_SLICE(e.meta, "{}");
	CHECK_SLICE(e.request, "[1]");
	CHECK_SLICE(e.body, "{\"a\":1}");
	CHECK(e.stored == 1000 && e.expires == INT64_MAX && e.key[3] == 21);
	for (size_t i = 0; i < bytes.len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			bytes.data[i] ^= (char)(1 << bit);
			turned += entry_read(buf_slice(&bytes), &arena, &e, true);
			entry_read(buf_slice(&bytes), &arena, &e, false);
			bytes.data[i] ^= (char)(1 << bit);
		}
		cut += entry_read(slice_of(bytes.data, i), &arena, &e, true);
		cut += entry_read(slice_of(bytes.data, i), &arena, &e, false);
	}
	CHECK_NUMBER(turned, 0);
	CHECK_NUMBER(cut, 0);
	/* as version 2 of the store wrote it: SHA-256 of the same, worked out elsewhere */
	CHECK(digest_unhex(SLICE("f566f3a5a969f2a48d0e268bc8b88ee0"), sum, ENTRY_SUM));
	CHECK(entry_sound(stored, expires, parts, sum));
	CHECK(!entry_sound(stored + 1, expires, parts, sum));
	buf_add_byte(&bytes, 'x');
	CHECK(!entry_read(buf_slice(&bytes), &arena, &e, true));
	buf_free(&key);
	buf_free(&request);
	buf_free(&body);
	buf_free(&bytes);
}

int
main(void)
{
	check_urls();
	check_entries();
	arena_close(&arena);
	return check_finish();
}
