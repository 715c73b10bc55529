/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/split.h"

#include <inttypes.h>

#include "base/digest.h"
#include "base/options.h"

#define WHOLE 1000000

bool
split_share(const char *text, uint64_t *share)
{
	struct slice s = slice_z(text);
	bool digits = s.len > 0 && s.len < 4;
	uint64_t n = 0;

	for (size_t i = 0; digits && i < s.len; i++) {
		digits = s.ptr[i] >= '0' && s.ptr[i] <= '9';
		n = n * 10 + (uint64_t)(s.ptr[i] - '0');
	}
	if (digits) {
		*share = n * (WHOLE / 100);
		return n <= 100;
	}
	/* 0.5 may be meant as a half, or as half a percent */
	return slice_ends(s, SLICE("%")) && options_share(text, share) && *share <= WHOLE;
}

static struct slice
who(const struct request *r, struct slice line, struct arena *a)
{
	static const char *const names[] = { "session", "user" };
	struct slice s;

	for (size_t i = 0; i < 2; i++) {
		s = json_string(request_attribute(r, names[i]), a);
		if (s.len)
			return s;
	}
	s = json_string(r->id, a);
	return s.len ? s : line;
}

bool
split_routes(
    const struct request *r, struct slice line, uint64_t share, uint64_t seed, struct arena *a)
{
	struct slice key = who(r, line, a);
	char *text = arena_alloc(a, key.len + 24);
	struct slice head = arena_printf(a, "%" PRIu64 ":", seed);
	unsigned char digest[DIGEST_SIZE];
	uint64_t n = 0;

	memcpy(text, head.ptr, head.len);
	memcpy(text + head.len, key.ptr, key.len);
	digest_of(slice_of(text, head.len + key.len), digest);
	for (size_t i = 0; i < 7; i++) /* 56 bits: the product below fits */
		n = n << 8 | digest[i];
	return (uint64_t)((unsigned __int128)n * WHOLE >> 56) < share;
}
