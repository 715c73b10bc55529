/* SPDX-License-Identifier: MIT */
/* What the interfaces share that tell an answer in pieces. For stream.c and stream_*.c. */
#ifndef CHAT_STREAM_PARTS_H
#define CHAT_STREAM_PARTS_H

#include "chat/answer.h"
#include "json/write.h"

#define STREAM_PIECES 256 /* blocks, tool calls or choices of one answer */

/* One block, call or choice that grows. */
struct piece {
	bool open;
	struct slice head, id, name, type, finish, signature; /* JSON, in the arena */
	struct buf text, more;                                /* characters; arguments */
	size_t choice;
};

struct assembly {
	struct arena arena;
	struct json json;
	struct piece *list;
	size_t count;
	struct slice head;        /* the first event's object */
	struct slice usage, stop; /* the last ones told */
	struct buf thought;
	bool done;
	const char *why;
};

/* The value as it stands, in the arena; ptr NULL where it is absent or null. */
struct slice chat_stream_keep(struct assembly *s, struct value v);
/* Adds the characters of a string; nothing for what is none. */
void chat_stream_add(struct assembly *s, struct buf *b, struct value v);
/* The piece of that number, or of otherwise where the number is none; NULL, with s->why, where
 * an answer cannot have so many. */
struct piece *chat_stream_piece(struct assembly *s, struct value index, uint64_t otherwise);
/* "name":raw, where there is one. */
void chat_stream_member(struct writer *w, const char *name, struct slice raw);
/* The members of an object, those of over in place of its own. */
void chat_stream_merge(struct slice object, struct slice over, struct writer *w);

/* For each interface what one event tells, and at the end the answer; false where it is not
 * whole. plain: the older completions. */
void chat_stream_openai_event(struct assembly *s, struct value e);
bool chat_stream_openai_end(struct assembly *s, bool plain, struct writer *w);
void chat_stream_messages_event(struct assembly *s, struct value e);
bool chat_stream_messages_end(struct assembly *s, struct writer *w);
void chat_stream_gemini_event(struct assembly *s, struct value e);
bool chat_stream_gemini_end(struct assembly *s, struct writer *w);

#endif
