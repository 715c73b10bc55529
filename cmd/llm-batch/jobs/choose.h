/* SPDX-License-Identifier: MIT */
/* Which provider a job is for, and which model, where no option says so. */
#ifndef LLM_BATCH_CHOOSE_H
#define LLM_BATCH_CHOOSE_H

#include "submit.h"

/* --for, else the provider whose host the base URL has, else that of the state (NULL), else the
 * one whose lines the first file has. Status 2 where --for is none. */
const char *choose_provider(
    const struct submit_settings *settings, const struct option_list *files);
/* Sets s->model for the file, where the job has a model: --model, else the lines' own (then
 * NULL), else that of the manifest beside the file. False: there is none, which is said. */
bool choose_model(
    struct submitter *s, const char *file, const char *model, const struct ready *ready);

#endif
