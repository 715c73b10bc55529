/* SPDX-License-Identifier: MIT */
#include "again.h"

#include "rank/units.h"

uint64_t
sentences_again(struct hash_map *seen, const struct tokenizer *t, struct slice text)
{
	uint64_t n = 0;

	while ((text = slice_trim(text)).len) {
		struct slice line = slice_take(text, slice_find(text, '\n'));
		struct slice sentence = slice_trim(slice_take(line, sentence_length(line)));
		bool added = true;

		if (sentence.len >= SENTENCE_LEAST)
			hash_map_add(seen, sentence, &added);
		if (!added)
			n += tokens_text(t, sentence).count;
		text = slice_drop(text, sentence.len);
	}
	return n;
}
