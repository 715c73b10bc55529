/* SPDX-License-Identifier: MIT */
/* Where Claude Code and Codex keep their logs. */
#ifndef COST_AGENTS_H
#define COST_AGENTS_H

#include "base/options.h"

/* Appends the names of all their .jsonl files to list, sorted, each once: projects/ under each
 * folder of $CLAUDE_CONFIG_DIR (separated by commas), else under ~/.config/claude and
 * ~/.claude; sessions/ and archived_sessions/ under $CODEX_HOME, else ~/.codex. A folder that
 * is not there is none; if there is no file at all that is said, and a folder that cannot be
 * read raises status 3. */
void agents_files(struct option_list *list);

#endif
