/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "base/diag.h"
#include "base/when.h"
#include "diff.h"
#include "tool/tool.h"

/* Text for XML 1.0: control characters were made '?' by diag_clean; U+FFFE and U+FFFF may not
 * stand in it either. */
static void
xml_text(struct buf *out, struct slice text)
{
	for (const char *p = diag_clean(text); *p; p++) {
		if (strncmp(p, "\xEF\xBF", 2) == 0 && ((unsigned char)p[2] & 0xFE) == 0xBE) {
			buf_add_byte(out, '?');
			p += 2;
			continue;
		}
		switch (*p) {
		case '&': buf_add(out, SLICE("&amp;")); break;
		case '<': buf_add(out, SLICE("&lt;")); break;
		case '>': buf_add(out, SLICE("&gt;")); break;
		case '"': buf_add(out, SLICE("&quot;")); break;
		default: buf_add_byte(out, *p);
		}
	}
}

static void
test_case(const struct diff *d, const char *name, struct slice text, const struct diff_sums *s,
    struct slice why, struct buf *out)
{
	buf_add(out, SLICE("    <testcase classname=\"llm-cost.diff\" name=\""));
	buf_printf(out, "%s", name);
	xml_text(out, text);
	buf_add(out, SLICE("\" time=\"0\""));
	if (s->verdict == DIFF_WORSE && d->limited) {
		buf_add(out, SLICE(">\n      <failure type=\"worse\" message=\""));
		xml_text(out, why);
		buf_add(out, SLICE("\"></failure>\n    </testcase>\n"));
	} else if (s->verdict == DIFF_UNCLEAR) {
		buf_add(out, SLICE(">\n      <skipped></skipped>\n    </testcase>\n"));
	} else {
		buf_add(out, SLICE("></testcase>\n"));
	}
}

static void
count_cases(const struct diff *d, size_t *tests, size_t *failures, size_t *skipped)
{
	*tests = 1;
	*failures = d->limited && d->total.verdict == DIFF_WORSE;
	*skipped = d->total.verdict == DIFF_UNCLEAR;
	for (size_t i = 0; d->by.count && i < d->groups.count; i++) {
		++*tests;
		*failures += d->limited && d->group[i].verdict == DIFF_WORSE;
		*skipped += d->group[i].verdict == DIFF_UNCLEAR;
	}
}

/* Time and host are required by one of the schemas in use; no clock but --now reaches it. */
void
diff_print_junit(const struct diff *d, struct buf *out)
{
	size_t tests, failures, skipped;
	struct arena a = { 0 };
	char when[25];

	when_write(tool_common()->now_given ? when_now() : 0, when);
	count_cases(d, &tests, &failures, &skipped);
	buf_add(out, SLICE("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"));
	buf_printf(out,
	    "  <testsuite name=\"llm-cost diff\" package=\"llm-cost\" id=\"0\" tests=\"%zu\" "
	    "failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"0\" timestamp=\"%.19s\" "
	    "hostname=\"localhost\">\n    <properties></properties>\n",
	    tests, failures, skipped, when);
	test_case(d, "total", SLICE(""), &d->total, diff_sentence(d, &a), out);
	for (size_t i = 0; d->by.count && i < d->groups.count; i++) {
		test_case(d, "group ", diff_group_text(d, i, &a), &d->group[i],
		    slice_z(d->group[i].reason), out);
		arena_reset(&a);
	}
	buf_add(out, SLICE("    <system-out>"));
	xml_text(out, diff_sentence(d, &a));
	buf_add(out, SLICE("</system-out>\n    <system-err></system-err>\n  </testsuite>\n"
			   "</testsuites>\n"));
	arena_close(&a);
}

/* Workflow commands: a value of a property has two more marks to escape than a message. */
static void
annotation_text(struct buf *out, struct slice text, bool property)
{
	for (const char *p = diag_clean(text); *p; p++) {
		if (*p == '%' || (property && (*p == ':' || *p == ',')))
			buf_printf(out, "%%%02X", (unsigned)(unsigned char)*p);
		else
			buf_add_byte(out, *p);
	}
}

static void
annotation(const char *level, const char *file, uint64_t line, struct slice title,
    struct slice text, struct buf *out)
{
	buf_printf(out, "::%s file=", level);
	annotation_text(out, slice_z(file), true);
	buf_printf(out, ",line=%" PRIu64 ",title=", line);
	annotation_text(out, title, true);
	buf_add(out, SLICE("::"));
	annotation_text(out, text, false);
	buf_add_byte(out, '\n');
}

static const char *
level_of(const struct diff *d, enum diff_verdict v)
{
	if (v == DIFF_WORSE)
		return d->limited ? "error" : "warning";
	return v == DIFF_UNCLEAR ? "warning" : "notice";
}

/* The row of the new side that rose most: of all, or of one group. */
static uint64_t
line_of(const struct diff *d, size_t begin, size_t end, const char **file)
{
	const struct diff_pair *best = NULL;

	*file = d->new.name;
	for (size_t i = begin; i < end; i++) {
		const struct diff_pair *p = &d->pair[i];

		if (!best || usd_cmp(usd_sub(p->new_usd, p->base_usd),
				 usd_sub(best->new_usd, best->base_usd)) > 0)
			best = p;
	}
	if (!best)
		return 1;
	*file = d->new.row[best->new].file;
	return d->new.row[best->new].line;
}

/* One line on the whole, and one for each of the worst groups that is not fine: of a step the
 * site shows ten of a kind. */
void
diff_print_github(const struct diff *d, struct buf *out)
{
	size_t shown[DIFF_WORST], count = diff_worst_groups(d, shown);
	struct arena a = { 0 };
	const char *file;
	uint64_t line = line_of(d, 0, d->pair_count, &file);

	annotation(level_of(d, d->total.verdict), file, line, SLICE("LLM cost"),
	    diff_sentence(d, &a), out);
	for (size_t i = 0; i < count && i < 9; i++) {
		const struct diff_sums *s = &d->group[shown[i]];

		if (s->verdict == DIFF_OK || !s->pairs)
			continue;
		line =
		    line_of(d, d->group_begins[shown[i]], d->group_begins[shown[i] + 1], &file);
		annotation(level_of(d, s->verdict), file, line,
		    arena_printf(
			&a, "LLM cost of %s", diag_clean(diff_group_text(d, shown[i], &a))),
		    slice_z(s->reason), out);
	}
	arena_close(&a);
}
