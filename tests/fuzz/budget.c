/* SPDX-License-Identifier: MIT */
/* lib/budget: any file of limits is taken or refused with its line, and the keys that its lines
 * make lead back to a line of the same name. */
#include <stdlib.h>

#include "budget/budget.h"

static struct slice
value_of(void *call, const struct budget_field *field)
{
	(void)call;
	return field->name.len % 3 ? slice_take(field->name, 4) : slice_of(NULL, 0);
}

static void
check_key(void *context, size_t line, struct slice key)
{
	const struct budget *b = context;

	if (line >= b->count || !budget_line_of(b, b->line[line].name, key))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct budget b;
	const char *why;

	if (size > 1u << 14)
		return 0;
	if (!budget_read(slice_of((const char *)data, size), &b, &why)) {
		if (!strstr(why, "line "))
			abort();
		return 0;
	}
	budget_apply(&b, value_of, NULL, &arena, check_key, &b);
	budget_free(&b);
	arena_close(&arena);
	return 0;
}
