/* SPDX-License-Identifier: MIT */
/* What --version says, and what is checked before anything else happens. */
#ifndef TOOL_VERSION_H
#define TOOL_VERSION_H

#include "tool/tool.h"

/* Name, version, dates of the tables and versions of the libraries, on standard output. */
void version_print(const struct tool *t);
/* False, with a message where one can be given, if descriptor 0, 1 or 2 is closed in a way
 * that cannot be mended; a closed one is otherwise held by a descriptor on which every use
 * fails. */
bool standard_descriptors(void);
/* --tz: a zone that is not UTC must be known to the system; ends with status 2 otherwise. */
void check_zone(const char *name);

#endif
