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

static void
keep(struct breaker *b, const struct chain *c, struct value root)
{
	size_t bytes = 0;

	b->kept = mem_zero((c->count + 1) * sizeof *b->kept);
	b->whole = true;
	for (size_t i = 0; i < c->count; i++) {
		const struct link *l = &c->link[i];

		bytes += l->text.len;
		if (bytes > KEPT_BYTES) {
			b->whole = false;
			return;
		}
		b->kept[b->count++] = (struct kept){ .kind = l->kind,
			.text = mem_text(l->text),
			.path = path_of(root, l->at),
			.len = l->text.len,
			.tokens = l->tokens - (i ? c->link[i - 1].tokens : 0) };
	}
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

/* True if the tools of both are the same in another order. */
static bool
reordered(const struct breaker *b, const struct chain *c, size_t from)
{
	size_t n = 0, found = 0;

	for (size_t i = from; i < b->count && b->kept[i].kind == LINK_TOOL; i++, n++) {
		for (size_t k = from; k < c->count && c->link[k].kind == LINK_TOOL; k++) {
			if (slice_eq(
				slice_of(b->kept[i].text, b->kept[i].len), c->link[k].text)) {
				found++;
				break;
			}
		}
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
kind_of(const struct breaker *b, const struct chain *c, size_t link, size_t byte)
{
	const struct kept *k = &b->kept[link];
	struct slice now;

	if (link >= b->count || link >= c->count)
		return "length";
	now = c->link[link].text;
	if (k->kind == LINK_TOOL && c->link[link].kind == LINK_TOOL) {
		if (reordered(b, c, link))
			return "tool_order";
		if (same_json(slice_of(k->text, k->len), now))
			return "key_order";
	}
	if (k->kind != c->link[link].kind)
		return k->kind == LINK_TOOL || c->link[link].kind == LINK_TOOL ? "tools"
									       : "system";
	return kind_of_word(word_at(now, byte < now.len ? byte : 0));
}

void
breaker_see(struct breaker *b, const struct chain *c, struct value root)
{
	size_t i = 0, byte = 0;

	if (!b->kept) {
		keep(b, c, root);
		return;
	}
	while (i < b->count && i < c->count && b->kept[i].kind == c->link[i].kind &&
	       slice_eq(slice_of(b->kept[i].text, b->kept[i].len), c->link[i].text))
		i++;
	/* what only goes on, or ends early, breaks nothing */
	if (i == c->count || i == b->count)
		return;
	byte = shared_head(slice_of(b->kept[i].text, b->kept[i].len), c->link[i].text);
	if (b->broken && (i > b->link || (i == b->link && byte >= b->byte)))
		return;
	free(b->path);
	b->broken = true;
	b->link = i;
	b->byte = byte;
	b->path = path_of(root, c->link[i].at);
	b->kind = kind_of(b, c, i, byte);
	/* a long text may be several links */
	for (b->before = 0; i > 0 && c->link[i - 1].at.entry == c->link[i].at.entry; i--)
		b->before += c->link[i - 1].text.len;
}

uint64_t
breaker_possible(const struct breaker *b, const struct chain *c)
{
	uint64_t tokens = 0;

	for (size_t i = 0; i < b->count && i < c->count && b->kept[i].kind != LINK_MESSAGE;
	     i++) {
		struct slice x = slice_of(b->kept[i].text, b->kept[i].len), y = c->link[i].text;
		size_t head = shared_head(x, y), most = x.len > y.len ? x.len : y.len;
		uint64_t own = c->link[i].tokens - (i ? c->link[i - 1].tokens : 0);

		if (c->link[i].kind != b->kept[i].kind)
			break;
		if (most)
			tokens += own * (head + shared_tail(x, y, head)) / most;
	}
	return tokens;
}

uint64_t
breaker_tokens(const struct breaker *b)
{
	uint64_t tokens = 0;

	for (size_t i = 0; i < b->count && (!b->broken || i < b->link); i++)
		tokens += b->kept[i].tokens;
	if (b->broken && b->link < b->count && b->kept[b->link].len)
		tokens += b->kept[b->link].tokens * b->byte / b->kept[b->link].len;
	return tokens;
}

void
breaker_free(struct breaker *b)
{
	for (size_t i = 0; i < b->count; i++) {
		free(b->kept[i].text);
		free(b->kept[i].path);
	}
	free(b->kept);
	free(b->path);
}
