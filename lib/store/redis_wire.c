/* SPDX-License-Identifier: MIT */
#include "store/redis_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/when.h"
#include "store/redis_url.h"

#ifdef LLM_HIREDIS
#include <hiredis/hiredis.h>

#define ITEMS_MOST (1 << 22) /* of one list: what a confused server cannot make us hold */
#define BYTES_MOST ((size_t)1 << 30) /* of one exchange */
#define FEED ((size_t)4 << 10)

struct wire {
	redisContext *context; /* made the connection; only its descriptor is used */
	redisReader *reader;
	int64_t timeout;
	const char *broken; /* why nothing more can be asked */
	struct buf out;
	size_t commands;
	redisReply **replies;
	size_t reply_count, reply_room;
	uint64_t turn; /* number of the exchange */
};

static void *(*create_array)(const redisReadTask *task,
#if HIREDIS_MAJOR >= 1
    size_t
#else
    int
#endif
);

static void *
array_within(const redisReadTask *task,
#if HIREDIS_MAJOR >= 1
    size_t count
#else
    int count
#endif
)
{
	return count > ITEMS_MOST ? NULL : create_array(task, count);
}

static redisReader *
reader_open(void)
{
	static redisReplyObjectFunctions functions;
	redisReader *reader = redisReaderCreate();

	if (!reader)
		return NULL;
	functions = *reader->fn;
	create_array = functions.createArray;
	functions.createArray = array_within;
	reader->fn = &functions;
	return reader;
}

static void
replies_free(struct wire *w)
{
	for (size_t i = 0; i < w->reply_count; i++)
		freeReplyObject(w->replies[i]);
	w->reply_count = 0;
}

void
wire_close(struct wire *w)
{
	if (!w)
		return;
	replies_free(w);
	free(w->replies);
	if (w->reader)
		redisReaderFree(w->reader);
	if (w->context)
		redisFree(w->context);
	buf_free(&w->out);
	free(w);
}

/* The end of the connection: whatever is still under way must meet nobody. */
static bool
fail(struct wire *w, const char *reason, const char **why)
{
	if (!w->broken)
		w->broken = reason;
	replies_free(w);
	buf_clear(&w->out);
	w->commands = 0;
	if (w->context)
		redisFree(w->context);
	w->context = NULL;
	*why = w->broken;
	return false;
}

/* What poll may wait for until the deadline: 0 where it has passed. */
static int
remaining(int64_t deadline)
{
	int64_t left = deadline - when_ticks();

	return left < 0 ? 0 : left > 1000000 ? 1000000 : (int)left;
}

/* False at the deadline; the events that came in *events. */
static bool
await(int fd, short wanted, int64_t deadline, short *events)
{
	struct pollfd p = { .fd = fd, .events = wanted };
	int got;

	do
		got = poll(&p, 1, remaining(deadline));
	while (got < 0 && errno == EINTR && remaining(deadline) > 0);
	*events = p.revents;
	return got > 0;
}

static bool
await_connection(struct wire *w, const char **why)
{
	int error = 0;
	socklen_t size = sizeof(error);
	short events;

	if (!await(w->context->fd, POLLOUT, when_ticks() + w->timeout, &events))
		return fail(w, "does not answer in time", why);
	if (getsockopt(w->context->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error)
		return fail(w, "cannot be reached", why);
	return true;
}

static bool
log_in(struct wire *w, const struct redis_url *u, const char **why)
{
	const char *password = getenv("LLM_REDIS_PASSWORD");
	char db[16];

	if (password && *password && u->user)
		wire_add(w, "AUTH", u->user, password, (char *)NULL);
	else if (password && *password)
		wire_add(w, "AUTH", password, (char *)NULL);
	snprintf(db, sizeof(db), "%d", u->db);
	wire_add(w, "SELECT", db, (char *)NULL);
	return wire_exchange(w, why);
}

struct wire *
wire_open(const char *url, int64_t timeout, const char **why)
{
	struct redis_url u;
	struct wire *w;
	bool good;

	if (!redis_url_read(url, &u, why))
		return NULL;
	w = mem_zero(sizeof(*w));
	w->timeout = timeout;
	w->turn = (uint64_t)getpid() << 32;
	w->reader = reader_open();
	w->context =
	    u.host ? redisConnectNonBlock(u.host, u.port) : redisConnectUnixNonBlock(u.path);
	if (!w->reader || !w->context || w->context->err) {
		*why = "cannot be reached";
		good = false;
	} else {
		fcntl(w->context->fd, F_SETFD, FD_CLOEXEC);
		good = await_connection(w, why) && log_in(w, &u, why);
	}
	redis_url_free(&u);
	if (good)
		return w;
	wire_close(w);
	return NULL;
}

void
wire_begin(struct wire *w, size_t words)
{
	w->commands++;
	buf_add_byte(&w->out, '*');
	buf_add_number(&w->out, words);
	buf_add(&w->out, SLICE("\r\n"));
}

void
wire_word(struct wire *w, struct slice word)
{
	buf_add_byte(&w->out, '$');
	buf_add_number(&w->out, word.len);
	buf_add(&w->out, SLICE("\r\n"));
	buf_add(&w->out, word);
	buf_add(&w->out, SLICE("\r\n"));
}

void
wire_number(struct wire *w, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	wire_word(w, slice_z(text));
}

size_t
wire_commands(const struct wire *w)
{
	return w->commands;
}

void
wire_forget(struct wire *w)
{
	buf_clear(&w->out);
	w->commands = 0;
}

/* As much as the socket takes now. */
static bool
send_some(struct wire *w, size_t *sent)
{
	ssize_t n;

	/* a server that went away is no reason to die: no SIGPIPE */
	n = send(w->context->fd, w->out.data + *sent, w->out.len - *sent, MSG_NOSIGNAL);
	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	*sent += (size_t)n;
	return true;
}

/* Takes the replies that are whole. */
static bool
take_replies(struct wire *w)
{
	void *reply;

	while (w->reply_count < w->commands) {
		if (redisReaderGetReply(w->reader, &reply) != REDIS_OK)
			return false;
		if (!reply)
			return true;
		w->replies[w->reply_count++] = reply;
	}
	return true;
}

/* The reader moves all that it holds to the front for each kilobyte of replies: it is given
 * little at a time. */
static bool
read_replies(struct wire *w, const char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i += FEED) {
		size_t n = count - i < FEED ? count - i : FEED;

		if (redisReaderFeed(w->reader, bytes + i, n) != REDIS_OK || !take_replies(w))
			return false;
	}
	return true;
}

/* What came, at most one block; false: *reason. */
static bool
receive_some(struct wire *w, size_t *received, const char **reason)
{
	static char block[64 << 10];
	ssize_t n = recv(w->context->fd, block, sizeof(block), 0);

	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return true;
	*reason = "broke the connection";
	if (n <= 0)
		return false;
	*received += (size_t)n;
	*reason = "answers in no language of Redis";
	return *received <= BYTES_MOST && read_replies(w, block, (size_t)n);
}

static bool
talk(struct wire *w, const char **why)
{
	int64_t deadline = when_ticks() + w->timeout;
	size_t sent = 0, received = 0;
	const char *reason;
	short events;

	while (w->reply_count < w->commands) {
		if (sent < w->out.len && !send_some(w, &sent))
			return fail(w, "broke the connection", why);
		if (!await(w->context->fd, sent < w->out.len ? POLLIN | POLLOUT : POLLIN,
			deadline, &events))
			return fail(w, "does not answer in time", why);
		if (!(events & ~POLLOUT))
			continue;
		if (!receive_some(w, &received, &reason))
			return fail(w, reason, why);
		if (remaining(deadline) == 0 && w->reply_count < w->commands)
			return fail(w, "does not answer in time", why);
	}
	return true;
}

/* The server's own words are not repeated: nobody knows what stands in them. */
static const char *
error_of(const redisReply *r)
{
	static const struct {
		const char *begins, *why;
	} known[] = {
		{ "NOAUTH", "wants a password: set LLM_REDIS_PASSWORD" },
		{ "WRONGPASS", "does not take the name or the password" },
		{ "ERR AUTH", "does not take the name or the password" },
		{ "NOPERM", "does not allow this user what is needed" },
		{ "LOADING", "is still loading its data" },
		{ "BUSY", "is busy with a script" },
		{ "OOM", "has no memory left" },
		{ "READONLY", "is a copy that cannot be written" },
		{ "MISCONF", "cannot write to its disk" },
		{ "MOVED", "is one of a cluster, and not the one that holds these keys" },
		{ "MASTERDOWN", "has lost its primary" },
		{ "NOREPLICAS", "has too few copies" },
		{ "WRONGTYPE", "holds other data under these names" },
		{ "ERR DB index", "has no database of that number" },
		{ "ERR unknown command", "is too old, or no Redis" },
	};
	struct slice text = slice_of(r->str, (size_t)r->len);

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (slice_starts(text, slice_z(known[i].begins)))
			return known[i].why;
	return "refuses a command";
}

/* The error that a reply is, or has for an item; NULL for none. */
static const redisReply *
error_in(const redisReply *r)
{
	if (r->type == REDIS_REPLY_ERROR)
		return r;
	for (size_t i = 0; r->type == REDIS_REPLY_ARRAY && i < (size_t)r->elements; i++)
		if (r->element[i]->type == REDIS_REPLY_ERROR)
			return r->element[i];
	return NULL;
}

/* The last reply must be the number of this turn, and nothing may follow it. */
static bool
in_step(const struct wire *w, const char *turn)
{
	const redisReply *last = w->replies[w->commands - 1];

	return last->type == REDIS_REPLY_STRING &&
	       slice_eqz(slice_of(last->str, (size_t)last->len), turn) &&
	       w->reader->pos == w->reader->len;
}

bool
wire_exchange(struct wire *w, const char **why)
{
	char turn[24];

	replies_free(w);
	if (w->broken)
		return fail(w, w->broken, why);
	snprintf(turn, sizeof(turn), "%" PRIu64, ++w->turn);
	wire_add(w, "ECHO", turn, (char *)NULL);
	if (w->commands > w->reply_room) {
		w->reply_room = w->commands * 2;
		w->replies = mem_grow(w->replies, w->reply_room, sizeof(redisReply *));
	}
	if (!talk(w, why))
		return false;
	for (size_t i = 0; i < w->commands; i++)
		if (error_in(w->replies[i]))
			return fail(w, error_of(error_in(w->replies[i])), why);
	if (!in_step(w, turn))
		return fail(w, "answers what was not asked", why);
	buf_clear(&w->out);
	/* one exchange of 100 MB must not stay for the rest of the run */
	if (w->out.cap > (size_t)16 << 20)
		buf_free(&w->out);
	w->commands = 0;
	return true;
}

static const redisReply *
inner(const struct reply *r)
{
	return (const void *)r;
}

const struct reply *
wire_reply(const struct wire *w, size_t i)
{
	return i < w->reply_count ? (const void *)w->replies[i] : NULL;
}

enum reply_type
reply_type(const struct reply *r)
{
	switch (r ? inner(r)->type : REDIS_REPLY_NIL) {
	case REDIS_REPLY_STRING:
	case REDIS_REPLY_STATUS: return REPLY_TEXT;
	case REDIS_REPLY_INTEGER: return REPLY_NUMBER;
	case REDIS_REPLY_ARRAY: return REPLY_LIST;
	default: return REPLY_NIL;
	}
}

struct slice
reply_text(const struct reply *r)
{
	if (reply_type(r) != REPLY_TEXT)
		return slice_of(NULL, 0);
	return slice_of(inner(r)->str, (size_t)inner(r)->len);
}

int64_t
reply_number(const struct reply *r)
{
	struct slice text = reply_text(r);
	char digits[24];

	if (reply_type(r) == REPLY_NUMBER)
		return inner(r)->integer;
	if (text.len == 0 || text.len >= sizeof(digits))
		return 0;
	memcpy(digits, text.ptr, text.len);
	digits[text.len] = '\0';
	return strtoll(digits, NULL, 10);
}

size_t
reply_count(const struct reply *r)
{
	return reply_type(r) == REPLY_LIST ? (size_t)inner(r)->elements : 0;
}

const struct reply *
reply_item(const struct reply *r, size_t i)
{
	return i < reply_count(r) ? (const void *)inner(r)->element[i] : NULL;
}

const char *
wire_version(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "hiredis %d.%d.%d", HIREDIS_MAJOR, HIREDIS_MINOR,
	    HIREDIS_PATCH);
	return text;
}

void
wire_add(struct wire *w, const char *word, ...)
{
	const char *words[8];
	size_t n = 0;
	va_list args;

	va_start(args, word);
	for (; word && n < 8; word = va_arg(args, const char *))
		words[n++] = word;
	va_end(args);
	wire_begin(w, n);
	for (size_t i = 0; i < n; i++)
		wire_word(w, slice_z(words[i]));
}
#else
const char *
wire_version(void)
{
	return "no hiredis";
}
#endif
