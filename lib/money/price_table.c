/* SPDX-License-Identifier: MIT */
#include "money/price_table.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "json/write.h"
#include "money/compiled.h"

MONEY_COMPILED(money_data_rows, "lib/money/data/prices.jsonl");
MONEY_COMPILED(money_data_names, "lib/money/data/names");

static struct price_layer **layers;
static size_t layer_count;

static void
put_layer(const struct price_layer *layer)
{
	struct price_layer *kept = mem_alloc(sizeof(*kept));

	*kept = *layer;
	kept->number = layer_count;
	layers = mem_grow(layers, layer_count + 1, sizeof(struct price_layer *));
	layers[layer_count++] = kept;
}

void
price_layer_add(const struct price_layer *layer)
{
	price_layer_count();
	put_layer(layer);
}

static void
put_compiled(void)
{
	const struct price_layer compiled = { "built-in", prices_date(),
		{ money_data_rows, (size_t)money_data_rows_size },
		{ money_data_names, (size_t)money_data_names_size }, 0 };

	put_layer(&compiled);
}

size_t
price_layer_count(void)
{
	if (!layer_count)
		put_compiled();
	return layer_count;
}

const struct price_layer *
price_layer_get(size_t i)
{
	return layers[i];
}

/* `{"date":"2026-11-21",…` is the first line of the compiled rows. */
const char *
prices_date(void)
{
	static char date[11];

	memcpy(date, money_data_rows + strlen("{\"date\":\""), sizeof(date) - 1);
	return date;
}

/* Offset of the first line of the sorted text that does not sort before key. */
static size_t
first_line(struct slice text, struct slice key)
{
	size_t low = 0, high = text.len;

	while (low < high) {
		size_t middle = low + (high - low) / 2, start = middle, end;
		struct slice line;

		while (start > low && text.ptr[start - 1] != '\n')
			start--;
		line = slice_drop(text, start);
		end = start + slice_find(line, '\n');
		line.len = end - start;
		if (slice_cmp(line, key) < 0)
			low = end < text.len ? end + 1 : end;
		else
			high = start;
	}
	return low;
}

/* The line at an offset, without its newline; *next is where the next one starts. */
static struct slice
line_at(struct slice text, size_t at, size_t *next)
{
	struct slice line = slice_drop(text, at);

	line.len = slice_find(line, '\n');
	*next = at + line.len < text.len ? at + line.len + 1 : text.len;
	return line;
}

static struct slice
after_tab(struct slice line)
{
	return slice_drop(line, slice_find(line, '\t') + 1);
}

bool
price_pattern(struct slice pattern, struct slice name)
{
	size_t p = 0, n = 0, star = SIZE_MAX, mark = 0;

	while (n < name.len) {
		char c = p < pattern.len ? pattern.ptr[p] : 0;

		if (c == '*') {
			star = p++;
			mark = n;
		} else if (p < pattern.len &&
			   (c == '#' ? name.ptr[n] >= '0' && name.ptr[n] <= '9'
				     : name.ptr[n] == c)) {
			p++;
			n++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			n = ++mark;
		} else {
			return false;
		}
	}
	while (p < pattern.len && pattern.ptr[p] == '*')
		p++;
	return p == pattern.len;
}

/* What a final star stands for must not be the number of another version: claude-opus-5* is
 * not claude-opus-5-5, nor claude-opus-5-5-20261103. */
static bool
other_version(struct slice rest)
{
	size_t n = 1;

	if (rest.len < 2 || (rest.ptr[0] != '-' && rest.ptr[0] != '.'))
		return false;
	while (n < rest.len && n < 4 && rest.ptr[n] >= '0' && rest.ptr[n] <= '9')
		n++;
	if (n == 1 || n == 4)
		return false;
	rest = slice_drop(rest, n);
	return rest.len == 0 || rest.ptr[0] == '@' || slice_eqz(rest, "-latest") ||
	       (rest.len > 8 && slice_starts(rest, SLICE("-20")));
}

static size_t
letters(struct slice pattern)
{
	size_t n = 0;

	for (size_t i = 0; i < pattern.len; i++)
		n += pattern.ptr[i] != '*';
	return n;
}

static bool
fits(struct slice pattern, struct slice name)
{
	size_t star = slice_find(pattern, '*');

	if (!price_pattern(pattern, name))
		return false;
	return star + 1 != pattern.len || !other_version(slice_drop(name, star));
}

struct slice
price_layer_exact(const struct price_layer *layer, struct slice provider, struct slice name)
{
	struct buf key = { 0 };
	struct slice line, found = { NULL, 0 };
	size_t next;

	buf_printf(&key, "%.*s\t%.*s\t", SLICE_ARG(provider), SLICE_ARG(name));
	line = line_at(layer->names, first_line(layer->names, buf_slice(&key)), &next);
	if (name.len && slice_starts(line, buf_slice(&key)))
		found = slice_drop(line, key.len);
	buf_free(&key);
	return found;
}

static struct slice
by_pattern(const struct price_layer *layer, struct slice provider, struct slice name)
{
	struct buf key = { 0 };
	struct slice best = { NULL, 0 };
	size_t most = 0, at, next;

	buf_printf(&key, "%.*s\t\t", SLICE_ARG(provider));
	for (at = first_line(layer->names, buf_slice(&key)); at < layer->names.len; at = next) {
		struct slice line = line_at(layer->names, at, &next), pattern;

		if (!slice_starts(line, buf_slice(&key)))
			break;
		line = slice_drop(line, key.len);
		pattern = slice_take(line, slice_find(line, '\t'));
		if ((!best.ptr || letters(pattern) > most) && fits(pattern, name)) {
			most = letters(pattern);
			best = after_tab(line);
		}
	}
	buf_free(&key);
	return best;
}

static struct slice
find_at(const struct price_layer *layer, struct slice provider, struct slice name)
{
	struct slice model = price_layer_exact(layer, provider, name);

	if (!model.ptr)
		model = by_pattern(layer, provider, name);
	/* an empty model: a pattern that takes names away */
	return model.len ? model : (struct slice){ NULL, 0 };
}

/* The model at the providers that the layer names as fallbacks of this one. */
static struct slice
find_at_fallback(const struct price_layer *layer, struct slice provider, struct slice name,
    struct slice *served)
{
	const struct slice head = SLICE("{\"fallback\":");
	struct slice found = { NULL, 0 };
	struct json json = { 0 };
	struct arena arena = { 0 };
	size_t next, where;
	const char *why;

	for (size_t at = first_line(layer->rows, head); at < layer->rows.len; at = next) {
		struct slice line = line_at(layer->rows, at, &next);
		struct value root;

		if (!slice_starts(line, head) || !json_scan(&json, line, &why, &where))
			break;
		root = json_root(&json);
		if (!slice_eq(json_string(json_get(root, "provider"), &arena), provider))
			continue;
		for (struct value v = json_first(json_get(root, "fallback"));
		     json_type(v) && !found.ptr; v = json_next(v)) {
			found = find_at(layer, json_string(v, &arena), name);
			if (found.ptr)
				*served = json_string_raw(v);
		}
	}
	json_free(&json);
	arena_close(&arena);
	return found;
}

struct slice
price_layer_find(const struct price_layer *layer, struct slice provider, struct slice name,
    struct slice *served)
{
	struct slice found = find_at(layer, provider, name);

	*served = provider;
	if (!found.ptr)
		found = find_at_fallback(layer, provider, name, served);
	if (!found.ptr && provider.len) {
		*served = SLICE("");
		found = find_at(layer, *served, name);
	}
	return found;
}

struct slice
price_layer_provider(const struct price_layer *layer, struct slice last)
{
	struct buf key = { 0 };
	struct slice line;
	size_t at = 0, next;

	if (last.ptr) {
		/* the byte after a tab: sorts behind all lines of this provider */
		buf_printf(&key, "%.*s\n", SLICE_ARG(last));
		at = first_line(layer->names, buf_slice(&key));
	}
	buf_free(&key);
	if (at >= layer->names.len)
		return (struct slice){ NULL, 0 };
	line = line_at(layer->names, at, &next);
	return slice_take(line, slice_find(line, '\t'));
}

/* The head of each row of this model. */
static void
row_head(struct buf *key, struct slice provider, struct slice model)
{
	buf_add(key, SLICE("{\"provider\":"));
	json_quote(key, provider);
	buf_add(key, SLICE(",\"model\":"));
	json_quote(key, model);
	buf_add_byte(key, ',');
}

static struct price_group *
group_parse(const struct price_layer *layer, struct slice head)
{
	struct price_group *group = mem_zero(sizeof(*group));
	struct json json = { 0 };
	struct arena arena = { 0 };
	size_t next, where;

	group->layer = layer;
	for (size_t at = first_line(layer->rows, head); at < layer->rows.len; at = next) {
		struct slice line = line_at(layer->rows, at, &next);

		if (!slice_starts(line, head))
			break;
		group->row = mem_grow(group->row, group->count + 1, sizeof(*group->row));
		if (!json_scan(&json, line, &group->flaw, &where) ||
		    !price_row_read(
			json_root(&json), &arena, &group->row[group->count], &group->flaw))
			break;
		group->count++;
	}
	if (group->count)
		qsort(group->row, group->count, sizeof(*group->row), price_row_order);
	json_free(&json);
	arena_close(&arena);
	return group;
}

struct price_group *
price_group_read(const struct price_layer *layer, struct slice provider, struct slice model)
{
	static struct hash_map known;
	static struct price_group **group;
	struct buf key = { 0 };
	size_t head, i;
	bool added;

	row_head(&key, provider, model);
	head = key.len;
	buf_add_number(&key, layer->number);
	i = hash_map_add(&known, buf_slice(&key), &added);
	if (added) {
		group = mem_grow(group, i + 1, sizeof(struct price_group *));
		group[i] = group_parse(layer, slice_take(buf_slice(&key), head));
	}
	buf_free(&key);
	return group[i];
}
