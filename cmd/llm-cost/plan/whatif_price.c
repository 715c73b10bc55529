/* SPDX-License-Identifier: MIT */
#include "tokens/tokens.h"
#include "whatif.h"

#define SHARE_ONE 1000000
#define UNSET UINT64_MAX

/* Text of the kinds that logs are made of, for calls whose own text is not there: prose, a
 * question, code, data, numbers, another language. */
static const char sample[] =
    "The delivery was late again, and the customer wants to know whether the second parcel can "
    "be sent to her office instead. Please answer politely, name the date, and do not promise "
    "a refund before the warehouse has confirmed that the first one is lost.\n"
    "Which of the three proposals costs least over five years, and what would change your "
    "mind? "
    "Give the reasons in a short list, then a single sentence for the board.\n"
    "static int\nfind_slot(const struct table *t, uint32_t key)\n{\n\tfor (size_t i = 0; "
    "i < t->count; i++)\n\t\tif (t->slot[i].key == key)\n\t\t\treturn (int)i;\n\treturn "
    "-1;\n}\n"
    "{\"order\": 20481, \"items\": [{\"sku\": \"AX-1093\", \"quantity\": 2, \"price\": 19.95}, "
    "{\"sku\": \"BT-7\", \"quantity\": 1, \"price\": 4.5}], \"paid\": true, \"note\": null}\n"
    "| Quarter | Revenue | Growth |\n| --- | ---: | ---: |\n| Q1 | 1,204,330 | 3.1 % |\n"
    "2026-03-14T09:26:53Z WARN retry 3 of 5 after 250 ms: connection reset by peer\n"
    "Die Lieferung verz\xC3\xB6gert sich um zwei Tage; bitte pr\xC3\xBC"
    "fen Sie die Anschrift.\n";

double
whatif_factor(struct slice a, struct slice b)
{
	struct slice text = slice_of(sample, sizeof(sample) - 1);
	struct tokens was = tokens_text(tokenizer_for(a), text);
	struct tokens is = tokens_text(tokenizer_for(b), text);

	return was.count && is.count ? (double)is.count / (double)was.count : 1.0;
}

/* How a count changes: n * num / den, half up. */
struct scale {
	uint64_t num, den;
};

static uint64_t
scaled(uint64_t n, struct scale s)
{
	unsigned __int128 product = (unsigned __int128)n * s.num + s.den / 2;

	return s.den ? (uint64_t)(product / s.den) : n;
}

static struct scale
by_factor(double factor)
{
	return (struct scale){ (uint64_t)(factor * 1e6 + 0.5), 1000000 };
}

static uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Audio and images are not text: they stay, as parts of what they are part of. */
static void
scale_usage(struct usage *u, struct scale in, struct scale out)
{
	uint64_t fresh = u->input - u->cached - u->written_5m - u->written_1h;

	u->cached = scaled(u->cached, in);
	u->written_5m = scaled(u->written_5m, in);
	u->written_1h = scaled(u->written_1h, in);
	u->input = scaled(fresh, in) + u->cached + u->written_5m + u->written_1h;
	u->output = scaled(u->output, out);
	u->reasoning = least(scaled(u->reasoning, out), u->output);
	u->audio_cached = least(u->audio_cached, u->cached);
	u->image_cached = least(u->image_cached, u->cached - u->audio_cached);
	u->audio_in = least(u->audio_in, u->input);
	u->image_in = least(u->image_in, u->input - u->audio_in);
	u->audio_out = least(u->audio_out, u->output);
	u->image_out = least(u->image_out, u->output - u->audio_out);
}

/* The text of the request, and of the answer, counted in both tokenizers: the billed count
 * changes as they do. False where the record has no text. */
static bool
recount(const struct row *row, struct slice to, struct arena *a, struct scale *in,
    struct scale *out)
{
	const struct tokenizer *was = tokenizer_for(row->model), *is = tokenizer_for(to);
	struct tokens before, after;

	if (row->request.shape == SHAPE_USAGE || !json_type(row->request.body))
		return false;
	before = tokens_request(was, &row->request, a);
	after = tokens_request(is, &row->request, a);
	if (!before.count || !after.count)
		return false;
	*in = (struct scale){ after.count, before.count };
	before = tokens_answer(was, &row->request, a);
	after = tokens_answer(is, &row->request, a);
	*out = before.count && after.count ? (struct scale){ after.count, before.count } : *in;
	return true;
}

static void
change_tokens(
    struct whatif *w, const struct row *row, struct slice to, struct usage *u, struct arena *a)
{
	const struct encoding *was = tokenizer_encoding(tokenizer_for(row->model));
	struct scale in, out;

	if (was && was == tokenizer_encoding(tokenizer_for(to)))
		return;
	if (recount(row, to, a, &in, &out)) {
		w->recounted++;
	} else {
		w->factor = whatif_factor(row->model, to);
		w->by_factor++;
		in = out = by_factor(w->factor);
	}
	scale_usage(u, in, out);
}

static bool
bill(const struct price_query *q, const struct usage *u, struct usd *usd, const char **why)
{
	struct bill b;

	bill_usage(q, u, &b);
	*usd = b.usd;
	if (!b.priced)
		*why = b.unpriced;
	return b.priced;
}

/* A share of it in a batch. A call of a log that has no batch price stays as it is. */
static bool
bill_batch(struct whatif *w, const struct price_query *q, const struct usage *u,
    struct usd *usd, const char **why)
{
	struct price_query half = *q;
	struct usd in_batch;

	if (!bill(q, u, usd, why))
		return false;
	half.lane = LANE_BATCH;
	if (q->lane == LANE_BATCH)
		return true;
	if (!bill(&half, u, &in_batch, why)) {
		w->no_batch++;
		return !w->scenario;
	}
	*usd = usd_add(usd_part(*usd, SHARE_ONE - w->batch, SHARE_ONE),
	    usd_part(in_batch, w->batch, SHARE_ONE));
	return true;
}

static struct price_query
query_for(const struct row *row, struct slice model)
{
	struct price_query q = row_query(row, model, row->lane);

	if (q.provider.len && !price_known(&q))
		q.provider = (struct slice){ NULL, 0 };
	return q;
}

static bool
is_moved(const struct whatif *w, const struct row *row)
{
	return w->to && (w->scenario || !w->from ||
			    slice_eq(row->model, models_resolve(slice_z(w->from))));
}

bool
whatif_row(struct whatif *w, const struct row *row, struct arena *a,
    struct usd cost[WHATIF_STAGES + 1], const char **why)
{
	struct price_query q = row_query(row, row->model, row->lane);
	struct usage u = row->usage;
	size_t at = 1;

	if (row->kind == ROW_REPLAY || (row->failed && !row->has_usage)) {
		for (size_t i = 0; i <= w->priced; i++)
			cost[i] = (struct usd){ 0 };
		return true;
	}
	if (row->unpriced) {
		*why = row->unpriced;
		return false;
	}
	if (!bill(&q, &u, &cost[0], why))
		return false;
	/* the tier that the answer named was billed; it has no say in what might have been */
	u.service_tier = (struct slice){ NULL, 0 };
	if (w->to) {
		if (is_moved(w, row)) {
			struct slice to = models_resolve(slice_z(w->to));

			q = query_for(row, to);
			change_tokens(w, row, to, &u, a);
			w->moved++;
		}
		if (!bill(&q, &u, &cost[at++], why))
			return false;
	}
	if (w->cached != UNSET) {
		u.cached = scaled(u.input, (struct scale){ w->cached, SHARE_ONE });
		u.written_5m = u.written_1h = u.audio_cached = u.image_cached = 0;
		if (!bill(&q, &u, &cost[at++], why))
			return false;
	}
	if (w->batch != UNSET && !bill_batch(w, &q, &u, &cost[at++], why))
		return false;
	w->input += row->usage.input;
	w->output += row->usage.output;
	w->new_input += u.input;
	w->new_output += u.output;
	return true;
}
