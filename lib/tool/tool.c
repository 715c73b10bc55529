/* SPDX-License-Identifier: MIT */
#include "tool/tool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/resource.h>
#include <unistd.h>

#include "base/when.h"
#include "model/request.h"
#include "money/price.h"
#include "tokens/tokens.h"
#include "tool/version.h"

static struct common common;
static const char *require_version;
static bool want_help, want_version;
static const struct tool *tool;
static const struct command *command;

static const struct option common_options[] = {
	{ 'o', "output", OPTION_TEXT, "F", &common.output,
	    "write to F, which stands there only when whole", NULL },
	{ 'n', "dry-run", OPTION_FLAG, NULL, &common.dry_run,
	    "say what would be done, and do nothing", NULL },
	{ 'q', "quiet", OPTION_FLAG, NULL, &common.quiet, "only warnings and errors", NULL },
	{ 'v', "verbose", OPTION_FLAG, NULL, &common.verbose, "say more", NULL },
	{ 'h', "help", OPTION_FLAG, NULL, &want_help, "this text", NULL },
	{ 'V', "version", OPTION_FLAG, NULL, &want_version,
	    "versions of the tool, its tables and libraries", NULL },
	{ 0, "config", OPTION_TEXT, "F", &common.config, "read options from F", "LLM_CONFIG" },
	{ 0, "prices", OPTION_LIST, "F", &common.prices,
	    "prices over the built-in ones (repeatable, later wins)", "LLM_PRICES" },
	{ 0, "encoding", OPTION_LIST, "MODEL=F", &common.encodings,
	    "count MODEL by this rank file or built-in encoding", NULL },
	{ 0, "models", OPTION_TEXT, "F", &common.models, "own names and deployments to models",
	    "LLM_MODELS" },
	{ 0, "calibration", OPTION_TEXT, "F", &common.calibration,
	    "correct estimates by measured factors", "LLM_CALIBRATION" },
	{ 0, "field", OPTION_LIST, "NAME=PATH", &common.fields,
	    "where attribute NAME stands (repeatable)", NULL },
	{ 0, "shape", OPTION_TEXT, "S", &common.shape,
	    "take every record as envelope, anthropic, bedrock, gemini, usage or bare", NULL },
	{ 0, "rejects", OPTION_TEXT, "F", &common.rejects,
	    "append refused lines to F, the reasons to F.why", "LLM_REJECTS" },
	{ 0, "strict", OPTION_FLAG, NULL, &common.strict, "stop at the first refused line",
	    NULL },
	{ 0, "max-line", OPTION_SIZE, "N", &common.max_line, "longest line in bytes (256M)",
	    NULL },
	{ 0, "now", OPTION_TIME, "T", &common.now, "the time to take as now", NULL },
	{ 0, "tz", OPTION_TEXT, "Z", &common.timezone, "time zone of reports (UTC)", NULL },
	{ 0, "format", OPTION_TEXT, "NAME", &common.format,
	    "form of a report: table, json, csv, md", NULL },
	{ 0, "require-version", OPTION_TEXT, "V", &require_version,
	    "end with status 2 if this is older than V", NULL },
	{ 0 },
};
static const struct option no_options[] = { { 0 } };

const struct common *
tool_common(void)
{
	return &common;
}

static void
print_synopsis(FILE *out, const struct command *c)
{
	const char *name = c->run == tool_no_command ? "COMMAND" : c->name;

	fprintf(out, "usage: %s%s%s [option...]%s%s\n", tool->name, *name ? " " : "", name,
	    *c->operands ? " " : "", c->operands);
}

void
tool_usage(const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	diag_warn("%s", text);
	print_synopsis(stderr, command);
	exit(STATUS_USAGE);
}

void
tool_no_command(const struct option_list *operands)
{
	if (operands->count)
		tool_usage(
		    "no command '%s'; '%s --help' lists them", operands->item[0], tool->name);
	tool_usage("a command is missing; '%s --help' lists them", tool->name);
}

static void
help(void)
{
	bool several = tool->commands[1].run != NULL;

	printf("%s: %s\n\n", tool->name,
	    command == tool->commands ? tool->summary : command->summary);
	print_synopsis(stdout, command);
	if (command == tool->commands && several) {
		printf("\ncommands:\n");
		for (const struct command *c = tool->commands; c->run; c++)
			if (*c->name || c->run != tool_no_command)
				printf(
				    "  %-28s %s\n", *c->name ? c->name : "(none)", c->summary);
		printf("\n%s COMMAND --help tells the options of one\n", tool->name);
	}
	if (command->options && command->options->name) {
		printf("\noptions:\n");
		options_help(command->options);
	}
	printf("\ncommon options, see llm-tools(7):\n");
	options_help(common_options);
}

static const struct command *
find_command(const char *word)
{
	for (const struct command *c = tool->commands; c->run; c++)
		if (*c->name && strcmp(c->name, word) == 0)
			return c;
	return NULL;
}

/* A first word that is no file and near a command is a slip, not an operand. */
static void
check_slip(const struct option_list *operands)
{
	const char *names[64], *near;
	size_t count = 0;

	if (!operands->count || command != tool->commands ||
	    access(operands->item[0], F_OK) == 0)
		return;
	for (const struct command *c = tool->commands; c->run && count < 64; c++)
		if (*c->name)
			names[count++] = c->name;
	near = options_nearest(operands->item[0], names, count);
	if (near && strcmp(near, operands->item[0]) == 0)
		diag_die(STATUS_USAGE, "the command '%s' comes before all options", near);
	if (near)
		diag_die(STATUS_USAGE, "no command and no file '%s'; did you mean '%s'?",
		    operands->item[0], near);
}

/* Version numbers a.b.c in order. */
static bool
older(const char *have, const char *want)
{
	while (*have || *want) {
		char *have_end, *want_end;
		unsigned long h = strtoul(have, &have_end, 10),
			      w = strtoul(want, &want_end, 10);

		if (h != w)
			return h < w;
		if (have_end == have && want_end == want)
			return false;
		have = *have_end ? have_end + 1 : have_end;
		want = *want_end ? want_end + 1 : want_end;
	}
	return false;
}

static void
check_version(void)
{
	if (!require_version)
		return;
	if (require_version[strspn(require_version, "0123456789.")] || !*require_version)
		diag_die(STATUS_USAGE, "'--require-version' wants a version such as %s",
		    LLM_VERSION);
	if (older(LLM_VERSION, require_version))
		diag_die(STATUS_USAGE, "this is llm-tools %s, older than %s", LLM_VERSION,
		    require_version);
}

static _Noreturn void
bad_file(const char *option, const char *file, const char *why)
{
	diag_die(STATUS_USAGE, "'--%s' %s: %s", option, file, why ? why : strerror(errno));
}

/* Loads what the common options name. */
static void
prepare(void)
{
	const char *why = NULL;
	enum shape shape;

	if (common.now_given)
		when_fix(common.now);
	if (common.timezone && strcmp(common.timezone, "UTC") != 0 &&
	    strcmp(common.timezone, "Z") != 0)
		check_zone(common.timezone);
	if (common.shape) {
		if ((shape = shape_named(common.shape)) == SHAPE_NONE)
			diag_die(STATUS_USAGE,
			    "'--shape' wants envelope, anthropic, bedrock, gemini, usage or "
			    "bare, not '%s'",
			    common.shape);
		request_insist(shape);
	}
	for (size_t i = 0; i < common.fields.count; i++)
		if (!request_field(common.fields.item[i], &why))
			bad_file("field", common.fields.item[i], why);
	for (size_t i = 0; i < common.prices.count; i++)
		if (!prices_load(common.prices.item[i], &why))
			diag_die(STATUS_USAGE, "'--prices' %s", why); /* it names the file */
	for (size_t i = 0; i < common.encodings.count; i++)
		if (!encodings_load(common.encodings.item[i], &why))
			bad_file("encoding", common.encodings.item[i], why);
	if (common.models && !models_load(common.models))
		bad_file("models", common.models, NULL);
	if (common.calibration && !calibration_load(common.calibration, &why))
		bad_file("calibration", common.calibration, why);
}

/* A full disk is often noticed only now: standard output is checked and closed. */
static void
close_output(void)
{
	if (fflush(stdout) != 0 || ferror(stdout)) {
		diag_warn_errno("standard output");
		status_raise(STATUS_FAILED);
	} else if (close(STDOUT_FILENO) != 0 && errno != EBADF) {
		diag_warn_errno("standard output");
		status_raise(STATUS_FAILED);
	}
}

/* With no descriptor 0, 1 or 2 the next file that is opened would get its number, and a
 * message would end up in it. */
static void
guard_descriptors(void)
{
	if (!standard_descriptors())
		_exit(STATUS_FAILED);
}

/* The keys are in the environment of every tool, and a core file would hold that. The limit
 * does not bind a core that goes to a program, which the flag does. */
static void
leave_no_core(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

int
tool_main(const struct tool *t, int argc, char **argv)
{
	const struct option *tables[3];
	static struct option_list operands; /* static: it lives as long as the run */

	guard_descriptors();
	leave_no_core();
	tool = t;
	command = t->commands;
	diag_tool(t->name);
	common.now = WHEN_NONE;
	if (argc > 1 && find_command(argv[1])) {
		command = find_command(argv[1]);
		argc--, argv++;
	}
	tables[0] = command->options ? command->options : no_options;
	tables[1] = common_options;
	tables[2] = NULL;
	options_parse(tables, argc, argv, &operands);
	if (want_help)
		help();
	else if (want_version)
		version_print(t);
	if (want_help || want_version) {
		close_output();
		return (int)status_get();
	}
	options_defaults(tables, t->name, common.config ? common.config : getenv("LLM_CONFIG"));
	diag_quiet(common.quiet);
	diag_verbose(common.verbose);
	common.now_given = common.now != WHEN_NONE;
	check_version();
	check_slip(&operands);
	if (command->usage_if_empty && !operands.count)
		tool_usage("an operand is missing");
	prepare();
	command->run(&operands);
	diag_finish();
	close_output();
	return (int)status_get();
}

struct stream_options
tool_stream(const struct option_list *operands, enum no_object no_object)
{
	return (struct stream_options){ .files = operands->item,
		.file_count = operands->count,
		.output = common.dry_run ? NULL : common.output,
		.rejects = common.dry_run ? NULL : common.rejects,
		.strict = common.strict,
		.max_line = common.max_line,
		.no_object = no_object };
}

const char *
tool_format(const char *const known[])
{
	char list[256] = "";

	if (!common.format)
		return known[0];
	for (size_t i = 0; known[i]; i++) {
		if (strcmp(known[i], common.format) == 0)
			return known[i];
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s",
		    i ? ", " : "", known[i]);
	}
	diag_die(STATUS_USAGE, "'--format' wants %s, not '%s'", list, common.format);
}
