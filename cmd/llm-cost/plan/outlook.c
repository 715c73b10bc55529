/* SPDX-License-Identifier: MIT */
#include "outlook.h"

#include <limits.h>

/* n, else 1; what is no count is 1 too: the provider will refuse it. */
static uint64_t
answers_of(const struct request *r)
{
	uint64_t n;

	if (r->api == API_EMBEDDING || !json_whole(request_parameter(r, "n"), &n) || !n ||
	    n > INT_MAX)
		return 1;
	return n;
}

static uint64_t
product(uint64_t a, uint64_t b)
{
	return b && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

void
outlook_read(const struct row *row, struct arena *a, struct outlook *o)
{
	const struct request *r = &row->request;
	struct model_facts facts;
	uint64_t cap;

	*o = (struct outlook){ .answers = answers_of(r) };
	o->input = tokens_request(tokenizer_for(row->model), r, a);
	o->capped = json_whole(request_cap(r, NULL), &cap);
	if (r->api == API_EMBEDDING) {
		o->bound = "none";
	} else if (o->capped) {
		o->bound = "cap";
		o->most = product(cap, o->answers);
	} else {
		facts = model_facts(row->model, row->provider);
		if (facts.max_output) {
			o->bound = "model";
			o->most = product(facts.max_output, o->answers);
		} else if (facts.context) {
			o->bound = "window";
			o->most = facts.context > o->input.low
				      ? product(facts.context - o->input.low, o->answers)
				      : 0;
		}
	}
}

uint64_t
outlook_output(const struct outlook *o, uint64_t one)
{
	uint64_t all = product(one, o->answers);

	return o->bound && all > o->most ? o->most : all;
}

void
outlook_model(struct row *row, const char *model)
{
	if (row->model.ptr || !model || row->kind == ROW_NOTHING ||
	    row->request.shape == SHAPE_USAGE)
		return;
	row->model = models_resolve(slice_z(model));
	if (row->kind == ROW_CALL && !row->request.answered)
		row->kind = ROW_UNANSWERED;
}

/* The same price for each token, in and out? */
static bool
same_rates(const struct price_query *q, uint64_t prompt, uint64_t other)
{
	struct bill a, b;

	bill_counts(q, prompt, 1, &a);
	bill_counts(q, other, 1, &b);
	if (a.priced != b.priced || a.part_count != b.part_count)
		return false;
	for (size_t i = 0; i < a.part_count; i++)
		if (usd_cmp(a.parts[i].price, b.parts[i].price) != 0)
			return false;
	return true;
}

bool
cliff_find(const struct price_query *q, uint64_t tokens, struct cliff *c)
{
	uint64_t low = 1, high = tokens;
	struct bill b;

	if (tokens < 2 || same_rates(q, 1, tokens))
		return false;
	while (high - low > 1) {
		uint64_t middle = low + (high - low) / 2;

		if (same_rates(q, middle, tokens))
			high = middle;
		else
			low = middle;
	}
	c->bound = low;
	bill_counts(q, low, 0, &b);
	c->at = b.usd;
	bill_counts(q, high, 0, &b);
	c->past = b.usd;
	return b.priced;
}
