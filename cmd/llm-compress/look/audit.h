/* SPDX-License-Identifier: MIT */
/* What a sample of requests says again and again. */
#ifndef LLM_COMPRESS_AUDIT_H
#define LLM_COMPRESS_AUDIT_H

#include "cmd/llm-compress/look/findings.h"
#include "stream/stream.h"

/* A request of the sample. */
struct sampled {
	struct slice *texts, *system; /* unescaped, of the run */
	size_t count, system_count;
	const struct tokenizer *tokenizer;
	struct usd price; /* of one fresh token; 0 where there is none */
};

#define NGRAM 6 /* words of the shortest run */

/* Runs of words that stand twice or more, as long as they go; best first, at most `most`. */
struct findings audit_phrases(
    const struct sampled *list, size_t count, size_t most, struct arena *a);
/* Instructions of system texts that stand twice or more in one request, to the letter. */
struct findings audit_repeated(
    const struct sampled *list, size_t count, size_t most, struct arena *a);
/* The same instruction in several wordings, in one request: near in meaning, no word against
 * another. */
struct findings audit_paraphrases(
    const struct sampled *list, size_t count, size_t most, struct arena *a);

struct audit {
	uint64_t requests, sampled;
	uint64_t tokens; /* of the sample */
	struct findings phrases, repeated, paraphrases, tools;
	bool answers; /* some record was answered: tools that were never called can be told */
};
void audit_print(const struct audit *a, struct stream *s);

#endif
