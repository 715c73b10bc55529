/* SPDX-License-Identifier: MIT */
#include "prompt_cache/rules.h"

#include <ctype.h>

static const struct cache_rule rules[] = {
#define RULES_DATE(date)
#define RULE(...) { __VA_ARGS__ },
#include "prompt_cache/rules.def"
#undef RULES_DATE
#undef RULE
};

static const char version[] = "cache rules of "
#define RULES_DATE(date) date
#define RULE(...)
#include "prompt_cache/rules.def"
#undef RULES_DATE
#undef RULE
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

const char *
cache_rules_version(void)
{
	return version;
}
