/* SPDX-License-Identifier: MIT */
/* What the command line asks for, the same for all records of a run. */
#ifndef LLM_COMPRESS_SETTINGS_H
#define LLM_COMPRESS_SETTINGS_H

#include "base/options.h"
#include "json/path.h"
#include "text/pattern.h"

#define SETTING_NONE UINT64_MAX

struct settings {
	bool undo, diff;
	bool light;      /* --level light */
	bool near_exact; /* --near: repeated instructions need not be equal to the letter */
	bool drop;       /* --drop */
	bool prune_sentences; /* --prune-unit sentence */
	bool strip_reasoning;
	bool adaptive;
	bool net_of_cache;
	bool fit;
	uint64_t target;        /* tokens; SETTING_NONE */
	uint64_t ratio;         /* millionths kept; SETTING_NONE */
	uint64_t floor;         /* millionths of what is told; SETTING_NONE */
	uint64_t keep_turns;    /* SETTING_NONE */
	uint64_t keep_messages; /* SETTING_NONE */
	uint64_t examples;      /* SETTING_NONE */
	uint64_t prune;         /* millionths kept; SETTING_NONE */
	struct option_list without_tool;
	struct path *query;                    /* where the question stands; NULL */
	struct pattern **protect, **mandatory; /* --protect, --mandatory: NULL-ended */
};
/* Nothing is asked for. */
#define SETTINGS_NONE                                                                        \
	.target = SETTING_NONE, .ratio = SETTING_NONE, .floor = SETTING_NONE,                \
	.keep_turns = SETTING_NONE, .keep_messages = SETTING_NONE, .examples = SETTING_NONE, \
	.prune = SETTING_NONE
extern struct settings settings;

/* As the command line has it, for the options of several commands; settings_check() reads it.
 */
struct settings_given {
	const char *query, *prune_unit;
	struct option_list protect;
};
extern struct settings_given settings_given;

extern const struct option compress_options[];
/* Checks and compiles what was given; ends the run with status 2 where it cannot be. */
void settings_check(void);
/* The part of it that is for --ratio and --floor. */
void settings_check_size(void);
/* A size to come to was given: --target, --ratio, --fit, --adaptive. */
bool settings_has_size(void);
/* The ladder runs: to a size, or as far as --floor allows. */
bool settings_has_target(void);

#endif
