/* SPDX-License-Identifier: MIT */
#include "cmd/llm-compress/side/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/digest.h"
#include "base/hash.h"
#include "base/mem.h"
#include "cmd/llm-compress/side/side.h"
#include "json/write.h"
#include "stream/file.h"

struct memory {
	struct hash_map keys;
	struct remembered **list;
	size_t room;
	struct arena arena;
};

static struct remembered *
find(struct memory *m, struct slice tenant, struct slice session)
{
	struct buf key = { 0 };
	struct remembered *r;
	bool added;
	size_t i;

	buf_add_number(&key, tenant.len);
	buf_add_byte(&key, ' ');
	buf_add(&key, tenant);
	buf_add(&key, session);
	i = hash_map_add(&m->keys, buf_slice(&key), &added);
	buf_free(&key);
	if (!added)
		return m->list[i];
	if (i >= m->room) {
		m->room = m->room ? 2 * m->room : 64;
		m->list = mem_grow(m->list, m->room, sizeof(*m->list));
	}
	r = m->list[i] = arena_zero(&m->arena, 1, sizeof(**m->list));
	r->tenant = arena_copy(&m->arena, tenant);
	r->session = arena_copy(&m->arena, session);
	r->print = r->summary = SLICE("");
	return r;
}

static struct slice
string_in(struct memory *m, struct value object, const char *name)
{
	struct slice s = json_string(json_get(object, name), &m->arena);

	return s.ptr ? arena_copy(&m->arena, s) : SLICE("");
}

static bool
read_line(struct memory *m, struct json *json, struct slice line)
{
	struct value root, facts;
	struct remembered *r;
	const char *why;
	size_t where;

	if (!json_scan(json, line, &why, &where))
		return false;
	root = json_root(json);
	if (json_type(json_get(root, "session")) != JSON_STRING)
		return false;
	r = find(m, string_in(m, root, "tenant"), string_in(m, root, "session"));
	r->summary = string_in(m, root, "summary");
	r->print = string_in(m, root, "print");
	json_whole(json_get(root, "messages"), &r->messages);
	facts = json_get(root, "facts");
	if (json_type(facts) == JSON_OBJECT)
		for (struct value n = json_first(facts); json_type(n); n = json_next(n))
			memory_fact(
			    m, r, json_string(n, &m->arena), json_raw(json_member_value(n)));
	return true;
}

struct memory *
memory_open(const char *file)
{
	struct memory *m = mem_zero(sizeof(*m));
	struct buf text = { 0 };
	struct json json = { 0 };
	size_t number = 0;

	if (!file_read(file, &text) && errno != ENOENT)
		diag_die_errno(STATUS_FAILED, "%s", file);
	for (struct slice rest = buf_slice(&text); rest.len;) {
		size_t n = slice_find(rest, '\n');
		struct slice line = slice_trim(slice_take(rest, n));

		number++;
		if (line.len && !read_line(m, &json, line))
			diag_die(STATUS_USAGE, "%s:%zu: no line of a memory", file, number);
		rest = slice_drop(rest, n + 1);
	}
	json_free(&json);
	buf_free(&text);
	return m;
}

static struct slice
attribute(const struct work *w, const char *name)
{
	return side_word(request_attribute(w->request, name), w->arena);
}

struct remembered *
memory_of(struct memory *m, const struct work *w)
{
	struct slice session = attribute(w, "session");

	return session.len ? find(m, attribute(w, "tenant"), session) : NULL;
}

void
memory_fact(struct memory *m, struct remembered *r, struct slice name, struct slice value)
{
	struct fact *grown;
	size_t i = 0;

	while (i < r->fact_count && !slice_eq(r->facts[i].name, name))
		i++;
	if (slice_eqz(value, "null")) {
		if (i < r->fact_count)
			memmove(&r->facts[i], &r->facts[i + 1],
			    (--r->fact_count - i) * sizeof(*r->facts));
		return;
	}
	if (i == r->fact_count) {
		/* powers of two, so that the arena holds no more than twice the list */
		if ((i & (i - 1)) == 0) {
			grown = arena_alloc(&m->arena, (i ? 2 * i : 1) * sizeof(*grown));
			if (i)
				memcpy(grown, r->facts, i * sizeof(*grown));
			r->facts = grown;
		}
		r->facts[r->fact_count++].name = arena_copy(&m->arena, name);
	}
	r->facts[i].value = arena_copy(&m->arena, value);
}

static struct slice
print_of(const struct work *w, uint64_t messages)
{
	unsigned char digest[DIGEST_SIZE];
	char hex[2 * 16 + 1];
	struct buf b = { 0 };

	for (uint64_t i = 0; i < messages; i++)
		buf_add(&b, json_raw(w->messages[i].at));
	digest_of(buf_slice(&b), digest);
	buf_free(&b);
	digest_hex(digest, 16, hex);
	return arena_copy(w->arena, slice_z(hex));
}

void
memory_summary(struct memory *m, struct remembered *r, const struct work *w, uint64_t messages,
    struct slice summary)
{
	r->messages = messages;
	r->print = arena_copy(&m->arena, print_of(w, messages));
	r->summary = arena_copy(&m->arena, summary);
}

uint64_t
memory_covers(const struct remembered *r, const struct work *w)
{
	if (!r->summary.len || !r->messages || r->messages > w->message_count ||
	    !slice_eq(r->print, print_of(w, r->messages)))
		return 0;
	return r->messages;
}

static void
write_one(const struct remembered *r, struct writer *j)
{
	write_object(j);
	write_name(j, "tenant");
	write_string(j, r->tenant);
	write_name(j, "session");
	write_string(j, r->session);
	if (r->summary.len) {
		write_name(j, "messages");
		write_number(j, r->messages);
		write_name(j, "print");
		write_string(j, r->print);
		write_name(j, "summary");
		write_string(j, r->summary);
	}
	write_name(j, "facts");
	write_object(j);
	for (size_t i = 0; i < r->fact_count; i++) {
		write_name_slice(j, r->facts[i].name);
		write_raw(j, r->facts[i].value);
	}
	write_object_end(j);
	write_object_end(j);
}

bool
memory_save(struct memory *m, const char *file)
{
	struct file_out out;
	struct buf b = { 0 };
	bool fine;

	for (size_t i = 0; i < m->keys.count; i++) {
		struct writer j = { &b, false };

		if (!m->list[i]->summary.len && !m->list[i]->fact_count)
			continue;
		write_one(m->list[i], &j);
		buf_add_byte(&b, '\n');
	}
	if (!file_out_open(&out, file, 0600)) {
		buf_free(&b);
		return false;
	}
	fine = file_write_all(out.fd, buf_slice(&b));
	buf_free(&b);
	if (!fine) {
		file_out_drop(&out);
		return false;
	}
	return file_out_commit(&out);
}

void
memory_close(struct memory *m)
{
	if (!m)
		return;
	hash_map_free(&m->keys);
	arena_close(&m->arena);
	free(m->list);
	free(m);
}
