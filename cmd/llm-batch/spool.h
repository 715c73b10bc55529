/* SPDX-License-Identifier: MIT */
/* Texts that are needed again later, in a temporary file without a name. */
#ifndef LLM_BATCH_SPOOL_H
#define LLM_BATCH_SPOOL_H

#include "base/buf.h"

/* A zeroed struct is empty; the file is made in $TMPDIR, else /tmp, at the first text. */
struct spool {
	bool open;
	int fd;
	uint64_t end;
};

/* Keeps text; where it stands. A full disk ends the run with status 3. */
uint64_t spool_put(struct spool *s, struct slice text);
/* n bytes at offset of any file, into out (replaced). False with errno, also for a file that
 * has become shorter. */
bool spool_read(int fd, uint64_t offset, size_t n, struct buf *out);
/* A fresh file of that kind, 0600. */
int spool_nameless(void);
void spool_close(struct spool *s);

#endif
