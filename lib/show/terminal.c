/* SPDX-License-Identifier: MIT */
#include "show/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tool/tool.h"

static bool
on_terminal(void)
{
	return !tool_common()->output && isatty(STDOUT_FILENO);
}

size_t
terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	long n;

	if (columns && *columns && (n = strtol(columns, NULL, 10)) >= 20 && n < 100000)
		return (size_t)n;
	if (on_terminal() && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		return size.ws_col;
	return 0;
}

bool
terminal_color(const char *when)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (when && strcmp(when, "auto") != 0)
		return strcmp(when, "always") == 0;
	return on_terminal() && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

bool
terminal_bars(const char *when)
{
	if (when && strcmp(when, "auto") != 0)
		return strcmp(when, "always") == 0;
	return on_terminal();
}

bool
terminal_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < 3; i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
	}
	return false;
}
