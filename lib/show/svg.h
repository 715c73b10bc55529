/* SPDX-License-Identifier: MIT */
/* Pieces of SVG and HTML text. Positions are in pixels; nothing here is money. */
#ifndef SHOW_SVG_H
#define SHOW_SVG_H

#include "base/buf.h"

/* Text between tags or in quotes: markup is escaped, control characters become '?'. */
void svg_escape(struct buf *out, struct slice text);
/* The head of text that takes about `room` pixels at 12 pixels a line, with an ellipsis if
 * there is more; escaped. */
void svg_fit(struct buf *out, struct slice text, double room);
/* About how many pixels the text takes. */
double svg_width(struct slice text);
/* anchor: "start", "middle" or "end"; class is that of the style sheet. */
void svg_text(struct buf *out, double x, double y, const char *anchor, const char *class,
    struct slice text);
/* A rectangle with a title for who points at it. */
void svg_rect(struct buf *out, double x, double y, double w, double h, const char *class,
    struct slice title);
void svg_line(struct buf *out, double x1, double y1, double x2, double y2, const char *class);
/* The colours and fonts of all charts, light and dark. */
void svg_style(struct buf *out);

#endif
