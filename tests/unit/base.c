/* SPDX-License-Identifier: MIT */
/* lib/base: slices, buffers, arenas, hash maps, times, values of options. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/digest.h"
#include "base/hash.h"
#include "base/options.h"
#include "base/when.h"
#include "check.h"

static void
check_slices(void)
{
	check_group("slice");
	CHECK(slice_eq(SLICE("a\0b"), slice_of("a\0b", 3)));
	CHECK(!slice_eq(SLICE("ab"), SLICE("abc")));
	CHECK(
	    slice_starts(SLICE("abc"), SLICE("ab")) && !slice_starts(SLICE("a"), SLICE("ab")));
	CHECK(slice_ends(SLICE("abc"), SLICE("bc")) && !slice_ends(SLICE("c"), SLICE("bc")));
	CHECK_NUMBER(slice_cmp(SLICE("a"), SLICE("ab")), -1);
	CHECK_NUMBER(slice_cmp(SLICE("b"), SLICE("ab")), 1);
	CHECK_NUMBER(slice_cmp(SLICE("\x80"), SLICE("a")), 1);
	CHECK_SLICE(slice_drop(SLICE("abc"), 9), "");
	CHECK_SLICE(slice_head(SLICE("a\xC3\xA9z"), 2), "a");
	CHECK_SLICE(slice_head(SLICE("a\xC3\xA9z"), 3), "a\xC3\xA9");
	CHECK_SLICE(slice_head(SLICE("\xC3\xA9"), 2), "\xC3\xA9");
	CHECK_SLICE(slice_tail(SLICE("a\xC3\xA9z"), 2), "z");
	CHECK_SLICE(slice_tail(SLICE("a\xC3\xA9z"), 3), "\xC3\xA9z");
	CHECK_SLICE(slice_tail(SLICE("ab"), 0), "");
	CHECK_SLICE(slice_tail(SLICE("ab"), 9), "ab");
	CHECK_SLICE(slice_trim(SLICE(" \t a b\r\n")), "a b");
	CHECK_NUMBER(slice_find(SLICE("abc"), 'c'), 2);
	CHECK_NUMBER(slice_find(SLICE("abc"), 'x'), 3);
}

static void
check_buffers(void)
{
	struct buf b = { 0 };
	struct arena a = { 0 };
	struct slice copy;

	check_group("buf and arena");
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "%d,", i);
	CHECK_NUMBER(b.len, 10 * 2 + 90 * 3 + 900 * 4);
	buf_clear(&b);
	buf_add_number(&b, UINT64_MAX);
	buf_add_byte(&b, ' ');
	buf_add_number(&b, 0);
	CHECK_SLICE(buf_slice(&b), "18446744073709551615 0");
	for (int round = 0; round < 3; round++) {
		char *first = arena_alloc(&a, 1);

		CHECK((uintptr_t)first % 16 == 0);
		for (int i = 0; i < 2000; i++)
			memset(arena_alloc(&a, (size_t)i), 0xAA, (size_t)i);
		copy = arena_copy(&a, SLICE("kept"));
		memset(arena_alloc(&a, 3 << 20), 0xBB, 3 << 20);
		CHECK_SLICE(copy, "kept");
		CHECK_SLICE(arena_printf(&a, "%s-%d", "x", 7), "x-7");
		for (size_t i = 0, room = 0, *list = NULL; i < 1000; i++) {
			list = arena_more(&a, list, i, &room, sizeof(*list));
			list[i] = i;
			CHECK(room > i && list[i / 2] == i / 2);
		}
		arena_reset(&a);
	}
	arena_close(&a);
	buf_free(&b);
}

static void
check_maps(void)
{
	struct hash_map m = { 0 };
	char key[16];
	bool added;

	check_group("hash map");
	CHECK(hash_map_find(&m, SLICE("x")) == SIZE_MAX);
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		CHECK_NUMBER(hash_map_add(&m, slice_z(key), &added), i);
		CHECK(added);
	}
	CHECK_NUMBER(hash_map_add(&m, SLICE("k77"), &added), 77);
	CHECK(!added);
	CHECK_NUMBER(hash_map_find(&m, SLICE("k4999")), 4999);
	CHECK(hash_map_find(&m, SLICE("k5000")) == SIZE_MAX);
	CHECK_NUMBER(hash_map_add(&m, SLICE(""), NULL), 5000);
	CHECK_SLICE(m.keys[77], "k77");
	hash_map_free(&m);
}

static void
check_times(void)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2026-11-21T10:00:00Z", 1795255200000 },
		{ "2026-11-21T11:00:00+01:00", 1795255200000 },
		{ "2026-11-21T05:30:00-0430", 1795255200000 },
		{ "2026-11-21 10:00:00.123456Z", 1795255200123 },
		{ "2026-11-21", 1795219200000 },
		{ "2024-02-29T00:00:00Z", 1709164800000 },
		{ "2016-12-31T23:59:60Z", 1483228800000 },
		{ "1795255200", 1795255200000 },
		{ "1795255200.5", 1795255200500 },
		{ "1795255200123", 1795255200123 },
		{ "2023-02-29", WHEN_NONE },
		{ "2026-13-01", WHEN_NONE },
		{ "2026-11-21T10:00:00", WHEN_NONE },
		{ "2026-11-21T10:61:00Z", WHEN_NONE },
		{ "", WHEN_NONE },
		{ "soon", WHEN_NONE },
		{ "12x", WHEN_NONE },
		{ "99999999999999999999", WHEN_NONE },
	};
	char text[25];

	check_group("when");
	CHECK_NUMBER(
	    when_read(slice_of((char[10]){ 0 }, 10)), WHEN_NONE); /* no day was read yet */
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		CHECK_NUMBER(when_read(slice_z(cases[i].text)), cases[i].ms);
	when_write(1795255200123, text);
	CHECK_SLICE(slice_z(text), "2026-11-21T10:00:00.123Z");
	when_write(-1, text);
	CHECK_SLICE(slice_z(text), "1969-12-31T23:59:59.999Z");
	when_fix(42);
	CHECK_NUMBER(when_now(), 42);
}

static void
check_values(void)
{
	int64_t ms;
	uint64_t n;

	check_group("values of options");
	CHECK(options_duration("10ms", &ms) && ms == 10);
	CHECK(options_duration("1.5h", &ms) && ms == 5400000);
	CHECK(options_duration("2d", &ms) && ms == 172800000);
	CHECK(options_duration("inf", &ms) && ms == INT64_MAX);
	CHECK(options_duration("0", &ms) && ms == 0);
	CHECK(!options_duration("5", &ms) && !options_duration("5x", &ms) &&
	      !options_duration("", &ms));
	CHECK(options_size("64K", &n) && n == 65536);
	CHECK(!options_size("-1", &n) && !options_size("99999999999999999999", &n) &&
	      !options_size("1KB", &n));
	CHECK(options_share("5%", &n) && n == 50000);
	CHECK(options_share("0.05", &n) && n == 50000);
	CHECK(options_share("1", &n) && n == 1000000);
	CHECK(!options_share("x", &n) && !options_share("5 %", &n));
}

static void
check_names(void)
{
	static const char *const names[] = { "rejects", "prices", "output" };

	check_group("did you mean");
	CHECK_SLICE(slice_z(options_nearest("reject", names, 3)), "rejects");
	CHECK_SLICE(slice_z(options_nearest("pirces", names, 3)), "prices");
	CHECK(options_nearest("x", names, 3) == NULL);
	CHECK(options_nearest("something", names, 3) == NULL);
}

static void
check_clean(void)
{
	check_group("text for a terminal");
	CHECK_SLICE(slice_z(diag_clean(SLICE("a\x1b[31mb"))), "a?[31mb");
	CHECK_SLICE(slice_z(diag_clean(SLICE("\xC3\xA9 \xC2\x9B \xFF"))), "\xC3\xA9 ?? ?");
	CHECK_SLICE(slice_z(diag_clean(SLICE("a\xE2\x80\xAE"
					     "b"))),
	    "a???b");
}

static void
check_digest(void)
{
	unsigned char d[DIGEST_SIZE];
	char hex[2 * DIGEST_SIZE + 1];

	check_group("digest");
	digest_of(SLICE("abc"), d); /* FIPS 180-2, B.1 */
	digest_hex(d, DIGEST_SIZE, hex);
	CHECK_SLICE(
	    slice_z(hex), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
check_status(void)
{
	check_group("status: 2, 3, 1, 5, 4");
	status_raise(STATUS_REJECTED);
	CHECK_NUMBER(status_get(), 4);
	status_raise(STATUS_LATER);
	CHECK_NUMBER(status_get(), 5);
	status_raise(STATUS_NO);
	CHECK_NUMBER(status_get(), 1);
	status_raise(STATUS_FAILED);
	status_raise(STATUS_REJECTED);
	CHECK_NUMBER(status_get(), 3);
	status_raise(STATUS_USAGE);
	CHECK_NUMBER(status_get(), 2);
}

int
main(void)
{
	check_slices();
	check_buffers();
	check_maps();
	check_times();
	check_values();
	check_names();
	check_clean();
	check_digest();
	check_status();
	return check_finish();
}
