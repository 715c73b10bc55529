/* SPDX-License-Identifier: MIT */
/* Lines that say whether a semantic hit was right: what get --judged, verify and tune read. */
#ifndef VERDICTS_H
#define VERDICTS_H

#include "base/digest.h"
#include "json/scan.h"

struct verdict_line {
	unsigned char asked[DIGEST_SIZE], entry[DIGEST_SIZE]; /* keys */
	bool has_keys;
	double score, closeness; /* closeness: the score where it is not told */
	bool has_score;
	bool right;
	bool explored; /* it was none, and went on to be judged for its entry's sake */
	bool checked;  /* of a hit that went on to be judged; else it was served */
	struct slice tier, embedding; /* in the arena, "" where not told */
	struct slice text, other;     /* a labelled pair; ptr NULL else */
};

enum verdict_kind {
	VERDICT_NONE,    /* the line is about no semantic hit, and no pair */
	VERDICT_MISSING, /* it is, and has no verdict */
	VERDICT_UNKNOWN, /* its verdict is no word that we know */
	VERDICT_GOOD
};
enum verdict_kind verdict_read(struct value root, struct arena *a, struct verdict_line *v);

#endif
