/* SPDX-License-Identifier: MIT */
/* llm-cost diff: did the cost change, and is it more than prices and chance?
 *
 * Both sides are read into rows of counts (diff_read.c, diff_summary.c), matched by id and
 * priced at the same prices, so that what prices did stands apart (diff_match.c); a change
 * over the limit is then tested against chance (diff_judge.c). Requests that were not sent
 * have no chance in them: their input is counted. diff_print.c is for people, diff_ci.c for
 * machines that build. */
#include "diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "cmd/llm-cost/cost.h"
#include "stream/file.h"

static const char *by_option, *model_option, *id_option;
static struct option_list limits;
static bool pin, update, text, worst;
static uint64_t seed = 1, confidence = 990000;

const struct option diff_options[] = {
	{ 0, "max-increase", OPTION_LIST, "[KEY=]P", &limits,
	    "status 1 if cost rose by more than P, of all or of group KEY (repeatable)", NULL },
	{ 0, "by", OPTION_TEXT, "PATH,...", &by_option,
	    "judge groups by these too: jq paths, model, task or an attribute", NULL },
	{ 0, "pin", OPTION_FLAG, NULL, &pin,
	    "compare at the prices that the baseline was saved with", NULL },
	{ 0, "update", OPTION_FLAG, NULL, &update, "save NEW as a summary in the file BASE",
	    NULL },
	{ 0, "worst", OPTION_FLAG, NULL, &worst,
	    "of unsent requests judge the worst case: the longest answer is part of it", NULL },
	{ 0, "text", OPTION_FLAG, NULL, &text, "BASE and NEW are texts, not records", NULL },
	{ 0, "model", OPTION_TEXT, "M", &model_option,
	    "take requests that name no model as M's", NULL },
	{ 0, "id", OPTION_TEXT, "PATH", &id_option, "what rows are matched by", NULL },
	{ 0, "seed", OPTION_NUMBER, "N", &seed, "of the resampling (1)", NULL },
	{ 0, "confidence", OPTION_SHARE, "P", &confidence, "how sure a failure must be (99%)",
	    NULL },
	ROW_OPTIONS,
	{ 0 },
};

static void
read_limits(struct diff *d)
{
	uint64_t share;

	d->limits = limits;
	d->limited = limits.count > 0;
	for (size_t i = 0; i < limits.count; i++) {
		const char *equals = strrchr(limits.item[i], '=');

		if (!options_share(equals ? equals + 1 : limits.item[i], &share))
			tool_usage("'--max-increase' wants a share such as 5%% or KEY=5%%, "
				   "not '%s'",
			    diag_clean(slice_z(limits.item[i])));
		if (equals && !by_option)
			tool_usage("'--max-increase %s' names a group; '--by' makes groups",
			    diag_clean(slice_z(limits.item[i])));
	}
	if (confidence < 500000 || confidence > 999999)
		tool_usage("'--confidence' wants a share from 50%% to below 100%%");
	if (text && !model_option)
		tool_usage("'--text' needs '--model'");
}

static bool
is_missing(const char *file)
{
	struct stat st;

	return strcmp(file, "-") != 0 && stat(file, &st) != 0 && errno == ENOENT;
}

/* Records, or what nobody can read: --update would lose it. */
static bool
would_be_lost(const struct diff *d)
{
	struct stat st;

	return !d->no_base && !d->base.summary && status_get() != STATUS_FAILED &&
	       stat(d->base.name, &st) == 0 && st.st_size > 0;
}

static void
read_sides(struct diff *d, const char *base, const char *new)
{
	d->base.name = base;
	d->new.name = new;
	d->no_base = is_missing(base);
	if (!d->no_base)
		diff_read(d, &d->base, base, text, model_option, id_option);
	if (update && strcmp(base, "-") == 0)
		tool_usage("'--update' needs a file to write");
	if (update && would_be_lost(d))
		diag_die(STATUS_USAGE, "%s: no saved summary: '--update' does not overwrite it",
		    base);
	if (pin && d->base.count && !d->base.summary)
		diag_note("%s: no saved summary: '--pin' takes the prices of its time", base);
	diff_read(d, &d->new, new, text, model_option, id_option);
}

static void
save(const struct diff *d)
{
	struct file_out f;
	struct buf out = { 0 };

	if (tool_common()->dry_run) {
		diag_note("%s: would be written", d->base.name);
		return;
	}
	if (status_get() == STATUS_FAILED) {
		diag_warn(
		    "%s: not updated, since not all of the new side was read", d->base.name);
		return;
	}
	diff_summary_write(d, &d->new, &out);
	if (!file_out_open(&f, d->base.name, 0666))
		diag_die_errno(STATUS_FAILED, "%s", d->base.name);
	if (!file_write_all(f.fd, buf_slice(&out))) {
		file_out_drop(&f);
		diag_die_errno(STATUS_FAILED, "%s", d->base.name);
	}
	if (!file_out_commit(&f))
		diag_die_errno(STATUS_FAILED, "%s", d->base.name);
	diag_note("%s: updated", d->base.name);
	buf_free(&out);
}

static void
say(const struct diff *d)
{
	if (d->no_base && !update)
		diag_note("%s: no baseline yet; '--update' writes it", d->base.name);
	if (d->unpriced) {
		diag_warn("%llu rows have no price and were not compared",
		    (unsigned long long)d->unpriced);
		status_raise(STATUS_REJECTED);
	}
	if (d->mixed)
		diag_warn("%llu rows are an answer on one side and a request on the other: not "
			  "compared",
		    (unsigned long long)d->mixed);
	if (d->base.nameless || d->new.nameless)
		diag_note("rows without an id are matched by their line");
	if (d->verdict == DIFF_WORSE && d->limited && !update)
		status_raise(STATUS_NO);
}

void
diff_run(const struct option_list *operands)
{
	const char *format = tool_format(diff_formats);
	static struct diff diff; /* the paths of --by live as long as the run */
	struct option_list none = { 0 };
	struct stream_options o = tool_stream(&none, NO_OBJECT_SKIP);
	struct diff *d = &diff;
	struct buf out = { 0 };
	struct stream *s;

	if (operands->count != 2)
		tool_usage("BASE and NEW are needed");
	read_limits(d);
	by_parse(&d->by, by_option);
	d->pin = pin;
	d->worst = worst;
	d->seed = seed;
	d->confidence = (double)confidence / 1e6;
	s = stream_open(&o); /* for its output: the sides are read by themselves */
	read_sides(d, operands->item[0], operands->item[1]);
	diff_match(d);
	diff_judge(d);
	diff_print(format, d, &out);
	stream_write(s, slice_take(buf_slice(&out), out.len - 1));
	say(d);
	if (update)
		save(d);
	stream_close(s);
	buf_free(&out);
	diff_close(d);
}
