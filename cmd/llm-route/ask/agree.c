/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/ask/agree.h"

#include "text/unicode.h"

#define TEXT_MOST 16384
#define LABEL_TEXT 400 /* bytes of an answer in which its label is looked for */

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

bool
agree_texts(struct slice x, struct slice y, uint64_t share, struct arena *a)
{
	size_t longer, most, *row;

	x = slice_head(slice_trim(x), TEXT_MOST);
	y = slice_head(slice_trim(y), TEXT_MOST);
	longer = x.len > y.len ? x.len : y.len;
	most = (size_t)((1000000 - share) * longer / 1000000);
	if (longer - least(x.len, y.len) > most)
		return false;
	row = arena_alloc(a, (y.len + 1) * sizeof(*row));
	for (size_t k = 0; k <= y.len; k++)
		row[k] = k;
	for (size_t i = 1; i <= x.len; i++) {
		size_t from = i > most ? i - most : 1, to = least(y.len, i + most);
		size_t corner = row[from - 1], best;

		/* what lies outside the band is too far in any case */
		best = row[from - 1] = from == 1 ? i : most + 1;
		for (size_t k = from; k <= to; k++) {
			size_t above = k == i + most && i > 1 ? most + 1 : row[k];
			size_t change = corner + (x.ptr[i - 1] != y.ptr[k - 1]);

			corner = row[k];
			row[k] = least(change, least(above, row[k - 1]) + 1);
			best = least(best, row[k]);
		}
		if (best > most)
			return false;
	}
	return row[y.len] <= most;
}

static bool
is_joint(uint8_t c)
{
	return c == ' ' || c == '-' || c == '_';
}

/* How many bytes label takes at the text's beginning, whatever joins its words; 0: none, or
 * what stands there is longer than a label's last word. */
static size_t
label_at(struct slice text, struct slice label)
{
	struct slice rest = text, word;

	if (text.len < label.len)
		return 0;
	for (size_t i = 0; i < label.len; i++) {
		uint8_t c = (uint8_t)text.ptr[i], l = (uint8_t)label.ptr[i];

		if (c != l && !(i && is_joint(c) && is_joint(l)))
			return 0;
	}
	while (unicode_word(&rest, &word) && word.ptr < text.ptr + label.len)
		if (word.ptr + word.len > text.ptr + label.len)
			return 0;
	return label.len;
}

/* The label that takes most of the text's beginning: 'not urgent' before 'urgent'. */
static size_t
longest_label(struct slice text, struct slice labels, struct arena *a, struct slice *found)
{
	size_t most = 0;

	while (labels.len) {
		size_t n = slice_find(labels, ','), len;
		struct slice label = slice_trim(slice_take(labels, n));

		labels = slice_drop(labels, n + 1);
		len = label_at(text, unicode_fold(label, a));
		if (len > most) {
			most = len;
			*found = label;
		}
	}
	return most;
}

/* The word that the text begins with, else one character. */
static size_t
step(struct slice text)
{
	struct slice rest = text, word;

	if (unicode_word(&rest, &word) && word.ptr == text.ptr)
		return word.len;
	return unicode_grapheme(text);
}

struct slice
agree_label(struct slice text, struct slice labels, struct arena *a)
{
	struct slice found = { NULL, 0 }, rest = unicode_fold(slice_head(text, LABEL_TEXT), a);
	struct slice label = found;

	while (rest.len) {
		size_t n = longest_label(rest, labels, a, &label);

		if (n && found.ptr && !slice_eq(found, label))
			return (struct slice){ NULL, 0 };
		if (n)
			found = label;
		else
			n = step(rest);
		rest = slice_drop(rest, n);
	}
	return found;
}
