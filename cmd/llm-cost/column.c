/* SPDX-License-Identifier: MIT */
#include "column.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define COUNT(field, what)                                                         \
	static struct figure of_##field(const struct group *g)                     \
	{                                                                          \
		return (struct figure){ .kind = FIGURE_COUNT, .n = g->sums.what }; \
	}
COUNT(requests, requests)
COUNT(input, input)
COUNT(cached, cached)
COUNT(written, written)
COUNT(output, output)
COUNT(reasoning, reasoning)
COUNT(unpriced, unpriced)
COUNT(errors, errors)

/* Where no request has a price there is no amount: that is not $0. */
static struct figure
of_cost(const struct group *g)
{
	if (!g->whole && g->sums.unpriced && g->sums.unpriced == g->sums.requests)
		return (struct figure){ 0 };
	return (struct figure){ .kind = FIGURE_USD, .usd = g->sums.cost };
}

/* Of the requests that have a price. */
static struct figure
of_cost_per_1k(const struct group *g)
{
	uint64_t priced = g->sums.requests - g->sums.unpriced;

	if (!priced)
		return (struct figure){ 0 };
	return (
	    struct figure){ .kind = FIGURE_USD, .usd = usd_part(g->sums.cost, 1000, priced) };
}

static struct figure
ratio(uint64_t n, uint64_t d)
{
	return d ? (struct figure){ .kind = FIGURE_RATIO, .n = n, .d = d }
		 : (struct figure){ 0 };
}

static struct figure
of_output_input(const struct group *g)
{
	return ratio(g->sums.output, g->sums.input);
}

static struct figure
of_hit_rate(const struct group *g)
{
	return ratio(g->sums.cached, g->sums.input);
}

/* No list of strong models is part of the tables. */
static struct figure
of_strong_share(const struct group *g)
{
	(void)g;
	return (struct figure){ 0 };
}

static struct figure
quantile(const struct group *g, unsigned permille)
{
	struct figure f = { .kind = FIGURE_COUNT };

	if (!latency_quantile(&g->latency, permille, &f.n))
		f.kind = FIGURE_NONE;
	return f;
}

static struct figure
of_p50(const struct group *g)
{
	return quantile(g, 500);
}

static struct figure
of_p95(const struct group *g)
{
	return quantile(g, 950);
}

static struct figure
of_p99(const struct group *g)
{
	return quantile(g, 990);
}

const struct column columns[] = {
	{ "requests", "requests", of_requests },
	{ "input_tokens", "input", of_input },
	{ "cached_tokens", "cached", of_cached },
	{ "cache_write_tokens", "written", of_written },
	{ "output_tokens", "output", of_output },
	{ "reasoning_tokens", "reasoning", of_reasoning },
	{ "cost", "cost $", of_cost },
	{ "cost_per_1k", "$ per 1k", of_cost_per_1k },
	{ "unpriced", "unpriced", of_unpriced },
	{ "output_input_ratio", "out/in", of_output_input },
	{ "cache_hit_rate", "hit rate", of_hit_rate },
	{ "strong_share", "strong", of_strong_share },
	{ "errors", "errors", of_errors },
	{ "p50_ms", "p50 ms", of_p50 },
	{ "p95_ms", "p95 ms", of_p95 },
	{ "p99_ms", "p99 ms", of_p99 },
};
const size_t column_count = sizeof(columns) / sizeof(*columns);

const struct column *
column_named(const char *name)
{
	for (size_t i = 0; i < column_count; i++)
		if (strcmp(columns[i].name, name) == 0)
			return &columns[i];
	return NULL;
}

/* n / d as a whole number and parts of scale, half up. */
static uint64_t
split(struct figure f, uint64_t scale, uint64_t *part)
{
	unsigned __int128 twice = (unsigned __int128)(f.n % f.d) * scale * 2 + f.d;

	*part = (uint64_t)(twice / ((unsigned __int128)f.d * 2));
	if (*part < scale)
		return f.n / f.d;
	*part = 0;
	return f.n / f.d + 1;
}

static void
add_ratio(struct figure f, struct buf *out)
{
	uint64_t millionths, whole = split(f, 1000000, &millionths);
	char text[8];
	int len;

	buf_add_number(out, whole);
	if (!millionths)
		return;
	len = snprintf(text, sizeof(text), ".%06u", (unsigned)millionths);
	while (text[len - 1] == '0')
		len--;
	buf_add(out, slice_of(text, (size_t)len));
}

static void
add_exact(struct figure f, struct buf *out)
{
	char text[64];

	switch (f.kind) {
	case FIGURE_NONE: break;
	case FIGURE_COUNT: buf_add_number(out, f.n); break;
	case FIGURE_USD: buf_add(out, slice_z(usd_write(f.usd, text))); break;
	case FIGURE_RATIO: add_ratio(f, out); break;
	}
}

void
figure_json(struct figure f, struct buf *out)
{
	if (f.kind == FIGURE_NONE)
		buf_add(out, SLICE("null"));
	if (f.kind == FIGURE_USD)
		buf_add_byte(out, '"');
	add_exact(f, out);
	if (f.kind == FIGURE_USD)
		buf_add_byte(out, '"');
}

void
figure_plain(struct figure f, struct buf *out)
{
	add_exact(f, out);
}

static void
add_grouped(uint64_t n, struct buf *out)
{
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);

	for (size_t i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			buf_add_byte(out, ',');
		buf_add_byte(out, digits[i]);
	}
}

void
figure_people(struct figure f, unsigned decimals, struct buf *out)
{
	char text[64];
	uint64_t n;

	switch (f.kind) {
	case FIGURE_NONE: buf_add_byte(out, '-'); break;
	case FIGURE_COUNT: add_grouped(f.n, out); break;
	case FIGURE_USD: buf_add(out, slice_z(usd_round(f.usd, decimals, text))); break;
	case FIGURE_RATIO:
		add_grouped(split(f, 100, &n), out);
		buf_printf(out, ".%02u", (unsigned)n);
		break;
	}
}

static int
cmp_number(unsigned __int128 a, unsigned __int128 b)
{
	return a < b ? -1 : a > b;
}

int
figure_cmp(struct figure a, struct figure b)
{
	if (a.kind != b.kind)
		return a.kind == FIGURE_NONE ? -1 : 1;
	switch (a.kind) {
	case FIGURE_NONE: return 0;
	case FIGURE_COUNT: return cmp_number(a.n, b.n);
	case FIGURE_USD: return usd_cmp(a.usd, b.usd);
	case FIGURE_RATIO:
		return cmp_number((unsigned __int128)a.n * b.d, (unsigned __int128)b.n * a.d);
	}
	return 0;
}

bool
figure_empty(struct figure f)
{
	return f.kind == FIGURE_NONE || (f.kind == FIGURE_USD ? f.usd.units == 0 : f.n == 0);
}

unsigned
decimals_for(struct usd d)
{
	static const struct usd zero;
	struct usd cent, dollar, hundred;
	bool read = usd_read(SLICE("0.01"), &cent) && usd_read(SLICE("1"), &dollar) &&
		    usd_read(SLICE("100"), &hundred);

	assert(read);
	if (usd_cmp(d, zero) < 0)
		d = usd_sub(zero, d);
	if (usd_cmp(d, zero) == 0 || usd_cmp(d, hundred) >= 0)
		return 2;
	return usd_cmp(d, dollar) >= 0 ? 4 : usd_cmp(d, cent) >= 0 ? 6 : 8;
}

struct usd
usd_part(struct usd d, uint64_t times, uint64_t share)
{
	struct usd out, unit;
	bool read = usd_read(SLICE("0.000000000001"), &unit);
	__int128 whole, rest, half;

	assert(read);
	if (usd_ratio(d, times, share, &out))
		return out;
	/* in parts, so that the product of a large sum does not leave the range */
	whole = d.units / unit.units;
	rest = whole % share * times;
	half = rest < 0 ? -(__int128)(share / 2) : (__int128)(share / 2);
	out = usd_add(usd_times((struct usd){ whole / share * unit.units }, times),
	    (struct usd){ (rest + half) / share * unit.units });
	return out;
}
