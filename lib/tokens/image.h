/* SPDX-License-Identifier: MIT */
/* Tokens of an image by the provider's published formula. */
#ifndef TOKENS_IMAGE_H
#define TOKENS_IMAGE_H

#include "json/scan.h"
#include "tokens/families.h"

/* What the request asks for, beside low: detail (OpenAI) or media resolution (Google). */
enum image_detail {
	DETAIL_AUTO, /* or nothing */
	DETAIL_MEDIUM,
	DETAIL_HIGH,
	DETAIL_ORIGINAL /* or ultra high */
};
struct image_size {
	uint32_t width, height; /* pixels; 0: not known */
	bool low;               /* detail or resolution: low */
	enum image_detail detail;
};

/* Size of the image in a block of any provider's request: the header of embedded PNG, JPEG,
 * WebP or GIF data, else width and height where the block tells them. Zero where neither does.
 */
struct image_size image_of(struct value block, struct arena *a);
/* The same where the body of the request may tell the resolution of all its images. */
struct image_size image_asked(struct value block, struct value body, struct arena *a);
/* Width and height from the first bytes of a file. False if they do not tell. */
bool image_header(struct slice file, uint32_t *width, uint32_t *height);

/* What it costs; 0 where that cannot be told. */
uint64_t image_tokens(struct image_cost cost, struct image_size size);
/* The same with its band. exact: the formula is published and nothing is left to the provider.
 */
struct image_count {
	uint64_t count, low, high;
	bool exact;
};
struct image_count image_count(const struct image_cost *cost, const struct image_size *size);

#endif
