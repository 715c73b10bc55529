/* SPDX-License-Identifier: MIT */
/* The first pass copies the lines to a file without a name and remembers what each row may cost
 * and how good it would be; the second routes that copy, and reads nothing twice. */
#include "cmd/llm-route/joint/joint.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/count.h"
#include "cmd/llm-route/joint/solve.h"
#include "cmd/llm-route/route.h"
#include "stream/file.h"

struct passes {
	struct filter *filter;
	struct joint *joint;
	struct buf copy; /* lines that wait to be written */
	int fd;
	struct usd fixed; /* rows without a choice */
	uint64_t fixed_rows, unpriced, row;
};

static void
flush(struct passes *p)
{
	if (!file_write_all(p->fd, buf_slice(&p->copy)))
		diag_die_errno(STATUS_FAILED, "the copy of the input cannot be written");
	buf_clear(&p->copy);
}

static void
hold(void *context, struct slice head, struct slice line)
{
	struct passes *p = context;

	buf_add(&p->copy, head);
	buf_add(&p->copy, line);
	buf_add_byte(&p->copy, '\n');
	if (p->copy.len > 1 << 20)
		flush(p);
}

/* A row has a choice where its decision left several models of tiers; their qualities are those
 * of their `model` lines. */
static bool
has_choice(const struct decision *d)
{
	return !d->keep && d->field_count > 0 && d->field[0].tier != SIZE_MAX;
}

static void
add_row(struct passes *p, const struct facts *f, const struct decision *d)
{
	struct joint_option *options = arena_alloc(f->arena, d->field_count * sizeof(*options));

	for (size_t i = 0; i < d->field_count; i++) {
		const struct declared *said = d->field[i].model->declared;

		options[i] = (struct joint_option){ d->field[i].cost, said->quality[f->level],
			(uint32_t)i };
	}
	joint_add(p->joint, options, d->field_count);
}

static enum verdict
first_pass(void *context, struct record *r)
{
	struct passes *p = context;
	struct request q;
	struct facts f;
	struct decision d;

	if (!route_is_open(r, &q))
		return PASS;
	facts_read(&f, p->filter->policy, &q, r->arena);
	decide(&f, &d);
	if (has_choice(&d)) {
		add_row(p, &f, &d);
	} else {
		p->fixed_rows++;
		p->unpriced += !d.priced;
		p->fixed = d.priced ? usd_add(p->fixed, d.cost) : p->fixed;
	}
	return PASS;
}

static void
second_pass(void *context, struct facts *f, struct decision *d)
{
	struct passes *p = context;

	if (has_choice(d))
		decide_take(
		    f, d, joint_choice(p->joint, p->row++), "chosen with the whole file");
}

static void
want_quality(const struct model *m)
{
	if (!m->declared || !m->declared->has_quality)
		diag_die(STATUS_USAGE,
		    "how good is '%s'? A line 'model %s quality=P' in the rules tells it",
		    diag_clean(m->name), diag_clean(m->name));
}

static void
say_shares(const char *what, uint64_t sum, size_t rows, char out[80])
{
	snprintf(out, 80, "%s %.4f", what, rows ? (double)sum / (double)rows / 1e6 : 0.0);
}

static void
report(const struct passes *p, const struct joint_result *r, bool by_sum)
{
	char cost[64], gap[80], fixed[64], rows[32], bytes[32], quality[80], most[80];

	say_shares("mean quality", r->quality, r->rows, quality);
	say_shares("at best", r->most, r->rows, most);
	if (by_sum)
		snprintf(gap, sizeof(gap), "%.6f of the mean quality",
		    r->rows ? (double)r->quality_gap / (double)r->rows / 1e6 : 0.0);
	else
		snprintf(gap, sizeof(gap), "$%s", usd_write(r->cost_gap, cost));
	diag_note("joint choice: %s row%s for $%s, %s (%s); %" PRIu64
		  " row%s without a choice for $%s",
	    count_write(r->rows, rows), r->rows == 1 ? "" : "s", usd_write(r->cost, cost),
	    quality, most, p->fixed_rows, p->fixed_rows == 1 ? "" : "s",
	    usd_write(p->fixed, fixed));
	diag_note("duality gap: at most %s; memory: %s bytes", gap,
	    count_write(joint_bytes(p->joint), bytes));
	if (p->unpriced)
		diag_warn("rows without a price, which are not in the sum: %" PRIu64,
		    p->unpriced);
}

/* False where it cannot be reached; why has been said, with status 1. */
static bool
solve(struct passes *p, const char *spend, uint64_t quality)
{
	struct usd sum = { 0 };
	struct joint_result r;
	char text[64];
	bool fine;

	if (spend) {
		usd_read(slice_z(spend), &sum);
		fine = joint_spend(p->joint, usd_sub(sum, p->fixed), &r);
		if (!fine)
			diag_warn("$%s is less than the least possible sum, $%s", spend,
			    usd_write(usd_add(r.least, p->fixed), text));
	} else {
		/* the caller's rows are all counted by now */
		struct joint_result rows;

		joint_reach(p->joint, 0, &rows);
		fine = joint_reach(p->joint, quality * rows.rows, &r);
		if (!fine)
			diag_warn("the best mean quality is %.6f",
			    (double)r.most / (double)r.rows / 1e6);
	}
	if (fine)
		report(p, &r, spend != NULL);
	else
		status_raise(STATUS_NO);
	return fine;
}

/* A file without a name, so that nothing is left whatever happens. */
static int
open_copy(void)
{
	int fd = file_nameless();

	if (fd < 0)
		diag_die_errno(STATUS_FAILED, "a temporary file cannot be made");
	return fd;
}

void
joint_run(
    struct filter *f, const struct option_list *operands, const char *spend, uint64_t quality)
{
	struct stream_options first = tool_stream(operands, NO_OBJECT_PASS), second = first;
	struct filter again = *f;
	struct passes p = { .filter = f, .joint = joint_open() };
	struct usd sum;
	char path[32];
	const char *copy = path;

	if (!f->policy->routes || (spend && quality) || f->split || f->policy->warm)
		tool_usage("'--spend' or '--quality' want '--routes', and exclude each other, "
			   "'--split' and '--warm'");
	if (spend && !usd_read(slice_z(spend), &sum))
		tool_usage("'--spend': a number of dollars is wanted");
	for (size_t i = 0; i < f->policy->routes->tier_count; i++)
		for (size_t k = 0; k < f->policy->routes->tiers[i].count; k++)
			want_quality(&f->policy->routes->tiers[i].models[k]);
	p.fd = open_copy();
	snprintf(path, sizeof(path), "/dev/fd/%d", p.fd);
	f->policy->joint = true;
	first.no_output = true;
	first.output = NULL;
	first.hold = hold;
	first.hold_context = &p;
	stream_each(&first, first_pass, &p);
	flush(&p);
	if (status_get() != STATUS_FAILED && solve(&p, spend, quality)) {
		lseek(p.fd, 0, SEEK_SET);
		second.files = &copy;
		second.file_count = 1;
		second.rejects = NULL;
		again.revise = second_pass;
		again.context = &p;
		filter_run(&again, &second);
	}
	close(p.fd);
	buf_free(&p.copy);
	joint_free(p.joint);
}
