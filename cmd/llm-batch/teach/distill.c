/* SPDX-License-Identifier: MIT */
/* llm-batch distill: answers of a teacher to lines that a smaller model can be trained with.
 * Only whole answers, each question once, none that is nearly the same as another or as one
 * that tests; the split depends on the question alone, so that it is the same tomorrow. */
#include "../batch.h"

#include <stdio.h>
#include <stdlib.h>

#include "../line.h"
#include "base/digest.h"
#include "chat/answer.h"
#include "chat/chat.h"
#include "json/write.h"
#include "private.h"
#include "similar.h"
#include "stream/file.h"
#include "task/wording.h"
#include "text/unicode.h"
#include "texts.h"

static const char *to, *test_file, *holdout, *test_share, *near_share, *personal, *id_path;

const struct option distill_options[] = {
	{ 0, "to", OPTION_TEXT, "P", &to, "openai, together or hf (openai)", NULL },
	{ 0, "test", OPTION_TEXT, "P", &test_share, "share of the questions that test (0%)",
	    NULL },
	{ 0, "test-file", OPTION_TEXT, "F", &test_file, "where those go", NULL },
	{ 0, "holdout", OPTION_TEXT, "F", &holdout,
	    "records or lines that test already: nothing like them is trained", NULL },
	{ 0, "near", OPTION_TEXT, "P", &near_share,
	    "from which share of common words in a row on two questions are one (80%)", NULL },
	{ 0, "pii", OPTION_TEXT, "drop|keep", &personal,
	    "texts that look like personal data or a secret (drop)", NULL },
	{ 0, "id", OPTION_TEXT, "PATH", &id_path, "where a record without an id has one",
	    NULL },
	{ 0 },
};

struct distiller {
	const struct path *by;
	struct stream *out;
	struct similar *seen, *held;
	struct file_out test;
	struct buf question, answer, body, said, line, test_text;
	struct json json, again;
	double near;
	double share;
	bool keep;
	uint64_t train, tested, unfinished, refused, doubled, leaked, private;
};

/* "5%" or "0.05"; status 2 for what is no share. */
static double
share_of(const char *option, const char *text, double otherwise)
{
	double d;
	char *end;

	if (!text)
		return otherwise;
	d = strtod(text, &end);
	if (end != text && strcmp(end, "%") == 0)
		d /= 100;
	else if (end == text || *end)
		d = -1;
	if (!(d >= 0 && d <= 1))
		tool_usage("'%s' is a share: 5%% or 0.05", option);
	return d;
}

/* True for the questions that test: by their hash, so that equal ones are never on both sides.
 */
static bool
is_test(const struct distiller *d, struct arena *a)
{
	unsigned char digest[DIGEST_SIZE];
	struct slice text = unicode_fold(buf_slice(&d->question), a), word;
	struct buf plain = { 0 };
	uint64_t n = 0;

	while (unicode_word(&text, &word)) {
		buf_add(&plain, word);
		buf_add_byte(&plain, ' ');
	}
	digest_of(buf_slice(&plain), digest);
	buf_free(&plain);
	for (int i = 0; i < 6; i++)
		n = n << 8 | digest[i];
	return (double)n < d->share * (double)(UINT64_C(1) << 48);
}

static void
member(struct writer *w, struct value object, const char *name)
{
	struct value v = json_get(object, name);

	if (json_type(v) <= JSON_NULL)
		return;
	write_name(w, name);
	write_raw(w, json_raw(v));
}

/* The assistant's message: without what only answers have. */
static void
write_said(struct value message, struct writer *w)
{
	write_object(w);
	write_name(w, "role");
	write_z(w, "assistant");
	write_name(w, "content");
	if (json_type(json_get(message, "content")) == JSON_STRING)
		write_raw(w, json_raw(json_get(message, "content")));
	else
		write_null(w);
	member(w, message, "tool_calls");
	write_object_end(w);
}

static void
write_messages(struct value messages, struct writer *w)
{
	for (struct value m = json_first(messages); json_type(m); m = json_next(m))
		write_raw(w, json_raw(m));
}

static void
write_line(struct distiller *d, struct value body, struct value message, struct value logprobs)
{
	struct writer w = { &d->line, false };
	bool hf = strcmp(to, "hf") == 0;

	buf_clear(&d->line);
	write_object(&w);
	write_name(&w, hf ? "prompt" : "messages");
	write_array(&w);
	write_messages(json_get(body, "messages"), &w);
	if (hf) {
		write_array_end(&w);
		write_name(&w, "completion");
		write_array(&w);
	}
	write_said(message, &w);
	write_array_end(&w);
	member(&w, body, "tools");
	if (strcmp(to, "openai") == 0)
		member(&w, body, "parallel_tool_calls");
	/* the teacher's distribution; the others refuse members that they do not know */
	if (hf && json_type(logprobs) > JSON_NULL) {
		write_name(&w, "logprobs");
		write_raw(&w, json_raw(logprobs));
	}
	write_object_end(&w);
}

/* Fills d->line; NULL, or why the record cannot be said so. */
static const char *
build(struct distiller *d, const struct line *l, struct arena *a)
{
	struct value usage, answer = l->request.answer, choice;
	struct chat chat;
	const char *why;
	size_t where;

	buf_clear(&d->body);
	buf_clear(&d->said);
	if (!chat_read(&l->request, &chat, a, &why) ||
	    !chat_write(&chat, CHAT_OPENAI, 0, &d->body, &why) ||
	    !chat_answer(answer, l->request.api, API_CHAT, a, &d->said, &usage, &why))
		return why;
	if (!json_scan(&d->json, buf_slice(&d->body), &why, &where) ||
	    !json_scan(&d->again, buf_slice(&d->said), &why, &where))
		return why;
	choice = json_first(json_get(json_root(&d->again), "choices"));
	write_line(d, json_root(&d->json), json_get(choice, "message"),
	    l->request.api == API_CHAT
		? json_get(json_first(json_get(answer, "choices")), "logprobs")
		: (struct value){ 0 });
	return NULL;
}

static void
put(struct distiller *d, struct arena *a)
{
	if (!is_test(d, a)) {
		d->train++;
		stream_write(d->out, buf_slice(&d->line));
		return;
	}
	d->tested++;
	buf_add_byte(&d->line, '\n');
	if (test_file && !tool_common()->dry_run &&
	    !file_write_all(d->test.fd, buf_slice(&d->line)))
		diag_die_errno(STATUS_FAILED, "%s", test_file);
}

static enum verdict
judge(struct distiller *d, struct record *r)
{
	struct line l;
	const char *why;

	if (!line_read(r, d->by, &l))
		return record_no_shape(r);
	if (answer_ending(&l.request) != ENDING_DONE) {
		d->unfinished++;
		return DROP;
	}
	buf_clear(&d->question);
	buf_clear(&d->answer);
	texts_question(&l.request, r->arena, &d->question);
	texts_answer(&l.request, r->arena, &d->answer);
	if (wording_refuses(buf_slice(&d->answer), r->arena)) {
		d->refused++;
		return DROP;
	}
	if ((why = build(d, &l, r->arena)))
		return record_reject(r, "%s", why);
	if (r->json->twice.ptr)
		return DROP;
	if (!d->keep && ((why = private_kind(buf_slice(&d->question))) ||
			    (why = private_kind(buf_slice(&d->answer))))) {
		d->private ++;
		return record_reject(r, "a text that looks like %s (--pii keep takes it)", why);
	}
	if (d->held &&
	    similar_add(d->held, buf_slice(&d->question), false, r->arena) >= d->near) {
		d->leaked++;
		return DROP;
	}
	if (similar_add(d->seen, buf_slice(&d->question), true, r->arena) >= d->near) {
		d->doubled++;
		return DROP;
	}
	put(d, r->arena);
	return DROP;
}

/* A line that --to hf writes: its prompt is a list of messages. */
static bool
read_pair(struct distiller *d, struct value prompt, struct request *asked)
{
	const char *why;
	size_t where;

	if (json_type(json_get(json_first(prompt), "role")) != JSON_STRING)
		return false;
	buf_clear(&d->body);
	buf_printf(&d->body, "{\"messages\":%.*s}", SLICE_ARG(json_raw(prompt)));
	return json_scan(&d->json, buf_slice(&d->body), &why, &where) &&
	       request_read(&d->json, asked);
}

static enum verdict
hold(void *context, struct record *r)
{
	struct distiller *d = context;
	struct request pair;
	struct line l;

	if (!line_read(r, d->by, &l))
		return record_no_shape(r);
	buf_clear(&d->question);
	if (read_pair(d, json_get(json_root(r->json), "prompt"), &pair))
		texts_question(&pair, r->arena, &d->question);
	else if (l.request.answered)
		texts_question(&l.request, r->arena, &d->question);
	else
		texts_asked(&l.request, r->arena, &d->question);
	similar_add(d->held, buf_slice(&d->question), true, r->arena);
	return DROP;
}

static void
check_usage(struct distiller *d)
{
	to = to ? to : "openai";
	if (strcmp(to, "openai") != 0 && strcmp(to, "together") != 0 && strcmp(to, "hf") != 0)
		tool_usage("'--to' wants openai, together or hf");
	personal = personal ? personal : "drop";
	if (strcmp(personal, "drop") != 0 && strcmp(personal, "keep") != 0)
		tool_usage("'--pii' wants drop or keep");
	d->keep = strcmp(personal, "keep") == 0;
	d->share = share_of("--test", test_share, 0);
	d->near = share_of("--near", near_share, 0.8);
	if (d->share > 0 && !test_file)
		tool_usage("'--test' wants '--test-file'");
	d->by = line_id_path(id_path);
}

static void
read_holdout(struct distiller *d)
{
	struct option_list files = { &holdout, 1 };
	struct stream_options o = tool_stream(&files, NO_OBJECT_REJECT);

	d->held = similar_open();
	o.no_output = o.required = true;
	o.output = NULL;
	stream_each(&o, hold, d);
}

static void
close_all(struct distiller *d)
{
	similar_close(d->seen);
	if (d->held)
		similar_close(d->held);
	json_free(&d->json);
	json_free(&d->again);
	buf_free(&d->question);
	buf_free(&d->answer);
	buf_free(&d->body);
	buf_free(&d->said);
	buf_free(&d->line);
}

void
distill_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_REJECT);
	struct distiller d = { .by = NULL };
	bool tests = false;
	struct record *r;

	check_usage(&d);
	if (holdout)
		read_holdout(&d);
	d.seen = similar_open();
	if (test_file && !tool_common()->dry_run) {
		if (!file_out_open(&d.test, test_file, 0600))
			diag_die_errno(STATUS_FAILED, "%s", test_file);
		tests = true;
	}
	d.out = stream_open(&o);
	while ((r = stream_next(d.out)))
		stream_put(d.out, r, judge(&d, r));
	stream_close(d.out);
	if (tests && !file_out_commit(&d.test))
		diag_die_errno(STATUS_FAILED, "%s", test_file);
	diag_note("%llu to train, %llu to test; left out: %llu not whole, %llu refused, %llu "
		  "said already, %llu "
		  "like the holdout, %llu private",
	    (unsigned long long)d.train, (unsigned long long)d.tested,
	    (unsigned long long)d.unfinished, (unsigned long long)d.refused,
	    (unsigned long long)d.doubled, (unsigned long long)d.leaked,
	    (unsigned long long)d.private);
	close_all(&d);
}
