/* SPDX-License-Identifier: MIT */
#include "tokens/made.h"

/* A whole number of config, at most `most`. */
static bool
config_number(struct made *m, struct value root, const char *name, uint64_t most, uint64_t *n)
{
	if (json_whole(json_get(json_get(root, "config"), name), n) && *n <= most)
		return true;
	return refuse(&m->why, "config has no '%s'", name);
}

static bool
read_vocab(struct made *m, struct value vocab, uint64_t count, struct rank_list *list)
{
	uint32_t number = 0;

	for (struct value v = json_first(vocab); json_type(v) && list->count < count;
	     v = json_next(v)) {
		uint64_t rank;
		const char *wrong;

		number++;
		if (!json_whole(json_get(v, "rank"), &rank) || rank >= VOCAB_MOST)
			return refuse(&m->why, "entry %u of vocab: has no rank", number);
		wrong = rank_list_add(list, json_string(json_get(v, "token_bytes"), &m->memory),
		    (uint32_t)rank, number);
		if (wrong)
			return refuse(&m->why, "entry %u of vocab: %s", number, wrong);
	}
	if (list->count < count)
		return refuse(&m->why, "vocab has %zu entries, config tells of %zu",
		    list->count, (size_t)count);
	return rank_list_sort(list, "entry", &m->why);
}

bool
made_of_tekken(struct made *m, struct value root)
{
	struct value pattern = json_get(json_get(root, "config"), "pattern");
	struct rank_list list = { 0 };
	uint64_t size, special;
	const char *name;
	bool good;

	/* as many of the ranks as the model has tokens, behind the special ones */
	if (!config_number(m, root, "default_vocab_size", VOCAB_MOST, &size) ||
	    !config_number(m, root, "default_num_special_tokens", size, &special))
		return false;
	m->parts.name = "tekken.json";
	m->parts.split = split_of_pattern(json_string(pattern, &m->memory), &name);
	if (!m->parts.split)
		return refuse(&m->why, "its pattern is none of those that are known");
	good = read_vocab(m, json_get(root, "vocab"), size - special, &list) &&
	       made_by_list(m, &list, (uint32_t)special, "entry");
	rank_list_free(&list);
	return good;
}
