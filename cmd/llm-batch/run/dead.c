/* SPDX-License-Identifier: MIT */
/* Dead letters: original bytes in FILE, class and reason in FILE.why, as the rejects have it.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/write.h"
#include "run.h"
#include "stream/file.h"

struct dead {
	const char *name;
	int fd, why_fd;
	struct buf text;
};

static int
append_open(const char *name, const char *tail)
{
	struct buf path = { 0 };
	int fd;

	buf_printf(&path, "%s%s", name, tail);
	buf_add_byte(&path, '\0');
	fd = open(path.data, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		diag_die_errno(STATUS_FAILED, "%s", path.data);
	buf_free(&path);
	return fd;
}

struct dead *
dead_open(const char *name)
{
	struct dead *d = mem_zero(sizeof(*d));

	d->name = name;
	d->fd = append_open(name, "");
	d->why_fd = append_open(name, ".why");
	return d;
}

static void
append(struct dead *d, int fd)
{
	buf_add_byte(&d->text, '\n');
	if (!file_append(fd, buf_slice(&d->text)))
		diag_die_errno(STATUS_FAILED, "%s", d->name);
	buf_clear(&d->text);
}

void
dead_add(struct dead *d, const struct slot *slot, const char *class, const char *why)
{
	struct writer w;

	if (!d)
		return;
	buf_add(&d->text, buf_slice(&slot->line));
	append(d, d->fd);
	w = (struct writer){ &d->text, false };
	write_object(&w);
	write_name(&w, "tool");
	write_z(&w, "llm-batch");
	write_name(&w, "file");
	write_z(&w, slot->file);
	write_name(&w, "line");
	write_number(&w, slot->number);
	write_name(&w, "class");
	write_z(&w, class);
	write_name(&w, "reason");
	write_z(&w, why);
	write_object_end(&w);
	append(d, d->why_fd);
}

void
dead_close(struct dead *d)
{
	if (!d)
		return;
	close(d->fd);
	close(d->why_fd);
	buf_free(&d->text);
	free(d);
}
