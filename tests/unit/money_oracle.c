/* SPDX-License-Identifier: MIT */
/* Recorded answers against the exact prices that genai-prices gives them, and real bills.
 * Needs outside data: LLM_TEST_DATA. With an argument it lists what differs. */
#include "check.h"

#include "base/buf.h"
#include "base/when.h"
#include "model/usage.h"
#include "money/price.h"
#include "stream/file.h"

static struct arena arena;

struct tally {
	size_t compared, equal, different, skipped;
	struct buf explained; /* a line for each that differs: line, provider, why */
	struct usd beside;    /* what iterations add to the bills of their own provider */
};

static const char NO_IMAGES[] = "its table prices images apart, the v1 data does not";
static const char NO_SEARCHES[] = "searches are left out";
static const char NO_SEARCH_PRICE[] = "searches are left out, and have no price there";
static const char NO_WRITES[] = "cache writes are left out";
static const char NO_PRICE[] = "a row without prices is free there, here it has no price";
static const char NO_ITERATIONS[] = "what is billed beside the top level is left out";

static bool
read_data(const char *name, struct buf *out)
{
	const char *folder = getenv("LLM_TEST_DATA");
	struct buf path = { 0 };
	bool read;

	if (!folder)
		return false;
	buf_printf(&path, "%s/cost/%s", folder, name);
	buf_add_byte(&path, 0);
	read = file_read(path.data, out);
	buf_free(&path);
	return read;
}

static bool
load_prices(void)
{
	struct buf path = { 0 };
	const char *why = NULL;
	bool loaded;

	buf_printf(&path, "%s/cost/genai-prices.json", getenv("LLM_TEST_DATA"));
	buf_add_byte(&path, 0);
	loaded = prices_load(path.data, &why);
	if (!loaded)
		printf("# %s\n", why);
	buf_free(&path);
	return loaded;
}

/* Which readings of a body are its own: the others take another provider's counts for it. */
static bool
own_flavor(const struct usage *u, struct slice provider, struct slice flavor)
{
	if (slice_eqz(flavor, "embeddings"))
		return u->output == 0;
	if (!strcmp(u->dialect, "anthropic"))
		return slice_eqz(flavor, "anthropic") || slice_eqz(provider, "anthropic");
	if (!strcmp(u->dialect, "responses"))
		return slice_eqz(flavor, "responses");
	return !slice_eqz(flavor, "responses") && !slice_eqz(flavor, "anthropic");
}

/* Input and output as the oracle parts them; searches and requests only count in its total. */
static bool
same(const struct bill *b, struct value extractor)
{
	static const char *const output[] = { "output", "audio_out", "image_out", "reasoning" };
	struct value total = json_get(extractor, "total_price");
	struct usd in = { 0 }, out = { 0 }, want_in, want_out, want;

	for (size_t i = 0; i < b->part_count; i++) {
		const struct bill_part *p = &b->parts[i];
		struct usd *sum = &in;

		for (size_t k = 0; k < sizeof(output) / sizeof(*output); k++)
			if (!strcmp(p->name, output[k]))
				sum = &out;
		if (strcmp(p->name, "web_search") && strcmp(p->name, "request"))
			*sum = usd_add(*sum, p->usd);
	}
	if (!usd_read(json_string(json_get(extractor, "input_price"), &arena), &want_in) ||
	    !usd_read(json_string(json_get(extractor, "output_price"), &arena), &want_out))
		return false;
	if (json_type(total) == JSON_STRING &&
	    (!usd_read(json_string(total, &arena), &want) || usd_cmp(b->usd, want) != 0))
		return false;
	return usd_cmp(in, want_in) == 0 && usd_cmp(out, want_out) == 0;
}

/* Where the oracle is known to leave something out, or has no price. */
static const char *
explained(
    const struct usage *u, struct slice provider, struct slice flavor, const struct bill *b)
{
	bool azure = slice_eqz(provider, "azure") && slice_eqz(flavor, "responses");

	if (u->image_out)
		return NO_IMAGES;
	if (u->web_searches && slice_eqz(provider, "aws"))
		return NO_SEARCH_PRICE;
	if (u->written_5m && azure)
		return NO_WRITES;
	if (!b->priced && b->row && slice_eqz(slice_z(b->row), "cerebras/qwen-3-coder-480b"))
		return NO_PRICE;
	return NULL;
}

/* What the amount of the bill has more than the oracle's, where all that both price is equal.
 */
static const char *
left_out(const struct bill *top, const struct bill *whole, struct value extractor)
{
	if (usd_cmp(top->usd, whole->usd) != 0)
		return NO_ITERATIONS;
	if (json_type(json_get(extractor, "total_price")))
		return NULL;
	for (size_t i = 0; i < top->part_count; i++)
		if (!strcmp(top->parts[i].name, "web_search"))
			return NO_SEARCHES;
	return NULL;
}

static void
compare(struct slice body, struct value extractor, struct tally *t, size_t line, bool list)
{
	struct slice provider = json_string(json_get(extractor, "provider_id"), &arena);
	struct slice flavor = json_string(json_get(extractor, "api_flavor"), &arena);
	struct json json = { 0 };
	struct request r;
	struct usage u;
	struct bill b = { 0 }, whole = { 0 };
	const char *why;
	size_t where;
	char text[64];

	CHECK(json_scan(&json, body, &why, &where) && request_read(&json, &r) &&
	      usage_read(&r, &u));
	if (!u.present || !own_flavor(&u, provider, flavor)) {
		t->skipped++;
	} else {
		/* by day: at midnight DeepSeek's cheaper hours hold */
		struct price_query q = { json_string(u.model, &arena), provider,
			when_read(SLICE("2026-08-15T12:00:00Z")), LANE_REALTIME };

		bill_usage(&q, &u, &whole);
		u.beside = (struct value){ 0 };
		bill_usage(&q, &u, &b);
		t->compared++;
		if (b.priced && same(&b, extractor)) {
			t->equal++;
			why = left_out(&b, &whole, extractor);
			if (why == NO_ITERATIONS && slice_eqz(provider, "anthropic"))
				t->beside = usd_add(t->beside, usd_sub(whole.usd, b.usd));
		} else if (!(why = explained(&u, provider, flavor, &b))) {
			t->different++;
			if (list)
				printf("# %zu %.*s %.*s %.*s: %s not %.*s + %.*s: %s %s %.*s\n",
				    line, SLICE_ARG(provider), SLICE_ARG(flavor),
				    SLICE_ARG(q.model),
				    b.priced ? usd_write(b.usd, text) : b.unpriced,
				    SLICE_ARG(json_raw(json_get(extractor, "input_price"))),
				    SLICE_ARG(json_raw(json_get(extractor, "output_price"))),
				    b.row ? b.row : "", b.table ? b.table : "",
				    SLICE_ARG(json_raw(u.object)));
		}
		if (why)
			buf_printf(
			    &t->explained, "%zu %.*s: %s\n", line, SLICE_ARG(provider), why);
	}
	json_free(&json);
}

/* Each that differs from the oracle, by its line. */
static const struct {
	size_t line;
	const char *provider, *why;
} expected[] = {
	{ 45, "google", NO_IMAGES },
	{ 46, "aws", NO_SEARCH_PRICE },
	{ 46, "azure", NO_SEARCHES },
	{ 46, "google", NO_SEARCHES },
	{ 96, "anthropic", NO_ITERATIONS },
	{ 96, "aws", NO_ITERATIONS },
	{ 96, "azure", NO_ITERATIONS },
	{ 96, "google", NO_ITERATIONS },
	{ 101, "aws", NO_SEARCH_PRICE },
	{ 101, "azure", NO_SEARCHES },
	{ 101, "google", NO_SEARCHES },
	{ 115, "anthropic", NO_ITERATIONS },
	{ 115, "aws", NO_ITERATIONS },
	{ 115, "azure", NO_ITERATIONS },
	{ 115, "google", NO_ITERATIONS },
	{ 120, "anthropic", NO_ITERATIONS },
	{ 120, "aws", NO_ITERATIONS },
	{ 120, "azure", NO_ITERATIONS },
	{ 120, "google", NO_ITERATIONS },
	{ 125, "aws", NO_SEARCH_PRICE },
	{ 125, "azure", NO_SEARCHES },
	{ 125, "google", NO_SEARCHES },
	{ 165, "azure", NO_WRITES },
	{ 500, "cerebras", NO_PRICE },
	{ 501, "cerebras", NO_PRICE },
	{ 600, "azure", NO_WRITES },
};

static void
check_oracle(bool list)
{
	struct buf text = { 0 }, wanted = { 0 };
	struct json json = { 0 };
	struct tally t = { 0 };
	char digits[64];
	struct slice rest;
	size_t line = 0, where;
	const char *why;

	if (!read_data("usages.jsonl", &text)) {
		check_skip(
		    "recorded answers cost what the oracle says", "LLM_TEST_DATA is not set");
		return;
	}
	check_group("recorded answers cost what the oracle says");
	CHECK(load_prices());
	for (rest = buf_slice(&text); rest.len;
	     rest = slice_drop(rest, slice_find(rest, '\n') + 1)) {
		struct value e, x;

		line++;
		if (!json_scan(&json, slice_take(rest, slice_find(rest, '\n')), &why, &where))
			continue;
		e = json_first(json_get(json_root(&json), "extracted"));
		for (; json_type(e); e = json_next(e))
			for (x = json_first(json_get(e, "extractors")); json_type(x);
			     x = json_next(x))
				if (json_type(json_get(x, "input_price")))
					compare(json_raw(json_get(json_root(&json), "body")), x,
					    &t, line, list);
		arena_reset(&arena);
	}
	printf("# %zu lines, %zu prices: %zu equal, %zu different, %zu read as another API\n",
	    line, t.compared, t.equal, t.different, t.skipped);
	CHECK_NUMBER(t.different, 0);
	CHECK_NUMBER(t.equal, 1329);
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++)
		buf_printf(&wanted, "%zu %s: %s\n", expected[i].line, expected[i].provider,
		    expected[i].why);
	buf_add_byte(&wanted, 0);
	CHECK_SLICE(buf_slice(&t.explained), wanted.data);
	CHECK_SLICE(slice_z(usd_write(t.beside, digits)), "0.211193");
	buf_free(&t.explained);
	buf_free(&wanted);
	json_free(&json);
	buf_free(&text);
}

static void
check_bill(struct slice line)
{
	struct json json = { 0 };
	struct request r;
	struct usage u;
	struct bill b;
	struct usd want;
	const char *why;
	size_t where;

	CHECK(json_scan(&json, line, &why, &where) && request_read(&json, &r) &&
	      usage_read(&r, &u));
	if (u.present) {
		struct price_query q = { json_string(u.model, &arena), { NULL, 0 },
			when_read(SLICE("2026-08-15")), LANE_REALTIME };

		bill_usage(&q, &u, &b);
		CHECK(usd_read(json_string(json_get(json_root(&json), "usd"), &arena), &want));
		CHECK(b.priced && usd_cmp(b.usd, want) == 0);
	}
	json_free(&json);
}

static void
check_real_bills(void)
{
	struct buf text = { 0 };
	struct slice rest;

	if (!read_data("real-bills.jsonl", &text)) {
		check_skip("two real bills come out", "LLM_TEST_DATA is not set");
		return;
	}
	check_group("two real bills come out");
	for (rest = buf_slice(&text); rest.len;
	     rest = slice_drop(rest, slice_find(rest, '\n') + 1))
		check_bill(slice_take(rest, slice_find(rest, '\n')));
	buf_free(&text);
}

int
main(int argc, char **argv)
{
	(void)argv;
	check_real_bills(); /* with the compiled prices */
	check_oracle(argc > 1);
	check_real_bills(); /* with the oracle's */
	return check_finish();
}
