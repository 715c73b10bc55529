/* SPDX-License-Identifier: MIT */
#include "store/journal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/place.h"
#include "stream/file.h"

struct journal {
	int fd;
	char *map; /* of the whole lines at opening; NULL if there were none */
	size_t mapped;
	struct slice rest; /* what journal_next has not given yet */
	struct buf line;
	bool broken; /* half a line may stand at the end: nothing is added to it */
};

/* fcntl's locks are the process's own and end with it; a flock would live on in a child. */
static bool
lock_take(int fd, long *owner)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_SETLK, &lock) == 0)
		return true;
	if (errno != EACCES && errno != EAGAIN)
		return false;
	*owner =
	    fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? (long)lock.l_pid : 0;
	errno = EAGAIN;
	return false;
}

/* An owner that was killed holds its lock until the kernel has taken it down, which may be a
 * while after its parent has gone on: a second is waited before it counts as at work. */
static bool
lock_wait(int fd, long *owner)
{
	const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };
	int turns = 50;

	while (!lock_take(fd, owner)) {
		if (errno != EAGAIN || turns-- == 0)
			return false;
		nanosleep(&pause, NULL);
	}
	*owner = 0;
	return true;
}

static bool
lines_map(struct journal *j, bool read_only)
{
	struct stat st;
	size_t whole;

	if (fstat(j->fd, &st) != 0)
		return false;
	if (st.st_size == 0)
		return true;
	j->mapped = (size_t)st.st_size;
	j->map = mmap(NULL, j->mapped, PROT_READ, MAP_PRIVATE, j->fd, 0);
	if (j->map == MAP_FAILED) {
		j->map = NULL;
		return false;
	}
	for (whole = j->mapped; whole && j->map[whole - 1] != '\n'; whole--)
		;
	j->rest = slice_of(j->map, whole);
	return read_only || whole == j->mapped || ftruncate(j->fd, (off_t)whole) == 0;
}

static bool
journal_start(
    struct journal *j, const char *name, bool read_only, const char **why, long *owner)
{
	int flags;

	if (!read_only && !lock_wait(j->fd, owner)) {
		*why = errno == EAGAIN ? "is in use by another process" : "cannot be locked";
		return false;
	}
	flags = fcntl(j->fd, F_GETFL);
	if (!lines_map(j, read_only) || fcntl(j->fd, F_SETFL, flags | O_APPEND) != 0 ||
	    (!read_only && !j->map && !place_sync_folder(name))) {
		*why = "cannot be read";
		return false;
	}
	return true;
}

struct journal *
journal_open(const char *name, bool read_only, const char **why, long *owner)
{
	int fd = place_open(name, read_only, why), error;
	struct journal *j;

	*owner = 0;
	if (fd < 0)
		return NULL;
	j = mem_zero(sizeof(*j));
	j->fd = fd;
	if (journal_start(j, name, read_only, why, owner))
		return j;
	error = errno;
	journal_close(j);
	errno = error;
	return NULL;
}

bool
journal_split(struct slice *text, struct slice *line)
{
	while (text->len) {
		size_t end = slice_find(*text, '\n');

		if (end == text->len)
			return false;
		*line = slice_take(*text, end);
		*text = slice_drop(*text, end + 1);
		if (slice_trim(*line).len)
			return true;
	}
	return false;
}

bool
journal_next(struct journal *j, struct slice *line)
{
	return journal_split(&j->rest, line);
}

bool
journal_add(struct journal *j, struct slice line)
{
	struct stat st;
	int error;

	assert(slice_find(line, '\n') == line.len);
	if (j->broken || fstat(j->fd, &st) != 0) {
		errno = j->broken ? EIO : errno;
		return false;
	}
	buf_clear(&j->line);
	buf_add(&j->line, line);
	buf_add_byte(&j->line, '\n');
	if (file_append(j->fd, buf_slice(&j->line)))
		return true;
	error = errno;
	j->broken = ftruncate(j->fd, st.st_size) != 0;
	errno = error;
	return false;
}

bool
journal_sync(struct journal *j)
{
	return fdatasync(j->fd) == 0;
}

void
journal_close(struct journal *j)
{
	if (!j)
		return;
	if (j->map)
		munmap(j->map, j->mapped);
	close(j->fd);
	buf_free(&j->line);
	free(j);
}
