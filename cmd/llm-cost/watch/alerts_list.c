/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "alerts.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/when.h"
#include "json/write.h"

#define SLACK_LINES 30

static char *
copy_of(struct slice s)
{
	char *copy = mem_alloc(s.len + 1);

	memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	return copy;
}

void
alert_add(struct alerts *a, const char *kind, int64_t when, struct slice key, const char *value,
    const char *limit, const char *format, ...)
{
	struct alert *x;
	char message[512];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	a->list = mem_grow(a->list, a->count + 1, sizeof *a->list);
	x = &a->list[a->count++];
	*x = (struct alert){ .kind = kind,
		.when = when,
		.key = copy_of(key),
		.message = copy_of(slice_z(message)),
		.value = value ? copy_of(slice_z(value)) : NULL,
		.limit = limit ? copy_of(slice_z(limit)) : NULL };
}

static int
in_order(const void *a, const void *b)
{
	const struct alert *x = a, *y = b;
	int order;

	if (x->when != y->when)
		return x->when < y->when ? -1 : 1;
	order = strcmp(x->kind, y->kind);
	if (!order)
		order = strcmp(x->key, y->key);
	return order ? order : strcmp(x->message, y->message);
}

void
alerts_sort(struct alerts *a)
{
	if (a->count)
		qsort(a->list, a->count, sizeof *a->list, in_order);
}

void
alerts_json(const struct alerts *a, struct buf *out)
{
	char when[25];

	for (size_t i = 0; i < a->count; i++) {
		const struct alert *x = &a->list[i];
		struct writer w = { .out = out };

		write_object(&w);
		write_name(&w, "kind");
		write_z(&w, x->kind);
		write_name(&w, "time");
		if (x->when == WHEN_NONE) {
			write_null(&w);
		} else {
			when_write(x->when, when);
			write_string(&w, slice_of(when, 24));
		}
		write_name(&w, "key");
		write_z(&w, x->key);
		write_name(&w, "value");
		write_z(&w, x->value);
		write_name(&w, "limit");
		write_z(&w, x->limit);
		write_name(&w, "message");
		write_z(&w, x->message);
		write_object_end(&w);
		buf_add_byte(out, '\n');
	}
}

/* The three characters that Slack's text format takes as its own, and nothing that moves the
 * cursor. */
static void
slack_text(struct buf *text, const char *message)
{
	for (; *message; message++) {
		if (*message == '&')
			buf_add(text, SLICE("&amp;"));
		else if (*message == '<')
			buf_add(text, SLICE("&lt;"));
		else if (*message == '>')
			buf_add(text, SLICE("&gt;"));
		else
			buf_add_byte(text, (unsigned char)*message < ' ' ? ' ' : *message);
	}
}

void
alerts_slack(const struct alerts *a, struct buf *out)
{
	struct writer w = { .out = out };
	struct buf text = { 0 };
	char when[25];

	if (!a->count)
		return; /* an empty message is none */
	buf_printf(&text, "*llm-cost: %zu alert%s*", a->count, a->count == 1 ? "" : "s");
	for (size_t i = 0; i < a->count && i < SLACK_LINES; i++) {
		buf_add(&text, SLICE("\n\xe2\x80\xa2 "));
		if (a->list[i].when != WHEN_NONE) {
			when_write(a->list[i].when, when);
			buf_printf(&text, "%.16sZ ", when);
		}
		slack_text(&text, a->list[i].message);
	}
	if (a->count > SLACK_LINES)
		buf_printf(&text, "\nand %zu more", a->count - SLACK_LINES);
	write_object(&w);
	write_name(&w, "text");
	write_string(&w, buf_slice(&text));
	write_object_end(&w);
	buf_add_byte(out, '\n');
	buf_free(&text);
}

void
alerts_free(struct alerts *a)
{
	for (size_t i = 0; i < a->count; i++) {
		free(a->list[i].key);
		free(a->list[i].message);
		free(a->list[i].value);
		free(a->list[i].limit);
	}
	free(a->list);
}
