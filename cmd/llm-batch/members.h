/* SPDX-License-Identifier: MIT */
/* Which members of a request body some provider knows. All others stay at home. */
#ifndef LLM_BATCH_MEMBERS_H
#define LLM_BATCH_MEMBERS_H

#include "base/buf.h"
#include "model/request.h"

/* True if an interface of this kind takes a top-level body member of that name. */
bool member_known(enum api api, struct slice name);
/* The body as a provider gets it: its bytes as they stand where every member is known, else
 * without the others (built in the arena). plain also leaves out `stream` and
 * `stream_options`. */
struct slice members_strip(struct value body, enum api api, bool plain, struct arena *a);
/* The same judgement without building anything. */
bool members_clean(struct value body, enum api api, bool plain);

#endif
