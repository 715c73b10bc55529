/* SPDX-License-Identifier: MIT */
/* Where in a text the question stands, and what else says what to do. */
#include <strings.h>

#include "cmd/llm-compress/extract/extract.h"

#define SHORT 400 /* bytes: a text of no more is a question as a whole */

static struct slice
last_paragraph(struct slice text)
{
	struct slice s = slice_trim(text);

	for (size_t i = s.len; i-- > 1;)
		if (s.ptr[i] == '\n' && s.ptr[i - 1] == '\n')
			return slice_drop(s, i + 1);
	return s;
}

/* The last line that begins with one of these and a colon. */
static struct slice
labelled(struct slice text)
{
	static const char *const labels[] = { "question:", "query:", "q:", "task:", "user:",
		"user question:", "user query:", "### question:", "**question:**" };
	struct slice best = { NULL, 0 };

	for (struct slice rest = text; rest.len;) {
		struct slice line = slice_trim(slice_take(rest, slice_find(rest, '\n')));

		for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
			size_t n = strlen(labels[i]);

			if (line.len > n && strncasecmp(line.ptr, labels[i], n) == 0)
				best = slice_trim(slice_drop(line, n));
		}
		rest = slice_drop(rest, slice_find(rest, '\n') + 1);
	}
	return best;
}

struct slice
extract_question(struct slice text)
{
	struct slice found;

	text = slice_trim(text);
	if (text.len <= SHORT)
		return text;
	found = labelled(text);
	if (found.ptr)
		return found;
	found = last_paragraph(text);
	if (found.len <= 2 * SHORT)
		return found;
	while (found.len) { /* one long paragraph: its last sentence */
		size_t n = sentence_length(found);
		struct slice rest = slice_trim(slice_drop(found, n));

		if (!rest.len)
			break;
		found = rest;
	}
	return found;
}

/* Whether the first word is one that instructions begin with. */
static bool
instructs(struct slice text)
{
	static const char *const words[] = { "answer", "use", "using", "given", "write", "read",
		"summarize", "summarise", "find", "you", "please", "based", "extract",
		"translate", "below", "consider", "return", "respond", "reply", "do", "don't",
		"never", "always", "only", "explain", "list", "here", "what", "who", "when",
		"where", "why", "how", "which", "can", "could", "compare", "classify", "act",
		"your", "tell" };
	size_t n = 0;

	while (n < text.len && text.ptr[n] != ' ' && text.ptr[n] != ',' && text.ptr[n] != '\n')
		n++;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i]) == n && strncasecmp(text.ptr, words[i], n) == 0)
			return true;
	return false;
}

static bool
is_short(const struct units *u, size_t from, size_t to)
{
	return (size_t)(u->list[to - 1].text.ptr + u->list[to - 1].text.len -
			u->list[from].text.ptr) <= 2 * SHORT;
}

static void
pin(struct units *u, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		u->list[i].pinned = true;
}

void
extract_pin_task(struct units *u, size_t first, size_t last, struct slice question)
{
	size_t head = first, tail = last;

	if (first == last)
		return;
	while (head < last && u->list[head].section == u->list[first].section)
		head++;
	while (tail > first && u->list[tail - 1].section == u->list[last - 1].section)
		tail--;
	if (instructs(u->list[first].text) && is_short(u, first, head))
		pin(u, first, head);
	if (is_short(u, tail, last) &&
	    (instructs(u->list[tail].text) ||
		memchr("?:", u->list[last - 1].text.ptr[u->list[last - 1].text.len - 1], 2)))
		pin(u, tail, last);
	for (size_t i = first; i < last && question.len; i++) {
		struct slice t = u->list[i].text;

		if (t.len >= question.len && memmem(t.ptr, t.len, question.ptr, question.len))
			u->list[i].pinned = true;
	}
}
