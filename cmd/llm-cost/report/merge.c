/* SPDX-License-Identifier: MIT */
/* llm-cost merge: partial reports, added. */
#include "cmd/llm-cost/cost.h"

#include <errno.h>
#include <inttypes.h>

#include "base/digest.h"
#include "base/mem.h"
#include "partial.h"
#include "print.h"
#include "stream/file.h"

const struct option merge_options[] = { VIEW_OPTIONS, { 0 } };

/* A shard given twice would be counted twice. */
static void
check_twice(struct hash_map *seen, const char *file, const struct buf *text)
{
	unsigned char digest[DIGEST_SIZE];
	bool added;

	digest_of(buf_slice(text), digest);
	hash_map_add(seen, slice_of((const char *)digest, sizeof(digest)), &added);
	if (!added)
		diag_die(STATUS_USAGE, "%s: this partial report was given already",
		    diag_clean(slice_z(file)));
}

static void
read_file(struct report *p, struct hash_map *seen, const char *file, bool first)
{
	struct buf text = { 0 };
	const char *why;
	size_t line;
	bool fine;

	if (!file_read(file, &text))
		diag_die(STATUS_FAILED, "%s: %s", diag_clean(slice_z(file)), strerror(errno));
	fine = partial_read(p, first, buf_slice(&text), &why, &line);
	if (fine)
		check_twice(seen, file, &text);
	buf_free(&text);
	if (!fine)
		diag_die(STATUS_USAGE, "%s:%zu: %s", diag_clean(slice_z(file)), line, why);
}

/* Logs that overlap: their calls cannot be told apart any more, and are counted twice. */
static void
tell_shared(const struct report *p)
{
	if (!p->shared)
		return;
	diag_warn("the partial reports share calls, which are counted twice: at least %" PRIu64
		  " of %" PRIu32 " ids that were compared",
	    p->shared, p->ids.count);
	status_raise(STATUS_REJECTED);
}

/* A stream that has nothing to read: for what it does with the output. */
static struct stream *
open_output(void)
{
	static const char *const nothing[] = { "/dev/null" };
	struct stream_options o = tool_stream(&(struct option_list){ 0 }, NO_OBJECT_SKIP);

	o.files = nothing;
	o.file_count = 1;
	return stream_open(&o);
}

void
merge_run(const struct option_list *operands)
{
	const char *format = view_check();
	static struct report report; /* the paths of --by live as long as the run */
	struct report *p = &report;
	static struct hash_map seen; /* as long as the run, as an error ends it in the middle */
	struct buf out = { 0 };
	struct stream *s;

	if (strcmp(format, "focus") == 0)
		tool_usage("partial reports have no charges for '--format focus'");
	p->since = p->until = WHEN_NONE;
	p->groups.total.whole = true;
	p->days.period = PERIOD_DAY;
	for (size_t i = 0; i < operands->count; i++)
		read_file(p, &seen, operands->item[i], i == 0);
	if (!operands->count)
		read_file(p, &seen, "-", true);
	if (view.weekly &&
	    (!p->by.over || strcmp(p->by.field[p->by.over - 1].text, "week") != 0))
		tool_usage("'--weekly' needs partial reports that were made with it");
	view_open(&p->by);
	if (!view.partial)
		committed_close(&p->committed);
	tell_shared(p);
	if (p->left.pairs.count)
		status_raise(STATUS_REJECTED);
	s = open_output();
	if (view.partial)
		partial_write(p, &out);
	else
		view_print(format, p, s, &out);
	stream_write_text(s, buf_slice(&out));
	stream_close(s);
	buf_free(&out);
	hash_map_free(&seen);
	groups_free(&p->groups);
	timeline_free(&p->days);
	left_free(&p->left);
	committed_free(&p->committed);
	distinct_free(&p->ids);
}
