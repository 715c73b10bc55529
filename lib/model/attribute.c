/* SPDX-License-Identifier: MIT */
/* Attributes of a record (user, task, tenant …) and the names of models. */
#include "model/request.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/hash.h"
#include "base/mem.h"
#include "json/path.h"

static struct field {
	const char *name;
	struct path *path;
} * fields;
static size_t field_count;

static struct hash_map model_names;
static struct slice *model_targets;

bool
request_field(const char *definition, const char **why)
{
	size_t length = strcspn(definition, "=");
	struct path *path;
	char *name;

	if (!length || definition[length] != '=') {
		*why = "not of the form NAME=PATH";
		return false;
	}
	if (!(path = path_compile(definition + length + 1, why)))
		return false;
	name = mem_string(definition);
	name[length] = '\0';
	fields = mem_grow(fields, field_count + 1, sizeof(*fields));
	fields[field_count++] = (struct field){ name, path };
	return true;
}

bool
request_fields(void)
{
	return field_count > 0;
}

struct value
request_attribute(const struct request *r, const char *name)
{
	struct value found;

	for (size_t i = field_count; i-- > 0;)
		if (strcmp(fields[i].name, name) == 0)
			return path_get(fields[i].path, r->root);
	found = json_get(json_get(r->llm, "tags"), name);
	if (!json_type(found))
		found = json_get(json_get(r->body, "metadata"), name);
	if (!json_type(found))
		found = json_get(json_get(r->root, "metadata"), name);
	if (!json_type(found))
		found = json_get(r->root, name);
	return found;
}

bool
request_replayed(const struct request *r)
{
	struct value cache = json_get(r->llm, "cache");

	return json_type(json_get(cache, "hit")) == JSON_TRUE ||
	       json_type(json_get(cache, "collapsed")) == JSON_TRUE;
}

bool
request_drafted(const struct request *r)
{
	return json_type(json_get(json_get(r->llm, "route"), "draft")) == JSON_TRUE;
}

struct slice
request_model(const struct request *r, struct arena *a)
{
	return models_resolve(json_string(r->model, a));
}

struct slice
request_answer_model(const struct request *r, struct arena *a)
{
	static const char *const names[] = { "model", "modelVersion", NULL };

	for (size_t i = 0; names[i]; i++) {
		struct slice model = json_string(json_get(r->answer, names[i]), a);

		if (model.ptr)
			return models_resolve(model);
	}
	return request_model(r, a);
}

/* `NAME = MODEL`; blanks around both. */
static void
add_model(const char *file, size_t number, struct slice line)
{
	size_t equals = slice_find(line, '=');
	struct slice name = slice_trim(slice_take(line, equals));
	struct slice target = slice_trim(slice_drop(line, equals + 1));
	size_t index;
	char *copy;

	if (!name.len || !target.len)
		diag_die(STATUS_USAGE, "%s:%zu: not of the form NAME = MODEL", file, number);
	index = hash_map_add(&model_names, name, NULL);
	model_targets = mem_grow(model_targets, model_names.count, sizeof(*model_targets));
	copy = mem_alloc(target.len);
	memcpy(copy, target.ptr, target.len);
	model_targets[index] = slice_of(copy, target.len);
}

bool
models_load(const char *file)
{
	FILE *in = fopen(file, "r");
	char *text = NULL;
	size_t room = 0, number = 0;
	ssize_t n;
	bool fine;

	if (!in)
		return false;
	while ((n = getline(&text, &room, in)) >= 0) {
		struct slice line = slice_trim(slice_of(text, (size_t)n));

		number++;
		if (line.len && line.ptr[0] != '#')
			add_model(file, number, line);
	}
	fine = !ferror(in);
	free(text);
	fclose(in);
	return fine;
}

struct slice
models_resolve(struct slice name)
{
	size_t index =
	    name.ptr && model_names.count ? hash_map_find(&model_names, name) : SIZE_MAX;

	return index == SIZE_MAX ? name : model_targets[index];
}
