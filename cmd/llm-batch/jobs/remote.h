/* SPDX-License-Identifier: MIT */
/* Calls of a provider's batch interface. Addresses are built from ids that are checked; a host
 * that an answer names is never asked. */
#ifndef LLM_BATCH_REMOTE_H
#define LLM_BATCH_REMOTE_H

#include "jobs.h"
#include "json/scan.h"
#include "net/http.h"
#include "net/keys.h"

#define REMOTE_ID 200

struct service;

struct remote {
	struct http *http;
	const struct service *service;
	struct buf body;
	struct json json;
	struct arena arena;
	struct value root;  /* of the last answer, where it was JSON; absent otherwise */
	char id[REMOTE_ID]; /* that the last creation or upload gave; "" if none */
	char why[300];      /* why the last remote_send failed */
	char header[2048];  /* what the last call wanted; "" if it did not come */
};

enum call_end {
	CALL_DONE,    /* root is the answer */
	CALL_REFUSED, /* answered with an error: nothing was done, and again would not help */
	CALL_BUSY,    /* not sent, or answered with 408, 409 or 429: nothing was done */
	CALL_UNKNOWN  /* nobody knows whether it was done */
};

void remote_open(struct remote *r, const struct service *service);
void remote_close(struct remote *r);
/* An id that fits into an address: letters, digits, '-', '_', '.'. */
bool remote_id(const char *id);
/* The address of a path beside the version that the base URL may end with; run lifetime. */
const char *remote_root_url(struct remote *r, const char *path);
/* What of an address stands behind its host, in the arena; NULL if it has no such form. */
const char *remote_path_of(struct remote *r, const char *url);
/* GET of head + id + tail, repeated where that can help. False: the reason was said. */
bool remote_get(struct remote *r, const char *head, const char *id, const char *tail);
/* The body of a path to the end of descriptor fd. */
bool remote_download(struct remote *r, const char *path, int fd);
/* One call, never repeated here; why it failed is said, but for CALL_BUSY, and stands in
 * r->why. *wait: ms after which a busy provider wants to be asked again, -1 if it does not say.
 * remote_send: the call has its address. */
enum call_end remote_call(
    struct remote *r, struct http_call *c, const char *path, const char *what, int64_t *wait);
enum call_end remote_send(
    struct remote *r, struct http_call *c, const char *what, int64_t *wait);
/* Looks for the batch that carries our tag. 1: it is found, its id in r->id, and root is the
 * batch; 0: the whole list was read and it is not there; -1: the list cannot be read. Batches
 * made since the time since (ms) that could be it, and carry no tag, are appended to others, a
 * line each. */
int remote_find_batch(
    struct remote *r, const struct job *job, int64_t since, struct buf *others);
/* The uploaded file of that name: 1 (id in r->id), 0 or -1 as above. */
int remote_find_file(struct remote *r, const char *name, uint64_t bytes);
/* Calls each(context, item) for all batches of the list; false if it cannot be read to its end.
 */
bool remote_list(
    struct remote *r, void (*each)(void *context, struct value item), void *context);
/* Waits before another try, as long as the provider told (ms; -1: it did not) or a random time
 * that grows with the tries so far; false, at once, where there is to be none: there were
 * enough, or it would be longer than --max-time. */
bool remote_again(int64_t told, unsigned attempt);
/* Pauses for ms. */
void remote_pause(int64_t ms);
/* Takes status, result files and time of creation from the batch that is root into the job. */
void remote_take_status(struct remote *r, struct job *job);

#endif
