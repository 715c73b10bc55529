/* SPDX-License-Identifier: MIT */
#include "base/digest.h"

/* EVP reads a configuration and registers every algorithm before its first hash: 5 million
 * instructions, more than all the rest of a short run */
#define OPENSSL_SUPPRESS_DEPRECATED
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

void
digest_hex(const unsigned char *bytes, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
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
