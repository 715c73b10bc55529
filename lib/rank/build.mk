# SPDX-License-Identifier: MIT
# The table of n-grams, as data/ has it.
$(O)/lib/rank/ngram_data.o: lib/rank/ngram_data.S lib/rank/data/ngrams
	@mkdir -p $(@D)
	$(CC) -c -Wa,-Ilib/rank/data -o $@ $<
GEN_OBJS += $(O)/lib/rank/ngram_data.o
