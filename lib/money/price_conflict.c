/* SPDX-License-Identifier: MIT */
#include "money/price_conflict.h"

#include "money/compiled.h"

MONEY_COMPILED(money_data_conflicts, "lib/money/data/conflicts");

struct slice
price_conflict(struct slice provider, struct slice model, struct slice *holds)
{
	struct slice text = { money_data_conflicts, (size_t)money_data_conflicts_size };

	while (text.len) {
		struct slice line = compiled_column(&text, '\n');

		if (!slice_eq(compiled_column(&line, '\t'), provider) ||
		    !slice_eq(compiled_column(&line, '\t'), model))
			continue;
		*holds = compiled_column(&line, '\t');
		return compiled_column(&line, '\t');
	}
	return (struct slice){ NULL, 0 };
}
