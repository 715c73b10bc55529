/* SPDX-License-Identifier: MIT */
/* base/simd: which form is taken, by name, by LLM_SIMD and by machine. */
#include <stdlib.h>

#include "base/simd.h"
#include "check.h"

static bool
none(enum simd_form form)
{
	CHECK(form != SIMD_PORTABLE);
	return false;
}

static bool
up_to_avx2(enum simd_form form)
{
	return form == SIMD_AVX2;
}

static bool
every(enum simd_form form)
{
	return form == SIMD_AVX2 || form == SIMD_AVX512;
}

static const char *
best(bool (*has)(enum simd_form), const char *wanted)
{
	struct simd s = { .has = has };

	if (wanted)
		setenv("LLM_SIMD", wanted, 1);
	else
		unsetenv("LLM_SIMD");
	return simd_name(simd_form(&s));
}

int
main(void)
{
	struct simd s = { .has = up_to_avx2 };

	check_group("the best form of the machine");
	CHECK_SLICE(slice_z(best(none, NULL)), "portable");
	CHECK_SLICE(slice_z(best(up_to_avx2, NULL)), "avx2");
	CHECK_SLICE(slice_z(best(every, NULL)), "avx512");

	check_group("the one that LLM_SIMD names, where the machine has it");
	CHECK_SLICE(slice_z(best(every, "portable")), "portable");
	CHECK_SLICE(slice_z(best(every, "avx2")), "avx2");
	CHECK_SLICE(slice_z(best(up_to_avx2, "avx512")), "avx2");
	CHECK_SLICE(slice_z(best(none, "avx512")), "portable");
	CHECK_SLICE(slice_z(best(every, "sse9")), "avx512");
	CHECK_SLICE(slice_z(best(every, "")), "avx512");

	check_group("by name, from then on");
	setenv("LLM_SIMD", "portable", 1);
	CHECK(simd_use(&s, "avx2"));
	CHECK_SLICE(slice_z(simd_name(simd_form(&s))), "avx2");
	CHECK(!simd_use(&s, "avx512"));
	CHECK(!simd_use(&s, "neon"));
	CHECK_SLICE(slice_z(simd_name(simd_form(&s))), "avx2");
	CHECK(simd_use(&s, "portable"));
	CHECK_SLICE(slice_z(simd_name(simd_form(&s))), "portable");
	return check_finish();
}
