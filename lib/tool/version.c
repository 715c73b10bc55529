/* SPDX-License-Identifier: MIT */
#include "tool/version.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/when.h"
#include "json/scan.h"
#include "money/price.h"
#include "text/pattern.h"
#include "text/unicode.h"
#include "tokens/tokens.h"

void
version_print(const struct tool *t)
{
	printf("%s (llm-tools) %s\n", t->name, LLM_VERSION);
	printf("prices of %s, tokenizers of %s; JSON scanner: %s\n", prices_date(),
	    tokenizer_date(), json_scan_path());
	printf("%s, %s, %s", unicode_version(), pattern_version(), digest_version());
	for (size_t i = 0; t->versions && t->versions[i]; i++)
		printf(", %s", t->versions[i]());
	printf("\n");
}

bool
standard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		int got;

		if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
			continue;
		/* reading from a write-only descriptor fails, and the other way round */
		got = open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
		if (got != fd)
			return false;
	}
	return true;
}

void
check_zone(const char *name)
{
	if (!when_zone(name))
		diag_die(STATUS_USAGE, "'--tz': no time zone '%s' is known here",
		    diag_clean(slice_z(name)));
}
