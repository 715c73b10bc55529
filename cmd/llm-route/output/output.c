/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/output/output.h"

#include "cmd/llm-route/output/parts.h"

void
output_set(struct setter *s)
{
	if (!s->d->chosen)
		return;
	output_cap(s);
	output_stop(s);
	output_format(s);
	output_effort(s);
	output_concise(s);
	output_detail(s);
}
