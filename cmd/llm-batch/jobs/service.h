/* SPDX-License-Identifier: MIT */
/* What a provider's batch interface looks like: its paths, bodies and states. The steps of a
 * job are the same everywhere (submit.c, status.c, fetch.c); each provider is one file. */
#ifndef LLM_BATCH_SERVICE_H
#define LLM_BATCH_SERVICE_H

#include "remote.h"

/* A batch as its object tells it; texts are in the remote's arena, NULL where not told. */
struct standing {
	const char *id;
	const char
	    *status;                 /* in OpenAI's words: validating, in_progress, finalizing,
					completed,	  failed, expired, cancelling, cancelled; "full": the
					queue had no room,	  nothing ran, it may be created again */
	const char *output, *errors; /* ids of result files */
	const char *tag; /* ours, or of another program (then it is not this job's) */
	const char *endpoint;
	int64_t created; /* ms since 1970, 0 if not told */
	bool counted;
	uint64_t total, completed, failed;
};

struct service {
	const char *name; /* of --for */
	enum net_provider speaks;
	bool files;    /* the input is uploaded, and the batch names it; else it is the body */
	bool tagged;   /* a batch carries our tag and is found again by it */
	bool one_file; /* results of both kinds come in one file */
	bool wants_model;       /* the job names the model */
	const char *files_list; /* path that lists uploaded files, ready for a query */
	const char *file_items; /* the array in that list */
	const char *batches;    /* path of the batches; one of them stands below it */
	const char *items;      /* the array in their list */
	/* One attempt each, as remote_post; the id of the file is in r->id after CALL_DONE. */
	enum call_end (*upload)(struct remote *r, const char *file, int64_t *wait);
	enum call_end (*create)(
	    struct remote *r, const struct job *job, const char *copy, int64_t *wait);
	/* Is this item of files_list the file of that name and size? Its id. */
	const char *(*is_file)(
	    struct remote *r, struct value item, const char *name, uint64_t bytes);
	enum call_end (*cancel)(struct remote *r, const char *batch);
	void (*read)(struct remote *r, struct value batch, struct standing *s);
	/* Adds the query of page number n (from 0; root is the page before) to out; false:
	 * there is none. */
	bool (*page)(struct remote *r, unsigned n, struct buf *out);
	/* Path of the results, or of the error file. */
	void (*result)(const struct job *job, bool errors, struct buf *path);
	/* Names what is wrong with a failed batch, which is root. */
	void (*complain)(struct remote *r, const struct job *job);
};

extern const struct service service_openai, service_azure, service_anthropic, service_gemini,
    service_mistral;

/* NULL where nothing of that name is spoken to over HTTP. */
const struct service *service_named(const char *name);
/* "openai, azure, …" */
const char *service_names(void);

bool service_ask(struct remote *r, const char *batch); /* root is the batch then */

/* For the files of the providers. */
/* POST of a body, or of a file, to the path of the batches; its id is taken. */
enum call_end service_create(
    struct remote *r, struct slice body, const char *body_file, int64_t *wait);
/* POST to its cancel, as most have it. */
enum call_end service_cancel(struct remote *r, const char *batch);
/* Path of a result file where files are those of /v1/files. */
void service_content(const struct job *job, bool errors, struct buf *path);
/* Text of a string member, in the arena; NULL if it is none. */
const char *service_text(struct remote *r, struct value v);
/* A count that is a number or, as Google writes it, a string. */
bool service_count(struct value v, uint64_t *n);
/* Seconds since 1970, or an ISO time: milliseconds; 0 if neither. */
int64_t service_time(struct remote *r, struct value v);
/* The word of a table of pairs (provider's, ours), ended by NULL; "in_progress" for others. */
const char *service_word(struct remote *r, struct value v, const char *const table[][2]);
/* True: has_more, and its last id goes to out behind head. */
bool service_page_after(struct remote *r, unsigned n, const char *head, struct buf *out);
/* True: page n of page/page_size lists. */
bool service_page_number(struct remote *r, unsigned n, const char *items, struct buf *out);
/* HTTP as OpenAI and Mistral have it: multipart upload to /v1/files. */
enum call_end service_upload_form(struct remote *r, const char *file, int64_t *wait);
const char *service_file_named(
    struct remote *r, struct value item, const char *name, uint64_t bytes);

#endif
