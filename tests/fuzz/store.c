/* SPDX-License-Identifier: MIT */
/* lib/store: bytes of journals, of packed answers and of the table of mounts, as a kill, a bad
 * disk or the kernel may leave them. What is packed must come back as it was. */
#include <stdio.h>
#include <stdlib.h>

#include "store/journal.h"
#include "store/pack.h"
#include "store/place.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "store: %s\n", what);
	abort();
}

static void
check_journal(struct slice text)
{
	struct slice rest = text, line;
	const char *end = text.ptr;

	while (journal_split(&rest, &line)) {
		must(line.ptr >= end && line.ptr + line.len < text.ptr + text.len,
		    "a line lies in the text");
		must(slice_find(line, '\n') == line.len && slice_trim(line).len > 0,
		    "a line is one line");
		must(line.ptr[line.len] == '\n', "a line is whole");
		end = line.ptr + line.len + 1;
	}
	must(slice_find(rest, '\n') == rest.len, "only a cut line is left");
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct slice all = slice_of((const char *)data, size), plain, kind;
	struct arena arena = { 0 };
	struct buf packed = { 0 };

	check_journal(all);
	kind = place_fuse(all, 0, 51);
	must(!kind.ptr || slice_starts(kind, SLICE("fuse.")), "only FUSE is told");
	/* a frame may claim a gigabyte and hold nothing: only those with a short size are tried
	 */
	if (size < 6 || data[0] != 1 || data[5] >> 6 < 2)
		pack_read(all, &arena, &plain);
	pack_write(all, &packed);
	must(packed.len <= size + 1, "packed is never larger, but for its first byte");
	must(pack_read(buf_slice(&packed), &arena, &plain) && slice_eq(plain, all),
	    "packed comes back");
	buf_free(&packed);
	arena_close(&arena);
	return 0;
}
