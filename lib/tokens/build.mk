# SPDX-License-Identifier: MIT
# The tables of the compiled-in encodings: a host program makes them from data/*.ranks.
TOKENS_O = $(O)/lib/tokens
TOKENS_IMAGES = $(TOKENS_O)/o200k_base.image $(TOKENS_O)/cl100k_base.image \
	$(TOKENS_O)/p50k_base.image $(TOKENS_O)/r50k_base.image
HOSTCC ?= $(CC)

$(TOKENS_O)/make-image: lib/tokens/gen/image.c lib/tokens/build.c lib/tokens/build_pairs.c lib/tokens/vocab.c \
		lib/tokens/utf8.c lib/tokens/table.c lib/base/buf.c lib/base/mem.c lib/base/diag.c \
		lib/tokens/vocab.h lib/tokens/table.h
	@mkdir -p $(@D)
	$(HOSTCC) -std=c11 -D_GNU_SOURCE -O2 -Ilib -o $@ $(filter %.c,$^)
$(TOKENS_O)/%.image: lib/tokens/data/%.ranks $(TOKENS_O)/make-image
	$(TOKENS_O)/make-image $< $@
# p50k_base is r50k_base's 50256 ranks and runs of blanks
$(TOKENS_O)/r50k_base.image: lib/tokens/data/p50k_base.ranks $(TOKENS_O)/make-image
	$(TOKENS_O)/make-image $< $@ 50256
$(TOKENS_O)/tables.o: lib/tokens/tables.S lib/tokens/data/families $(TOKENS_IMAGES)
	$(CC) -c -Wa,-I$(TOKENS_O) -Wa,-Ilib/tokens/data -o $@ $<
GEN_OBJS += $(TOKENS_O)/tables.o
