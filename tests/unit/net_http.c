/* SPDX-License-Identifier: MIT */
/* The HTTP loop against a server on loopback that says exactly what each case wants. With a URL
 * and perhaps a CA file as arguments: one GET with a key, and its outcome in a line (net.t). */
#include "check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/http.h"

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"

static int listener;
static char url[64];

static void
listen_on_loopback(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t size = sizeof(at);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	if (listener < 0 || bind(listener, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(listener, 64) != 0 ||
	    getsockname(listener, (struct sockaddr *)&at, &size) != 0)
		exit(99);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/v1/x", ntohs(at.sin_port));
}

/* Reads one request: head, and as much body as it announces. The size of all, 0 at the end. */
static size_t
request_take(int fd, char *all, size_t room)
{
	size_t n = 0, want = 0;

	for (;;) {
		ssize_t got = read(fd, all + n, room - n - 1);
		char *end, *length;

		if (got <= 0)
			return 0;
		n += (size_t)got;
		all[n] = '\0';
		end = strstr(all, "\r\n\r\n");
		length = strstr(all, "Content-Length: ");
		if (end && length)
			want = strtoul(length + 16, NULL, 10);
		if (end && n >= (size_t)(end + 4 - all) + want)
			return n;
	}
}

/* In a child: answers the i-th request with answers[i] and writes what it got to a pipe; after
 * the last, or where the answer ends in "!", the connection is closed. */
struct server {
	pid_t pid;
	int heard;
};

static void
server_main(const char *const *answers, int heard)
{
	char *all = mem_alloc(1 << 20);
	int fd = -1;

	for (; *answers; answers++) {
		size_t n = 0, len = strlen(*answers);
		bool close_it = len && (*answers)[len - 1] == '!';

		if (fd < 0)
			fd = accept(listener, NULL, NULL);
		n = request_take(fd, all, 1 << 20);
		if (n == 0) {
			close(fd);
			fd = accept(listener, NULL, NULL);
			n = request_take(fd, all, 1 << 20);
		}
		if (write(heard, all, n) != (ssize_t)n || write(heard, "\n--\n", 4) != 4)
			_exit(1);
		if (len - close_it && write(fd, *answers, len - close_it) < 0)
			_exit(1);
		if (close_it) {
			close(fd);
			fd = -1;
		}
	}
	if (fd >= 0 && read(fd, all, 1) >= 0)
		close(fd);
	_exit(0);
}

static struct server
serve(const char *const *answers)
{
	struct server s;
	int ends[2];

	if (pipe(ends) != 0)
		exit(99);
	fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
	s.pid = fork();
	if (s.pid == 0) {
		close(ends[0]);
		server_main(answers, ends[1]);
	}
	close(ends[1]);
	s.heard = ends[0];
	return s;
}

/* Ends the server; what it heard, NUL-ended, the caller frees. */
static char *
heard(struct server *s)
{
	struct pollfd wait = { .fd = s->heard, .events = POLLIN };
	char *text = mem_alloc(1 << 20);
	size_t n = 0;
	ssize_t got;

	/* what is heard no more within a moment is not coming */
	while (
	    poll(&wait, 1, 200) == 1 && (got = read(s->heard, text + n, (1 << 20) - n - 1)) > 0)
		n += (size_t)got;
	text[n] = '\0';
	close(s->heard);
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	return text;
}

static int
count(const char *text, const char *word)
{
	int n = 0;

	for (; (text = strstr(text, word)); text += strlen(word))
		n++;
	return n;
}

static struct http_options quick = { .connect_timeout = 2000, .max_time = 3000 };

static struct http_call
post(const char *body)
{
	return (struct http_call){
		.method = "POST", .url = url, .body = slice_z(body), .output = -1
	};
}

static void
check_plain(void)
{
	static const char *const answers[] = { OK_HEAD "X-Request-Id: r-1\r\n\r\nhi",
		"HTTP/1.1 100 Continue\r\nRetry-After: 9\r\n\r\n"
		"HTTP/1.1 429 Too Many\r\nretry-after: 2\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 503 No\r\nRetry-After: 2\r\nRetry-After-Ms: 1500\r\nContent-Length: "
		"0\r\n\r\n",
		NULL };
	static const struct http_header headers[] = { { "X-Key", "secret-1" }, { NULL, NULL } };
	struct server s = serve(answers);
	struct http *h = http_open(&quick);
	struct http_call c = post("{\"a\":1}");
	struct buf out = { 0 };
	struct http_answer a;
	char *text;

	check_group("a call, its answer, its headers; one connection for all");
	c.headers = headers;
	a = http_do(h, &c, &out);
	CHECK(a.outcome == HTTP_ANSWERED && !a.error && !a.timed_out);
	CHECK_NUMBER(a.status, 200);
	CHECK_SLICE(a.body, "hi");
	CHECK_SLICE(a.request_id, "r-1");
	CHECK_NUMBER(a.retry_after, -1);
	a = http_do(h, &c, &out);
	CHECK_NUMBER(a.status, 429);
	CHECK_NUMBER(a.retry_after, 2000);
	CHECK(a.request_id.ptr == NULL);
	a = http_do(h, &c, &out);
	CHECK_NUMBER(a.retry_after, 1500);
	http_close(h);
	text = heard(&s);
	CHECK_NUMBER(count(text, "X-Key: secret-1\r\n"), 3);
	CHECK_NUMBER(count(text, "Content-Type: application/json\r\n"), 3);
	CHECK_NUMBER(count(text, "\r\n\r\n{\"a\":1}"), 3);
	free(text);
	buf_free(&out);
}

static void
check_redirect(void)
{
	static const char *const answers[] = {
		"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", NULL
	};
	struct server s = serve(answers);
	struct http *h = http_open(&quick);
	struct http_call c = post("{}");
	struct buf out = { 0 };
	struct http_answer a;
	char *text;

	check_group("a redirect is an answer, not an order");
	a = http_do(h, &c, &out);
	CHECK(a.outcome == HTTP_ANSWERED);
	CHECK_NUMBER(a.status, 302);
	http_close(h);
	text = heard(&s);
	CHECK_NUMBER(count(text, "HTTP/1.1\r\n"), 1);
	free(text);
	buf_free(&out);
}

static void
check_broken(void)
{
	static const char *const cut[] = { "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf!",
		NULL };
	static const char *const dropped[] = { "!", NULL };
	static const char *const silent[] = { "", NULL };
	static const char *const *const cases[] = { cut, dropped, silent };
	struct http_call c = post("{}");
	struct buf out = { 0 };

	check_group("cut, dropped and silent answers: outcome unknown, sent once");
	for (int i = 0; i < 3; i++) {
		struct server s = serve(cases[i]);
		struct http *h = http_open(&quick);
		struct http_answer a;
		char *text;

		c.max_time = 700;
		a = http_do(h, &c, &out);
		CHECK(a.outcome == HTTP_UNKNOWN && a.error && *a.error);
		CHECK(a.timed_out == (i == 2));
		http_close(h);
		text = heard(&s);
		CHECK_NUMBER(count(text, "POST "), 1);
		free(text);
	}
	buf_free(&out);
}

static void
check_first_byte(void)
{
	static const char *const silent[] = { "", NULL };
	static const char *const slow[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf!", NULL
	};
	struct http_options patient = { .max_time = 60000, .first_byte = 200 };
	struct http_call c = post("{}");
	struct buf out = { 0 };

	check_group("an answer that does not begin in time, and one that breaks off");
	for (int i = 0; i < 2; i++) {
		struct server s = serve(i ? slow : silent);
		struct http *h = http_open(&patient);
		struct http_answer a = http_do(h, &c, &out);
		char *text;

		CHECK(a.outcome == HTTP_UNKNOWN && a.error);
		CHECK(a.timed_out == (i == 0));
		http_close(h);
		text = heard(&s);
		CHECK_NUMBER(count(text, "POST "), 1);
		free(text);
	}
	buf_free(&out);
}

static void
check_kept_connection_dies(void)
{
	static const char *const answers[] = { OK_HEAD "\r\nhi", "!", OK_HEAD "\r\nno", NULL };
	struct server s = serve(answers);
	struct http *h = http_open(&quick);
	struct http_call c = post("{}");
	struct buf out = { 0 };
	struct http_answer a;
	char *text;

	check_group("a kept connection that dies under a POST: not repeated behind our back");
	a = http_do(h, &c, &out);
	CHECK(a.outcome == HTTP_ANSWERED);
	a = http_do(h, &c, &out);
	CHECK(a.outcome == HTTP_UNKNOWN && a.error && *a.error);
	http_close(h);
	text = heard(&s);
	CHECK_NUMBER(count(text, "POST "), 2);
	free(text);
	buf_free(&out);
}

static void
check_not_sent(void)
{
	struct http *h = http_open(&quick);
	struct http_call c = post("{}");
	struct buf out = { 0 };
	static const struct http_header split[] = { { "X", "a\r\nY: b" }, { NULL, NULL } };
	struct http_answer a;

	check_group(
	    "what never left: no host, no listener, other protocols, a split header, no file");
	c.url = "http://127.0.0.1:1/v1";
	CHECK(http_do(h, &c, &out).outcome == HTTP_NOT_SENT);
	c.url = "http://name.invalid/v1";
	CHECK(http_do(h, &c, &out).outcome == HTTP_NOT_SENT);
	c.url = "file:///etc/passwd";
	a = http_do(h, &c, &out);
	CHECK(a.outcome == HTTP_NOT_SENT && a.body.len == 0);
	c.url = url;
	c.headers = split;
	a = http_do(h, &c, &out);
	CHECK(a.outcome == HTTP_NOT_SENT && a.error && !strstr(a.error, "Y: b"));
	c.headers = NULL;
	c.form_file = "/nowhere/at/all";
	CHECK(http_do(h, &c, &out).outcome == HTTP_NOT_SENT);
	CHECK_NUMBER(http_active(h), 0);
	http_close(h);
	buf_free(&out);
}

static void
check_files(void)
{
	static const char *const answers[] = { OK_HEAD "\r\nhi", OK_HEAD "\r\nhi",
		"HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\ngone", NULL };
	struct server s = serve(answers);
	struct http *h = http_open(&quick);
	struct buf out = { 0 };
	char name[] = "/tmp/form.XXXXXX", got[8] = "";
	int fd = mkstemp(name);
	struct http_call c = { .method = "POST",
		.url = url,
		.form_file = name,
		.form_purpose = "batch",
		.output = -1 };
	struct http_answer a;
	char *text;

	check_group("a file goes up as a form, a body comes down to a descriptor");
	CHECK(write(fd, "{\"n\":1}\n", 8) == 8);
	CHECK_NUMBER(http_do(h, &c, &out).status, 200);
	CHECK(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
	c = (struct http_call){ .method = "GET", .url = url, .output = fd };
	a = http_do(h, &c, &out);
	CHECK(a.status == 200 && a.body.len == 0);
	CHECK(pread(fd, got, 7, 0) == 2 && strcmp(got, "hi") == 0);
	a = http_do(h, &c, &out);
	CHECK_NUMBER(a.status, 404);
	CHECK_SLICE(a.body, "gone");
	CHECK_NUMBER(lseek(fd, 0, SEEK_END), 2);
	http_close(h);
	text = heard(&s);
	CHECK(strstr(text, "name=\"purpose\"") && strstr(text, "\r\n\r\nbatch\r\n"));
	CHECK(strstr(text, "name=\"file\"; filename=\"form.") && strstr(text, "{\"n\":1}\n"));
	CHECK(strstr(text, "Content-Length: ") && !strstr(text, "chunked"));
	free(text);
	buf_free(&out);
	close(fd);
	unlink(name);
}

static int finished;

static void
on_done(void *context, const struct http_answer *a)
{
	struct http *h = context;

	finished += a->outcome == HTTP_ANSWERED;
	if (finished == 1) {
		struct http_call again = post("{}");

		again.done = on_done;
		again.context = h;
		http_start(h, &again);
	}
}

static void
check_loop(void)
{
	static const char *const answers[] = { OK_HEAD "\r\nhi", OK_HEAD "\r\nhi", NULL };
	struct server s = serve(answers);
	struct http *h = http_open(&quick);
	struct http_call c = post("{}");
	int ends[2];

	check_group("done may start the next; a descriptor wakes the wait");
	c.done = on_done;
	c.context = h;
	http_start(h, &c);
	for (int i = 0; i < 100 && http_active(h); i++)
		http_wait(h, -1, 100);
	CHECK_NUMBER(finished, 2);
	CHECK(pipe(ends) == 0 && write(ends[1], "x", 1) == 1);
	alarm(5);
	http_wait(h, ends[0], 60000);
	alarm(0);
	http_start(h, &c);
	http_close(h);
	close(ends[0]);
	close(ends[1]);
	free(heard(&s));
}

/* "answered 200", "not sent 0" … on standard output, the error on standard error. */
static int
get(const char *address, const char *cacert)
{
	static const char *const outcomes[] = { "answered", "not sent", "unknown" };
	static const struct http_header key[] = { { "Authorization", "Bearer canary-5c2f" },
		{ NULL, NULL } };
	struct http_options o = { .connect_timeout = 3000, .max_time = 5000, .cacert = cacert };
	struct http_call c = { .method = "GET", .url = address, .headers = key, .output = -1 };
	struct http *h = http_open(&o);
	struct buf out = { 0 };
	struct http_answer a = http_do(h, &c, &out);

	printf("%s %u\n", outcomes[a.outcome], a.status);
	if (a.error)
		fprintf(stderr, "%s\n", a.error);
	http_close(h);
	buf_free(&out);
	return 0;
}

int
main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc > 1)
		return get(argv[1], argc > 2 ? argv[2] : NULL);
	setenv("NO_PROXY", "127.0.0.1", 1);
	listen_on_loopback();
	check_plain();
	check_redirect();
	check_broken();
	check_first_byte();
	check_kept_connection_dies();
	check_not_sent();
	check_files();
	check_loop();
	return check_finish();
}
