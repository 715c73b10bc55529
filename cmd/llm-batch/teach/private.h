/* SPDX-License-Identifier: MIT */
/* Texts that look like personal data or a secret, by their form alone: names are not found. */
#ifndef LLM_BATCH_PRIVATE_H
#define LLM_BATCH_PRIVATE_H

#include "base/slice.h"

/* What kind it has (static): "an e-mail address", "a card number" …; NULL if none is seen. */
const char *private_kind(struct slice text);

#endif
