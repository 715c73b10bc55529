/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"

char *
buf_enlarge(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 256;

	if (n > SIZE_MAX / 4 - b->len)
		diag_die(STATUS_FAILED, "out of memory");
	while (cap - b->len < n)
		cap *= 2;
	b->data = mem_grow(b->data, cap, 1);
	b->cap = cap;
	return b->data + b->len;
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	va_list args, again;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n > 0) {
		vsnprintf(buf_room(b, (size_t)n + 1), (size_t)n + 1, format, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

const char buf_digit_pairs[200] = "00010203040506070809"
				  "10111213141516171819"
				  "20212223242526272829"
				  "30313233343536373839"
				  "40414243444546474849"
				  "50515253545556575859"
				  "60616263646566676869"
				  "70717273747576777879"
				  "80818283848586878889"
				  "90919293949596979899";

static unsigned
length_of(uint64_t n)
{
	unsigned length = 1;

	for (; n > 9; n /= 10)
		length++;
	return length;
}

/* Most have up to four digits. How many is not foretold, so all four are made. */
static void
add_small(struct buf *b, unsigned n)
{
	char digits[8] = { 0 };
	unsigned length = 1 + (n > 9) + (n > 99) + (n > 999);

	memcpy(digits, buf_digit_pairs + n / 100 * 2, 2);
	memcpy(digits + 2, buf_digit_pairs + n % 100 * 2, 2);
	memcpy(buf_room(b, 4), digits + 4 - length, 4);
	b->len += length;
}

void
buf_add_number(struct buf *b, uint64_t n)
{
	unsigned length;
	char *at;

	if (n < 10000) {
		add_small(b, (unsigned)n);
		return;
	}
	length = length_of(n);
	at = buf_room(b, length) + length;
	b->len += length;
	for (; n > 9; n /= 100)
		memcpy(at -= 2, buf_digit_pairs + n % 100 * 2, 2);
	if (n)
		*--at = (char)('0' + n);
}

void
buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}
