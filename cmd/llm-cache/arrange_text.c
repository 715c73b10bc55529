/* SPDX-License-Identifier: MIT */
#include "arrange_text.h"

#include <stdlib.h>

#include "base/buf.h"

#define RUN_MOST 1000

struct element {
	struct slice text; /* from < to > of the closing tag */
	struct slice id;
	size_t at;
};

static size_t
find(struct slice text, size_t from, struct slice what)
{
	const char *at = from < text.len
			     ? memmem(text.ptr + from, text.len - from, what.ptr, what.len)
			     : NULL;

	return at ? (size_t)(at - text.ptr) : SIZE_MAX;
}

/* The value of the attribute id in an opening tag; in JSON its quotes are escaped. */
static struct slice
id_of(struct slice tag)
{
	static const char *const quotes[] = { " id=\\\"", " id='" };

	for (size_t i = 0; i < 2; i++) {
		size_t at = find(tag, 0, slice_z(quotes[i])), end;

		if (at == SIZE_MAX)
			continue;
		at += strlen(quotes[i]);
		end = find(tag, at, i ? SLICE("'") : SLICE("\\\""));
		if (end != SIZE_MAX)
			return slice_of(tag.ptr + at, end - at);
	}
	return slice_of(NULL, 0);
}

/* The element that begins at `from`; false where none does. */
static bool
element_at(struct slice text, size_t from, struct element *e)
{
	size_t tag, end;

	if (!slice_starts(slice_drop(text, from), SLICE("<document ")))
		return false;
	tag = find(text, from, SLICE(">"));
	end = find(text, from, SLICE("</document>"));
	if (tag == SIZE_MAX || end == SIZE_MAX || end < tag)
		return false;
	*e = (struct element){ .text = slice_of(text.ptr + from, end + 11 - from),
		.id = id_of(slice_of(text.ptr + from, tag - from)) };
	return e->id.ptr != NULL;
}

/* Blanks and the escapes of line ends and tabs. */
static size_t
skip_blanks(struct slice text, size_t at)
{
	while (at < text.len) {
		if (text.ptr[at] == ' ')
			at++;
		else if (text.ptr[at] == '\\' && at + 1 < text.len &&
			 strchr("nrt", text.ptr[at + 1]))
			at += 2;
		else
			break;
	}
	return at;
}

static int
by_id(const void *a, const void *b)
{
	const struct element *x = a, *y = b;
	int order = slice_cmp(x->id, y->id);

	return order ? order : x->at < y->at ? -1 : x->at > y->at;
}

/* Writes the run in its new order into what lies between; true if that is another. */
static bool
write_run(
    const struct element *run, const struct element *sorted, size_t count, struct buf *out)
{
	bool other = false;
	const char *end = NULL;

	for (size_t i = 0; i < count; i++) {
		if (end)
			buf_add(out, slice_of(end, (size_t)(run[i].text.ptr - end)));
		buf_add(out, sorted[i].text);
		end = run[i].text.ptr + run[i].text.len;
		other = other || sorted[i].at != i;
	}
	return other;
}

bool
arrange_text(struct slice raw, struct arena *a, struct slice *sorted)
{
	struct element *run = NULL, *order = NULL;
	struct buf out = { 0 };
	size_t at = 0, next;
	bool other = false;

	while ((next = find(raw, at, SLICE("<document "))) != SIZE_MAX) {
		size_t count = 0, end = next;

		if (!run) {
			run = arena_alloc(a, RUN_MOST * sizeof(*run));
			order = arena_alloc(a, RUN_MOST * sizeof(*order));
		}
		buf_add(&out, slice_of(raw.ptr + at, next - at));
		for (size_t from = next; count < RUN_MOST && element_at(raw, from, &run[count]);
		     from = skip_blanks(raw, end)) {
			run[count].at = count;
			end = (size_t)(run[count].text.ptr - raw.ptr) + run[count].text.len;
			count++;
		}
		if (count) {
			memcpy(order, run, count * sizeof(*run));
			qsort(order, count, sizeof(*order), by_id);
			other = write_run(run, order, count, &out) || other;
		} else {
			end = next + 1;
			buf_add(&out, SLICE("<"));
		}
		at = end;
	}
	buf_add(&out, slice_drop(raw, at));
	if (other)
		*sorted = arena_copy(a, buf_slice(&out));
	buf_free(&out);
	return other;
}
