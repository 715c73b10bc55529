/* SPDX-License-Identifier: MIT */
/* Figures of a report: exact, plain, for people. */
#include "show/figure.c"

#include "check.h"

static struct buf out;

static struct usd
usd(const char *text)
{
	struct usd d = { 0 };

	CHECK(usd_read(slice_z(text), &d));
	return d;
}

static struct slice
people(struct figure f, unsigned decimals)
{
	buf_clear(&out);
	figure_people(f, decimals, &out);
	return buf_slice(&out);
}

static struct slice
json(struct figure f)
{
	buf_clear(&out);
	figure_json(f, &out);
	return buf_slice(&out);
}

static struct figure
of(uint64_t n, uint64_t d)
{
	return (struct figure){ .kind = d ? FIGURE_RATIO : FIGURE_NONE, .n = n, .d = d };
}

static void
figures(void)
{
	check_group("for people");
	CHECK_SLICE(people((struct figure){ .kind = FIGURE_COUNT, .n = 0 }, 0), "0");
	CHECK_SLICE(people((struct figure){ .kind = FIGURE_COUNT, .n = 999 }, 0), "999");
	CHECK_SLICE(
	    people((struct figure){ .kind = FIGURE_COUNT, .n = 1234567 }, 0), "1,234,567");
	CHECK_SLICE(people((struct figure){ .kind = FIGURE_USD, .usd = usd("1234.565") }, 2),
	    "1,234.57");
	CHECK_SLICE(people((struct figure){ 0 }, 2), "-");
	CHECK_SLICE(people(of(1, 3), 0), "0.33");
	CHECK_SLICE(people(of(5, 2), 0), "2.50");
	check_group("as JSON");
	CHECK_SLICE(json((struct figure){ 0 }), "null");
	CHECK_SLICE(
	    json((struct figure){ .kind = FIGURE_USD, .usd = usd("0.00000000000000000001") }),
	    "\"0.00000000000000000001\"");
	CHECK_SLICE(json(of(0, 7)), "0");
	CHECK_SLICE(json(of(7, 7)), "1");
	CHECK_SLICE(json(of(2, 3)), "0.666667");
	CHECK_SLICE(json(of(1, 4)), "0.25");
	CHECK_SLICE(json(of(UINT64_MAX, 3)), "6148914691236517205");
	CHECK_SLICE(json(of(1, 0)), "null");
}

static void
order(void)
{
	struct figure none = { 0 };

	check_group("order");
	CHECK(figure_cmp(none, none) == 0);
	CHECK(figure_cmp(none, of(0, 1)) < 0);
	CHECK(figure_cmp(of(1, 3), of(1, 2)) < 0);
	CHECK(figure_cmp(of(2, 4), of(1, 2)) == 0);
	CHECK(figure_cmp(of(UINT64_MAX, 1), of(UINT64_MAX - 1, 1)) > 0);
}

int
main(void)
{
	figures();
	order();
	buf_free(&out);
	return check_finish();
}
