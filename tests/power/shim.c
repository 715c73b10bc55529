/* SPDX-License-Identifier: MIT */
/* Preloaded: writes down what a process asks of the disk, for power.py to play back.
 *
 * POWER_LOG gets one record for each call on a file below POWER_DIR, and for what goes to
 * standard output: `KIND OFFSET LENGTH PATH\n` and LENGTH bytes. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define FILES 256

static char *names[FILES];

static void
note(const char *kind, long long offset, const void *bytes, size_t length, const char *path)
{
	static int log = -1;
	char head[4200];
	int n;

	if (log < 0)
		log =
		    open(getenv("POWER_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	n = snprintf(head, sizeof(head), "%s %lld %zu %s\n", kind, offset, length, path);
	if (dprintf(log, "%.*s", n, head) < 0 || (length && write(log, bytes, length) < 0))
		abort();
}

static const char *
name_of(int fd)
{
	return fd >= 0 && fd < FILES ? names[fd] : NULL;
}

static int
opened(int fd, const char *path, int flags)
{
	const char *below = getenv("POWER_DIR");

	if (fd < 0 || fd >= FILES)
		return fd;
	free(names[fd]);
	names[fd] = strncmp(path, below, strlen(below)) == 0 ? strdup(path) : NULL;
	if (names[fd] && flags & O_CREAT)
		note("create", 0, NULL, 0, path);
	return fd;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define OPEN(name)                                                         \
	int name(const char *path, int flags, ...)                         \
	{                                                                  \
		va_list args;                                              \
		unsigned mode;                                             \
		va_start(args, flags);                                     \
		mode = flags & O_CREAT ? va_arg(args, unsigned) : 0;       \
		va_end(args);                                              \
		return opened(NEXT(name)(path, flags, mode), path, flags); \
	}
OPEN(open)
OPEN(open64)

#define PWRITE(name, off)                                                         \
	ssize_t name(int fd, const void *bytes, size_t length, off at)            \
	{                                                                         \
		if (name_of(fd))                                                  \
			note("write", (long long)at, bytes, length, name_of(fd)); \
		return NEXT(name)(fd, bytes, length, at);                         \
	}
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define SYNC(name)                                             \
	int name(int fd)                                       \
	{                                                      \
		int code = NEXT(name)(fd);                     \
		if (name_of(fd))                               \
			note("sync", 0, NULL, 0, name_of(fd)); \
		return code;                                   \
	}
SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(name, off)                                                        \
	int name(int fd, off length)                                               \
	{                                                                          \
		if (name_of(fd))                                                   \
			note("truncate", (long long)length, NULL, 0, name_of(fd)); \
		return NEXT(name)(fd, length);                                     \
	}
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

int
unlink(const char *path)
{
	const char *below = getenv("POWER_DIR");

	if (strncmp(path, below, strlen(below)) == 0)
		note("unlink", 0, NULL, 0, path);
	return NEXT(unlink)(path);
}

ssize_t
write(int fd, const void *bytes, size_t length)
{
	static ssize_t (*next)(int, const void *, size_t);

	if (!next)
		next = NEXT(write);
	if (fd == 1)
		note("said", 0, bytes, length, "-");
	return next(fd, bytes, length);
}
