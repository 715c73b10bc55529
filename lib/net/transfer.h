/* SPDX-License-Identifier: MIT */
/* One call as libcurl makes it: what is sent, and what came of it. */
#ifndef NET_TRANSFER_H
#define NET_TRANSFER_H

#include "net/http.h"
#include "net/libcurl.h"
#include "net/told.h"

struct transfer {
	struct http *http;
	const struct http_options *options;
	struct transfer *next, *previous; /* among the active ones */
	CURL *easy;
	struct http_call call;
	struct curl_slist *headers;
	curl_mime *form;
	struct buf body;
	unsigned issued;     /* how often libcurl was about to put the request on the wire */
	const char *failure; /* a reason of our own (static), or NULL */
	int output_errno;
	bool setup_failed; /* never given to libcurl; done is still owed */
	bool answering;    /* the first byte came */
	bool begun;        /* and the first of a good body, which was told */
	bool late;         /* it did not come in time */
	curl_off_t uploaded;
	int64_t quiet_since; /* ticks; nothing was sent or received since */
	char error[CURL_ERROR_SIZE];
	struct told told;
	int body_fd;
};

/* Tells t->easy what t->call and t->options say; false with t->failure. */
bool transfer_prepare(struct transfer *t);
/* What came of it; texts and body belong to t. */
struct http_answer transfer_answer(struct transfer *t, CURLcode code);
/* Wipes headers, gives all back but t->easy, which is as new, and frees t. */
void transfer_free(struct transfer *t);

#endif
