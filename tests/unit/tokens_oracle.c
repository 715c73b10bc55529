/* SPDX-License-Identifier: MIT */
/* 5,000 seeded strings whose ids are, by their digest, those of the reference implementation.
 *
 * tokens_oracle --strings    writes the strings as frames: a length of four bytes, the bytes
 * tokens_oracle --frames NAME  reads such frames, and writes for each the number of ids and the
 *                            ids; scripts/check-tokens compares them with the reference */
#include "base/buf.h"
#include "base/digest.h"
#include "base/mem.h"
#include "check.h"
#include "text/unicode.h"
#include "tokens/encoding.h"
#include "tokens_oracle.h"

#define GROUPS 50
#define EACH 100

static uint64_t seed;

/* splitmix64, Steele, Lea, Flood 2014. */
static uint64_t
random_below(uint64_t n)
{
	uint64_t z = seed += 0x9E3779B97F4A7C15;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
	z = (z ^ z >> 27) * 0x94D049BB133111EB;
	return (z ^ z >> 31) % n;
}

static void
add_point(struct buf *out, uint32_t c)
{
	char bytes[4];

	if (c >= 0xD800 && c < 0xE000)
		c = 'x';
	buf_add(out, slice_of(bytes, unicode_put(c, bytes)));
}

static struct slice
vocabulary(void)
{
	return encoding_bytes(
	    encoding_find(SLICE("o200k_base")), (uint32_t)random_below(199998));
}

/* One of a list that ends with NULL. */
static void
add_one_of(struct buf *out, const char *const *list)
{
	uint64_t n = 0;

	while (list[n])
		n++;
	buf_add(out, slice_z(list[random_below(n)]));
}

static const char *const bits[] = { "'s", "'S", "'\u017F", "'ll", "'RE", "\r\n", "\n", " ",
	"  ", "\t", "/", "//", "a", "Zz", "\u00C0\u00C9", "\u00E9a", "\u01C5", "\u02B0",
	"\u4E2D", "\u65E5\u672C", "\u0301", "\u0308", "\u0661\u0662", "\u00B2", "\u00BD",
	"\u00A0", "\u3000", "\u2028", "\u200D", "\U0001F642", "\U0001F3FD", "\uFEFF",
	"<|endoftext|>", "123", "\u0664", "\u00DF", "\u0130", "\u212A", "!", "\u2026", NULL };
static const char *const units[] = { "a", "=", "\u4E2D", " ", "\n", "0", "\u00E9", "ab", "\r\n",
	"-", "\u0301", "\U0001F642", "the ", "A", "\t", "\u3042", "\u0E01", "!?", NULL };
static const char *const spaced[] = { " ", " ", "  ", "\n", "\n\n", "\t", "\r\n", "x", "if",
	"}", "\u00A0", "\u2003", " \n", "\302\205", "\v", "y;", NULL };
static const char *const digits[] = { "1", "23", "456", "7890", ".", ",", " ", "\u0663",
	"\u096A", "\u00BE", "\u2167", "\uFF15", "a", "\U0001D7D8", "-", NULL };
static const char *const cased[] = { "A", "b", "CD", "ef", "\u00C4", "\u00F6", "\u0416",
	"\u0436", "\u03A3", "\u03C2", "\u01C8", "\u1F88", "\u02B0", "\u00AA", "'", " ", "_",
	"\U00010400", "\U0001E900", "\uA64A", NULL };

static void
add_list(struct buf *out, const char *const *list, uint64_t most)
{
	for (uint64_t n = 1 + random_below(most); n; n--)
		add_one_of(out, list);
}

static void
add_vocabulary(struct buf *out)
{
	for (uint64_t n = 1 + random_below(12); n; n--) {
		buf_add(out, vocabulary());
		if (random_below(3) == 0)
			buf_add(out, random_below(4) ? SLICE(" ") : SLICE("\n"));
	}
}

static void
add_alone(struct buf *out)
{
	struct slice token = vocabulary();
	uint64_t form = random_below(3);

	if (form == 1)
		buf_add_byte(out, ' ');
	buf_add(out, token);
	if (form == 2)
		buf_add(out, token);
}

static void
add_points(struct buf *out)
{
	uint32_t block = 256 * (uint32_t)random_below(0x222);

	if (block >= 0x20000)
		block += 0xE0000 - 0x20000;
	for (uint64_t n = 1 + random_below(40); n; n--)
		add_point(out, random_below(3) ? block + (uint32_t)random_below(256)
					       : (uint32_t)random_below(128));
}

static void
add_bytes(struct buf *out)
{
	for (uint64_t n = 1 + random_below(40); n; n--)
		buf_add_byte(out, (char)random_below(256));
}

static void
add_run(struct buf *out)
{
	uint64_t which = random_below(sizeof(units) / sizeof(*units) - 1);

	for (uint64_t n = 1 + random_below(200); n; n--)
		buf_add(out, slice_z(units[which]));
	add_one_of(out, units);
}

static void
add_word(struct buf *out)
{
	uint64_t letters = 2 + random_below(25);

	for (uint64_t n = 1 + random_below(300); n; n--)
		buf_add_byte(out, (char)('a' + random_below(letters)));
}

static void
make(struct buf *out, int group)
{
	buf_clear(out);
	switch (group % 10) {
	case 0: add_vocabulary(out); break;
	case 1: add_alone(out); break;
	case 2: add_points(out); break;
	case 3: add_bytes(out); break;
	case 4: add_run(out); break;
	case 5: add_list(out, bits, 24); break;
	case 6: add_list(out, spaced, 30); break;
	case 7: add_list(out, digits, 30); break;
	case 8: add_list(out, cased, 30); break;
	case 9: add_word(out); break;
	}
}

static void
write_frame(const void *head, size_t size, struct slice text)
{
	fwrite(head, size, 1, stdout);
	if (text.len)
		fwrite(text.ptr, text.len, 1, stdout);
}

static int
strings(void)
{
	struct buf text = { 0 };

	seed = 4;
	for (int i = 0; i < GROUPS * EACH; i++) {
		uint32_t len;

		make(&text, i / EACH);
		len = (uint32_t)text.len;
		write_frame(&len, sizeof(len), buf_slice(&text));
	}
	buf_free(&text);
	return fflush(stdout) ? 3 : 0;
}

/* The ids of a text, which stay as they are until the next call. */
static const uint32_t *
ids_of(const struct encoding *e, struct slice text, uint32_t *count)
{
	static uint32_t *ids;
	static size_t room;

	*count = (uint32_t)encoding_ids(e, text, ids, room);
	if (*count > room) {
		room = *count;
		ids = mem_grow(ids, room, sizeof(*ids));
		encoding_ids(e, text, ids, room);
	}
	return ids;
}

static int
frames(const char *name)
{
	const struct encoding *e = encoding_find(slice_z(name));
	struct buf text = { 0 };
	uint32_t len, count;

	while (e && fread(&len, sizeof(len), 1, stdin) == 1) {
		const uint32_t *ids;

		buf_clear(&text);
		text.len = fread(buf_room(&text, (size_t)len + 1), 1, len, stdin);
		ids = ids_of(e, buf_slice(&text), &count);
		if (encoding_count(e, buf_slice(&text)) != count)
			return 1; /* the reader sees the end, and fails */
		write_frame(&count, sizeof(count), slice_of("", 0));
		fwrite(ids, sizeof(*ids), count, stdout);
		fflush(stdout);
	}
	buf_free(&text);
	return e ? 0 : 2;
}

static void
add_word32(struct buf *out, uint32_t n)
{
	for (int shift = 0; shift < 32; shift += 8)
		buf_add_byte(out, (char)(n >> shift & 0xFF));
}

/* Of the numbers of ids and the ids of a group, in four bytes each, the lowest first. */
static void
check_digests(const struct oracle *o)
{
	const struct encoding *e = encoding_find(slice_z(o->encoding));
	struct buf text = { 0 }, words = { 0 };
	unsigned char digest[DIGEST_SIZE];
	char hex[17];

	if (!e) {
		CHECK(e != NULL);
		return;
	}
	seed = 4;
	for (int g = 0; g < GROUPS; g++) {
		buf_clear(&words);
		for (int i = 0; i < EACH; i++) {
			const uint32_t *ids;
			uint32_t count;

			make(&text, g);
			ids = ids_of(e, buf_slice(&text), &count);
			CHECK_NUMBER(encoding_count(e, buf_slice(&text)), count);
			add_word32(&words, count);
			for (uint32_t k = 0; k < count; k++)
				add_word32(&words, ids[k]);
		}
		digest_of(buf_slice(&words), digest);
		digest_hex(digest, 8, hex);
		CHECK_SLICE(slice_z(hex), o->digest[g]);
	}
	buf_free(&text);
	buf_free(&words);
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--strings") == 0)
		return strings();
	if (argc == 3 && strcmp(argv[1], "--frames") == 0)
		return frames(argv[2]);
	for (size_t i = 0; i < sizeof(oracles) / sizeof(*oracles); i++) {
		check_group(oracles[i].encoding);
		check_digests(&oracles[i]);
	}
	return check_finish();
}
