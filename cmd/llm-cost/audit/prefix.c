/* SPDX-License-Identifier: MIT */
#include "audit.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tokens/tokens.h"

#define PREFIXES_LIMIT 65536
#define FIVE_MINUTES (INT64_C(5) * 60000)
#define HOUR (INT64_C(60) * 60000)
#define AUTOMATIC_MINIMUM 1024

static const struct {
	const char *model;
	unsigned minimum;
} minimums[] = {
#define RULES_DATE(date)
#define RULE(name, least, ...) { name, least },
#include "cmd/llm-cache/rules.def"
#undef RULES_DATE
#undef RULE
};

/* What marking a prefix for one lifetime changes in the walks of its calls. */
struct change {
	struct usd alone, prompt[EVIDENCES], batch[EVIDENCES];
};
struct prefix_entry {
	uint64_t tokens, calls;
	int64_t when;
	bool automatic; /* the provider caches unasked: what it missed is a guess */
	struct change life[2];
};

static unsigned
minimum_of(struct slice model)
{
	const char *at = memmem(model.ptr, model.len, "claude-", 7);
	size_t best = 0;
	unsigned minimum = 0;

	if (!at)
		return 0;
	model = slice_drop(model, (size_t)(at - model.ptr));
	for (size_t i = 0; i < sizeof(minimums) / sizeof(*minimums); i++) {
		struct slice name = slice_z(minimums[i].model);
		struct slice rest = slice_drop(model, name.len);
		/* -4-9 is another model than -4; -4-20250514 is not */
		bool other = rest.len > 1 && rest.ptr[0] == '-' && rest.ptr[1] >= '0' &&
			     rest.ptr[1] <= '9' && rest.len < 9;

		if (slice_starts(model, name) && name.len > best && !other) {
			best = name.len;
			minimum = minimums[i].minimum;
		}
	}
	return minimum;
}

unsigned
prefix_minimum(struct slice model)
{
	unsigned n = minimum_of(model);

	return n ? n : AUTOMATIC_MINIMUM;
}

static bool
is_automatic(enum api api)
{
	return api == API_CHAT || api == API_RESPONSES || api == API_GEMINI;
}

static struct imprint
print_with_model(const struct row *row, struct slice prefix)
{
	struct imprint p = imprint_of(prefix), m = imprint_of(row->model);

	return (struct imprint){ p.a ^ m.a, p.b ^ m.b };
}

/* What marks there are already are seen in the usage, not in the body. */
static struct prefix_entry *
entry_of(struct prefixes *x, const struct row *row, const struct body *b)
{
	bool fresh;
	size_t i;

	x->map.limit = PREFIXES_LIMIT;
	i = imprint_map_add(&x->map, print_with_model(row, b->prefix), &fresh);
	if (i == SIZE_MAX)
		return NULL;
	if (!x->list)
		x->list = mem_zero(PREFIXES_LIMIT * sizeof(*x->list));
	if (fresh) {
		uint64_t n = tokens_text(tokenizer_for(row->model), b->prefix_text).count;

		x->list[i] = (struct prefix_entry){ .tokens = n,
			.automatic = is_automatic(row->request.api) };
	}
	return &x->list[i];
}

static void
note_short(struct prefixes *x, const struct prefix_entry *e, unsigned minimum)
{
	x->short_calls++;
	if (e->tokens > x->short_tokens) {
		x->short_tokens = e->tokens;
		x->minimum = minimum;
	}
}

/* Adds to the change what this call's walk gains by the prefix. */
static void
add_change(struct change *c, const struct row *row, const struct plan *with,
    const struct audit_sums *without, enum evidence e)
{
	struct audit_sums s = { 0 };

	walk_plan(&s, row, with, 1);
	c->alone = usd_add(c->alone, s.alone[e][AUDIT_PROMPT]);
	for (enum evidence k = PROVEN; k < EVIDENCES; k++) {
		c->prompt[k] = usd_add(c->prompt[k], s.stack[k][AUDIT_PROMPT]);
		c->batch[k] = usd_add(c->batch[k],
		    usd_sub(s.stack[k][AUDIT_BATCH], without->stack[k][AUDIT_BATCH]));
	}
}

static void
weigh(struct prefix_entry *e, const struct row *row, const struct plan *plan,
    const struct audit_sums *without)
{
	static const int64_t lives[2] = { FIVE_MINUTES, HOUR };
	enum evidence level = e->automatic ? GUESSED : PROVEN;
	int64_t gap = row->when < e->when ? e->when - row->when : row->when - e->when;

	for (int i = 0; i < 2; i++) {
		bool warm = e->calls && (!row->own_time || gap <= lives[i]);
		struct plan with = *plan;

		with.fits[level] |= 1u << AUDIT_PROMPT;
		with.hour = i == 1;
		with.read = warm ? e->tokens : 0;
		with.written = warm || e->automatic ? 0 : e->tokens;
		add_change(&e->life[i], row, &with, without, level);
	}
}

void
prefixes_add(struct prefixes *x, const struct audit_sums *without, const struct row *row,
    const struct body *b, const struct plan *p)
{
	struct prefix_entry *e;
	unsigned minimum =
	    is_automatic(row->request.api) ? AUTOMATIC_MINIMUM : minimum_of(row->model);

	if (!b->prefix.len || !minimum || row->lane != LANE_REALTIME ||
	    !(e = entry_of(x, row, b)))
		return;
	if (e->tokens < minimum) {
		if (!e->automatic)
			note_short(x, e, minimum);
		return;
	}
	x->untimed += !row->own_time;
	weigh(e, row, p, without);
	e->when = row->when;
	e->calls++;
}

static void
take(struct audit_sums *s, const struct prefix_entry *e, const struct change *c)
{
	enum evidence level = e->automatic ? GUESSED : PROVEN;

	s->requests[level][AUDIT_PROMPT] += e->calls;
	s->alone[level][AUDIT_PROMPT] = usd_add(s->alone[level][AUDIT_PROMPT], c->alone);
	for (enum evidence k = PROVEN; k < EVIDENCES; k++) {
		s->stack[k][AUDIT_PROMPT] = usd_add(s->stack[k][AUDIT_PROMPT], c->prompt[k]);
		s->stack[k][AUDIT_BATCH] = usd_add(s->stack[k][AUDIT_BATCH], c->batch[k]);
	}
}

void
prefixes_close(struct prefixes *x, struct audit_sums *s)
{
	for (size_t i = 0; i < x->map.count; i++) {
		const struct prefix_entry *e = &x->list[i];
		int life = usd_cmp(e->life[1].alone, e->life[0].alone) > 0;

		if (e->calls < 2 || e->life[life].alone.units <= 0)
			continue;
		take(s, e, &e->life[life]);
		if (e->automatic)
			x->automatic++;
		else if (life)
			x->hour_prefixes++;
		else
			x->five_prefixes++;
		if (e->tokens > x->largest)
			x->largest = e->tokens;
	}
	imprint_map_free(&x->map);
	free(x->list);
	x->list = NULL;
}
