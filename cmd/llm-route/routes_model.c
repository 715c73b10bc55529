/* SPDX-License-Identifier: MIT */
/* The lines `model` and `cooldown`. */
#include "base/diag.h"
#include "base/options.h"
#include "cmd/llm-route/condition.h"
#include "cmd/llm-route/routes_read.h"
#include "task/classify.h"

#define MILLION 1000000

static bool
set_can(struct reader *r, struct slice value, unsigned *mask)
{
	static const struct {
		const char *name;
		unsigned bit;
	} known[] = { { "vision", CAN_VISION }, { "tools", CAN_TOOLS }, { "audio", CAN_AUDIO },
		{ "files", CAN_FILES }, { "schema", CAN_SCHEMA },
		{ "reasoning", CAN_REASONING }, { "streaming", CAN_STREAM } };
	const size_t kinds = sizeof(known) / sizeof(*known);

	while (value.len) {
		size_t n = slice_find(value, ','), i = 0;

		while (i < kinds && !slice_eqz(slice_take(value, n), known[i].name))
			i++;
		if (i == kinds)
			return read_wrong(r,
			    "a model can vision, tools, audio, files, schema, reasoning, "
			    "streaming, not '%s'",
			    diag_clean(slice_take(value, n)));
		*mask |= known[i].bit;
		value = slice_drop(value, n + 1);
	}
	return true;
}

/* Dollars a million tokens, as price lists have it; 0 is free. */
static bool
set_price(struct reader *r, struct slice name, struct slice value, bool *has, struct usd *out)
{
	struct usd million, zero = { 0 };

	*has = usd_read(value, &million) && usd_cmp(million, zero) >= 0 &&
	       usd_ratio(million, 1, MILLION, out);
	return *has ||
	       read_wrong(r, "%s is a number of dollars a million tokens", diag_clean(name));
}

static bool
share(struct slice text, uint32_t *out, struct arena *a)
{
	uint64_t n;

	if (!options_share(arena_copy(a, text).ptr, &n) || n > MILLION)
		return false;
	*out = (uint32_t)n;
	return true;
}

/* One share for all levels, or `simple:0.99,moderate:0.9,complex:0.6`; rows without a level
 * have the least. */
static bool
set_quality(struct reader *r, struct slice value, struct declared *d)
{
	uint32_t one, least = MILLION;
	enum level level;

	d->has_quality = true;
	if (share(value, &one, &r->routes->arena)) {
		for (size_t i = 0; i < 4; i++)
			d->quality[i] = one;
		return true;
	}
	for (size_t i = 0; i < 4; i++)
		d->quality[i] = UINT32_MAX;
	while (value.len) {
		size_t n = slice_find(value, ',');
		struct slice item = slice_take(value, n);
		size_t colon = slice_find(item, ':');

		if (!level_named(slice_take(item, colon), &level) ||
		    !share(slice_drop(item, colon + 1), &d->quality[level], &r->routes->arena))
			return read_wrong(
			    r, "quality is a share, or simple:P,moderate:P,complex:P");
		least = d->quality[level] < least ? d->quality[level] : least;
		value = slice_drop(value, n + 1);
	}
	for (size_t i = 0; i < 4; i++)
		if (d->quality[i] == UINT32_MAX)
			d->quality[i] = least;
	return true;
}

static bool
count_of(struct reader *r, struct slice name, struct slice value, uint64_t *n)
{
	if (number_parse(value, n) && *n)
		return true;
	return read_wrong(r, "%s is a whole number above 0", diag_clean(name));
}

static bool
set_fact(struct reader *r, struct declared *d, struct slice name, struct slice value)
{
	if (slice_eqz(name, "window"))
		return count_of(r, name, value, &d->window);
	if (slice_eqz(name, "max_output"))
		return count_of(r, name, value, &d->max_output);
	if (slice_eqz(name, "rpm"))
		return count_of(r, name, value, &d->rpm);
	if (slice_eqz(name, "tpm"))
		return count_of(r, name, value, &d->tpm);
	if (slice_eqz(name, "can"))
		return set_can(r, value, &d->can);
	if (slice_eqz(name, "cannot"))
		return set_can(r, value, &d->cannot);
	if (slice_eqz(name, "quality"))
		return set_quality(r, value, d);
	if (slice_eqz(name, "input"))
		return set_price(r, name, value, &d->has_input, &d->input);
	if (slice_eqz(name, "output"))
		return set_price(r, name, value, &d->has_output, &d->output);
	if (slice_eqz(name, "cached"))
		return set_price(r, name, value, &d->has_cached, &d->cached);
	if (slice_eqz(name, "batch_input"))
		return set_price(r, name, value, &d->has_batch_input, &d->batch_input);
	if (slice_eqz(name, "batch_output"))
		return set_price(r, name, value, &d->has_batch_output, &d->batch_output);
	if (slice_eqz(name, "as"))
		d->as = value;
	else if (slice_eqz(name, "provider"))
		d->provider = value;
	else if (slice_eqz(name, "region"))
		d->region = value;
	else if (slice_eqz(name, "data"))
		d->data = value;
	else if (slice_eqz(name, "batch") && slice_eqz(value, "no"))
		d->no_batch = true;
	else
		return read_wrong(r,
		    "a model has as, provider, window, max_output, can, cannot, input, output, "
		    "cached, batch_input, batch_output, batch=no, quality, region, data, rpm, "
		    "tpm, not '%s'",
		    diag_clean(name));
	return true;
}

bool
read_model(struct reader *r)
{
	struct routes *routes = r->routes;
	struct slice name, word, key, value;
	struct declared *d;

	if (!read_want(r, &name, "the name of the model"))
		return false;
	for (size_t i = 0; i < routes->model_count; i++)
		if (slice_eq(routes->models[i].name, name))
			return read_wrong(r, "model '%s' stands twice", diag_clean(name));
	d = read_append(&routes->models, &routes->model_count, sizeof(*d));
	d->name = name;
	d->line = r->line;
	while (read_more(r, &word))
		if (!read_pair(r, word, &key, &value) || !set_fact(r, d, key, value))
			return false;
	if (r->why)
		return false;
	if (d->has_input != d->has_output || d->has_batch_input != d->has_batch_output ||
	    ((d->has_cached || d->has_batch_input) && !d->has_input))
		return read_wrong(r, "a price has both input and output");
	if (d->can & d->cannot)
		return read_wrong(r, "a model cannot do what it can");
	return true;
}

bool
read_cooldown(struct reader *r)
{
	struct routes *routes = r->routes;
	struct slice word, name, value;
	uint64_t seconds;

	if (!routes->allowed_fails) { /* the first such line */
		routes->allowed_fails = 3;
		routes->cooldown_time = 5000;
	}
	while (read_more(r, &word)) {
		if (!read_pair(r, word, &name, &value))
			return false;
		if (slice_eqz(name, "allowed_fails")) {
			if (!number_parse(value, &routes->allowed_fails) ||
			    !routes->allowed_fails)
				return read_wrong(r, "allowed_fails is a number above 0");
		} else if (!slice_eqz(name, "cooldown_time")) {
			return read_wrong(r, "a cooldown has allowed_fails and cooldown_time");
		} else if (number_parse(value, &seconds)) {
			routes->cooldown_time = (int64_t)(seconds * 1000);
		} else if (!options_duration(
			       arena_copy(&routes->arena, value).ptr, &routes->cooldown_time)) {
			return read_wrong(r, "cooldown_time is seconds or a duration");
		}
	}
	return r->why == NULL;
}
