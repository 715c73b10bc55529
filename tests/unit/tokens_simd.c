/* SPDX-License-Identifier: MIT */
/* The paths of the token counter against each other and against the plain way; nothing is read
 * past the end of a text. `tokens_simd 300000` takes so many random strings. */
#include <dirent.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "check.h"
#include "tokens_compare.h"

#define GUARDED 65536

/* Memory between two pages that nobody may touch. */
static char *
guarded(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *all =
	    mmap(NULL, GUARDED + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (all == MAP_FAILED || mprotect(all + page, GUARDED, PROT_READ | PROT_WRITE) != 0)
		exit(99);
	return all + page;
}

static const char *const bits[] = { "a", "b", "Z", "the", " the", "Hello", " ", " ", "  ", "\n",
	"\r\n", "\t", "'", "'s", "'S", "'re", "'LL", "'ve", "'\xc5\xbf", "1", "22", "345678",
	"/", "//", ".", "!", "--", "_", "#", "\xc3\xa9", "\xc3\x89", "\xd0\xb4\xd0\xb0",
	"\xd0\x94", "\xe4\xb8\xad", "\xe5\x9b\xbd\xe4\xba\xba", "\xe3\x80\x82", "\xe3\x80\x80",
	"\xc2\xa0", "\xe3\x83\x97\xe3\x83\xad", "\xcc\x81",
	"\xe0\xa4\x95\xe0\xa5\x8d\xe0\xa4\xb7", "\xe0\xa6\xae\xe0\xa6\xbe", "\xf0\x9f\x99\x82",
	"\xf0\x9f\x8f\xbd", "\xe2\x80\x8d", "\xd9\xa1", "\xc2\xbd", "\xc7\x85", "\xca\xb0",
	"\xef\xbb\xbf", "\xd7\xa9\xd7\x9c", "\xea\xb0\x80", "\xf0\x9d\x9f\x98", "\xc2\x85",
	"\xe2\x80\xa8", "\xe2\x80\x99", "camelCase", "HTTP", "                    ",
	"================", "aaaaaaaaaaaaaaaa",
	"0c4f-9e", "\": \"", "7d31b2", "2026-03-14T09:05:17.250Z" };
static const char *const torn[] = { "\xff", "\xc3", "\xe4\xb8", "\xf0\x9f\x99", "\xed\xa0\x80",
	"\xc0\xaf", "\xf4\x90\x80\x80", "\x80" };

static uint32_t seed;

static uint32_t
next_random(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)seed * below >> 32);
}

/* A text of a few pieces, or of many; few of them at a time, so that there are runs. */
static void
make_text(struct buf *out, uint32_t round)
{
	uint32_t parts = 1 + next_random(round % 4 ? 24 : 90), kinds = 1 + next_random(12);
	uint32_t first = next_random(COMPARED(bits));

	buf_clear(out);
	for (uint32_t i = 0; i < parts; i++) {
		uint32_t k =
		    round % 3 ? first + next_random(kinds) : next_random(COMPARED(bits));

		buf_add(out, slice_z(bits[k % COMPARED(bits)]));
		if (round % 16 == 0 && next_random(8) == 0)
			buf_add(out, slice_z(torn[next_random(COMPARED(torn))]));
	}
}

static void
check_random(const struct encoding *e, uint32_t rounds)
{
	char *memory = guarded();
	struct buf text = { 0 };

	check_group("random strings at both ends of the memory");
	seed = 7;
	for (uint32_t round = 0; round < rounds; round++) {
		struct slice copy;

		make_text(&text, round);
		copy = slice_of(round % 2 ? memory : memory + GUARDED - text.len, text.len);
		memcpy(memory + (copy.ptr - memory), text.data, text.len);
		if (!same_on_paths(e, copy, utf8_valid(copy) == copy.len)) {
			printf("# round %u: %s\n", round, compared_wrong);
			CHECK(false);
		}
	}
	buf_free(&text);
}

static void
check_definition(const struct encoding *e, const struct split_family *f, uint32_t rounds)
{
	struct buf text = { 0 };
	uint64_t count;

	check_group("random strings by the definition");
	seed = 11;
	for (uint32_t round = 1; round < rounds; round++) {
		make_text(&text, round);
		if (utf8_valid(buf_slice(&text)) < text.len)
			continue;
		count = count_by_definition(e, f, buf_slice(&text));
		if (count != UINT64_MAX && encoding_count(e, buf_slice(&text)) != count) {
			printf("# round %u\n", round);
			CHECK(false);
		}
	}
	buf_free(&text);
}

static void
check_merges(const struct vocab *v)
{
	struct buf text = { 0 };

	check_group("all ways to merge");
	seed = 3;
	for (uint32_t round = 0; round < 1500; round++) {
		make_text(&text, round);
		if (!same_merges(v, slice_take(buf_slice(&text), 300))) {
			printf("# round %u: %s\n", round, compared_wrong);
			CHECK(false);
		}
	}
	buf_free(&text);
}

/* A long piece is merged in windows, which must not be seen. */
static void
check_windows(const struct vocab *v)
{
	static const char *const units[] = { "a", "=", " ", "ab", "\xe4\xb8\xad", "abcabd",
		"\xcc\x81", "\xe4\xb8\xad\xe5\x9b\xbd\xe4\xba\xba", "aaaaab", "0", "the" };
	struct merge a = { .id = a.few, .room = MERGE_FEW },
		     b = { .id = b.few, .room = MERGE_FEW };
	struct buf text = { 0 };

	check_group("a long piece");
	for (size_t i = 0; i < COMPARED(units); i++) {
		buf_clear(&text);
		for (uint32_t n = 0; text.len < 3000 + 7 * i; n++)
			buf_add(&text, n % 97 == 96 ? SLICE("xy") : slice_z(units[i]));
		merge_piece(v, buf_slice(&text), &a);
		merge_search(v, buf_slice(&text), &b);
		CHECK_NUMBER(a.count, b.count);
		CHECK(a.count == b.count && memcmp(a.id, b.id, a.count * sizeof *a.id) == 0);
		CHECK_NUMBER(merge_count(v, buf_slice(&text)), b.count);
	}
	merge_free(&a);
	merge_free(&b);
	buf_free(&text);
}

static void
check_file(const struct encoding *e, const char *name, size_t most)
{
	struct buf data = { 0 }, text = { 0 };
	FILE *file = fopen(name, "rb");
	size_t n;

	while (
	    file && data.len < most && (n = fread(buf_room(&data, 65536), 1, 65536, file)) > 0)
		data.len += n;
	if (file)
		fclose(file);
	utf8_lossy(buf_slice(&data), &text);
	if (!same_on_paths(e, buf_slice(&text), true)) {
		printf("# %s: %s\n", name, compared_wrong);
		CHECK(false);
	}
	for (struct slice rest = buf_slice(&text); rest.len;) {
		struct slice line = slice_take(rest, slice_find(rest, '\n') + 1);

		CHECK(same_on_paths(e, line, true));
		rest = slice_drop(rest, line.len);
	}
	buf_free(&data);
	buf_free(&text);
}

static void
check_folder(const struct encoding *e, const char *name, size_t most)
{
	DIR *folder = opendir(name);
	struct dirent *entry;
	char path[4096];

	if (!folder) {
		check_file(e, name, most);
		return;
	}
	while ((entry = readdir(folder)))
		if (entry->d_name[0] != '.' && snprintf(path, sizeof path, "%s/%s", name,
						   entry->d_name) < (int)sizeof path)
			check_folder(e, path, most);
	closedir(folder);
}

int
main(int argc, char **argv)
{
	const struct encoding *o200k = encoding_find(SLICE("o200k_base"));
	const struct encoding *cl100k = encoding_find(SLICE("cl100k_base"));
	uint32_t rounds = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 30000;
	const char *data = getenv("LLM_TEST_DATA");

	check_group("paths by name");
	CHECK(path_use("portable"));
	CHECK(!path_use("sse"));
	check_merges(o200k->vocab);
	check_merges(cl100k->vocab);
	check_windows(o200k->vocab);
	check_windows(cl100k->vocab);
	check_random(o200k, rounds);
	check_random(cl100k, rounds);
	check_definition(o200k, &family_o200k, rounds / 20);
	check_definition(cl100k, &family_cl100k, rounds / 20);
	if (data) {
		check_group("files and their lines");
		check_folder(o200k, data, rounds > 100000 ? SIZE_MAX : 65536);
	} else {
		check_skip("files and their lines", "LLM_TEST_DATA is not set");
	}
	return check_finish();
}
