/* SPDX-License-Identifier: MIT */
/* Writing JSON text into a buffer; commas are set by the writer. */
#ifndef JSON_WRITE_H
#define JSON_WRITE_H

#include "base/buf.h"

/* The string in quotes, with no more escapes than RFC 8259 needs. Bytes that are not UTF-8
 * become U+FFFD, so that the result is always valid. */
void json_quote(struct buf *out, struct slice text);

/* struct writer w = { &buf }; then begin/end and members. A name is given before each value
 * inside an object, never inside an array. Compact: no blanks. */
struct writer {
	struct buf *out;
	bool comma; /* a value stands before this place */
};
void write_object(struct writer *w); /* { */
void write_object_end(struct writer *w);
void write_array(struct writer *w); /* [ */
void write_array_end(struct writer *w);
void write_name(struct writer *w, const char *name);
void write_name_slice(struct writer *w, struct slice name);
void write_string(struct writer *w, struct slice text);
void write_z(struct writer *w, const char *text); /* NULL: null */
void write_number(struct writer *w, uint64_t n);
void write_signed(struct writer *w, int64_t n);
void write_bool(struct writer *w, bool b);
void write_null(struct writer *w);
void write_raw(struct writer *w, struct slice raw); /* a value as it stands */

#endif
