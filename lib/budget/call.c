/* SPDX-License-Identifier: MIT */
#include "budget/call.h"

#include "base/when.h"
#include "tokens/tokens.h"

static struct slice
text_of(struct value v, struct arena *a)
{
	if (json_type(v) == JSON_STRING)
		return json_string(v, a);
	return json_type(v) > JSON_NULL ? json_raw(v) : slice_of(NULL, 0);
}

struct slice
budget_call_value(void *context, const struct budget_field *field)
{
	struct budget_call *call = context;
	char name[64];

	if (field->path)
		return text_of(path_get(field->path, call->request->root), call->arena);
	if (slice_eqz(field->name, "model"))
		return call->model;
	if (slice_eqz(field->name, "provider"))
		return call->provider;
	if (slice_eqz(field->name, "lane"))
		return slice_z(lane_name(call->lane));
	if (field->name.len >= sizeof name)
		return slice_of(NULL, 0);
	memcpy(name, field->name.ptr, field->name.len);
	name[field->name.len] = '\0';
	return text_of(request_attribute(call->request, name), call->arena);
}

bool
budget_worst(
    const struct budget_call *call, struct usd *usd, uint64_t *tokens, const char **why)
{
	const struct tokenizer *t = tokenizer_for(call->model);
	struct tokens input = tokens_request(t, call->request, call->arena);
	struct price_query q = { call->model, call->provider, when_now(), call->lane };
	uint64_t output = 0;
	struct bill bill;

	if (call->request->api != API_EMBEDDING &&
	    !json_whole(request_cap(call->request, NULL), &output))
		output = model_facts(call->model, call->provider).max_output;
	*tokens = input.high + output;
	if (call->request->api != API_EMBEDDING && !output) {
		*why = "no output cap, and the model's maximum is not known";
		return false;
	}
	bill_counts(&q, input.high, output, &bill);
	*usd = bill.usd;
	*why = bill.unpriced;
	return bill.priced;
}
