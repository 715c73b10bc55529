/* SPDX-License-Identifier: MIT */
/* Headers of images and their costs, and estimates of texts, of any bytes: no crash, bands that
 * hold their middle. */
#include <stdlib.h>

#include "tokens/estimate.h"
#include "tokens/image.h"

static const char *const models[] = { "gpt-4o", "gpt-4.1-mini", "gpt-5.5", "claude-sonnet-4-5",
	"claude-opus-5", "gemini-2.5-pro", "gemini-3-pro", "unknown" };

static void
check_cost(uint32_t width, uint32_t height)
{
	for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
		struct image_cost cost = family_image(slice_z(models[i]));

		for (int detail = DETAIL_AUTO; detail <= DETAIL_ORIGINAL; detail++) {
			struct image_size size = { width, height, detail == DETAIL_MEDIUM,
				(enum image_detail)detail };
			struct image_count n = image_count(&cost, &size);

			if (n.low > n.count || n.count > n.high)
				abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	uint32_t width, height;

	if (image_header(text, &width, &height))
		check_cost(width, height);
	if (size >= 8) {
		memcpy(&width, data, 4);
		memcpy(&height, data + 4, 4);
		check_cost(width, height);
	}
	for (size_t i = 0; i < estimate_weights_count; i++) {
		const struct weights *w = &estimate_weights[i];
		struct estimate e = { 0 };

		estimate_add(&e, w, size / 3 + 1, text);
		if (estimate_low(&e, w) > e.middle || estimate_high(&e, w) < e.middle)
			abort();
	}
	return 0;
}
