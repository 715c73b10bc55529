/* SPDX-License-Identifier: MIT */
#include "tokens/path.h"

#include <stdlib.h>

#include "tokens/utf8.h"

static const struct path *const paths[] = {
#if PATH_X86
	&path_avx512,
	&path_avx2,
#endif
	&path_portable,
};
#define PATHS (sizeof paths / sizeof *paths)

static const struct path *chosen;

static bool
machine_has(const struct path *p)
{
#if PATH_X86
	if (p != &path_portable &&
	    !(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
		__builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt")))
		return false;
	if (p == &path_avx512)
		return __builtin_cpu_supports("avx512f") &&
		       __builtin_cpu_supports("avx512bw") &&
		       __builtin_cpu_supports("avx512vl") &&
		       __builtin_cpu_supports("avx512vbmi") &&
		       __builtin_cpu_supports("avx512vbmi2");
#endif
	return p != NULL;
}

bool
path_use(const char *name)
{
	for (size_t i = 0; i < PATHS; i++)
		if (strcmp(name, paths[i]->name) == 0 && machine_has(paths[i])) {
			chosen = paths[i];
			return true;
		}
	return false;
}

static void
choose(void)
{
	const char *wanted = getenv("LLM_SIMD");

	if (wanted && path_use(wanted))
		return;
	for (size_t i = PATHS; i-- > 0;)
		if (machine_has(paths[i]))
			chosen = paths[i];
}

const struct path *
path_chosen(void)
{
	if (!chosen)
		choose();
	return chosen;
}

bool
path_utf8(struct slice text)
{
	const struct path *path = path_chosen();

	if (path->utf8)
		return path->utf8((place)text.ptr, text.len);
	return utf8_valid(text) == text.len;
}
