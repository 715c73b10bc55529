/* SPDX-License-Identifier: MIT */
/* Here and not beside the code that reads them: a compiler that knows what is in them makes
 * them anew in each round of a loop, which costs more than a load. */
#include "json/scan_stages.h"

#if SIMD_X86

#define FOUR(...) __VA_ARGS__, __VA_ARGS__, __VA_ARGS__, __VA_ARGS__
#define SIXTEEN(x) FOUR(x), FOUR(x), FOUR(x), FOUR(x)
#define ALL(x) SIXTEEN(x), SIXTEEN(x), SIXTEEN(x), SIXTEEN(x)

const struct scan_rows scan_rows = {
	.slash = { ALL('\\') },
	.quote = { ALL('"') },
	.space = { ALL(' ') },
	.u = { ALL('u') },
	/* by the four low bits; brackets are looked for as braces */
	.marks = { FOUR(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0) },
	.blanks = { FOUR(' ', 0, 0, 0, 0, 0, 0, 0, 0, '\t', '\n', 0, 0, '\r', 0, 0) },
	/* by the six low bits, which tell all of them apart but the quote and b */
	.escapes = {
		[0] = 1, ['\\' & 63] = '\\', ['/' & 63] = '/', ['b' & 63] = 'b', ['f' & 63] = 'f',
		['n' & 63] = 'n', ['r' & 63] = 'r', ['t' & 63] = 't', ['u' & 63] = 'u',
	},
	/* by each half of a byte, a bit for each high half that has escape characters: quote and
	 * slash 2, backslash 4, b f n 8, r t u 16 */
	.escape_low = { FOUR(0, 0, 2 | 8 | 16, 0, 16, 16, 8, 0, 0, 0, 0, 0, 4, 0, 8, 2) },
	.escape_high = { FOUR(0, 0, 2, 0, 0, 4, 8, 16, 0, 0, 0, 0, 0, 0, 0, 0) },
	.numbers = {
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
		24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45,
		46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63,
	},
};
#endif
