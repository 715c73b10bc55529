/* SPDX-License-Identifier: MIT */
#include "copies.h"

#include "base/diag.h"
#include "json/write.h"

struct kept {
	uint64_t offset;
	uint64_t length;
	bool good, again;
};

/* An answer as one object: its members, and llm as on a record, so that answer_of reads it. */
static void
answer_write(const struct answer *x, struct buf *out)
{
	struct writer w = { out, false };

	buf_clear(out);
	write_object(&w);
	for (size_t i = 0; i < x->count; i++) {
		write_name(&w, x->member[i].name);
		write_raw(&w, x->member[i].raw);
	}
	write_name(&w, "llm");
	write_object(&w);
	if (x->batch.len) {
		write_name(&w, "batch");
		write_raw(&w, x->batch);
	}
	write_object_end(&w);
	write_object_end(&w);
}

void
copies_bound(struct copies *c, uint64_t memory)
{
	c->keys.memory = memory / 2;
	c->memory = memory / 2;
}

void
copies_keep(struct copies *c, struct slice key, const struct answer *x)
{
	bool added;
	size_t i;

	if (!key.ptr)
		return;
	i = ids_add(&c->keys, key, &added);
	if (!added)
		return;
	if (!c->kept.size)
		cells_open(&c->kept, sizeof(struct kept), 256, c->memory);
	if (i >= c->kept.count)
		cells_grow(&c->kept, c->kept.count * 2);
	answer_write(x, &c->text);
	*(struct kept *)cells_change(&c->kept, i) = (struct kept){ .good = x->good,
		.again = x->again,
		.length = c->text.len,
		.offset = spool_put(&c->spool, buf_slice(&c->text)) };
}

bool
copies_get(struct copies *c, struct slice key, struct arena *a, struct answer *x)
{
	size_t i = key.ptr ? ids_find(&c->keys, key) : SIZE_MAX, where;
	struct kept kept;
	const char *why;

	if (i == SIZE_MAX)
		return false;
	kept = *(const struct kept *)cells_get(&c->kept, i);
	if (!spool_read(c->spool.fd, kept.offset, kept.length, &c->text))
		diag_die_errno(STATUS_FAILED, "temporary file");
	if (!json_scan(&c->json, arena_copy(a, buf_slice(&c->text)), &why, &where))
		diag_die(STATUS_FAILED, "temporary file: %s", why);
	answer_of(json_root(&c->json), x);
	x->good = kept.good;
	x->again = kept.again;
	return true;
}

void
copies_close(struct copies *c)
{
	ids_free(&c->keys);
	cells_close(&c->kept);
	spool_close(&c->spool);
	buf_free(&c->text);
	json_free(&c->json);
}
