# SPDX-License-Identifier: MIT
# The token table: rows as data/ has them, the vocabulary as a host program indexes it.
MEANING_O = $(O)/lib/meaning
# the same bytes with each instruction set: a * b + c is rounded twice
$(MEANING_O)/encoder%.o: ALL_CFLAGS += -ffp-contract=off -fno-fast-math
HOSTCC ?= $(CC)

$(MEANING_O)/make-vocabulary: lib/meaning/gen/vocabulary.c lib/meaning/vocabulary.c lib/base/mem.c \
		lib/base/diag.c lib/meaning/vocabulary.h
	@mkdir -p $(@D)
	$(HOSTCC) -std=c11 -D_GNU_SOURCE -O2 -Ilib -o $@ $(filter %.c,$^)
$(MEANING_O)/table.vocabulary.image: lib/meaning/data/table.vocabulary $(MEANING_O)/make-vocabulary
	$(MEANING_O)/make-vocabulary $< $@
$(MEANING_O)/table_data.o: lib/meaning/table_data.S lib/meaning/data/table.rows \
		lib/meaning/data/table.name $(MEANING_O)/table.vocabulary.image
	$(CC) -c -Wa,-I$(MEANING_O) -Wa,-Ilib/meaning/data -o $@ $<
GEN_OBJS += $(MEANING_O)/table_data.o
# the words of the lexical gate are taken into this object by .incbin
$(MEANING_O)/gate_words.o: lib/meaning/data/words
