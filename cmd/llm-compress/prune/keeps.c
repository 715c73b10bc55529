/* SPDX-License-Identifier: MIT */
/* Words that are never taken out. */
#include "base/ascii.h"
#include "cmd/llm-compress/prune/prune.h"

/* A statement without one of these says something else. */
static const char *const binding[] = { "no", "not", "nor", "never", "none", "nothing", "nobody",
	"neither", "without", "cannot", "except", "unless", "only", "but", "must", "may", "if",
	"until", "before", "after", "more", "less", "than", "least", "most", "all", "any",
	"every", "each", "both", "either", "or", "above", "below", "under", "over", "between",
	"against", "instead", "however", "although", "though", "because", "same", "different",
	"other", "first", "last", "one", "two", "three", "four", "five", "six", "seven",
	"eight", "nine", "ten", "half", "few", "many", "several", "hardly", "barely", "rarely",
	"seldom", "almost", "nearly", "fail", "failed", "fails", "lack", "lacks", "deny",
	"denied", "refuse", "refused", "always", "should", "shall", "yes", "true", "false", "i",
	"who", "whom", "which", "what", "when", "where", "why", "how" };

bool
prune_keeps(struct slice word)
{
	size_t n = word.len;

	if (!n)
		return true;
	if (word.ptr[n - 1] == ',')
		n--;
	for (size_t i = 0; i < n; i++)
		if (!(word.ptr[i] >= 'a' && word.ptr[i] <= 'z') && word.ptr[i] != '\'')
			return true; /* a digit, a capital, a sign, a letter of another script
				      */
	if (!n || !ascii_letter(word.ptr[0]) || !ascii_letter(word.ptr[n - 1]))
		return true;
	if (n > 3 && memcmp(word.ptr + n - 3, "n't", 3) == 0)
		return true;
	for (size_t i = 0; i < sizeof(binding) / sizeof(*binding); i++)
		if (strlen(binding[i]) == n && memcmp(binding[i], word.ptr, n) == 0)
			return true;
	return false;
}
