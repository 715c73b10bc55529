/* SPDX-License-Identifier: MIT */
/*
 * Which of several forms of the same loops runs, chosen at run time: the one that the variable
 * LLM_SIMD names, if this machine has what it takes, else the best that it has. What each form
 * takes is known where it stands.
 */
#ifndef LLM_BASE_SIMD_H
#define LLM_BASE_SIMD_H

#include <stdbool.h>

#if defined(__x86_64__)
#define SIMD_X86 1
#else
#define SIMD_X86 0
#endif

enum simd_form { SIMD_PORTABLE, SIMD_AVX2, SIMD_AVX512, SIMD_FORMS };

struct simd {
	/* Does this machine have what the form takes? SIMD_PORTABLE is not asked for. */
	bool (*has)(enum simd_form form);
	enum simd_form form;
	bool chosen;
};

void simd_choose(struct simd *s);
/* Takes the form of this name from now on; false, and no change: there is none, or the machine
 * has it not. */
bool simd_use(struct simd *s, const char *name);
/* "portable", "avx2" or "avx512". Static. */
const char *simd_name(enum simd_form form);

/* The form to run, chosen at the first call. */
static inline enum simd_form
simd_form(struct simd *s)
{
	if (!s->chosen)
		simd_choose(s);
	return s->form;
}

#endif
