/* SPDX-License-Identifier: MIT */
#include "tokens/path.h"

#if SIMD_X86
#include <immintrin.h>

#define WINDOW_TARGET                                                                \
	__attribute__((                                                              \
	    target("avx2,avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2," \
		   "lzcnt,popcnt")))
#include "tokens/path_x86.h"

/* Classes of a byte below 0x80, one bit each. */
enum {
	UPPER = 1,
	LOWER = 2,
	NUMBER = 4,
	BLANK = 8,
	NEWLINE = 16,
	SPACE = 32,
	SLASH = 64,
	QUOTE = 128
};

static const _Alignas(64) uint8_t kinds[128] = {
	[9] = BLANK,
	[10] = NEWLINE,
	[11] = BLANK,
	[12] = BLANK,
	[13] = NEWLINE,
	[' '] = BLANK | SPACE,
	['/'] = SLASH,
	['\''] = QUOTE,
	['0' ... '9'] = NUMBER,
	['A' ... 'Z'] = UPPER,
	['a' ... 'z'] = LOWER,
};

WINDOW_INLINE uint64_t
of_kind(__m512i kind, int which)
{
	return _mm512_test_epi8_mask(kind, _mm512_set1_epi8((char)which));
}

WINDOW_INLINE void
window_load(struct window *w, const struct split_family *f, place p, place end)
{
	unsigned shown = end - p < 64 ? (unsigned)(end - p) : 64;
	__m512i v, kind;
	uint64_t high;

	/* a masked load touches no byte that it leaves out */
	v = shown == 64 ? _mm512_loadu_si512(p) : _mm512_maskz_loadu_epi8(low_bits(shown), p);
	high = _mm512_movepi8_mask(v);
	kind = _mm512_permutex2var_epi8(
	    _mm512_load_si512(kinds), v, _mm512_load_si512(kinds + 64));
	kind = _mm512_maskz_mov_epi8(~high, kind);
	w->upper = f->cased ? of_kind(kind, UPPER) : 0;
	w->lower = of_kind(kind, f->cased ? LOWER : LOWER | UPPER);
	w->caseless = w->mark = 0;
	w->number = w->digits = of_kind(kind, NUMBER);
	w->blank = of_kind(kind, BLANK);
	w->newline = of_kind(kind, NEWLINE);
	w->space = of_kind(kind, SPACE);
	w->slash = f->slash ? of_kind(kind, SLASH) : 0;
	w->quote = of_kind(kind, QUOTE);
	w->begins = UINT64_MAX;
	w->count = shown;
	w->end = end - p <= 64;
	if (__builtin_expect(high != 0, 0))
		window_high(
		    w, p, high, _mm512_cmplt_epi8_mask(v, _mm512_set1_epi8(-64)), shown);
}

static const _Alignas(64) uint8_t places[64] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
	14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
	36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57,
	58, 59, 60, 61, 62, 63 };

WINDOW_INLINE void
places_store(uint32_t *to, uint32_t base, uint64_t m)
{
	__m512i packed = _mm512_maskz_compress_epi8(m, _mm512_load_si512(places));
	__m512i start = _mm512_set1_epi32((int)base);

#define STORE(k)                                   \
	_mm512_storeu_si512(                       \
	    to + 16 * (k), _mm512_add_epi32(start, \
			       _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, k))))
	STORE(0);
	STORE(1);
	if (__builtin_popcountll(m) > 32) {
		STORE(2);
		STORE(3);
	}
#undef STORE
}

WINDOW_INLINE unsigned
line_find(const struct table_line *line, const struct table_key *key)
{
	const __m512i mask = _mm512_set_epi64(
	    ~TABLE_TOKENS, -1, ~TABLE_TOKENS, -1, ~TABLE_TOKENS, -1, ~TABLE_TOKENS, -1);
	__m512i keys = _mm512_load_si512(line);
	__m512i wanted = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)key));
	/* (keys ^ wanted) & mask */
	__m512i differ = _mm512_ternarylogic_epi64(keys, wanted, mask, 0x28);
	unsigned same = _mm512_testn_epi64_mask(differ, differ);
	unsigned at = same & same >> 1 & 0x55;

	return at ? ((const unsigned char *)line)[__builtin_ctz(at) * 8 + 15] & 15 : 0;
}

#include "tokens/path_loops.h"

#define VECTOR 64
typedef __m512i vector;

WINDOW_INLINE vector
vector_load(place p)
{
	return _mm512_loadu_si512(p);
}

WINDOW_INLINE bool
vector_high(vector v)
{
	return _mm512_movepi8_mask(v) != 0;
}

WINDOW_INLINE vector
look_up(const uint8_t *row, vector index)
{
	__m512i all = _mm512_broadcast_i32x4(_mm_load_si128((const __m128i *)row));

	return _mm512_shuffle_epi8(all, _mm512_and_si512(index, _mm512_set1_epi8(15)));
}

WINDOW_INLINE bool vector_bad(vector now, vector before1, vector before2, vector before3);

#include "tokens/path_utf8.h"

WINDOW_INLINE bool
vector_bad(vector now, vector before1, vector before2, vector before3)
{
	__m512i wrong = _mm512_and_si512(
	    _mm512_and_si512(look_up(utf8_upper, _mm512_srli_epi16(before1, 4)),
		look_up(utf8_lower, before1)),
	    look_up(utf8_next, _mm512_srli_epi16(now, 4)));
	__m512i third = _mm512_subs_epu8(before2, _mm512_set1_epi8((char)(0xe0 - 0x80)));
	__m512i fourth = _mm512_subs_epu8(before3, _mm512_set1_epi8((char)(0xf0 - 0x80)));
	__m512i wanted =
	    _mm512_and_si512(_mm512_or_si512(third, fourth), _mm512_set1_epi8((char)0x80));

	return _mm512_test_epi8_mask(_mm512_xor_si512(wanted, wrong), _mm512_set1_epi8(-1)) !=
	       0;
}

const struct path path_avx512 = { cut_o200k, cut_cl100k, cut_gpt2, cut_llama3, cut_qwen,
	cut_tekken, probe, utf8 };
#endif
