/* SPDX-License-Identifier: MIT */
/* Requests that were not sent yet: what their prompts alone can tell, at the price of their
 * input. */
#include "unsent.h"

#include "tokens/tokens.h"

bool
unsent_read(struct row *row, struct arena *a)
{
	if (json_type(row->request.body) != JSON_OBJECT || !row->model.ptr)
		return false;
	row->kind = ROW_CALL;
	row->has_usage = true;
	row->usage = (struct usage){ .present = true,
		.input = tokens_request(tokenizer_for(row->model), &row->request, a).count };
	row_price(row);
	return !row->unpriced;
}
