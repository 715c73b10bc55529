/* SPDX-License-Identifier: MIT */
/* The audit in its forms. */
#ifndef COST_AUDIT_PRINT_H
#define COST_AUDIT_PRINT_H

#include "find.h"

extern const char *const audit_formats[]; /* table first, NULL-ended */
void audit_print(const char *format, const struct verdict_list *v, struct buf *out);
void audit_json(const struct verdict_list *v, struct buf *out);
void audit_markdown(const struct verdict_list *v, struct buf *out);
void audit_html(const struct verdict_list *v, struct buf *out);

#endif
