/* SPDX-License-Identifier: MIT */
/* The first stage in plain C, byte by byte. It shares nothing with the fast paths, so that each
 * can be tested against the other. */
#include "json/bytes.h"
#include "json/scan_stages.h"

enum kind { OTHER, BLANK, MARK, QUOTE };

static const uint8_t kinds[256] = {
	[' '] = BLANK,
	['\t'] = BLANK,
	['\n'] = BLANK,
	['\r'] = BLANK,
	['{'] = MARK,
	['}'] = MARK,
	['['] = MARK,
	[']'] = MARK,
	[':'] = MARK,
	[','] = MARK,
	['"'] = QUOTE,
};

/* The length of the escape at p, which begins with a backslash; 0 if it is none. */
static size_t
escape_length(const char *p, size_t left)
{
	if (left < 2)
		return 0;
	if (p[1] != 'u')
		return p[1] && strchr("\"\\/bfnrt", p[1]) ? 2 : 0;
	if (left < 6)
		return 0;
	for (size_t i = 2; i < 6; i++)
		if (bytes_hex(p[i]) < 0)
			return 0;
	return 6;
}

/* The offset of the quote that closes the string whose first byte is at i; SIZE_MAX with
 * *why and *where if there is none. */
static size_t
string_end(struct json *j, size_t i, const char **why, size_t *where)
{
	struct slice text = j->text;

	while (i < text.len) {
		const char *p = text.ptr + i;
		size_t left = text.len - i, n;

		if (left >= 8) {
			n = bytes_plain(p);
			i += n;
			p += n;
			left -= n;
			if (n == 8)
				continue;
		}
		*where = i;
		if (*p == '"')
			return i;
		if (*p == '\\') {
			j->escapes = true;
			*why = "bad escape in a string";
			n = escape_length(p, left);
		} else if ((unsigned char)*p < 0x20) {
			*why = "control character in a string";
			n = 0;
		} else {
			*why = "invalid UTF-8";
			n = bytes_character(p, left);
		}
		if (!n)
			return SIZE_MAX;
		i += n;
	}
	*why = "string without an end";
	*where = text.len;
	return SIZE_MAX;
}

bool
scan_portable(struct json *j, const char **why, size_t *where)
{
	struct slice text = j->text;
	size_t count = 0, i = 0;

	j->escapes = false;
	while (i < text.len) {
		uint8_t kind = kinds[(unsigned char)text.ptr[i]];

		if (kind == BLANK) {
			i++;
			continue;
		}
		if (count + SCAN_SLACK > j->room)
			scan_grow(j, count);
		j->mark[count] = text.ptr[i];
		j->at[count++] = (uint32_t)i++;
		if (kind == QUOTE) {
			i = string_end(j, i, why, where);
			if (i == SIZE_MAX)
				return false;
			j->mark[count] = '"';
			j->at[count++] = (uint32_t)i++;
		} else if (kind == OTHER) {
			while (i < text.len && kinds[(unsigned char)text.ptr[i]] == OTHER)
				i++;
		}
	}
	j->count = (uint32_t)count;
	return true;
}
