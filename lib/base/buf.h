/* SPDX-License-Identifier: MIT */
/* A growing run of bytes. A zeroed struct buf is empty and ready. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/slice.h"

struct buf {
	char *data;
	size_t len;
	size_t cap;
};

/* Makes the room that buf_room has not. */
char *buf_enlarge(struct buf *b, size_t n);
/* Room for n more bytes; returns where they go. Exhaustion ends the run. */
static inline char *
buf_room(struct buf *b, size_t n)
{
	return b->cap - b->len < n || !b->cap ? buf_enlarge(b, n) : b->data + b->len;
}
static inline void
buf_add(struct buf *b, struct slice s)
{
	if (s.len == 0)
		return;
	memcpy(buf_room(b, s.len), s.ptr, s.len);
	b->len += s.len;
}
static inline void
buf_add_byte(struct buf *b, char c)
{
	*buf_room(b, 1) = c;
	b->len++;
}
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The two digits of 0 to 99, one after the other. */
extern const char buf_digit_pairs[200];
/* Decimal digits of n. */
void buf_add_number(struct buf *b, uint64_t n);
void buf_free(struct buf *b);

static inline struct slice
buf_slice(const struct buf *b)
{
	return (struct slice){ b->data ? b->data : "", b->len };
}

static inline void
buf_clear(struct buf *b)
{
	b->len = 0;
}

#endif
