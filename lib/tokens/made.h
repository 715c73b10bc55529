/* SPDX-License-Identifier: MIT */
/* An encoding while it is made of a file, with all that it owns. */
#ifndef TOKENS_MADE_H
#define TOKENS_MADE_H

#include "json/scan.h"
#include "tokens/before.h"
#include "tokens/bpe.h"
#include "tokens/rank_list.h"
#include "tokens/stages.h"

struct made {
	struct encoding parts; /* for encoding_make */
	struct refusal why;
	struct arena memory;
	struct bpe bpe;
	struct hash_map others; /* strings of vocab that spell no bytes, */
	uint32_t *other_id;     /* and their ids */
	uint32_t vocab_size;
	struct before before;
	struct stages *stages;
	struct stage stage[STAGES];
	unsigned stage_count;
	bool byte_level;
	void *image;                     /* of ranks */
	uint32_t *id;                    /* of ranks whose ids are others */
	const struct encoding *encoding; /* once made, for as long as the run */
	struct made *before_it;
};

/* Fill a zeroed m; false, and m->why, where the file is no such tokenizer or cannot be
 * reproduced. made_free in either case, unless the encoding is to be used. */

/* tokenizer.json, root an object. */
bool made_of_huggingface(struct made *m, struct value root);
/* The pre_tokenizer of one: sets the stages and the splitter. */
bool made_cut(struct made *m, struct value pre_tokenizer);
/* Its normalizer and added_tokens: sets parts and rules. */
bool made_before(struct made *m, struct value root);
/* The id of a string of its vocab, or VOCAB_NONE. */
uint32_t made_vocab_id(const struct made *m, struct slice string);
/* Mistral's tekken.json: PyPI mistral-common, tokens/tokenizers/tekken.py. */
bool made_of_tekken(struct made *m, struct value root);
/* Lines of a token in base 64, a blank and its rank; split is the name of a splitter, or
 * absent: then only files whose pattern is known are taken. */
bool made_of_ranks(struct made *m, struct slice file, struct slice split);
/* By sorted ranks without a gap, whose ids are their ranks and `first` more. line: the word
 * for what an item of the list is. */
bool made_by_list(
    struct made *m, const struct rank_list *list, uint32_t first, const char *line);
/* The kind is told by the content. */
bool made_of_file(struct made *m, struct slice file, struct slice split);
void made_free(struct made *m);

#endif
