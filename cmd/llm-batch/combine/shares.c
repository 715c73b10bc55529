/* SPDX-License-Identifier: MIT */
#include "shares.h"

static uint64_t
share_of(uint64_t total, struct share part)
{
	unsigned __int128 all = total, to = part.before + part.own;

	return (uint64_t)(all * to / part.sum - all * part.before / part.sum);
}

static bool
is_total(struct value name)
{
	return json_is(name, "total_tokens") || json_is(name, "totalTokenCount");
}

/* The counts beside a total, and the shares of them: rounded alone it would be another number.
 */
static uint64_t
sum_beside(struct value usage, struct share part, uint64_t *shares)
{
	uint64_t sum = 0, n;

	*shares = 0;
	for (struct value k = json_first(usage); json_type(k); k = json_next(k))
		if (!is_total(k) && json_whole(json_member_value(k), &n)) {
			sum += n;
			*shares += share_of(n, part);
		}
	return sum;
}

void
share_write(struct value usage, struct share part, struct writer *w)
{
	uint64_t shares, sum = sum_beside(usage, part, &shares);

	write_object(w);
	for (struct value k = json_first(usage); json_type(k); k = json_next(k)) {
		struct value v = json_member_value(k);
		bool total = is_total(k);
		uint64_t n;

		if (total && !(json_whole(v, &n) && n == sum))
			continue;
		write_name_slice(w, json_string_raw(k));
		if (json_whole(v, &n))
			write_number(w, total ? shares : share_of(n, part));
		else if (json_type(v) == JSON_OBJECT)
			share_write(v, part, w);
		else
			write_raw(w, json_raw(v));
	}
	write_object_end(w);
}

static struct value
member(struct value object, struct value name)
{
	struct value k =
	    json_type(object) == JSON_OBJECT ? json_first(object) : (struct value){ 0 };

	while (json_type(k) && !slice_eq(json_string_raw(k), json_string_raw(name)))
		k = json_next(k);
	return json_type(k) ? json_member_value(k) : (struct value){ 0 };
}

void
share_add(struct value one, struct value other, struct writer *w)
{
	write_object(w);
	for (struct value k = json_first(one); json_type(k); k = json_next(k)) {
		struct value a = json_member_value(k), b = member(other, k);
		uint64_t n, more;

		if (is_total(k) && !json_type(b))
			continue;
		write_name_slice(w, json_string_raw(k));
		if (json_type(a) == JSON_OBJECT && json_type(b) == JSON_OBJECT)
			share_add(a, b, w);
		else if (json_whole(a, &n) && json_whole(b, &more) && n <= UINT64_MAX - more)
			write_number(w, n + more);
		else
			write_raw(w, json_raw(a));
	}
	for (struct value k = json_first(other); json_type(k); k = json_next(k))
		if (!is_total(k) && !json_type(member(one, k))) {
			write_name_slice(w, json_string_raw(k));
			write_raw(w, json_raw(json_member_value(k)));
		}
	write_object_end(w);
}
