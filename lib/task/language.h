/* SPDX-License-Identifier: MIT */
/* Which language a text is in, roughly: by its script, else by its commonest words. */
#ifndef TASK_LANGUAGE_H
#define TASK_LANGUAGE_H

#include "base/arena.h"
#include "base/slice.h"

/* Two letters of ISO 639-1, static: en, de, fr, es, it, pt, nl by their words; ru, el, ar, he,
 * hi, th, ko, ja, zh by script. "none" where too little speaks for one. Reads the first 2,000
 * bytes of each text. */
struct slice language_of(const struct slice *texts, size_t count, struct arena *a);

#endif
