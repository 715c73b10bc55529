/* SPDX-License-Identifier: MIT */
/* llm-batch sample: so many records of each stratum, chosen by a seed, in the order of the
 * input. Each record draws a number that depends on the seed and its place alone; the n
 * smallest stay. */
#include "../batch.h"

#include <stdlib.h>

#include "../line.h"
#include "base/hash.h"
#include "base/mem.h"
#include "json/path.h"
#include "stats/random.h"

static const char *by_path;
static uint64_t wanted, seed;

const struct option sample_options[] = {
	{ 'N', "number", OPTION_NUMBER, "N", &wanted, "records of each stratum", NULL },
	{ 0, "by", OPTION_TEXT, "PATH", &by_path,
	    "what tells the strata apart: a path, model or an attribute (all are one)", NULL },
	{ 0, "seed", OPTION_NUMBER, "N", &seed, "another seed, another sample (0)", NULL },
	{ 0 },
};

struct drawn {
	uint64_t number; /* that it drew */
	uint64_t place;
	char *line;
	size_t len;
};

struct stratum {
	struct drawn *list; /* a heap: the largest number is first */
	size_t count, seen;
};

struct sampler {
	const struct path *by;
	struct hash_map names;
	struct stratum **strata; /* by index of names */
	uint64_t place;
};

static bool
above(const struct drawn *a, const struct drawn *b)
{
	return a->number != b->number ? a->number > b->number : a->place > b->place;
}

static void
sift_down(struct stratum *s)
{
	for (size_t i = 0;;) {
		size_t k = 2 * i + 1;
		struct drawn swap;

		if (k < s->count && k + 1 < s->count && above(&s->list[k + 1], &s->list[k]))
			k++;
		if (k >= s->count || !above(&s->list[k], &s->list[i]))
			return;
		swap = s->list[i];
		s->list[i] = s->list[k];
		s->list[k] = swap;
		i = k;
	}
}

static void
sift_up(struct stratum *s, size_t i)
{
	while (i && above(&s->list[i], &s->list[(i - 1) / 2])) {
		struct drawn swap = s->list[i];

		s->list[i] = s->list[(i - 1) / 2];
		s->list[(i - 1) / 2] = swap;
		i = (i - 1) / 2;
	}
}

static void
offer(struct stratum *s, struct drawn d, struct slice line)
{
	bool full = s->count == wanted;

	s->seen++;
	if (full && !above(&s->list[0], &d))
		return;
	d.line = mem_alloc(line.len + 1);
	d.len = line.len;
	memcpy(d.line, line.ptr, line.len);
	if (full) {
		free(s->list[0].line);
		s->list[0] = d;
		sift_down(s);
		return;
	}
	if (!(s->count & (s->count - 1)))
		s->list = mem_grow(s->list, s->count ? 2 * s->count : 1, sizeof(*s->list));
	s->list[s->count++] = d;
	sift_up(s, s->count - 1);
}

/* Of --by; absent where there is none. */
static struct value
stratum_of(const struct sampler *p, struct record *r)
{
	struct request request;

	if (p->by)
		return path_get(p->by, r->root);
	if (!by_path)
		return (struct value){ 0 };
	if (!request_read(r->json, &request))
		request = (struct request){ .json = r->json, .root = r->root };
	return strcmp(by_path, "model") == 0 ? request.model
					     : request_attribute(&request, by_path);
}

static enum verdict
judge(void *context, struct record *r)
{
	struct sampler *p = context;
	struct value v = stratum_of(p, r);
	struct slice name =
	    json_type(v) == JSON_STRING ? json_string(v, r->arena) : json_raw(v);
	uint64_t counter[4] = { p->place, 0, 0, 0 }, key[2] = { seed, 0x73616d70 }, block[4];
	bool added;
	size_t i = hash_map_add(&p->names, name.ptr ? name : SLICE(""), &added);

	if (added) {
		p->strata = mem_grow(p->strata, i + 1, sizeof(*p->strata));
		p->strata[i] = mem_zero(sizeof(**p->strata));
	}
	random_block(counter, key, block);
	offer(p->strata[i], (struct drawn){ .number = block[0], .place = p->place++ }, r->line);
	return DROP;
}

static int
by_place(const void *one, const void *two)
{
	const struct drawn *a = one, *b = two;

	return a->place < b->place ? -1 : a->place > b->place;
}

static void
put_all(struct sampler *p, struct stream *out)
{
	struct drawn *all = mem_grow(NULL, 1, sizeof(*all));
	size_t n = 0;

	for (size_t i = 0; i < p->names.count; i++) {
		struct stratum *s = p->strata[i];

		if (s->seen < wanted && !by_path)
			diag_note("there are %zu records only", s->seen);
		else if (s->seen < wanted)
			diag_note("stratum '%s' has %zu records only",
			    diag_clean(p->names.keys[i]), s->seen);
		all = mem_grow(all, n + s->count + 1, sizeof(*all));
		memcpy(all + n, s->list, s->count * sizeof(*all));
		n += s->count;
		free(s->list);
		free(s);
	}
	qsort(all, n, sizeof(*all), by_place);
	for (size_t i = 0; i < n; i++) {
		stream_write(out, slice_of(all[i].line, all[i].len));
		free(all[i].line);
	}
	free(all);
}

void
sample_run(const struct option_list *operands)
{
	struct stream_options o = tool_stream(operands, NO_OBJECT_REJECT);
	bool path = by_path && *by_path == '.';
	struct sampler p = { .by = path ? line_id_path(by_path) : NULL };
	struct stream *s;
	struct record *r;

	if (!wanted || wanted > 100000000)
		tool_usage("'-N' is missing: how many records of each stratum");
	s = stream_open(&o);
	while ((r = stream_next(s)))
		stream_put(s, r, judge(&p, r));
	if (p.names.count)
		put_all(&p, s);
	stream_close(s);
	free(p.strata);
	hash_map_free(&p.names);
}
