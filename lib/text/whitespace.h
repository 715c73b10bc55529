/* SPDX-License-Identifier: MIT */
/* Blanks that no reader needs. */
#ifndef TEXT_WHITESPACE_H
#define TEXT_WHITESPACE_H

#include "base/arena.h"
#include "base/slice.h"

/* Text without blanks at the ends of lines (a Markdown hard break keeps two), with one empty
 * line where several stood and one space where several stood between words. Only U+0020, tabs
 * and line ends are blanks. Lines that lines.h holds stay as they are, and so do the blanks
 * inside quotes, behind the marker of a list item, at the start of a line, and, where
 * keep_tail, behind the last character of the text. The result is text itself where nothing
 * changes. Linear. */
struct slice whitespace_fold(struct slice text, bool keep_tail, struct arena *a);

#endif
