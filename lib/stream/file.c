/* SPDX-License-Identifier: MIT */
#include "stream/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define BLOCK (256u << 10)

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

static void
dropped(struct file_out *f)
{
	int saved = errno;

	file_out_drop(f);
	errno = saved;
}

bool
file_out_open(struct file_out *f, const char *name, unsigned mode)
{
	char *real = realpath(name, NULL); /* a link stays a link: what it names is replaced */
	mode_t mask = umask(0);
	struct stat there;
	size_t size;

	umask(mask);
	*f = (struct file_out){ .fd = -1, .name = real ? real : mem_string(name) };
	if (real && stat(real, &there) == 0 && !S_ISREG(there.st_mode)) {
		f->fd = open(real, O_WRONLY | O_CLOEXEC);
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

bool
file_out_commit(struct file_out *f)
{
	int fd = f->fd;
	bool fine = fsync(fd) == 0 || errno == EINVAL || errno == EROFS;

	f->fd = -1;
	fine = close(fd) == 0 && fine;
	if (fine && f->temporary) {
		fine = rename(f->temporary, f->name) == 0;
		if (fine) {
			free(f->temporary);
			f->temporary = NULL;
			fine = sync_folder(f->name);
		}
	}
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
