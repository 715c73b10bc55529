/* SPDX-License-Identifier: MIT */
#include "tokens/families.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tokens/estimate.h"

extern const char tokens_families[];
extern const uint64_t tokens_families_size;

#define FAMILIES 32

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
	f->function = take_number(&line);
	f->more = hidden ? take_number(&line) : 32;
}

static void
read_estimate(struct family *f, struct slice line)
{
	f->name = take_word(&line);
	f->weights = weights_named(take_word(&line));
	assert(f->weights);
	f->reply = take_number(&line);
	f->message = take_number(&line);
	f->answer = take_number(&line);
	f->tools = take_number(&line);
	f->forced = take_number(&line);
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

/* A fine-tune is `ft:MODEL:…` or, of the oldest models, `MODEL:ft-…`; a colon also brings a
 * variant (":free") or a version (":0"). */
static struct slice
without_ends(struct slice name)
{
	if (slice_starts(name, SLICE("ft:")))
		name = slice_drop(name, 3);
	return slice_take(name, slice_find(name, ':'));
}

struct slice
family_own_name(struct slice model, char room[FAMILY_NAME_MOST])
{
	struct slice name;
	size_t slash;

	while ((slash = slice_find(model, '/')) < model.len)
		model = slice_drop(model, slash + 1);
	model = without_ends(model);
	name = slice_of(room, model.len < FAMILY_NAME_MOST ? model.len : FAMILY_NAME_MOST);
	for (size_t i = 0; i < name.len; i++) {
		char c = model.ptr[i];

		room[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
	}
	return without_vendors(name);
}

static bool
is_digits(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	return s.len > 0;
}

/* Without one ending that tells when, not what; the same if it has none. */
static struct slice
without_date(struct slice name)
{
	size_t n = name.len;

	if (slice_find(name, '@') < n)
		return slice_take(name, slice_find(name, '@'));
	if (n > 7 && slice_eqz(slice_drop(name, n - 7), "-latest"))
		return slice_take(name, n - 7);
	if (n > 3 && name.ptr[n - 3] == '-' && name.ptr[n - 2] == 'v' &&
	    is_digits(slice_drop(name, n - 1)))
		return slice_take(name, n - 3);
	if (n > 9 && name.ptr[n - 9] == '-' && is_digits(slice_drop(name, n - 8)))
		return slice_take(name, n - 9);
	if (n > 11 && name.ptr[n - 11] == '-' && name.ptr[n - 6] == '-' &&
	    name.ptr[n - 3] == '-' && is_digits(slice_of(name.ptr + n - 10, 4)))
		return slice_take(name, n - 11);
	return name;
}

struct slice
family_plain_name(struct slice model, char room[FAMILY_NAME_MOST])
{
	struct slice name = family_own_name(model, room), plain;

	while ((plain = without_date(name)).len < name.len)
		name = plain;
	return name;
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
row_of_name(struct slice name, const char *kind)
{
	struct slice rest = whole_file(), best = { NULL, 0 };
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

/* Where the own name says nothing ("deepseek.r1"), the vendor before it may. */
static struct slice
longest_row(struct slice model, const char *kind)
{
	char room[FAMILY_NAME_MOST];
	struct slice name = family_own_name(model, room), row = row_of_name(name, kind);
	size_t cut = (size_t)(name.ptr - room);

	if (row.ptr || !cut)
		return row;
	for (cut--; cut > 0 && room[cut - 1] != '.'; cut--)
		;
	return row_of_name(
	    slice_of(room + cut, name.len + (size_t)(name.ptr - room) - cut), kind);
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
		size_t numbers;
	} rules[] = { { "tile", IMAGE_TILE, 2 }, { "patch", IMAGE_PATCH, 8 },
		{ "square", IMAGE_SQUARE, 3 }, { "crop", IMAGE_CROP, 2 },
		{ "fixed", IMAGE_FIXED, 5 } };
	struct slice row = model.len ? longest_row(model, "image") : slice_of(NULL, 0), rule;
	struct image_cost cost = { 0 };

	if (!row.ptr)
		return cost;
	rule = take_word(&row);
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		if (!slice_eqz(rule, rules[i].name))
			continue;
		cost.rule = rules[i].rule;
		for (size_t n = 0; n < rules[i].numbers; n++)
			cost.number[n] = take_number(&row);
	}
	assert(cost.rule != IMAGE_UNKNOWN || slice_eqz(rule, "none"));
	return cost;
}

const char *
families_date(void)
{
	read_families();
	return known.date;
}
