/* SPDX-License-Identifier: MIT */
/* llm-cost limit: the live ledger, for scripts; `llm-batch run --limit` uses the same one. */
#include "cmd/llm-cost/cost.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "spend.h"
#include "store/store.h"
#include "stream/file.h"

static const char *usd_option, *repeat_option;
static uint64_t calls_option = BUDGET_NONE, tokens_option = BUDGET_NONE;
static int64_t lease = (int64_t)15 * 60000;
static struct option_list fields;

const struct option limit_options[] = {
	{ 0, "usd", OPTION_TEXT, "X", &usd_option, "dollars to reserve, or that were spent",
	    NULL },
	{ 0, "calls", OPTION_NUMBER, "N", &calls_option, "calls (1)", NULL },
	{ 0, "tokens", OPTION_NUMBER, "N", &tokens_option, "tokens (0)", NULL },
	{ 0, "set", OPTION_LIST, "FIELD=VALUE", &fields, "what the limits may ask of the call",
	    NULL },
	{ 0, "lease", OPTION_DURATION, "T", &lease,
	    "give the reserve back if it is not settled by then (15m)", NULL },
	{ 0, "repeat", OPTION_TEXT, "TEXT", &repeat_option,
	    "the request, counted against repeats=", NULL },
	{ 0 },
};

static struct usd
usd_of(const char *text)
{
	struct usd usd = { 0 };

	if (text && (!usd_read(slice_z(text), &usd) || usd.units < 0))
		tool_usage(
		    "'--usd' wants dollars, such as 0.25, not '%s'", diag_clean(slice_z(text)));
	return usd;
}

/* The field among the words of --set. */
static struct slice
given_value(void *call, const struct budget_field *field)
{
	(void)call;
	for (size_t i = fields.count; i-- > 0;) {
		struct slice word = slice_z(fields.item[i]);
		size_t at = slice_find(word, '=');

		if (slice_eq(slice_take(word, at), field->name))
			return slice_drop(word, at + 1);
	}
	return slice_of(NULL, 0);
}

static struct ledger *
open_ledger(const char *file, enum ledger_mode mode)
{
	const char *why;
	struct ledger *l = ledger_open(file, mode, &why);

	if (!l)
		diag_die(STATUS_FAILED, "%s %s", diag_clean(slice_z(store_shown(file))), why);
	return l;
}

_Noreturn static void
fail(const char *file, const char *why)
{
	diag_die(STATUS_FAILED, "%s %s", diag_clean(slice_z(store_shown(file))), why);
}

static void
set(const char *file, const char *budget)
{
	struct buf text = { 0 };
	struct budget b;
	const char *why;
	struct ledger *l;

	if (!file_read(budget, &text))
		diag_die_errno(STATUS_USAGE, "%s", budget);
	if (!budget_read(buf_slice(&text), &b, &why))
		diag_die(STATUS_USAGE, "%s: %s", budget, why);
	budget_free(&b);
	if (!tool_common()->dry_run) {
		l = open_ledger(file, LEDGER_CREATE);
		if (!ledger_set(l, buf_slice(&text), &why))
			fail(file, why);
		ledger_close(l);
	}
	buf_free(&text);
}

static void
reserve(const char *file)
{
	struct ledger_amount amount = { usd_of(usd_option),
		calls_option == BUDGET_NONE ? 1 : calls_option,
		tokens_option == BUDGET_NONE ? 0 : tokens_option };
	unsigned char digest[DIGEST_SIZE];
	struct ledger *l = open_ledger(file, LEDGER_WRITE);
	const char *why = NULL;
	int64_t id;

	for (size_t i = 0; i < fields.count; i++)
		if (!strchr(fields.item[i], '='))
			tool_usage("'--set' wants FIELD=VALUE");
	if (repeat_option)
		digest_of(slice_z(repeat_option), digest);
	switch (ledger_reserve(
	    l, given_value, NULL, &amount, repeat_option ? digest : NULL, lease, &id, &why)) {
	case LEDGER_GRANTED: printf("%" PRId64 "\n", id); break;
	case LEDGER_HELD:
		diag_warn(
		    "%s: %s while other calls hold what they reserved", store_shown(file), why);
		status_raise(STATUS_NO);
		break;
	case LEDGER_REFUSED:
		diag_warn("%s: %s", store_shown(file), why);
		status_raise(STATUS_NO);
		break;
	case LEDGER_FAILED: fail(file, why);
	}
	ledger_close(l);
}

static void
settle(const char *file, const char *word)
{
	struct ledger_amount amount = { usd_of(usd_option),
		calls_option == BUDGET_NONE ? 1 : calls_option,
		tokens_option == BUDGET_NONE ? 0 : tokens_option };
	struct ledger *l;
	const char *why = NULL;
	bool known;
	char *end;
	long long id = strtoll(word, &end, 10);

	if (*end || end == word || id < 1)
		tool_usage(
		    "'%s' is no number that 'reserve' printed", diag_clean(slice_z(word)));
	l = open_ledger(file, LEDGER_WRITE);
	if (!ledger_settle(l, id, usd_option ? &amount : NULL, &known, &why)) {
		if (known)
			fail(file, why);
		diag_warn("%s: no reservation %lld is open", store_shown(file), id);
		status_raise(STATUS_NO);
	}
	ledger_close(l);
}

struct shown {
	struct ledger_sum *sums;
	size_t count;
	struct arena arena;
};

static void
keep_sum(void *context, const struct ledger_sum *sum)
{
	struct shown *w = context;

	w->sums = mem_grow(w->sums, w->count + 1, sizeof *w->sums);
	w->sums[w->count++] = *sum;
}

static void
show(const char *file)
{
	const char *format = tool_format(spend_formats);
	struct ledger *l = open_ledger(file, LEDGER_READ);
	struct shown w = { 0 };
	struct buf out = { 0 };
	const char *why;

	if (!ledger_show(l, keep_sum, &w, &why))
		fail(file, why);
	spend_print(w.sums, w.count, format, &w.arena, &out);
	fwrite(out.data, 1, out.len, stdout);
	buf_free(&out);
	free(w.sums);
	arena_close(&w.arena);
	ledger_close(l);
}

void
limit_run(const struct option_list *operands)
{
	const char *verb = operands->count > 1 ? operands->item[1] : "";
	size_t wanted = 2;

	if (strcmp(verb, "set") == 0 || strcmp(verb, "settle") == 0)
		wanted = 3;
	else if (strcmp(verb, "show") != 0 && strcmp(verb, "reserve") != 0)
		tool_usage("wants a ledger and show, set, reserve or settle");
	if (operands->count != wanted)
		tool_usage("'%s' wants %s", verb,
		    wanted == 2 ? "the ledger alone"
		    : verb[3]   ? "the number that 'reserve' printed"
				: "a budget file");
	if (strcmp(verb, "show") == 0)
		show(operands->item[0]);
	else if (strcmp(verb, "set") == 0)
		set(operands->item[0], operands->item[2]);
	else if (strcmp(verb, "reserve") == 0)
		reserve(operands->item[0]);
	else
		settle(operands->item[0], operands->item[2]);
}
