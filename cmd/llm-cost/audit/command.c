/* SPDX-License-Identifier: MIT */
/* What to type. Every command that is printed here runs as it stands, on the requests that are
 * about to be sent, on the log, or on the answers; a test runs each. */
#include "command.h"

#include <inttypes.h>
#include <stdlib.h>

#include "why.h"
#include "base/mem.h"

#define RULES_MOST 3
#define TOOLS_MOST 20
#define REQUESTS "requests.jsonl"
#define ANSWERED "answered.jsonl"
#define LOG "log.jsonl"
#define DAY INT64_C(86400000)

/* Needs no quotes, neither for the shell nor in a file of routes. */
static bool
is_plain(struct slice s)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789._:/@+-";

	for (size_t i = 0; i < s.len; i++)
		if (!memchr(good, s.ptr[i], sizeof(good) - 1))
			return false;
	return s.len > 0 && s.len <= 100;
}

static struct slice
taken(struct buf *b, struct arena *a)
{
	struct slice s = b->len ? arena_copy(a, buf_slice(b)) : slice_of(NULL, 0);

	buf_free(b);
	return s;
}

static void
end_routes(struct buf *out)
{
	buf_add(out, SLICE(" 'default -> keep' > routes && llm-route -r routes " REQUESTS));
}

static const struct usd *sorting;

static int
by_dollars(const void *x, const void *y)
{
	size_t i = *(const size_t *)x, k = *(const size_t *)y;
	int order = usd_cmp(sorting[k], sorting[i]);

	return order ? order : i < k ? -1 : i > k;
}

static size_t *
by_amount(const struct usd *d, size_t n)
{
	size_t *order = mem_alloc((n + 1) * sizeof(*order));

	for (size_t i = 0; i < n; i++)
		order[i] = i;
	sorting = d;
	qsort(order, n, sizeof(*order), by_dollars);
	return order;
}

static struct slice
route_command(const struct audit *a, enum evidence e, struct arena *arena)
{
	const struct hash_map *moves = &a->moves[e];
	size_t *order = by_amount(a->moved[e], moves->count), rules = 0;
	struct buf out = { 0 };

	for (size_t i = 0; i < moves->count && rules < RULES_MOST; i++) {
		struct slice move = moves->keys[order[i]];
		size_t end = slice_find(move, '\n');
		struct slice from = slice_take(move, end), to = slice_drop(move, end + 1);

		if (!is_plain(from) || !is_plain(to))
			continue;
		if (!rules++)
			buf_add(&out, SLICE("printf '%s\\n'"));
		buf_printf(&out, " 'rule easy%zu model=%.*s complexity=simple -> %.*s'", rules,
		    SLICE_ARG(from), SLICE_ARG(to));
	}
	free(order);
	if (rules)
		end_routes(&out);
	return taken(&out, arena);
}

static struct slice
output_command(const struct audit *a, struct arena *arena)
{
	struct usd *saved = mem_zero((a->groups.outputs.count + 1) * sizeof(*saved));
	struct buf out = { 0 };
	size_t *order, rules = 0;

	for (size_t i = 0; i < a->groups.outputs.count; i++)
		saved[i] = a->groups.output[i].saved;
	order = by_amount(saved, a->groups.outputs.count);
	for (size_t i = 0; i < a->groups.outputs.count && rules < RULES_MOST; i++) {
		const struct output_group *o = &a->groups.output[order[i]];

		if (!o->saved.units || !is_plain(o->model) ||
		    (o->task.ptr && !is_plain(o->task)))
			continue;
		if (!rules++)
			buf_add(&out, SLICE("printf '%s\\n'"));
		buf_printf(&out, " 'rule %s%zu model=%.*s", o->excess ? "cap" : "effort", rules,
		    SLICE_ARG(o->model));
		if (o->task.ptr)
			buf_printf(&out, " task=%.*s", SLICE_ARG(o->task));
		if (o->excess)
			buf_printf(&out, " -> keep max_tokens=%" PRIu64 "'", o->cap);
		else
			buf_add(&out, SLICE(" complexity=simple -> keep effort=low'"));
	}
	free(order);
	free(saved);
	if (rules)
		end_routes(&out);
	return taken(&out, arena);
}

static const char *
tools_path(enum shape shape, enum api api)
{
	if (api == API_GEMINI || api == API_CONVERSE)
		return NULL;
	switch (shape) {
	case SHAPE_ENVELOPE: return ".body.tools";
	case SHAPE_ANTHROPIC: return ".params.tools";
	case SHAPE_BEDROCK: return ".modelInput.tools";
	case SHAPE_BARE: return ".tools";
	default: return NULL;
	}
}

static int
by_name(const void *x, const void *y)
{
	const struct tool_use *const *a = x, *const *b = y;

	return slice_cmp((*a)->name, (*b)->name);
}

/* The tools that were never called and are of one form, in order of their names. */
static size_t
unused_tools(const struct audit *a, const struct tool_use **list, size_t room)
{
	const struct tool_use *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < a->tools.names.count; i++) {
		const struct tool_use *t = &a->tools.list[i];

		if (t->called || t->requests < AUDIT_TOOL_CALLS || !is_plain(t->name))
			continue;
		first = first ? first : t;
		if (n < room && t->shape == first->shape && t->api == first->api)
			list[n++] = t;
	}
	qsort(list, n, sizeof(*list), by_name);
	return n;
}

static struct slice
tools_command(const struct audit *a, struct arena *arena)
{
	const struct tool_use *list[TOOLS_MOST];
	size_t n = a->no_text ? 0 : unused_tools(a, list, TOOLS_MOST);
	const char *path = n ? tools_path(list[0]->shape, list[0]->api) : NULL;
	struct buf out = { 0 };

	if (!path)
		return slice_of(NULL, 0);
	buf_printf(&out, "jq -c 'del(%s[]? | select(%s | IN(", path,
	    list[0]->api == API_CHAT ? ".function.name" : ".name");
	for (size_t i = 0; i < n; i++)
		buf_printf(&out, "%s\"%.*s\"", i ? "," : "", SLICE_ARG(list[i]->name));
	buf_printf(&out, "))) | if %s == [] then del(%s) else . end' " REQUESTS, path, path);
	return taken(&out, arena);
}

/* Providers as prices and as llm-batch call them, those with a batch interface first. */
static const char *const providers[][2] = { { "openai", "openai" }, { "azure", "azure" },
	{ "anthropic", "anthropic" }, { "google", "gemini" }, { "vertex", "vertex" },
	{ "aws", "bedrock" }, { "mistral", "mistral" }, { "openrouter", "openrouter" },
	{ "fireworks", "fireworks" }, { "together", "together" } };
#define WITH_BATCHES 7

/* NULL where llm-batch does not know the lines of the provider. */
static const char *
line_name(struct slice provider)
{
	for (size_t k = 0; k < sizeof(providers) / sizeof(*providers); k++)
		if (slice_eqz(provider, providers[k][0]))
			return providers[k][1];
	return NULL;
}

/* NULL where it has no batch interface. */
static const char *
batch_name(struct slice provider)
{
	for (size_t k = 0; k < WITH_BATCHES; k++)
		if (slice_eqz(provider, providers[k][0]))
			return providers[k][1];
	return NULL;
}

static struct slice
batch_command(const struct audit *a, enum evidence e, struct arena *arena)
{
	size_t *order = by_amount(a->at_provider[e], a->providers[e].count), n = 0;
	const char *first = NULL;
	struct buf list = { 0 };
	struct slice result;

	for (size_t i = 0; i < a->providers[e].count; i++) {
		const char *name = batch_name(a->providers[e].keys[order[i]]);

		if (!name)
			continue;
		first = first ? first : name;
		buf_printf(&list, "%s%s", n++ ? " " : "", name);
	}
	free(order);
	if (n <= 1)
		result =
		    n ? arena_printf(arena, "llm-batch pack --for %s -d parts " REQUESTS, first)
		      : slice_of(NULL, 0);
	else
		result = arena_printf(arena,
		    "for p in %.*s; do llm-batch pack --for $p -d parts-$p " REQUESTS "; done",
		    SLICE_ARG(buf_slice(&list)));
	buf_free(&list);
	return result;
}

static struct slice
mark_command(const struct audit *a, enum evidence e, struct arena *arena)
{
	const struct prefixes *x = &a->prefixes;
	uint64_t heads = x->five_prefixes + x->hour_prefixes,
		 chats = x->five_chats + x->hour_chats;

	if (e == GUESSED)
		return SLICE("llm-cache prefix " REQUESTS);
	if (heads + chats == 0)
		return slice_of(NULL, 0);
	if (chats > heads) /* a mark on all of the prompt, which moves on with the chat */
		return arena_printf(arena,
		    "jq -c '(.params // .body // .) |= if (.model // \"\" | test(\"claude\")) "
		    "then "
		    ".cache_control = {type: \"ephemeral\"%s} else . end' " REQUESTS,
		    x->hour_chats > x->five_chats ? ", ttl: \"1h\"" : "");
	if (x->hour_prefixes > x->five_prefixes)
		return SLICE("llm-cache mark --ttl 1h " REQUESTS);
	return SLICE("llm-cache mark --ttl 5m " REQUESTS);
}

/* The store must keep what the finding counts on. */
static struct slice
put_command(const struct audit *a, enum evidence e, const char *option, struct arena *arena)
{
	int64_t days = (a->repeats.longest + DAY - 1) / DAY;

	if (e == PROVEN || !a->repeats.late)
		return arena_printf(
		    arena, "llm-cache put%s --store answers.db --ttl 1h " ANSWERED, option);
	return arena_printf(arena,
	    "llm-cache put%s --store answers.db --ttl %" PRId64 "d " ANSWERED, option, days);
}

/* Does llm-batch write lines that this provider takes for this very name? Models of one maker
 * have other names at Bedrock and Vertex. */
static bool
takes_name(const char *lines, struct slice model)
{
	if (strcmp(lines, "anthropic") == 0)
		return slice_starts(model, SLICE("claude-"));
	if (strcmp(lines, "gemini") == 0)
		return slice_starts(model, SLICE("gemini-"));
	return strcmp(lines, "bedrock") != 0 && strcmp(lines, "vertex") != 0;
}

/* The first move for which there is a line. */
static struct slice
convert_command(const struct audit *a, struct arena *arena)
{
	for (size_t i = 0; i < a->targets.count; i++) {
		struct slice target = a->targets.keys[i], to;
		const char *at = memmem(target.ptr, target.len, " at ", 4), *name;

		if (!at)
			continue;
		to = slice_drop(target, (size_t)(at - target.ptr) + 4);
		name = line_name(to);
		target = slice_take(target, (size_t)(at - target.ptr));
		if (name && is_plain(target) && takes_name(name, target))
			return arena_printf(arena,
			    "llm-batch convert --to %s --model %.*s " REQUESTS, name,
			    SLICE_ARG(target));
	}
	return slice_of(NULL, 0);
}

/* The rest of the way, where one provider is named and its address is everybody's. */
static struct slice
sync_command(const struct audit *a, enum evidence e)
{
	if (a->providers[e].count == 1 && slice_eqz(a->providers[e].keys[0], "openai"))
		return SLICE("llm-batch sync --base-url https://api.openai.com/v1 --state jobs "
			     "-d answers parts/part-*.jsonl");
	return slice_of(NULL, 0);
}

static struct slice
distill_command(const struct audit *a, struct arena *arena)
{
	const struct prompt_group *g = groupings_dearest(&a->groups);

	if (!g || !is_plain(g->model))
		return slice_of(NULL, 0);
	return arena_printf(arena,
	    "llm-cost breakeven --model %.*s --saving 90%% --setup %d " LOG,
	    SLICE_ARG(g->model), WHY_SETUP);
}

void
audit_command(const struct audit *a, struct finding *f, enum evidence e, struct arena *arena)
{
	switch (f->technique) {
	case AUDIT_EXACT:
		f->command = SLICE("llm-cache get --store answers.db --collapse " REQUESTS);
		f->after = put_command(a, e, "", arena);
		break;
	case AUDIT_SEMANTIC:
		f->command =
		    SLICE("llm-cache get --semantic --store answers.db --collapse " REQUESTS);
		f->after = put_command(a, e, " --semantic", arena);
		break;
	case AUDIT_HISTORY:
		f->command =
		    arena_printf(arena, "llm-compress --keep-turns %d " REQUESTS, AUDIT_TURNS);
		break;
	case AUDIT_ROUTE: f->command = route_command(a, e, arena); break;
	case AUDIT_PROVIDER: f->command = convert_command(a, arena); break;
	case AUDIT_OUTPUT:
		f->check = SLICE("llm-cost caps " LOG);
		f->command = output_command(a, arena);
		break;
	case AUDIT_COMPRESS:
		f->check = SLICE("llm-compress --diff " REQUESTS);
		f->command = SLICE("llm-compress " REQUESTS);
		break;
	case AUDIT_INSTRUCTIONS:
		f->check = SLICE("llm-compress --level light --diff " REQUESTS);
		f->command = SLICE("llm-compress --level light " REQUESTS);
		break;
	case AUDIT_TOOLS: f->command = tools_command(a, arena); break;
	case AUDIT_PROMPT:
		if (e == PROVEN && a->bodies && a->timed)
			f->check = SLICE("llm-cache ttl " LOG);
		f->command = mark_command(a, e, arena);
		break;
	case AUDIT_BATCH:
		f->command = batch_command(a, e, arena);
		f->after = sync_command(a, e);
		break;
	case AUDIT_DISTILL: f->command = distill_command(a, arena); break;
	default: break;
	}
}
