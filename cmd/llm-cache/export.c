/* SPDX-License-Identifier: MIT */
/* llm-cache export: every entry as one line, in the order in which they came. */
#include <inttypes.h>
#include <stdio.h>

#include "cache.h"
#include "json/write.h"

static const char *store_name;

const struct option export_options[] = {
	STORE_OPTIONS(store_name),
	{ 0 },
};

static void
write_raw_or_null(struct writer *w, const char *name, struct slice raw)
{
	write_name(w, name);
	if (raw.len)
		write_raw(w, raw);
	else
		write_null(w);
}

static void
entry_write(const struct store_entry *e, struct buf *out)
{
	struct writer w = { .out = out };
	char key[KEY_TEXT];

	key_write(e->key, key);
	write_object(&w);
	write_name(&w, "key");
	write_z(&w, key);
	write_raw_or_null(&w, "scope", e->scope);
	write_name(&w, "stored");
	write_signed(&w, e->stored);
	write_name(&w, "expires");
	if (e->expires == INT64_MAX)
		write_null(&w);
	else
		write_signed(&w, e->expires);
	write_name(&w, "model");
	if (e->model.len)
		write_string(&w, e->model);
	else
		write_null(&w);
	write_raw_or_null(&w, "meta", e->meta);
	write_raw_or_null(&w, "request", e->request);
	write_raw_or_null(&w, "answer", e->body);
	write_object_end(&w);
}

void
export_run(const struct option_list *operands)
{
	struct option_list none = { 0 };
	struct stream_options o = tool_stream(&none, NO_OBJECT_PASS);
	struct store *store;
	struct store_entry e;
	struct arena arena = { 0 };
	struct buf line = { 0 };
	struct stream *s;
	const char *why;
	int64_t at = STORE_FIRST;
	uint64_t damaged;

	if (operands->count)
		tool_usage("export reads the store alone, no '%s'",
		    diag_clean(slice_z(operands->item[0])));
	store = shelf_need(store_name, true);
	s = stream_open(&o);
	while (store_next(store, &at, &arena, &e)) {
		buf_clear(&line);
		entry_write(&e, &line);
		stream_write(s, buf_slice(&line));
		arena_reset(&arena);
	}
	if (store_trouble(store)) {
		diag_warn("%s: the store %s", store_shown(store_name), store_trouble(store));
		status_raise(STATUS_FAILED);
	}
	damaged = store_damaged(store);
	if (damaged) {
		diag_warn("%s: %" PRIu64 " damaged entr%s left out", store_shown(store_name),
		    damaged, damaged == 1 ? "y" : "ies");
		status_raise(STATUS_REJECTED);
	}
	stream_close(s);
	store_close(store, &why);
	buf_free(&line);
	arena_close(&arena);
}
