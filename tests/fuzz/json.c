/* SPDX-License-Identifier: MIT */
/* lib/json: all paths of the scanner against the plain reader of the grammar, then on what is
 * good JSON an edit and its undoing, the canonical form (whose own form must be itself), the
 * search for names that stand twice, and the tree. */
#include "unit/json_reference.h"

#include "json/canon.h"
#include "json/edit.h"
#include "json/tree.h"

static struct json json, again;
static struct edits edits;

static void
must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "json: %s\n", what);
	abort();
}

static void
must_scan(struct json *j, struct slice text)
{
	const char *why;
	size_t where;

	must(json_scan(j, text, &why, &where), "the result is no JSON");
}

/* The innermost value that begins at the entry or before it, on the way down from the root. */
static struct value
value_near(struct json *j, uint32_t entry)
{
	struct value v = json_root(j);

	for (;;) {
		struct value k = json_first(v), next;

		if (!json_type(k))
			return v;
		while (json_type(next = json_next(k)) && next.entry <= entry)
			k = next;
		if (json_type(v) == JSON_OBJECT)
			k = json_member_value(k);
		if (k.entry > entry)
			return v;
		v = k;
	}
}

static void
check_edit(struct slice text, uint32_t entry)
{
	struct buf changed = { .len = 0 }, back = { .len = 0 };
	struct value v = value_near(&json, entry), k, last;

	if (json_type(v) == JSON_OBJECT)
		edits_set(&edits, v, "\x7f an odd name", SLICE("[0]"));
	else if (json_type(v) == JSON_ARRAY)
		edits_insert(&edits, v, (struct value){ .json = NULL }, SLICE("[0]"));
	else
		edits_replace(&edits, v, SLICE("[0]"));
	edits_apply(&edits, &json, &changed);
	must_scan(&again, buf_slice(&changed));
	if (json_type(v) == JSON_OBJECT || json_type(v) == JSON_ARRAY) {
		last = json_first((struct value){ &again, v.entry });
		for (k = last; json_type(k); k = json_next(k))
			last = k;
		edits_remove(&edits, last);
	} else {
		edits_replace(&edits, (struct value){ &again, v.entry }, json_raw(v));
	}
	edits_apply(&edits, &again, &back);
	must(slice_eq(buf_slice(&back), text), "an edit undone is not what was");
	buf_free(&changed);
	buf_free(&back);
}

static void
check_canon(struct arena *a)
{
	struct buf once = { .len = 0 }, twice = { .len = 0 };

	json.twice.ptr = NULL;
	canon_write(json_root(&json), NULL, NULL, a, &once);
	must_scan(&again, buf_slice(&once));
	canon_write(json_root(&again), NULL, NULL, a, &twice);
	must(slice_eq(buf_slice(&once), buf_slice(&twice)), "the canonical form has another");
	must(!json.twice.ptr == !again.twice.ptr, "the canonical form hides a name twice");
	must(json_check_unique(json_root(&again)) == !json.twice.ptr,
	    "two views of a name twice");
	buf_free(&once);
	buf_free(&twice);
}

static void
check_tree(struct arena *a)
{
	struct buf text = { .len = 0 }, one = { .len = 0 }, other = { .len = 0 };
	struct cJSON *tree = tree_of(json_root(&json));

	tree_write(tree, &text);
	tree_free(tree);
	must_scan(&again, buf_slice(&text));
	canon_write(json_root(&json), NULL, NULL, a, &one);
	canon_write(json_root(&again), NULL, NULL, a, &other);
	must(slice_eq(buf_slice(&one), buf_slice(&other)), "the tree says something else");
	buf_free(&text);
	buf_free(&one);
	buf_free(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of((const char *)data, size);
	struct arena a = { 0 };
	const char *why, *fault;
	size_t where;

	if (size > 1u << 16)
		return 0;
	fault = reference_check(text);
	must(!fault, fault);
	if (!json_scan(&json, text, &why, &where))
		return 0;
	for (uint32_t entry = 0, step = json.count / 7 + 1; entry < json.count; entry += step)
		check_edit(text, entry);
	check_canon(&a);
	check_tree(&a);
	arena_close(&a);
	return 0;
}
