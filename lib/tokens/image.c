/* SPDX-License-Identifier: MIT */
#include "tokens/image.h"

#define HEADER_MOST \
	(256u << 10) /* bytes of a file that are looked at: a JPEG may carry a lot first */

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
		*width = little(p + 26, 2) & 0x3fff;
		*height = little(p + 28, 2) & 0x3fff;
	} else if (memcmp(p + 12, "VP8L", 4) == 0) {
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

	if (file.len >= 24 && memcmp(p, "\x89PNG\r\n\x1a\n", 8) == 0) {
		*width = big(p + 16, 4);
		*height = big(p + 20, 4);
	} else if (file.len >= 10 && memcmp(p, "GIF8", 4) == 0) {
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

struct image_size
image_of(struct value block, struct arena *a)
{
	struct image_size size = { 0 };
	struct slice text = json_string(data_of(block), a);
	struct value detail = json_get(json_get(block, "image_url"), "detail");

	size.low = json_is(detail, "low") || json_is(json_get(block, "detail"), "low");
	if (!text.ptr)
		return size;
	if (slice_starts(text, SLICE("data:")))
		text = slice_drop(text, slice_find(text, ',') + 1);
	else if (slice_starts(text, SLICE("http")))
		return size;
	if (!image_header(decode(text, a), &size.width, &size.height))
		size.width = size.height = 0;
	return size;
}

static uint64_t
cells(uint64_t length, uint64_t side)
{
	return (length + side - 1) / side;
}

/* Fits into 2048 by 2048, then the shorter side into 768; then tiles of 512. */
static uint64_t
tile_tokens(struct image_cost cost, uint64_t width, uint64_t height)
{
	uint64_t longer = width > height ? width : height, shorter;

	if (longer > 2048) {
		width = width * 2048 / longer;
		height = height * 2048 / longer;
	}
	shorter = width < height ? width : height;
	if (shorter > 768) {
		width = width * 768 / shorter;
		height = height * 768 / shorter;
	}
	return (uint64_t)cost.a + (uint64_t)cost.b * cells(width, 512) * cells(height, 512);
}

/* Patches of 32; more than the most are shrunk to it: the published formula shrinks to a whole
 * number of patches a side, which never gives more. */
static uint64_t
patch_tokens(struct image_cost cost, uint64_t width, uint64_t height)
{
	uint64_t patches = cells(width, 32) * cells(height, 32);

	if (patches > (uint64_t)cost.b)
		patches = (uint64_t)cost.b;
	return (patches * (uint64_t)cost.a + 999) / 1000;
}

static uint64_t
area_tokens(struct image_cost cost, uint64_t width, uint64_t height)
{
	uint64_t longer = width > height ? width : height, most = (uint64_t)cost.b;

	if (longer > most) {
		width = width * most / longer;
		height = height * most / longer;
	}
	return cells(width * height, (uint64_t)cost.a);
}

uint64_t
image_tokens(struct image_cost cost, struct image_size size)
{
	uint64_t side = (uint64_t)cost.b;

	if (cost.rule == IMAGE_TILE && size.low)
		return (uint64_t)cost.a;
	if (size.width == 0 || size.height == 0)
		return 0;
	switch (cost.rule) {
	case IMAGE_TILE: return tile_tokens(cost, size.width, size.height);
	case IMAGE_PATCH: return patch_tokens(cost, size.width, size.height);
	case IMAGE_AREA: return area_tokens(cost, size.width, size.height);
	case IMAGE_CELL:
		if (size.width <= 384 && size.height <= 384)
			return (uint64_t)cost.a;
		return (uint64_t)cost.a * cells(size.width, side) * cells(size.height, side);
	case IMAGE_UNKNOWN: break;
	}
	return 0;
}
