# SPDX-License-Identifier: MIT
# the tables are taken into these objects by .incbin, so the objects depend on them
$(O)/lib/money/price_table.o: lib/money/data/prices.jsonl lib/money/data/names
$(O)/lib/money/price_rules.o: lib/money/data/rules
$(O)/lib/money/price_conflict.o: lib/money/data/conflicts
$(O)/lib/money/price_accepted.o: lib/money/data/accepted
