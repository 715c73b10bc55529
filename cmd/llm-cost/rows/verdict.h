/* SPDX-License-Identifier: MIT */
/* Verdicts on answers: on the answer's own record, or on a line of its own that names the
 * answer by llm.for or by id, such as a judge's line or a user's flag. */
#ifndef COST_VERDICT_H
#define COST_VERDICT_H

#include "base/hash.h"
#include "json/path.h"
#include "model/judgement.h"
#include "traits.h"

struct verdict_line {
	struct slice of; /* id of the answer it is about; ptr NULL: the line tells none */
	bool side;       /* the line is a side call: its own answer is the judge's text */
	enum judgement word;
};
/* Of a line that row_read has read, whatever it is. at is where verdicts stand, or NULL;
 * scores are fine from `least` millionths on. */
void verdict_read(const struct record *r, const struct row *row, const struct path *at,
    uint64_t least, struct verdict_line *out);

/* Verdicts by the id of the answer. */
struct verdict_book {
	struct hash_map ids;
	unsigned char *said; /* by index: 1 fine, 2 worse, 3 both */
};
/* All of these files; memory grows with their ids. */
void verdict_book_load(struct verdict_book *b, const struct option_list *files);
/* What they say of the answer; JUDGED_NOT where nothing, or not alike. */
enum judged verdict_book_find(
    const struct verdict_book *b, const struct record *r, const struct row *row);
void verdict_book_free(struct verdict_book *b);

#endif
