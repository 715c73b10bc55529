/* SPDX-License-Identifier: MIT */
/* Files as a whole: read at once, written beside and renamed when whole. */
#ifndef STREAM_FILE_H
#define STREAM_FILE_H

#include "base/buf.h"

/* The whole file into out (appended), "-" is standard input; false with errno. */
bool file_read(const char *name, struct buf *out);
/* A file without a name in TMPDIR, else /tmp, to write and read; -1 with errno. */
int file_nameless(void);
/* Output that stands under its name only when whole; a device, pipe or terminal of that name is
 * written to as it is, and a file that cannot be replaced is written over at the end. The fd of a
 * regular file can be read too. mode as for open(2). */
struct file_out {
	int fd;
	char *temporary; /* its name until then; NULL: it has none */
	char *name;
	bool over; /* fd is copied into the file */
};
bool file_out_open(struct file_out *f, const char *name, unsigned mode);
/* Syncs, renames, syncs the folder; false with errno, and then no new file stands there, but for
 * a part in one that had to be written over. */
bool file_out_commit(struct file_out *f);
void file_out_drop(struct file_out *f);
/* All of s to fd, through short writes and EINTR; false with errno. */
bool file_write_all(int fd, struct slice s);
/* One write of s at the end of an O_APPEND descriptor, so that lines of several processes
 * do not mix; false with errno, a short write is taken back where the file can be cut. */
bool file_append(int fd, struct slice s);

#endif
