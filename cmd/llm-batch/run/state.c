/* SPDX-License-Identifier: MIT */
/* The journal of a run: a first line that says what it is, then one line for each request that
 * was answered. Lines stay in the mapped file; memory holds their places alone. */
#include "run.h"

#include <errno.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/write.h"
#include "store/journal.h"

struct run_state {
	const char *name;
	struct journal *journal;
	struct ids keys;
	struct slice *lines; /* by index of keys */
	size_t room;
	bool dirty;
	struct json json;
	struct buf text;
};

static const char header[] = "{\"v\":1,\"kind\":\"run\"}";

static void
note(struct run_state *s, struct slice line)
{
	struct arena a = { 0 };
	const char *why;
	size_t where, i;
	struct slice key;

	if (!json_scan(&s->json, line, &why, &where))
		diag_die(STATUS_USAGE, "%s: a line that is no JSON: %s", s->name, why);
	key = json_string(json_get(json_root(&s->json), "key"), &a);
	if (key.ptr) {
		i = ids_add(&s->keys, key, NULL);
		if (i >= s->room) {
			s->room = s->room ? s->room * 2 : 1024;
			s->lines = mem_grow(s->lines, s->room, sizeof(*s->lines));
		}
		s->lines[i] = line;
	}
	arena_close(&a);
}

static void
add_line(struct run_state *s, struct slice line)
{
	if (!journal_add(s->journal, line))
		diag_die_errno(STATUS_FAILED, "%s", s->name);
	s->dirty = true;
}

struct run_state *
run_state_open(const char *name)
{
	struct run_state *s = mem_zero(sizeof(*s));
	const char *why = NULL;
	struct slice line;
	long owner = 0;

	s->name = name;
	s->journal = journal_open(name, false, &why, &owner);
	if (!s->journal && owner)
		diag_die(STATUS_LATER, "%s: process %ld runs with this state", name, owner);
	if (!s->journal && errno)
		diag_die_errno(STATUS_FAILED, "%s %s", name, why);
	if (!s->journal)
		diag_die(STATUS_FAILED, "%s %s", name, why);
	if (!journal_next(s->journal, &line)) {
		add_line(s, slice_z(header));
		return s;
	}
	if (!slice_eqz(line, header))
		diag_die(STATUS_USAGE, "%s: not the state of a run", name);
	while (journal_next(s->journal, &line))
		note(s, line);
	return s;
}

struct slice
run_state_find(struct run_state *s, const char *key)
{
	size_t i = s ? ids_find(&s->keys, slice_z(key)) : SIZE_MAX;

	return i == SIZE_MAX ? slice_of(NULL, 0) : s->lines[i];
}

void
run_state_add(struct run_state *s, const char *key, struct slice text)
{
	if (!s)
		return;
	buf_clear(&s->text);
	buf_printf(&s->text, "{\"key\":\"%s\"", key);
	buf_add(&s->text, text);
	buf_add_byte(&s->text, '}');
	add_line(s, buf_slice(&s->text));
}

void
run_state_sync(struct run_state *s)
{
	if (!s || !s->dirty)
		return;
	if (!journal_sync(s->journal))
		diag_die_errno(STATUS_FAILED, "%s", s->name);
	s->dirty = false;
}

void
run_state_close(struct run_state *s)
{
	if (!s)
		return;
	run_state_sync(s);
	journal_close(s->journal);
	ids_free(&s->keys);
	json_free(&s->json);
	buf_free(&s->text);
	free(s->lines);
	free(s);
}
