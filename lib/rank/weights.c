/* SPDX-License-Identifier: MIT */
/* The numbers of scripts/fit-rank. */
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
	.section_b = 0.665f,
	.width = 200,
	.wide = 200,
	.window_k1 = 40,
	.window = 1,
	.phrase = 0.3f,
	.meaning_section = 0.8f,
	.part = 0.3f,
	.feedback = 0.05625f,
	.rare = 1.33f,
	.across = 1,
};
