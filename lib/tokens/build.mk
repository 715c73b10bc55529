# SPDX-License-Identifier: MIT
# The tables of the compiled-in encodings: a host program makes them from data/*.ranks.
TOKENS_O = $(O)/lib/tokens
TOKENS_IMAGES = $(TOKENS_O)/o200k_base.image $(TOKENS_O)/cl100k_base.image
HOSTCC ?= $(CC)

$(TOKENS_O)/make-image: lib/tokens/gen/image.c lib/tokens/build.c lib/tokens/vocab.c \
		lib/base/mem.c lib/base/diag.c lib/tokens/vocab.h
	@mkdir -p $(@D)
	$(HOSTCC) -std=c11 -D_GNU_SOURCE -O2 -Ilib -o $@ $(filter %.c,$^)
$(TOKENS_O)/%.image: lib/tokens/data/%.ranks $(TOKENS_O)/make-image
	$(TOKENS_O)/make-image $< $@
$(TOKENS_O)/tables.o: lib/tokens/tables.S lib/tokens/data/families $(TOKENS_IMAGES)
	$(CC) -c -Wa,-I$(TOKENS_O) -Wa,-Ilib/tokens/data -o $@ $<
GEN_OBJS += $(TOKENS_O)/tables.o
