/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/log/log.h"

#include "base/ascii.h"
#include "cmd/llm-compress/marks.h"
#include "text/plain.h"

#define TIME_BYTES 48 /* the time of a log line begins within so many, its level too */
#define STRANGERS                                                                  \
	8 /* lines in a row that say no time, as of a trace: a block may hold them \
	   */

/* 10:23 or 2026-03-14 */
static bool
is_time(struct slice s, size_t i)
{
	const char *p = s.ptr + i;
	size_t left = s.len - i;

	if (left >= 5 && p[2] == ':' && ascii_digit(p[0]) && ascii_digit(p[1]) &&
	    ascii_digit(p[3]) && ascii_digit(p[4]))
		return true;
	return left >= 10 && p[4] == '-' && p[7] == '-' && ascii_digit(p[0]) &&
	       ascii_digit(p[3]) && ascii_digit(p[5]) && ascii_digit(p[8]);
}

static bool
is_level(struct slice s)
{
	static const char *const levels[] = { "TRACE", "DEBUG", "INFO", "NOTICE", "WARN",
		"WARNING", "ERROR", "FATAL", "CRITICAL" };

	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++)
		if (slice_eqz(s, levels[i]))
			return true;
	return false;
}

static inline find_mask
capitals(find_bytes x, find_bytes y)
{
	(void)y;
	return (find_mask)(x - FIND_ALL('A') < FIND_ALL(26));
}

/* Whether the line says when, or how grave it is, as those of logs do. */
static bool
is_logged(struct slice s)
{
	struct plain_span span;
	uint64_t digit, capital, begins;

	s = slice_take(s, TIME_BYTES);
	if (s.len < 4)
		return false;
	plain_see(&span, s);
	digit = plain_mask(&span, find_digits);
	for (begins = digit & ~(digit << 1); begins; begins &= begins - 1)
		if (is_time(s, (size_t)__builtin_ctzll(begins)))
			return true;
	capital = plain_mask(&span, capitals);
	begins = capital & capital >> 1 & capital >> 2 & capital >> 3 & ~(capital << 1);
	for (; begins; begins &= begins - 1) {
		unsigned at = (unsigned)__builtin_ctzll(begins);

		if (is_level(slice_of(s.ptr + at, plain_run(capital, at))))
			return true;
	}
	return false;
}

/* Lines of a log, and the same line again and again. */
static bool
belongs(const struct lines *l, size_t i)
{
	const struct line *x = &l->list[i];

	if (x->flags & (LINE_BLANK | LINE_FENCED | LINE_LITERAL))
		return false;
	return is_logged(x->text) || (i && slice_eq(x->text, l->list[i - 1].text)) ||
	       (i + 1 < l->count && slice_eq(x->text, l->list[i + 1].text));
}

/* From line i, which belongs, to the last one that does; few strangers stand between. */
static size_t
stretch_end(const struct lines *l, size_t i)
{
	size_t end = i + 1;

	for (size_t k = end; k < l->count && k - end < STRANGERS && k - i < LOG_MOST; k++) {
		if (l->list[k].flags & (LINE_BLANK | LINE_FENCED | LINE_LITERAL) ||
		    (l->list[k].end && l->list[k].end != l->list[i].end))
			break;
		if (belongs(l, k))
			end = k + 1;
	}
	return end;
}

static struct slice
folded(struct work *w, struct slice text)
{
	struct lines lines = lines_read(text, w->arena);
	struct buf out = { 0 };
	const char *from = text.ptr;

	for (size_t i = 0, end; i < lines.count; i = end) {
		end = i + 1;
		if (!belongs(&lines, i))
			continue;
		end = stretch_end(&lines, i);
		if (end - i < LOG_LINES)
			continue;
		buf_add(&out, slice_of(from, (size_t)(lines.list[i].text.ptr - from)));
		from = lines.list[i].text.ptr;
		if (log_write(&lines.list[i], end - i, &w->json, w->arena, &out))
			from = lines.list[end - 1].text.ptr + lines.list[end - 1].text.len;
	}
	if (from == text.ptr) {
		buf_free(&out);
		return text;
	}
	buf_add(&out, slice_of(from, (size_t)(text.ptr + text.len - from)));
	return work_keep(w, &out);
}

/* A look before the lines are read: most texts are no log. */
static bool
has_lines(struct slice text)
{
	struct slice last = SLICE("");
	size_t n = 0;

	while (text.len && n < LOG_LINES - 1) {
		struct slice line = slice_take(text, slice_find(text, '\n'));

		n += is_logged(line) || (line.len && slice_eq(line, last));
		last = line;
		text = slice_drop(text, line.len + 1);
	}
	return n == LOG_LINES - 1;
}

struct slice
log_plain(struct work *w, struct slice text)
{
	struct buf out = { 0 };

	/* what only looks like a block is a text as any other */
	if (!work_did(w, STEP_LOG) || !log_undo(text, &w->json, w->arena, &out)) {
		buf_free(&out);
		return text;
	}
	return work_keep(w, &out);
}

void
log_run(struct work *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->pieces[i].now.ptr && !work_gone(w, &w->pieces[i]) &&
		    log_has(w->pieces[i].now))
			return; /* it would be read as ours */
	for (size_t i = 0; i < w->count; i++) {
		struct piece *p = &w->pieces[i];

		/* what is left of a log that lost lines was chosen to be read */
		if (work_may(w, p, false) && has_lines(p->now) && !mark_says_cut(p->now) &&
		    (p->part.kind == PART_USER || p->part.kind == PART_RESULT))
			work_offer(w, p, folded(w, p->now));
	}
}
