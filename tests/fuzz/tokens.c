/* SPDX-License-Identifier: MIT */
/* The counters on any bytes: count and ids agree, ids spell the decoded text, pieces cover it,
 * and each piece is merged as the plain definition says. A first byte of 'R' reads a rank file.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "tokens/encoding.h"
#include "tokens/image.h"
#include "tokens_compare.h"

#define PLAIN_MOST 600 /* bytes: the plain definition is quadratic */

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "tokens: %s\n", what);
	abort();
}

static void
check_piece(const struct encoding *e, struct slice piece, struct merge *m)
{
	uint32_t cut[PLAIN_MOST + 1];
	size_t count;

	if (piece.len > PLAIN_MOST)
		return;
	merge_piece(e->vocab, piece, m);
	count = merge_by_definition(e->vocab, piece, cut);
	must(count == m->count, "as many tokens as the plain merge has");
	for (size_t i = 0; i < count; i++)
		must(slice_eq(vocab_bytes(e->vocab, m->id[i]),
			 slice_of(piece.ptr + cut[i], cut[i + 1] - cut[i])),
		    "the tokens of the plain merge");
}

static void
check_encoding(const struct encoding *e, struct slice text, struct slice decoded)
{
	struct merge m = { .id = m.few, .room = MERGE_FEW };
	size_t room = decoded.len + 1, count, at = 0;
	uint32_t *ids = mem_grow(NULL, room, sizeof *ids);

	count = encoding_ids(e, text, ids, room);
	must(count == encoding_count(e, text), "count and ids");
	must(count == encoding_count(e, text), "count again");
	must(count == encoding_count(e, decoded), "the decoded text");
	for (size_t i = 0; i < count; i++) {
		struct slice bytes = encoding_bytes(e, ids[i]);

		must(slice_starts(slice_drop(decoded, at), bytes), "ids spell the text");
		at += bytes.len;
	}
	must(at == decoded.len, "ids spell all of it");
	for (size_t from = 0, end; from < decoded.len; from = end) {
		struct slice piece;

		must(e->split(e->pattern, decoded, from, &end, 1) == 1, "one more piece");
		must(end > from && end <= decoded.len, "a piece of the text");
		piece = slice_of(decoded.ptr + from, end - from);
		must(utf8_valid(piece) == piece.len, "a piece of whole characters");
		check_piece(e, piece, &m);
	}
	merge_free(&m);
	free(ids);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	struct buf decoded = { 0 };
	uint32_t width, height;
	const char *why;

	if (size && data[0] == 'R')
		must(
		    !encoding_of_ranks(slice_drop(text, 1), &why) && *why, "no ranks so small");
	image_header(text, &width, &height);
	utf8_lossy(text, &decoded);
	must(utf8_valid(buf_slice(&decoded)) == decoded.len, "decoded text is valid");
	check_encoding(encoding_find(SLICE("o200k_base")), text, buf_slice(&decoded));
	check_encoding(encoding_find(SLICE("cl100k_base")), text, buf_slice(&decoded));
	buf_free(&decoded);
	return 0;
}
