/* SPDX-License-Identifier: MIT */
/* Whole numbers for people. */
#ifndef BASE_COUNT_H
#define BASE_COUNT_H

#include <stdint.h>

/* 1,234,567; out is returned. */
const char *count_write(uint64_t n, char out[32]);

#endif
