/* SPDX-License-Identifier: MIT */
#include "prompt_cache/rules.h"

#include <ctype.h>

#define MARKS 4 /* that a request to Claude may have */

static const struct cache_rule rules[] = {
#define RULES_DATE(date)
#define RULE(model, minimum, write_5m, write_1h, read, source) \
	{ model, minimum, write_5m, write_1h, read, MARKS, 0, source },
#define KEYED(...)
#include "prompt_cache/rules.def"
#undef RULE
#undef KEYED
};

static const struct cache_rule keyed[] = {
#define RULE(...)
#define KEYED(...) { __VA_ARGS__ },
#include "prompt_cache/rules.def"
#undef RULES_DATE
#undef KEYED
};

static const char version[] = "cache rules of "
#define RULES_DATE(date) date
#define KEYED(...)
#include "prompt_cache/rules.def"
#undef RULES_DATE
#undef RULE
#undef KEYED
    ;

/* What may follow a model's name without making it another model's. */
static bool
is_suffix(struct slice s)
{
	size_t digits = 1;

	if (s.len == 0 || s.ptr[0] == '@' || s.ptr[0] == ':' ||
	    slice_starts(s, SLICE("-latest")))
		return true;
	if (s.len > 2 && s.ptr[0] == '-' && s.ptr[1] == 'v' && isdigit((unsigned char)s.ptr[2]))
		return true;
	while (digits < s.len && isdigit((unsigned char)s.ptr[digits]))
		digits++;
	return s.ptr[0] == '-' && digits > 4;
}

const struct cache_rule *
cache_rule_of(struct slice model)
{
	const char *at = memmem(model.ptr, model.len, "claude-", 7);

	/* everything before the name is a provider, a region or a path */
	if (!at)
		return NULL;
	model = slice_drop(model, (size_t)(at - model.ptr));
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		struct slice name = slice_z(rules[i].model);

		if (slice_starts(model, name) && is_suffix(slice_drop(model, name.len)))
			return &rules[i];
	}
	return NULL;
}

const struct cache_rule *
cache_key_rule_of(struct slice model)
{
	const char *path = memrchr(model.ptr, '/', model.len);

	if (path)
		model = slice_drop(model, (size_t)(path + 1 - model.ptr));
	if (slice_starts(model, SLICE("ft:")))
		model = slice_drop(model, 3);
	for (size_t i = 0; i < sizeof(keyed) / sizeof(*keyed); i++)
		if (slice_starts(model, slice_z(keyed[i].model)))
			return &keyed[i];
	return NULL;
}

const char *
cache_rules_version(void)
{
	return version;
}
