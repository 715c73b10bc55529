/* SPDX-License-Identifier: MIT */
/* Usage objects of all providers, brought to one form: which count contains which. */
#ifndef MODEL_USAGE_H
#define MODEL_USAGE_H

#include "model/request.h"

/* Counts of one answer. input is everything sent: fresh + cached + written. */
struct usage {
	bool present;        /* the record has a usage object */
	const char *flaw;    /* why the counts cannot be trusted (static), or NULL */
	const char *dialect; /* "openai", "anthropic", "gemini", "converse" … (static) */
	uint64_t input;
	uint64_t cached;     /* part of input that was read from the provider's cache */
	uint64_t written_5m; /* part of input that was written to it, for 5 minutes or unsaid */
	uint64_t written_1h; /* part of input, one hour */
	uint64_t output;     /* everything generated, reasoning included */
	uint64_t reasoning;  /* part of output */
	uint64_t audio_in, audio_out;               /* parts of input and output */
	uint64_t audio_cached;                      /* part of both audio_in and cached */
	uint64_t image_in, image_out, image_cached; /* the same for images and documents */
	uint64_t web_searches;
	struct slice service_tier; /* of the answer: the one billed; ptr NULL if it says none */
	struct slice region;   /* where it ran, if the price depends on that; else ptr NULL */
	struct value object;   /* the usage object itself */
	struct value model;    /* model that stands beside it, absent if none */
	struct value time;     /* time that stands beside it, absent if none */
	struct value provider; /* provider that the line names, absent if none */
};

/* The usage of an answered record or a usage line. False where there is none (null counts as
 * none). A usage that contradicts itself is present and has a flaw: flag it, never guess. */
bool usage_read(const struct request *r, struct usage *u);
/* True if root looks like a usage log line: used by request_read for SHAPE_USAGE. */
bool usage_line(struct value root);

#endif
