/* SPDX-License-Identifier: MIT */
#include "tokens/made.h"

#include <stdlib.h>

#include "base/mem.h"

static bool
of_json(struct made *m, struct slice file)
{
	struct json json = { 0 };
	const char *wrong;
	size_t where;
	bool good;

	if (!json_scan(&json, file, &wrong, &where)) {
		refuse(&m->why, "is no JSON: %s, at byte %zu", wrong, where + 1);
		json_free(&json);
		return false;
	}
	if (json_type(json_get(json_root(&json), "config")) == JSON_OBJECT &&
	    json_type(json_get(json_root(&json), "vocab")) == JSON_ARRAY)
		good = made_of_tekken(m, json_root(&json));
	else
		good = made_of_huggingface(m, json_root(&json));
	if (good && json.twice.ptr)
		good = refuse(&m->why, "has the member '%.*s' twice",
		    SLICE_ARG(slice_take(json.twice, 40)));
	json_free(&json);
	return good;
}

bool
made_of_file(struct made *m, struct slice file, struct slice split)
{
	struct slice text = slice_trim(file);

	if (!text.len)
		return refuse(&m->why, "is empty");
	if (text.ptr[0] != '{')
		return made_of_ranks(m, file, split);
	if (split.ptr)
		return refuse(&m->why, "has a pattern of its own: 'split' is for rank files");
	return of_json(m, text);
}

void
made_free(struct made *m)
{
	bpe_free(&m->bpe);
	hash_map_free(&m->others);
	free(m->other_id);
	before_free(&m->before);
	if (m->stages)
		stages_free(m->stages);
	else
		for (unsigned i = 0; i < m->stage_count; i++)
			regex_free(m->stage[i].regex);
	if (m->parts.bytes && m->parts.bpe && m->image)
		encoding_unnumber(&m->parts);
	free(m->image);
	free(m->id);
	arena_close(&m->memory);
	*m = (struct made){ .stage_count = 0 };
}

const struct encoding *
encoding_of_file(struct slice file, struct slice split, const char **why)
{
	static struct refusal reason;
	static struct made *last;
	struct made *m = mem_zero(sizeof *m);

	if (!made_of_file(m, file, split)) {
		reason = m->why;
		*why = reason.text;
		made_free(m);
		free(m);
		return NULL;
	}
	/* what has the ranks of a compiled-in one is that one */
	m->encoding =
	    m->parts.split ? encoding_make(&m->parts) : encoding_find(slice_z(m->parts.name));
	m->before_it = last;
	last = m;
	return m->encoding;
}

const struct encoding *
encoding_of_ranks(struct slice file, const char **why)
{
	return encoding_of_file(file, slice_of(NULL, 0), why);
}
