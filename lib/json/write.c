/* SPDX-License-Identifier: MIT */
#include "json/write.h"

#include "json/bytes.h"

/* How many bytes at the front of text can stand in a string as they are. */
static size_t
plain_run(struct slice text)
{
	size_t i = 0, n;

	if (text.len >= 4 && text.len < 8 && bytes_few_plain(text.ptr, text.len))
		return text.len;
	while (i < text.len) {
		const char *p = text.ptr + i;

		if (text.len - i >= 8) {
			n = bytes_plain(p);
			i += n;
			p += n;
			if (n == 8)
				continue;
		} else if (text.len >= 8 && bytes_plain(text.ptr + text.len - 8) == 8) {
			return text.len;
		}
		if ((unsigned char)*p < 0x20 || *p == '"' || *p == '\\')
			break;
		n = bytes_character(p, text.len - i);
		if (!n)
			break;
		i += n;
	}
	return i;
}

static void
add_escaped(struct buf *out, char c)
{
	static const char plain[] = "bfnrt\"\\", meant[] = "\b\f\n\r\t\"\\";
	const char *found = c ? strchr(meant, c) : NULL;

	if ((unsigned char)c >= 0x80) {
		buf_add(out, SLICE("\xEF\xBF\xBD"));
	} else if (found) {
		buf_add_byte(out, '\\');
		buf_add_byte(out, plain[found - meant]);
	} else {
		buf_printf(out, "\\u%04x", (unsigned)c);
	}
}

void
json_quote(struct buf *out, struct slice text)
{
	size_t run = plain_run(text);
	char *to = buf_room(out, run + 2);

	*to++ = '"';
	if (run)
		memcpy(to, text.ptr, run);
	to[run] = '"';
	out->len += run + 2;
	if (run == text.len)
		return;
	out->len--;
	while (run < text.len) {
		add_escaped(out, text.ptr[run]);
		text = slice_drop(text, run + 1);
		run = plain_run(text);
		buf_add(out, slice_take(text, run));
	}
	buf_add_byte(out, '"');
}

static void
before_value(struct writer *w)
{
	if (w->comma)
		buf_add_byte(w->out, ',');
	w->comma = true;
}

static void
begin(struct writer *w, char bracket)
{
	before_value(w);
	buf_add_byte(w->out, bracket);
	w->comma = false;
}

static void
end(struct writer *w, char bracket)
{
	buf_add_byte(w->out, bracket);
	w->comma = true;
}

void
write_object(struct writer *w)
{
	begin(w, '{');
}

void
write_object_end(struct writer *w)
{
	end(w, '}');
}

void
write_array(struct writer *w)
{
	begin(w, '[');
}

void
write_array_end(struct writer *w)
{
	end(w, ']');
}

void
write_name_slice(struct writer *w, struct slice name)
{
	before_value(w);
	json_quote(w->out, name);
	buf_add_byte(w->out, ':');
	w->comma = false;
}

void
write_name(struct writer *w, const char *name)
{
	write_name_slice(w, slice_z(name));
}

void
write_string(struct writer *w, struct slice text)
{
	before_value(w);
	json_quote(w->out, text);
}

void
write_z(struct writer *w, const char *text)
{
	if (text)
		write_string(w, slice_z(text));
	else
		write_null(w);
}

void
write_number(struct writer *w, uint64_t n)
{
	before_value(w);
	buf_add_number(w->out, n);
}

void
write_signed(struct writer *w, int64_t n)
{
	before_value(w);
	if (n < 0)
		buf_add_byte(w->out, '-');
	buf_add_number(w->out, n < 0 ? -(uint64_t)n : (uint64_t)n);
}

void
write_bool(struct writer *w, bool b)
{
	write_raw(w, b ? SLICE("true") : SLICE("false"));
}

void
write_null(struct writer *w)
{
	write_raw(w, SLICE("null"));
}

void
write_raw(struct writer *w, struct slice raw)
{
	before_value(w);
	buf_add(w->out, raw);
}
