/* SPDX-License-Identifier: MIT */
/* Tokens of an image by the provider's published formula. */
#ifndef TOKENS_IMAGE_H
#define TOKENS_IMAGE_H

#include "json/scan.h"
#include "tokens/families.h"

struct image_size {
	uint32_t width, height; /* pixels; 0: not known */
	bool low;               /* detail: low */
};

/* Size of the image in a block of any provider's request: the header of embedded PNG, JPEG,
 * WebP or GIF data. Zero where it lies elsewhere or is of another kind. */
struct image_size image_of(struct value block, struct arena *a);
/* Width and height from the first bytes of a file. False if they do not tell. */
bool image_header(struct slice file, uint32_t *width, uint32_t *height);
/* What it costs; 0 where that cannot be told. */
uint64_t image_tokens(struct image_cost cost, struct image_size size);

#endif
