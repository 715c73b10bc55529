/* SPDX-License-Identifier: MIT */
#include "stream/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define BLOCK (256u << 10)
#define LINKS 40 /* that are followed, as the kernel does */

bool
file_read(const char *name, struct buf *out)
{
	int fd = strcmp(name, "-") == 0 ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
	int saved;
	ssize_t n;

	if (fd < 0)
		return false;
	do {
		n = read(fd, buf_room(out, BLOCK), BLOCK);
		if (n > 0)
			out->len += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	saved = errno;
	if (fd != STDIN_FILENO)
		close(fd);
	errno = saved;
	return n == 0;
}

int
file_nameless(void)
{
	const char *folder = getenv("TMPDIR");
	struct buf name = { 0 };
	int fd;

	buf_printf(&name, "%s/llm.XXXXXX", folder && *folder ? folder : "/tmp");
	buf_add_byte(&name, '\0');
	fd = mkostemp(name.data, O_CLOEXEC);
	if (fd >= 0)
		unlink(name.data);
	buf_free(&name);
	return fd;
}

static void
dropped(struct file_out *f)
{
	int saved = errno;

	file_out_drop(f);
	errno = saved;
}

/* What a link names is meant, be it there or not: a link stays a link. */
static char *
behind_links(const char *name)
{
	char *real = realpath(name, NULL), *at, *next;
	char target[PATH_MAX];

	if (real)
		return real;
	at = mem_string(name);
	for (unsigned i = 0; i < LINKS; i++) {
		ssize_t n = readlink(at, target, sizeof(target) - 1);
		const char *slash = strrchr(at, '/');
		struct buf b = { 0 };

		if (n <= 0 || (size_t)n == sizeof(target) - 1)
			break;
		target[n] = '\0';
		if (slash && target[0] != '/')
			buf_add(&b, slice_of(at, (size_t)(slash - at) + 1));
		buf_printf(&b, "%s", target);
		next = mem_text(buf_slice(&b));
		buf_free(&b);
		free(at);
		at = next;
	}
	return at;
}

/* Errors of a folder that takes no new file, or of a file that cannot be replaced in it. */
static bool
stays(int error)
{
	return error == EBUSY || error == EACCES || error == EPERM || error == EROFS;
}

bool
file_out_open(struct file_out *f, const char *name, unsigned mode)
{
	mode_t mask = umask(0);
	struct stat there;
	bool exists;
	size_t size;

	umask(mask);
	*f = (struct file_out){ .fd = -1, .name = behind_links(name) };
	exists = stat(f->name, &there) == 0;
	if (!exists && errno == ELOOP) {
		dropped(f);
		return false;
	}
	if (exists && !S_ISREG(there.st_mode)) {
		f->fd = open(f->name, O_WRONLY | O_CLOEXEC);
		if (f->fd < 0)
			dropped(f);
		return f->fd >= 0;
	}
	size = strlen(f->name) + sizeof(".XXXXXX");
	f->temporary = mem_alloc(size);
	snprintf(f->temporary, size, "%s.XXXXXX", f->name);
	f->fd = mkostemp(f->temporary, O_CLOEXEC);
	if (f->fd >= 0 && fchmod(f->fd, mode & ~mask) == 0)
		return true;
	if (f->fd < 0 && exists && stays(errno) && access(f->name, W_OK) == 0) {
		free(f->temporary);
		f->temporary = NULL;
		f->over = true;
		f->fd = file_nameless();
		if (f->fd >= 0)
			return true;
	}
	dropped(f);
	return false;
}

/* A rename is lasting only when its folder is on disk too. */
static bool
sync_folder(const char *name)
{
	const char *slash = strrchr(name, '/');
	char *folder = slash ? mem_string(name) : mem_string(".");
	int fd;
	bool fine;

	if (slash)
		folder[slash == name ? 1 : slash - name] = '\0';
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (fd < 0)
		return errno == EACCES; /* a folder that one may write but not read */
	fine = fsync(fd) == 0 || errno == EINVAL;
	close(fd);
	return fine;
}

/* Into the file as it stands there. */
static bool
write_over(int from, const char *name)
{
	static char block[1 << 16];
	int to = open(name, O_WRONLY | O_TRUNC | O_CLOEXEC), saved;
	bool fine = to >= 0 && lseek(from, 0, SEEK_SET) == 0;
	ssize_t n = 1;

	while (fine && n) {
		n = read(from, block, sizeof(block));
		fine = n >= 0 ? file_write_all(to, slice_of(block, (size_t)n)) : errno == EINTR;
	}
	fine = fine && fsync(to) == 0;
	saved = errno;
	if (to >= 0 && close(to) < 0 && fine)
		return false;
	errno = saved;
	return fine;
}

/* The whole text, under its other name, to its own. */
static bool
replace(struct file_out *f)
{
	bool fine = rename(f->temporary, f->name) == 0;
	int fd;

	if (fine) {
		free(f->temporary);
		f->temporary = NULL;
		return sync_folder(f->name);
	}
	if (!stays(errno) || access(f->name, F_OK) < 0 ||
	    (fd = open(f->temporary, O_RDONLY | O_CLOEXEC)) < 0)
		return false;
	fine = write_over(fd, f->name);
	close(fd);
	return fine;
}

bool
file_out_commit(struct file_out *f)
{
	int fd = f->fd;
	bool fine = fsync(fd) == 0 || errno == EINVAL || errno == EROFS;

	f->fd = -1;
	if (f->over)
		fine = fine && write_over(fd, f->name);
	fine = close(fd) == 0 && fine;
	if (f->temporary)
		fine = fine && replace(f);
	dropped(f);
	return fine;
}

void
file_out_drop(struct file_out *f)
{
	if (f->fd >= 0)
		close(f->fd);
	if (f->temporary)
		unlink(f->temporary);
	free(f->temporary);
	free(f->name);
	*f = (struct file_out){ .fd = -1 };
}

bool
file_write_all(int fd, struct slice s)
{
	while (s.len) {
		ssize_t n = write(fd, s.ptr, s.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		s = slice_drop(s, (size_t)n);
	}
	return true;
}

bool
file_append(int fd, struct slice s)
{
	size_t done = 0;

	while (done < s.len) {
		ssize_t n = write(fd, s.ptr + done, s.len - done);
		int saved = errno;
		struct stat now;
		off_t at;

		if (n >= 0) {
			done += (size_t)n;
			continue;
		}
		if (saved == EINTR)
			continue;
		/* half a line must not stay, unless another writer has written behind it */
		at = lseek(fd, 0, SEEK_CUR);
		if (done && at >= (off_t)done && fstat(fd, &now) == 0 && now.st_size == at &&
		    ftruncate(fd, at - (off_t)done) < 0)
			saved = errno;
		errno = saved;
		return false;
	}
	return true;
}
