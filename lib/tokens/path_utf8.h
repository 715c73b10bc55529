/* SPDX-License-Identifier: MIT */
/* Validation of UTF-8 by look-ups of three half bytes: J. Keiser and D. Lemire, "Validating
 * UTF-8 in less than one instruction per byte", 2021. For a file that has defined
 *
 *   vector, VECTOR    a vector and its bytes
 *   vector_load       from anywhere
 *   vector_high       true if a byte is above 0x7f
 *   vector_bad        true if a sequence that ends in `now` is ill-formed; before1 to before3
 *                     are the bytes one, two and three places before */
enum {
	TOO_SHORT = 1,
	TOO_LONG = 2,
	OVERLONG_3 = 4,
	TOO_LARGE = 8,
	SURROGATE = 16,
	OVERLONG_2 = 32,
	TOO_LARGE_1000 = 64,
	OVERLONG_4 = 64,
	TWO_CONTINUE = 128,
	ANY_LOW = TOO_SHORT | TOO_LONG | TWO_CONTINUE,
	LARGE_LOW = ANY_LOW | TOO_LARGE | TOO_LARGE_1000,
	CONTINUE = TOO_LONG | OVERLONG_2 | TWO_CONTINUE
};

/* What may be wrong by the upper and the lower half of a byte, and the upper of the next. */
static const _Alignas(16) uint8_t utf8_upper[16] = { TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
	TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TWO_CONTINUE, TWO_CONTINUE, TWO_CONTINUE,
	TWO_CONTINUE, TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE,
	TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4 };
static const _Alignas(16) uint8_t utf8_lower[16] = {
	ANY_LOW | OVERLONG_3 | OVERLONG_2 | OVERLONG_4, ANY_LOW | OVERLONG_2, ANY_LOW, ANY_LOW,
	ANY_LOW | TOO_LARGE, LARGE_LOW, LARGE_LOW, LARGE_LOW, LARGE_LOW, LARGE_LOW, LARGE_LOW,
	LARGE_LOW, LARGE_LOW, LARGE_LOW | SURROGATE, LARGE_LOW, LARGE_LOW
};
static const _Alignas(16) uint8_t utf8_next[16] = { TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
	TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
	CONTINUE | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4, CONTINUE | OVERLONG_3 | TOO_LARGE,
	CONTINUE | SURROGATE | TOO_LARGE, CONTINUE | SURROGATE | TOO_LARGE, TOO_SHORT,
	TOO_SHORT, TOO_SHORT, TOO_SHORT };

/* The vector at p, which has three bytes before it. */
WINDOW_INLINE bool
utf8_bad(place p)
{
	vector now = vector_load(p), before3 = vector_load(p - 3);

	return (vector_high(now) || vector_high(before3)) &&
	       vector_bad(now, vector_load(p - 1), vector_load(p - 2), before3);
}

static WINDOW_TARGET bool
utf8(place p, size_t len)
{
	unsigned char edge[3 + VECTOR] = { 0 };
	size_t at = len < VECTOR ? len : VECTOR;

	memcpy(edge + 3, p, at);
	if (utf8_bad(edge + 3))
		return false;
	for (; len - at >= VECTOR; at += VECTOR)
		if (utf8_bad(p + at))
			return false;
	/* zeros behind the text show a sequence that is cut off */
	memset(edge, 0, sizeof edge);
	if (at >= 3)
		memcpy(edge, p + at - 3, 3 + len - at);
	else
		memcpy(edge + 3 - at, p, len);
	return !utf8_bad(edge + 3);
}
