/* SPDX-License-Identifier: MIT */
#include "text/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/mem.h"

#define LONGEST 10000 /* bytes of a pattern */
#define HEAP_KIB 4096 /* for the interpreter, where JIT is missing */
#define STACK_BYTES (256 * 1024)
#define DEPTH 1000          /* nested backtracking of the interpreter */
#define PATHS_MATCHES 10000 /* of one starting place, without counting */
#define COUNTED_MATCHES 10000000
#define STEP 12          /* cost of a callout, in units of about a nanosecond */
#define PASSED 3         /* cost of a character passed between two callouts */
#define UNITS_PER_BYTE 5 /* what a search may cost: 5 ms a megabyte here, 10 ms anywhere */
#define LEAST_BYTES 1000000
#define MOST_PATHS 64

struct pattern {
	pcre2_code *code;
	pcre2_match_context *context;
	pcre2_match_data *data;
	pcre2_jit_stack *stack;
	bool counted;
};

struct work {
	int64_t left;
	size_t at;
};

static _Noreturn void
no_memory(void)
{
	diag_die(STATUS_FAILED, "out of memory");
}

static int
count_step(pcre2_callout_block *block, void *context)
{
	struct work *w = context;
	size_t at = block->current_position;

	w->left -= STEP + PASSED * (int64_t)(at > w->at ? at - w->at : w->at - at);
	w->at = at;
	return w->left < 0 ? PCRE2_ERROR_MATCHLIMIT : 0;
}

/* Behind the class that begins at text, or its end. */
static struct slice
behind_class(struct slice text)
{
	text = slice_drop(text, 1);
	if (text.len && text.ptr[0] == '^')
		text = slice_drop(text, 1);
	if (text.len && text.ptr[0] == ']')
		text = slice_drop(text, 1);
	while (text.len && text.ptr[0] != ']')
		text = slice_drop(text, text.ptr[0] == '\\' ? 2 : 1);
	return slice_drop(text, 1);
}

/* The factors of how many ways there are through a pattern. */
struct ways {
	unsigned product, largest, alternatives;
};

static void
close_group(struct ways *w)
{
	w->product = w->product > 1000000 ? w->product : w->product * w->alternatives;
	if (w->alternatives > w->largest)
		w->largest = w->alternatives;
	w->alternatives = 1;
}

/* True where at each starting place only few ways can be tried, each no longer than the
 * pattern: no repetition, no look-around, no recursion, and the alternatives multiply to
 * little. One long list of words is fine: they are tried one after the other. */
static bool
few_paths(struct slice s)
{
	struct ways w = { 1, 1, 1 };

	if (slice_starts(s, SLICE("(?i)")))
		s = slice_drop(s, 4);
	while (s.len) {
		size_t step = 1;

		switch (s.ptr[0]) {
		case '\\':
			if (s.len > 1 && strchr("QXgkPRK", s.ptr[1]))
				return false;
			step = 2;
			break;
		case '[': step = s.len - behind_class(s).len; break;
		case '*':
		case '+':
		case '{': return false;
		case '?': w.product *= w.product > 1000000 ? 1 : 2; break;
		case '|': w.alternatives++; break;
		case ')': close_group(&w); break;
		case '(':
			close_group(&w);
			if (slice_starts(s, SLICE("(?:")))
				step = 3;
			else if (s.len > 1 && (s.ptr[1] == '?' || s.ptr[1] == '*'))
				return false;
			break;
		default: break;
		}
		s = slice_drop(s, step);
	}
	return w.product / w.largest <= MOST_PATHS;
}

static bool
prepare(struct pattern *p)
{
	p->context = pcre2_match_context_create(NULL);
	p->data = pcre2_match_data_create(1, NULL);
	p->stack = pcre2_jit_stack_create(32 * 1024, STACK_BYTES, NULL);
	if (!p->context || !p->data || !p->stack)
		return false;
	pcre2_jit_stack_assign(p->context, NULL, p->stack);
	pcre2_set_match_limit(p->context, p->counted ? COUNTED_MATCHES : PATHS_MATCHES);
	pcre2_set_depth_limit(p->context, DEPTH);
	pcre2_set_heap_limit(p->context, HEAP_KIB);
	/* where the machine allows no code to be made at run time the interpreter does the same
	 */
	pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE);
	return true;
}

static struct pattern *
compile(struct slice source, uint32_t options, bool counted, const char **why, size_t *where)
{
	static char text[128];
	struct pattern *p;
	uint32_t references = 0;
	pcre2_code *code;
	PCRE2_SIZE offset = 0;
	int error = 0;

	*where = 0;
	if (counted)
		options |= PCRE2_AUTO_CALLOUT;
	code =
	    pcre2_compile((PCRE2_SPTR)source.ptr, source.len, options, &error, &offset, NULL);
	if (!code && error == PCRE2_ERROR_HEAP_FAILED)
		no_memory();
	if (!code) {
		pcre2_get_error_message(error, (PCRE2_UCHAR *)text, sizeof(text));
		*why = text;
		*where = offset < source.len ? offset : source.len;
		return NULL;
	}
	pcre2_pattern_info(code, PCRE2_INFO_BACKREFMAX, &references);
	if (references) {
		pcre2_code_free(code);
		*why = "back references are not taken, their cost has no bound";
		return NULL;
	}
	p = mem_zero(sizeof(*p));
	p->code = code;
	p->counted = counted;
	if (!prepare(p))
		no_memory();
	return p;
}

struct pattern *
pattern_compile(struct slice source, bool caseless, const char **why, size_t *where)
{
	uint32_t options =
	    PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | (caseless ? PCRE2_CASELESS : 0);

	if (source.len > LONGEST) {
		*where = 0;
		*why = "the pattern is longer than 10,000 bytes";
		return NULL;
	}
	return compile(source, options, !few_paths(source), why, where);
}

struct pattern *
pattern_compile_bytes(struct slice source, const char **why, size_t *where)
{
	return compile(source, PCRE2_NEVER_UTF | PCRE2_NEVER_UCP, true, why, where);
}

bool
pattern_matches_empty(const struct pattern *p)
{
	uint32_t empty = 0;

	pcre2_pattern_info(p->code, PCRE2_INFO_MATCHEMPTY, &empty);
	return empty != 0;
}

void
pattern_free(struct pattern *p)
{
	if (!p)
		return;
	pcre2_jit_stack_free(p->stack);
	pcre2_match_data_free(p->data);
	pcre2_match_context_free(p->context);
	pcre2_code_free(p->code);
	free(p);
}

int64_t
pattern_budget(size_t bytes)
{
	return UNITS_PER_BYTE * (int64_t)(bytes < LEAST_BYTES ? LEAST_BYTES : bytes);
}

enum pattern_result
pattern_next(
    const struct pattern *p, struct slice text, size_t from, int64_t *budget, struct slice *at)
{
	struct work work = { budget ? *budget : pattern_budget(text.len), from };
	const PCRE2_SIZE *found;
	int code;

	if (p->counted)
		pcre2_set_callout(p->context, count_step, &work);
	code = pcre2_match(p->code, (PCRE2_SPTR)(text.ptr ? text.ptr : ""), text.len, from,
	    PCRE2_NO_UTF_CHECK, p->data, p->context);
	if (budget)
		*budget = work.left;
	if (code == PCRE2_ERROR_NOMATCH)
		return PATTERN_MISSED;
	if (code == PCRE2_ERROR_NOMEMORY)
		no_memory();
	if (code < 0)
		return PATTERN_LIMIT;
	found = pcre2_get_ovector_pointer(p->data);
	if (at)
		*at = slice_of(
		    text.ptr + found[0], found[1] >= found[0] ? found[1] - found[0] : 0);
	return PATTERN_FOUND;
}

enum pattern_result
pattern_search(const struct pattern *p, struct slice text, int64_t *budget, struct slice *at)
{
	return pattern_next(p, text, 0, budget, at);
}

const char *
pattern_version(void)
{
	static char text[64];
	char number[48];

	pcre2_config(PCRE2_CONFIG_VERSION, number);
	number[strcspn(number, " ")] = '\0';
	snprintf(text, sizeof(text), "PCRE2 %s", number);
	return text;
}
