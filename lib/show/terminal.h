/* SPDX-License-Identifier: MIT */
/* What standard output can show. */
#ifndef SHOW_TERMINAL_H
#define SHOW_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* Columns of text: COLUMNS if it is set, else those of the terminal; 0 (no limit) where the
 * report goes to a file or a pipe. */
size_t terminal_width(void);
/* "always", "never", or NULL and "auto": on a terminal that is not dumb, without NO_COLOR. */
bool terminal_color(const char *when);
/* "always", "never", or NULL and "auto": on a terminal. */
bool terminal_bars(const char *when);
/* The locale's characters are UTF-8. */
bool terminal_utf8(void);

#endif
