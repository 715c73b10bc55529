/* SPDX-License-Identifier: MIT */
/* The journal of a run: a first line that says what it is, then one line for each request that
 * was answered, and one for each that went out or came back without an answer to keep. Lines
 * stay in the mapped file; memory holds their places alone. */
#include "run.h"

#include <errno.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/write.h"
#include "store/journal.h"

struct kept {
	struct slice line; /* its answer; ptr NULL: none */
	bool away;         /* sent, and not back when the run ended */
	bool asked;        /* for by a request of this run */
};

struct run_state {
	const char *name;
	struct journal *journal;
	struct ids keys;
	struct kept *kept; /* by index of keys */
	size_t room;
	bool dirty;
	struct json json;
	struct buf text;
};

static const char header[] = "{\"v\":1,\"kind\":\"run\"}";

static struct kept *
kept_of(struct run_state *s, struct slice key)
{
	bool added;
	size_t i = ids_add(&s->keys, key, &added);

	if (i >= s->room) {
		s->room = s->room ? s->room * 2 : 1024;
		s->kept = mem_grow(s->kept, s->room, sizeof(*s->kept));
	}
	if (added)
		s->kept[i] = (struct kept){ .away = false };
	return &s->kept[i];
}

static void
note(struct run_state *s, struct slice line)
{
	struct slice key, sent, back;
	const char *why;
	size_t where;

	if (!json_scan(&s->json, line, &why, &where))
		diag_die(STATUS_USAGE, "%s: a line that is no JSON: %s", s->name, why);
	key = json_string_raw(json_get(json_root(&s->json), "key"));
	sent = json_string_raw(json_get(json_root(&s->json), "sent"));
	back = json_string_raw(json_get(json_root(&s->json), "back"));
	if (key.ptr)
		*kept_of(s, key) = (struct kept){ .line = line };
	else if (sent.ptr)
		kept_of(s, sent)->away = true;
	else if (back.ptr)
		kept_of(s, back)->away = false;
}

/* A kill left these behind: nobody knows whether they were answered. */
static void
tell_away(const struct run_state *s)
{
	size_t away = 0;

	for (size_t i = 0; i < s->keys.count; i++)
		away += s->kept[i].away;
	if (away)
		diag_note("%s: %zu requests were on their way when the last run ended: they "
			  "are sent again, and may be billed twice",
		    s->name, away);
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
	tell_away(s);
	return s;
}

struct slice
run_state_find(struct run_state *s, const char *key)
{
	size_t i = s ? ids_find(&s->keys, slice_z(key)) : SIZE_MAX;

	if (i == SIZE_MAX)
		return slice_of(NULL, 0);
	s->kept[i].asked = true;
	return s->kept[i].line;
}

void
run_state_tell_unasked(const struct run_state *s)
{
	size_t answers = 0, unasked = 0;

	for (size_t i = 0; s && i < s->keys.count; i++) {
		answers += s->kept[i].line.ptr != NULL;
		unasked += s->kept[i].line.ptr && !s->kept[i].asked;
	}
	if (unasked)
		diag_note(
		    "%s: %zu of its %zu answers are to no request of this input, which has "
		    "changed or is another",
		    s->name, unasked, answers);
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
run_state_mark(struct run_state *s, const char *key, bool sent)
{
	if (!s)
		return;
	buf_clear(&s->text);
	buf_printf(&s->text, "{\"%s\":\"%s\"}", sent ? "sent" : "back", key);
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
	free(s->kept);
	free(s);
}
