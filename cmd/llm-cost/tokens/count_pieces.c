/* SPDX-License-Identifier: MIT */
/* The texts of a request cut into their tokens: in colours, in brackets, or as JSON. */
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "count.h"
#include "json/write.h"
#include "text/unicode.h"
#include "tool/tool.h"

size_t
count_ids(struct counter *c, const struct tokenizer *t, struct slice text)
{
	const struct encoding *e = tokenizer_encoding(t);
	size_t count;

	if (!e)
		diag_die(STATUS_USAGE,
		    "the ids of '%s' are not public; '--model' names what counts",
		    tokenizer_family(t));
	count = encoding_ids(e, text, c->ids, c->room);
	if (count > c->room) {
		c->room = count;
		c->ids = mem_grow(c->ids, c->room, sizeof(*c->ids));
		encoding_ids(e, text, c->ids, c->room);
	}
	return count;
}

/* Backgrounds of the 256 colours, all light, so that black on them can be read whatever the
 * theme is; neighbours differ in hue and in brightness, for eyes that see few colours. */
static const unsigned backgrounds[] = { 153, 222, 157, 218, 189 };
#define BACKGROUNDS (sizeof(backgrounds) / sizeof(*backgrounds))

static bool
in_colour(void)
{
	static int known = -1;
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (known < 0)
		known = (!no || !*no) && term && strcmp(term, "dumb") != 0 &&
			(!tool_common()->output || strcmp(tool_common()->output, "-") == 0) &&
			isatty(STDOUT_FILENO);
	return known;
}

/* FILE:LINE ID MEMBER KIND: N tokens */
static void
put_place(struct counter *c, const struct count_place *place, size_t count)
{
	const char *emphasis = in_colour() ? "\033[1m" : "", *end = *emphasis ? "\033[0m" : "";

	if (!place->number && !c->several)
		return;
	buf_printf(&c->line, "%s%s", emphasis, diag_clean(slice_z(c->now.file)));
	if (place->number) {
		buf_printf(&c->line, ":%llu: %s ", (unsigned long long)place->number,
		    diag_clean(place->id));
		show_path(&c->line, place->root, place->text);
		buf_printf(&c->line, " (%s)", place->kind);
	}
	buf_printf(&c->line, ": %zu token%s%s", count, count == 1 ? "" : "s", end);
	count_put_line(c);
}

/* Runs of pieces, broken where the text breaks its lines. */
static void
put_seen(struct counter *c, const struct encoding *e, size_t count)
{
	bool colour = in_colour(), ids = tool_common()->verbose, breaks = false;

	for (size_t i = 0; i < count; i++) {
		struct slice piece = encoding_bytes(e, c->ids[i]);

		if (breaks)
			buf_add_byte(&c->line, '\n');
		breaks = slice_find(piece, '\n') < piece.len;
		if (colour)
			buf_printf(
			    &c->line, "\033[38;5;16;48;5;%um", backgrounds[i % BACKGROUNDS]);
		else
			buf_add_byte(&c->line, '[');
		show_piece(&c->line, piece, colour);
		if (colour)
			buf_add(&c->line, SLICE("\033[0m"));
		else
			buf_add_byte(&c->line, ']');
		if (ids)
			buf_printf(&c->line, colour ? "\033[2m%u\033[0m " : "%u ", c->ids[i]);
	}
	count_put_line(c);
}

static void
write_pieces(struct writer *w, const struct counter *c, const struct encoding *e, size_t count)
{
	uint64_t start = 0;

	write_array(w);
	for (size_t i = 0; i < count; i++) {
		struct slice piece = encoding_bytes(e, c->ids[i]);

		write_object(w);
		write_name(w, "id");
		write_number(w, c->ids[i]);
		if (unicode_valid(piece)) {
			write_name(w, "text");
			write_string(w, piece);
		} else {
			write_name(w, "bytes");
			write_array(w);
			for (size_t k = 0; k < piece.len; k++)
				write_number(w, (unsigned char)piece.ptr[k]);
			write_array_end(w);
		}
		write_name(w, "start");
		write_number(w, start);
		write_name(w, "end");
		write_number(w, start += piece.len);
		write_object_end(w);
	}
	write_array_end(w);
}

static void
put_json(
    struct counter *c, const struct encoding *e, size_t count, const struct count_place *place)
{
	struct writer w = { .out = &c->line };
	struct buf path = { 0 };

	if (!place->number) {
		write_pieces(&w, c, e, count);
		count_put_line(c);
		return;
	}
	write_object(&w);
	if (c->several) {
		write_name(&w, "file");
		write_string(&w, slice_z(c->now.file));
	}
	write_name(&w, "line");
	write_number(&w, place->number);
	write_name(&w, "id");
	write_string(&w, place->id);
	show_path(&path, place->root, place->text);
	write_name(&w, "member");
	write_string(&w, buf_slice(&path));
	buf_free(&path);
	write_name(&w, "kind");
	write_z(&w, place->kind);
	write_name(&w, "pieces");
	write_pieces(&w, c, e, count);
	write_object_end(&w);
	count_put_line(c);
}

void
pieces_put(struct counter *c, const struct tokenizer *t, struct slice text,
    const struct count_place *place)
{
	size_t count = count_ids(c, t, text);
	const struct encoding *e = tokenizer_encoding(t);

	if (c->format == COUNT_JSON) {
		put_json(c, e, count, place);
		return;
	}
	put_place(c, place, count);
	put_seen(c, e, count);
}
