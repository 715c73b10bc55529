/* SPDX-License-Identifier: MIT */
#include "base/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/when.h"

#define NEAR 3

/* Targets that the command line or a variable has set: a later source leaves them alone. */
static const void **set;
static size_t set_count;

static bool
is_set(const struct option *o, size_t among)
{
	for (size_t i = 0; i < among; i++)
		if (set[i] == o->target)
			return true;
	return false;
}

static void
mark_set(const struct option *o)
{
	set = mem_grow(set, set_count + 1, sizeof(*set));
	set[set_count++] = o->target;
}

/* Digits with an optional fraction, in millionths; what follows them is left in *rest. */
static bool
read_fixed(const char *text, uint64_t *millionths, const char **rest)
{
	uint64_t whole = 0, part = 0, scale = 100000;
	const char *p = text;

	for (; *p >= '0' && *p <= '9'; p++) {
		if (whole > UINT64_MAX / 10000000 / 10)
			return false;
		whole = whole * 10 + (uint64_t)(*p - '0');
	}
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++, scale /= 10)
			part += scale * (uint64_t)(*p - '0');
	*millionths = whole * 1000000 + part;
	*rest = p;
	return p != text;
}

bool
options_duration(const char *text, int64_t *ms)
{
	static const struct {
		const char *unit;
		uint64_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 },
		{ "d", 86400000 } };
	uint64_t n;
	const char *rest;

	if (strcmp(text, "inf") == 0) {
		*ms = INT64_MAX;
		return true;
	}
	if (!read_fixed(text, &n, &rest))
		return false;
	if (n == 0 && *rest == '\0') {
		*ms = 0;
		return true;
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(rest, units[i].unit) == 0) {
			__int128 exact = (__int128)n * units[i].ms / 1000000;

			*ms = exact > INT64_MAX ? INT64_MAX : (int64_t)exact;
			return true;
		}
	}
	return false;
}

bool
options_size(const char *text, uint64_t *bytes)
{
	static const char units[] = "KMGT";
	char *end;
	uint64_t n;
	const char *unit;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	n = strtoull(text, &end, 10);
	if (errno)
		return false;
	if (*end && (unit = strchr(units, *end)) != NULL) {
		unsigned shift = (unsigned)(unit - units + 1) * 10;

		if (n > UINT64_MAX >> shift)
			return false;
		n <<= shift;
		end++;
	}
	*bytes = n;
	return *end == '\0';
}

bool
options_share(const char *text, uint64_t *millionths)
{
	const char *rest;

	if (!read_fixed(text, millionths, &rest))
		return false;
	if (strcmp(rest, "%") == 0) {
		*millionths /= 100;
		return true;
	}
	return *rest == '\0';
}

static const char *
form_of(enum option_kind kind)
{
	static const char *const forms[] = { [OPTION_FLAG] = "on or off",
		[OPTION_TEXT] = "text",
		[OPTION_LIST] = "text",
		[OPTION_NUMBER] = "a whole number",
		[OPTION_SIZE] = "a number of bytes such as 4096, 64K or 256M",
		[OPTION_DURATION] = "a duration such as 10ms, 5s, 15m, 1h or 2d",
		[OPTION_TIME] = "a time such as 2026-11-21T10:00:00Z",
		[OPTION_SHARE] = "a share such as 5% or 0.05" };

	return forms[kind];
}

static bool
assign(const struct option *o, const char *value)
{
	struct option_list *list;
	int64_t when;

	switch (o->kind) {
	case OPTION_FLAG:
		if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0)
			return false;
		*(bool *)o->target = strcmp(value, "on") == 0;
		return true;
	case OPTION_TEXT: *(const char **)o->target = value; return true;
	case OPTION_LIST:
		list = o->target;
		list->item = mem_grow(list->item, list->count + 1, sizeof(*list->item));
		list->item[list->count++] = value;
		return true;
	case OPTION_NUMBER:
		return value[strspn(value, "0123456789")] == '\0' &&
		       options_size(value, o->target);
	case OPTION_SIZE: return options_size(value, o->target);
	case OPTION_DURATION: return options_duration(value, o->target);
	case OPTION_TIME:
		when = when_read(slice_z(value));
		/* at noon it is that day in nearly all zones, and not the hour of night prices
		 */
		if (when != WHEN_NONE && strlen(value) == 10 && value[4] == '-')
			when += 12 * INT64_C(3600000);
		*(int64_t *)o->target = when;
		return when != WHEN_NONE;
	case OPTION_SHARE: return options_share(value, o->target);
	}
	return false;
}

static const struct option *
find_name(const struct option *const tables[], struct slice name)
{
	for (size_t t = 0; tables[t]; t++)
		for (const struct option *o = tables[t]; o->name; o++)
			if (slice_eqz(name, o->name))
				return o;
	return NULL;
}

static const struct option *
find_letter(const struct option *const tables[], char letter)
{
	for (size_t t = 0; tables[t]; t++)
		for (const struct option *o = tables[t]; o->name; o++)
			if (o->letter && o->letter == letter)
				return o;
	return NULL;
}

/* Levenshtein's distance, given up above the limit. */
static size_t
distance(const char *a, const char *b, size_t limit)
{
	size_t row[64], n = strlen(b);

	if (n >= 63 || strlen(a) >= 63)
		return limit + 1;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t change = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			row[j] = row[j] + 1 < change ? row[j] + 1 : change;
			if (row[j - 1] + 1 < row[j])
				row[j] = row[j - 1] + 1;
		}
	}
	return row[n];
}

const char *
options_nearest(const char *word, const char *const names[], size_t count)
{
	const char *best = NULL;
	size_t best_distance = NEAR + 1;

	for (size_t i = 0; i < count; i++) {
		size_t d = distance(word, names[i], NEAR);

		if (d < best_distance && d * 2 <= strlen(word)) {
			best = names[i];
			best_distance = d;
		}
	}
	return best;
}

static _Noreturn void
unknown(const struct option *const tables[], const char *word, size_t length)
{
	const char *names[256], *near;
	size_t count = 0;
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)(length > 60 ? 60 : length), word);
	for (size_t t = 0; tables[t]; t++)
		for (const struct option *o = tables[t]; o->name && count < 256; o++)
			names[count++] = o->name;
	near = options_nearest(name, names, count);
	if (near)
		diag_die(
		    STATUS_USAGE, "unknown option '--%s'; did you mean '--%s'?", name, near);
	diag_die(STATUS_USAGE, "unknown option '--%s'", name);
}

static void
take(const struct option *o, const char *value)
{
	if (!assign(o, value))
		diag_die(STATUS_USAGE, "'--%s' wants %s, not '%s'", o->name, form_of(o->kind),
		    diag_clean(slice_z(value)));
	mark_set(o);
}

/* --name, --name=value or --name value; returns how many words were used. */
static int
long_option(const struct option *const tables[], const char *word, const char *next)
{
	size_t length = strcspn(word, "=");
	const struct option *o = find_name(tables, slice_of(word, length));

	if (!o)
		unknown(tables, word, length);
	if (word[length] == '=') {
		take(o, word + length + 1);
		return 1;
	}
	if (o->kind == OPTION_FLAG) {
		take(o, "on");
		return 1;
	}
	if (!next)
		diag_die(STATUS_USAGE, "'--%s' wants %s", o->name, form_of(o->kind));
	take(o, next);
	return 2;
}

/* -abc, -xvalue or -x value. */
static int
short_options(const struct option *const tables[], const char *word, const char *next)
{
	for (const char *p = word; *p; p++) {
		const struct option *o = find_letter(tables, *p);

		if (!o)
			diag_die(
			    STATUS_USAGE, "unknown option '-%s'", diag_clean(slice_of(p, 1)));
		if (o->kind == OPTION_FLAG) {
			take(o, "on");
			continue;
		}
		if (p[1]) {
			take(o, p + 1);
			return 1;
		}
		if (!next)
			diag_die(STATUS_USAGE, "'-%c' wants %s", *p, form_of(o->kind));
		take(o, next);
		return 2;
	}
	return 1;
}

void
options_parse(
    const struct option *const tables[], int argc, char **argv, struct option_list *operands)
{
	bool only_operands = false;

	for (int i = 1; i < argc;) {
		const char *word = argv[i], *next = i + 1 < argc ? argv[i + 1] : NULL;

		if (only_operands || word[0] != '-' || word[1] == '\0') {
			operands->item = mem_grow(
			    operands->item, operands->count + 1, sizeof(*operands->item));
			operands->item[operands->count++] = word;
			i++;
		} else if (strcmp(word, "--") == 0) {
			only_operands = true;
			i++;
		} else if (word[1] == '-') {
			i += long_option(tables, word + 2, next);
		} else {
			i += short_options(tables, word + 1, next);
		}
	}
}

static void
from_variables(const struct option *const tables[])
{
	size_t among = set_count;

	for (size_t t = 0; tables[t]; t++) {
		for (const struct option *o = tables[t]; o->name; o++) {
			const char *value = o->variable ? getenv(o->variable) : NULL;

			if (!value || !*value || is_set(o, among))
				continue;
			if (!assign(o, value))
				diag_die(STATUS_USAGE, "%s wants %s, not '%s'", o->variable,
				    form_of(o->kind), diag_clean(slice_z(value)));
			mark_set(o);
		}
	}
}

/* One line of a configuration: `name = value`, `name` alone for a flag. */
static void
config_line(const struct option *const tables[], struct slice line, bool ours, bool common,
    const char *file, size_t number, size_t among)
{
	size_t equals = slice_find(line, '=');
	struct slice name = slice_trim(slice_take(line, equals));
	struct slice value = slice_trim(slice_drop(line, equals + 1));
	const struct option *o = find_name(tables, name);
	char *text;

	if (!o) {
		/* a line for all tools may name what only another tool has */
		if (ours && !common)
			diag_die(STATUS_USAGE, "%s:%zu: unknown option '%s'", file, number,
			    diag_clean(name));
		return;
	}
	if (!ours || is_set(o, among))
		return;
	text = mem_alloc(value.len + 1);
	memcpy(text, value.ptr, value.len);
	text[value.len] = '\0';
	if (!assign(o, equals == line.len && o->kind == OPTION_FLAG ? "on" : text))
		diag_die(STATUS_USAGE, "%s:%zu: '%s' wants %s", file, number, o->name,
		    form_of(o->kind));
	mark_set(o);
	if (o->kind != OPTION_TEXT && o->kind != OPTION_LIST)
		free(text); /* only texts are kept as they stand */
}

static void
from_file(const struct option *const tables[], const char *tool, const char *file)
{
	FILE *in = fopen(file, "r");
	char *text = NULL;
	size_t room = 0, number = 0, among = set_count;
	bool ours = true, common = true;
	ssize_t n;

	if (!in)
		diag_die_errno(STATUS_USAGE, "%s", file);
	while ((n = getline(&text, &room, in)) >= 0) {
		struct slice line = slice_trim(slice_of(text, (size_t)n));

		number++;
		if (!line.len || line.ptr[0] == '#')
			continue;
		if (line.ptr[0] == '[') {
			if (line.ptr[line.len - 1] != ']')
				diag_die(
				    STATUS_USAGE, "%s:%zu: a section wants ']'", file, number);
			common = false;
			ours =
			    slice_eqz(slice_trim(slice_of(line.ptr + 1, line.len - 2)), tool);
			continue;
		}
		config_line(tables, line, ours, common, file, number, among);
	}
	if (ferror(in))
		diag_die_errno(STATUS_USAGE, "%s", file);
	free(text);
	fclose(in);
}

void
options_defaults(const struct option *const tables[], const char *tool, const char *file)
{
	from_variables(tables);
	if (file)
		from_file(tables, tool, file);
}

void
options_help(const struct option *table)
{
	for (const struct option *o = table; o->name; o++) {
		char left[64];

		snprintf(left, sizeof(left), "%c%c %s--%s%s%s", o->letter ? '-' : ' ',
		    o->letter ? o->letter : ' ', "", o->name, o->metavar ? " " : "",
		    o->metavar ? o->metavar : "");
		printf("  %-28s %s\n", left, o->help);
	}
}
