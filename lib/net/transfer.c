/* SPDX-License-Identifier: MIT */
#include "net/transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/when.h"
#include "stream/file.h"

#define BODY_LIMIT ((size_t)256 << 20)

static const char *
ca_file(const struct http_options *o)
{
	const char *file = o->cacert;

	if (!file)
		file = getenv("CURL_CA_BUNDLE");
	if (!file || !*file)
		file = getenv("SSL_CERT_FILE");
	return file && *file ? file : NULL;
}

/* Called on each attempt when the connection stands and before a byte of the request is sent.
 * libcurl repeats a request by itself when a kept connection dies before the answer begins; the
 * server may have acted on the first one, so the second is stopped here. */
static int
on_issue(void *context, char *primary_ip, char *local_ip, int primary_port, int local_port)
{
	struct transfer *t = context;

	(void)primary_ip, (void)local_ip, (void)primary_port, (void)local_port;
	if (++t->issued > 1 && strcmp(t->call.method, "GET") != 0) {
		t->failure = "the connection was closed before an answer came";
		return CURL_PREREQFUNC_ABORT;
	}
	return CURL_PREREQFUNC_OK;
}

static bool
is_good(const struct transfer *t)
{
	long status = 0;

	curl.easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	return status >= 200 && status < 300;
}

static size_t
on_body(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *t = context;
	struct slice piece = slice_of(bytes, size * count);

	if (t->call.begun && !t->begun && is_good(t)) {
		t->begun = true;
		t->call.begun(t->call.context);
	}
	if (t->call.output >= 0 && is_good(t)) {
		if (file_write_all(t->call.output, piece))
			return piece.len;
		t->output_errno = errno;
		return 0;
	}
	if (piece.len > BODY_LIMIT - t->body.len) {
		t->failure = "the answer is larger than 256 MiB";
		return 0;
	}
	buf_add(&t->body, piece);
	return piece.len;
}

static size_t
on_header(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *t = context;
	struct slice line = slice_of(bytes, size * count);

	/* what a proxy said comes before the request is issued */
	t->answering = t->issued > 0;
	told_line(&t->told, line, t->call.want_header);
	return line.len;
}

/* Ends a transfer that is sent and not answered for too long. */
static int
on_progress(
    void *context, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
	struct transfer *t = context;
	int64_t now = when_ticks();

	(void)down_all, (void)down, (void)up_all;
	if (!t->issued || t->answering)
		return 0;
	if (!t->quiet_since || up != t->uploaded) {
		t->quiet_since = now;
		t->uploaded = up;
	}
	if (now - t->quiet_since < t->options->first_byte)
		return 0;
	t->late = true;
	t->failure = "no answer began in time";
	return 1;
}

static bool
header_add(struct transfer *t, const char *name, const char *value)
{
	struct buf line = { 0 };
	struct curl_slist *longer = NULL;

	if (strpbrk(name, "\r\n:") || strpbrk(value, "\r\n")) {
		t->failure = "a header has a line break in it";
		return false;
	}
	/* a header without a value is written with a semicolon, or libcurl would leave it out
	 */
	buf_printf(&line, *value ? "%s: %s" : "%s;", name, value);
	buf_add_byte(&line, '\0');
	longer = curl.slist_append(t->headers, line.data);
	explicit_bzero(line.data, line.len);
	buf_free(&line);
	if (!longer) {
		t->failure = "out of memory";
		return false;
	}
	t->headers = longer;
	return true;
}

static bool
headers_set(struct transfer *t)
{
	bool typed = t->call.form_file || (!t->call.body.len && !t->call.body_file);

	for (const struct http_header *k = t->call.headers; k && k->name; k++) {
		if (t->call.form_file && strcasecmp(k->name, "content-type") == 0)
			continue; /* the form has a type of its own, with its boundary */
		typed = typed || strcasecmp(k->name, "content-type") == 0;
		if (!header_add(t, k->name, k->value))
			return false;
	}
	if (!typed && !header_add(t, "Content-Type", "application/json"))
		return false;
	/* no pause of a second before a large body */
	t->headers = curl.slist_append(t->headers, "Expect:");
	curl.easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	return true;
}

static bool
form_set(struct transfer *t)
{
	curl_mimepart *part;

	t->form = curl.mime_init(t->easy);
	if (t->call.form_purpose) {
		part = curl.mime_addpart(t->form);
		curl.mime_name(part, "purpose");
		curl.mime_data(part, t->call.form_purpose, CURL_ZERO_TERMINATED);
	}
	part = curl.mime_addpart(t->form);
	curl.mime_name(part, "file");
	curl.mime_type(part, "application/jsonl");
	if (curl.mime_filedata(part, t->call.form_file) != CURLE_OK) {
		t->failure = "the file cannot be read";
		return false;
	}
	curl.easy_setopt(t->easy, CURLOPT_MIMEPOST, t->form);
	return true;
}

static size_t
on_file_read(char *out, size_t size, size_t count, void *context)
{
	struct transfer *t = context;
	ssize_t n;

	do
		n = read(t->body_fd, out, size * count);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		t->failure = "the file cannot be read";
		return CURL_READFUNC_ABORT;
	}
	return (size_t)n;
}

static int
on_file_seek(void *context, curl_off_t offset, int origin)
{
	struct transfer *t = context;

	return lseek(t->body_fd, (off_t)offset, origin) < 0 ? CURL_SEEKFUNC_FAIL
							    : CURL_SEEKFUNC_OK;
}

static bool
file_set(struct transfer *t)
{
	struct stat st;

	t->body_fd = open(t->call.body_file, O_RDONLY | O_CLOEXEC);
	if (t->body_fd < 0 || fstat(t->body_fd, &st) != 0) {
		t->failure = "the file cannot be read";
		return false;
	}
	curl.easy_setopt(t->easy, CURLOPT_POST, 1L);
	curl.easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)st.st_size);
	curl.easy_setopt(t->easy, CURLOPT_READFUNCTION, on_file_read);
	curl.easy_setopt(t->easy, CURLOPT_READDATA, t);
	curl.easy_setopt(t->easy, CURLOPT_SEEKFUNCTION, on_file_seek);
	curl.easy_setopt(t->easy, CURLOPT_SEEKDATA, t);
	return true;
}

static bool
method_set(struct transfer *t)
{
	const struct http_call *c = &t->call;

	if (c->form_file)
		return form_set(t);
	if (c->body_file)
		return file_set(t);
	if (strcmp(c->method, "POST") == 0) {
		curl.easy_setopt(t->easy, CURLOPT_POST, 1L);
		curl.easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)c->body.len);
		curl.easy_setopt(t->easy, CURLOPT_POSTFIELDS, c->body.len ? c->body.ptr : "");
	} else if (strcmp(c->method, "GET") == 0) {
		curl.easy_setopt(t->easy, CURLOPT_HTTPGET, 1L);
	} else {
		curl.easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, c->method);
	}
	return true;
}

static void
transport_set(struct transfer *t)
{
	const struct http_options *o = t->options;
	const char *file = ca_file(o), *folder = getenv("SSL_CERT_DIR");

	curl.easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl.easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl.easy_setopt(t->easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl.easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
	curl.easy_setopt(t->easy, CURLOPT_TCP_KEEPALIVE, 1L);
	/* without PIPEWAIT: calls that share a connection would all fail with it */
	curl.easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl.easy_setopt(t->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl.easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)o->connect_timeout);
	curl.easy_setopt(t->easy, CURLOPT_TIMEOUT_MS,
	    (long)(t->call.max_time > 0 ? t->call.max_time : o->max_time));
	if (o->first_byte > 0) {
		curl.easy_setopt(t->easy, CURLOPT_NOPROGRESS, 0L);
		curl.easy_setopt(t->easy, CURLOPT_XFERINFOFUNCTION, on_progress);
		curl.easy_setopt(t->easy, CURLOPT_XFERINFODATA, t);
	}
	if (file)
		curl.easy_setopt(t->easy, CURLOPT_CAINFO, file);
	if (folder && *folder && !o->cacert)
		curl.easy_setopt(t->easy, CURLOPT_CAPATH, folder);
}

bool
transfer_prepare(struct transfer *t)
{
	t->error[0] = '\0';
	transport_set(t);
	curl.easy_setopt(t->easy, CURLOPT_URL, t->call.url);
	curl.easy_setopt(t->easy, CURLOPT_USERAGENT, "llm-tools");
	curl.easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->error);
	curl.easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	curl.easy_setopt(t->easy, CURLOPT_PREREQFUNCTION, on_issue);
	curl.easy_setopt(t->easy, CURLOPT_PREREQDATA, t);
	curl.easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl.easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
	curl.easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_header);
	curl.easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
	return headers_set(t) && method_set(t);
}

static const char *
failure_text(struct transfer *t, CURLcode code)
{
	if (t->failure)
		return t->failure;
	if (t->output_errno)
		return strerror(t->output_errno);
	/* libcurl quotes a proxy's whole address in some texts, and with it a password */
	if (strstr(t->error, "nsupported proxy"))
		return "the address of the proxy is none that can be used";
	return t->error[0] && !strchr(t->error, '@') ? t->error : curl.easy_strerror(code);
}

static int64_t
milliseconds(CURL *easy, CURLINFO info)
{
	curl_off_t microseconds = 0;

	curl.easy_getinfo(easy, info, &microseconds);
	return (int64_t)(microseconds / 1000);
}

struct http_answer
transfer_answer(struct transfer *t, CURLcode code)
{
	struct http_answer a = { .retry_after = told_retry(&t->told),
		.body = buf_slice(&t->body) };
	long status = 0;

	if (!t->setup_failed) {
		curl.easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
		a.first_byte_ms = milliseconds(t->easy, CURLINFO_STARTTRANSFER_TIME_T);
		a.total_ms = milliseconds(t->easy, CURLINFO_TOTAL_TIME_T);
	}
	a.rates = told_rates(&t->told);
	a.header = slice_z(t->told.wanted);
	a.status = t->issued ? (unsigned)status : 0;
	if (code == CURLE_OK && !t->setup_failed) {
		a.outcome = HTTP_ANSWERED;
	} else {
		a.outcome = t->issued ? HTTP_UNKNOWN : HTTP_NOT_SENT;
		a.error = failure_text(t, code);
		a.timed_out = code == CURLE_OPERATION_TIMEDOUT || t->late;
	}
	if (t->told.request_id[0])
		a.request_id = slice_z(t->told.request_id);
	return a;
}

void
transfer_free(struct transfer *t)
{
	curl.mime_free(t->form);
	if (t->body_fd >= 0)
		close(t->body_fd);
	for (struct curl_slist *k = t->headers; k; k = k->next)
		explicit_bzero(k->data, strlen(k->data));
	curl.slist_free_all(t->headers);
	buf_free(&t->body);
	if (t->easy)
		curl.easy_reset(t->easy);
	free(t);
}
