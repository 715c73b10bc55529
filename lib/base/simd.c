/* SPDX-License-Identifier: MIT */
#include "base/simd.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[SIMD_FORMS] = { "portable", "avx2", "avx512" };

const char *
simd_name(enum simd_form form)
{
	return names[form];
}

static bool
take(struct simd *s, enum simd_form form)
{
	if (form != SIMD_PORTABLE && !s->has(form))
		return false;
	s->form = form;
	s->chosen = true;
	return true;
}

bool
simd_use(struct simd *s, const char *name)
{
	for (int form = 0; form < SIMD_FORMS; form++)
		if (strcmp(name, names[form]) == 0)
			return take(s, (enum simd_form)form);
	return false;
}

void
simd_choose(struct simd *s)
{
	const char *wanted = getenv("LLM_SIMD");

	if (wanted && simd_use(s, wanted))
		return;
	for (int form = SIMD_FORMS - 1; !take(s, (enum simd_form)form); form--)
		;
}
