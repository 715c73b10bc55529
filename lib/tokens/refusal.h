/* SPDX-License-Identifier: MIT */
/* Why a tokenizer that somebody gave is not taken. */
#ifndef TOKENS_REFUSAL_H
#define TOKENS_REFUSAL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

struct refusal {
	char text[240];
};

/* Sets the reason, cut where it is too long. Returns false. */
__attribute__((format(printf, 2, 3))) static inline bool
refuse(struct refusal *r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(r->text, sizeof r->text, format, args);
	va_end(args);
	return false;
}

#endif
