/* SPDX-License-Identifier: MIT */
#include "json/scan_stages.h"

#if SIMD_X86
#include <immintrin.h>

#define SCAN_TARGET __attribute__((target("avx2,bmi,bmi2,pclmul,popcnt")))
#define BLOCK_INLINE static inline __attribute__((always_inline)) SCAN_TARGET

struct block {
	__m256i low, high;
};

BLOCK_INLINE __m256i
load(const void *p)
{
	__m256i v;

	memcpy(&v, p, sizeof(v));
	return v;
}

BLOCK_INLINE struct block
block_load(const char *p, size_t n)
{
	char rest[sizeof(struct block)];

	if (n < sizeof(rest)) {
		memset(rest, ' ', sizeof(rest));
		memcpy(rest, p, n);
		p = rest;
	}
	return (struct block){ load(p), load(p + 32) };
}

BLOCK_INLINE uint64_t
bits(__m256i low, __m256i high)
{
	return (uint32_t)_mm256_movemask_epi8(low) |
	       (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

BLOCK_INLINE uint64_t
equal(struct block b, __m256i low, __m256i high)
{
	return bits(_mm256_cmpeq_epi8(b.low, low), _mm256_cmpeq_epi8(b.high, high));
}

BLOCK_INLINE uint64_t
block_same(struct block b, const uint8_t *row)
{
	return equal(b, load(row), load(row));
}

/* Bytes that are not less are their own maximum. */
BLOCK_INLINE uint64_t
under(struct block b, __m256i v)
{
	return ~equal(b, _mm256_max_epu8(b.low, v), _mm256_max_epu8(b.high, v));
}

BLOCK_INLINE uint64_t
block_under(struct block b, const uint8_t *row)
{
	return under(b, load(row));
}

BLOCK_INLINE uint64_t
block_equal(struct block b, unsigned char c)
{
	__m256i v = _mm256_set1_epi8((char)c);

	return equal(b, v, v);
}

BLOCK_INLINE uint64_t
block_below(struct block b, unsigned char c)
{
	return under(b, _mm256_set1_epi8((char)c));
}

BLOCK_INLINE uint64_t
block_high(struct block b)
{
	return bits(b.low, b.high);
}

BLOCK_INLINE uint64_t
block_marks(struct block b)
{
	__m256i table = load(scan_rows.marks), bit = load(scan_rows.space);
	struct block braces = { _mm256_or_si256(b.low, bit), _mm256_or_si256(b.high, bit) };

	/* bit 5 makes a brace of a bracket and leaves the four low bits */
	return equal(
	    braces, _mm256_shuffle_epi8(table, b.low), _mm256_shuffle_epi8(table, b.high));
}

BLOCK_INLINE uint64_t
block_blanks(struct block b)
{
	__m256i table = load(scan_rows.blanks);

	return equal(b, _mm256_shuffle_epi8(table, b.low), _mm256_shuffle_epi8(table, b.high));
}

BLOCK_INLINE __m256i
escape_bits(__m256i v)
{
	__m256i high = _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(15));

	return _mm256_and_si256(_mm256_shuffle_epi8(load(scan_rows.escape_low), v),
	    _mm256_shuffle_epi8(load(scan_rows.escape_high), high));
}

BLOCK_INLINE uint64_t
block_escapes(struct block b, uint64_t quote)
{
	struct block found = { escape_bits(b.low), escape_bits(b.high) };

	(void)quote;
	return ~block_equal(found, 0);
}

BLOCK_INLINE uint64_t
block_prefix(uint64_t m)
{
	__m128i product =
	    _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)m), _mm_set1_epi8((char)0xFF), 0);

	return (uint64_t)_mm_cvtsi128_si64(product);
}

BLOCK_INLINE void
block_store(uint32_t *to, char *mark, uint32_t base, struct block b, const char *p, uint64_t m)
{
	(void)b;
	/* by eights: what is written past the last is overwritten by the next block */
	while (m) {
		for (int i = 0; i < 8; i++) {
			unsigned at = (unsigned)_tzcnt_u64(m);

			to[i] = base + at;
			mark[i] = p[at & 63];
			m = _blsr_u64(m);
		}
		to += 8;
		mark += 8;
	}
}

#include "json/scan_blocks.h"

SCAN_TARGET bool
scan_avx2(struct json *j)
{
	return scan_blocks(j);
}
#endif
