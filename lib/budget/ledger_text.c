/* SPDX-License-Identifier: MIT */
#include "budget/ledger_text.h"

#include <inttypes.h>

struct slice
ledger_place_text(struct arena *a, const char *before, const struct ledger_place *p)
{
	return arena_printf(a, "%s%" PRId64 " %zu %.*s%.*s", before, p->start, p->name.len,
	    SLICE_ARG(p->name), SLICE_ARG(p->key));
}

struct slice
ledger_amount_text(struct arena *a, const struct ledger_amount *m)
{
	char text[64];

	return arena_printf(
	    a, "%s %" PRIu64 " %" PRIu64, usd_write(m->usd, text), m->calls, m->tokens);
}

static struct slice
take_word(struct slice *text)
{
	size_t end = slice_find(*text, ' ');
	struct slice word = slice_take(*text, end);

	*text = slice_drop(*text, end + 1);
	return word;
}

bool
ledger_take_whole(struct slice *text, int64_t *n)
{
	struct slice word = take_word(text);
	bool minus = word.len && word.ptr[0] == '-';

	*n = 0;
	word = slice_drop(word, minus);
	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] < '0' || word.ptr[i] > '9' || *n > (INT64_MAX - 9) / 10)
			return slice_eq(word, SLICE("9223372036854775807")) && (*n = INT64_MAX);
		*n = *n * 10 + (word.ptr[i] - '0');
	}
	*n = minus ? -*n : *n;
	return word.len > 0;
}

bool
ledger_take_amount(struct slice text, struct ledger_amount *m, const char **why)
{
	struct slice usd = take_word(&text);
	int64_t calls, tokens;

	if (!usd_read(usd, &m->usd) || !ledger_take_whole(&text, &calls) ||
	    !ledger_take_whole(&text, &tokens)) {
		*why = "is damaged";
		return false;
	}
	m->calls = (uint64_t)calls;
	m->tokens = (uint64_t)tokens;
	return true;
}

struct slice
ledger_hold_places(struct slice hold)
{
	return slice_drop(hold, slice_find(hold, '\n') + 1);
}

struct slice
ledger_take_place(struct slice *text)
{
	struct slice place = slice_of(NULL, 0);
	int64_t n;

	if (text->len && ledger_take_whole(text, &n) && n >= 0 && (size_t)n <= text->len) {
		place = slice_take(*text, (size_t)n);
		*text = slice_drop(*text, (size_t)n + 1);
	}
	return place;
}
