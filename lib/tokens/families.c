/* SPDX-License-Identifier: MIT */
#include "tokens/families.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

extern const char tokens_families[];
extern const uint64_t tokens_families_size;

#define FAMILIES 24
#define NAME_MOST 128

/* Of one run: the file is compiled in, so a wrong line is a bug of the build. */
static struct {
	bool read;
	char date[16];
	struct family family[FAMILIES];
	size_t count;
} known;

static struct slice
take_line(struct slice *rest)
{
	size_t end = slice_find(*rest, '\n');
	struct slice line = slice_take(*rest, end);

	*rest = slice_drop(*rest, end + 1);
	return slice_take(line, slice_find(line, '#'));
}

static struct slice
take_word(struct slice *line)
{
	struct slice word;

	*line = slice_trim(*line);
	word = slice_take(*line, slice_find(*line, ' '));
	*line = slice_drop(*line, word.len);
	return word;
}

static int64_t
take_number(struct slice *line)
{
	struct slice word = take_word(line);
	bool minus = word.len && word.ptr[0] == '-';
	int64_t n = 0;

	if (minus)
		word = slice_drop(word, 1);
	assert(word.len);
	for (; word.len; word = slice_drop(word, 1)) {
		assert(word.ptr[0] >= '0' && word.ptr[0] <= '9');
		n = n * 10 + (word.ptr[0] - '0');
	}
	return minus ? -n : n;
}

static struct slice
whole_file(void)
{
	return slice_of(tokens_families, tokens_families_size);
}

static void
read_encoding(struct family *f, struct slice line, bool hidden)
{
	f->name = take_word(&line);
	f->encoding = take_word(&line);
	f->hidden = hidden;
	f->message = take_number(&line);
	f->named = take_number(&line);
	f->reply = take_number(&line);
	f->answer = take_number(&line);
	f->more = hidden ? take_number(&line) : 32;
	f->low = f->high = 100;
}

static void
read_estimate(struct family *f, struct slice line)
{
	f->name = take_word(&line);
	f->token = take_number(&line);
	f->digit = take_number(&line);
	f->beyond = take_number(&line);
	f->low = take_number(&line);
	f->high = take_number(&line);
	f->reply = take_number(&line);
	f->message = take_number(&line);
	f->answer = take_number(&line);
	f->tools = take_number(&line);
}

static void
read_families(void)
{
	struct slice rest = whole_file();

	if (known.read)
		return;
	known.read = true;
	while (rest.len) {
		struct slice line = take_line(&rest), word = take_word(&line);

		assert(known.count < FAMILIES);
		if (slice_eqz(word, "date")) {
			word = take_word(&line);
			assert(word.len < sizeof known.date);
			memcpy(known.date, word.ptr, word.len);
		} else if (slice_eqz(word, "encoding") || slice_eqz(word, "reasoning")) {
			read_encoding(
			    &known.family[known.count++], line, slice_eqz(word, "reasoning"));
		} else if (slice_eqz(word, "family")) {
			read_estimate(&known.family[known.count++], line);
		}
	}
}

const struct family *
family_named(struct slice name)
{
	read_families();
	for (size_t i = 0; i < known.count; i++)
		if (slice_eq(known.family[i].name, name))
			return &known.family[i];
	assert(!"a family that the file names");
	return NULL;
}

static bool
is_vendor(struct slice word)
{
	struct slice rest = whole_file();

	while (rest.len) {
		struct slice line = take_line(&rest), vendor;

		if (!slice_eqz(take_word(&line), "vendor"))
			continue;
		while ((vendor = take_word(&line)).len)
			if (slice_eq(vendor, word))
				return true;
	}
	return false;
}

static struct slice
without_vendors(struct slice name)
{
	for (;;) {
		size_t dot = slice_find(name, '.');

		if (dot == name.len || !is_vendor(slice_take(name, dot)))
			return name;
		name = slice_drop(name, dot + 1);
	}
}

/* The model's own name in lower case: what stands behind the last slash, without a fine-tune's
 * ends and without the vendors before it. Into room of NAME_MOST bytes; longer is cut. */
static struct slice
own_name(struct slice model, char *room)
{
	struct slice name;
	size_t slash;

	while ((slash = slice_find(model, '/')) < model.len)
		model = slice_drop(model, slash + 1);
	if (slice_starts(model, SLICE("ft:"))) {
		model = slice_drop(model, 3);
		model = slice_take(model, slice_find(model, ':'));
	}
	name = slice_of(room, model.len < NAME_MOST ? model.len : NAME_MOST);
	for (size_t i = 0; i < name.len; i++) {
		char c = model.ptr[i];

		room[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
	}
	return without_vendors(name);
}

static bool
fits(struct slice name, struct slice head)
{
	char next = name.len > head.len ? name.ptr[head.len] : '-';

	return slice_starts(name, head) && !(next >= 'a' && next <= 'z') &&
	       !(next >= '0' && next <= '9');
}

/* What stands behind the longest head of a line of this kind; ptr NULL if none fits. */
static struct slice
longest_row(struct slice model, const char *kind)
{
	char room[NAME_MOST];
	struct slice name = own_name(model, room), rest = whole_file(), best = { NULL, 0 };
	size_t longest = 0;

	while (rest.len) {
		struct slice line = take_line(&rest), head;

		if (!slice_eqz(take_word(&line), kind))
			continue;
		head = take_word(&line);
		if (head.len > longest && fits(name, head)) {
			longest = head.len;
			best = line;
		}
	}
	return best;
}

const struct family *
family_of(struct slice model)
{
	struct slice row;

	read_families();
	row = model.len ? longest_row(model, "model") : slice_of(NULL, 0);
	return row.ptr ? family_named(take_word(&row)) : family_named(SLICE("unknown"));
}

struct image_cost
family_image(struct slice model)
{
	static const struct {
		const char *name;
		enum image_rule rule;
	} rules[] = { { "tile", IMAGE_TILE }, { "patch", IMAGE_PATCH }, { "area", IMAGE_AREA },
		{ "cell", IMAGE_CELL } };
	struct slice row = model.len ? longest_row(model, "image") : slice_of(NULL, 0), rule;
	struct image_cost cost = { 0 };

	if (!row.ptr)
		return cost;
	rule = take_word(&row);
	if (slice_eqz(rule, "none"))
		return cost;
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (slice_eqz(rule, rules[i].name))
			cost.rule = rules[i].rule;
	assert(cost.rule != IMAGE_UNKNOWN);
	cost.a = take_number(&row);
	cost.b = take_number(&row);
	return cost;
}

const char *
families_date(void)
{
	read_families();
	return known.date;
}
