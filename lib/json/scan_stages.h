/* SPDX-License-Identifier: MIT */
/* Inside of json_scan: the two stages, each over the whole text.
 *
 * The first finds where strings lie, checks what is inside them (UTF-8, control characters,
 * escapes) and writes j->at, j->mark and j->count. The second checks the grammar over that
 * index and writes j->mate. */
#ifndef JSON_SCAN_STAGES_H
#define JSON_SCAN_STAGES_H

#include "base/simd.h"
#include "json/scan.h"

/* Entries that a stage may write past the last it counts. */
#define SCAN_SLACK 72

/* What a block of 64 bytes is compared with, and tables that are looked up 64 bytes at once. */
struct scan_rows {
	_Alignas(64) uint8_t slash[64];
	uint8_t quote[64], space[64], u[64];
	uint8_t marks[64], blanks[64];
	uint8_t escapes[64], escape_low[64], escape_high[64];
	uint8_t numbers[64];
};
extern const struct scan_rows scan_rows;

/* Makes room for at least SCAN_SLACK entries behind count. */
void scan_grow(struct json *j, size_t count);
/* The same where there is not enough yet, and for mate too. */
void scan_make_room(struct json *j, size_t count);
static inline void
scan_room(struct json *j, size_t count)
{
	if (j->room < count + SCAN_SLACK || !j->mate)
		scan_make_room(j, count);
}

/* The first stage. The portable one reads byte by byte and says what is wrong and where; the
 * others only tell that something is. */
bool scan_portable(struct json *j, const char **why, size_t *where);
bool scan_avx2(struct json *j);
bool scan_avx512(struct json *j);

/* The second stage. */
bool scan_grammar(struct json *j, const char **why, size_t *where);
/* True where a literal or number begins at p, end is the next entry, and nothing but blanks
 * is between the two. */
bool scan_is_scalar(const char *p, const char *end);

#endif
