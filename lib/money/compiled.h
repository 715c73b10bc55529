/* SPDX-License-Identifier: MIT */
/* Files that become read-only bytes of the program. */
#ifndef MONEY_COMPILED_H
#define MONEY_COMPILED_H

#include <stdint.h>

#include "base/slice.h"

/* Takes what stands before the separator, or all, off the front of rest. */
static inline struct slice
compiled_column(struct slice *rest, char separator)
{
	size_t n = slice_find(*rest, separator);
	struct slice first = slice_take(*rest, n);

	*rest = slice_drop(*rest, n + 1);
	return first;
}

/* Defines symbol[], the bytes of a file, and symbol_size. The path is seen from the top of the
 * source tree, where make runs; build.mk has the dependencies. */
#define MONEY_COMPILED(symbol, file)                            \
	extern const char symbol[];                             \
	extern const uint64_t symbol##_size;                    \
	__asm__(".pushsection .rodata\n"                        \
		".global " #symbol "\n" #symbol ":\n"           \
		".incbin \"" file "\"\n"                        \
		".L" #symbol "_end:\n"                          \
		".balign 8\n"                                   \
		".global " #symbol "_size\n" #symbol "_size:\n" \
		".quad .L" #symbol "_end - " #symbol "\n"       \
		".popsection\n")

#endif
