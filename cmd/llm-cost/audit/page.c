/* SPDX-License-Identifier: MIT */
#include "page.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tool/tool.h"

#define NARROW 80
#define USUAL 100
#define WIDE 120

static bool
is_screen(void)
{
	const char *term = getenv("TERM"), *output = tool_common()->output;

	return (!output || strcmp(output, "-") == 0) && isatty(STDOUT_FILENO) && term &&
	       strcmp(term, "dumb") != 0;
}

void
page_open(struct page *p, struct buf *out)
{
	const char *no_color = getenv("NO_COLOR");
	struct winsize size;

	*p = (struct page){ .out = out, .width = USUAL };
	if (!is_screen())
		return;
	p->color = !no_color || !*no_color;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		p->width = size.ws_col < NARROW ? NARROW
			   : size.ws_col > WIDE ? WIDE
						: size.ws_col;
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
