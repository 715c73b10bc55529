/* SPDX-License-Identifier: MIT */
/* The key of a request: what makes two requests the same to a cache.
 *
 * The key is SHA-256 over this JSON text, each part in canonical form (RFC 8785):
 *
 *	[version, answer member, endpoint, scope, model beside the body, body]
 *
 * The body is the whole of it but for members that cannot change an answer: custom_id, stream,
 * stream_options, user, safety_identifier, metadata, store, service_tier, llm, and marks for
 *the provider's own cache. The answer member (response, result …) is in the key because an
 *answer is given back as it stood. */
#ifndef KEY_H
#define KEY_H

#include "base/arena.h"
#include "base/digest.h"
#include "model/request.h"

#define KEY_VERSION 1
#define KEY_VERSION_TEXT "1"
#define KEY_TEXT (2 + 2 * DIGEST_SIZE + 1) /* "1:", hexadecimal digits, NUL */

struct key {
	unsigned char digest[DIGEST_SIZE];
	struct slice request; /* the text above; in the arena */
	struct slice scope;   /* canonical form of the scope; "" if there is none */
};

/* scope absent: none. False where the request has no body, or where any two members of one
 * object in it have one name: json->twice is set then, and the stream rejects the record. */
bool key_make(const struct request *r, struct value scope, struct arena *a, struct key *k);
/* The scope of entries that every scope may read: an empty text, which no tenant can have. */
struct value key_vetted(void);
void key_write(const unsigned char digest[DIGEST_SIZE], char out[KEY_TEXT]);
enum key_form { KEY_GOOD, KEY_OTHER_VERSION, KEY_BAD };
enum key_form key_read(struct slice text, unsigned char digest[DIGEST_SIZE]);
/* Name of the member that holds the answer of this shape; static. */
const char *key_answer_member(enum shape shape);

/* Private to the key: the record's text without the marks that a provider's cache reads, in the
 * places where that provider reads them; ptr NULL where it has none. */
struct slice strip_marks(const struct request *r, struct arena *a);

#endif
