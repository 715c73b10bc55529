/* SPDX-License-Identifier: MIT */
#include "net/http.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"
#include "net/transfer.h"

struct http {
	CURLM *multi;
	struct http_options options;
	struct transfer *active;
	size_t active_count;
	size_t owed; /* active ones with setup_failed */
	CURL **idle; /* easy handles for reuse: they keep their buffers */
	size_t idle_count, idle_room;
	char last_error[CURL_ERROR_SIZE], last_id[128], last_header[2048]; /* of http_do */
};

struct http *
http_open(const struct http_options *o)
{
	struct http *h = mem_zero(sizeof(*h));

	libcurl_load();
	if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		diag_die(STATUS_FAILED, "libcurl does not start");
	h->options = *o;
	if (h->options.connect_timeout <= 0)
		h->options.connect_timeout = 30 * 1000;
	if (h->options.max_time <= 0)
		h->options.max_time = 600 * 1000;
	h->multi = curl.multi_init();
	if (!h->multi)
		diag_die(STATUS_FAILED, "out of memory");
	return h;
}

static void
active_add(struct http *h, struct transfer *t)
{
	t->next = h->active;
	if (h->active)
		h->active->previous = t;
	h->active = t;
	h->active_count++;
}

void
http_start(struct http *h, const struct http_call *call)
{
	struct transfer *t = mem_zero(sizeof(*t));

	t->http = h;
	t->options = &h->options;
	t->call = *call;
	t->body_fd = -1;
	t->easy = h->idle_count ? h->idle[--h->idle_count] : curl.easy_init();
	active_add(h, t);
	if (t->easy && transfer_prepare(t) &&
	    curl.multi_add_handle(h->multi, t->easy) == CURLM_OK)
		return;
	if (!t->failure)
		t->failure = "the transfer cannot be set up";
	t->setup_failed = true;
	h->owed++;
}

size_t
http_active(const struct http *h)
{
	return h->active_count;
}

/* Its handle is kept for the next one. */
static void
finished(struct transfer *t)
{
	struct http *h = t->http;
	CURL *easy = t->easy;

	transfer_free(t);
	if (!easy)
		return;
	if (h->idle_count == h->idle_room) {
		h->idle_room = h->idle_room ? 2 * h->idle_room : 8;
		h->idle = mem_grow(h->idle, h->idle_room, sizeof(CURL *));
	}
	h->idle[h->idle_count++] = easy;
}

/* Out of the list and out of libcurl, but not freed yet. */
static void
transfer_detach(struct transfer *t)
{
	struct http *h = t->http;

	if (t->next)
		t->next->previous = t->previous;
	if (t->previous)
		t->previous->next = t->next;
	else
		h->active = t->next;
	h->active_count--;
	if (t->setup_failed)
		h->owed--;
	else
		curl.multi_remove_handle(h->multi, t->easy);
}

static void
transfer_finish(struct transfer *t, CURLcode code)
{
	struct http_answer a = transfer_answer(t, code);

	transfer_detach(t);
	t->call.done(t->call.context, &a);
	finished(t);
}

static void
finish_owed(struct http *h)
{
	/* those that done starts, and that fail too, wait for the next round */
	for (size_t left = h->owed; left; left--) {
		struct transfer *t = h->active;

		while (t && !t->setup_failed)
			t = t->next;
		if (t)
			transfer_finish(t, CURLE_FAILED_INIT);
	}
}

/* True if any has ended. */
static bool
finish_done(struct http *h)
{
	CURLMsg *message;
	bool any = false;
	int left;

	while ((message = curl.multi_info_read(h->multi, &left))) {
		struct transfer *t = NULL;
		CURLcode code = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&t);
		transfer_finish(t, code);
		any = true;
	}
	return any;
}

void
http_wait(struct http *h, int descriptor, int64_t ms)
{
	struct curl_waitfd extra = { .fd = descriptor, .events = CURL_WAIT_POLLIN };
	int running, wait = ms < 0 ? 0 : ms > INT_MAX ? INT_MAX : (int)ms;

	if (h->owed) {
		finish_owed(h);
		wait = 0;
	}
	curl.multi_perform(h->multi, &running);
	/* nothing may come that would wake who waits for what has ended already */
	if (finish_done(h))
		wait = 0;
	curl.multi_poll(h->multi, &extra, descriptor >= 0 ? 1 : 0, wait, NULL);
	curl.multi_perform(h->multi, &running);
	finish_done(h);
}

struct waited {
	struct http *http;
	struct http_answer answer;
	struct buf *out;
	bool done;
};

static void
on_waited(void *context, const struct http_answer *answer)
{
	struct waited *w = context;

	w->answer = *answer;
	buf_clear(w->out);
	buf_add(w->out, answer->body);
	w->answer.body = buf_slice(w->out);
	if (answer->error) {
		snprintf(w->http->last_error, sizeof(w->http->last_error), "%s", answer->error);
		w->answer.error = w->http->last_error;
	}
	snprintf(w->http->last_header, sizeof(w->http->last_header), "%.*s",
	    SLICE_ARG(answer->header));
	w->answer.header = slice_z(w->http->last_header);
	if (answer->request_id.ptr) {
		snprintf(w->http->last_id, sizeof(w->http->last_id), "%.*s",
		    SLICE_ARG(answer->request_id));
		w->answer.request_id = slice_z(w->http->last_id);
	}
	w->done = true;
}

struct http_answer
http_do(struct http *h, const struct http_call *call, struct buf *out)
{
	struct waited w = { .http = h, .out = out };
	struct http_call mine = *call;

	mine.done = on_waited;
	mine.context = &w;
	http_start(h, &mine);
	while (!w.done)
		http_wait(h, -1, 1000);
	return w.answer;
}

void
http_close(struct http *h)
{
	if (!h)
		return;
	while (h->active) {
		struct transfer *t = h->active;

		transfer_detach(t);
		finished(t);
	}
	for (size_t i = 0; i < h->idle_count; i++)
		curl.easy_cleanup(h->idle[i]);
	free(h->idle);
	curl.multi_cleanup(h->multi);
	free(h);
	curl.global_cleanup();
}

const char *
http_version(void)
{
	static char text[64];

	libcurl_load();
	snprintf(text, sizeof(text), "libcurl %s", curl.version_info(CURLVERSION_NOW)->version);
	return text;
}
