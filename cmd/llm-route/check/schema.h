/* SPDX-License-Identifier: MIT */
/* JSON Schema as providers take it for answers: a subset of draft 2020-12. */
#ifndef LLM_ROUTE_CHECK_SCHEMA_H
#define LLM_ROUTE_CHECK_SCHEMA_H

#include "json/scan.h"

/* Does the value meet the schema? Known are type, enum, const, properties, required,
 * additionalProperties, items, prefixItems, anyOf, oneOf, allOf, not, $ref within the schema,
 * and the bounds of lengths, items, properties and numbers, and pattern. A keyword that is not
 * known says nothing. What is nested deeper than 64 is not looked at. */
bool schema_holds(struct value schema, struct value v, struct arena *a);

#endif
