/* SPDX-License-Identifier: MIT */
/* Other models for a request, as llm-route names them, and models that rest for a while. */
#include <fcntl.h>
#include <stdio.h>
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

#define REST ((int64_t)60 * 1000) /* ms that a model rests that says nothing itself */
#define TRIES_HERE 2              /* at a model that has another behind it */
#define ENTRIES 1024

static char *
own(struct slice s)
{
	char *z = mem_zero(s.len + 1);

	memcpy(z, s.ptr, s.len);
	return z;
}

void
alternates_read(struct slot *slot, const struct line *l, struct slice model, struct arena *a)
{
	struct value list = json_get(json_get(l->request.llm, "route"), "alternates");
	size_t n = json_type(list) == JSON_ARRAY ? json_length(list) : 0;

	if (!n || !model.len || n > 100)
		return;
	slot->models = mem_zero((n + 1) * sizeof(*slot->models));
	slot->models[slot->model_count++] = own(model);
	for (struct value v = json_first(list); json_type(v); v = json_next(v)) {
		struct value name = json_type(v) == JSON_OBJECT ? json_get(v, "model") : v;
		struct slice text = json_string(name, a);

		if (text.len && !slice_eq(text, model))
			slot->models[slot->model_count++] = own(text);
	}
}

void
alternates_free(struct slot *slot)
{
	for (size_t i = 0; i < slot->model_count; i++)
		free(slot->models[i]);
	free(slot->models);
}

/* An error that another model may not have. */
static bool
is_models(const struct outcome *o)
{
	if (o->good)
		return false;
	if (!o->status || o->status == 404 || o->status == 403 || retry_status(o->status))
		return true;
	/* too long for this one */
	return (o->status == 400 || o->status == 413) && o->body.ptr &&
	       (memmem(o->body.ptr, o->body.len, "context_length", 14) ||
		   memmem(o->body.ptr, o->body.len, "prompt is too long", 18) ||
		   memmem(o->body.ptr, o->body.len, "too many tokens", 15));
}

static void
go_to(struct run *run, struct slot *slot, size_t i)
{
	slot->model_at = i;
	slot->here = 0;
	run_use_model(run, slot, slot->models[i]);
}

bool
alternates_next(struct run *run, struct slot *slot, const struct outcome *o)
{
	bool repeats = !o->status || retry_status(o->status);

	if (slot->model_at + 1 >= slot->model_count || !is_models(o))
		return false;
	/* what may pass is tried a second time at the same model */
	if (repeats && slot->here < TRIES_HERE)
		return false;
	if (repeats)
		cooldown_add(run->cooldown, slot->models[slot->model_at], when_now() + REST);
	go_to(run, slot, slot->model_at + 1);
	return true;
}

void
alternates_skip(struct run *run, struct slot *slot)
{
	size_t i = slot->model_at;

	while (i + 1 < slot->model_count && !slot->here &&
	       cooldown_rests(run->cooldown, slot->models[i]))
		i++;
	if (i != slot->model_at)
		go_to(run, slot, i);
}

/* A line for each rest: {"model": …, "until": ms since 1970}. Later lines count. */
struct cooldown {
	const char *name;
	int fd;
	off_t read; /* bytes of the file that were read */
	struct {
		char *model;
		int64_t until;
	} list[ENTRIES];
	size_t count;
	int64_t looked; /* ticks */
	struct json json;
};

static void
note(struct cooldown *c, struct slice model, int64_t until)
{
	size_t i = 0;

	while (i < c->count && !slice_eqz(model, c->list[i].model))
		i++;
	if (i == ENTRIES)
		return;
	if (i == c->count)
		c->list[c->count++].model = own(model);
	c->list[i].until = until;
}

/* What other runs have added. */
static void
look(struct cooldown *c)
{
	struct buf text = { 0 };
	struct slice rest, line;
	struct stat st;
	ssize_t n = 0;

	if (fstat(c->fd, &st) != 0 || st.st_size <= c->read)
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
			struct slice model =
			    json_string(json_get(json_root(&c->json), "model"), &a);

			if (model.len)
				note(c, model, (int64_t)until);
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

	c->name = name;
	c->fd = open(name, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (c->fd < 0)
		diag_die_errno(STATUS_FAILED, "%s", name);
	look(c);
	c->looked = when_ticks();
	return c;
}

void
cooldown_add(struct cooldown *c, const char *model, int64_t until)
{
	struct buf b = { 0 };
	struct writer w = { &b, false };

	if (!c)
		return;
	write_object(&w);
	write_name(&w, "model");
	write_z(&w, model);
	write_name(&w, "until");
	write_signed(&w, until);
	write_object_end(&w);
	buf_add_byte(&b, '\n');
	if (!file_append(c->fd, buf_slice(&b)))
		diag_die_errno(STATUS_FAILED, "%s", c->name);
	note(c, slice_z(model), until);
	buf_free(&b);
}

bool
cooldown_rests(struct cooldown *c, const char *model)
{
	if (!c)
		return false;
	if (when_ticks() - c->looked > 500) {
		look(c);
		c->looked = when_ticks();
	}
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->list[i].model, model) == 0)
			return c->list[i].until > when_now();
	return false;
}

void
cooldown_close(struct cooldown *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->count; i++)
		free(c->list[i].model);
	close(c->fd);
	json_free(&c->json);
	free(c);
}
