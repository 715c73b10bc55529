/* SPDX-License-Identifier: MIT */
/* Dollars: reading, writing, rounding and sums, at the edges of what 128 bits hold. */
#include "check.h"

#include <sys/wait.h>
#include <unistd.h>

#include "money/usd.h"

static struct usd
usd(const char *text)
{
	struct usd d = { 0 };

	CHECK(usd_read(slice_z(text), &d));
	return d;
}

static bool
writes(struct usd d, const char *want)
{
	char out[64];

	return slice_eqz(slice_z(usd_write(d, out)), want);
}

static bool
rounds(const char *text, unsigned decimals, const char *want)
{
	char out[64];
	bool same = slice_eqz(slice_z(usd_round(usd(text), decimals, out)), want);

	if (!same)
		printf("# %s to %u decimals gives %s\n", text, decimals, out);
	return same;
}

static bool
refused(const char *text)
{
	struct usd d = { 42 };

	return !usd_read(slice_z(text), &d) && d.units == 42;
}

static void
check_reading(void)
{
	static const char *const pairs[][2] = { { "0", "0" }, { "-0", "0" }, { "0.0", "0" },
		{ "1", "1" }, { "-0.5", "-0.5" }, { "2.5e-06", "0.0000025" }, { "1E3", "1000" },
		{ "1.5e+2", "150" }, { "0e999999999999", "0" },
		{ "0.00000000000000000001", "0.00000000000000000001" },
		{ "1e-20", "0.00000000000000000001" },
		{ "1.0000000000000000000000000000", "1" },
		{ "100e-22", "0.00000000000000000001" }, { "007.50", "7.5" },
		{ "1701411834604692317", "1701411834604692317" },
		{ "0.000000000000000000000e21", "0" },
		{ "123456789012.12345678901234567890", "123456789012.1234567890123456789" } };

	check_group("usd_read takes numbers and keeps every digit");
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		CHECK(writes(usd(pairs[i][0]), pairs[i][1]));
	}
	check_group("usd_read refuses what is no number, too fine or too large");
	static const char *const bad[] = { "", "-", "+1", ".5", "5.", "1e", "1e+", "1.e5",
		"0x10", "1,000", " 1", "1 ", "$1", "NaN", "Infinity", "1e-21",
		"0.000000000000000000001", "1.5e-20", "1701411834604692318",
		"-1701411834604692318", "1e19", "1e999999999999", "1--1", "1e5.0" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CHECK(refused(bad[i]));
}

static void
check_rounding(void)
{
	check_group("usd_round: half up, thousands separated");
	CHECK(rounds("1234.565", 2, "1,234.57"));
	CHECK(rounds("1234.5649999", 2, "1,234.56"));
	CHECK(rounds("0.005", 2, "0.01"));
	CHECK(rounds("-0.004", 2, "0.00"));
	CHECK(rounds("-1234567.5", 0, "-1,234,568"));
	CHECK(rounds("999.999", 2, "1,000.00"));
	CHECK(rounds("0", 4, "0.0000"));
	CHECK(rounds("100", 0, "100"));
	CHECK(rounds("0.5", 20, "0.50000000000000000000"));
	CHECK(rounds(
	    "1701411834604692317", 20, "1,701,411,834,604,692,317.00000000000000000000"));
}

/* The status with which a child that does this ends. */
static int
ending(void (*act)(void))
{
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		if (!freopen("/dev/null", "w", stderr))
			_exit(99);
		act();
		_exit(0);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
too_large_sum(void)
{
	usd_add(usd("1701411834604692317"), usd("1"));
}

static void
too_large_product(void)
{
	usd_times(usd("1000000"), 1701411834605);
}

static void
too_small_difference(void)
{
	usd_sub(usd("-1701411834604692317"), usd("1"));
}

static void
check_arithmetic(void)
{
	struct usd d;

	check_group("sums, products and ratios are exact");
	CHECK(writes(usd_add(usd("0.1"), usd("0.2")), "0.3"));
	CHECK(writes(usd_sub(usd("0.3"), usd("0.1")), "0.2"));
	CHECK(writes(usd_sub(usd("0.1"), usd("0.3")), "-0.2"));
	CHECK(writes(usd_times(usd("0.0000025"), 1234567), "3.0864175"));
	CHECK(writes(usd_times(usd("-0.5"), 3), "-1.5"));
	CHECK(writes(usd_times(usd("0.05"), UINT64_MAX), "922337203685477580.75"));
	CHECK(writes(usd_times(usd("1000000"), 1701411834604), "1701411834604000000"));
	CHECK(usd_ratio(usd("3"), 1, 2, &d) && writes(d, "1.5"));
	CHECK(usd_ratio(usd("-3"), 11, 10, &d) && writes(d, "-3.3"));
	CHECK(usd_ratio(usd("1701411834604692317"), 1000000, 1000000, &d) &&
	      writes(d, "1701411834604692317"));
	d = usd("7");
	CHECK(!usd_ratio(usd("0.00000000000000000001"), 1, 2, &d) && writes(d, "7"));
	CHECK(!usd_ratio(usd("1"), 1, 3, &d) && writes(d, "7"));
	CHECK(!usd_ratio(usd("1701411834604692317"), 2, 1, &d) && writes(d, "7"));
	CHECK(usd_ratio(usd("0"), 1, 3, &d) && writes(d, "0"));
	CHECK(usd_cmp(usd("-1"), usd("1")) < 0);
	CHECK(usd_cmp(usd("0.1"), usd("0.10")) == 0);
	CHECK(usd_cmp(usd("2"), usd("1.99999999999999999999")) > 0);
	check_group("what leaves the range ends the process with status 3");
	CHECK_NUMBER(ending(too_large_sum), 3);
	CHECK_NUMBER(ending(too_large_product), 3);
	CHECK_NUMBER(ending(too_small_difference), 3);
}

static void
check_order(void)
{
	struct usd forward = { 0 }, backward = { 0 };

	check_group("a sum does not depend on its order");
	for (uint64_t i = 0; i < 100000; i++)
		forward = usd_add(forward, usd_times(usd("0.00000000000000000007"), i * i));
	for (uint64_t i = 100000; i-- > 0;)
		backward = usd_add(backward, usd_times(usd("0.00000000000000000007"), i * i));
	CHECK(usd_cmp(forward, backward) == 0);
	CHECK(writes(forward, "0.0000233329833345"));
}

static void
check_parts(void)
{
	check_group("parts of dollars");
	CHECK(usd_cmp(usd_part(usd("1"), 1, 4), usd("0.25")) == 0);
	CHECK(usd_cmp(usd_part(usd("1"), 1, 3), usd("0.333333333333")) == 0);
	CHECK(usd_cmp(usd_part(usd("2"), 1, 3), usd("0.666666666667")) == 0);
	CHECK(usd_cmp(usd_part(usd("-2"), 1, 3), usd("-0.666666666667")) == 0);
	CHECK(usd_cmp(usd_part(usd("0.00000015"), 1000, 7), usd("0.000021428571")) == 0);
	CHECK(usd_cmp(usd_part(usd("1000000"), 2592000000, 7),
		  usd("370285714285714.285714285714")) == 0);
	check_group("decimals that show an amount");
	CHECK_NUMBER(usd_decimals(usd("0")), 2);
	CHECK_NUMBER(usd_decimals(usd("0.0000001")), 8);
	CHECK_NUMBER(usd_decimals(usd("0.05")), 6);
	CHECK_NUMBER(usd_decimals(usd("-5")), 4);
	CHECK_NUMBER(usd_decimals(usd("123")), 2);
}

int
main(void)
{
	check_reading();
	check_rounding();
	check_arithmetic();
	check_order();
	check_parts();
	return check_finish();
}
