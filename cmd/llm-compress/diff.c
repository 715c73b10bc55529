/* SPDX-License-Identifier: MIT */
/* llm-compress --diff: what goes and what comes, line by line, for people. */
#include <inttypes.h>
#include <stdio.h>

#include "base/diag.h"
#include "cmd/llm-compress/compress.h"
#include "text/unicode.h"

/* Lines to look ahead for the place where both texts go on alike. */
#define AHEAD 200

static struct slice
first_line(struct slice text)
{
	return slice_take(text, slice_find(text, '\n'));
}

static struct slice
behind_line(struct slice text)
{
	return slice_drop(text, slice_find(text, '\n') + 1);
}

/* The whole line, its control characters and invalid bytes as '?', blanks at its end visible.
 */
static void
print_line(const char *mark, struct slice line)
{
	size_t end = line.len;

	while (end && strchr(" \t\r", line.ptr[end - 1]) && line.ptr[end - 1])
		end--;
	fputs(mark, stdout);
	for (struct slice rest = slice_take(line, end); rest.len;) {
		struct slice before = rest;
		uint32_t c = unicode_next(&rest);

		if (c == '\t' ||
		    (c >= 0x20 && (c < 0x7F || (c > 0x9F && c != 0xFFFD &&
						   unicode_class(c) != UNICODE_OTHER))))
			fwrite(before.ptr, 1, before.len - rest.len, stdout);
		else
			putchar('?');
	}
	for (size_t i = end; i < line.len; i++)
		fputs(line.ptr[i] == ' '    ? "\xC2\xB7"
		      : line.ptr[i] == '\t' ? "\\t"
					    : "\\r",
		    stdout);
	putchar('\n');
}

/* How many lines of text stand before one that is equal to line; AHEAD if none is near. */
static size_t
distance(struct slice text, struct slice line)
{
	size_t n = 0;

	for (; n < AHEAD && text.len; n++, text = behind_line(text))
		if (slice_eq(first_line(text), line))
			return n;
	return AHEAD;
}

static struct slice
print_some(const char *mark, struct slice text, size_t n)
{
	for (; n && text.len; n--, text = behind_line(text))
		print_line(mark, first_line(text));
	return text;
}

static void
print_difference(struct slice old, struct slice now)
{
	while (old.len || now.len) {
		struct slice a = first_line(old), b = first_line(now);
		size_t gone, come;

		if (old.len && now.len && slice_eq(a, b)) {
			old = behind_line(old);
			now = behind_line(now);
			continue;
		}
		gone = now.len ? distance(old, b) : AHEAD;
		come = old.len ? distance(now, a) : AHEAD;
		if (gone < AHEAD && gone <= come) {
			old = print_some("- ", old, gone);
		} else if (come < AHEAD) {
			now = print_some("+ ", now, come);
		} else {
			old = print_some("- ", old, 1);
			now = print_some("+ ", now, 1);
		}
	}
}

void
compress_show(const struct work *w, const struct record *r)
{
	bool any = false;

	for (size_t i = 0; i < w->count; i++) {
		const struct piece *p = &w->pieces[i];

		if (!p->now.ptr || slice_eq(p->now, p->old))
			continue;
		if (!any) {
			printf("%s:%" PRIu64 ":", diag_clean(slice_z(r->file)), r->number);
			for (size_t s = 0; s < STEP_COUNT; s++)
				if (w->ran[s])
					printf(" %s -%" PRIu64, step_names[s], w->saved[s]);
			printf(" tokens\n");
		}
		any = true;
		printf("@@ text %zu @@\n", i + 1);
		print_difference(p->old, p->now);
	}
}
