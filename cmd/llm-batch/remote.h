/* SPDX-License-Identifier: MIT */
/* Calls of OpenAI's files and batches interface. Addresses are built from ids that are checked;
 * an address that an answer names is never used. */
#ifndef LLM_BATCH_REMOTE_H
#define LLM_BATCH_REMOTE_H

#include "jobs.h"
#include "json/scan.h"
#include "net/http.h"

struct remote {
	struct http *http;
	struct buf body;
	struct json json;
	struct arena arena;
	struct value root; /* of the last answer, where it was JSON; absent otherwise */
};

enum call_end {
	CALL_DONE,    /* root is the answer */
	CALL_REFUSED, /* answered with an error: nothing was done, and again would not help */
	CALL_BUSY,    /* not sent, or answered with 408, 409 or 429: nothing was done */
	CALL_UNKNOWN  /* nobody knows whether it was done */
};

void remote_open(struct remote *r);
void remote_close(struct remote *r);
/* An id that fits into an address: letters, digits, '-', '_', '.'. */
bool remote_id(const char *id);
/* GET of head + id + tail, repeated where that can help. False: the reason was said. */
bool remote_get(struct remote *r, const char *head, const char *id, const char *tail);
/* Its body to the end of descriptor fd. */
bool remote_download(struct remote *r, const char *file, int fd);
/* One POST, never repeated here; why it failed is said, but for CALL_BUSY. *wait: ms after
 * which a busy provider wants to be asked again, -1 if it does not say. */
enum call_end remote_post(struct remote *r, const char *path, struct slice body, int64_t *wait);
enum call_end remote_upload(struct remote *r, const char *file, int64_t *wait);
/* Looks for the batch that carries our tag in its metadata. 1: *batch is its id (arena); 0: the
 * whole list was read and it is not there; -1: the list cannot be read. Batches made since the
 * time since (ms) for this endpoint that carry no tag are appended to others, a line each. */
int remote_find_batch(struct remote *r, const struct job *job, int64_t since,
    const char **batch, struct buf *others);
/* The uploaded file of that name: 1, 0 or -1 as above. */
int remote_find_file(struct remote *r, const char *name, uint64_t bytes, const char **file);
/* Pauses for ms. */
void remote_pause(int64_t ms);
/* Takes status, output and error file from a batch object into the job. */
void remote_take_status(struct remote *r, struct job *job);

#endif
