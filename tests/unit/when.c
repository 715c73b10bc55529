/* SPDX-License-Identifier: MIT */
/* Time zones: days of 23 and 25 hours, ISO weeks, skipped midnights, zones that are none. */
#include "base/when.h"

#include <stdlib.h>

#include "check.h"

static int64_t
at(const char *text)
{
	return when_read(slice_z(text));
}

static int
hours_of(int year, int month, int day)
{
	int64_t days = when_days(year, month, day);

	return (int)((when_day_start(days + 1) - when_day_start(days)) / 3600000);
}

static void
check_days(void)
{
	check_group("days of a zone with summer time");
	if (!when_zone("Europe/Berlin")) {
		check_skip("days of a zone with summer time", "no time zones on this system");
		return;
	}
	CHECK_NUMBER(hours_of(2026, 3, 29), 23);
	CHECK_NUMBER(hours_of(2026, 10, 25), 25);
	CHECK_NUMBER(hours_of(2026, 6, 1), 24);
	CHECK_NUMBER(when_day_start(when_days(2026, 10, 25)), at("2026-10-24T22:00:00Z"));
	CHECK_NUMBER(when_read_local(SLICE("2026-10-26")), at("2026-10-25T23:00:00Z"));
	CHECK_NUMBER(
	    when_read_local(SLICE("2026-10-26T00:00:00Z")), at("2026-10-26T00:00:00Z"));
	/* a time without a zone: summer ends at 3, it begins at 2 */
	CHECK_NUMBER(when_read_local(SLICE("2026-10-25T01:00")), at("2026-10-24T23:00:00Z"));
	CHECK_NUMBER(when_read_local(SLICE("2026-10-25T02:30")), at("2026-10-25T00:30:00Z"));
	CHECK_NUMBER(
	    when_read_local(SLICE("2026-10-25 03:00:00.5")), at("2026-10-25T02:00:00.5Z"));
	CHECK_NUMBER(when_read_local(SLICE("2026-03-29T01:59")), at("2026-03-29T00:59:00Z"));
	CHECK_NUMBER(when_read_local(SLICE("2026-03-29T02:30")), at("2026-03-29T01:30:00Z"));
	CHECK_NUMBER(when_read_local(SLICE("2026-03-29T04:00")), at("2026-03-29T02:00:00Z"));
	CHECK(when_read_local(SLICE("2026-03-29T")) == WHEN_NONE);
	CHECK(when_read_local(SLICE("2026-03-29T04:00 local")) == WHEN_NONE);
	/* midnight of this day does not exist there */
	CHECK(when_zone("America/Sao_Paulo"));
	CHECK_NUMBER(when_read_local(SLICE("2018-11-04")), at("2018-11-04T03:00:00Z"));
	CHECK_NUMBER(when_read_local(SLICE("2018-11-04T05:00")), at("2018-11-04T07:00:00Z"));
	CHECK_NUMBER(when_day_start(when_days(2018, 11, 4)), at("2018-11-04T03:00:00Z"));
	CHECK_NUMBER(hours_of(2018, 11, 4), 23);
	/* summer time is half an hour */
	CHECK(when_zone("Australia/Lord_Howe"));
	CHECK_NUMBER(
	    when_day_start(when_days(2026, 4, 6)) - when_day_start(when_days(2026, 4, 5)),
	    INT64_C(88200000));
}

static void
check_local(void)
{
	struct when_local l;

	check_group("calendar and ISO weeks");
	CHECK(when_zone("UTC"));
	when_local(at("2027-01-01T12:34:00Z"), &l);
	CHECK_NUMBER(l.week_year, 2026);
	CHECK_NUMBER(l.week, 53);
	CHECK_NUMBER(l.weekday, 5);
	CHECK_NUMBER(l.hour * 100 + l.minute, 1234);
	when_local(at("2024-12-30T00:00:00Z"), &l);
	CHECK_NUMBER(l.week_year, 2025);
	CHECK_NUMBER(l.week, 1);
	when_local(at("2021-01-03T23:59:59Z"), &l);
	CHECK_NUMBER(l.week_year * 100 + l.week, 202053);
	when_local(-1, &l);
	CHECK_NUMBER(l.year * 10000 + l.month * 100 + l.day, 19691231);
	when_local(at("2024-02-29T23:59:59Z"), &l);
	CHECK_NUMBER(l.month * 100 + l.day, 229);
	CHECK(when_zone("+05:30"));
	when_local(at("2026-11-20T18:30:00Z"), &l);
	CHECK_NUMBER(l.day, 21);
	CHECK_NUMBER(l.offset, 19800);
}

static void
check_dates(void)
{
	int year, month, day;

	check_group("each day of 400 years, there and back");
	for (int64_t d = when_days(1900, 1, 1); d < when_days(2300, 1, 1); d++) {
		when_date(d, &year, &month, &day);
		if (when_days(year, month, day) != d) {
			CHECK_NUMBER(when_days(year, month, day), d);
			break;
		}
	}
	CHECK(month == 12 && day == 31 && year == 2299);
}

static void
check_names(void)
{
	static const char *const none[] = { "", "Mars/Olympus", "Europe", "/etc/passwd",
		"../zoneinfo/UTC", "+25:00", "+1", "+02:0x", "02:00", "utc2" };

	check_group("zones that are none");
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		CHECK(!when_zone(none[i]));
	CHECK(when_zone("-0330"));
	CHECK(when_zone("Z"));
	CHECK_SLICE(slice_z(when_zone_name()), "UTC");
}

int
main(void)
{
	check_days();
	check_local();
	check_dates();
	check_names();
	return check_finish();
}
