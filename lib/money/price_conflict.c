/* SPDX-License-Identifier: MIT */
#include "money/price_conflict.h"

#include "money/compiled.h"

MONEY_COMPILED(money_data_conflicts, "lib/money/data/conflicts");

static struct slice
column(struct slice *rest, char separator)
{
	size_t n = slice_find(*rest, separator);
	struct slice s = slice_take(*rest, n);

	*rest = slice_drop(*rest, n + 1);
	return s;
}

struct slice
price_conflict(struct slice provider, struct slice model, struct slice *holds)
{
	struct slice text = { money_data_conflicts, (size_t)money_data_conflicts_size };

	while (text.len) {
		struct slice line = column(&text, '\n');

		if (!slice_eq(column(&line, '\t'), provider) ||
		    !slice_eq(column(&line, '\t'), model))
			continue;
		*holds = column(&line, '\t');
		return column(&line, '\t');
	}
	return (struct slice){ NULL, 0 };
}
