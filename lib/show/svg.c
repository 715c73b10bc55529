/* SPDX-License-Identifier: MIT */
#include "show/svg.h"

#include "text/unicode.h"

void
svg_escape(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		switch (c) {
		case '&': buf_add(out, SLICE("&amp;")); break;
		case '<': buf_add(out, SLICE("&lt;")); break;
		case '>': buf_add(out, SLICE("&gt;")); break;
		case '"': buf_add(out, SLICE("&quot;")); break;
		case '\'': buf_add(out, SLICE("&#39;")); break;
		default: buf_add_byte(out, c < 0x20 || c == 0x7F ? '?' : (char)c);
		}
	}
}

/* Mean widths of a sans-serif font of 12 pixels. */
static double
width_of(uint32_t c)
{
	if (c == 'i' || c == 'l' || c == 'j' || c == '.' || c == ',' || c == ':' || c == '\'' ||
	    c == '|' || c == '!')
		return 3.4;
	if (c == 'm' || c == 'w' || c == 'M' || c == 'W' || c == '@' || c == '%')
		return 10;
	return c >= 0x1100 ? 12.5 : c >= 'A' && c <= 'Z' ? 8.2 : 6.8;
}

double
svg_width(struct slice text)
{
	double sum = 0;

	while (text.len)
		sum += width_of(unicode_next(&text));
	return sum;
}

void
svg_fit(struct buf *out, struct slice text, double room)
{
	struct slice rest = text, head = text;
	double sum = 0;

	if (svg_width(text) <= room) {
		svg_escape(out, text);
		return;
	}
	while (rest.len) {
		head = slice_take(text, text.len - rest.len);
		sum += width_of(unicode_next(&rest));
		if (sum > room - 10)
			break;
	}
	svg_escape(out, head);
	buf_add(out, SLICE("\xE2\x80\xA6"));
}

void
svg_text(struct buf *out, double x, double y, const char *anchor, const char *class,
    struct slice text)
{
	buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">", x, y,
	    anchor, class);
	svg_escape(out, text);
	buf_add(out, SLICE("</text>\n"));
}

void
svg_rect(struct buf *out, double x, double y, double w, double h, const char *class,
    struct slice title)
{
	buf_printf(out,
	    "<rect x=\"%.1f\" y=\"%.2f\" width=\"%.1f\" height=\"%.2f\" class=\"%s\"><title>",
	    x, y, w, h, class);
	svg_escape(out, title);
	buf_add(out, SLICE("</title></rect>\n"));
}

void
svg_line(struct buf *out, double x1, double y1, double x2, double y2, const char *class)
{
	buf_printf(out,
	    "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>\n", x1, y1,
	    x2, y2, class);
}

/* Categorical colours that stay apart for eyes without red or green, on each ground. */
static const char style[] =
    ":root{--page:#f9f9f7;--card:#fcfcfb;--ink:#0b0b0b;--soft:#52514e;--faint:#77756f;"
    "--grid:#e1e0d9;--edge:#d5d4cc;--c1:#2a78d6;--c2:#1baf7a;--c3:#eda100;--c4:#008300;"
    "--c5:#4a3aa7;--c6:#e34948;--c7:#e87ba4;--c8:#8d8b84}\n"
    "@media(prefers-color-scheme:dark){:root{--page:#0d0d0d;--card:#1a1a19;--ink:#fff;"
    "--soft:#c3c2b7;--faint:#98968e;--grid:#2c2c2a;--edge:#383835;--c1:#3987e5;--c2:#199e70;"
    "--c3:#c98500;--c4:#0a9a0a;--c5:#9085e9;--c6:#e66767;--c7:#d55181;--c8:#77756f}}\n"
    ".c1{fill:var(--c1)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}.c4{fill:var(--c4)}"
    ".c5{fill:var(--c5)}.c6{fill:var(--c6)}.c7{fill:var(--c7)}.c8{fill:var(--c8)}\n"
    "svg text{font:12px system-ui,-apple-system,\"Segoe UI\",Roboto,sans-serif;"
    "font-variant-numeric:tabular-nums;fill:var(--soft)}\n"
    "svg .name{fill:var(--ink)}svg .tick{fill:var(--faint);font-size:11px}"
    "svg .head{fill:var(--ink);font-size:15px;font-weight:600}\n"
    ".grid{stroke:var(--grid)}.axis{stroke:var(--edge)}"
    ".curve{fill:none;stroke:var(--c1);stroke-width:2}"
    ".sum{fill:none;stroke:var(--c6);stroke-width:1.5}"
    ".dot{fill:var(--c6)}.mark{fill:var(--c1);stroke:var(--card);stroke-width:1}"
    ".span{stroke:var(--c1);stroke-width:2;opacity:.55}\n";

void
svg_style(struct buf *out)
{
	buf_add(out, slice_z(style));
}
