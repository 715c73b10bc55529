/* SPDX-License-Identifier: MIT */
#include "tokens/path.h"

#if SIMD_X86
#include <immintrin.h>

#define WINDOW_TARGET __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#include "tokens/path_x86.h"

struct bytes {
	__m256i a, b;
};

WINDOW_INLINE uint64_t
sign_bits(__m256i a, __m256i b)
{
	return (uint32_t)_mm256_movemask_epi8(a) | (uint64_t)(uint32_t)_mm256_movemask_epi8(b)
						       << 32;
}

WINDOW_INLINE uint64_t
equal(struct bytes v, char c)
{
	__m256i all = _mm256_set1_epi8(c);

	return sign_bits(_mm256_cmpeq_epi8(v.a, all), _mm256_cmpeq_epi8(v.b, all));
}

/* The bytes from low to low + more, as unsigned. */
WINDOW_INLINE uint64_t
between(struct bytes v, char low, char more)
{
	__m256i from = _mm256_set1_epi8(low), most = _mm256_set1_epi8(more);
	__m256i a = _mm256_sub_epi8(v.a, from), b = _mm256_sub_epi8(v.b, from);

	return sign_bits(_mm256_cmpeq_epi8(_mm256_min_epu8(a, most), a),
	    _mm256_cmpeq_epi8(_mm256_min_epu8(b, most), b));
}

/* Fewer bytes than a window: none may be read behind them. */
static WINDOW_TARGET struct bytes
load_few(place p, unsigned shown)
{
	unsigned char copy[64] = { 0 };

	memcpy(copy, p, shown);
	return (struct bytes){ _mm256_loadu_si256((const __m256i *)copy),
		_mm256_loadu_si256((const __m256i *)(copy + 32)) };
}

WINDOW_INLINE void
window_load(struct window *w, const struct split_family *f, place p, place end)
{
	const __m256i bit = _mm256_set1_epi8(0x20);
	unsigned shown = end - p < 64 ? (unsigned)(end - p) : 64;
	struct bytes v, small;
	uint64_t high, letters, low;

	if (shown == 64)
		v = (struct bytes){ _mm256_loadu_si256((const __m256i *)p),
			_mm256_loadu_si256((const __m256i *)(p + 32)) };
	else
		v = load_few(p, shown);
	high = sign_bits(v.a, v.b);
	small = (struct bytes){ _mm256_or_si256(v.a, bit), _mm256_or_si256(v.b, bit) };
	letters = between(small, 'a', 25);
	low = sign_bits(_mm256_slli_epi16(v.a, 2), _mm256_slli_epi16(v.b, 2));
	w->upper = f->cased ? letters & ~low : 0;
	w->lower = f->cased ? letters & low : letters;
	w->caseless = w->mark = 0;
	w->number = w->digits = between(v, '0', 9);
	w->newline = equal(v, '\n') | equal(v, '\r');
	w->space = equal(v, ' ');
	w->blank = (between(v, 9, 4) & ~w->newline) | w->space;
	w->slash = f->slash ? equal(v, '/') : 0;
	w->quote = equal(v, '\'');
	w->begins = UINT64_MAX;
	w->count = shown;
	w->end = end - p <= 64;
	if (__builtin_expect(high != 0, 0)) {
		const __m256i lead = _mm256_set1_epi8(-64);

		window_high(w, p, high,
		    sign_bits(_mm256_cmpgt_epi8(lead, v.a), _mm256_cmpgt_epi8(lead, v.b)),
		    shown);
	}
}

WINDOW_INLINE void
places_store(uint32_t *to, uint32_t base, uint64_t m)
{
	int count = __builtin_popcountll(m);

	do { /* four at once, as no branch predictor knows how many there are */
		for (int i = 0; i < 4; i++) {
			to[i] = base + (uint32_t)_tzcnt_u64(m);
			m &= m - 1;
		}
		to += 4;
		count -= 4;
	} while (count > 0);
}

WINDOW_INLINE unsigned
line_find(const struct table_line *line, const struct table_key *key)
{
	const __m256i mask =
	    _mm256_set_epi64x((long long)~TABLE_TOKENS, -1, (long long)~TABLE_TOKENS, -1);
	const __m256i none = _mm256_setzero_si256();
	__m256i wanted = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)key));
	__m256i a = _mm256_load_si256((const __m256i *)line);
	__m256i b = _mm256_load_si256((const __m256i *)line + 1);
	unsigned same, at;

	a = _mm256_cmpeq_epi64(_mm256_and_si256(_mm256_xor_si256(a, wanted), mask), none);
	b = _mm256_cmpeq_epi64(_mm256_and_si256(_mm256_xor_si256(b, wanted), mask), none);
	same = (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(a)) |
	       (unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(b)) << 4;
	at = same & same >> 1 & 0x55;
	return at ? ((const unsigned char *)line)[__builtin_ctz(at) * 8 + 15] & 15 : 0;
}

#include "tokens/path_loops.h"

#define VECTOR 32
typedef __m256i vector;

WINDOW_INLINE vector
vector_load(place p)
{
	return _mm256_loadu_si256((const __m256i *)p);
}

WINDOW_INLINE bool
vector_high(vector v)
{
	return _mm256_movemask_epi8(v) != 0;
}

WINDOW_INLINE vector
look_up(const uint8_t *row, vector index)
{
	__m256i all = _mm256_broadcastsi128_si256(_mm_load_si128((const __m128i *)row));

	return _mm256_shuffle_epi8(all, _mm256_and_si256(index, _mm256_set1_epi8(15)));
}

WINDOW_INLINE bool vector_bad(vector now, vector before1, vector before2, vector before3);

#include "tokens/path_utf8.h"

WINDOW_INLINE bool
vector_bad(vector now, vector before1, vector before2, vector before3)
{
	__m256i wrong = _mm256_and_si256(
	    _mm256_and_si256(look_up(utf8_upper, _mm256_srli_epi16(before1, 4)),
		look_up(utf8_lower, before1)),
	    look_up(utf8_next, _mm256_srli_epi16(now, 4)));
	__m256i third = _mm256_subs_epu8(before2, _mm256_set1_epi8((char)(0xe0 - 0x80)));
	__m256i fourth = _mm256_subs_epu8(before3, _mm256_set1_epi8((char)(0xf0 - 0x80)));
	__m256i wanted =
	    _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));

	wrong = _mm256_xor_si256(wanted, wrong);
	return !_mm256_testz_si256(wrong, wrong);
}

const struct path path_avx2 = { cut_o200k, cut_cl100k, cut_gpt2, cut_llama3, cut_qwen,
	cut_tekken, probe, utf8 };
#endif
