/* SPDX-License-Identifier: MIT */
/* llm-compress --diff: what goes and what comes, line by line, for people. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "cmd/llm-compress/undo.h"
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

enum mark { GOES, COMES, HEAD, PLACE, PLAIN };

/* For a terminal, or a pager behind a pipe; never in a file. */
static bool
is_coloured(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	struct stat st;

	if ((no && *no) || !term || strcmp(term, "dumb") == 0)
		return false;
	return isatty(STDOUT_FILENO) ||
	       (fstat(STDOUT_FILENO, &st) == 0 && S_ISFIFO(st.st_mode));
}

static const char *
colour(enum mark mark)
{
	static const char *const codes[] = { "\033[31m", "\033[32m", "\033[1m", "\033[36m",
		"\033[0m" };
	static int coloured = -1;

	if (coloured < 0)
		coloured = is_coloured();
	return coloured ? codes[mark] : "";
}

/* The whole line, its control characters and invalid bytes as '?', blanks at its end visible.
 */
static void
print_line(enum mark mark, struct slice line)
{
	size_t end = line.len;

	while (end && strchr(" \t\r", line.ptr[end - 1]) && line.ptr[end - 1])
		end--;
	printf("%s%s", colour(mark), mark == GOES ? "- " : "+ ");
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
	printf("%s\n", colour(PLAIN));
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
print_some(enum mark mark, struct slice text, size_t n)
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
			old = print_some(GOES, old, gone);
		} else if (come < AHEAD) {
			now = print_some(COMES, now, come);
		} else {
			old = print_some(GOES, old, 1);
			now = print_some(COMES, now, 1);
		}
	}
}

static void
print_header(const struct work *w, const struct record *r)
{
	printf("%s%s:%" PRIu64 ":", colour(HEAD), diag_clean(slice_z(r->file)), r->number);
	for (size_t i = 0; i < w->done_count; i++)
		printf(" %s -%" PRIu64, w->done[i].name, w->done[i].saved);
	printf(" tokens%s\n", colour(PLAIN));
}

static void
print_all(enum mark mark, struct slice text)
{
	print_some(mark, text, SIZE_MAX);
}

/* A text of a message that goes as a whole, or of a block that goes. */
static struct slice
shown_of(const struct work *w, const struct piece *p)
{
	if (json_type(p->part.text) == JSON_STRING)
		return json_string(p->part.text, w->arena);
	return json_raw(json_type(p->part.text) ? p->part.text : p->part.block);
}

static void
show_piece(const struct work *w, const struct piece *p, size_t number)
{
	bool gone = p->gone || (p->message != NOWHERE && w->messages[p->message].gone);

	if (!gone && (!p->now.ptr || slice_eq(p->now, p->old)))
		return;
	printf("%s@@ text %zu%s @@%s\n", colour(PLACE), number, gone ? " goes" : "",
	    colour(PLAIN));
	if (gone)
		print_all(GOES, shown_of(w, p));
	else
		print_difference(p->old, p->now);
}

void
diff_show(const struct work *w, const struct record *r)
{
	if (!work_changed(w))
		return;
	print_header(w, r);
	for (size_t i = 0; i < w->message_count; i++)
		if (w->messages[i].before.ptr)
			print_all(COMES, w->messages[i].before);
	for (size_t i = 0; i < w->count; i++)
		show_piece(w, &w->pieces[i], i + 1);
}
