/* SPDX-License-Identifier: MIT */
#include "breaker.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/mem.h"
#include "json/canon.h"

#define KEPT_BYTES ((size_t)1 << 20)

/* The path of a value in the record, as jq writes it. */
static char *
path_of(struct value root, struct value at)
{
	struct buf path = { 0 };
	struct value v = root;
	char *out;

	while (v.entry != at.entry) {
		struct value k = json_first(v), inner = { 0 };
		bool array = json_type(v) == JSON_ARRAY;
		size_t i = 0;

		for (; json_type(k); k = json_next(k), i++) {
			inner = array ? k : json_member_value(k);
			if (at.entry >= inner.entry &&
			    at.entry <= inner.json->mate[inner.entry])
				break;
		}
		if (!json_type(k))
			break;
		if (array)
			buf_printf(&path, "[%zu]", i);
		else
			buf_printf(&path, ".%.*s", SLICE_ARG(json_string_raw(k)));
		v = inner;
	}
	out = mem_text(path.len ? buf_slice(&path) : SLICE("."));
	buf_free(&path);
	return out;
}

/* A text of the chain, which may be several links. */
struct passage {
	enum link_kind kind;
	struct value at;
	struct slice text;
	const struct link *first, *end;
};

static bool
take_passage(const struct chain *c, size_t *i, struct passage *p)
{
	const struct link *l = c->link + *i, *end = c->link + c->count;

	if (l == end)
		return false;
	*p = (struct passage){ .kind = l->kind, .at = l->at, .text = l->text, .first = l };
	while (++l < end && l->at.entry == p->at.entry)
		p->text.len += l->text.len;
	p->end = l;
	*i = (size_t)(l - c->link);
	return true;
}

static uint64_t
tokens_before(const struct chain *c, const struct link *l)
{
	return l > c->link ? l[-1].tokens : 0;
}

static void
keep(struct breaker *b, const struct chain *c)
{
	size_t bytes = 0, i = 0;
	struct passage p;

	b->kept = mem_zero((c->count + 1) * sizeof *b->kept);
	b->tokens = tokens_before(c, c->link + c->count);
	while (!b->cut && take_passage(c, &i, &p)) {
		b->cut = p.text.len > KEPT_BYTES - bytes;
		p.text = slice_take(p.text, KEPT_BYTES - bytes);
		bytes += p.text.len;
		b->kept[b->count++] = (struct kept){
			.kind = p.kind, .text = mem_text(p.text), .len = p.text.len
		};
	}
}

static struct slice
kept_text(const struct breaker *b, size_t i)
{
	return slice_of(b->kept[i].text, b->kept[i].len);
}

/* As much of the text as can be compared with what is kept. */
static struct slice
comparable(const struct breaker *b, size_t i, const struct passage *p)
{
	return b->cut && i + 1 == b->count ? slice_take(p->text, b->kept[i].len) : p->text;
}

/* Bytes that both begin with, cut between characters. */
static size_t
shared_head(struct slice x, struct slice y)
{
	size_t most = x.len < y.len ? x.len : y.len, n = 0;

	while (n < most && x.ptr[n] == y.ptr[n])
		n++;
	while (n > 0 && n < x.len && ((unsigned char)x.ptr[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static size_t
shared_tail(struct slice x, struct slice y, size_t head)
{
	size_t most = (x.len < y.len ? x.len : y.len) - head, n = 0;

	while (n < most && x.ptr[x.len - 1 - n] == y.ptr[y.len - 1 - n])
		n++;
	return n;
}

/* True if the tools of both are the same in another order, from these on. */
static bool
reordered(const struct breaker *b, const struct chain *c, size_t from, const struct passage *p)
{
	size_t n = 0, found = 0;

	for (; from < b->count && b->kept[from].kind == LINK_TOOL; from++, n++) {
		size_t i = (size_t)(p->first - c->link);
		bool same = false;
		struct passage other;

		while (!same && take_passage(c, &i, &other) && other.kind == LINK_TOOL)
			same = slice_eq(kept_text(b, from), other.text);
		found += same;
	}
	return n > 1 && found == n;
}

static bool
same_json(struct slice x, struct slice y)
{
	struct json jx = { 0 }, jy = { 0 };
	struct buf bx = { 0 }, by = { 0 };
	struct arena a = { 0 };
	const char *why;
	size_t where;
	bool same = false;

	if (json_scan(&jx, x, &why, &where) && json_scan(&jy, y, &why, &where)) {
		canon_write(json_root(&jx), NULL, NULL, &a, &bx);
		canon_write(json_root(&jy), NULL, NULL, &a, &by);
		same = slice_eq(buf_slice(&bx), buf_slice(&by));
	}
	json_free(&jx);
	json_free(&jy);
	buf_free(&bx);
	buf_free(&by);
	arena_close(&a);
	return same;
}

static bool
is_joint(char c)
{
	return c && strchr("-:.+_", c);
}

/* The word around a place: letters, digits and what times and ids are joined with, which ends
 * no word itself. */
static struct slice
word_at(struct slice text, size_t at)
{
	size_t from = at, to = at;

	while (from > 0 &&
	       (isalnum((unsigned char)text.ptr[from - 1]) || is_joint(text.ptr[from - 1])))
		from--;
	while (
	    to < text.len && (isalnum((unsigned char)text.ptr[to]) || is_joint(text.ptr[to])))
		to++;
	while (to > at + 1 && is_joint(text.ptr[to - 1]))
		to--;
	while (from < at && is_joint(text.ptr[from]))
		from++;
	return slice_of(text.ptr + from, to - from);
}

static const char *
kind_of_word(struct slice word)
{
	size_t digits = 0, hex = 0, joints = 0;

	for (size_t i = 0; i < word.len; i++) {
		digits += isdigit((unsigned char)word.ptr[i]) != 0;
		hex += isxdigit((unsigned char)word.ptr[i]) != 0;
		joints += strchr("-:.", word.ptr[i]) != NULL;
	}
	if (digits >= 4 && joints >= 2 && memchr(word.ptr, ':', word.len))
		return "timestamp";
	if (digits >= 6 && joints == 2 && digits + joints >= word.len - 1 && word.len <= 11)
		return "date";
	if (word.len >= 16 && digits && hex + joints >= word.len * 3 / 4)
		return "random_id";
	if (digits && digits == word.len)
		return word.len >= 10 ? "timestamp" : "number";
	return "text";
}

bool
breaker_changes(struct slice text)
{
	size_t end;

	for (size_t at = 0; at<text.len; at = end> at ? end : at + 1) {
		struct slice word = word_at(text, at);
		const char *kind = kind_of_word(word);

		if (strcmp(kind, "text") != 0 && strcmp(kind, "number") != 0)
			return true;
		end = (size_t)(word.ptr - text.ptr) + word.len;
	}
	return false;
}

static const char *
kind_of(const struct breaker *b, const struct chain *c, size_t i, const struct passage *p,
    size_t byte)
{
	enum link_kind kept = b->kept[i].kind;

	if (kept == LINK_TOOL && p->kind == LINK_TOOL) {
		if (reordered(b, c, i, p))
			return "tool_order";
		if (same_json(kept_text(b, i), p->text))
			return "key_order";
	}
	if (kept != p->kind)
		return kept == LINK_TOOL || p->kind == LINK_TOOL ? "tools" : "system";
	return kind_of_word(word_at(p->text, byte < p->text.len ? byte : 0));
}

/* Of all before a byte of the text: by the bytes, in the link that it lies in. */
static uint64_t
tokens_up_to(const struct chain *c, const struct passage *p, size_t byte)
{
	const struct link *l = p->first;
	uint64_t before;

	for (; l + 1 < p->end && byte >= l->text.len; l++)
		byte -= l->text.len;
	before = tokens_before(c, l);
	return before + (l->text.len ? (l->tokens - before) * byte / l->text.len : 0);
}

void
breaker_see(struct breaker *b, const struct chain *c, struct value root)
{
	size_t i, next = 0, byte;
	struct passage p;
	bool same = true;

	if (!b->kept) {
		keep(b, c);
		return;
	}
	for (i = 0; i < b->count && take_passage(c, &next, &p); i++) {
		same = b->kept[i].kind == p.kind &&
		       slice_eq(kept_text(b, i), comparable(b, i, &p));
		if (!same)
			break;
	}
	/* what only goes on, or ends early, breaks nothing */
	if (same)
		return;
	byte = shared_head(kept_text(b, i), p.text);
	if (b->broken && (i > b->part || (i == b->part && byte >= b->byte)))
		return;
	free(b->path);
	b->broken = true;
	b->part = i;
	b->byte = byte;
	b->tokens = tokens_up_to(c, &p, byte);
	b->path = path_of(root, p.at);
	b->kind = kind_of(b, c, i, &p, byte);
}

uint64_t
breaker_possible(const struct breaker *b, const struct chain *c)
{
	uint64_t tokens = 0;
	size_t next = 0;
	struct passage p;

	for (size_t i = 0; i < b->count && b->kept[i].kind != LINK_MESSAGE &&
			   take_passage(c, &next, &p) && p.kind == b->kept[i].kind;
	     i++) {
		struct slice x = kept_text(b, i), y = p.text;
		size_t head = shared_head(x, y), most = x.len > y.len ? x.len : y.len;
		uint64_t own = p.end[-1].tokens - tokens_before(c, p.first);

		if (most)
			tokens += own * (head + shared_tail(x, y, head)) / most;
	}
	return tokens;
}

void
breaker_free(struct breaker *b)
{
	for (size_t i = 0; i < b->count; i++)
		free(b->kept[i].text);
	free(b->kept);
	free(b->path);
}
