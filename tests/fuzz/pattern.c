/* SPDX-License-Identifier: MIT */
/* lib/text: the first line is a pattern, the rest a text. The result is the same each time,
 * what is found lies inside the text, and words and graphemes cover it. */
#include <stdio.h>
#include <stdlib.h>

#include "text/pattern.h"
#include "text/unicode.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "pattern: %s\n", what);
	abort();
}

static void
check_text(struct slice text)
{
	static struct arena arena;
	struct slice rest = text, word, once;
	size_t n = 0, g;

	while (unicode_word(&rest, &word)) {
		must(word.len && word.ptr >= text.ptr &&
			 word.ptr + word.len <= text.ptr + text.len,
		    "a word lies inside");
		n++;
	}
	must(n <= text.len, "words are not empty");
	for (rest = text; (g = unicode_grapheme(rest)) != 0; rest = slice_drop(rest, g))
		must(g <= rest.len, "a grapheme lies inside");
	once = unicode_nfc(text, &arena);
	must(slice_eq(unicode_nfc(once, &arena), once), "a composed form is its own");
	once = unicode_fold(text, &arena);
	must(!unicode_valid(text) || unicode_valid(once), "folding gives valid text");
	arena_reset(&arena);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct slice all = slice_of((const char *)data, size), source, text, at = { NULL, 0 },
		     again;
	size_t half = slice_find(all, '\n'), where = SIZE_MAX;
	const char *why = NULL;
	struct pattern *p;
	enum pattern_result first;

	source = slice_take(all, half);
	text = slice_drop(all, half + 1);
	check_text(text);
	p = pattern_compile(source, size & 1, &why, &where);
	if (!p) {
		must(why && *why && where <= source.len, "a refusal has reason and place");
		return 0;
	}
	if (unicode_valid(text)) {
		first = pattern_search(p, text, NULL, &at);
		must(first == pattern_search(p, text, NULL, &again), "twice the same");
		if (first == PATTERN_FOUND)
			must(at.ptr >= text.ptr && at.ptr + at.len <= text.ptr + text.len &&
				 slice_eq(at, again),
			    "what is found lies inside");
	}
	pattern_free(p);
	return 0;
}
