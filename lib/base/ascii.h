/* SPDX-License-Identifier: MIT */
/* Classes of ASCII characters, whatever the locale; a byte of a longer character is in none. */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>

static inline bool
ascii_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
ascii_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Space, tab, LF and CR, as slice_trim takes them off. */
static inline bool
ascii_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

#endif
