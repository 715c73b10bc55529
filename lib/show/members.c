/* SPDX-License-Identifier: MIT */
#include "show/members.h"

#define PERCENT_DECIMALS 6

void
member_usd(struct writer *w, const char *name, struct usd d)
{
	char text[64];

	write_name(w, name);
	write_z(w, usd_write(d, text));
}

void
member_count(struct writer *w, const char *name, uint64_t n)
{
	write_name(w, name);
	write_number(w, n);
}

void
member_text(struct writer *w, const char *name, const char *text)
{
	write_name(w, name);
	write_z(w, text);
}

static void
raw_number(struct writer *w, const char *name, struct slice text)
{
	write_name(w, name);
	write_raw(w, text);
}

void
member_real(struct writer *w, const char *name, double x)
{
	struct arena a = { 0 };

	raw_number(w, name, cell_real(x, &a));
	arena_close(&a);
}

void
member_figure(struct writer *w, const char *name, struct figure f)
{
	struct buf text = { 0 };

	figure_json(f, &text);
	raw_number(w, name, buf_slice(&text));
	buf_free(&text);
}

/* Millionths of a per cent, half away from zero; false if that has no sense. */
static bool
percent_millionths(struct usd part, struct usd whole, __int128 *out)
{
	__int128 n = part.units, d = whole.units;

	if (d < 0) {
		n = -n;
		d = -d;
	}
	if (!d)
		return false;
	/* room for the factor below: what is lost is far behind the last decimal */
	while ((n < 0 ? -n : n) >> 97 || d >> 97) {
		n /= 2;
		d /= 2;
	}
	if (!d)
		return false;
	n *= 100 * 1000000;
	*out = (n < 0 ? n - d / 2 : n + d / 2) / d;
	return true;
}

struct slice
percent_text(struct usd part, struct usd whole, unsigned decimals, bool sign, struct arena *a)
{
	struct usd share = { 0 };
	char text[64], *point;

	if (!percent_millionths(part, whole, &share.units))
		return SLICE("-");
	share.units *= 100000000000000; /* from 10^-6 to the 10^-20 of usd_write */
	usd_round(share, decimals, text);
	point = strchr(text, '.');
	if (point && decimals == PERCENT_DECIMALS) {
		char *end = text + strlen(text);

		while (end[-1] == '0')
			*--end = '\0';
		if (end[-1] == '.')
			end[-1] = '\0';
	}
	return arena_printf(a, "%s%s", sign && text[0] != '-' ? "+" : "", text);
}

void
member_percent(struct writer *w, const char *name, struct usd part, struct usd whole)
{
	struct arena a = { 0 };
	struct slice text = percent_text(part, whole, PERCENT_DECIMALS, false, &a);
	char *plain = arena_alloc(&a, text.len + 1);
	size_t len = 0;

	/* no separators in a JSON number */
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] != ',')
			plain[len++] = text.ptr[i];
	raw_number(w, name, slice_eq(text, SLICE("-")) ? SLICE("null") : slice_of(plain, len));
	arena_close(&a);
}

void
member_share(struct writer *w, const char *name, struct usd part, struct usd whole)
{
	struct usd share;
	char text[64];

	write_name(w, name);
	if (!percent_millionths(part, whole, &share.units)) {
		write_null(w);
		return;
	}
	share.units *= 1000000000000; /* from 10^-8 to the 10^-20 of usd_write */
	write_raw(w, slice_z(usd_write(share, text)));
}

static void
add_people(struct figure f, unsigned decimals, struct buf *out)
{
	bool share = f.kind == FIGURE_RATIO || f.kind == FIGURE_SHARE;

	/* a hundred times a ratio, so that its two decimals are those of the per cent */
	if (f.kind == FIGURE_RATIO)
		f = (struct figure){ .kind = FIGURE_SHARE,
			.usd.units = (__int128)f.n * 100,
			.whole.units = (__int128)f.d };
	else if (share)
		f.usd = usd_times(f.usd, 100);
	figure_people(f, decimals, out);
	if (share)
		buf_add(out, SLICE(" %"));
}

struct slice
cell_count(uint64_t n, struct arena *a)
{
	return cell_figure((struct figure){ .kind = FIGURE_COUNT, .n = n }, true, 0, a);
}

struct slice
cell_usd(struct usd d, unsigned decimals, struct arena *a)
{
	char text[64];

	return arena_copy(a, slice_z(usd_round(d, decimals, text)));
}

struct slice
cell_share(double share, struct arena *a)
{
	return arena_printf(a, "%.2f %%", share * 100.0);
}

struct slice
cell_figure(struct figure f, bool people, unsigned decimals, struct arena *a)
{
	struct buf text = { 0 };
	struct slice out;

	if (people)
		add_people(f, decimals, &text);
	else
		figure_plain(f, &text);
	out = arena_copy(a, buf_slice(&text));
	buf_free(&text);
	return out;
}

struct slice
cell_real(double x, struct arena *a)
{
	return arena_printf(a, "%.6g", x);
}

void
table_as(const char *format, const struct table *t, struct buf *out)
{
	if (*format == 'c')
		table_csv(t, out);
	else if (*format == 'm')
		table_markdown(t, out);
	else
		table_people(t, out);
}
