/* SPDX-License-Identifier: MIT */
#include "money/price_accepted.h"

#include "money/compiled.h"
#include "money/price_table.h"

MONEY_COMPILED(money_data_accepted, "lib/money/data/accepted");

struct slice
price_accepted(struct slice row, struct slice kind)
{
	struct slice text = { money_data_accepted, (size_t)money_data_accepted_size };

	while (text.len) {
		struct slice line = compiled_column(&text, '\n');
		struct slice pattern = compiled_column(&line, '\t');

		if (slice_starts(pattern, SLICE("#")) ||
		    !slice_eq(compiled_column(&line, '\t'), kind) ||
		    !price_pattern(pattern, row))
			continue;
		return line;
	}
	return (struct slice){ NULL, 0 };
}
