/* SPDX-License-Identifier: MIT */
/* The store: what goes in comes out, partitions, damage, foreign files, many processes at once.
 */
#include "check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/pack.h"
#include "store/store.h"

static char folder[] = "/tmp/store.XXXXXX";
static char file[64];
static const char *why;
static struct arena arena;

static struct store_entry
entry(unsigned n, const char *scope)
{
	struct store_entry e = { .scope = slice_z(scope),
		.model = SLICE("gpt-4o"),
		.meta = SLICE("{\"usage\":null}"),
		.stored = 1000,
		.expires = INT64_MAX };

	digest_of(arena_printf(&arena, "key %u", n), e.key);
	e.request = arena_printf(&arena, "[1,\"request %u\"]", n);
	e.body = arena_printf(
	    &arena, "{\"status_code\":200,\"body\":{\"n\":%u,\"text\":\"%0100u\"}}", n, n);
	return e;
}

static bool
is_there(struct store *s, unsigned n, const char *scope)
{
	struct store_entry want = entry(n, scope), got;

	return store_get(s, want.scope, want.key, &arena, &got) &&
	       slice_eq(got.body, want.body) && slice_eq(got.request, want.request) &&
	       slice_eq(got.scope, want.scope) && slice_eq(got.model, want.model) &&
	       slice_eq(got.meta, want.meta) && got.stored == want.stored &&
	       got.expires == want.expires;
}

static void
put_one(struct store *s, unsigned n, const char *scope)
{
	struct store_entry e = entry(n, scope);

	CHECK(store_put(s, &e, &why));
}

static void
check_round(void)
{
	struct store *s = store_open(file, false, &why);
	struct store_entry e;
	struct stat st;
	char *large = mem_alloc(3 << 20);

	check_group("what goes in comes out; partitions are apart; the later one stays");
	CHECK(s != NULL);
	put_one(s, 1, "");
	put_one(s, 1, "\"tenant\"");
	put_one(s, 2, "\"tenant\"");
	CHECK(store_commit(s, &why));
	CHECK(
	    is_there(s, 1, "") && is_there(s, 1, "\"tenant\"") && is_there(s, 2, "\"tenant\""));
	CHECK(!is_there(s, 2, "") && !is_there(s, 2, "\"other\"") && !is_there(s, 3, ""));
	memset(large, 'x', 3 << 20);
	e = entry(4, "");
	e.body = slice_of(large, 3 << 20);
	CHECK(store_put(s, &e, &why) && store_commit(s, &why));
	CHECK(store_get(s, SLICE(""), e.key, &arena, &e) && e.body.len == 3 << 20);
	e = entry(4, "");
	e.body = SLICE("short");
	CHECK(store_put(s, &e, &why) && store_commit(s, &why));
	CHECK(store_get(s, SLICE(""), e.key, &arena, &e));
	CHECK_SLICE(e.body, "short");
	CHECK_NUMBER(store_damaged(s), 0);
	CHECK(store_trouble(s) == NULL && store_close(s, &why));
	CHECK(stat(file, &st) == 0 && (st.st_mode & 0777) == 0600);
	free(large);
}

static void
count_one(struct store *s, struct slice scope, bool hit)
{
	struct store_group group = { .scope = scope, .rule = SLICE("r"), .model = SLICE("m") };
	struct store_tally tally = { .hits = hit, .misses = !hit, .input = hit * 10u };

	/* 0.60 dollars and the smallest unit: cents carry, and nothing is lost */
	tally.usd.units = hit ? (__int128)60 * INT64_C(1000000000000000000) + 1 : 0;
	store_count(s, &group, &tally);
}

struct wanted_tally {
	struct slice scope;
	struct store_tally got;
	unsigned found, rows;
};

static void
take_tally(void *context, const struct store_group *group, const struct store_tally *tally)
{
	struct wanted_tally *w = context;

	w->rows++;
	if (!slice_eq(group->scope, w->scope))
		return;
	w->found++;
	w->got = *tally;
}

static void
check_counts(void)
{
	struct store *s = store_open(file, false, &why);
	struct wanted_tally w = { .scope = SLICE("\"a\"") };
	char usd[64];

	check_group("look-ups are added up, over processes and over many partitions");
	count_one(s, w.scope, false);
	for (int i = 0; i < 5; i++)
		count_one(s, w.scope, i < 3);
	for (int i = 0; i < 3000; i++)
		count_one(s, arena_printf(&arena, "t%d", i), false);
	CHECK(store_close(s, &why));
	s = store_open(file, false, &why);
	count_one(s, w.scope, false);
	count_one(s, w.scope, true);
	CHECK(store_commit(s, &why) && store_tallies(s, take_tally, &w, &why));
	CHECK_NUMBER(w.rows, 3001);
	CHECK_NUMBER(w.found, 1);
	CHECK_NUMBER(w.got.hits, 4);
	CHECK_NUMBER(w.got.misses, 4);
	CHECK_NUMBER(w.got.cold, 1);
	CHECK_NUMBER(w.got.input, 40);
	CHECK(strcmp(usd_write(w.got.usd, usd), "2.40000000000000000004") == 0);
	CHECK(store_forget(s, w.scope, &why));
	w = (struct wanted_tally){ .scope = w.scope };
	CHECK(store_tallies(s, take_tally, &w, &why) && w.rows == 3000 && w.found == 0);
	CHECK(store_close(s, &why));
}

/* Turns every byte of the answer of entry 1 inside the file, and asks for the entry. */
static void
check_damage(void)
{
	struct slice mark = SLICE("{\"status_code\":200,\"body\":{\"n\":7");
	struct store *s = store_open(file, false, &why);
	struct store_entry e = entry(7, "");
	char *bytes = mem_alloc(1 << 20), *at;
	ssize_t size;
	int fd, missed = 0;

	check_group("a turned byte in an entry is noticed, wherever it stands");
	e.body = SLICE("{\"status_code\":200,\"body\":{\"n\":7}}");
	CHECK(store_put(s, &e, &why) && store_commit(s, &why) && store_close(s, &why));
	fd = open(file, O_RDWR);
	size = read(fd, bytes, 1 << 20);
	at = size > 0 ? memmem(bytes, (size_t)size, mark.ptr, mark.len) : NULL;
	CHECK(at != NULL);
	for (int i = -60; at && i < (int)mark.len; i++) {
		struct store_entry got;
		char turned = (char)(at[i] ^ 0x10);

		CHECK(pwrite(fd, &turned, 1, at + i - bytes) == 1);
		s = store_open(file, false, &why);
		if (s && store_get(s, SLICE(""), e.key, &arena, &got))
			missed +=
			    !slice_eq(got.body, e.body) || !slice_eq(got.request, e.request);
		else if (i >= 0)
			CHECK(s && store_damaged(s) == 1);
		store_close(s, &why);
		CHECK(pwrite(fd, &at[i], 1, at + i - bytes) == 1);
	}
	CHECK_NUMBER(missed, 0);
	close(fd);
	free(bytes);
}

static void
patch(long offset, const char *bytes, size_t len)
{
	int fd = open(file, O_RDWR);

	CHECK(fd >= 0 && pwrite(fd, bytes, len, offset) == (ssize_t)len);
	close(fd);
}

static void
check_refusals(void)
{
	char link[80];
	struct store *s;

	check_group("newer formats, other programs' files, links, other kinds of store: "
		    "refused by name");
	patch(60, "\0\0\0\7", 4); /* user_version in the header of a database */
	CHECK(!store_open(file, false, &why) && strstr(why, "version 7"));
	patch(60, "\0\0\0\4", 4);
	patch(68, "fish", 4); /* application_id */
	CHECK(!store_open(file, false, &why) && strstr(why, "another program"));
	patch(68, "llmc", 4);
	s = store_open(file, true, &why);
	CHECK(s && is_there(s, 1, ""));
	CHECK(s && !store_put(s, &(struct store_entry){ .scope = SLICE("") }, &why));
	CHECK(store_close(s, &why));
	snprintf(link, sizeof(link), "%s/link", folder);
	CHECK(symlink(file, link) == 0 && !store_open(link, false, &why) &&
	      strstr(why, "symbolic"));
	CHECK(unlink(link) == 0 && !store_open(link, true, &why) && strstr(why, "exist"));
	CHECK(!store_open("rediss://host/0", false, &why) && strstr(why, "TLS"));
	CHECK(
	    chmod(file, 0644) == 0 && !store_open(file, false, &why) && strstr(why, "others"));
	CHECK(chmod(file, 0600) == 0);
	patch(0, "no database at all, but text that is long enough to be one", 58);
	CHECK(!store_open(file, false, &why) && strstr(why, "damaged"));
	CHECK(unlink(file) == 0);
}

static void
check_packing(void)
{
	struct buf packed = { 0 };
	struct slice plain;
	char text[1000];

	check_group("packed bytes: small, large, empty, cut and turned");
	memset(text, 'a', sizeof(text));
	for (size_t n = 0; n <= sizeof(text); n += 50) {
		buf_clear(&packed);
		pack_write(slice_of(text, n), &packed);
		CHECK(pack_read(buf_slice(&packed), &arena, &plain) &&
		      slice_eq(plain, slice_of(text, n)));
	}
	CHECK(packed.len < 100);
	for (size_t n = 0; n < packed.len; n++)
		CHECK(!pack_read(slice_of(packed.data, n), &arena, &plain));
	packed.data[packed.len - 1] ^= 1;
	CHECK(!pack_read(buf_slice(&packed), &arena, &plain));
	buf_free(&packed);
}

#define WRITERS 64
#define ROUNDS 6

static void
check_many(void)
{
	pid_t pids[WRITERS];
	int status, bad = 0, lost = 0;
	struct store *s;

	check_group(
	    "64 processes make the store and write at once: none is turned away, none lost");
	for (unsigned w = 0; w < WRITERS; w++) {
		pids[w] = fork();
		if (pids[w] != 0)
			continue;
		s = store_open_within(file, false, 120000, &why);
		for (unsigned i = 0; s && i < ROUNDS; i++) {
			struct store_entry e = entry(w * ROUNDS + i, "");

			if (!store_put(s, &e, &why) || !store_commit(s, &why) ||
			    !is_there(s, w * ROUNDS + i, ""))
				_exit(1);
			count_one(s, SLICE(""), true);
		}
		_exit(s && store_close(s, &why) ? 0 : 1);
	}
	for (unsigned w = 0; w < WRITERS; w++) {
		waitpid(pids[w], &status, 0);
		bad += status != 0;
	}
	CHECK_NUMBER(bad, 0);
	s = store_open(file, false, &why);
	for (unsigned n = 0; s && n < WRITERS * ROUNDS; n++)
		lost += !is_there(s, n, "");
	CHECK(s != NULL);
	CHECK_NUMBER(lost, 0);
	CHECK(store_close(s, &why));
}

/* One that looks while another makes the schema must not take the half for somebody else's. */
static void
check_births(void)
{
	int status, refused = 0;

	check_group("8 processes find no store and make it, 60 times: none is turned away");
	for (unsigned round = 0; round < 60; round++) {
		pid_t pids[8];

		unlink(file);
		for (unsigned i = 0; i < 8; i++) {
			pids[i] = fork();
			if (pids[i] == 0)
				_exit(store_close(store_open(file, false, &why), &why) && !why
					  ? 0
					  : 1);
		}
		for (unsigned i = 0; i < 8; i++) {
			waitpid(pids[i], &status, 0);
			refused += status != 0;
		}
	}
	CHECK_NUMBER(refused, 0);
}

int
main(void)
{
	if (!mkdtemp(folder))
		return 99;
	snprintf(file, sizeof(file), "%s/s", folder);
	check_round();
	check_counts();
	check_damage();
	check_refusals();
	check_packing();
	check_many();
	check_births();
	unlink(file);
	rmdir(folder);
	arena_close(&arena);
	return check_finish();
}
