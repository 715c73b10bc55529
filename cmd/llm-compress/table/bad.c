/* SPDX-License-Identifier: MIT */
/* What tells of an error: words, members of JSON, the status of an HTTP request. */
#include <strings.h>

#include "base/ascii.h"
#include "cmd/llm-compress/table/drop.h"

/* A word counts that begins like one of these, which stand by their first letters. */
static const char *const bad_words[] = { "abort", "alert", "assertion", "bad gateway",
	"bad request", "broken pipe", "can't", "cannot", "core dumped", "corrupt", "could not",
	"couldn't", "crash", "critical", "deadlock", "degraded", "denied", "disconnect",
	"eacces", "econn", "emerg", "enoent", "enospc", "err", "etimedout", "exception", "fail",
	"fatal", "forbidden", "invalid", "killed", "malformed", "mismatch", "no route",
	"no such", "nonzero", "non-zero", "not allowed", "not found", "not permitted", "oom",
	"out of memory", "overflow", "panic", "refused", "rejected", "rollback", "rolled back",
	"segfault", "segmentation", "severe", "sigabrt", "sigkill", "sigsegv", "timed out",
	"timeout", "traceback", "unable", "unauthorized", "unavailable", "undefined",
	"unhealthy", "unreachable", "warn", "wrn" };

static bool
begins(struct slice s, const char *word)
{
	size_t n = strlen(word);

	return s.len >= n && strncasecmp(s.ptr, word, n) == 0;
}

#define BAD_WORDS (sizeof(bad_words) / sizeof(*bad_words))

/* Of each byte: the letter it is, as a bit, the letters that stand behind it where a bad word
 * begins, and one more than the last of these words. */
struct letters {
	uint32_t bit[256], second[256];
	uint8_t end[256];
};

static const struct letters *
letters_read(void)
{
	static struct letters l;

	if (l.bit['a'])
		return &l;
	for (unsigned i = 0; i < 26; i++)
		l.bit['A' + i] = l.bit['a' + i] = (uint32_t)1 << i;
	for (size_t i = 0; i < BAD_WORDS; i++) {
		unsigned char first = (unsigned char)bad_words[i][0];

		l.second[first] |= l.bit[(unsigned char)bad_words[i][1]];
		l.second[first & ~0x20] = l.second[first];
		l.end[first] = l.end[first & ~0x20] = (uint8_t)(i + 1);
	}
	return &l;
}

static bool
bad_word(struct slice s, const struct letters *l)
{
	char first = (char)(s.ptr[0] | 0x20);

	for (size_t i = l->end[(unsigned char)first]; i-- && bad_words[i][0] == first;)
		if (begins(s, bad_words[i]))
			return true;
	return false;
}

/* Behind a small letter too, as in TimeoutError, behind the letter of an escape, as in
 * "\nfailed", and behind a colour of the terminal. */
static bool
word_begins(struct slice s, size_t i)
{
	char before = i ? s.ptr[i - 1] : ' ';

	if (!ascii_letter(s.ptr[i]))
		return false;
	if (!ascii_letter(before) || (s.ptr[i] <= 'Z' && before >= 'a'))
		return true;
	return i > 1 && ((s.ptr[i - 2] == '\\' && strchr("bfnrt", before)) ||
			    (before == 'm' && ascii_digit(s.ptr[i - 2])));
}

/* Two letters tell nearly always that no bad word begins at i. */
static inline bool
bad_begins(struct slice s, size_t i, const struct letters *l)
{
	const unsigned char *p = (const unsigned char *)s.ptr + i;

	return i + 1 < s.len && l->second[p[0]] & l->bit[p[1]] && word_begins(s, i) &&
	       bad_word(slice_drop(s, i), l);
}

bool
drop_says_bad(struct slice s)
{
	const struct letters *l = letters_read();

	for (size_t i = 0; i < s.len; i++)
		if (bad_begins(s, i, l))
			return true;
	return false;
}

/* --- members --- */

static size_t
skip_blanks(struct slice s, size_t i)
{
	while (i < s.len && (s.ptr[i] == ' ' || s.ptr[i] == '\t'))
		i++;
	return i;
}

/* The name of a member whose quote is at i, and where its value begins; false: there is none.
 */
static bool
is_name(struct slice s, size_t i, struct slice *name, size_t *value)
{
	size_t end = i + 1;

	while (end < s.len && s.ptr[end] != '"')
		end += s.ptr[end] == '\\' ? 2 : 1;
	if (end >= s.len)
		return false;
	*name = slice_of(s.ptr + i + 1, end - i - 1);
	*value = skip_blanks(s, end + 1);
	if (*value >= s.len || s.ptr[*value] != ':')
		return false;
	*value = skip_blanks(s, *value + 1);
	return true;
}

static bool
is_one_of(struct slice name, const char *const *list)
{
	for (; *list; list++)
		if (name.len == strlen(*list) && begins(name, *list))
			return true;
	return false;
}

static bool
is_empty(struct slice value)
{
	static const char *const empty[] = { "null", "false", "\"\"", "[]", "{}", NULL };

	for (const char *const *e = empty; *e; e++)
		if (begins(value, *e))
			return true;
	return value.len && value.ptr[0] == '0' &&
	       (value.len == 1 || !(ascii_digit(value.ptr[1]) || value.ptr[1] == '.'));
}

/* Whether a member tells of failure by its name, and its value says so. */
static bool
bad_member(struct slice name, struct slice value)
{
	static const char *const bad[] = { "err", "error", "errors", "exception", "failure",
		NULL };
	static const char *const good[] = { "healthy", "ok", "passed", "succeeded", "success",
		NULL };

	if (is_one_of(name, good))
		return begins(value, "false");
	return is_one_of(name, bad) && !is_empty(value);
}

/* --- the status of a request --- */

/* A number of three digits at i that stands alone. */
static bool
is_code(struct slice s, size_t i)
{
	if (i + 3 > s.len || s.ptr[i] < '1' || s.ptr[i] > '5' || !ascii_digit(s.ptr[i + 1]) ||
	    !ascii_digit(s.ptr[i + 2]))
		return false;
	return i + 3 == s.len || memchr(" \t\r\",;|]})", s.ptr[i + 3], 11);
}

/* The word before i, without the signs between the two. */
static struct slice
word_before(struct slice s, size_t i)
{
	size_t end = i, from;

	while (end && memchr(" \t=:\"'|[", s.ptr[end - 1], 8))
		end--;
	for (from = end; from && !memchr(" \t=:\"'|[{,", s.ptr[from - 1], 10);)
		from--;
	return slice_of(s.ptr + from, end - from);
}

static bool
ends_in(struct slice s, const char *tail)
{
	size_t n = strlen(tail);

	return s.len >= n && strncasecmp(s.ptr + s.len - n, tail, n) == 0;
}

static bool
names_status(struct slice word)
{
	return ends_in(word, "status") || ends_in(word, "code") || begins(word, "HTTP");
}

/* Whether the words of the line have a method of HTTP. */
static bool
has_method(struct slice s)
{
	static const char *const methods[] = { "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD",
		"OPTIONS" };

	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
		size_t n = strlen(methods[i]);
		const char *p = memmem(s.ptr, s.len, methods[i], n);

		if (p && p + n < s.ptr + s.len && !ascii_letter(p[n]) &&
		    (p == s.ptr || !ascii_letter(p[-1])))
			return true;
	}
	return false;
}

/* A status of 400 to 599: behind a word that says so, or the first number of three digits in a
 * line with a method. */
static bool
bad_status(struct slice s)
{
	bool first = true;

	for (size_t i = 1; i < s.len; i++) {
		bool blank = s.ptr[i - 1] == ' ' || s.ptr[i - 1] == '\t', bad;

		if (ascii_digit(s.ptr[i - 1]) || !is_code(s, i))
			continue;
		bad = s.ptr[i] >= '4';
		if (bad && (blank || memchr("=:\"", s.ptr[i - 1], 3)) &&
		    names_status(word_before(s, i)))
			return true;
		if (bad && first && blank && has_method(s))
			return true;
		first &= !blank;
	}
	return false;
}

bool
drop_tells_bad(struct slice s)
{
	const struct letters *l = letters_read();
	struct slice name;

	for (size_t i = 0, value; i < s.len; i++) {
		if (s.ptr[i] == '"' && is_name(s, i, &name, &value)) {
			if (bad_member(name, slice_drop(s, value)))
				return true;
			i = (size_t)(name.ptr + name.len - s.ptr);
		} else if (bad_begins(s, i, l)) {
			return true;
		}
	}
	return bad_status(s);
}
