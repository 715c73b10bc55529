/* SPDX-License-Identifier: MIT */
/* A line for each rest: {"model": …, "provider": …, "until": ms since 1970}, the provider where
 * it is known. Later lines count. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/when.h"
#include "json/write.h"
#include "run.h"
#include "store/journal.h"
#include "stream/file.h"

struct rest {
	char *model;
	char *provider; /* "": any */
	int64_t until;
	uint64_t failures; /* in a row */
};

struct cooldown {
	const char *name; /* NULL: nobody else is told */
	int fd;
	off_t read; /* bytes of the file that were read */
	struct rest *list;
	size_t count;
	int64_t looked; /* ticks */
	struct json json;
};

/* NULL where it never failed. */
static struct rest *
find(struct cooldown *c, struct slice model, struct slice provider)
{
	for (size_t i = 0; i < c->count; i++)
		if (slice_eqz(model, c->list[i].model) &&
		    slice_eqz(provider, c->list[i].provider))
			return &c->list[i];
	return NULL;
}

static struct rest *
rest_of(struct cooldown *c, struct slice model, struct slice provider)
{
	struct rest *r = find(c, model, provider);

	if (r)
		return r;
	c->list = mem_grow(c->list, c->count + 1, sizeof(*c->list));
	r = &c->list[c->count++];
	*r = (struct rest){ .model = mem_text(model), .provider = mem_text(provider) };
	return r;
}

/* What other runs have added. */
static void
look(struct cooldown *c)
{
	struct buf text = { 0 };
	struct slice rest, line;
	struct stat st;
	ssize_t n = 0;

	if (!c->name || fstat(c->fd, &st) != 0 || st.st_size <= c->read)
		return;
	n = pread(c->fd, buf_room(&text, (size_t)(st.st_size - c->read)),
	    (size_t)(st.st_size - c->read), c->read);
	if (n > 0)
		text.len = (size_t)n;
	rest = buf_slice(&text);
	while (journal_split(&rest, &line)) {
		struct arena a = { 0 };
		const char *why;
		size_t where;
		uint64_t until;

		if (json_scan(&c->json, line, &why, &where) &&
		    json_whole(json_get(json_root(&c->json), "until"), &until)) {
			struct value root = json_root(&c->json);
			struct slice model = json_string(json_get(root, "model"), &a);

			if (model.len)
				rest_of(c, model, json_string(json_get(root, "provider"), &a))
				    ->until = (int64_t)until;
		}
		arena_close(&a);
	}
	c->read += (off_t)(text.len - rest.len);
	buf_free(&text);
}

struct cooldown *
cooldown_open(const char *name)
{
	struct cooldown *c = mem_zero(sizeof(*c));

	if (!name)
		return c;
	c->name = name;
	c->fd = open(name, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (c->fd < 0)
		diag_die_errno(STATUS_FAILED, "%s", name);
	look(c);
	c->looked = when_ticks();
	return c;
}

/* Its provider, as far as one is known. */
static struct slice
provider_of(const struct candidate *model)
{
	const struct address *at = model->at;

	return at->named || at->target != NET_OTHER ? slice_z(at->name) : SLICE("");
}

static struct rest *
rest_at(struct cooldown *c, const struct candidate *model)
{
	return rest_of(c, slice_z(model->name), provider_of(model));
}

static void
tell(struct cooldown *c, const struct rest *r)
{
	struct buf b = { 0 };
	struct writer w = { &b, false };

	write_object(&w);
	write_name(&w, "model");
	write_z(&w, r->model);
	if (*r->provider) {
		write_name(&w, "provider");
		write_z(&w, r->provider);
	}
	write_name(&w, "until");
	write_signed(&w, r->until);
	write_object_end(&w);
	buf_add_byte(&b, '\n');
	if (!file_append(c->fd, buf_slice(&b)))
		diag_die_errno(STATUS_FAILED, "%s", c->name);
	buf_free(&b);
}

void
cooldown_add(struct cooldown *c, const struct candidate *model, int64_t until)
{
	struct rest *r = rest_at(c, model);

	r->until = until;
	r->failures = 0;
	if (c->name)
		tell(c, r);
}

uint64_t
cooldown_failed(struct cooldown *c, const struct candidate *model)
{
	return ++rest_at(c, model)->failures;
}

void
cooldown_forget(struct cooldown *c, const struct candidate *model)
{
	struct rest *r = find(c, slice_z(model->name), provider_of(model));

	if (r)
		r->failures = 0;
}

bool
cooldown_rests(struct cooldown *c, const struct candidate *model)
{
	if (when_ticks() - c->looked > 500) {
		look(c);
		c->looked = when_ticks();
	}
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->list[i].model, model->name) == 0 &&
		    (!*c->list[i].provider ||
			slice_eqz(provider_of(model), c->list[i].provider)) &&
		    c->list[i].until > when_now())
			return true;
	return false;
}

void
cooldown_close(struct cooldown *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->count; i++) {
		free(c->list[i].model);
		free(c->list[i].provider);
	}
	free(c->list);
	if (c->name)
		close(c->fd);
	json_free(&c->json);
	free(c);
}
