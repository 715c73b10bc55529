/* SPDX-License-Identifier: MIT */
/* What a judge says of an answer: words, truth values and scores brought to one form. */
#ifndef MODEL_JUDGEMENT_H
#define MODEL_JUDGEMENT_H

#include "json/scan.h"

enum judgement { JUDGEMENT_NONE, JUDGEMENT_FINE, JUDGEMENT_WORSE, JUDGEMENT_UNKNOWN };

/* A word, true or false, or a score, which is fine from least (in millionths; UINT64_MAX: only
 * 1 and 0 are understood) on. Null and absent are NONE, what nobody understands is UNKNOWN. */
enum judgement judgement_value(struct value v, uint64_t least, struct arena *a);
/* The same for the text of a judge: a JSON object with `verdict` or `score`, else its first
 * word. */
enum judgement judgement_text(struct slice text, uint64_t least, struct arena *a);

#endif
