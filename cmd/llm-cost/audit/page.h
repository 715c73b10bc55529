/* SPDX-License-Identifier: MIT */
/* Lines for people: wrapped to the terminal, in colours where they are seen. */
#ifndef COST_AUDIT_PAGE_H
#define COST_AUDIT_PAGE_H

#include "base/arena.h"
#include "base/buf.h"

#define PAGE_PLAIN "0"
#define PAGE_BOLD "1"
#define PAGE_DIM "2"
#define PAGE_GREEN "32"
#define PAGE_YELLOW "33"
#define PAGE_CYAN "36"

struct page {
	struct buf *out;
	struct arena arena;
	size_t width; /* 80 to 120 characters; 100 where nothing tells (terminal.h) */
	bool color;   /* terminal.h says where */
};
void page_open(struct page *p, struct buf *out);
void page_color(struct page *p, const char *code);
/* The text broken between words; the first line begins at column first, further ones at rest.
 * Control characters are replaced. */
void page_wrap(struct page *p, size_t first, size_t rest, struct slice text);
void page_rule(struct page *p);
void page_close(struct page *p);

#endif
