/* SPDX-License-Identifier: MIT */
/* The report as text that Prometheus reads (exposition format 0.0.4). Sums are gauges: a report
 * is of one log, not of a process that counts on. */
#include <inttypes.h>

#include "print.h"

/* Columns that become metrics, in base units. */
static const struct {
	const char *column, *metric;
} metrics[] = {
	{ "requests", "llm_requests" },
	{ "input_tokens", "llm_input_tokens" },
	{ "cached_tokens", "llm_cached_tokens" },
	{ "cache_write_tokens", "llm_cache_write_tokens" },
	{ "output_tokens", "llm_output_tokens" },
	{ "reasoning_tokens", "llm_reasoning_tokens" },
	{ "cost", "llm_cost_dollars" },
	{ "unpriced", "llm_unpriced_requests" },
	{ "errors", "llm_errors" },
	{ "retries", "llm_retries" },
	{ "truncated", "llm_truncated_answers" },
	{ "cache_hit_rate", "llm_cache_hit_ratio" },
	{ "response_hit_rate", "llm_response_hit_ratio" },
	{ "strong_share", "llm_strong_ratio" },
	{ "unrouted_cost", "llm_unrouted_cost_dollars" },
	{ "users", "llm_users" },
};
static const struct {
	const char *column, *quantile;
} quantiles[] = { { "p50_ms", "0.5" }, { "p95_ms", "0.95" }, { "p99_ms", "0.99" } };

/* A label's name has letters, digits and _ only; two that come out alike get a number. */
static void
label_name(const struct print *p, size_t field, struct buf *out)
{
	const char *text = p->by->field[field].text;
	size_t from = out->len, twins = 0;

	for (; *text; text++) {
		bool fine = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
			    (*text >= '0' && *text <= '9');

		if (fine && out->len == from && *text >= '0' && *text <= '9')
			buf_add_byte(out, '_');
		if (fine)
			buf_add_byte(out, *text);
		else if (out->len > from && out->data[out->len - 1] != '_')
			buf_add_byte(out, '_');
	}
	while (out->len > from && out->data[out->len - 1] == '_')
		out->len--;
	if (out->len == from)
		buf_add(out, SLICE("field"));
	for (size_t f = 0; f < field; f++) {
		struct buf other = { 0 };

		label_name(p, f, &other);
		twins +=
		    slice_eq(buf_slice(&other), slice_of(out->data + from, out->len - from));
		buf_free(&other);
	}
	/* "le" and "quantile" have a meaning of their own */
	if (twins || slice_eq(slice_of(out->data + from, out->len - from), SLICE("quantile")) ||
	    slice_eq(slice_of(out->data + from, out->len - from), SLICE("le")))
		buf_printf(out, "_%zu", field + 1);
}

static void
label_value(struct slice text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\n')
			buf_add(out, SLICE("\\n"));
		else if (text.ptr[i] == '"' || text.ptr[i] == '\\')
			buf_printf(out, "\\%c", text.ptr[i]);
		else
			buf_add_byte(out, text.ptr[i]);
	}
}

static void
labels(const struct print *p, size_t i, const char *quantile, struct arena *a, struct buf *out)
{
	if (!p->by->count && !quantile)
		return;
	buf_add_byte(out, '{');
	for (size_t f = 0; f < p->by->count; f++) {
		struct slice value = print_value(p, i, f);

		if (f)
			buf_add_byte(out, ',');
		label_name(p, f, out);
		buf_add(out, SLICE("=\""));
		if (print_is_rest(p, i))
			buf_add(out, SLICE("(other)"));
		else if (!slice_eq(value, SLICE("null")))
			label_value(by_text(value, a), out);
		buf_add_byte(out, '"');
	}
	if (quantile)
		buf_printf(out, "%squantile=\"%s\"", p->by->count ? "," : "", quantile);
	buf_add_byte(out, '}');
}

static void
head(const char *metric, const char *type, const char *help, struct buf *out)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", metric, help, metric, type);
}

static const struct group *
group_at(const struct print *p, size_t i)
{
	return p->by->count ? print_group(p, i) : &p->groups->total;
}

static void
one_metric(const struct print *p, const struct column *c, const char *metric, struct arena *a,
    struct buf *out)
{
	size_t count = p->by->count ? p->shown : 1;
	bool begun = false;

	for (size_t i = 0; i < count; i++) {
		struct figure f = c->of(group_at(p, i));

		if (f.kind == FIGURE_NONE)
			continue;
		if (!begun)
			head(metric, "gauge", c->help, out);
		begun = true;
		buf_add(out, slice_z(metric));
		labels(p, i, NULL, a, out);
		buf_add_byte(out, ' ');
		figure_plain(f, out);
		buf_add_byte(out, '\n');
	}
}

static void
latency(const struct print *p, struct arena *a, struct buf *out)
{
	size_t count = p->by->count ? p->shown : 1;
	bool begun = false;

	for (size_t i = 0; i < count; i++)
		for (size_t q = 0; q < 3; q++) {
			struct figure f = column_named(quantiles[q].column)->of(group_at(p, i));

			if (f.kind == FIGURE_NONE)
				continue;
			if (!begun)
				head("llm_latency_seconds", "summary", "latency of calls", out);
			begun = true;
			buf_add(out, SLICE("llm_latency_seconds"));
			labels(p, i, quantiles[q].quantile, a, out);
			buf_printf(
			    out, " %" PRIu64 ".%03u\n", f.n / 1000, (unsigned)(f.n % 1000));
			if (q < 2)
				continue;
			buf_add(out, SLICE("llm_latency_seconds_count"));
			labels(p, i, NULL, a, out);
			buf_printf(out, " %" PRIu64 "\n", group_at(p, i)->latency.count);
		}
}

void
print_prom(const struct print *p, struct buf *out)
{
	struct arena a = { 0 };

	for (size_t m = 0; m < sizeof(metrics) / sizeof(*metrics); m++)
		one_metric(p, column_named(metrics[m].column), metrics[m].metric, &a, out);
	latency(p, &a, out);
	arena_close(&a);
}
