/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/mem.h"
#include "json/canon_parts.h"

#define PLANS 16

/* A leaf, and how many bytes of `between` stand before it. */
struct leaf {
	uint32_t entry, before;
};
struct canon_plan {
	uint64_t shape; /* 0: free, or not whole yet */
	uint64_t made;  /* the shape that it is made for */
	uint32_t entry; /* of the value in it */
	struct leaf *leaf;
	size_t count, room;
	struct buf between;
	size_t from; /* while it is made: in out */
};

static const struct canon_plan *
plan_of(const struct canon_plans *plans, struct value v)
{
	const struct canon_plan *p = plans->plan;

	if (!p || !v.json || !v.json->shape)
		return NULL;
	for (const struct canon_plan *end = p + PLANS; p < end; p++)
		if (p->shape == v.json->shape && p->entry == v.entry)
			return p;
	return NULL;
}

bool
canon_planned(const struct canon_plans *plans, struct value v)
{
	return plan_of(plans, v);
}

void
canon_leaf(struct value v, struct buf *out)
{
	const struct json *j = v.json;

	if (json_type(v) == JSON_NUMBER)
		canon_number(json_raw(v), out);
	else if (json_type(v) == JSON_STRING && j->escapes)
		canon_string(json_string_raw(v), out);
	else
		buf_add(out, json_raw(v));
}

bool
plan_write(const struct canon_plans *plans, struct value v, struct buf *out)
{
	const struct canon_plan *p = plan_of(plans, v);
	const char *between;

	if (!p)
		return false;
	between = p->between.data;
	for (size_t i = 0; i < p->count; i++) {
		buf_add(out, slice_of(between, p->leaf[i].before));
		between += p->leaf[i].before;
		canon_leaf((struct value){ v.json, p->leaf[i].entry }, out);
	}
	buf_add(out, slice_of(between, (size_t)(p->between.data + p->between.len - between)));
	return true;
}

struct canon_plan *
plan_begin(struct canon_plans *plans, struct value v, const struct buf *out)
{
	struct canon_plan *p;

	if (!v.json->shape)
		return NULL;
	if (!plans->plan)
		plans->plan = mem_zero(PLANS * sizeof(*plans->plan));
	p = &plans->plan[plans->next];
	plans->next = (plans->next + 1) % PLANS;
	p->shape = 0;
	p->made = v.json->shape;
	p->entry = v.entry;
	p->count = 0;
	buf_clear(&p->between);
	p->from = out->len;
	return p;
}

void
plan_note(struct canon_plan *p, struct value v, const struct buf *out)
{
	size_t before;

	if (!p)
		return;
	before = out->len - p->from;
	buf_add(&p->between, slice_of(out->data + p->from, before));
	if (!v.json) {
		p->shape = p->made;
		return;
	}
	if (p->count == p->room) {
		p->room = p->room ? p->room * 2 : 16;
		p->leaf = mem_grow(p->leaf, p->room, sizeof(*p->leaf));
	}
	p->leaf[p->count++] = (struct leaf){ v.entry, (uint32_t)before };
}

void
plan_noted(struct canon_plan *p, const struct buf *out)
{
	if (p)
		p->from = out->len;
}

void
canon_plans_free(struct canon_plans *plans)
{
	for (size_t i = 0; plans->plan && i < PLANS; i++) {
		free(plans->plan[i].leaf);
		buf_free(&plans->plan[i].between);
	}
	free(plans->plan);
	*plans = (struct canon_plans){ 0 };
}
