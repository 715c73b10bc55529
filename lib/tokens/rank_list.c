/* SPDX-License-Identifier: MIT */
#include "tokens/rank_list.h"

#include <stdlib.h>

#include "base/digest.h"
#include "base/mem.h"

static int
value_of(char c)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? memchr(digits, c, 64) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Base 64 with its padding, appended to out. False if it is none. */
static bool
decode(struct slice text, struct buf *out)
{
	uint32_t bits = 0;
	unsigned held = 0;

	if (text.len % 4 || text.len == 0)
		return false;
	while (text.len && text.ptr[text.len - 1] == '=' && held++ < 2)
		text.len--;
	held = 0;
	for (size_t i = 0; i < text.len; i++) {
		int value = value_of(text.ptr[i]);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		held += 6;
		if (held >= 8) {
			held -= 8;
			buf_add_byte(out, (char)(bits >> held & 0xff));
		}
	}
	return text.len > 0;
}

const char *
rank_list_add(struct rank_list *list, struct slice base64, uint32_t rank, uint32_t line)
{
	size_t before = list->bytes.len, n = list->count;

	if (!decode(base64, &list->bytes))
		return "has no token in base 64";
	if ((n & (n - 1)) == 0) /* doubled at each power of two */
		list->item = mem_grow(list->item, n * 2 + 1, sizeof *list->item);
	list->item[list->count++] =
	    (struct rank){ slice_of(NULL, list->bytes.len - before), rank, line };
	return NULL;
}

static int
by_rank(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

bool
rank_list_sort(struct rank_list *list, const char *line, struct refusal *why)
{
	size_t at = 0;
	bool sorted = true;

	for (size_t i = 0; i < list->count; i++) {
		list->item[i].token.ptr = list->bytes.data + at;
		at += list->item[i].token.len;
		sorted &= i == 0 || list->item[i].rank > list->item[i - 1].rank;
	}
	if (sorted)
		return true;
	qsort(list->item, list->count, sizeof *list->item, by_rank);
	for (size_t i = 1; i < list->count; i++)
		if (list->item[i].rank == list->item[i - 1].rank)
			return refuse(why, "%s %u: has a rank that stands before", line,
			    list->item[i].line);
	return true;
}

size_t
rank_list_gap(const struct rank_list *list)
{
	size_t i = 0;

	while (i < list->count && list->item[i].rank == i)
		i++;
	return i;
}

void
rank_list_digest(const struct rank_list *list, char hex[65])
{
	unsigned char digest[DIGEST_SIZE];
	struct buf all = { 0 };

	for (size_t i = 0; i < list->count; i++) {
		buf_add_number(&all, list->item[i].rank);
		buf_add_byte(&all, ' ');
		buf_add_number(&all, list->item[i].token.len);
		buf_add_byte(&all, ' ');
		buf_add(&all, list->item[i].token);
	}
	digest_of(buf_slice(&all), digest);
	digest_hex(digest, DIGEST_SIZE, hex);
	buf_free(&all);
}

void
rank_list_free(struct rank_list *list)
{
	free(list->item);
	buf_free(&list->bytes);
	*list = (struct rank_list){ .count = 0 };
}
