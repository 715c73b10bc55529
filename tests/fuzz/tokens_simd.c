/* SPDX-License-Identifier: MIT */
/* The paths of the token counter on any bytes, at every alignment and cut: each family's cuts,
 * validity, counts, and each piece merged in every way, against the plain ones. */
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "tokens_compare.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
must(bool holds)
{
	if (holds)
		return;
	fprintf(stderr, "tokens_simd: %s\n", compared_wrong);
	abort();
}

/* A copy that ends, or begins, where the memory does. */
static struct slice
at_edge(struct slice text, bool front)
{
	static char *memory;
	static size_t room;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *copy;

	if (!memory || room < text.len) {
		room = (text.len / page + 16) * page;
		memory =
		    mmap(NULL, room + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (memory == MAP_FAILED ||
		    mprotect(memory + page, room, PROT_READ | PROT_WRITE))
			abort();
		memory += page;
	}
	copy = front ? memory : memory + room - text.len;
	memcpy(copy, text.ptr, text.len);
	return slice_of(copy, text.len);
}

static void
check_text(const struct encoding *e, struct slice text)
{
	bool valid = utf8_valid(text) == text.len;

	if (!text.len)
		return;
	must(same_on_paths(e, at_edge(text, false), valid));
	must(same_on_paths(e, at_edge(text, true), valid));
}

/* Whole, and from and to places that the text itself tells. */
static void
check_cuts(const struct encoding *e, struct slice text)
{
	size_t at = 0;

	check_text(e, text);
	for (int i = 0; i < 4 && text.len; i++) {
		at = (at * 31 + (unsigned char)text.ptr[at] + (size_t)i) % text.len;
		if (((unsigned char)text.ptr[at] & 0xc0) == 0x80)
			continue;
		check_text(e, slice_drop(text, at));
		check_text(e, slice_take(text, at));
	}
}

static void
check_tokens(const struct encoding *e, const struct split_family *f, struct slice text)
{
	uint64_t count = count_by_definition(e, f, text);

	if (text.len && count != UINT64_MAX && encoding_count(e, text) != count) {
		snprintf(compared_wrong, sizeof compared_wrong,
		    "%s is not counted by the definition", e->name);
		must(false);
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	const struct encoding *o200k = encoding_find(SLICE("o200k_base"));
	const struct encoding *cl100k = encoding_find(SLICE("cl100k_base"));
	struct slice text = slice_of((const char *)data, size);
	struct buf decoded = { 0 };

	if (size == 0 || size > 4096)
		return 0;
	utf8_lossy(text, &decoded);
	check_text(o200k, text);
	check_cuts(o200k, buf_slice(&decoded));
	check_text(cl100k, buf_slice(&decoded));
	if (decoded.len < 1000) {
		check_tokens(o200k, &family_o200k, buf_slice(&decoded));
		check_tokens(cl100k, &family_cl100k, buf_slice(&decoded));
	}
	must(same_merges(o200k->vocab, slice_take(text, 150)));
	must(same_merges(cl100k->vocab, slice_take(text, 150)));
	buf_free(&decoded);
	return 0;
}
