/* SPDX-License-Identifier: MIT */
#include "page.h"

#include "show/terminal.h"

#define NARROW 80
#define USUAL 100
#define WIDE 120

void
page_open(struct page *p, struct buf *out)
{
	size_t width = terminal_width();

	*p = (struct page){ .out = out, .width = USUAL, .color = terminal_color(NULL) };
	if (width)
		p->width = width < NARROW ? NARROW : width > WIDE ? WIDE : width;
}

void
page_color(struct page *p, const char *code)
{
	if (p->color)
		buf_printf(p->out, "\033[%sm", code);
}

static void
indent(struct page *p, size_t n)
{
	while (n--)
		buf_add_byte(p->out, ' ');
}

static size_t
width_of(struct slice text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++)
		n += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
	return n;
}

static void
add_clean(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		buf_add_byte(out,
		    (unsigned char)text.ptr[i] < 32 || text.ptr[i] == 127 ? '?' : text.ptr[i]);
}

void
page_wrap(struct page *p, size_t first, size_t rest, struct slice text)
{
	size_t at = first;
	bool begun = false;

	indent(p, first);
	while (text.len) {
		size_t end = slice_find(text, ' ');
		struct slice word = slice_take(text, end);
		size_t width = width_of(word);

		if (begun && at + 1 + width > p->width) {
			buf_add_byte(p->out, '\n');
			indent(p, rest);
			at = rest;
			begun = false;
		}
		if (begun) {
			buf_add_byte(p->out, ' ');
			at++;
		}
		add_clean(p->out, word);
		at += width;
		begun = true;
		text = slice_drop(text, end + 1);
	}
	buf_add_byte(p->out, '\n');
}

void
page_rule(struct page *p)
{
	page_color(p, PAGE_DIM);
	for (size_t i = 0; i < 72; i++)
		buf_add_byte(p->out, '-');
	buf_add_byte(p->out, '\n');
	page_color(p, PAGE_PLAIN);
}

void
page_close(struct page *p)
{
	arena_close(&p->arena);
}
