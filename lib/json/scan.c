/* SPDX-License-Identifier: MIT */
#include "json/scan.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/simd.h"
#include "json/scan_stages.h"
#include "json/shape.h"

/* Above this many entries the index is given back when a much smaller text comes. */
#define ROOM_KEPT (1u << 18)

static bool
machine_has(enum simd_form form)
{
#if SIMD_X86
	if (!(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
		__builtin_cpu_supports("bmi") && __builtin_cpu_supports("pclmul") &&
		__builtin_cpu_supports("popcnt")))
		return false;
	return form != SIMD_AVX512 ||
	       (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
		   __builtin_cpu_supports("avx512vbmi") &&
		   __builtin_cpu_supports("avx512vbmi2"));
#else
	(void)form;
	return false;
#endif
}

static struct simd simd = { .has = machine_has };

bool
json_scan_use(const char *path)
{
	return simd_use(&simd, path);
}

const char *
json_scan_path(void)
{
	return simd_name(simd_form(&simd));
}

void
scan_grow(struct json *j, size_t count)
{
	size_t room = (size_t)j->room * 2;

	if (room < 512)
		room = 512;
	while (room < count + SCAN_SLACK)
		room *= 2;
	if (room > UINT32_MAX)
		room = UINT32_MAX;
	j->at = mem_grow(j->at, room, sizeof(*j->at));
	j->mark = mem_grow(j->mark, room, 1);
	j->room = (uint32_t)room;
	/* the second stage takes a new one, of which nothing need be copied */
	free(j->mate);
	j->mate = NULL;
	j->indexed = 0;
}

void
scan_make_room(struct json *j, size_t count)
{
	if (j->room < count + SCAN_SLACK)
		scan_grow(j, count);
	if (!j->mate)
		j->mate = mem_alloc((size_t)j->room * sizeof(*j->mate));
}

static bool
first_stage(struct json *j, const char **why, size_t *where)
{
#if SIMD_X86
	switch (simd_form(&simd)) {
	case SIMD_AVX512:
		if (scan_avx512(j))
			return true;
		break;
	case SIMD_AVX2:
		if (scan_avx2(j))
			return true;
		break;
	default: break;
	}
#endif
	/* also where a fast path refused: this one knows the reason */
	return scan_portable(j, why, where);
}

bool
json_is_utf16(struct slice text)
{
	const unsigned char *p = (const unsigned char *)text.ptr;

	return text.len >= 2 && ((p[0] == 0xFF && p[1] == 0xFE) ||
				    (p[0] == 0xFE && p[1] == 0xFF) || !p[0] != !p[1]);
}

/* A better reason for texts that are not UTF-8 from the first byte on. */
static void
name_encoding(struct slice text, const char **why, size_t *where)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	const char *found = NULL;

	if (text.len >= 3 && p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF)
		found = "byte-order mark before the value";
	else if (json_is_utf16(text))
		found = "text is UTF-16, not UTF-8";
	if (!found)
		return;
	*why = found;
	*where = 0;
}

static void
give_back(struct json *j)
{
	free(j->at);
	free(j->mark);
	free(j->mate);
	j->at = j->mate = NULL;
	j->mark = NULL;
	j->room = 0;
}

bool
json_scan(struct json *j, struct slice text, const char **why, size_t *where)
{
	j->text = text;
	j->count = 0;
	j->shape = 0;
	j->twice = slice_of(NULL, 0);
	if (text.len > UINT32_MAX - SCAN_SLACK) {
		*why = "text of 4 GiB or more";
		*where = 0;
		return false;
	}
	if (j->room > ROOM_KEPT && text.len < j->room / 8)
		give_back(j);
	if (!j->room)
		scan_grow(j, 0);
	if (j->shapes && shapes_guess(j->shapes, j))
		return true;
	j->indexed = 0;
	if (!first_stage(j, why, where))
		goto refused;
	for (size_t i = 0; i < 4; i++) {
		j->at[j->count + i] = (uint32_t)text.len;
		j->mark[j->count + i] = '\0';
	}
	scan_room(j, 0);
	if (j->shapes && shapes_match(j->shapes, j))
		return true;
	if (!scan_grammar(j, why, where))
		goto refused;
	if (j->shapes)
		shapes_learn(j->shapes, j);
	return true;
refused:
	name_encoding(text, why, where);
	j->count = 0;
	return false;
}

void
json_free(struct json *j)
{
	give_back(j);
	shapes_free(j->shapes);
	*j = (struct json){ .room = 0 };
}

void
json_expect_shapes(struct json *j)
{
	if (!j->shapes)
		j->shapes = shapes_open();
}
