/* SPDX-License-Identifier: MIT */
/* Images and documents inside a request: data URLs, types and endings. Sources: RFC 2397; the
 * formats of Bedrock's DocumentBlock. */
#include "chat/parts.h"

/* Types as JSON strings. */
static const struct {
	const char *name, *mime;
} endings[] = {
	{ "png", "\"image/png\"" },
	{ "jpg", "\"image/jpeg\"" },
	{ "jpeg", "\"image/jpeg\"" },
	{ "webp", "\"image/webp\"" },
	{ "gif", "\"image/gif\"" },
	{ "pdf", "\"application/pdf\"" },
	{ "txt", "\"text/plain\"" },
	{ "csv", "\"text/csv\"" },
	{ "html", "\"text/html\"" },
	{ "md", "\"text/markdown\"" },
	{ "doc", "\"application/msword\"" },
	{ "docx",
	    "\"application/vnd.openxmlformats-officedocument.wordprocessingml.document\"" },
	{ "xls", "\"application/vnd.ms-excel\"" },
	{ "xlsx", "\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\"" },
};

#define ENDINGS (sizeof(endings) / sizeof(*endings))

struct slice
chat_ending(struct slice mime, struct arena *a)
{
	struct slice plain = chat_plain(mime, a);
	struct slice quoted = plain.ptr ? chat_quote(plain, a) : plain;

	for (size_t i = 0; quoted.ptr && i < ENDINGS; i++)
		if (slice_eqz(quoted, endings[i].mime))
			return slice_z(endings[i].name);
	return slice_of(NULL, 0);
}

struct slice
chat_mime_of(struct slice url)
{
	url = slice_take(url, slice_find(url, '?'));
	for (size_t i = 0; i < ENDINGS; i++) {
		struct slice name = slice_z(endings[i].name);

		if (url.len > name.len && url.ptr[url.len - name.len - 1] == '.' &&
		    slice_ends(url, name))
			return slice_z(endings[i].mime);
	}
	return slice_of(NULL, 0);
}

bool
chat_read_url(struct slice quoted, struct chat_part *p, struct arena *a)
{
	struct slice url = chat_plain(quoted, a), head;
	size_t comma;

	if (!url.ptr || !slice_starts(url, SLICE("data:"))) {
		p->url = quoted;
		p->mime = chat_mime_of(url);
		return url.ptr;
	}
	comma = slice_find(url, ',');
	head = slice_drop(slice_take(url, comma), 5);
	if (comma == url.len || !slice_ends(head, SLICE(";base64")))
		return false;
	head.len -= 7;
	p->mime = chat_quote(slice_take(head, slice_find(head, ';')), a);
	p->data = chat_quote(slice_drop(url, comma + 1), a);
	return true;
}

struct slice
chat_url(const struct chat_part *p, struct arena *a)
{
	struct buf b = { 0 };
	struct slice out = p->url;

	if (out.ptr)
		return out;
	buf_add(&b, SLICE("data:"));
	buf_add(&b, chat_plain(p->mime, a));
	buf_add(&b, SLICE(";base64,"));
	buf_add(&b, chat_plain(p->data, a));
	out = chat_quote(buf_slice(&b), a);
	buf_free(&b);
	return out;
}
