/* SPDX-License-Identifier: MIT */
/* Private to lib/json: texts that are built as one before. Their grammar is proved by comparing
 * marks and names, and only their scalars are read; see json_expect_shapes. */
#ifndef JSON_SHAPE_H
#define JSON_SHAPE_H

#include "json/scan.h"

struct shapes;

struct shapes *shapes_open(void);
/* In place of all stages: true where the text has the shape that is expected next, which is
 * found out by comparing it with that one alone. All of j is then set as json_scan sets it;
 * else j->at is spoilt. */
bool shapes_guess(struct shapes *s, struct json *j);
/* Behind the first stage of a scan: true where the text has a shape that is remembered and its
 * scalars are well-formed, so that it is good; j->mate and j->shape are then set. */
bool shapes_match(struct shapes *s, struct json *j);
/* Behind the second stage of a good text: may remember its shape, and then sets j->shape. */
void shapes_learn(struct shapes *s, struct json *j);
void shapes_free(struct shapes *s); /* NULL is fine */

#endif
