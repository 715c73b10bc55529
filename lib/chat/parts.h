/* SPDX-License-Identifier: MIT */
/* What the readers and writers of the forms share. */
#ifndef CHAT_PARTS_H
#define CHAT_PARTS_H

#include <stddef.h>

#include "chat/chat.h"
#include "json/write.h"

bool chat_read_openai(struct value body, struct chat *c, const char **why);
bool chat_read_responses(struct value body, struct chat *c, const char **why);
bool chat_read_anthropic(struct value body, struct chat *c, const char **why);
bool chat_read_gemini(struct value body, struct chat *c, const char **why);
bool chat_read_converse(struct value body, struct chat *c, const char **why);
bool chat_write_openai(
    struct chat *c, enum chat_target target, struct writer *w, const char **why);
bool chat_write_anthropic(
    struct chat *c, uint64_t default_cap, struct writer *w, const char **why);
bool chat_write_gemini(struct chat *c, struct writer *w, const char **why);
bool chat_write_converse(struct chat *c, struct writer *w, const char **why);

/* True where the text is a JSON object. */
bool chat_object(struct slice text);
/* An empty message with room for so many parts. */
void chat_parts_open(struct chat_message *m, enum chat_role role, size_t room, struct arena *a);
struct chat_part *chat_part_add(struct chat_message *m, enum chat_kind kind);
/* A part that follows in the last message where that is of this role (and, for a result, ends
 * with one), else in a new message: all calls of a turn stand together, and all results. */
struct chat_part *chat_follow(struct chat *c, enum chat_role role, enum chat_kind kind);
/* The bytes of a string, as they stand; ptr NULL for any other value. */
struct slice chat_string(struct value v);
/* A string as a text part; false for any other value. */
bool chat_text(struct value v, struct chat_message *m);
/* The address of an image or file (a JSON string), or mime and data of a data URL; false where
 * that is none in base64. */
bool chat_read_url(struct slice quoted, struct chat_part *p, struct arena *a);
/* An address (a JSON string) that only Google can read? */
bool chat_is_stored(struct slice url);
/* And back: the address, or a data URL; a JSON string. */
struct slice chat_url(const struct chat_part *p, struct arena *a);
/* The ending of files of that type (a JSON string), which is Bedrock's name for it; ptr NULL
 * where none is known. */
struct slice chat_ending(struct slice mime, struct arena *a);
/* The type, as a JSON string, that the end of an address tells; ptr NULL if it tells none. */
struct slice chat_mime_of(struct slice url);
/* Anthropic's member, where there is a marker. */
void chat_write_marker(enum chat_cache cache, struct writer *w);

/* The member, if raw is there. */
void chat_member(struct writer *w, const char *name, struct slice raw);
/* A string or an array of strings. */
void chat_stops(struct value v, struct chat *c);
void chat_write_stops(const struct chat *c, const char *name, struct writer *w);

/* Where a slice stands in struct chat, for the tables below. */
#define CHAT_AT(member) offsetof(struct chat, member)

/* What becomes of a member: a function reads it, or its text goes to the slice at the offset of
 * struct chat; neither: another place reads it. Others are lost. A table ends with { 0 }. */
struct chat_member_rule {
	const char *name;
	size_t offset;
	void (*read)(struct value v, struct chat *c);
};
void chat_read_members(struct value body, const struct chat_member_rule *rule, struct chat *c);

/* Slices of struct chat that the target has no place for. */
struct chat_loss {
	const char *name;
	size_t offset;
	const char *usual; /* the value that goes without saying; NULL: none does */
};
void chat_lose_set(struct chat *c, const struct chat_loss *loss);
/* True where a part or tool has a cache marker. */
bool chat_has_marks(const struct chat *c);

#endif
