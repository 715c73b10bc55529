/* SPDX-License-Identifier: MIT */
/* The only file that knows libcrypto: SHA-256. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/slice.h"

#define DIGEST_SIZE 32

/* SHA-256 of the bytes. */
void digest_of(struct slice bytes, unsigned char out[DIGEST_SIZE]);
/* Lower-case hexadecimal of the first n bytes, NUL-ended; out has 2n + 1. */
void digest_hex(const unsigned char *bytes, size_t n, char *out);
/* The n bytes that 2n lower-case hexadecimal digits stand for; false where text is something
 * else, and out is then of no use. */
bool digest_unhex(struct slice text, unsigned char *out, size_t n);
const char *digest_version(void); /* "OpenSSL 3.0.15" */

#endif
