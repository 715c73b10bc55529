/* SPDX-License-Identifier: MIT */
#include "stream/rejects.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/write.h"
#include "stream/file.h"

#define HELD (1u << 20) /* of a line before it is written in parts */

struct rejects {
	const char *name;
	int lines, why;
	struct buf held, reason;
	bool newline; /* the last byte given was one */
};

static int
open_append(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);

	if (fd < 0)
		diag_die_errno(STATUS_FAILED, "%s", name);
	return fd;
}

struct rejects *
rejects_open(const char *name)
{
	struct rejects *r;
	size_t size;
	char *why;

	if (!name)
		return NULL;
	size = strlen(name) + sizeof(".why");
	why = mem_alloc(size);
	snprintf(why, size, "%s.why", name);
	r = mem_zero(sizeof(*r));
	r->name = name;
	r->lines = open_append(name);
	r->why = open_append(why);
	free(why);
	return r;
}

static void
append(struct rejects *r, int fd, struct buf *bytes)
{
	if (!file_append(fd, buf_slice(bytes)))
		diag_die_errno(STATUS_FAILED, "%s", r->name);
	buf_clear(bytes);
}

void
rejects_part(struct rejects *r, struct slice bytes)
{
	if (!r || !bytes.len)
		return;
	buf_add(&r->held, bytes);
	r->newline = bytes.ptr[bytes.len - 1] == '\n';
	if (r->held.len > HELD)
		append(r, r->lines, &r->held);
}

void
rejects_end(struct rejects *r, const char *file, uint64_t number, const char *reason)
{
	struct writer w;

	if (!r)
		return;
	if (!r->newline)
		buf_add_byte(&r->held, '\n');
	append(r, r->lines, &r->held);
	w = (struct writer){ .out = &r->reason };
	write_object(&w);
	write_name(&w, "tool");
	write_z(&w, diag_tool_name());
	write_name(&w, "file");
	write_z(&w, file);
	write_name(&w, "line");
	write_number(&w, number);
	write_name(&w, "reason");
	write_z(&w, reason);
	write_object_end(&w);
	buf_add_byte(&r->reason, '\n');
	append(r, r->why, &r->reason);
}

void
rejects_close(struct rejects *r)
{
	if (!r)
		return;
	if (close(r->lines) != 0 || close(r->why) != 0) {
		diag_warn_errno("%s", r->name);
		status_raise(STATUS_FAILED);
	}
	buf_free(&r->held);
	buf_free(&r->reason);
	free(r);
}
