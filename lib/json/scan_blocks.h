/* SPDX-License-Identifier: MIT */
/* The first stage over blocks of 64 bytes, written once for all vector units.
 *
 * The file that includes this defines SCAN_TARGET (the function attribute of its unit),
 * struct block (64 bytes) and
 *   block_load(p, n)         the bytes at p, blanks behind n of them
 *   block_same(b, row)       bit i: byte i is row[i]
 *   block_under(b, row)      bit i: byte i, unsigned, is less than row[i]
 *   block_equal(b, c)        bit i: byte i is c
 *   block_below(b, c)        bit i: byte i, unsigned, is less than c
 *   block_high(b)            bit i: byte i is outside ASCII
 *   block_marks(b)           structural characters, and perhaps control characters
 *   block_blanks(b)          space, tab, line feed, carriage return
 *   block_escapes(b, quote)  bytes that may stand behind a backslash; quote: those that are one
 *   block_prefix(m)          bit i: parity of bits 0 to i of m
 *   block_store(at, mark, base, b, p, m)
 *                            base + i and byte i for each bit i of m, in order; b is from p */
#ifndef JSON_SCAN_BLOCKS_H
#define JSON_SCAN_BLOCKS_H

#include "json/scan_stages.h"

#define SCAN_INLINE static inline __attribute__((always_inline)) SCAN_TARGET

/* What a block hands to the next. */
struct carry {
	uint64_t escaped;   /* 1: its first byte stands behind a backslash */
	uint64_t in_string; /* all bits: it begins inside a string */
	uint64_t scalar;    /* 1: the last byte belonged to a number or literal */
	uint64_t wrong;     /* any bit: the text is bad */
	uint64_t slashes;   /* any bit: there was a backslash */
	uint64_t rare;      /* any bit: it must look at its struct rare_carry */
};

/* The same for what few blocks have; kept apart, and handled by a call, so that all the rest
 * stays in registers. */
struct rare_carry {
	uint64_t hex;       /* its first bytes that must be hexadecimal digits */
	uint64_t follow;    /* its first bytes that must continue a character */
	uint64_t narrow[4]; /* 1: the last byte was E0, ED, F0, F4 */
	uint64_t wrong;
};

/* m, n bits up, and the bits that fall off into *over. */
SCAN_INLINE uint64_t
shift_over(uint64_t m, unsigned n, uint64_t *over)
{
	*over |= m >> (64 - n);
	return m << n;
}

/* Bytes behind a backslash that is not itself escaped. A run of backslashes escapes every
 * second byte from its second on; the subtraction carries the parity of each run's start
 * along the run, so that no bit is handled alone. */
SCAN_INLINE uint64_t
escaped_bytes(struct carry *c, uint64_t slash)
{
	const uint64_t odd = 0xAAAAAAAAAAAAAAAAu;
	uint64_t start = slash & ~c->escaped;
	uint64_t parity = ((start << 1 | odd) - start) ^ odd;
	uint64_t escaped = parity ^ (slash | c->escaped);

	c->escaped = (parity & slash) >> 63;
	return escaped;
}

/* UTF-8 by masks: a lead byte asks for continuations, which must stand exactly where they
 * are asked for; four lead bytes narrow the range of the byte behind them (RFC 3629). */
SCAN_INLINE void
check_characters(struct rare_carry *c, struct block b, uint64_t high)
{
	uint64_t lead = high & ~block_below(b, 0xC0), three = high & ~block_below(b, 0xE0);
	uint64_t four = high & ~block_below(b, 0xF0), over = 0;
	uint64_t follow = c->follow | shift_over(lead, 1, &over) | shift_over(three, 2, &over) |
			  shift_over(four, 3, &over);
	uint64_t below_a0 = block_below(b, 0xA0), below_90 = block_below(b, 0x90);
	uint64_t e0 = block_equal(b, 0xE0), ed = block_equal(b, 0xED),
		 f0 = block_equal(b, 0xF0), f4 = block_equal(b, 0xF4);

	c->wrong |= follow ^ (high & ~lead);
	c->wrong |= (lead & block_below(b, 0xC2)) | (high & ~block_below(b, 0xF5));
	c->wrong |= (e0 << 1 | c->narrow[0]) & below_a0;
	c->wrong |= (ed << 1 | c->narrow[1]) & ~below_a0;
	c->wrong |= (f0 << 1 | c->narrow[2]) & below_90;
	c->wrong |= (f4 << 1 | c->narrow[3]) & ~below_90;
	c->follow = over;
	c->narrow[0] = e0 >> 63;
	c->narrow[1] = ed >> 63;
	c->narrow[2] = f0 >> 63;
	c->narrow[3] = f4 >> 63;
}

/* The four bytes behind each \u, where u stands at the bits of u. */
SCAN_INLINE void
check_hex(struct rare_carry *c, struct block b, uint64_t u)
{
	uint64_t digit = ~block_below(b, '0') & block_below(b, '9' + 1);
	uint64_t upper = ~block_below(b, 'A') & block_below(b, 'F' + 1);
	uint64_t lower = ~block_below(b, 'a') & block_below(b, 'f' + 1);
	uint64_t over = 0, wanted = c->hex;

	wanted |= shift_over(u, 1, &over) | shift_over(u, 2, &over) | shift_over(u, 3, &over) |
		  shift_over(u, 4, &over);
	c->wrong |= wanted & ~(digit | upper | lower);
	c->hex = over;
}

static __attribute__((noinline)) SCAN_TARGET uint64_t
check_rare(struct rare_carry *c, struct block b, uint64_t u, uint64_t high)
{
	if (u | c->hex)
		check_hex(c, b, u);
	if (high | c->follow)
		check_characters(c, b, high);
	return c->hex | c->follow;
}

/* The entries of one block. */
SCAN_INLINE uint64_t
block_entries(struct carry *c, struct rare_carry *rare, struct block b)
{
	uint64_t slash = block_same(b, scan_rows.slash), high = block_high(b);
	uint64_t escaped = escaped_bytes(c, slash), all_quotes = block_same(b, scan_rows.quote);
	uint64_t quote = all_quotes & ~escaped;
	uint64_t inside = block_prefix(quote) ^ c->in_string; /* with the first quote */
	uint64_t control = block_under(b, scan_rows.space), outside = ~(inside | quote);
	uint64_t marks = block_marks(b) & ~control;
	uint64_t scalar = outside & ~(marks | block_blanks(b));
	uint64_t first = scalar & ~(scalar << 1 | c->scalar);
	uint64_t u = escaped & block_same(b, scan_rows.u);

	c->slashes |= slash;
	c->in_string = -(inside >> 63);
	c->scalar = scalar >> 63;
	c->wrong |= (inside & control) | (slash & ~inside);
	c->wrong |= escaped & ~block_escapes(b, all_quotes);
	if (__builtin_expect((u | high | c->rare) != 0, 0))
		c->rare = check_rare(rare, b, u, high);
	return quote | first | (marks & outside);
}

/* The block at offset i, of which n bytes belong to the text. */
SCAN_INLINE size_t
scan_block(
    struct json *j, struct carry *c, struct rare_carry *rare, size_t i, size_t n, size_t count)
{
	const char *p = j->text.ptr + i;
	struct block b = block_load(p, n);
	uint64_t entries;

	if (__builtin_expect(count + SCAN_SLACK > j->room, 0))
		scan_grow(j, count);
	entries = block_entries(c, rare, b);
	block_store(j->at + count, j->mark + count, (uint32_t)i, b, p, entries);
	return count + (size_t)__builtin_popcountll(entries);
}

SCAN_INLINE bool
scan_blocks(struct json *j)
{
	size_t length = j->text.len, count = 0, i = 0;
	struct carry c = { .wrong = 0 };
	struct rare_carry rare = { .wrong = 0 };

	for (; i + 64 <= length; i += 64)
		count = scan_block(j, &c, &rare, i, 64, count);
	if (i < length)
		count = scan_block(j, &c, &rare, i, length - i, count);
	j->count = (uint32_t)count;
	j->escapes = c.slashes != 0;
	/* a string without an end also holds whatever the last block asked of a next one */
	return !(c.wrong | rare.wrong | c.in_string);
}

#endif
