/* SPDX-License-Identifier: MIT */
#include "copies.h"

#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
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
copies_keep(struct copies *c, struct slice key, const struct answer *x)
{
	bool added;
	size_t i;

	if (!key.ptr)
		return;
	i = ids_add(&c->keys, key, &added);
	if (!added)
		return;
	if (i >= c->room) {
		c->room = c->room ? c->room * 2 : 256;
		c->kept = mem_grow(c->kept, c->room, sizeof(*c->kept));
	}
	answer_write(x, &c->text);
	c->kept[i].good = x->good;
	c->kept[i].again = x->again;
	c->kept[i].length = c->text.len;
	c->kept[i].offset = spool_put(&c->spool, buf_slice(&c->text));
}

bool
copies_get(struct copies *c, struct slice key, struct arena *a, struct answer *x)
{
	size_t i = key.ptr ? ids_find(&c->keys, key) : SIZE_MAX, where;
	const char *why;

	if (i == SIZE_MAX)
		return false;
	if (!spool_read(c->spool.fd, c->kept[i].offset, c->kept[i].length, &c->text))
		diag_die_errno(STATUS_FAILED, "temporary file");
	if (!json_scan(&c->json, arena_copy(a, buf_slice(&c->text)), &why, &where))
		diag_die(STATUS_FAILED, "temporary file: %s", why);
	answer_of(json_root(&c->json), x);
	x->good = c->kept[i].good;
	x->again = c->kept[i].again;
	return true;
}

void
copies_close(struct copies *c)
{
	ids_free(&c->keys);
	free(c->kept);
	spool_close(&c->spool);
	buf_free(&c->text);
	json_free(&c->json);
}
