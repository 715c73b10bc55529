/* SPDX-License-Identifier: MIT */
#ifndef LLM_BATCH_FINGERPRINT_H
#define LLM_BATCH_FINGERPRINT_H

#include <stdbool.h>

/* SHA-256 of a whole file in lower-case hexadecimal, after bringing it to disk; false with
 * errno. */
bool fingerprint_file(int fd, char hex[65]);

#endif
