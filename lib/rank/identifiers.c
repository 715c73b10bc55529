/* SPDX-License-Identifier: MIT */
/* Units that hold an identifier of the question to the letter. */
#include "rank/score_parts.h"

#define IDENTIFIERS 8
#define PINNED_MOST 4
#define NAMED 100 /* more than all signs together */

/* The next word of the question that is an identifier: 6 bytes or more with 3 digits, or 5
 * digits. */
static bool
identifier_next(struct slice *rest, struct slice *id)
{
	while (rest->len) {
		size_t n = 0;
		size_t digits = 0;
		struct slice word;

		while (rest->len && memchr(" \t\r\n\"'`(),;?!", rest->ptr[0], 13))
			*rest = slice_drop(*rest, 1);
		while (n < rest->len && !memchr(" \t\r\n\"'`(),;?!", rest->ptr[n], 13))
			digits += rest->ptr[n] >= '0' && rest->ptr[n] <= '9', n++;
		word = slice_take(*rest, n);
		*rest = slice_drop(*rest, n);
		/* signs of JSON that has no blanks */
		while (word.len && memchr(":[{", word.ptr[0], 3))
			word = slice_drop(word, 1);
		while (word.len && memchr(".:]}", word.ptr[word.len - 1], 4))
			word.len--;
		if (digits >= 5 || (digits >= 3 && word.len >= 6)) {
			*id = word;
			return true;
		}
	}
	return false;
}

void
score_identifiers(struct units *u, struct slice question, float *score)
{
	struct slice id;

	for (size_t n = 0; n < IDENTIFIERS && identifier_next(&question, &id); n++) {
		size_t found[PINNED_MOST], count = 0;

		for (size_t i = 0; i < u->count && count <= PINNED_MOST; i++) {
			struct slice t = said(u->list[i].text, u->arena);

			if (t.len < id.len || !memmem(t.ptr, t.len, id.ptr, id.len))
				continue;
			if (count < PINNED_MOST)
				found[count] = i;
			count++;
		}
		for (size_t i = 0; i < count && count <= PINNED_MOST; i++) {
			enum unit_kind kind = u->list[found[i]].kind;

			score[found[i]] += NAMED;
			u->list[found[i]].pinned |= kind != UNIT_CODE && kind != UNIT_TURN &&
						    unit_is_body(&u->list[found[i]]);
		}
	}
}
