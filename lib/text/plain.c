/* SPDX-License-Identifier: MIT */
#include "text/plain.h"

_Alignas(2 * sizeof(struct plain_note)) struct plain_note plain_seen[PLAIN_NOTES];
