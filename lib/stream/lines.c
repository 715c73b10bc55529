/* SPDX-License-Identifier: MIT */
#include "stream/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"

#define BLOCK (256u << 10)

void
lines_open(struct lines *l)
{
	l->fd = -1;
}

/* Opens the next file; false if there is none left. */
static bool
next_file(struct lines *l)
{
	while (l->file < l->file_count) {
		const char *name = l->files[l->file++];
		bool standard = strcmp(name, "-") == 0;

		l->fd = standard ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		l->name = standard ? "<stdin>" : name;
		l->number = l->base = 0;
		l->begin = l->end = l->searched = 0;
		l->ended = false;
		if (l->fd >= 0)
			return true;
		if (l->required)
			diag_die_errno(STATUS_FAILED, "%s", name);
		diag_warn_errno("%s", name);
		status_raise(STATUS_FAILED);
	}
	return false;
}

static void
close_file(struct lines *l)
{
	if (l->fd > STDIN_FILENO)
		close(l->fd);
	l->fd = -1;
}

static void
make_room(struct lines *l)
{
	if (l->begin && (l->begin == l->end || l->cap - l->end < BLOCK / 4)) {
		memmove(l->block, l->block + l->begin, l->end - l->begin);
		l->end -= l->begin;
		l->searched -= l->begin;
		l->base += l->begin;
		l->begin = 0;
	}
	if (l->cap - l->end < BLOCK / 4) {
		l->cap = l->cap ? l->cap * 2 : BLOCK;
		l->block = mem_grow(l->block, l->cap + LINES_BEHIND, 1);
	}
}

/* Until fd can be read, for at most ms (-1: no limit). */
static bool
readable(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms) != 0;
}

/* Reads once; false if it would have to wait and may not. */
static bool
fill(struct lines *l, bool wait)
{
	ssize_t n;

	if (!readable(l->fd, 0)) {
		l->pause(l->context);
		if (!wait)
			return false;
	}
	make_room(l);
	do
		n = read(l->fd, l->block + l->end, l->cap - l->end);
	while (n < 0 && errno == EINTR && wait);
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		l->pause(l->context);
		if (wait)
			readable(l->fd, -1);
		return wait;
	}
	if (n < 0) {
		diag_warn_errno("%s", l->name);
		status_raise(STATUS_FAILED);
		n = 0;
		l->end = l->searched = l->begin;
	}
	l->end += (size_t)n;
	l->ended = n == 0;
	return true;
}

static void
start_line(struct lines *l)
{
	l->number++;
	l->ordinal++;
	l->offset = l->base + l->begin;
}

enum lines_step
lines_next(struct lines *l, bool wait, struct slice *line)
{
	for (;;) {
		const char *newline;

		if (l->fd < 0 && !next_file(l))
			return LINES_END;
		newline = l->end > l->searched
			      ? memchr(l->block + l->searched, '\n', l->end - l->searched)
			      : NULL;
		l->searched = newline ? (size_t)(newline - l->block) : l->end;
		if (l->searched - l->begin > l->max_line) {
			start_line(l);
			return LINES_LONG;
		}
		if (newline || (l->ended && l->end > l->begin)) {
			start_line(l);
			*line = slice_of(l->block + l->begin, l->searched - l->begin);
			l->begin = l->searched = newline ? l->searched + 1 : l->end;
			return LINES_LINE;
		}
		if (l->ended)
			close_file(l);
		else if (!fill(l, wait))
			return LINES_WAIT;
	}
}

bool
lines_rest(struct lines *l, struct slice *piece)
{
	size_t at;

	while (l->begin == l->end && !l->ended)
		fill(l, true);
	*piece = slice_of(l->block + l->begin, l->end - l->begin);
	at = slice_find(*piece, '\n');
	if (at < piece->len)
		*piece = slice_take(*piece, at + 1);
	l->begin += piece->len;
	l->searched = l->begin;
	return at == piece->len && !l->ended;
}

void
lines_close(struct lines *l)
{
	close_file(l);
	free(l->block);
	l->block = NULL;
}
