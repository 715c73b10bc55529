/* SPDX-License-Identifier: MIT */
/* How far a run is: a line that rewrites itself on a terminal, JSON lines where they are asked
 * for. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/when.h"
#include "json/write.h"
#include "model/usage.h"
#include "money/price.h"
#include "money/usd.h"
#include "run.h"
#include "tool/tool.h"

struct progress {
	int64_t begin, shown, every; /* ticks, ms */
	bool bar;
	uint64_t bytes; /* of all operands; 0: not known */
	struct usd usd;
	bool unpriced;
	struct json json;
	struct arena arena;
};

static uint64_t
size_of(const struct option_list *files)
{
	uint64_t sum = 0;
	struct stat st;

	for (size_t i = 0; i < files->count; i++) {
		if (stat(files->item[i], &st) != 0 || !S_ISREG(st.st_mode))
			return 0;
		sum += (uint64_t)st.st_size;
	}
	return sum;
}

struct progress *
progress_open(int64_t every, const struct option_list *files)
{
	struct progress *p;
	bool bar = !every && isatty(STDERR_FILENO) && !tool_common()->quiet;

	if (!bar && !every)
		return NULL;
	p = mem_zero(sizeof(*p));
	p->bar = bar;
	p->every = bar ? 200 : every;
	p->begin = p->shown = when_ticks();
	p->bytes = size_of(files);
	return p;
}

void
progress_bill(struct progress *p, const struct slot *slot)
{
	struct price_query q = { .when = when_now() };
	struct request request;
	struct usage usage;
	struct bill bill;
	const char *why;
	size_t where;

	if (!p || !slot->answered)
		return;
	arena_reset(&p->arena);
	if (!json_scan(&p->json, buf_slice(&slot->line), &why, &where) ||
	    !request_read(&p->json, &request) || !usage_read(&request, &usage))
		return;
	q.model = models_resolve(request_model(&request, &p->arena));
	q.provider = address_priced(slot->at);
	bill_usage(&q, &usage, &bill);
	if (bill.priced)
		p->usd = usd_add(p->usd, bill.usd);
	p->unpriced = p->unpriced || !bill.priced;
}

/* Seconds to go by the share of the input that is done; -1: not known. */
static int64_t
seconds_left(const struct progress *p, const struct run *run, int64_t elapsed)
{
	double ended = (double)(run->answered + run->failed);
	double done = (double)run->taken_bytes * ended / (ended + (double)run->slots);

	if (!p->bytes || !(done > 0) || done > (double)p->bytes)
		return -1;
	return (int64_t)((double)elapsed / 1000 * ((double)p->bytes - done) / done);
}

static void
show(const struct progress *p, const struct run *run)
{
	int64_t elapsed = when_ticks() - p->begin;
	uint64_t done = run->answered + run->failed;
	double rate = elapsed > 0 ? (double)done * 1000 / (double)elapsed : 0;
	int64_t left = seconds_left(p, run, elapsed);
	char usd[64];

	usd_round(p->usd, usd_decimals(p->usd), usd);
	if (p->bar) {
		fprintf(stderr, "\r%llu done, %llu failed, %zu in flight, %.1f/s, $%s%s",
		    (unsigned long long)done, (unsigned long long)run->failed, run->flying,
		    rate, usd, p->unpriced ? "+" : "");
		if (left >= 0)
			fprintf(stderr, ", %lld:%02lld to go", (long long)(left / 60),
			    (long long)(left % 60));
		fputs("\033[K", stderr);
	} else {
		fprintf(stderr,
		    "{\"done\":%llu,\"failed\":%llu,\"in_flight\":%zu,\"waiting\":%zu,"
		    "\"calls\":%llu,\"rate\":%.1f,\"usd\":\"%s\",\"eta_s\":",
		    (unsigned long long)done, (unsigned long long)run->failed, run->flying,
		    run->slots - run->flying < run->slots ? run->slots - run->flying : 0,
		    (unsigned long long)run->sent, rate, usd_write(p->usd, usd));
		if (left >= 0)
			fprintf(stderr, "%lld}\n", (long long)left);
		else
			fputs("null}\n", stderr);
	}
	fflush(stderr);
}

void
progress_show(struct progress *p, const struct run *run)
{
	int64_t now = when_ticks();

	if (!p || now - p->shown < p->every)
		return;
	p->shown = now;
	show(p, run);
}

void
progress_close(struct progress *p, const struct run *run)
{
	if (!p)
		return;
	show(p, run);
	if (p->bar)
		fputs("\r\033[K", stderr);
	json_free(&p->json);
	arena_close(&p->arena);
	free(p);
}
