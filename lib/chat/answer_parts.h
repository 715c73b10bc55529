/* SPDX-License-Identifier: MIT */
/* An answer between its reader and its writer. */
#ifndef CHAT_ANSWER_PARTS_H
#define CHAT_ANSWER_PARTS_H

#include "chat/answer.h"
#include "chat/parts.h"
#include "model/usage.h"

enum end { END_UNSAID, END_STOP, END_LENGTH, END_TOOLS, END_FILTER };

struct answer {
	struct slice id, model; /* JSON strings */
	struct chat_message said;
	enum end end;
	struct usage usage;
	struct arena *arena;
};

/* The members of the answer in that form. */
void answer_write_chat(struct writer *w, const struct answer *x);
void answer_write_responses(struct writer *w, const struct answer *x);
void answer_write_messages(struct writer *w, const struct answer *x);
void answer_write_gemini(struct writer *w, const struct answer *x);

#endif
