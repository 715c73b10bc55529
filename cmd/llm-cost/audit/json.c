/* SPDX-License-Identifier: MIT */
#include "print.h"
#include "base/when.h"
#include "figure.h"
#include "show/figure.h"

static void
member_usd(struct writer *w, const char *name, bool has, struct usd d)
{
	char text[64];

	write_name(w, name);
	write_z(w, has ? usd_write(d, text) : NULL);
}

static void
member_text(struct writer *w, const char *name, struct slice text)
{
	write_name(w, name);
	if (text.ptr)
		write_string(w, text);
	else
		write_null(w);
}

static void
member_count(struct writer *w, const char *name, uint64_t n)
{
	write_name(w, name);
	write_number(w, n);
}

static void
finding_json(const struct finding *f, struct writer *w)
{
	write_object(w);
	write_name(w, "technique");
	write_z(w, technique_names[f->technique]);
	member_count(w, "requests", f->requests);
	member_usd(w, "saved_usd", true, f->saved);
	member_usd(w, "saved_usd_month", f->has_month, f->month);
	write_name(w, "confidence");
	write_z(w, f->confidence);
	member_text(w, "check", f->check);
	member_text(w, "command", f->command);
	member_text(w, "after", f->after);
	member_text(w, "why", f->why);
	member_text(w, "risk", f->risk);
	write_name(w, "in_total");
	write_bool(w, f->in_total);
	member_usd(w, "stacked_usd", true, f->stacked);
	member_count(w, "further_requests", f->more);
	member_usd(w, "further_usd", true, f->more_usd);
	write_object_end(w);
}

static void
remarks_json(
    const struct remark *list, size_t n, const char *name, const char *text, struct writer *w)
{
	write_name(w, name);
	write_array(w);
	for (size_t i = 0; i < n; i++) {
		write_object(w);
		write_name(w, "technique");
		write_z(w, technique_names[list[i].technique]);
		member_text(w, text, list[i].text);
		write_object_end(w);
	}
	write_array_end(w);
}

static void
total_json(const struct verdict_list *v, struct writer *w)
{
	write_name(w, "total");
	write_object(w);
	member_usd(w, "saved_usd", true, v->saved);
	member_usd(w, "spent_usd", true, v->spent);
	member_usd(w, "saved_usd_month", v->has_month, v->saved_month);
	member_usd(w, "spent_usd_month", v->has_month, v->spent_month);
	member_usd(w, "sum_of_parts_usd", true, v->parts);
	member_usd(w, "saved_with_guesses_usd", true, v->with_guesses);
	write_name(w, "pipe");
	write_array(w);
	for (enum technique t = 0; t < AUDIT_DISTILL; t++)
		write_z(w, technique_names[t]);
	write_array_end(w);
	write_object_end(w);
}

static void
ratio(struct writer *w, const char *name, uint64_t part, uint64_t whole)
{
	struct buf text = { 0 };

	figure_json(
	    (struct figure){
		.kind = whole ? FIGURE_RATIO : FIGURE_NONE, .n = part, .d = whole },
	    &text);
	write_name(w, name);
	write_raw(w, buf_slice(&text));
	buf_free(&text);
}

/* What was paid for answers that were cut, for reasoning and for the detail of images. */
static void
paid_json(const struct audit *a, struct writer *w)
{
	struct output_group sum = groupings_sum(&a->groups);

	member_count(w, "cut_requests", sum.cut);
	member_usd(w, "cut_usd", true, sum.cut_cost);
	member_count(w, "uncapped_requests", sum.uncapped);
	member_usd(w, "reasoning_usd", true, sum.reasoning_cost);
	member_count(w, "images", a->images.count);
	member_usd(w, "image_detail_usd", true, a->images.more);
}

static void
evidence_json(const struct audit *a, struct writer *w)
{
	char when[25];

	write_name(w, "evidence");
	write_object(w);
	member_count(w, "calls", a->calls);
	member_count(w, "priced", a->priced);
	member_count(w, "with_body", a->bodies);
	member_count(w, "of_agents", a->agents);
	ratio(w, "cache_hit_rate", a->cached, a->input);
	ratio(w, "output_input_ratio", a->output, a->input);
	ratio(w, "repeated_share", a->memory.repeated, a->memory.bytes);
	ratio(w, "repeated_prefix_share", a->memory.prefix_repeated, a->memory.bytes);
	write_name(w, "spent_for");
	write_object(w);
	for (enum purpose i = 0; i < PURPOSES; i++)
		member_usd(w, purpose_names[i], true, a->by_purpose[i]);
	write_object_end(w);
	paid_json(a, w);
	if (a->timed) {
		when_write(a->first, when);
		write_name(w, "from");
		write_z(w, when);
		when_write(a->last, when);
		write_name(w, "to");
		write_z(w, when);
	}
	write_object_end(w);
}

/* Requests that were not sent yet, at the price of their input. */
static void
unsent_json(const struct verdict_list *v, struct writer *w)
{
	write_name(w, "not_sent");
	if (!v->unsent) {
		write_null(w);
		return;
	}
	write_object(w);
	member_count(w, "requests", v->unsent->audit->calls);
	member_count(w, "input_tokens", v->unsent->audit->input);
	member_usd(w, "input_usd", true, v->unsent->spent);
	member_usd(w, "saved_usd", true, v->unsent->saved);
	write_name(w, "findings");
	write_array(w);
	for (size_t i = 0; i < v->unsent->findings; i++)
		finding_json(&v->unsent->finding[i], w);
	write_array_end(w);
	write_object_end(w);
}

void
audit_json(const struct verdict_list *v, struct buf *out)
{
	struct writer w = { .out = out };

	write_object(&w);
	total_json(v, &w);
	write_name(&w, "findings");
	write_array(&w);
	for (size_t i = 0; i < v->findings; i++)
		finding_json(&v->finding[i], &w);
	write_array_end(&w);
	remarks_json(v->unknown, v->unknowns, "cannot_tell", "missing", &w);
	remarks_json(v->nothing, v->nothings, "nothing_to_save", "reason", &w);
	unsent_json(v, &w);
	evidence_json(v->audit, &w);
	member_text(&w, "period", v->period);
	member_text(&w, "month", v->how);
	write_name(&w, "left_out");
	left_json(&v->audit->left, &w);
	write_object_end(&w);
	buf_add_byte(out, '\n');
}
