/* SPDX-License-Identifier: MIT */
#include "private.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "base/diag.h"
#include "text/pattern.h"

static bool
is_card(struct slice s)
{
	unsigned sum = 0, n = 0;

	for (size_t i = s.len; i-- > 0;) {
		unsigned d = (unsigned)(s.ptr[i] - '0');

		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			continue;
		d = n++ % 2 ? 2 * d : d;
		sum += d > 9 ? d - 9 : d;
	}
	return n >= 13 && n <= 19 && sum % 10 == 0;
}

/* ISO 13616: the first four characters moved to the end, letters as numbers, modulo 97. */
static bool
is_iban(struct slice s)
{
	unsigned rest = 0, n = 0;

	for (size_t round = 0; round < 2; round++)
		for (size_t i = 0, k = 0; i < s.len; i++) {
			char c = s.ptr[i];
			bool head;

			if (c == ' ')
				continue;
			head = k++ < 4;
			if (head != (round == 1))
				continue;
			n++;
			rest = c >= 'A' ? (rest * 100 + (unsigned)(c - 'A') + 10) % 97
					: (rest * 10 + (unsigned)(c - '0')) % 97;
		}
	return n >= 15 && rest == 1;
}

/* Names of code (a::b) have the same form, but for the digits; ::1 is nobody's. */
static bool
is_ipv6(struct slice s)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr address;

	snprintf(text, sizeof(text), "%.*s", SLICE_ARG(s));
	return s.len < sizeof(text) && s.len > 3 && strpbrk(text, "0123456789") &&
	       inet_pton(AF_INET6, text, &address) == 1;
}

static struct {
	const char *kind, *source;
	bool (*check)(struct slice found);
	struct pattern *pattern;
} kinds[] = {
	{ "an e-mail address",
	    "[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}", NULL, NULL },
	{ "a card number", "(?<![0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])", is_card, NULL },
	{ "an account number",
	    "\\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b", is_iban, NULL },
	{ "a social security number",
	    "\\b(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}\\b", NULL, NULL },
	{ "a telephone number",
	    "(?<![0-9.])(?:\\+[1-9][0-9]{0,2}[ .-]?(?:\\([0-9]{1,4}\\)[ .-]?)?[0-9]{2,4}(?:[ "
	    ".-]?[0-9]{2,4}){1,4}"
	    "|\\(?[2-9][0-9]{2}\\)?[ .-][0-9]{3}[.-][0-9]{4})(?![0-9])",
	    NULL, NULL },
	{ "an address of a network",
	    "(?<![0-9.])(?!0\\.|127\\.|255\\.)(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
	    "\\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?![0-9.])",
	    NULL, NULL },
	{ "an address of a network",
	    "(?<![0-9A-Za-z:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?![0-9A-Za-z:])",
	    is_ipv6, NULL },
	{ "a key",
	    "\\b(?:sk-[A-Za-z0-9_-]{20,}|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,}|AIza[0-9A-"
	    "Za-z_-]{35}"
	    "|xox[abprs]-[A-Za-z0-9-]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY-----)",
	    NULL, NULL },
};

static bool
found(size_t i, struct slice text)
{
	struct slice at = text;

	for (size_t tries = 0; tries < 1000; tries++) {
		struct slice rest = slice_of(at.ptr, (size_t)(text.ptr + text.len - at.ptr));

		switch (pattern_search(kinds[i].pattern, rest, NULL, &at)) {
		case PATTERN_MISSED: return false;
		case PATTERN_LIMIT: return true; /* what cannot be read is not passed on */
		case PATTERN_FOUND: break;
		}
		if (!kinds[i].check || kinds[i].check(at))
			return true;
		/* look-behind sees nothing before this: a digit that follows one is no
		 * beginning */
		at = slice_of(at.ptr + at.len, 0);
	}
	return true;
}

const char *
private_kind(struct slice text)
{
	const char *why;
	size_t where;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (!kinds[i].pattern)
			kinds[i].pattern =
			    pattern_compile(slice_z(kinds[i].source), false, &why, &where);
		if (!kinds[i].pattern)
			diag_die(STATUS_FAILED, "%s: %s", kinds[i].kind, why);
		if (found(i, text))
			return kinds[i].kind;
	}
	return NULL;
}
