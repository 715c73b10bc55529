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
	bool grounded; /* those were Gemini's, which some models bill once a prompt */
	uint64_t file_searches, images, characters;
	uint64_t containers; /* sessions of a code interpreter, one a container of the answer */
	uint64_t milliseconds; /* of audio or of a machine, as the usage tells them */
	uint64_t
	    latency; /* of the call: what a machine is paid for that has no usage of time */
	uint64_t storage;    /* tokens * minutes that a cache was kept for */
	bool replayed;       /* a gateway answered from its own cache: no provider billed it */
	bool batch;          /* the row is of a batch, by its form */
	bool utc;            /* its time has no zone, and is UTC */
	bool failed;         /* a row of a log says that the call failed */
	struct value beside; /* usage objects billed beside the counts; see usage_beside */
	size_t beside_most;  /* so many of them alone; 0: all */
	bool several;        /* the line has several calls, see usage_span */
	struct value span;   /* OpenTelemetry: the span, absent for another line */
	struct slice service_tier; /* of the answer: the one billed; ptr NULL if it says none */
	struct slice region;   /* where it ran, if the price depends on that; else ptr NULL */
	struct value object;   /* the usage object itself */
	struct value model;    /* model that stands beside it, absent if none */
	struct value time;     /* time that stands beside it, absent if none */
	struct value provider; /* provider that the line names, absent if none */
	struct value took;     /* milliseconds that the call took, absent if the row has none */
	struct value ended;    /* when it ended, absent if the row does not tell */
};

/* Are there no counts but tokens of text, all of one call and none in doubt? */
static inline bool
usage_is_plain(const struct usage *u)
{
	return !(u->audio_in | u->audio_out | u->audio_cached | u->image_in | u->image_out |
		   u->image_cached | u->web_searches | u->file_searches | u->images |
		   u->characters | u->containers | u->milliseconds | u->storage) &&
	       !u->grounded && !u->beside.json && !u->flaw;
}
/* The usage of an answered record or a usage line. False where there is none (null counts as
 * none). A usage that contradicts itself is present and has a flaw: flag it, never guess. */
bool usage_read(const struct request *r, struct usage *u);
/* What was billed beside the counts of u, at the price of its own model (Anthropic's iterations
 * of other types than `message`): the first with *at zeroed, then the next; part->model is the
 * model, absent for that of u. False at the end. */
bool usage_beside(const struct usage *u, struct value *at, struct usage *part);
/* Of a line that has several calls (an export of OpenTelemetry): the one of this index, 0 the
 * first. False at the end. usage_read gives the first of them with a flaw. */
bool usage_span(const struct request *r, size_t index, struct usage *u);
/* request_read and usage_read in one walk, for lines as most logs have them: an answer with its
 * usage at the top, or an agent's transcript. */
enum usage_quick {
	USAGE_QUICK_NOT,     /* another line: r and u are not set, ask the two others */
	USAGE_QUICK_NOTHING, /* an object of no known shape; r is set */
	USAGE_QUICK_CALL     /* r and u are what the two others would give */
};
struct usage_hints {
	bool fields;             /* --field was given: ask request_attribute */
	bool transcript;         /* the call stands in `message` */
	bool no_ending;          /* answer_ending is ENDING_UNKNOWN */
	struct value choices;    /* by which the answer ended; absent: ask answer_ending */
	struct value id;         /* of the answer, or of the message; absent if none */
	struct value request_id; /* requestId of a transcript, else request_id */
	struct value object;     /* "chat.completion" … */
	struct value lane;       /* request_attribute(r, "lane"), unless fields */
};
enum usage_quick usage_quick(
    struct json *json, struct request *r, struct usage *u, struct usage_hints *h);
/* True if root looks like a usage log line: used by request_read for SHAPE_USAGE. */
bool usage_line(struct value root);

#endif
