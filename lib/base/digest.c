/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

/* EVP reads a configuration and registers every algorithm before its first hash: 5 million
 * instructions, more than all the rest of a short run */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <endian.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <stdio.h>

#include "base/diag.h"

static void
check(int done)
{
	if (done != 1)
		diag_die(STATUS_FAILED, "libcrypto has no SHA-256");
}

void
digest_of(struct slice bytes, unsigned char out[DIGEST_SIZE])
{
	SHA256_CTX context;

	check(SHA256_Init(&context));
	check(SHA256_Update(&context, bytes.len ? bytes.ptr : "", bytes.len));
	check(SHA256_Final(out, &context));
}

/* Eight digits at once: each four bits move into a byte of their own, and become '0' to '9', or
 * 39 more where they are above 9. */
static void
hex_of_four(const unsigned char *bytes, char *out)
{
	uint32_t four;
	uint64_t x;

	memcpy(&four, bytes, 4);
	x = be32toh(four);
	x = (x | x << 16) & 0x0000FFFF0000FFFF;
	x = (x | x << 8) & 0x00FF00FF00FF00FF;
	x = (x | x << 4) & 0x0F0F0F0F0F0F0F0F;
	x += 0x3030303030303030 + ((x + 0x0606060606060606) >> 4 & 0x0101010101010101) * 39;
	x = htobe64(x);
	memcpy(out, &x, 8);
}

void
digest_hex(const unsigned char *bytes, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (; n >= 4; n -= 4, bytes += 4, out += 8)
		hex_of_four(bytes, out);
	for (; n; n--, bytes++) {
		*out++ = digits[*bytes >> 4];
		*out++ = digits[*bytes & 15];
	}
	*out = '\0';
}

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
digest_unhex(struct slice text, unsigned char *out, size_t n)
{
	if (text.len != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = digit(text.ptr[2 * i]), low = digit(text.ptr[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

const char *
digest_version(void)
{
	static char text[64];

	snprintf(text, sizeof(text), "OpenSSL %s", OpenSSL_version(OPENSSL_VERSION_STRING));
	return text;
}
