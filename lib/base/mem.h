/* SPDX-License-Identifier: MIT */
/* Memory with the lifetime of the run. Exhaustion ends the process with status 3, so no
 * caller handles it. What belongs to one record lives in an arena instead (arena.h). */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include "base/slice.h"

/* Never NULL; the caller frees with free(). */
void *mem_alloc(size_t size);                        /* not cleared */
void *mem_zero(size_t size);                         /* cleared */
void *mem_grow(void *old, size_t count, size_t size); /* count * size, overflow checked */
char *mem_string(const char *z);                     /* a copy */
char *mem_text(struct slice s);                      /* a copy that ends in NUL */

#endif
