/* SPDX-License-Identifier: MIT */
/* The pre_tokenizer of a tokenizer.json. */
#include "tokens/made.h"

#define NESTED 4 /* sequences in sequences */

static bool
is_true(struct value v)
{
	return json_type(v) == JSON_TRUE;
}

static bool
add_stage(struct made *m, struct stage stage)
{
	if (m->byte_level)
		refuse(&m->why, "the pre_tokenizer cuts behind its ByteLevel");
	else if (m->stage_count == STAGES)
		refuse(&m->why, "the pre_tokenizer has more than %d stages", STAGES);
	else {
		m->stage[m->stage_count++] = stage;
		return true;
	}
	regex_free(stage.regex);
	return false;
}

static bool
add_regex(struct made *m, struct regex *regex, enum stage_join join, bool invert)
{
	return regex && add_stage(m, (struct stage){ NULL, regex, join, invert });
}

/* {"type":"Split","pattern":{"Regex":R} or {"String":S},"behavior":B,"invert":I} */
static bool
add_split(struct made *m, struct value v)
{
	static const struct {
		const char *name;
		enum stage_join join;
	} behaviors[] = { { "Isolated", JOIN_NONE }, { "Contiguous", JOIN_ALIKE },
		{ "MergedWithPrevious", JOIN_BEFORE }, { "MergedWithNext", JOIN_BEHIND } };
	struct value pattern = json_get(v, "pattern"), behavior = json_get(v, "behavior");
	struct slice regex = json_string(json_get(pattern, "Regex"), &m->memory);
	struct slice literal = json_string(json_get(pattern, "String"), &m->memory);
	bool invert = is_true(json_get(v, "invert"));
	const char *name;
	split_fn *split = split_of_pattern(regex, &name);
	size_t i = 0;

	/* the known patterns leave no gap, so there is nothing to remove */
	if (split &&
	    (json_is(behavior, "Isolated") || (json_is(behavior, "Removed") && invert)))
		return add_stage(m, (struct stage){ .split = split });
	while (i < 4 && !json_is(behavior, behaviors[i].name))
		i++;
	if (i == 4)
		return refuse(&m->why,
		    "the pre_tokenizer 'Split' has a behavior that drops text or is not known");
	if (regex.ptr)
		return add_regex(m, regex_compile(regex, &m->why), behaviors[i].join, invert);
	if (!literal.len)
		return refuse(&m->why, "the pre_tokenizer 'Split' has no pattern");
	return add_regex(m, regex_literal(literal, &m->why), behaviors[i].join, invert);
}

static bool
add_byte_level(struct made *m, struct value v)
{
	struct value use = json_get(v, "use_regex");

	if (is_true(json_get(v, "add_prefix_space"))) {
		if (m->stage_count)
			return refuse(&m->why,
			    "the pre_tokenizer puts blanks between pieces (add_prefix_space)");
		m->before.blank = true;
	}
	if (json_type(use) != JSON_FALSE &&
	    !add_stage(m, (struct stage){ .split = split_gpt2 }))
		return false;
	m->byte_level = true;
	return true;
}

static bool
add_any(struct made *m, struct value v, int depth)
{
	struct value type = json_get(v, "type");

	if (json_is(type, "Split"))
		return add_split(m, v);
	if (json_is(type, "ByteLevel"))
		return add_byte_level(m, v);
	if (json_is(type, "Digits"))
		return add_regex(m, regex_compile(SLICE("\\p{N}"), &m->why),
		    is_true(json_get(v, "individual_digits")) ? JOIN_NONE : JOIN_ALIKE, false);
	if (!json_is(type, "Sequence") || depth == NESTED)
		return refuse(&m->why, "the pre_tokenizer '%.*s' cannot be reproduced",
		    SLICE_ARG(slice_take(json_string(type, &m->memory), 40)));
	for (struct value k = json_first(json_get(v, "pretokenizers")); json_type(k);
	     k = json_next(k))
		if (!add_any(m, k, depth + 1))
			return false;
	return true;
}

bool
made_cut(struct made *m, struct value v)
{
	if (json_type(v) == JSON_OBJECT && !add_any(m, v, 0))
		return false;
	if (!m->byte_level)
		return refuse(&m->why,
		    "it is not byte-level: there is no ByteLevel in its pre_tokenizer");
	if (!m->stage_count) {
		m->parts.split = split_whole;
		return true;
	}
	if (m->stage_count == 1 && m->stage[0].split) {
		m->parts.split = m->stage[0].split;
		return true;
	}
	m->stages = stages_new(m->stage, m->stage_count);
	m->parts.split = split_stages;
	m->parts.pattern = m->stages;
	return true;
}
