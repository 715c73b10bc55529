/* SPDX-License-Identifier: MIT */
#include "tokens/image.h"

/* Bytes of a file that are looked at: a JPEG may carry a lot first. */
#define HEADER_MOST (1u << 20)

static uint32_t
big(const unsigned char *p, int bytes)
{
	uint32_t n = 0;

	for (int i = 0; i < bytes; i++)
		n = n << 8 | p[i];
	return n;
}

static uint32_t
little(const unsigned char *p, int bytes)
{
	uint32_t n = 0;

	for (int i = bytes - 1; i >= 0; i--)
		n = n << 8 | p[i];
	return n;
}

static bool
jpeg_header(struct slice file, uint32_t *width, uint32_t *height)
{
	const unsigned char *p = (const unsigned char *)file.ptr;
	size_t at = 2;

	while (at + 9 < file.len && p[at] == 0xff) {
		unsigned kind = p[at + 1];

		if (kind == 0xff) { /* fill */
			at++;
			continue;
		}
		/* a frame header, but no table of Huffman codes, extension or arithmetic coding
		 */
		if (kind >= 0xc0 && kind <= 0xcf && kind != 0xc4 && kind != 0xc8 &&
		    kind != 0xcc) {
			*height = big(p + at + 5, 2);
			*width = big(p + at + 7, 2);
			return true;
		}
		at += 2 + (kind >= 0xd0 && kind <= 0xd9 ? 0 : big(p + at + 2, 2));
	}
	return false;
}

static bool
webp_header(const unsigned char *p, uint32_t *width, uint32_t *height)
{
	if (memcmp(p + 12, "VP8 ", 4) == 0) {
		if (memcmp(p + 23, "\x9d\x01\x2a", 3) != 0)
			return false;
		*width = little(p + 26, 2) & 0x3fff;
		*height = little(p + 28, 2) & 0x3fff;
	} else if (memcmp(p + 12, "VP8L", 4) == 0) {
		if (p[20] != 0x2f)
			return false;
		*width = (little(p + 21, 4) & 0x3fff) + 1;
		*height = (little(p + 21, 4) >> 14 & 0x3fff) + 1;
	} else if (memcmp(p + 12, "VP8X", 4) == 0) {
		*width = little(p + 24, 3) + 1;
		*height = little(p + 27, 3) + 1;
	} else {
		return false;
	}
	return true;
}

bool
image_header(struct slice file, uint32_t *width, uint32_t *height)
{
	const unsigned char *p = (const unsigned char *)file.ptr;

	if (file.len >= 24 && memcmp(p, "\x89PNG\r\n\x1a\n", 8) == 0 &&
	    memcmp(p + 12, "IHDR", 4) == 0) {
		*width = big(p + 16, 4);
		*height = big(p + 20, 4);
	} else if (file.len >= 10 &&
		   (memcmp(p, "GIF87a", 6) == 0 || memcmp(p, "GIF89a", 6) == 0)) {
		*width = little(p + 6, 2);
		*height = little(p + 8, 2);
	} else if (file.len >= 30 && memcmp(p, "RIFF", 4) == 0 &&
		   memcmp(p + 8, "WEBP", 4) == 0) {
		if (!webp_header(p, width, height))
			return false;
	} else if (file.len >= 4 && p[0] == 0xff && p[1] == 0xd8) {
		if (!jpeg_header(file, width, height))
			return false;
	} else {
		return false;
	}
	return *width > 0 && *height > 0;
}

static int
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* The first bytes that base 64 stands for, up to what is none. */
static struct slice
decode(struct slice text, struct arena *a)
{
	size_t room = text.len / 4 * 3 + 3, len = 0;
	uint32_t bits = 0;
	unsigned held = 0;
	char *out;

	if (room > HEADER_MOST)
		room = HEADER_MOST;
	out = arena_alloc(a, room);
	for (size_t i = 0; i < text.len && len < room; i++) {
		int value = base64_value(text.ptr[i]);

		if (value < 0 &&
		    (text.ptr[i] == '\n' || text.ptr[i] == '\r' || text.ptr[i] == ' '))
			continue;
		if (value < 0)
			break;
		bits = bits << 6 | (uint32_t)value;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[len++] = (char)(bits >> held & 0xff);
		}
	}
	return slice_of(out, len);
}

/* The value that holds the data or the address, in the spellings of all providers. */
static struct value
data_of(struct value block)
{
	struct value url = json_get(block, "image_url"), source = json_get(block, "source");
	struct value data = json_get(block, "inlineData");

	if (json_type(url) == JSON_OBJECT)
		return json_get(url, "url");
	if (json_type(url) == JSON_STRING)
		return url;
	if (json_type(source) == JSON_OBJECT)
		return json_get(source, "data");
	if (!json_type(data))
		data = json_get(block, "inline_data");
	if (json_type(data))
		return json_get(data, "data");
	return json_get(json_get(json_get(block, "image"), "source"), "bytes");
}

static void
detail_named(struct slice name, struct image_size *size)
{
	static const struct {
		const char *name;
		enum image_detail detail;
	} details[] = { { "medium", DETAIL_MEDIUM }, { "high", DETAIL_HIGH },
		{ "original", DETAIL_ORIGINAL }, { "MEDIA_RESOLUTION_MEDIUM", DETAIL_MEDIUM },
		{ "MEDIA_RESOLUTION_HIGH", DETAIL_HIGH },
		{ "MEDIA_RESOLUTION_ULTRA_HIGH", DETAIL_ORIGINAL } };

	size->low = slice_eqz(name, "low") || slice_eqz(name, "MEDIA_RESOLUTION_LOW");
	for (size_t i = 0; i < sizeof details / sizeof *details; i++)
		if (slice_eqz(name, details[i].name))
			size->detail = details[i].detail;
}

/* Where it stands: in the block, in its image_url, or of all images in generationConfig. */
static struct value
detail_of(struct value block, struct value body)
{
	struct value part = json_get(block, "mediaResolution");
	struct value v = json_get(json_get(block, "image_url"), "detail");

	if (!json_type(v))
		v = json_get(block, "detail");
	if (!json_type(v))
		v = json_type(part) == JSON_OBJECT ? json_get(part, "level") : part;
	if (!json_type(v))
		v = json_get(json_get(body, "generationConfig"), "mediaResolution");
	return v;
}

static bool
side_of(struct value v, uint32_t *side)
{
	uint64_t n;

	if (!json_whole(v, &n) || n == 0 || n > UINT32_MAX)
		return false;
	*side = (uint32_t)n;
	return true;
}

static void
declared_size(struct value block, struct image_size *size)
{
	static const char *const holders[] = { "image_url", "source", "image", "inlineData" };
	struct value v = block;
	uint32_t width, height;

	for (size_t i = 0;; i++) {
		if (side_of(json_get(v, "width"), &width) &&
		    side_of(json_get(v, "height"), &height)) {
			size->width = width;
			size->height = height;
			return;
		}
		if (i == sizeof holders / sizeof *holders)
			return;
		v = json_get(block, holders[i]);
	}
}

struct image_size
image_asked(struct value block, struct value body, struct arena *a)
{
	struct image_size size = { 0 };
	struct slice text = json_string(data_of(block), a);

	detail_named(json_string(detail_of(block, body), a), &size);
	if (slice_starts(text, SLICE("data:")))
		text = slice_drop(text, slice_find(text, ',') + 1);
	else if (slice_starts(text, SLICE("http")))
		text = slice_of(NULL, 0);
	if (text.len && image_header(decode(text, a), &size.width, &size.height))
		return size;
	size.width = size.height = 0;
	declared_size(block, &size);
	return size;
}

struct image_size
image_of(struct value block, struct arena *a)
{
	return image_asked(block, (struct value){ 0 }, a);
}
