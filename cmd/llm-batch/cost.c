/* SPDX-License-Identifier: MIT */
#include "cost.h"

#include "base/diag.h"
#include "base/when.h"
#include "model/request.h"
#include "money/price.h"

/* False where the model has no price for what there is of it. */
static bool
price(const struct price_query *q, uint64_t tokens, uint64_t output, struct usd *input,
    struct usd *most)
{
	struct bill bill;

	bill_counts(q, tokens, output, &bill);
	*input = *most = bill.usd;
	for (size_t i = 0; i < bill.part_count; i++)
		if (strcmp(bill.parts[i].name, "output") == 0)
			*input = usd_sub(*input, bill.parts[i].usd);
	return bill.priced;
}

struct cost
cost_of(struct slice provider, struct slice model, const struct request *r, uint64_t tokens)
{
	struct price_query q = { model, provider, when_now(), LANE_BATCH };
	struct cost c = { .unpriced = 0 };
	uint64_t output = 0;
	bool priced;

	if (r->api != API_EMBEDDING && !json_whole(request_cap(r, NULL), &output))
		output = model_facts(model, provider).max_output;
	priced = price(&q, tokens, output, &c.input.batch, &c.most.batch);
	q.lane = LANE_REALTIME;
	if (!priced || !price(&q, tokens, output, &c.input.normal, &c.most.normal))
		return (struct cost){ .unpriced = 1 };
	if (r->api != API_EMBEDDING && !output) {
		c.uncapped = 1;
		c.most.batch = c.most.normal = (struct usd){ 0 };
	}
	return c;
}

void
cost_add(struct cost *sum, const struct cost *one)
{
	sum->input.batch = usd_add(sum->input.batch, one->input.batch);
	sum->input.normal = usd_add(sum->input.normal, one->input.normal);
	sum->most.batch = usd_add(sum->most.batch, one->most.batch);
	sum->most.normal = usd_add(sum->most.normal, one->most.normal);
	sum->unpriced += one->unpriced;
	sum->uncapped += one->uncapped;
}

static void
write_both(struct writer *w, const char *name, bool known, struct usd batch, struct usd normal)
{
	char text[64];

	write_name(w, name);
	write_object(w);
	write_name(w, "batch");
	write_z(w, known ? usd_write(batch, text) : NULL);
	write_name(w, "normal");
	write_z(w, known ? usd_write(normal, text) : NULL);
	write_object_end(w);
}

void
cost_write(struct writer *w, const struct cost *c)
{
	write_object(w);
	write_both(w, "input", !c->unpriced, c->input.batch, c->input.normal);
	write_both(w, "most", !c->unpriced && !c->uncapped, c->most.batch, c->most.normal);
	write_object_end(w);
}

void
cost_say(const struct cost *c)
{
	char text[4][64];

	diag_note("input: $%s in batches instead of $%s; with all output that the caps allow: "
		  "$%s instead of $%s",
	    usd_write(c->input.batch, text[0]), usd_write(c->input.normal, text[1]),
	    usd_write(c->most.batch, text[2]), usd_write(c->most.normal, text[3]));
	if (c->unpriced)
		diag_warn("%llu requests have no price and are in no amount",
		    (unsigned long long)c->unpriced);
	if (c->uncapped)
		diag_warn("%llu requests have no output cap, and their model's is not known",
		    (unsigned long long)c->uncapped);
}
