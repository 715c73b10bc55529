/* SPDX-License-Identifier: MIT */
/* The places of a prompt behind which a provider's cache may end a prefix, in the order in
 * which the provider reads them, and the marks that go there. */
#ifndef PLACES_H
#define PLACES_H

#include "json/edit.h"
#include "model/request.h"

enum place_kind { PLACE_TOOLS, PLACE_SYSTEM, PLACE_MESSAGE };
enum place_form {
	PLACE_NONE,  /* no mark can stand here: it only counts */
	PLACE_BLOCK, /* on the block or tool `at` */
	PLACE_TEXT,  /* `at` is a text, which becomes a block */
	PLACE_BEHIND /* a block of its own in `list`, behind `at` */
};
struct place {
	enum place_kind kind;
	enum place_form form;
	struct value at, list;
	uint64_t print;  /* of the model and all up to here; never 0, of this process alone */
	uint64_t tokens; /* of all up to here, an estimate where the tokenizer is one */
	bool answer;     /* of the assistant */
};
struct places {
	struct place *list;
	size_t count;
};

/* All places of the request, in the arena; at most 4,096, the rest of a longer prompt has none.
 */
void places_of(const struct request *r, struct slice model, struct arena *a, struct places *p);
/* Marks it in the form of this interface; an hour where the interface knows one. Texts of the
 * change live in the arena. */
void place_mark(
    const struct place *p, enum api api, bool hour, struct edits *e, struct arena *a);
/* How many marks the body has already, wherever they stand. */
unsigned places_marked(const struct request *r);
/* How many of them stand on tools and system. */
unsigned places_marked_head(const struct request *r);

#endif
