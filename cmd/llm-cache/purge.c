/* SPDX-License-Identifier: MIT */
/* llm-cache purge: deletes entries for good. */
#include <inttypes.h>

#include "base/when.h"
#include "json/write.h"
#include "keep.h"

static const char *store_name, *scope, *model, *before_text, *key_text;
static struct option_list tags;

const struct option purge_options[] = {
	STORE_OPTIONS(store_name),
	{ 0, "tag", OPTION_LIST, "NAME=VALUE", &tags,
	    "whose record had this attribute (repeatable)", NULL },
	{ 0, "scope", OPTION_TEXT, "VALUE", &scope, "of this value at --scope of get", NULL },
	{ 0, "model", OPTION_TEXT, "MODEL", &model,
	    "that this model answered, by the name or with a date behind it", NULL },
	{ 0, "before", OPTION_TEXT, "T", &before_text,
	    "stored before a time, or longer ago than a duration", NULL },
	{ 0, "key", OPTION_TEXT, "KEY", &key_text, "of this key, in every scope", NULL },
	{ 0 },
};

struct wanted {
	int64_t before;
	bool has_key;
	unsigned char key[DIGEST_SIZE];
	struct slice scope;      /* as the user wrote it */
	struct buf scope_string; /* the same as a JSON string */
};

static bool
scope_matches(const struct wanted *w, struct slice have)
{
	return slice_eq(have, buf_slice(&w->scope_string)) || slice_eq(have, w->scope);
}

/* NAME=VALUE; the value as text, or as the JSON that stands there. */
static bool
tag_matches(const struct store_entry *e, struct slice tag)
{
	size_t n = slice_find(tag, '=');
	struct slice want = slice_drop(tag, n + 1),
		     have = note_tag(e->meta, slice_take(tag, n));
	struct buf quoted = { 0 };
	bool same;

	if (!have.ptr)
		return false;
	json_quote(&quoted, want);
	same = slice_eq(have, want) || slice_eq(have, buf_slice(&quoted));
	buf_free(&quoted);
	return same;
}

static bool
is_wanted(void *context, const struct store_entry *e)
{
	struct wanted *w = context;

	if (w->has_key && memcmp(e->key, w->key, DIGEST_SIZE) != 0)
		return false;
	if (before_text && e->stored >= w->before)
		return false;
	if (model && !model_is(e->model, model))
		return false;
	if (scope && !scope_matches(w, e->scope))
		return false;
	for (size_t i = 0; i < tags.count; i++)
		if (!tag_matches(e, slice_z(tags.item[i])))
			return false;
	return true;
}

static void
read_before(struct wanted *w)
{
	int64_t age;

	w->before = when_read_local(slice_z(before_text));
	if (w->before != WHEN_NONE)
		return;
	if (!options_duration(before_text, &age) || age == INT64_MAX)
		tool_usage("'--before' wants a time or a duration, not '%s'",
		    diag_clean(slice_z(before_text)));
	w->before = when_now() - age;
}

static void
read_options(struct wanted *w)
{
	if (!tags.count && !scope && !model && !before_text && !key_text)
		tool_usage(
		    "say what to delete: '--tag', '--scope', '--model', '--before' or '--key'");
	for (size_t i = 0; i < tags.count; i++)
		if (!strchr(tags.item[i], '=') || tags.item[i][0] == '=')
			tool_usage("'--tag' wants NAME=VALUE, not '%s'",
			    diag_clean(slice_z(tags.item[i])));
	if (before_text)
		read_before(w);
	if (scope) {
		w->scope = slice_z(scope);
		json_quote(&w->scope_string, w->scope);
	}
	if (!key_text)
		return;
	w->has_key = true;
	switch (key_read(slice_z(key_text), w->key)) {
	case KEY_OTHER_VERSION:
		tool_usage("'--key' is of another version than %d", KEY_VERSION);
	case KEY_BAD:
		tool_usage("'--key' is no key: %d: and %d hexadecimal digits", KEY_VERSION,
		    2 * DIGEST_SIZE);
	default: break;
	}
}

/* Where a whole scope goes its tallies go too: they bear its name. */
static bool
forget(struct store *store, const struct wanted *w, const char **why)
{
	if (!scope || tags.count || model || before_text || key_text)
		return true;
	return store_forget(store, buf_slice(&w->scope_string), why) &&
	       store_forget(store, w->scope, why);
}

void
purge_run(const struct option_list *operands)
{
	bool dry = tool_common()->dry_run, good;
	struct wanted w = { 0 };
	struct store *store;
	uint64_t count = 0;
	const char *why = "";

	if (operands->count)
		tool_usage("purge takes no file: '%s'", diag_clean(slice_z(operands->item[0])));
	read_options(&w);
	store = shelf_need(store_name, dry);
	good = (dry || forget(store, &w, &why)) &&
	       store_purge(store, is_wanted, &w, dry, &count, &why);
	if (!good) {
		diag_warn("%s: the store %s", store_shown(store_name), why);
		status_raise(STATUS_FAILED);
	}
	store_close(store, &why);
	diag_note("%" PRIu64 " entr%s %s", count, count == 1 ? "y" : "ies",
	    dry ? "would be deleted" : "deleted");
	buf_free(&w.scope_string);
}
