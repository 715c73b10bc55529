/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "diff.h"
#include "show/members.h"

static const char *
mode_of(const struct diff *d)
{
	if (!d->total.pairs)
		return "none";
	return d->total.answers ? "answers" : "requests";
}

static void
per_1k_json(const struct diff_sums *s, struct writer *w)
{
	static const char *const names[] = { "base_per_1k", "new_per_1k",
		"per_1k_change_percent" };
	struct usd base, new;

	if (diff_per_1k(s, &base, &new)) {
		member_usd(w, names[0], base);
		member_usd(w, names[1], new);
		member_percent(w, names[2], usd_sub(new, base), base);
		return;
	}
	for (size_t i = 0; i < 3; i++) {
		write_name(w, names[i]);
		write_null(w);
	}
}

static void
test_json(const struct diff_sums *s, struct writer *w)
{
	write_name(w, "test");
	if (!s->test && !s->has_typical) {
		write_null(w);
		return;
	}
	write_object(w);
	member_text(w, "name", s->test);
	if (s->test && *s->test != 'e') {
		member_real(w, "p", s->chance);
		if (s->level > 0)
			member_real(w, "level", s->level);
		member_count(w, "up", s->up);
		member_count(w, "down", s->down);
	}
	if (s->has_range) {
		member_real(w, "low_percent", s->range.low * 100.0);
		member_real(w, "high_percent", s->range.high * 100.0);
	}
	if (s->has_typical) {
		member_real(w, "median_percent", s->typical * 100.0);
		member_real(w, "mad_percent", s->spread * 100.0);
	}
	write_object_end(w);
}

static void
requests_json(const struct diff_sums *s, struct writer *w)
{
	struct usd worst = usd_sub(s->new_worst, s->base_worst);

	if (s->answers || !s->pairs)
		return;
	member_usd(w, "base_expected", s->base_expected);
	member_usd(w, "new_expected", s->new_expected);
	if (s->unbounded) {
		write_name(w, "base_worst");
		write_null(w);
		write_name(w, "new_worst");
		write_null(w);
		return;
	}
	member_usd(w, "base_worst", s->base_worst);
	member_usd(w, "new_worst", s->new_worst);
	member_percent(w, "worst_change_percent", worst, s->base_worst);
}

static void
sums_json(const struct diff_sums *s, struct writer *w)
{
	struct usd change = usd_sub(s->new, s->base);

	member_usd(w, "base", s->base);
	member_usd(w, "new", s->new);
	member_usd(w, "change_usd", change);
	member_percent(w, "change_percent", change, s->base);
	member_count(w, "rows", s->pairs);
	member_count(w, "base_input_tokens", s->base_input);
	member_count(w, "new_input_tokens", s->new_input);
	member_count(w, "base_output_tokens", s->base_output);
	member_count(w, "new_output_tokens", s->new_output);
	per_1k_json(s, w);
	member_count(w, "added", s->added);
	member_count(w, "removed", s->removed);
	member_usd(w, "added_usd", s->added_usd);
	member_usd(w, "removed_usd", s->removed_usd);
	member_usd(w, "price_moved", s->price_moved);
	requests_json(s, w);
	member_text(w, "verdict", diff_verdict_name[s->verdict]);
	member_text(w, "reason", s->reason);
	test_json(s, w);
}

static void
groups_json(const struct diff *d, struct writer *w)
{
	size_t count, *order = diff_order(d, &count);

	write_name(w, "groups");
	write_array(w);
	for (size_t i = 0; i < count; i++) {
		write_object(w);
		write_name(w, "key");
		write_object(w);
		for (size_t f = 0; f < d->by.count; f++) {
			write_name(w, d->by.field[f].text);
			write_raw(w, by_value(d->groups.keys[order[i]], f));
		}
		write_object_end(w);
		sums_json(&d->group[order[i]], w);
		write_object_end(w);
	}
	write_array_end(w);
	free(order);
}

static void
rows_json(const struct diff *d, struct writer *w)
{
	const struct diff_pair *worst[DIFF_WORST];
	size_t count = diff_worst(d, worst);

	write_name(w, "rows");
	write_array(w);
	for (size_t i = 0; i < count; i++) {
		const struct diff_row *n = &d->new.row[worst[i]->new],
				      *b = &d->base.row[worst[i]->base];
		struct usd change = usd_sub(worst[i]->new_usd, worst[i]->base_usd);

		write_object(w);
		write_name(w, "id");
		write_string(w, diff_id(d, n->id));
		member_text(w, "file", n->file);
		member_count(w, "line", n->line);
		member_usd(w, "base", worst[i]->base_usd);
		member_usd(w, "new", worst[i]->new_usd);
		member_usd(w, "change_usd", change);
		member_percent(w, "change_percent", change, worst[i]->base_usd);
		member_count(w, "base_input_tokens", b->input);
		member_count(w, "new_input_tokens", n->input);
		write_object_end(w);
	}
	write_array_end(w);
}

void
diff_print_json(const struct diff *d, struct buf *out)
{
	struct arena a = { 0 };
	struct writer w = { .out = out };

	write_object(&w);
	member_text(&w, "verdict", diff_verdict_name[d->verdict]);
	member_text(&w, "summary", diff_sentence(d, &a).ptr);
	member_text(&w, "compared", mode_of(d));
	write_name(&w, "total");
	write_object(&w);
	sums_json(&d->total, &w);
	write_object_end(&w);
	groups_json(d, &w);
	member_count(&w, "added", d->total.added);
	member_count(&w, "removed", d->total.removed);
	member_usd(&w, "price_moved", d->total.price_moved);
	write_name(&w, "pinned");
	write_bool(&w, d->pin);
	write_name(&w, "max_increase_percent");
	if (d->limited)
		write_raw(&w, diff_limit_text(d->total.limit, &a));
	else
		write_null(&w);
	rows_json(d, &w);
	write_name(&w, "not_compared");
	write_object(&w);
	member_count(&w, "unpriced", d->unpriced);
	member_count(&w, "failed", d->failed);
	member_count(&w, "mixed", d->mixed);
	member_count(&w, "skipped", d->base.skipped + d->new.skipped);
	write_object_end(&w);
	member_count(&w, "unpinned", d->unpinned);
	member_count(&w, "estimated_counts", d->base.estimated + d->new.estimated);
	write_object_end(&w);
	buf_add_byte(out, '\n');
	arena_close(&a);
}
