/* SPDX-License-Identifier: MIT */
/* Tokenizer files of any bytes: refused with a reason, or pieces cover a text and tokens spell
 * their piece. A first byte of 'P' is followed by a pattern, 'R' by a rank file that is cut as
 * gpt2 is. */
#include <stdio.h>
#include <stdlib.h>

#include "tokens/made.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* Short, as a pattern may take exponential time. */
static const char text[] = "It's 12\n <t>\xc3\xa9 ab";

static void
must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "tokenizer_json: %s\n", what);
	abort();
}

static void
check_pattern(struct slice source)
{
	struct refusal why = { "" };
	struct regex *r = regex_compile(source, &why);
	struct buf classes = { 0 };
	size_t from = 0, start, end;
	int64_t budget = regex_budget(0);

	must(r || why.text[0], "a reason");
	if (r) {
		regex_classes(r, slice_z(text), &classes);
		while (regex_next(r, buf_slice(&classes), from, &budget, &start, &end)) {
			must(start >= from && end > start && end <= classes.len,
			    "a match goes on");
			from = end;
		}
	}
	buf_free(&classes);
	regex_free(r);
}

/* A piece of the text: its tokens spell it. */
static void
check_piece(const struct encoding *e, struct slice piece)
{
	struct merge m = { .id = m.few, .room = MERGE_FEW };
	size_t at = 0;

	e->piece(e->bpe, piece, &m);
	for (size_t i = 0; i < m.count; i++) {
		struct slice bytes = e->bytes(e->bpe, m.id[i]);

		must(bytes.len && slice_starts(slice_drop(piece, at), bytes),
		    "tokens spell their piece");
		at += bytes.len;
	}
	must(at == piece.len, "all of it");
	merge_free(&m);
}

static void
check_part(void *context, struct slice part, uint32_t id)
{
	const struct encoding *e = context;
	size_t from = 0, end;

	must(part.len > 0, "no empty part");
	if (id != VOCAB_NONE)
		return;
	while (e->split(e->pattern, part, from, &end, 1)) {
		must(end > from && end <= part.len, "a piece goes on");
		check_piece(e, slice_of(part.ptr + from, end - from));
		from = end;
	}
	must(from == part.len, "pieces cover a part");
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct slice all = slice_of((const char *)data, size), split = { NULL, 0 };
	struct made m = { .stage_count = 0 };

	if (size && data[0] == 'P') {
		check_pattern(slice_drop(all, 1));
		return 0;
	}
	if (size && data[0] == 'R') {
		split = SLICE("gpt2");
		all = slice_drop(all, 1);
	}
	if (!made_of_file(&m, all, split))
		must(m.why.text[0], "a reason");
	else if (m.parts.split && m.parts.parts)
		m.parts.parts(m.parts.rules, slice_z(text), check_part, &m.parts);
	else if (m.parts.split)
		check_part(&m.parts, slice_z(text), VOCAB_NONE);
	made_free(&m);
	return 0;
}
