/* SPDX-License-Identifier: MIT */
/* llm-cost diff: two sides of rows, matched by id, and what changed between them. */
#ifndef COST_DIFF_H
#define COST_DIFF_H

#include "base/hash.h"
#include "cmd/llm-cost/rows/by.h"
#include "stats/interval.h"

/* One record of one side: what is needed to price it again, at any prices. */
struct diff_row {
	const char *file;
	uint64_t line;
	uint32_t id;    /* of struct diff.ids */
	uint32_t group; /* of struct diff.groups */
	uint32_t name;  /* of struct diff.names: model, newline, provider */
	bool request;   /* not answered: its input alone is known */
	bool failed, has_usage, replay;
	bool us;       /* ran in a region that is priced apart */
	bool own_time; /* `when` is the record's */
	bool bounded;  /* `most` is right */
	enum lane lane;
	int64_t when; /* whose price it was */
	uint64_t input, cached, written_5m, written_1h, output, reasoning;
	uint64_t audio_in, audio_out, audio_cached, image_in, image_out, image_cached;
	uint64_t web_searches;
	uint64_t most;        /* of a request: output tokens at most */
	const char *unpriced; /* why there is no amount; NULL: usd is right */
	struct usd usd;       /* as it was billed, or as the summary says */
	struct slice key;     /* of a summary's row, till it is matched: values of --by */
};

struct diff_side {
	const char *name;
	struct diff_row *row;
	size_t count, room;
	bool summary;    /* a saved one */
	struct buf pins; /* its price rows, one a line */
	char date[16];   /* of its price table */
	uint64_t skipped;
	struct hash_map seen; /* ids */
	uint32_t *times;      /* by index of seen: how often so far */
	size_t times_room;
	uint64_t estimated; /* rows whose tokens are an estimate */
	uint64_t nameless;  /* rows without an id, matched by their line */
};

enum diff_verdict { DIFF_OK, DIFF_UNCLEAR, DIFF_WORSE };
extern const char *const diff_verdict_name[];

/* What changed in a group, or in all. */
struct diff_sums {
	uint64_t pairs, answers; /* compared; of them, those with answers on both sides */
	uint64_t up, down;       /* pairs that cost more, less */
	struct usd base, new;    /* at the same prices */
	struct usd price_moved;  /* what the base costs more by prices alone */
	uint64_t base_input, new_input, base_output, new_output;
	struct usd base_worst, new_worst; /* of requests, their longest answer included */
	uint64_t unbounded;
	struct usd base_expected, new_expected; /* of requests, with a usual answer */
	uint64_t added, removed;
	struct usd added_usd, removed_usd;
	/* judged */
	uint64_t limit; /* millionths */
	enum diff_verdict verdict;
	const char *test; /* "exact", "sign", "bootstrap", "normal", NULL: none was needed */
	double chance, level;
	bool has_range;
	struct interval range; /* of the relative change */
	bool has_typical;
	double typical, spread; /* median of the rows' relative changes, and its MAD */
	char reason[160];
};

struct diff_pair {
	uint32_t base, new; /* rows of the sides */
	struct usd base_usd, new_usd;
};

struct diff {
	struct by by;
	struct diff_side base, new;
	struct hash_map ids, groups, names;
	struct diff_sums total, *group;
	struct diff_pair *pair; /* by rising group, then as in the new side */
	size_t pair_count, *group_begins;
	uint64_t unpriced, failed, mixed; /* pairs that were not compared */
	uint64_t unpinned;                /* pairs whose price the summary does not have */
	bool no_base;                     /* there is no baseline yet */
	bool pin, worst;                  /* options */
	bool limited;                     /* --max-increase was given */
	struct option_list limits;
	uint64_t seed;
	double confidence;
	enum diff_verdict verdict;
};

/* Reads one side: records, a saved summary or, with text, one text; ends the run with status 2
 * where a summary is broken. */
void diff_read(struct diff *d, struct diff_side *side, const char *file, bool text,
    const char *model, const char *id_path);
/* One more row of the side, with its id. */
struct diff_row *diff_add(struct diff *d, struct diff_side *side, struct slice id);
/* What these counts cost by the tables as they are now; false: no price. */
bool diff_price(const struct diff *d, const struct diff_row *row, int64_t when, bool pinned,
    struct usd *out);

/* Is this text the beginning of a saved summary, and one line of it. */
bool diff_is_summary(struct value root);
void diff_summary_line(struct diff *d, struct diff_side *side, const struct record *r);
/* The side as a summary: sorted by id, with the price rows that it used. */
void diff_summary_write(const struct diff *d, const struct diff_side *side, struct buf *out);

/* Matches, adds up, judges. */
void diff_match(struct diff *d);
void diff_judge(struct diff *d);

/* What 1,000 rows cost, those on one side alone included; false where a side has none. */
bool diff_per_1k(const struct diff_sums *s, struct usd *base, struct usd *new);

/* Why a verdict, a count or a row is what it is, for all formats. */
#define DIFF_WORST 20
/* The pairs that rose most (of none rose: that fell most), at most DIFF_WORST; returns how
 * many. */
size_t diff_worst(const struct diff *d, const struct diff_pair *out[DIFF_WORST]);
/* The same of groups, by their index. */
size_t diff_worst_groups(const struct diff *d, size_t out[DIFF_WORST]);
/* The id that a row was given; of equal ones all have the same. */
struct slice diff_id(const struct diff *d, uint32_t id);
/* A group's key for people. */
struct slice diff_group_text(const struct diff *d, size_t group, struct arena *a);
/* All groups, those that rose most first; the caller frees. */
size_t *diff_order(const struct diff *d, size_t *count);
/* All pairs are of requests that have no answer yet. */
bool diff_is_requests(const struct diff *d);
/* A limit in per cent. */
struct slice diff_limit_text(uint64_t limit, struct arena *a);
/* "+12.34 %", or that there is nothing to compare with. */
struct slice diff_change_text(struct usd base, struct usd new, struct arena *a);
/* One sentence on the whole. */
struct slice diff_sentence(const struct diff *d, struct arena *a);

extern const char *const diff_formats[];
void diff_print(const char *format, const struct diff *d, struct buf *out);
void diff_print_json(const struct diff *d, struct buf *out);
void diff_print_junit(const struct diff *d, struct buf *out);
void diff_print_github(const struct diff *d, struct buf *out);
void diff_close(struct diff *d);

#endif
