/* SPDX-License-Identifier: MIT */
/* The only file that knows hiredis: one connection to a Redis or Valkey server.
 *
 * Commands are gathered, sent together, and answered together: an exchange. It ends with a
 * number of our own that the server must give back, so that a reply can only be taken for the
 * command it belongs to. Whatever goes wrong, be it the time, ends the connection for good: no
 * late reply can meet a later command. */
#ifndef STORE_REDIS_WIRE_H
#define STORE_REDIS_WIRE_H

#include "base/slice.h"

struct wire;

/* Connects to redis:// or unix:// (store.h) and logs in. timeout: milliseconds that connecting
 * and each exchange may take; the look-up of a host's name is not bounded by it. NULL and *why
 * (static), the end of a sentence that begins with the URL. */
struct wire *wire_open(const char *url, int64_t timeout, const char **why);
void wire_close(struct wire *w); /* NULL is fine */

/* Adds a command to the next exchange. */
void wire_begin(struct wire *w, size_t words);
void wire_word(struct wire *w, struct slice word);
void wire_number(struct wire *w, int64_t number);
/* A whole command of fixed words, at most eight, ended by NULL. */
void wire_add(struct wire *w, const char *word, ...);
/* How many are gathered, and what takes them back. */
size_t wire_commands(const struct wire *w);
void wire_forget(struct wire *w);

/* Sends what was gathered and takes the replies. False and *why where any of it failed: a time
 * that ran out, a connection that broke, bytes that are no reply, a reply that is an error
 * or holds one. */
bool wire_exchange(struct wire *w, const char **why);

/* Replies of the last exchange, in the order of the commands; valid until the next. */
enum reply_type { REPLY_NIL, REPLY_TEXT, REPLY_NUMBER, REPLY_LIST };
struct reply;
const struct reply *wire_reply(const struct wire *w, size_t i);
enum reply_type reply_type(const struct reply *r);
/* Of a text, ptr NULL for any other. */
struct slice reply_text(const struct reply *r);
/* Of a number, or of a text that is one; 0 for any other. */
int64_t reply_number(const struct reply *r);
size_t reply_count(const struct reply *r);
const struct reply *reply_item(const struct reply *r, size_t i);

/* "hiredis 0.14.1", or that there is none. */
const char *wire_version(void);

#endif
