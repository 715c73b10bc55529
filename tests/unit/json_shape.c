/* SPDX-License-Identifier: MIT */
/* A text of a known shape is judged and indexed as one that is seen for the first time; texts
 * that are not alike never share a number; what was found once is found again. */
#include "check.h"

#include "json/members.h"

/* Alike but for one thing each: a name, an escape in it, blanks, the order, a level, a scalar.
 */
static const char *const lines[] = {
	"{\"model\":\"a\",\"usage\":{\"prompt_tokens\":12,\"model\":null},\"list\":[1,true,"
	"\"x\"]}",
	"{\"model\":\"longer\",\"usage\":{\"prompt_tokens\":1234567890123,\"model\":false},"
	"\"list\":[0,-1.5e3,\"\"]}",
	"{\"modem\":\"a\",\"usage\":{\"prompt_tokens\":12,\"model\":null},\"list\":[1,true,"
	"\"x\"]}",
	"{\"mod\\u0065l\":\"a\",\"usage\":{\"prompt_tokens\":12,\"model\":null},\"list\":[1,"
	"true,"
	"\"x\"]}",
	"{\"model\":\"a\",\"model\":{\"prompt_tokens\":12,\"model\":null},\"list\":[1,true,"
	"\"x\"]}",
	"{\"model\":\"a\",\"mod\\u0065l\":{\"prompt_tokens\":12,\"model\":null},\"list\":[1,"
	"true,"
	"\"x\"]}",
	"{ "
	"\"model\":\"a\",\"usage\":{\"prompt_tokens\":12,\"model\":null},\"list\":[1,true,"
	"\"x\"]}",
	"{\"model\": \"a\", \"usage\": {\"prompt_tokens\": 12, \"model\": null}, \"list\": [1, "
	"true, "
	"\"x\"]}",
	"{\"usage\":{\"prompt_tokens\":12,\"model\":null},\"model\":\"a\",\"list\":[1,true,"
	"\"x\"]}",
	"{\"model\":1,\"usage\":{\"prompt_tokens\":12,\"model\":null},\"list\":[1,true,\"x\"]}",
	"{\"model\":\"a\",\"usage\":[\"prompt_tokens\",12,\"model\",null],\"list\":[1,true,"
	"\"x\"]}",
	"{\"model\":\"a\\\",\\\"usage\\\":\",\"usage\":{\"prompt_tokens\":12,\"model\":null},"
	"\"list\":[1,true,\"x\"]}",
	"{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":{\"a\":1}}}",
	"{\"a\":1,\"a\":2,\"b\":3}",
	"{\"a\":1,\"b\":2,\"a\":3}",
	"{\"\":1,\"b\":{}}",
	"[1,2,3]",
	"[1,2,3 ]",
	"[]",
	"{}",
	"12345678",
	"\"text\"",
};
#define LINES (sizeof(lines) / sizeof(*lines))
static const char pieces[] = "0123456789-+.eEtfn\"\\,:{}[] \tuax\x01\xC3";

static uint32_t state = 1;

static unsigned
draw(size_t below)
{
	state = state * 1664525 + 1013904223;
	return (unsigned)((state >> 8) % below);
}

/* What differs between a scan that knows shapes and one that does not. */
static bool
same_scan(struct json *known, struct json *fresh, struct slice text)
{
	const char *why = "", *other = "";
	size_t where = 0, other_where = 0;
	bool good = json_scan(known, text, &why, &where);

	if (good != json_scan(fresh, text, &other, &other_where))
		return false;
	if (!good)
		return strcmp(why, other) == 0 && where == other_where && !known->shape;
	if (known->count != fresh->count || known->escapes != fresh->escapes ||
	    memcmp(known->at, fresh->at, fresh->count * sizeof(*fresh->at)) != 0 ||
	    memcmp(known->mark, fresh->mark, fresh->count) != 0)
		return false;
	/* elsewhere mate means nothing */
	for (uint32_t i = 0; i < fresh->count; i++) {
		bool begins = i == 0 || fresh->mark[i - 1] == ':' ||
			      fresh->mark[i - 1] == ',' || fresh->mark[i - 1] == '[' ||
			      fresh->mark[i - 1] == '{';

		if (begins && fresh->mark[i] != '}' && fresh->mark[i] != ']' &&
		    known->mate[i] != fresh->mate[i])
			return false;
	}
	return true;
}

/* The names and brackets of a text, as the contract of shapes counts them. */
static size_t
skeleton(const struct json *j, char *out)
{
	size_t n = 0;

	for (uint32_t i = 0; i < j->count; i++) {
		char c = j->mark[i];

		out[n++] = strchr("{}[],:\"", c) ? c : '0';
		if (c == '"' && j->mark[i + 2] == ':') {
			memcpy(
			    out + n, j->text.ptr + j->at[i] + 1, j->at[i + 1] - j->at[i] - 1);
			n += j->at[i + 1] - j->at[i] - 1;
		}
	}
	return n;
}

static struct {
	uint64_t shape;
	char text[512];
	size_t length;
} met[4096];

static bool
honest(const struct json *j)
{
	char text[512];
	size_t length = skeleton(j, text), at = j->shape % 4096;

	if (!j->shape)
		return true;
	if (met[at].shape != j->shape) {
		met[at].shape = j->shape;
		met[at].length = length;
		memcpy(met[at].text, text, length);
		return true;
	}
	return met[at].length == length && memcmp(met[at].text, text, length) == 0;
}

static void
check_lines(void)
{
	struct json known = { 0 }, fresh = { 0 };
	size_t hits = 0;

	check_group("lines in turn: the same index, and a number of their own");
	json_expect_shapes(&known);
	for (size_t round = 0; round < 3; round++)
		for (size_t i = 0; i < LINES; i++) {
			CHECK(same_scan(&known, &fresh, slice_z(lines[i])));
			CHECK(honest(&known));
		}
	for (size_t i = 0; i < 5; i++) {
		uint64_t shape;

		CHECK(same_scan(&known, &fresh, slice_z(lines[0])));
		shape = known.shape;
		CHECK(same_scan(&known, &fresh, slice_z(lines[1])));
		hits += shape && known.shape == shape;
	}
	CHECK(hits == 5);
	json_free(&known);
	json_free(&fresh);
}

static void
check_changed(void)
{
	struct json known = { 0 }, fresh = { 0 };
	bool same = true, fine = true;
	char text[512];

	check_group("lines with bytes changed, taken out and put in");
	json_expect_shapes(&known);
	for (size_t i = 0; i < 200000 && same && fine; i++) {
		const char *line = lines[draw(LINES)];
		size_t length = strlen(line);

		memcpy(text, line, length);
		for (unsigned n = draw(3); n; n--) {
			size_t at = draw(length);

			if (draw(3) == 0) {
				memmove(text + at, text + at + 1, --length - at);
			} else if (draw(2)) {
				memmove(text + at + 1, text + at, length++ - at);
				text[at] = pieces[draw(sizeof(pieces) - 1)];
			} else {
				text[at] = pieces[draw(sizeof(pieces) - 1)];
			}
			if (!length)
				text[length++] = '0';
		}
		same = same_scan(&known, &fresh, slice_of(text, length));
		fine = !same || !known.count || honest(&known);
		/* and again, now that it may be known */
		same = same && same_scan(&known, &fresh, slice_of(text, length));
		if (!same || !fine)
			printf("# %.*s\n", (int)length, text);
	}
	CHECK(same);
	CHECK(fine);
	json_free(&known);
	json_free(&fresh);
}

/* A line that comes again and again is expected; then comes one that is like it but for a piece
 * that is put in or taken out. */
static void
check_expected(void)
{
	static const char *const put[] = { "", "\xC3\xA9", "\xF0\x9F\x98\x80", "\xED\xA0\x80",
		"\xC3", "\x80", "\x7F", "\x1F", "\\u00e9", "\\ud800", "\\u00g9", "\\u00", "\\n",
		"\\\\", "\\\"", "\\x", "\"", "0", "9", "12345678", ".5", "e9", " ", "\t", ",",
		":", "}", "]", "a sentence of more than sixteen bytes, and one more" };
	struct json known = { 0 }, fresh = { 0 };
	bool same = true;
	size_t good = 0;
	char text[512];

	check_group("lines that are expected, and what is only like them or is cut");
	json_expect_shapes(&known);
	/* what stands behind a text is read and must have no effect */
	known.behind = 16;
	for (size_t i = 0; i < 30000 && same; i++) {
		const char *line = lines[draw(LINES)];
		const char *piece = put[draw(sizeof(put) / sizeof(*put))];
		size_t length = strlen(line), at = draw(length + 1);
		size_t out = draw(2) && at < length;

		memcpy(text, line, length);
		for (size_t k = 0; k < 8; k++)
			same = same && same_scan(&known, &fresh, slice_of(text, length));
		snprintf(text, sizeof(text), "%.*s%s%s", (int)at, line, piece, line + at + out);
		same = same && same_scan(&known, &fresh, slice_z(text));
		good += known.count > 0;
		memcpy(text, line, length);
		same = same && same_scan(&known, &fresh, slice_of(text, draw(length + 1)));
		if (!same)
			printf("# %s\n", text);
	}
	CHECK(same);
	CHECK(good > 5000);
	json_free(&known);
	json_free(&fresh);
}

static void
check_members(void)
{
	static const char *const names[] = { "model", "usage", "a", "b", "list" };
	static struct members members = { .names = names, .count = 5 };
	struct json j = { 0 };
	const char *why;
	size_t where;

	check_group("members: what was found in a shape is found again, doubled names too");
	json_expect_shapes(&j);
	for (size_t round = 0; round < 4; round++)
		for (size_t i = 0; i < LINES; i++) {
			struct value out[5] = { { 0 } };
			uint64_t seen;
			bool twice = false;

			CHECK(json_scan(&j, slice_z(lines[i]), &why, &where));
			seen = members_read(json_root(&j), &members, out);
			twice = j.twice.ptr;
			j.twice = slice_of(NULL, 0);
			for (size_t k = 0; k < 5; k++) {
				struct value v = json_get(json_root(&j), names[k]);

				CHECK(!(seen & MEMBER(k)) == !v.json);
				CHECK(!v.json || v.entry == out[k].entry);
			}
			CHECK(twice == (j.twice.ptr != NULL));
		}
	json_free(&j);
}

int
main(void)
{
	check_lines();
	check_changed();
	check_expected();
	check_members();
	return check_finish();
}
