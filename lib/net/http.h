/* SPDX-License-Identifier: MIT */
/* The only file that knows libcurl: many transfers in one loop, no threads.
 *
 * No redirects are followed, no .netrc is read, only http and https are spoken, certificates
 * are verified. Proxy variables and the user's CA settings (--cacert, CURL_CA_BUNDLE,
 * SSL_CERT_FILE, SSL_CERT_DIR) are honoured. What is no GET is put on the wire at most once:
 * where libcurl would repeat it by itself (a kept connection that died), the outcome is
 * HTTP_UNKNOWN instead. */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "base/buf.h"

struct http;
struct http_answer;

struct http_options {
	const char *cacert;      /* or NULL; must live as long as the loop */
	int64_t connect_timeout; /* ms; 0: 30 s */
	int64_t first_byte; /* ms from the last sent byte to the first one of an answer; 0: as
			       long as the transfer may take. Looked at once a second or more */
	int64_t max_time;   /* ms for a whole transfer; 0: 10 minutes */
};

struct http_header {
	const char *name;
	const char *value; /* may be a secret: never printed */
};

struct http_call {
	const char *method; /* "GET", "POST", "DELETE" */
	const char *url;
	const struct http_header *headers; /* ended by a NULL name, or NULL; copied */
	struct slice body; /* sent as it is, as application/json unless a header says
			      otherwise; must live until done */
	const char
	    *form_file; /* not NULL: a multipart upload of this file, read while it is sent … */
	const char *form_purpose; /* … with this purpose member (OpenAI files) */
	const char *body_file;    /* not NULL: the body is this file, read while it is sent */
	const char *want_header;  /* not NULL: the answer's `header` is the value of this one */
	int output;       /* >= 0: a 2xx body goes to this descriptor instead of memory; -1 */
	int64_t max_time; /* ms, 0: the loop's */
	void (*begun)(void *context); /* not NULL: the first bytes of a 2xx body came */
	void (*done)(void *context, const struct http_answer *answer);
	void *context;
};

enum http_outcome {
	HTTP_ANSWERED, /* a whole answer came, whatever its status */
	HTTP_NOT_SENT, /* it certainly did not reach the server: name, connect, TLS handshake */
	HTTP_UNKNOWN   /* sent at least in part, no whole answer came */
};
/* What an answer tells of the rate limits: how many may go in all and how many are left, each
 * -1 if not told, and in how many ms the rest is whole again, 0 if not told. Of requests and
 * tokens. */
struct http_rates {
	int64_t limit[2], left[2], reset[2];
};
struct http_answer {
	enum http_outcome outcome;
	const char
	    *error; /* for people, without secrets; NULL if answered; valid during done */
	bool timed_out;
	unsigned status;     /* 0 if none came */
	struct slice body;   /* valid during done; in memory it is at most 256 MiB */
	int64_t retry_after; /* ms from now, -1 if not told; see retry_after */
	int64_t first_byte_ms, total_ms;
	struct http_rates rates;
	struct slice
	    header; /* that the call wants; empty if it did not come; valid during done */
	struct slice
	    request_id; /* x-request-id or request-id, ptr NULL if none; valid during done */
};

struct http *http_open(const struct http_options *o);
/* Starts a call; done is called from http_wait, also for failures. The struct is copied, its
 * body is not. done may start other calls. */
void http_start(struct http *h, const struct http_call *call);
/* Calls whose done has not been called yet. */
size_t http_active(const struct http *h);
/* Waits until something happens on a transfer, on descriptor (-1: none) becoming readable, or
 * for at most ms; works the transfers. */
void http_wait(struct http *h, int descriptor, int64_t ms);
/* One call, waited for; its done and context are not used. The body is in out (replaced), which
 * answer.body points into; error and request_id live until the next http_do. */
struct http_answer http_do(struct http *h, const struct http_call *call, struct buf *out);
/* Ends all transfers without calling done. NULL is fine. */
void http_close(struct http *h);
const char *http_version(void); /* "libcurl 7.88.1" */

#endif
