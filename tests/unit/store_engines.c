/* SPDX-License-Identifier: MIT */
/* Both engines by one interface: the same checks on a file and on a real server, which is
 * started here on a socket and ended again. */
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/notes.h"
#include "store/store.h"

static char folder[] = "/tmp/engines.XXXXXX";
static char url[96];
static const char *why;
static struct arena arena;

static struct store *
open_store(bool read_only)
{
	return store_open_within(url, read_only, 30000, &why);
}

static struct store_entry
entry(unsigned n, const char *scope)
{
	struct store_entry e = { .scope = slice_z(scope),
		.model = n % 2 ? SLICE("odd") : SLICE("even"),
		.meta = SLICE("{}"),
		.stored = 1000 + n,
		.expires = INT64_MAX };

	digest_of(arena_printf(&arena, "key %u", n), e.key);
	e.request = arena_printf(&arena, "[%u]", n);
	e.body = arena_printf(&arena, "{\"n\":%u,\"text\":\"%0900u\"}", n, n);
	return e;
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

static bool
is_there(struct store *s, unsigned n, const char *scope)
{
	struct store_entry want = entry(n, scope), got;

	return store_get(s, want.scope, want.key, &arena, &got) &&
	       slice_eq(got.body, want.body) && slice_eq(got.request, want.request) &&
	       slice_eq(got.scope, want.scope) && slice_eq(got.model, want.model) &&
	       got.stored == want.stored && got.expires == want.expires;
}

static unsigned
count_there(struct store *s, unsigned from, unsigned to)
{
	unsigned found = 0;

	for (unsigned n = from; n < to; n++)
		found += is_there(s, n, "");
	return found;
}

static uint64_t
entries_of(struct store *s)
{
	struct store_size size = { 0 };

	CHECK(store_size(s, &size, &why));
	return size.entries;
}

static void
check_round(void)
{
	struct store *s = open_store(false);
	struct store_ask asks[100];
	struct store_entry want[100], e;
	int64_t at = STORE_FIRST;
	unsigned n = 0, wrong = 0;

	check_group("what goes in comes out, one by one, many at once, and in its order");
	CHECK(s != NULL);
	put(s, 0, 300, "");
	put(s, 0, 10, "\"t\"");
	CHECK(is_there(s, 299, "") && is_there(s, 9, "\"t\"") && !is_there(s, 10, "\"t\""));
	CHECK_NUMBER(entries_of(s), 310);
	put(s, 0, 10, "\"t\"");
	CHECK_NUMBER(entries_of(s), 310);
	for (unsigned i = 0; i < 100; i++) {
		want[i] = entry(i * 5, "");
		asks[i] = (struct store_ask){ .scope = want[i].scope, .key = want[i].key };
	}
	store_look_up(s, asks, 100, &arena);
	for (unsigned i = 0; i < 100; i++)
		wrong += asks[i].found != (i < 60) ||
			 (asks[i].found && !slice_eq(asks[i].entry.body, want[i].body));
	CHECK_NUMBER(wrong, 0);
	while (store_next(s, &at, &arena, &e)) {
		wrong += e.stored != 1000 + (n < 300 ? n : n - 300);
		n++;
	}
	CHECK(n == 310 && wrong == 0 && !store_trouble(s) && store_damaged(s) == 0);
	CHECK(store_close(s, &why));
	s = open_store(true);
	CHECK(s && is_there(s, 5, "") && !store_put(s, &e, &why) && store_close(s, &why));
}

static bool
is_odd(void *context, const struct store_entry *e)
{
	(void)context;
	return slice_eq(e->model, SLICE("odd"));
}

static unsigned notes_seen;

static void
see_note(void *context, const unsigned char *name, struct slice bytes)
{
	(void)context, (void)name;
	notes_seen += bytes.len > 0;
}

static void
put_note(struct store *s, unsigned char name, unsigned about)
{
	struct store_note note = {
		.about = true, .bytes = SLICE("vector"), .scope = SLICE("")
	};
	struct store_entry e = entry(about, "");

	note.space[0] = 7;
	note.name[0] = name;
	memcpy(note.key, e.key, DIGEST_SIZE);
	CHECK(store_note(s, &note, &why));
}

static void
check_purge(void)
{
	unsigned char space[NOTE_NAME] = { 7 }, name[NOTE_NAME] = { 3 };
	struct store *s = open_store(false);
	struct slice bytes;
	int64_t since = 0;
	uint64_t count;

	check_group("deletion takes what was chosen, and the notes about it");
	for (unsigned i = 0; i < 200; i++)
		put_note(s, (unsigned char)i, i);
	put_note(s, 3, 4);
	CHECK(store_commit(s, &why));
	CHECK(store_notes(s, space, &since, see_note, NULL, &why));
	CHECK_NUMBER(notes_seen, 200);
	CHECK(store_notes(s, space, &since, see_note, NULL, &why));
	CHECK_NUMBER(notes_seen, 200);
	CHECK(store_purge(s, is_odd, NULL, true, &count, &why) && count == 155);
	CHECK(store_purge(s, is_odd, NULL, false, &count, &why) && count == 155);
	CHECK_NUMBER(entries_of(s), 155);
	CHECK_NUMBER(count_there(s, 0, 300), 150);
	notes_seen = 0, since = 0;
	CHECK(store_notes(s, space, &since, see_note, NULL, &why));
	CHECK_NUMBER(notes_seen, 101); /* the third is about another now */
	CHECK(store_note_find(s, space, name, &arena, &bytes, &why));
	CHECK_SLICE(bytes, "vector");
	CHECK(store_note_drop(s, space, name, &why) && store_commit(s, &why));
	CHECK(store_note_find(s, space, name, &arena, &bytes, &why) && !bytes.ptr);
	CHECK(store_close(s, &why));
}

static void
check_bounds(void)
{
	struct store *s = open_store(false);

	check_group(
	    "a bound holds, spares what is used, and a new entry is not the next victim");
	store_bound(s, 200, 0, 5000);
	CHECK(store_commit(s, &why));
	for (unsigned round = 0; round < 10; round++) {
		for (unsigned n = 0; n < 20; n += 2)
			CHECK(is_there(s, n, ""));
		put(s, 1000 + round * 50, 1050 + round * 50, "");
		CHECK_NUMBER(count_there(s, 1000 + round * 50, 1050 + round * 50), 50);
	}
	CHECK(store_close(s, &why));
	s = open_store(false);
	CHECK(entries_of(s) <= 200);
	CHECK_NUMBER(count_there(s, 0, 20), 10);
	CHECK(store_close(s, &why));
}

static void
check_claims(void)
{
	struct store *s = open_store(false), *t = open_store(false);
	struct store_entry e = entry(5000, ""), f = entry(5001, "");

	check_group("a lease is one's own until the answer comes or it is let go");
	CHECK(store_claim(s, e.scope, e.key, 1000, 600000, &why) == STORE_MINE);
	CHECK(store_claim(s, e.scope, e.key, 1001, 600000, &why) == STORE_MINE);
	CHECK(store_claim(t, e.scope, e.key, 1001, 600000, &why) == STORE_OTHERS);
	CHECK(store_claim(t, SLICE("\"t\""), e.key, 1001, 600000, &why) == STORE_MINE);
	put(s, 5000, 5001, "");
	CHECK(store_claim(t, e.scope, e.key, 1002, 600000, &why) == STORE_MINE);
	CHECK(store_claim(s, f.scope, f.key, 1000, 600000, &why) == STORE_MINE);
	store_release(s, f.scope, f.key);
	CHECK(store_commit(s, &why));
	CHECK(store_claim(t, f.scope, f.key, 1000, 600000, &why) == STORE_MINE);
	CHECK(store_close(s, &why) && store_close(t, &why));
}

static struct store_tally sum;
static unsigned groups;

static void
take_tally(void *context, const struct store_group *group, const struct store_tally *t)
{
	(void)context;
	groups++;
	if (slice_eq(group->scope, SLICE("\"a b\"")) && slice_eq(group->rule, SLICE("1 2")))
		sum = *t;
}

static void
check_tallies(void)
{
	struct store_group g = {
		.scope = SLICE("\"a b\""), .rule = SLICE("1 2"), .model = SLICE("m")
	};
	struct store_tally t = { .hits = 1, .input = 9007199254740993u };
	struct store *s;

	check_group("tallies of several runs are added up, to the last unit");
	/* 0.60 dollars and the smallest unit */
	t.usd.units = (__int128)60 * INT64_C(1000000000000000000) + 1;
	for (int i = 0; i < 5; i++) {
		s = open_store(false);
		if (i != 1)
			store_count(s, &g, &(struct store_tally){ .misses = 2 });
		store_count(s, &g, &t);
		CHECK(store_close(s, &why));
	}
	s = open_store(false);
	store_count(s, &(struct store_group){ .scope = SLICE("b") }, &t);
	CHECK(store_commit(s, &why) && store_tallies(s, take_tally, NULL, &why));
	CHECK_NUMBER(groups, 2);
	CHECK(sum.hits == 5 && sum.misses == 8 && sum.cold == 2);
	CHECK_NUMBER(sum.input, 5 * UINT64_C(9007199254740993));
	CHECK(sum.usd.units == t.usd.units * 5);
	groups = 0;
	CHECK(store_forget(s, g.scope, &why) && store_tallies(s, take_tally, NULL, &why));
	CHECK_NUMBER(groups, 1);
	groups = 0;
	CHECK(store_close(s, &why));
}

static void
check_engine(void)
{
	notes_seen = groups = 0;
	check_round();
	check_purge();
	check_bounds();
	check_claims();
	check_tallies();
}

/* The server's process; 0 where there is none. */
static pid_t
start_server(void)
{
	char socket_name[64];
	pid_t pid;

	snprintf(socket_name, sizeof(socket_name), "%s/sock", folder);
	snprintf(url, sizeof(url), "unix://%s?db=3", socket_name);
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0), dup2(null, 1), dup2(null, 2);
		execlp("redis-server", "redis-server", "--port", "0", "--unixsocket",
		    socket_name, "--dir", folder, "--save", "", (char *)NULL);
		_exit(127);
	}
	for (int i = 0; pid > 0 && i < 400; i++) {
		struct timespec pause = { 0, 25000000 };

		if (waitpid(pid, NULL, WNOHANG) == pid)
			return 0;
		if (access(socket_name, F_OK) == 0)
			return pid;
		nanosleep(&pause, NULL);
	}
	return pid > 0 ? pid : 0;
}

int
main(void)
{
	char name[80];
	pid_t server = 0;

	if (!mkdtemp(folder))
		return 99;
	snprintf(url, sizeof(url), "%s/s", folder);
	check_engine();
	unlink(url);
	if (store_url_good("redis://h", &why) && (server = start_server()) > 0)
		check_engine();
	else
		check_group("# SKIP a server: no redis-server, or built without hiredis");
	if (server) {
		kill(server, SIGKILL);
		waitpid(server, NULL, 0);
	}
	snprintf(name, sizeof(name), "%s/sock", folder);
	unlink(name);
	rmdir(folder);
	arena_close(&arena);
	return check_finish();
}
