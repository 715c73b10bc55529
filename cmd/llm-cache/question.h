/* SPDX-License-Identifier: MIT */
/* The question of a request: its last text of the user, and all else that must be equal. */
#ifndef QUESTION_H
#define QUESTION_H

#include "key.h"

#define QUESTION_MOST \
	4096 /* bytes: a longer text is no question, and its vector means little */

struct question {
	struct slice text;
	/* of the key of the same request without this text: system text, tools, format, model,
	 * scope, earlier turns and all other members */
	unsigned char rest[DIGEST_SIZE];
};

/* Why the request has no question that another could share, or NULL. turns: earlier turns and
 * what tools gave may stand before it. The text lives in the arena or the record. */
const char *question_read(const struct request *q, struct value scope, bool turns,
    struct arena *a, struct question *out);
/* The same of the request of a key, as the store has it; the text lives in the arena. */
const char *question_of_key(
    struct slice request, bool turns, struct arena *a, struct question *out);

#endif
