/* SPDX-License-Identifier: MIT */
#include "ready.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/mem.h"
#include "../fingerprint.h"
#include "../ids.h"
#include "stream/file.h"
#include "tool/tool.h"

#define HELD (256u << 10) /* bytes of the copy in memory */

struct checker {
	const struct rules *rules;
	const struct path *by;
	struct ids ids;
	struct ready *ready;
	uint64_t inputs;
	struct buf text;
	int fd;
	const char *copy;
	bool refused, as_body;
};

static void
flush(struct checker *c)
{
	if (!file_write_all(c->fd, buf_slice(&c->text)))
		diag_die_errno(STATUS_FAILED, "%s", c->copy);
	buf_clear(&c->text);
}

/* One file is one job: one model, one endpoint. */
static const char *
fault_mixed(struct checker *c, struct slice model, struct slice endpoint)
{
	struct ready *r = c->ready;

	if (!r->model) {
		r->model = mem_text(model);
		r->endpoint = mem_text(endpoint);
	}
	if (!slice_eqz(model, r->model))
		return "another model than the lines before; 'pack' sorts them";
	if (!slice_eqz(endpoint, r->endpoint))
		return "another endpoint than the lines before; 'pack' sorts them";
	return NULL;
}

static const char *
fault_of(struct checker *c, struct record *r, const struct line *l)
{
	const char *why;

	if (l->request.answered)
		return "a line that has its answer; 'pack' leaves such lines out";
	if (l->collapsed)
		return "a copy of another request; 'pack' leaves such lines out";
	if ((why = rules_fault(c->rules, r, l)))
		return why;
	return fault_mixed(c, line_model(l, r->arena), line_url(l, r->arena));
}

static enum verdict
judge(void *context, struct record *r)
{
	struct checker *c = context;
	struct line l;
	const char *why = "an object of no known shape";
	size_t before = c->text.len;
	struct slice line;
	bool added = true;

	if (line_read(r, c->by, &l))
		why = fault_of(c, r, &l);
	if (!why && !r->json->twice.ptr)
		ids_add(&c->ids, l.name, &added);
	if (!added)
		why = "an id that an earlier line has";
	if (why || r->json->twice.ptr) {
		c->refused = true;
		return why ? record_reject(r, "%s", why) : DROP;
	}
	c->inputs += rules_inputs(&l);
	if (c->as_body)
		buf_add(&c->text, c->ready->requests ? SLICE(",") : SLICE("{\"requests\":["));
	c->ready->requests++;
	line = rules_line(c->rules, r, &l);
	buf_add(&c->text, line);
	buf_add_byte(&c->text, '\n');
	c->ready->bytes += c->text.len - before;
	if (c->text.len > HELD)
		flush(c);
	return DROP;
}

/* Lines that are not blank: those that the stream refused by itself are missing from its count.
 */
static uint64_t
count_lines(const char *file)
{
	static char block[1 << 16];
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	bool blank = true;
	uint64_t n = 0;
	ssize_t got;

	while (fd >= 0 && (got = read(fd, block, sizeof(block))) > 0) {
		for (struct slice rest = slice_of(block, (size_t)got); rest.len;) {
			size_t end = blank ? 0 : slice_find(rest, '\n');

			if (blank)
				blank = memchr(" \t\r\n\xEF\xBB\xBF", *rest.ptr, 7) != NULL;
			else if ((blank = end < rest.len))
				n++;
			rest = slice_drop(rest, end + 1);
		}
	}
	if (fd >= 0)
		close(fd);
	return n + !blank;
}

static bool
refuse(const char *file, const char *why)
{
	diag_warn("%s: %s; nothing of it was uploaded", file, why);
	status_raise(STATUS_REJECTED);
	return false;
}

static bool
judge_whole(const struct checker *c, const char *file, uint64_t lines)
{
	const struct limits *limits = rules_limits(c->rules);
	const struct ready *r = c->ready;

	if (c->refused || lines != r->requests)
		return refuse(file, "lines were refused");
	if (!r->requests)
		return refuse(file, "no requests");
	if (limits->requests && r->requests > limits->requests)
		return refuse(file, "more requests than a file may have; 'pack' splits them");
	if (limits->bytes && r->bytes > limits->bytes)
		return refuse(file, "more bytes than a file may have; 'pack' splits them");
	if (limits->inputs && c->inputs > limits->inputs)
		return refuse(
		    file, "more embedding inputs than a file may have; 'pack' splits them");
	return true;
}

bool
ready_file(const char *file, const char *copy, const struct rules *rules, const struct path *by,
    bool as_body, struct ready *out)
{
	const char *const files[] = { file };
	struct option_list none = { NULL, 0 };
	struct stream_options o = tool_stream(&none, NO_OBJECT_REJECT);
	struct checker c = {
		.rules = rules, .by = by, .ready = out, .copy = copy, .as_body = as_body
	};
	bool ok;

	*out = (struct ready){ .requests = 0 };
	if (access(file, R_OK) != 0) {
		diag_warn_errno("%s", file);
		status_raise(STATUS_FAILED);
		return false;
	}
	unlink(copy);
	c.fd = open(copy, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (c.fd < 0)
		diag_die_errno(STATUS_FAILED, "%s", copy);
	o.files = files;
	o.file_count = 1;
	o.output = NULL;
	o.no_output = true;
	stream_each(&o, judge, &c);
	if (as_body)
		buf_add(&c.text, SLICE("]}\n"));
	flush(&c);
	ok = judge_whole(&c, file, count_lines(file));
	if (ok && !fingerprint_file(c.fd, out->fingerprint))
		diag_die_errno(STATUS_FAILED, "%s", copy);
	close(c.fd);
	if (!ok)
		unlink(copy);
	ids_free(&c.ids);
	buf_free(&c.text);
	return ok;
}

void
ready_free(struct ready *r)
{
	free(r->model);
	free(r->endpoint);
}
