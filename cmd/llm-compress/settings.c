/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/settings.h"

#include "base/mem.h"
#include "tool/tool.h"

struct settings settings = { SETTINGS_NONE, .net_of_cache = true };

struct settings_given settings_given;
static const char *level, *strip;
static struct option_list mandatory;

const struct option compress_options[] = {
	{ 0, "level", OPTION_TEXT, "lossless|light", &level,
	    "light: phrases, Markdown and repeated instructions too", NULL },
	{ 0, "near", OPTION_FLAG, NULL, &settings.near_exact,
	    "repeated instructions may differ in case, blanks and signs", NULL },
	{ 0, "target", OPTION_NUMBER, "N", &settings.target,
	    "mildest step first until it is N tokens", NULL },
	{ 0, "ratio", OPTION_SHARE, "P", &settings.ratio,
	    "the same until this share of the tokens is kept", NULL },
	{ 0, "fit", OPTION_FLAG, NULL, &settings.fit,
	    "the same until it fits the model's window less the output", NULL },
	{ 0, "adaptive", OPTION_FLAG, NULL, &settings.adaptive,
	    "the share by the complexity that llm-route wrote", NULL },
	{ 0, "floor", OPTION_SHARE, "P", &settings.floor,
	    "no further than this share of what speaks to the question stays", NULL },
	{ 0, "query", OPTION_TEXT, "PATH", &settings_given.query,
	    "the question that tells what is worth keeping", NULL },
	{ 0, "keep-turns", OPTION_NUMBER, "N", &settings.keep_turns,
	    "only the last N turns of the conversation", NULL },
	{ 0, "keep-messages", OPTION_NUMBER, "N", &settings.keep_messages,
	    "only the last N messages, calls and results together", NULL },
	{ 0, "examples", OPTION_NUMBER, "K", &settings.examples,
	    "only K few-shot examples, of all labels", NULL },
	{ 0, "without-tool", OPTION_LIST, "NAME", &settings.without_tool,
	    "take the definition of this tool out", NULL },
	{ 0, "prune", OPTION_SHARE, "P", &settings.prune,
	    "keep this share of the words, those that tell most", NULL },
	{ 0, "prune-unit", OPTION_TEXT, "word|sentence", &settings_given.prune_unit,
	    "what goes as a whole with --prune", NULL },
	{ 0, "drop", OPTION_FLAG, NULL, &settings.drop,
	    "results of tools: leave out rows like others, keep errors and outliers", NULL },
	{ 0, "protect", OPTION_LIST, "RE", &settings_given.protect,
	    "texts that match stay as they are", NULL },
	{ 0, "mandatory", OPTION_LIST, "RE", &mandatory,
	    "sections of the system text that always stay", NULL },
	{ 0, "strip", OPTION_TEXT, "reasoning", &strip,
	    "take reasoning out of answers and old turns", NULL },
	{ 0, "net-of-cache", OPTION_FLAG, NULL, &settings.net_of_cache,
	    "leave what the provider's cache would read (on)", NULL },
	{ 0, "undo", OPTION_FLAG, NULL, &settings.undo,
	    "bring tables, logs and references back to what they were", NULL },
	{ 0, "diff", OPTION_FLAG, NULL, &settings.diff,
	    "show people what goes; write no records", NULL },
	{ 0 },
};

static void
compile(const struct option_list *list, const char *name, struct pattern ***out)
{
	const char *why;
	size_t where;

	*out = mem_zero((list->count + 1) * sizeof(struct pattern *));
	for (size_t i = 0; i < list->count; i++) {
		(*out)[i] = pattern_compile(slice_z(list->item[i]), false, &why, &where);
		if (!(*out)[i])
			tool_usage(
			    "'--%s %s' at byte %zu: %s", name, list->item[i], where, why);
	}
}

bool
settings_has_target(void)
{
	return settings_has_size() || settings.floor != SETTING_NONE;
}

bool
settings_has_size(void)
{
	return settings.target != SETTING_NONE || settings.ratio != SETTING_NONE ||
	       settings.fit || settings.adaptive;
}

void
settings_check_size(void)
{
	if (settings.ratio != SETTING_NONE && settings.ratio > 1000000)
		tool_usage("'--ratio' wants a share up to 100%%");
	if (settings.floor != SETTING_NONE && (settings.floor > 1000000 || !settings.floor))
		tool_usage("'--floor' wants a share above 0 and up to 100%%");
}

void
settings_check(void)
{
	const char *why, *query = settings_given.query, *prune_unit = settings_given.prune_unit;

	if (level && strcmp(level, "light") != 0 && strcmp(level, "lossless") != 0)
		tool_usage("'--level' wants lossless or light, not '%s'", level);
	if (strip && strcmp(strip, "reasoning") != 0)
		tool_usage("'--strip' wants reasoning, not '%s'", strip);
	if (prune_unit && strcmp(prune_unit, "word") != 0 &&
	    strcmp(prune_unit, "sentence") != 0)
		tool_usage("'--prune-unit' wants word or sentence, not '%s'", prune_unit);
	settings.prune_sentences = prune_unit && strcmp(prune_unit, "sentence") == 0;
	settings.light = level && strcmp(level, "light") == 0;
	settings.strip_reasoning = strip;
	settings_check_size();
	if (settings.prune != SETTING_NONE && settings.prune > 1000000)
		tool_usage("'--prune' wants a share up to 100%%");
	if (settings.near_exact && !settings.light)
		tool_usage("'--near' wants '--level light'");
	if (settings.keep_turns == 0 || settings.keep_messages == 0)
		tool_usage("the last turn always stays: 0 cannot be kept");
	if (query && !(settings.query = path_compile(query, &why)))
		tool_usage("'--query %s': %s", query, why);
	if (settings.undo && settings.diff)
		tool_usage("'--undo' and '--diff' exclude each other");
	compile(&settings_given.protect, "protect", &settings.protect);
	compile(&mandatory, "mandatory", &settings.mandatory);
}
