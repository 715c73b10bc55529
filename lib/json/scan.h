/* SPDX-License-Identifier: MIT */
/* A strict reader of one JSON text (RFC 8259) that keeps every byte where it is.
 *
 * json_scan checks the whole text (grammar, UTF-8, escapes, depth) and indexes it: the
 * positions of its structural characters, of both quotes of a string and of the first byte
 * of a number or literal, and for each opening bracket where it closes. All look-ups walk
 * that index; nothing is copied until a string with escapes is asked for. */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H

#include "base/arena.h"
#include "base/slice.h"

#define JSON_DEPTH 1024

struct json {
	struct slice text;
	uint32_t *at;   /* at[i]: offset of the i-th index entry in text */
	char *mark;     /* mark[i]: the byte there; NUL at count and the three behind it */
	uint32_t *mate; /* mate[i]: last entry of the value or member that begins at i */
	uint32_t count; /* entries; at[count] and the three behind it are text.len */
	uint32_t room;
	struct slice twice; /* a name that was looked up and stands twice; ptr NULL: none */
	bool escapes;       /* a backslash is in the text: a string may say something else */
	uint64_t shape;     /* of the text, see json_expect_shapes; 0: none that is known */
	struct shapes *shapes;
	uint32_t behind;  /* so many bytes behind each text may be read; who knows it sets it */
	uint64_t indexed; /* the shape whose marks and mates stand in the index; 0: none */
};

/* A value inside a scanned text: valid until the next json_scan into the same struct. A
 * zeroed value is "absent", and every function takes it as such. */
struct value {
	struct json *json; /* NULL: absent */
	uint32_t entry;
};

enum json_type {
	JSON_ABSENT,
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

/* Scans text, which must stay as it is while j is used and be shorter than 4 GiB. Blanks
 * around the value are fine; a byte-order mark is not. False: *why (static) says what is
 * wrong, *where the offset of the byte; json_root is then absent. j is zeroed before its first
 * use and reused after that. The index takes at most 8 bytes for each byte of text, far less
 * on real ones. Uses AVX-512, AVX2 or plain C, chosen at run time; all three agree on every
 * text. */
bool json_scan(struct json *j, struct slice text, const char **why, size_t *where);
/* True where the first two bytes are those of UTF-16: a mark, or ASCII beside a zero. */
bool json_is_utf16(struct slice text);
/* "avx512", "avx2" or "portable". json_scan_use picks one by name for tests (the variable
 * LLM_SIMD does the same); false if this machine has it not. */
const char *json_scan_path(void);
bool json_scan_use(const char *path);
void json_free(struct json *j);
/* Says that many texts of few shapes will be scanned into j, which then go faster. Texts whose
 * j->shape is equal, and not 0, have the same marks and strings in the same order and the same
 * member names byte for byte; only what stands in their strings and scalars differs. So what
 * was found at an entry of the one is at that entry of the other, and so is a doubled name. No
 * number is given to a second shape, in whatever struct. */
void json_expect_shapes(struct json *j);

static inline struct value
json_root(struct json *j)
{
	return (struct value){ j->count ? j : NULL, 0 };
}
extern const unsigned char json_types[256]; /* by the first byte of a value */
static inline enum json_type
json_type(struct value v)
{
	return v.json ? (enum json_type)json_types[(unsigned char)v.json->mark[v.entry]]
		      : JSON_ABSENT;
}
/* The bytes of the value as they stand, quotes and brackets included; ptr NULL if absent. */
struct slice json_raw(struct value v);
/* The same without the blanks between its tokens: in place where it has none, else in the
 * arena. */
struct slice json_compact(struct value v, struct arena *a);

/* Member of an object by its (unescaped) name; absent if there is none or v is no object.
 * If the name stands twice in v the first is given and j->twice is set, which the stream
 * turns into a reject: two readers could see two requests. Escaped spellings of the name
 * count. Walks the members of v once. */
struct value json_get_slice(struct value v, struct slice name);
static inline struct value
json_get(struct value v, const char *name)
{
	/* inline: the length of a literal is a constant, and most objects are absent */
	return v.json ? json_get_slice(v, slice_z(name)) : v;
}
/* Walks: for (struct value k = json_first(v); json_type(k); k = json_next(k)). For an array
 * the items. For an object the names: json_member_value(k) is what stands behind a name. */
struct value json_first(struct value container);
struct value json_next(struct value item);
struct value json_member_value(struct value name);
/* How many items or members; 0 for what is no container. Linear. */
size_t json_length(struct value v);
/* Sets j->twice if any two members of any object inside v have one name. Expected linear
 * time; the hash is seeded per process. */
bool json_check_unique(struct value v);

/* The characters of a string, unescaped: in place where it has no backslash, else in the
 * arena. A lone surrogate escape becomes U+FFFD. ptr NULL if v is no string. */
static inline struct slice json_string(struct value v, struct arena *a);
struct slice json_string_unescaped(struct slice raw, struct arena *a); /* of such bytes */
/* The bytes between the quotes as they stand; ptr NULL if v is no string. */
static inline struct slice
json_string_raw(struct value v)
{
	const struct json *j = v.json;

	if (json_type(v) != JSON_STRING)
		return slice_of(NULL, 0);
	return slice_of(
	    j->text.ptr + j->at[v.entry] + 1, j->at[v.entry + 1] - j->at[v.entry] - 1);
}
static inline struct slice
json_string(struct value v, struct arena *a)
{
	struct slice raw = json_string_raw(v);

	return raw.len && v.json->escapes ? json_string_unescaped(raw, a) : raw;
}
/* True where v is a string of exactly these characters. */
bool json_is(struct value v, const char *text);
/* True where the string has an escape that UTF-8 cannot hold (a lone surrogate). */
bool json_lone_surrogate(struct value v);
/* A number that is a whole one from 0 to 2^63 - 1 in any spelling (1e3, 5.0, -0): true. */
bool json_whole(struct value v, uint64_t *n);
/* Whatever number, rounded; for statistics only, never for money. False where a double cannot
 * hold even its magnitude (1e999). */
bool json_double(struct value v, double *d);

#endif
