/* SPDX-License-Identifier: MIT */
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"

static void *
checked(void *memory)
{
	if (!memory)
		diag_die(STATUS_FAILED, "out of memory");
	return memory;
}

void *
mem_alloc(size_t size)
{
	return checked(malloc(size ? size : 1));
}

void *
mem_zero(size_t size)
{
	return checked(calloc(1, size ? size : 1));
}

void *
mem_grow(void *old, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		diag_die(STATUS_FAILED, "out of memory");
	return checked(realloc(old, bytes ? bytes : 1));
}

char *
mem_string(const char *z)
{
	size_t size = strlen(z) + 1;

	return memcpy(mem_alloc(size), z, size);
}

char *
mem_text(struct slice s)
{
	char *z = mem_alloc(s.len + 1);

	if (s.len)
		memcpy(z, s.ptr, s.len);
	z[s.len] = '\0';
	return z;
}
