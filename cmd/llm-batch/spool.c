/* SPDX-License-Identifier: MIT */
#include "spool.h"

#include <errno.h>
#include <unistd.h>

#include "base/diag.h"
#include "stream/file.h"

int
spool_nameless(void)
{
	int fd = file_nameless();

	if (fd < 0)
		diag_die_errno(STATUS_FAILED, "a temporary file cannot be made");
	return fd;
}

uint64_t
spool_put(struct spool *s, struct slice text)
{
	uint64_t at = s->end;

	if (!s->open)
		s->fd = spool_nameless();
	s->open = true;
	if (lseek(s->fd, (off_t)at, SEEK_SET) < 0 || !file_write_all(s->fd, text))
		diag_die_errno(STATUS_FAILED, "temporary file");
	s->end += text.len;
	return at;
}

bool
spool_read(int fd, uint64_t offset, size_t n, struct buf *out)
{
	buf_clear(out);
	while (out->len < n) {
		ssize_t got = pread(
		    fd, buf_room(out, n - out->len), n - out->len, (off_t)(offset + out->len));

		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			errno = EIO;
		if (got <= 0)
			return false;
		out->len += (size_t)got;
	}
	return true;
}

void
spool_close(struct spool *s)
{
	if (s->open)
		close(s->fd);
	*s = (struct spool){ 0 };
}
