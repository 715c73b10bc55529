/* SPDX-License-Identifier: MIT */
#include "json/scan_stages.h"

#if SIMD_X86
#include <immintrin.h>

#define SCAN_TARGET                                                                           \
	__attribute__((target("avx2,avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi,bmi2,pclmul," \
			      "popcnt")))
#define BLOCK_INLINE static inline __attribute__((always_inline)) SCAN_TARGET

struct block {
	__m512i v;
};

BLOCK_INLINE struct block
block_load(const char *p, size_t n)
{
	__m512i blanks = _mm512_load_si512(scan_rows.space);

	if (n == 64)
		return (struct block){ _mm512_loadu_si512(p) };
	/* a masked load touches no byte that it leaves out */
	return (struct block){ _mm512_mask_loadu_epi8(
	    blanks, _bzhi_u64(UINT64_MAX, (unsigned)n), p) };
}

BLOCK_INLINE uint64_t
block_same(struct block b, const uint8_t *row)
{
	return _mm512_cmpeq_epi8_mask(b.v, _mm512_load_si512(row));
}

BLOCK_INLINE uint64_t
block_under(struct block b, const uint8_t *row)
{
	return _mm512_cmplt_epu8_mask(b.v, _mm512_load_si512(row));
}

BLOCK_INLINE uint64_t
block_equal(struct block b, unsigned char c)
{
	return _mm512_cmpeq_epi8_mask(b.v, _mm512_set1_epi8((char)c));
}

BLOCK_INLINE uint64_t
block_below(struct block b, unsigned char c)
{
	return _mm512_cmplt_epu8_mask(b.v, _mm512_set1_epi8((char)c));
}

BLOCK_INLINE uint64_t
block_high(struct block b)
{
	return _mm512_movepi8_mask(b.v);
}

BLOCK_INLINE uint64_t
block_marks(struct block b)
{
	__m512i found = _mm512_shuffle_epi8(_mm512_load_si512(scan_rows.marks), b.v);
	__m512i braces = _mm512_or_si512(b.v, _mm512_load_si512(scan_rows.space));

	/* bit 5 makes a brace of a bracket and leaves the four low bits */
	return _mm512_cmpeq_epi8_mask(found, braces);
}

BLOCK_INLINE uint64_t
block_blanks(struct block b)
{
	__m512i found = _mm512_shuffle_epi8(_mm512_load_si512(scan_rows.blanks), b.v);

	return _mm512_cmpeq_epi8_mask(found, b.v);
}

BLOCK_INLINE uint64_t
block_escapes(struct block b, uint64_t quote)
{
	__m512i found = _mm512_permutexvar_epi8(b.v, _mm512_load_si512(scan_rows.escapes));

	return _mm512_cmpeq_epi8_mask(found, b.v) | quote;
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
	__m512i packed = _mm512_maskz_compress_epi8(m, _mm512_load_si512(scan_rows.numbers));
	__m512i start = _mm512_set1_epi32((int)base);
	int count = __builtin_popcountll(m);

	(void)p;
	_mm512_storeu_si512(mark, _mm512_maskz_compress_epi8(m, b.v));

#define STORE(k)                                   \
	_mm512_storeu_si512(                       \
	    to + 16 * (k), _mm512_add_epi32(start, \
			       _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, k))))
	/* two at once: text full of structure has more than 16 now and then, which no branch
	 * predictor can know */
	STORE(0);
	STORE(1);
	if (count > 32) {
		STORE(2);
		STORE(3);
	}
#undef STORE
}

#include "json/scan_blocks.h"

SCAN_TARGET bool
scan_avx512(struct json *j)
{
	return scan_blocks(j);
}
#endif
