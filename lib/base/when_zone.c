/* SPDX-License-Identifier: MIT */
#include "base/when.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define DAY_S INT64_C(86400)
#define QUARTER_S 900 /* since 1972 offsets change at whole quarters of an hour only */
#define MEMORY 256u

enum zone_kind { ZONE_FIXED, ZONE_SYSTEM };
static enum zone_kind kind;
static int fixed_offset;
static char zone_name[256] = "UTC";
static struct {
	int64_t quarter;
	int offset;
	bool known;
} memory[MEMORY];

static int64_t
floor_div(int64_t n, int64_t d)
{
	return n / d - (n % d < 0);
}

/* "+02:00", "-0330"; false if it has another form. */
static bool
read_offset(const char *name, int *offset)
{
	int hour, minute = 0, used = 0;

	if (*name != '+' && *name != '-')
		return false;
	if (strspn(name + 1, "0123456789:") != strlen(name + 1) || strlen(name) > 6)
		return false;
	if (sscanf(name + 1, "%2d:%2d%n", &hour, &minute, &used) == 2 && used == 5)
		;
	else if (sscanf(name + 1, "%2d%2d%n", &hour, &minute, &used) == 2 && used == 4)
		;
	else if (sscanf(name + 1, "%2d%n", &hour, &used) == 1 && used == 2)
		minute = 0;
	else
		return false;
	if (name[1 + used] || hour > 18 || minute > 59)
		return false;
	*offset = (*name == '-' ? -1 : 1) * (hour * 3600 + minute * 60);
	return true;
}

/* Files of the database begin so (RFC 8536). */
static bool
is_zone_file(const char *path)
{
	char magic[4] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && read(fd, magic, 4) == 4 && memcmp(magic, "TZif", 4) == 0;

	if (fd >= 0)
		close(fd);
	return good;
}

static bool
use_system_zone(const char *name)
{
	const char *folder = getenv("TZDIR");
	char path[512];
	int len;

	if (!*name || *name == '/' || strstr(name, ".."))
		return false;
	/* the path after the colon: a name that the C library cannot find would be UTC */
	len = snprintf(path, sizeof(path), ":%s/%s",
	    folder && *folder ? folder : "/usr/share/zoneinfo", name);
	if (len >= (int)sizeof(path) || !is_zone_file(path + 1) || setenv("TZ", path, 1) != 0)
		return false;
	tzset();
	return true;
}

bool
when_zone(const char *name)
{
	memset(memory, 0, sizeof(memory));
	fixed_offset = 0;
	kind = ZONE_FIXED;
	if (strlen(name) >= sizeof(zone_name))
		return false;
	if (strcmp(name, "UTC") != 0 && strcmp(name, "Z") != 0 &&
	    !read_offset(name, &fixed_offset)) {
		if (!use_system_zone(name))
			return false;
		kind = ZONE_SYSTEM;
	}
	if (strcmp(name, "Z") == 0)
		name = "UTC";
	memcpy(zone_name, name, strlen(name) + 1);
	return true;
}

const char *
when_zone_name(void)
{
	return zone_name;
}

static int
system_offset(int64_t seconds)
{
	time_t t = (time_t)seconds;
	struct tm tm;

	if (!localtime_r(&t, &tm))
		return 0;
	return (int)((when_days(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * DAY_S +
			 tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec) -
		     seconds);
}

static int
offset_at(int64_t seconds)
{
	int64_t quarter = floor_div(seconds, QUARTER_S);
	size_t at = (uint64_t)quarter % MEMORY;

	if (kind == ZONE_FIXED)
		return fixed_offset;
	if (seconds < 0 || seconds > INT64_C(253402300799))
		return system_offset(seconds < 0 ? 0 : INT64_C(253402300799));
	if (!memory[at].known || memory[at].quarter != quarter) {
		memory[at].offset = system_offset(seconds);
		memory[at].quarter = quarter;
		memory[at].known = true;
	}
	return memory[at].offset;
}

/* Howard Hinnant's civil_from_days. */
void
when_date(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468, era = floor_div(z, 146097), of_era = z - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;

	*day = (int)(of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(y + era * 400 + (*month <= 2));
}

void
when_local(int64_t when, struct when_local *out)
{
	int64_t seconds = floor_div(when, 1000), local, thursday;
	int month, day;

	out->offset = offset_at(seconds);
	local = seconds + out->offset;
	out->days = floor_div(local, DAY_S);
	local -= out->days * DAY_S;
	out->hour = (int)(local / 3600);
	out->minute = (int)(local / 60 % 60);
	when_date(out->days, &out->year, &out->month, &out->day);
	out->weekday = (int)(out->days + 3 - floor_div(out->days + 3, 7) * 7) + 1;
	/* a week belongs to the year of its Thursday */
	thursday = out->days + 4 - out->weekday;
	when_date(thursday, &out->week_year, &month, &day);
	out->week = (int)((thursday - when_days(out->week_year, 1, 1)) / 7) + 1;
}

int64_t
when_day_start(int64_t days)
{
	int64_t wall = days * DAY_S, best = wall - offset_at(wall - DAY_S), other;
	struct when_local l;

	other = wall - offset_at(wall + DAY_S);
	if (other < best) {
		int64_t swap = best;

		best = other, other = swap;
	}
	when_local(best * 1000, &l);
	if (l.days != days)
		best = other;
	/* midnight does not exist: the gap is never longer than a few hours */
	for (when_local(best * 1000, &l); l.days < days; when_local(best * 1000, &l))
		best += QUARTER_S;
	return best * 1000;
}

/* The moment at which clocks of the zone show what those of UTC show at wall. A zone changes
 * its offset once in two days at most, so it is that of the day before or of the day behind. */
static int64_t
when_clocks_show(int64_t wall)
{
	int64_t seconds = floor_div(wall, 1000);
	int before = offset_at(seconds - DAY_S), behind = offset_at(seconds + DAY_S);
	bool second =
	    offset_at(seconds - before) != before && offset_at(seconds - behind) == behind;

	return wall - (second ? behind : before) * INT64_C(1000);
}

int64_t
when_read_local(struct slice text)
{
	int64_t when = when_read(text);
	char in_utc[40];

	if (when != WHEN_NONE && text.len == 10 && text.ptr[4] == '-')
		return when_day_start(floor_div(when, DAY_S * 1000));
	if (when != WHEN_NONE || text.len <= 10 || text.len >= sizeof(in_utc))
		return when;
	memcpy(in_utc, text.ptr, text.len);
	in_utc[text.len] = 'Z';
	when = when_read(slice_of(in_utc, text.len + 1));
	return when == WHEN_NONE ? when : when_clocks_show(when);
}
