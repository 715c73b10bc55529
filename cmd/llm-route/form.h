/* SPDX-License-Identifier: MIT */
/* The form that a model's provider speaks. llm-batch puts a request into it when it is sent or
 * converted; here it is only tried whether that can be done. */
#ifndef LLM_ROUTE_FORM_H
#define LLM_ROUTE_FORM_H

#include "chat/chat.h"
#include "cmd/llm-route/facts.h"

/* True where the request can go to the model: as it is, or said in its provider's form with all
 * that decides what the answer can be. Then c->lost lists the settings that this form has no
 * place for (none where it goes as it is). A provider that is not known may take anything. False
 * and *why (arena). */
bool form_says(struct facts *f, const struct model *m, struct chat *c, const char **why);
/* Is it this interface that the model's provider speaks itself? */
bool form_is_own(enum api api, const struct model *m);
/* Does JSON mode or a schema arrive at the model, where the request speaks this interface? */
bool form_takes(enum api api, const struct model *m, enum chat_format format);

#endif
