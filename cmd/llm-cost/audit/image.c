/* SPDX-License-Identifier: MIT */
#include "image.h"

#include "tokens/image.h"

struct looking {
	struct images *images;
	struct image_cost cost;
	uint64_t more;
	struct arena *arena;
};

static void
see_image(void *context, const struct part *part)
{
	struct looking *l = context;
	struct image_size size, low;
	uint64_t n, less;

	if (part->kind != PART_IMAGE)
		return;
	size = low = image_of(part->block, l->arena);
	if (size.low || !size.width)
		return;
	low.low = true;
	n = image_tokens(l->cost, size);
	less = image_tokens(l->cost, low);
	if (!less || n <= less)
		return;
	l->images->count++;
	l->images->tokens += n;
	l->images->low += less;
	l->more += n - less;
}

void
images_add(struct images *x, const struct row *row, struct arena *a)
{
	struct looking l = { x, family_image(row->model), 0, a };

	/* only this rule has a price for low detail */
	if (l.cost.rule != IMAGE_TILE)
		return;
	request_parts(&row->request, see_image, &l);
	for (size_t i = 0; l.more && i < row->bill.part_count; i++)
		if (strcmp(row->bill.parts[i].name, "input") == 0)
			x->more = usd_add(x->more, usd_times(row->bill.parts[i].price, l.more));
}
