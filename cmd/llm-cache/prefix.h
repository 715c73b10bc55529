/* SPDX-License-Identifier: MIT */
/* The static head of a prompt: tools and system, in the order in which a provider caches them,
 * and the mark that goes to its end. */
#ifndef PREFIX_H
#define PREFIX_H

#include "json/edit.h"
#include "model/request.h"

struct prefix {
	struct value tools;  /* array, absent if none */
	struct value system; /* string or array, absent if none */
	bool converse;       /* Bedrock's form */
};

/* False where nothing static stands before the messages, or no mark can be set there. */
bool prefix_of(const struct request *r, struct prefix *p);
/* Equal where model, tools and system are equal byte for byte; never 0. */
uint64_t prefix_print(const struct prefix *p, struct slice model);
/* Tokens, an estimate where the model's tokenizer is one. */
uint64_t prefix_tokens(const struct prefix *p, struct slice model, struct arena *a);
/* Marks the end of the prefix, for an hour or for 5 minutes. Texts of the change live in the
 * arena. */
void prefix_mark(const struct prefix *p, bool hour, struct edits *e, struct arena *a);
/* How many marks the body has already, wherever they stand. */
unsigned prefix_marks(const struct request *r);

#endif
