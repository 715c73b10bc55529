/* SPDX-License-Identifier: MIT */
/* The formulas; sources stand in data/families. */
#include <math.h>

#include "tokens/image.h"

static uint64_t
cells(uint64_t length, uint64_t side)
{
	return (length + side - 1) / side;
}

static struct image_count
exactly(uint64_t count)
{
	return (struct image_count){ count, count, count, true };
}

static struct image_count
about(uint64_t count, int64_t under, int64_t over)
{
	return (struct image_count){ count, count - count * (uint64_t)under / 100,
		count + (count * (uint64_t)over + 99) / 100, false };
}

/* Fits into 2048 by 2048, then the shorter side into 768; then tiles of 512. Of auto it is not
 * documented when the image is taken as low. */
static struct image_count
tile_tokens(const int64_t *n, const struct image_size *size)
{
	uint64_t width = size->width, height = size->height, longer, shorter, all;

	if (size->low)
		return exactly((uint64_t)n[0]);
	longer = width > height ? width : height;
	if (longer > 2048) {
		width = width * 2048 / longer;
		height = height * 2048 / longer;
	}
	shorter = width < height ? width : height;
	if (shorter > 768) {
		width = width * 768 / shorter;
		height = height * 768 / shorter;
	}
	all = (uint64_t)n[0] + (uint64_t)n[1] * cells(width, 512) * cells(height, 512);
	if (size->detail == DETAIL_AUTO)
		return (struct image_count){ all, (uint64_t)n[0], all, false };
	return exactly(all);
}

/* The sides, shrunk alike so that the longer is at most side. */
static void
fit_side(double *width, double *height, double side)
{
	double longer = *width > *height ? *width : *height;

	if (longer > side) {
		*width *= side / longer;
		*height *= side / longer;
	}
}

/* Patches of 32 by 32; more than the most are shrunk so that they fit whole along one side. */
static uint64_t
patches(double width, double height, uint64_t most)
{
	double shrink, across, down;
	uint64_t all = (uint64_t)(ceil(width / 32) * ceil(height / 32));

	if (all <= most)
		return all;
	shrink = sqrt((double)most * 32 * 32 / (width * height));
	across = width * shrink / 32;
	down = height * shrink / 32;
	if (across < 1 || down < 1) /* a sliver: a row of as many as there may be */
		return most;
	if (floor(across) / across < floor(down) / down)
		return (uint64_t)(floor(across) * ceil(down * floor(across) / across - 1e-9));
	return (uint64_t)(floor(down) * ceil(across * floor(down) / down - 1e-9));
}

static struct image_count
patch_tokens(const int64_t *n, const struct image_size *size)
{
	double width = size->width, height = size->height;
	bool original = n[3] && (size->detail == DETAIL_ORIGINAL ||
				    (size->detail == DETAIL_AUTO && !size->low && n[7]));
	uint64_t count;

	fit_side(&width, &height, (double)(original ? n[4] : n[2]));
	if (size->low)
		fit_side(&width, &height, 512);
	count = patches(width, height, (uint64_t)(original ? n[3] : n[1]));
	return about((count * (uint64_t)n[0] + 999) / 1000, n[5], n[6]);
}

/* Squares that cover the image when its longer side is `longer`. */
static uint64_t
squares(const struct image_size *size, uint64_t longer, uint64_t side)
{
	uint64_t most = size->width > size->height ? size->width : size->height;
	uint64_t least = size->width > size->height ? size->height : size->width;
	uint64_t shorter = (2 * longer * least + most) / (2 * most);

	return cells(longer, side) * cells(shorter ? shorter : 1, side);
}

/* The largest size that fits: the provider's page tells that rule and six examples. */
static struct image_count
square_tokens(const int64_t *n, const struct image_size *size)
{
	uint64_t longer = size->width > size->height ? size->width : size->height, low = 1;
	uint64_t most = (uint64_t)n[1], side = (uint64_t)n[0];

	if (longer > (uint64_t)n[2])
		longer = (uint64_t)n[2];
	while (low < longer) {
		uint64_t middle = (low + longer + 1) / 2;

		if (squares(size, middle, side) <= most)
			low = middle;
		else
			longer = middle - 1;
	}
	return exactly(squares(size, longer, side));
}

/* Tiles whose side is two thirds of the shorter side; small images are one. */
static struct image_count
crop_tokens(const int64_t *n, const struct image_size *size)
{
	uint64_t shorter = size->width < size->height ? size->width : size->height, side;
	uint64_t one = (uint64_t)n[0];

	if (size->low)
		return about((uint64_t)n[1], 0, 5);
	if (size->detail == DETAIL_MEDIUM || (size->width <= 384 && size->height <= 384))
		return about(one, 1, 0);
	side = shorter * 2 / 3;
	side = side < 256 ? 256 : side > 768 ? 768 : side;
	/* the page calls its own formula rough: one tile is the least */
	return (struct image_count){ one * cells(size->width, side) * cells(size->height, side),
		one, one * cells(size->width, side) * cells(size->height, side), false };
}

static struct image_count
fixed_tokens(const int64_t *n, const struct image_size *size)
{
	static const unsigned place[] = {
		[DETAIL_AUTO] = 0, [DETAIL_MEDIUM] = 2, [DETAIL_HIGH] = 3, [DETAIL_ORIGINAL] = 4
	};

	/* these are what an image costs at most; most cost about as much */
	return about((uint64_t)n[size->low ? 1 : place[size->detail]], 10, 0);
}

struct image_count
image_count(const struct image_cost *cost, const struct image_size *size)
{
	const int64_t *n = cost->number;
	bool known = size->width && size->height;

	switch (cost->rule) {
	case IMAGE_TILE:
		if (known || size->low)
			return tile_tokens(n, size);
		break;
	case IMAGE_PATCH:
		if (known)
			return patch_tokens(n, size);
		break;
	case IMAGE_SQUARE:
		if (known)
			return square_tokens(n, size);
		break;
	case IMAGE_CROP:
		if (known || size->low || size->detail == DETAIL_MEDIUM)
			return crop_tokens(n, size);
		break;
	case IMAGE_FIXED: return fixed_tokens(n, size);
	case IMAGE_UNKNOWN: break;
	}
	return (struct image_count){ 0 };
}

uint64_t
image_tokens(struct image_cost cost, struct image_size size)
{
	return image_count(&cost, &size).count;
}
