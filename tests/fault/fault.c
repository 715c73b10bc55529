/* SPDX-License-Identifier: MIT */
/* The fault kit: linked into a build of its own, it lets the n-th call of a kind fail.
 *
 * Its definitions stand in the executable, so that the C library and every shared library that
 * the tool uses go through them too. Counting starts with main.
 *
 *   LLM_FAULT=KIND:N         call N of this kind fails, once
 *   LLM_FAULT=KIND:N:ever    and all that follow
 *   LLM_FAULT=KIND:N:short   it does half of what was asked (read, write)
 *   LLM_FAULT=KIND:N:intr    it is interrupted before it did anything (read, write)
 *   LLM_FAULT_COUNT=FILE     at the end a line `KIND CALLS` for each kind goes there
 *
 * KIND is malloc (ENOMEM), read (EIO), write (ENOSPC), fsync (EIO) or rename (EIO). Standard
 * error is never hurt: the message must come out. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { FAULT_MALLOC, FAULT_READ, FAULT_WRITE, FAULT_FSYNC, FAULT_RENAME, KINDS };
enum manner { FINE, FAIL, SHORT, INTR };

static const char *const names[KINDS] = { "malloc", "read", "write", "fsync", "rename" };
static const int errors[KINDS] = { ENOMEM, EIO, ENOSPC, EIO, EIO };

static bool armed;
static unsigned long calls[KINDS];
static enum kind chosen;
static unsigned long chosen_call;
static enum manner manner = FAIL;
static bool ever;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

/* Runs after the constructors of the shared libraries, before main. */
__attribute__((constructor)) static void
fault_arm(void)
{
	const char *text = getenv("LLM_FAULT");
	char *end;

	for (unsigned kind = 0; text && kind < KINDS; kind++) {
		size_t length = strlen(names[kind]);

		if (strncmp(text, names[kind], length) != 0 || text[length] != ':')
			continue;
		chosen = (enum kind)kind;
		chosen_call = strtoul(text + length + 1, &end, 10);
		ever = strcmp(end, ":ever") == 0;
		if (strcmp(end, ":short") == 0)
			manner = SHORT;
		if (strcmp(end, ":intr") == 0)
			manner = INTR;
	}
	armed = true;
}

__attribute__((destructor)) static void
fault_count(void)
{
	const char *file = getenv("LLM_FAULT_COUNT");
	char line[64];
	int fd;

	armed = false;
	if (!file || (fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600)) < 0)
		return;
	for (unsigned kind = 0; kind < KINDS; kind++) {
		int length = snprintf(line, sizeof line, "%s %lu\n", names[kind], calls[kind]);

		if (syscall(SYS_write, fd, line, (size_t)length) < 0)
			break;
	}
	close(fd);
}

static enum manner
fault(enum kind kind)
{
	if (!armed)
		return FINE;
	calls[kind]++;
	if (chosen_call == 0 || kind != chosen)
		return FINE;
	if (calls[kind] != chosen_call && !(ever && calls[kind] > chosen_call))
		return FINE;
	errno = manner == INTR ? EINTR : errors[kind];
	return manner;
}

/* How much of size is really asked for; 0: nothing, the call fails. */
static size_t
allowed(enum kind kind, size_t size)
{
	switch (fault(kind)) {
	case FINE:
		return size;
	case SHORT:
		return size > 1 ? size / 2 : size;
	default:
		return 0;
	}
}

void *
malloc(size_t size)
{
	return fault(FAULT_MALLOC) == FINE ? __libc_malloc(size) : NULL;
}

void *
calloc(size_t count, size_t size)
{
	return fault(FAULT_MALLOC) == FINE ? __libc_calloc(count, size) : NULL;
}

void *
realloc(void *old, size_t size)
{
	return fault(FAULT_MALLOC) == FINE ? __libc_realloc(old, size) : NULL;
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	return fault(FAULT_MALLOC) == FINE ? __libc_memalign(alignment, size) : NULL;
}

int
posix_memalign(void **out, size_t alignment, size_t size)
{
	void *p = fault(FAULT_MALLOC) == FINE ? __libc_memalign(alignment, size) : NULL;

	if (!p)
		return ENOMEM;
	*out = p;
	return 0;
}

ssize_t
read(int fd, void *out, size_t size)
{
	size_t most = allowed(FAULT_READ, size);

	return most == 0 && size > 0 ? -1 : syscall(SYS_read, fd, out, most);
}

ssize_t
pread(int fd, void *out, size_t size, off_t at)
{
	size_t most = allowed(FAULT_READ, size);

	return most == 0 && size > 0 ? -1 : syscall(SYS_pread64, fd, out, most, at);
}

ssize_t
pread64(int fd, void *out, size_t size, off64_t at)
{
	return pread(fd, out, size, at);
}

ssize_t
write(int fd, const void *data, size_t size)
{
	size_t most = fd == STDERR_FILENO ? size : allowed(FAULT_WRITE, size);

	return most == 0 && size > 0 ? -1 : syscall(SYS_write, fd, data, most);
}

ssize_t
writev(int fd, const struct iovec *part, int count)
{
	if (fd != STDERR_FILENO && fault(FAULT_WRITE) != FINE)
		return -1;
	return syscall(SYS_writev, fd, part, count);
}

ssize_t
pwrite(int fd, const void *data, size_t size, off_t at)
{
	size_t most = allowed(FAULT_WRITE, size);

	return most == 0 && size > 0 ? -1 : syscall(SYS_pwrite64, fd, data, most, at);
}

ssize_t
pwrite64(int fd, const void *data, size_t size, off64_t at)
{
	return pwrite(fd, data, size, at);
}

int
fsync(int fd)
{
	return fault(FAULT_FSYNC) == FINE ? (int)syscall(SYS_fsync, fd) : -1;
}

int
fdatasync(int fd)
{
	return fault(FAULT_FSYNC) == FINE ? (int)syscall(SYS_fdatasync, fd) : -1;
}

int
rename(const char *from, const char *to)
{
	return fault(FAULT_RENAME) == FINE ? (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to)
					   : -1;
}
