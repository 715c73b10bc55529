/* SPDX-License-Identifier: MIT */
#include "tokens/path.h"

#include "tokens/utf8.h"

static const struct path *const paths[SIMD_FORMS] = {
	[SIMD_PORTABLE] = &path_portable,
#if SIMD_X86
	[SIMD_AVX2] = &path_avx2,
	[SIMD_AVX512] = &path_avx512,
#endif
};

static bool
machine_has(enum simd_form form)
{
#if SIMD_X86
	if (!(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
		__builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt")))
		return false;
	return form != SIMD_AVX512 ||
	       (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
		   __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
		   __builtin_cpu_supports("avx512vbmi2"));
#else
	(void)form;
	return false;
#endif
}

static struct simd simd = { .has = machine_has };

bool
path_use(const char *name)
{
	return simd_use(&simd, name);
}

const struct path *
path_chosen(void)
{
	return paths[simd_form(&simd)];
}

const char *
path_chosen_name(void)
{
	return simd_name(simd_form(&simd));
}

bool
path_utf8(struct slice text)
{
	const struct path *path = path_chosen();

	if (path->utf8)
		return path->utf8((place)text.ptr, text.len);
	return utf8_valid(text) == text.len;
}
