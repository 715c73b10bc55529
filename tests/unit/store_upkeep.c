/* SPDX-License-Identifier: MIT */
/* The store's upkeep: bounds that spare what is used, deletion that leaves no byte, leases. */
#include "check.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/store.h"
#include "stream/file.h"

static char folder[] = "/tmp/upkeep.XXXXXX";
static char file[64];
static const char *why;
static struct arena arena;

static struct store_entry
entry(unsigned n, const char *scope)
{
	struct store_entry e = { .scope = slice_z(scope),
		.model = n % 2 ? SLICE("odd") : SLICE("even"),
		.meta = SLICE("{}"),
		.stored = 1000 + n,
		.expires = INT64_MAX };

	digest_of(arena_printf(&arena, "key %u %s", n, scope), e.key);
	e.request = arena_printf(&arena, "%u", n);
	/* short enough to be stored as it stands, or long and of bytes that do not pack */
	e.body = arena_printf(&arena, "\"secret-%s-%u\"", scope, n);
	return e;
}

static bool
is_there(struct store *s, unsigned n, const char *scope)
{
	struct store_entry want = entry(n, scope), got;

	return store_get(s, want.scope, want.key, &arena, &got) &&
	       slice_eq(got.body, want.body);
}

static void
put(struct store *s, unsigned from, unsigned to, const char *scope)
{
	for (unsigned n = from; n < to; n++) {
		struct store_entry e = entry(n, scope);

		CHECK(store_put(s, &e, &why));
	}
	CHECK(store_commit(s, &why));
}

static struct store_size
size_of(struct store *s)
{
	struct store_size size = { 0 };

	CHECK(store_size(s, &size, &why));
	return size;
}

static void
check_sizes(void)
{
	struct store *s = store_open(file, false, &why);
	struct store_size one, two;

	check_group("entries and bytes are counted, replaced ones once");
	put(s, 0, 10, "");
	one = size_of(s);
	CHECK_NUMBER(one.entries, 10);
	put(s, 0, 10, "");
	two = size_of(s);
	CHECK_NUMBER(two.entries, 10);
	CHECK_NUMBER(two.bytes, one.bytes);
	CHECK(store_close(s, &why) && unlink(file) == 0);
}

static void
check_bounds(void)
{
	struct store *s = store_open(file, false, &why);
	unsigned kept = 0;

	check_group("a bound holds, spares what is used, and never takes the newest first");
	store_bound(s, 50, 0, 0);
	put(s, 0, 50, "");
	CHECK_NUMBER(size_of(s).entries, 50);
	for (int round = 0; round < 5; round++)
		for (unsigned n = 0; n < 10; n++)
			CHECK(is_there(s, n, ""));
	CHECK(store_commit(s, &why));
	for (unsigned n = 50; n < 80; n++) {
		put(s, n, n + 1, "");
		CHECK(is_there(s, n, ""));
		CHECK_NUMBER(size_of(s).entries, 50);
	}
	for (unsigned n = 0; n < 10; n++)
		kept += is_there(s, n, "");
	CHECK_NUMBER(kept, 10);
	CHECK(!is_there(s, 10, "") && is_there(s, 79, ""));
	/* what is used no more goes at last */
	for (unsigned n = 80; n < 400; n++)
		put(s, n, n + 1, "");
	CHECK(!is_there(s, 0, "") && is_there(s, 399, ""));
	store_bound(s, 0, size_of(s).bytes / 2, 0);
	CHECK(store_close(s, &why));
	s = store_open(file, false, &why);
	CHECK(size_of(s).entries <= 25 && size_of(s).entries >= 20);
	CHECK(is_there(s, 399, ""));
	CHECK(store_close(s, &why) && unlink(file) == 0);
	s = store_open(file, false, &why);
	put(s, 0, 5000, "");
	CHECK(store_close(s, &why));
	s = store_open(file, false, &why);
	store_bound(s, 7, 0, 0);
	CHECK(store_close(s, &why));
	s = store_open(file, false, &why);
	CHECK_NUMBER(size_of(s).entries, 7);
	CHECK(store_close(s, &why) && unlink(file) == 0);
}

static void
check_expired(void)
{
	struct store *s = store_open(file, false, &why);
	struct store_entry e;

	check_group("where room is made, what expired goes first");
	put(s, 0, 10, "");
	for (unsigned n = 10; n < 15; n++) {
		e = entry(n, "");
		e.expires = 5000;
		CHECK(store_put(s, &e, &why));
	}
	CHECK(store_commit(s, &why));
	for (int round = 0; round < 3; round++)
		put(s, 15, 20, "");
	store_bound(s, 15, 0, 6000);
	CHECK(store_commit(s, &why));
	CHECK(is_there(s, 0, "") && !is_there(s, 10, "") && !is_there(s, 14, ""));
	CHECK(store_close(s, &why) && unlink(file) == 0);
}

static bool
of_tenant(void *context, const struct store_entry *e)
{
	return slice_eqz(e->scope, context);
}

/* How often the text stands in any file of the store. */
static unsigned
times_in_files(const char *text)
{
	static const char *const ends[] = { "", "-journal", "-wal", "-shm" };
	unsigned times = 0;

	for (size_t i = 0; i < 4; i++) {
		struct buf bytes = { 0 };
		struct slice rest, name = arena_printf(&arena, "%s%s", file, ends[i]);
		const char *at;

		if (file_read(name.ptr, &bytes)) {
			rest = buf_slice(&bytes);
			while ((at = memmem(rest.ptr, rest.len, text, strlen(text)))) {
				times++;
				rest = slice_drop(rest, (size_t)(at - rest.ptr) + 1);
			}
		}
		buf_free(&bytes);
	}
	return times;
}

static void
check_purge(void)
{
	static char a[] = "tenant-a", b[] = "tenant-b";
	struct store *s = store_open(file, false, &why), *other;
	uint64_t count;

	check_group("what is purged is gone from every byte of every file, the rest stays");
	/* replaced, thinned out and mixed, so that pages have been split, merged and moved */
	for (unsigned n = 0; n < 3000; n++) {
		struct store_entry e = entry(n, n % 3 ? a : b);

		CHECK(store_put(s, &e, &why));
		if (n % 100 == 0)
			CHECK(store_commit(s, &why));
	}
	put(s, 0, 900, a);
	store_bound(s, 2500, 0, 0);
	CHECK(store_commit(s, &why));
	store_bound(s, 0, 0, 0);
	CHECK(times_in_files("secret-tenant-a") > 500);
	other = store_open(file, false, &why);
	CHECK(is_there(other, 2999, b) || is_there(other, 2997, b));
	CHECK(store_purge(s, of_tenant, a, true, &count, &why) && count > 500);
	CHECK(times_in_files("secret-tenant-a") > 500);
	CHECK(store_purge(s, of_tenant, a, false, &count, &why) && count > 500);
	CHECK_NUMBER(times_in_files("secret-tenant-a"), 0);
	CHECK_NUMBER(times_in_files("tenant-a"), 0);
	CHECK(times_in_files("secret-tenant-b") > 300);
	CHECK(!is_there(other, 2998, a) && is_there(other, 2997, b));
	CHECK(store_purge(s, of_tenant, a, false, &count, &why) && count == 0);
	CHECK(store_close(other, &why) && store_close(s, &why) && unlink(file) == 0);
}

static void
check_claims(void)
{
	struct store *s = store_open(file, false, &why), *t = store_open(file, false, &why);
	struct store_entry e = entry(1, "");
	int status;
	pid_t pid;

	check_group(
	    "a lease is one process's, and ends with its answer, its time or a release");
	CHECK(store_claim(s, e.scope, e.key, 1000, 500, &why) == STORE_MINE);
	CHECK(store_claim(s, e.scope, e.key, 1100, 500, &why) == STORE_MINE);
	CHECK(store_claim(t, e.scope, e.key, 1599, 500, &why) == STORE_OTHERS);
	CHECK(store_claim(t, SLICE("\"x\""), e.key, 1599, 500, &why) == STORE_MINE);
	CHECK(store_claim(t, e.scope, e.key, 1600, 500, &why) == STORE_MINE);
	CHECK(store_claim(s, e.scope, e.key, 1700, 500, &why) == STORE_OTHERS);
	/* the clock went back behind the beginning of the lease */
	CHECK(store_claim(s, e.scope, e.key, 1500, 500, &why) == STORE_MINE);
	store_release(s, e.scope, e.key);
	CHECK(store_commit(s, &why));
	CHECK(store_claim(t, e.scope, e.key, 1700, INT64_MAX, &why) == STORE_MINE);
	CHECK(store_put(s, &e, &why) && store_commit(s, &why));
	CHECK(store_claim(s, e.scope, e.key, 1700, 500, &why) == STORE_MINE);
	pid = fork();
	if (pid == 0) {
		struct store *u = store_open(file, false, &why);

		/* dies without a word, its lease in hand */
		_exit(u &&
		      store_claim(u, e.scope, entry(2, "").key, 1000, 500, &why) != STORE_MINE);
	}
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	e = entry(2, "");
	CHECK(store_claim(s, e.scope, e.key, 1400, 500, &why) == STORE_OTHERS);
	CHECK(store_claim(s, e.scope, e.key, 1500, 500, &why) == STORE_MINE);
	CHECK(store_close(s, &why) && store_close(t, &why) && unlink(file) == 0);
}

static void
check_turns(void)
{
	struct store *s = store_open(file, false, &why), *t = store_open(file, false, &why);

	check_group(
	    "look-ups in a hurry see what is new after a pause, and lock nobody out then");
	put(s, 0, 5, "");
	store_hurry(t);
	CHECK(is_there(t, 1, "") && !is_there(t, 7, ""));
	store_pause(t);
	put(s, 5, 10, "");
	CHECK(is_there(t, 7, ""));
	put(t, 10, 12, "");
	CHECK(is_there(t, 11, "") && is_there(s, 0, ""));
	CHECK(store_close(t, &why) && store_close(s, &why) && unlink(file) == 0);
}

static void
check_walk(void)
{
	struct store *s = store_open(file, false, &why);
	struct store_entry e;
	int64_t at = STORE_FIRST;
	unsigned n = 0, wrong = 0;

	check_group("the walk gives all entries in the order in which they came");
	put(s, 0, 100, "");
	for (; store_next(s, &at, &arena, &e); n++)
		wrong += e.stored != 1000 + n || !slice_eq(e.body, entry(n, "").body);
	CHECK_NUMBER(n, 100);
	CHECK_NUMBER(wrong, 0);
	CHECK(store_trouble(s) == NULL && store_close(s, &why) && unlink(file) == 0);
}

int
main(void)
{
	if (!mkdtemp(folder))
		return 99;
	snprintf(file, sizeof(file), "%s/s", folder);
	check_sizes();
	check_bounds();
	check_expired();
	check_purge();
	check_claims();
	check_turns();
	check_walk();
	snprintf(file, sizeof(file), "%s/s-journal", folder);
	unlink(file);
	rmdir(folder);
	arena_close(&arena);
	return check_finish();
}
