/* SPDX-License-Identifier: MIT */
/* What rows add up to, for all of them and by group. */
#ifndef COST_SUMS_H
#define COST_SUMS_H

#include "base/hash.h"
#include "stats/distinct.h"
#include "stats/latency.h"
#include "cmd/llm-cost/rows/row.h"
#include "cmd/llm-cost/rows/traits.h"

/* Groups that are kept apart; rows of further ones go to a last group without a key. */
#define GROUPS_LIMIT 100000

/* Counts are exact; a set of sums added in another order is the same. */
struct sums {
	uint64_t requests;
	uint64_t input, cached, written, output, reasoning;
	uint64_t unpriced, errors;
	uint64_t wasted; /* requests that were cut, filtered or ended without a reason */
	struct usd cost, wasted_cost;
};

/* Sums of traits. Rates have a count of the calls that tell (…_known) as divisor. */
struct detail {
	uint64_t cacheable, cache_hits; /* calls that the provider's cache could, did serve */
	uint64_t class_known, strong;
	uint64_t calls; /* neither replays nor copies */
	uint64_t unrouted, unmarked;
	uint64_t baseline_known;
	uint64_t user_requests, session_requests;
	struct usd class_cost, strong_cost;
	struct usd unrouted_cost, unmarked_cost;
	struct usd baseline, baseline_cost;
	struct usd user_cost, session_cost;
};
/* Those that most logs tell nothing about: groups have them from the first call that does. */
struct rare {
	uint64_t looked_up, replays; /* asked of our own answer cache, answered by it */
	uint64_t looked_up_tokens, replayed_tokens;
	uint64_t cut, filtered;
	uint64_t attempts_known, retries;
	uint64_t estimated;
	uint64_t logged, logged_known, credits; /* known: with a price of ours too */
	uint64_t judged, worse;
	struct usd estimated_cost, estimated_actual;
	struct usd logged_cost, logged_matched, logged_computed, credit_amount;
};
/* Names and places of all members, in the order of partial reports. */
struct sums_member {
	const char *name;
	size_t offset;
	bool usd;
};
/* ended by a NULL name */
extern const struct sums_member sums_members[], detail_members[], rare_members[];

/* Answers by the number of bits of their output tokens. */
#define LENGTHS 24

struct group {
	struct sums sums;
	struct detail detail;
	struct rare *rare; /* NULL: all nothing; see group_rare */
	struct latency latency;
	struct distinct users, sessions;
	uint32_t lengths[LENGTHS];
	int64_t first, last; /* of the rows that have a time of their own */
	uint64_t timed;      /* how many */
	bool whole;          /* not one group but all: its cost is a sum, be it an empty one */
	/* set when all is summed */
	bool has_units, ranked;
	uint64_t units;                    /* of business, from a file */
	struct usd total_cost, cumulative; /* of all groups, and of those up to this one */
};

struct groups {
	struct hash_map keys; /* as by_key makes them */
	struct group *list;   /* by index of the key */
	size_t room;
	size_t recent; /* the index that was found last */
	struct group total;
};
/* The key of the group that takes the rows of groups over the limit: no by_key looks so. */
#define GROUPS_REST SLICE("\n")

/* What one row adds. Counts of a flawed usage are left out, as its amount is. */
struct sums sums_of(const struct row *row);
void sums_add(struct sums *to, const struct sums *from);
void sums_take(struct sums *to, const struct sums *from);

/* The index of the group of this key; a new one is made if the limit allows. */
uint32_t groups_find(struct groups *g, struct slice key);
/* Adds the row to the group; with old, a row that was added, in its place. */
void groups_add(struct groups *g, uint32_t index, const struct row *row, const struct row *old);
/* The same for the traits of the row, and of old. */
void groups_note(struct groups *g, uint32_t index, const struct row *row,
    const struct traits *t, const struct row *old, const struct traits *old_traits);
/* In two parts, for calls that are added up first: what each call tells on its own, and the
 * sums of so many. row and t are then the first of them but for their counts and dollars, which
 * are those of all; t NULL: no traits. */
void groups_see(
    struct groups *g, uint32_t index, const struct row *row, const struct traits *t);
void groups_add_alike(struct groups *g, uint32_t index, const struct row *row,
    const struct traits *t, uint64_t calls);
/* To be called once, when all rows are added: only then the total has what they add up to. */
void groups_total(struct groups *g);
/* All of more into one group; whole: it is the total. */
void group_merge(struct group *to, const struct group *more);
/* All groups of from, each into the group of to that rekey names (key is cleared before), and
 * the total as it is. */
typedef void (*rekey_fn)(void *context, struct slice old_key, struct buf *key);
void groups_roll(struct groups *to, const struct groups *from, rekey_fn rekey, void *context);
/* k of the sketches in this group. */
static inline uint32_t
group_k(const struct group *g)
{
	return g->whole ? DISTINCT_TOTAL : DISTINCT_GROUP;
}
/* Answers at least four times as long as any of the half that is shortest (by powers of two).
 */
uint64_t group_long_answers(const struct group *g);
/* What stands in rare, or nothing at all. */
const struct rare *group_rare(const struct group *g);
/* The same to be added to. */
struct rare *group_rare_make(struct group *g);
void group_free(struct group *g);
void groups_free(struct groups *g);

#endif
