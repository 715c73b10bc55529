/* SPDX-License-Identifier: MIT */
/* What rate-limit headers tell. */
#include "check.h"

#include "net/limit.h"

int
main(void)
{
	check_group("resets");
	CHECK_NUMBER(rate_reset("1s", 0), 1000);
	CHECK_NUMBER(rate_reset("6m0s", 0), 360000);
	CHECK_NUMBER(rate_reset("20ms", 0), 20);
	CHECK_NUMBER(rate_reset("1h2m3.5s", 0), 3723500);
	CHECK_NUMBER(rate_reset("12", 0), 12000);
	CHECK_NUMBER(rate_reset("", 0), 0);
	CHECK_NUMBER(rate_reset("soon", 0), 0);
	CHECK_NUMBER(rate_reset("-5s", 0), 0);
	CHECK_NUMBER(rate_reset("999999h", 0), 86400000);
	CHECK_NUMBER(rate_reset("2026-11-21T10:00:05Z", INT64_C(1795255200000)), 5000);
	CHECK_NUMBER(rate_reset("2026-11-21T09:00:00Z", INT64_C(1795255200000)), 0);
	return check_finish();
}
