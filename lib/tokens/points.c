/* SPDX-License-Identifier: MIT */
#include "tokens/points.h"

#include "tokens/classes.h"

void
points_add(struct points *p, uint32_t first, uint32_t last)
{
	for (uint32_t i = first; i <= last;) {
		if (i % 64 == 0 && last - i >= 63) {
			p->word[i / 64] = UINT64_MAX;
			i += 64;
		} else {
			p->word[i / 64] |= (uint64_t)1 << i % 64;
			i++;
		}
	}
}

static char
lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static bool
is_named(const char *category, struct slice name)
{
	return lower(name.ptr[0]) == lower(category[0]) &&
	       (name.len == 1 || lower(name.ptr[1]) == category[1]);
}

bool
points_add_category(struct points *p, struct slice name)
{
	bool wanted[CATEGORIES] = { false }, any = false;

	if (name.len != 1 && name.len != 2)
		return false;
	for (int i = 0; i < CATEGORIES; i++)
		any |= wanted[i] = is_named(categories_name[i], name);
	for (uint32_t i = 0; any && i < categories_count; i++) {
		uint32_t end =
		    i + 1 < categories_count ? categories_run[i + 1] >> 8 : (uint32_t)POINTS;

		if (wanted[categories_run[i] & 0xff])
			points_add(p, categories_run[i] >> 8, end - 1);
	}
	return any;
}

void
points_add_blank(struct points *p)
{
	for (uint32_t i = 0; i <= 0x3000; i++)
		if (class_of(i) == CLASS_BLANK)
			points_add(p, i, i);
}

void
points_unite(struct points *p, const struct points *other)
{
	for (size_t i = 0; i < POINTS_WORDS; i++)
		p->word[i] |= other->word[i];
}

void
points_intersect(struct points *p, const struct points *other)
{
	for (size_t i = 0; i < POINTS_WORDS; i++)
		p->word[i] &= other->word[i];
}

void
points_invert(struct points *p)
{
	for (size_t i = 0; i < POINTS_WORDS; i++)
		p->word[i] = ~p->word[i];
}

bool
points_equal(const struct points *a, const struct points *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}
