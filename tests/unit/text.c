/* SPDX-License-Identifier: MIT */
/* Code points, words and folding; patterns with their limits; rows of CSV. */
#include "unit/check.h"

#include <time.h>

#include "base/mem.h"
#include "text/csv.h"
#include "text/find.h"
#include "text/pattern.h"
#include "text/unicode.h"

static struct arena arena;

static void
check_points(void)
{
	struct slice s = SLICE("a\xC3\xA9\xF0\x9F\x98\x80\xFFz");
	char out[4];

	check_group("code points");
	CHECK_NUMBER(unicode_next(&s), 'a');
	CHECK_NUMBER(unicode_next(&s), 0xE9);
	CHECK_NUMBER(unicode_next(&s), 0x1F600);
	CHECK_NUMBER(unicode_next(&s), 0xFFFD);
	CHECK_NUMBER(unicode_next(&s), 'z');
	CHECK_NUMBER(s.len, 0);
	CHECK_NUMBER(unicode_put(0x1F600, out), 4);
	CHECK(memcmp(out, "\xF0\x9F\x98\x80", 4) == 0);
	CHECK(unicode_valid(SLICE("gr\xC3\xBC\xC3\x9F")));
	CHECK(!unicode_valid(SLICE("\xC3")));
	CHECK(!unicode_valid(SLICE("\xED\xA0\x80"))); /* a surrogate */
	CHECK(!unicode_valid(SLICE("\xC0\xAF")));     /* overlong */
	CHECK_NUMBER(unicode_class('x'), UNICODE_LETTER);
	CHECK_NUMBER(unicode_class(0x4E2D), UNICODE_LETTER);
	CHECK_NUMBER(unicode_class(0x301), UNICODE_MARK);
	CHECK_NUMBER(unicode_class('7'), UNICODE_NUMBER);
	CHECK_NUMBER(unicode_class(0x200B), UNICODE_OTHER);
	CHECK_NUMBER(unicode_class(0xA0), UNICODE_SPACE);
}

static void
check_forms(void)
{
	check_group("normal forms and folding");
	CHECK_SLICE(unicode_nfc(SLICE("e\xCC\x81"), &arena), "\xC3\xA9");
	CHECK_SLICE(unicode_nfc(SLICE("\xEF\xAC\x81"), &arena), "\xEF\xAC\x81");
	CHECK_SLICE(unicode_nfkc(SLICE("\xEF\xAC\x81"), &arena), "fi");
	CHECK_SLICE(unicode_fold(SLICE("HeLLo"), &arena), "hello");
	CHECK_SLICE(unicode_fold(SLICE("STRA\xC3\x9F"
				       "E"),
			&arena),
	    "strasse");
	CHECK_SLICE(unicode_fold(SLICE("\xC3\x89t\xC3\xA9"), &arena), "\xC3\xA9t\xC3\xA9");
	CHECK_SLICE(unicode_fold(SLICE("\xFF"
				       "A"),
			&arena),
	    "\xFF"
	    "A");
	CHECK_SLICE(unicode_nfc(SLICE(""), &arena), "");
}

static void
check_words(void)
{
	static const char accented[] = "\xC3\xBC"
				       "ber_x";
	const char *want[] = { "Don't", "re", "read", accented, "3", "5", "o", "k" };
	struct slice s = SLICE("Don't re-read \xC3\xBC"
			       "ber_x 3.5, o' 'k'"),
		     word;

	check_group("words and graphemes");
	for (size_t i = 0; i < 8; i++) {
		CHECK(unicode_word(&s, &word));
		CHECK_SLICE(word, want[i]);
	}
	CHECK(!unicode_word(&s, &word));
	CHECK_NUMBER(unicode_grapheme(SLICE("e\xCC\x81x")), 3);
	CHECK_NUMBER(unicode_grapheme(SLICE("\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA!")), 8);
	CHECK_NUMBER(unicode_grapheme(SLICE("")), 0);
}

static enum pattern_result
search(const char *source, bool caseless, struct slice text, struct slice *at)
{
	const char *why = "";
	size_t where;
	struct pattern *p = pattern_compile(slice_z(source), caseless, &why, &where);
	enum pattern_result result;

	CHECK(p != NULL);
	if (!p)
		return PATTERN_MISSED;
	result = pattern_search(p, text, NULL, at);
	pattern_free(p);
	return result;
}

static void
check_patterns(void)
{
	struct slice at;
	const char *why = NULL;
	size_t where = 0;

	check_group("patterns");
	CHECK_NUMBER(search("b+", false, SLICE("abbc"), &at), PATTERN_FOUND);
	CHECK_SLICE(at, "bb");
	CHECK_NUMBER(search("^b", false, SLICE("ab"), NULL), PATTERN_MISSED);
	CHECK_NUMBER(search("(cat|dog)s?", true, SLICE("HOT DOGS"), &at), PATTERN_FOUND);
	CHECK_SLICE(at, "DOGS");
	CHECK_NUMBER(search("\\bauthor\\b", true, SLICE("authorize"), NULL), PATTERN_MISSED);
	CHECK_NUMBER(search("\xC3\x9C", true, SLICE("\xC3\xBC"), NULL), PATTERN_FOUND);
	CHECK_NUMBER(search("^\\w+$", false,
			 SLICE("stra\xC3\x9F"
			       "e"),
			 NULL),
	    PATTERN_FOUND);
	CHECK_NUMBER(search("", false, SLICE(""), NULL), PATTERN_FOUND);
	CHECK_NUMBER(search("a{2,3}", false, SLICE("caab"), NULL), PATTERN_FOUND);
	CHECK_NUMBER(search("x", false, (struct slice){ NULL, 0 }, NULL), PATTERN_MISSED);
	CHECK(!pattern_compile(SLICE("a("), false, &why, &where));
	CHECK(why && *why);
	CHECK_NUMBER(where, 2);
	CHECK(!pattern_compile(SLICE("(a)\\1"), false, &why, &where));
	CHECK(!pattern_compile(SLICE("\\C"), false, &why, &where));
	CHECK(strncmp(pattern_version(), "PCRE2 10.", 9) == 0);
	CHECK(strncmp(unicode_version(), "utf8proc ", 9) == 0);
}

static double
milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The result is what counts; the time has a wide margin for slow machines and sanitizers. */
static void
check_limits(void)
{
	static const char *const endless[] = { "(a+)+$", "(a|a)*$", "(a|aa)+$",
		"(.*)*x=", "^(\\w+\\s?)*$", "a*a*a*a*[bc]", "(?=.*q)a", "(.*a){12}[?=]",
		"([a-zA-Z]+)*1", "(x+x+)+y|a*[z?]", "^(([a-z])+.)+[A-Z]([a-z])+$",
		"(a*)*[!-/]{2}", NULL };
	size_t n = 1000000;
	char *text = mem_alloc(n);
	double most = 0;

	check_group("patterns that never end give up, the same each time");
	memset(text, 'a', n);
	text[n - 1] = '!';
	for (size_t i = 0; endless[i]; i++) {
		double begin = milliseconds(), took;
		enum pattern_result result = search(endless[i], false, slice_of(text, n), NULL);

		took = milliseconds() - begin;
		most = took > most ? took : most;
		if (result != PATTERN_LIMIT)
			printf("# %s gave %d\n", endless[i], (int)result);
		CHECK_NUMBER(result, PATTERN_LIMIT);
		CHECK_NUMBER(search(endless[i], false, slice_of(text, n), NULL), PATTERN_LIMIT);
	}
	printf("# longest: %.1f ms on 1 MB\n", most);
	CHECK(most < 200);
	check_group("patterns that end do so on long texts");
	for (size_t i = 0; i < n; i++)
		text[i] = "the quick brown fox jumps over classy labels "[i % 45];
	CHECK_NUMBER(search("\\b(classify|categorize|label)\\b", true, slice_of(text, n), NULL),
	    PATTERN_MISSED);
	CHECK_NUMBER(search("hello\\s+world", false, slice_of(text, n), NULL), PATTERN_MISSED);
	free(text);
}

static void
check_budget(void)
{
	const char *why;
	size_t where;
	struct pattern *p = pattern_compile(SLICE("(a+)+$"), false, &why, &where);
	int64_t budget = 1000;
	char text[2001];

	check_group("a budget is shared by several searches");
	memset(text, 'a', 2000);
	text[2000] = '!';
	CHECK(p != NULL);
	CHECK_NUMBER(pattern_search(p, slice_of(text, 2001), &budget, NULL), PATTERN_LIMIT);
	CHECK(budget < 0);
	CHECK_NUMBER(pattern_search(p, SLICE("aaaa!"), &budget, NULL), PATTERN_LIMIT);
	CHECK(pattern_budget(10) == pattern_budget(1000));
	CHECK(pattern_budget(20000000) > pattern_budget(10000000));
	pattern_free(p);
}

static find_mask
is_double_x(find_bytes x, find_bytes y)
{
	return FIND_IS(x, 'x') & FIND_IS(y, 'x');
}

/* At each place, with each length, and not beyond the end. */
static void
check_find(void)
{
	char text[70];
	size_t wrong = 0;

	check_group("bytes of a set");
	for (size_t len = 0; len < 66; len++)
		for (size_t at = 0; at < len; at++) {
			memset(text, '.', sizeof(text));
			text[at] = text[at + 1] = text[len] = 'x';
			wrong += find_next(slice_of(text, len), 0, is_double_x) !=
				 (at + 1 < len ? at : len);
			wrong += find_next(slice_of(text, len), at + 1, is_double_x) != len;
		}
	CHECK_NUMBER(wrong, 0);
}

/* All rows of a text behind the first, their fields in brackets, or their faults; a line each.
 */
static struct slice
rows_of(struct slice text, struct buf *out)
{
	struct csv c = { .lines = false };

	buf_clear(out);
	CHECK(csv_read(&c, &text) && csv_header(&c));
	while (csv_read(&c, &text)) {
		for (size_t i = 0; i < c.row.count && !c.fault; i++)
			buf_printf(out, "[%.*s]", SLICE_ARG(csv_cell(&c, i)));
		buf_printf(out, "%s@%d\n", c.fault ? c.fault : "", (int)c.line);
	}
	csv_free(&c);
	return buf_slice(out);
}

static void
check_csv(void)
{
	struct csv c = { .lines = false };
	struct slice rest = SLICE("\xEF\xBB\xBF a ,b,\n1\n");
	struct buf b = { 0 };

	check_group("rows of CSV");
	CHECK_SLICE(rows_of(SLICE("a,b\n1,2\n"), &b), "[1][2]@2\n");
	CHECK_SLICE(rows_of(SLICE("a\r\n1\r\n \r\n2"), &b), "[1]@2\n[2]@4\n");
	CHECK_SLICE(
	    rows_of(SLICE("a,b\n\"x,\"\"\n\",\n,\"\"\n"), &b), "[x,\"\n][]@2\n[][]@4\n");
	CHECK_SLICE(
	    rows_of(SLICE("a\n\"x\r\ny\"\r\nz\rz\n"), &b), "[x\r\ny]@2\n[z]@4\n[z]@5\n");
	CHECK_SLICE(rows_of(SLICE("a,b\r1,\"x\ry\"\r\r2,\"\r\n\"\r3,\"z\"\r\n4,5"), &b),
	    "[1][x\ry]@2\n[2][\r\n]@5\n[3][z]@7\n[4][5]@8\n");
	CHECK_SLICE(rows_of(SLICE("a\n\"x\"y\nx\"y\n\"open\n"), &b),
	    "text behind a closing quote@2\na quote inside a field that is not quoted@3\n"
	    "a quoted field that does not end@4\n");
	CHECK_SLICE(rows_of(SLICE("a\n"), &b), "");
	CHECK(csv_read(&c, &rest) && csv_header(&c) && csv_read(&c, &rest));
	CHECK_NUMBER(csv_column(&c, SLICE("a")), 0);
	CHECK_NUMBER(csv_column(&c, SLICE("b")), 1);
	CHECK(csv_column(&c, SLICE("c")) == SIZE_MAX);
	CHECK_SLICE(csv_cell(&c, 0), "1");
	CHECK_SLICE(csv_cell(&c, 1), "");
	csv_free(&c);
	rest = SLICE("\xEF\xBB");
	CHECK(csv_read(&c, &rest));
	CHECK_SLICE(csv_raw(&c), "\xEF\xBB");
	csv_free(&c);
	buf_free(&b);
}

int
main(void)
{
	check_points();
	check_forms();
	check_words();
	check_patterns();
	check_limits();
	check_budget();
	check_find();
	check_csv();
	arena_close(&arena);
	return check_finish();
}
