/* SPDX-License-Identifier: MIT */
/* The numbers of scripts/fit-rank: of NQ, and of the train split of QMSum. */
#include "rank/score.h"

const struct rank_weights rank_prose = {
	.k1 = 0.9f,
	.b = 0,
	.section_b = 0.75f,
	.heading = 2.66f,
	.width = 20,
	.wide = 100,
	.window_k1 = 20,
	.section = 0.35f,
	.near = 0.2f,
	.phrase = 0.05f,
	.kind = 0.1f,
	.first = 0.02f,
	.meaning_section = 0.5f,
	.part = 0.1f,
	.rare = 1,
	.diverse = 0.0375f,
};

const struct rank_weights rank_dialogue = {
	.k1 = 1.2f,
	.b = 0.3f,
	.section_b = 0.58f,
	.width = 200,
	.wide = 600,
	.reach = 60,
	.window_k1 = 40,
	.window = 1,
	.far = 1,
	.phrase = 0.1f,
	.meaning_section = 0.93f,
	.speaker = 0.6f,
	.feedback = 0.05f,
	.rare = 1.16f,
	.across = 1,
};
