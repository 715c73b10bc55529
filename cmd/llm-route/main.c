/* SPDX-License-Identifier: MIT */
/* llm-route: the cheapest model that can do it.
 *
 * For each request it reads what a rule may ask (attributes, text, tokens, task, complexity,
 * intent, lane), takes the first rule of the ROUTES file that holds, drops the models of its
 * tier that cannot take this row, chooses the cheapest of the rest by its own tokens, writes
 * model and parameters into the body and the decision with its reasons into llm.route. Without
 * rules it only annotates. Answered records and what is no request pass byte for byte. */
#include "cmd/llm-route/apply.h"
#include "cmd/llm-route/filter.h"
#include "cmd/llm-route/joint/joint.h"
#include "cmd/llm-route/learned/learned.h"
#include "cmd/llm-route/route.h"
#include "cmd/llm-route/setup.h"
#include "cmd/llm-route/split.h"

static bool observe;
static const char *spend, *split;
static uint64_t quality, seed;

static const struct option route_options[] = {
	SETUP_ROUTES,
	{ 0, "observe", OPTION_FLAG, NULL, &observe, "annotate, change nothing else", NULL },
	SETUP_OPTIONS,
	{ 0, "spend", OPTION_TEXT, "USD", &spend,
	    "choose over the whole file: the best that this sum buys", NULL },
	{ 0, "quality", OPTION_SHARE, "P", &quality,
	    "choose over the whole file: the cheapest of this mean quality", NULL },
	{ 0, "split", OPTION_TEXT, "PCT", &split,
	    "route this share of those who ask, keep the model of the others", NULL },
	{ 0, "seed", OPTION_NUMBER, "N", &seed, "of --split", NULL },
	{ 0 },
};

static void
route_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_PASS);
	struct filter f = { .observe = observe, .seed = seed };

	if (split && !split_share(split, &f.share))
		tool_usage("'--split': a percentage is wanted, such as 10 or 0.5%%");
	f.split = split != NULL;
	f.policy = setup_open(setup.routes);
	if (spend || quality)
		joint_run(&f, operands, spend, quality);
	else
		filter_run(&f, &o);
	setup_close(f.policy);
}

static const struct command commands[] = {
	{ "", "[FILE...]", "choose model, lane and settings of each request", route_options,
	    route_run, false },
	{ "lint", "ROUTES", "find rules that never match, loops and unknown models",
	    lint_options, lint_run, true },
	{ "explain", "ROUTES [FILE...]", "for each record, rule by rule, why", explain_options,
	    explain_run, true },
	{ "replay", "ROUTES [LOG...]", "what a log would have cost under other rules",
	    replay_options, replay_run, true },
	{ "check", "[FILE...]", "pass good answers, send the others to a stronger model",
	    check_options, check_run, false },
	{ "ask", "classify|plan|draft [FILE...]", "write the side requests of a first step",
	    ask_options, ask_run, true },
	{ "apply", "[FILE...]", "carry the answers of a first step into the requests",
	    answers_options, answers_run, false },
	{ "import", "FILE", "write ROUTES from the models of a gateway", import_options,
	    import_run, true },
	{ "train", "[FILE...]", "labels to a model file", train_options, train_run, false },
	{ "tune", "[FILE...]", "how good a model file is on labels, and its thresholds",
	    tune_options, tune_run, false },
	{ 0 },
};

int
main(int argc, char **argv)
{
	static const struct tool tool = { "llm-route", "the cheapest model that can do it",
		commands, NULL };

	return tool_main(&tool, argc, argv);
}
