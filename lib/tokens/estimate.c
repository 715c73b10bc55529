/* SPDX-License-Identifier: MIT */
#include "tokens/estimate.h"

#include "tokens/features.h"

const struct weights *
weights_named(struct slice name)
{
	for (size_t i = 0; i < estimate_weights_count; i++)
		if (slice_eqz(name, estimate_weights[i].name))
			return &estimate_weights[i];
	return NULL;
}

static enum spread
spread_of(enum script script)
{
	switch (script) {
	case SCRIPT_LATIN_1:
	case SCRIPT_LATIN_MORE:
	case SCRIPT_COMBINING:
	case SCRIPT_LATIN_VIETNAMESE: return SPREAD_LATIN;
	case SCRIPT_GREEK: return SPREAD_GREEK;
	case SCRIPT_CYRILLIC: return SPREAD_CYRILLIC;
	case SCRIPT_HEBREW:
	case SCRIPT_ARABIC: return SPREAD_ARABIC;
	case SCRIPT_DEVANAGARI:
	case SCRIPT_INDIC: return SPREAD_INDIC;
	case SCRIPT_THAI: return SPREAD_THAI;
	case SCRIPT_KANA:
	case SCRIPT_CJK:
	case SCRIPT_FORMS: return SPREAD_CJK;
	case SCRIPT_HANGUL: return SPREAD_HANGUL;
	case SCRIPT_ASTRAL: return SPREAD_ASTRAL;
	case SCRIPT_ARMENIAN:
	case SCRIPT_MYANMAR:
	case SCRIPT_GEORGIAN:
	case SCRIPT_ETHIOPIC:
	case SCRIPT_KHMER:
	case SCRIPT_GENERAL:
	case SCRIPTS: break;
	}
	return SPREAD_OTHER;
}

/* n * tokens / characters, in two steps because n * tokens may not fit. */
static int64_t
share_of(int64_t n, int64_t tokens, int64_t characters)
{
	return n / characters * tokens + n % characters * tokens / characters;
}

static int64_t
middle_of(const struct weights *w, int64_t tokens, const struct features *f)
{
	const int32_t *each = w->middle + 2, *shared = each + COUNTS + SCRIPTS;
	int64_t sum = tokens * w->middle[0] + w->middle[1], by_share = 0;

	for (size_t i = 0; i < COUNTS; i++) {
		sum += f->count[i] * each[i];
		by_share += f->count[i] * shared[i];
	}
	for (size_t i = 0; !f->ascii && i < SCRIPTS; i++) {
		sum += f->script[i] * each[COUNTS + i];
		by_share += f->script[i] * shared[COUNTS + i];
	}
	sum += share_of(by_share, tokens, f->characters);
	/* no tokenizer is so far from another, whatever the weights say of odd texts */
	if (sum < tokens * 500)
		sum = tokens * 500;
	if (sum > tokens * 5000)
		sum = tokens * 5000;
	return sum < 1000 ? 1000 : sum;
}

/* The characters that widen the band, by what they widen. */
static void
shares(const struct features *f, int64_t *share)
{
	const int64_t *n = f->count;

	share[SPREAD_UPPER] = n[COUNT_TITLE] + n[COUNT_HUMP] + n[COUNT_CAPS];
	share[SPREAD_DIGIT] = n[COUNT_DIGIT];
	share[SPREAD_SIGN] = n[COUNT_JOIN] + n[COUNT_QUOTE] + n[COUNT_SIGN];
	share[SPREAD_BLANK] = n[COUNT_SPACE] + n[COUNT_LINE] + n[COUNT_CONTROL];
	for (size_t i = 0; i < SCRIPTS; i++)
		share[spread_of((enum script)i)] += f->script[i];
}

/* middle thousandths, of which each share is weighed, without what a text adds. */
static int64_t
width(const int32_t *weight, const int64_t *share, int64_t characters, int64_t middle)
{
	int64_t sum = weight[SPREAD_ALL] * characters;

	for (size_t i = SPREAD_ALL + 1; i < SPREADS; i++)
		sum += weight[i] * share[i];
	return share_of(sum, middle / 1000, characters);
}

void
estimate_add(struct estimate *e, const struct weights *w, uint64_t tokens, struct slice text)
{
	struct features f;
	int64_t share[SPREADS] = { 0 }, middle;

	if (!text.len || !tokens)
		return;
	features_of(text, &f);
	if (!f.characters) /* stray bytes alone */
		f.characters = 1;
	middle = middle_of(w, (int64_t)tokens, &f);
	shares(&f, share);
	e->middle += middle;
	e->low += width(w->low, share, f.characters, middle);
	e->high += width(w->high, share, f.characters, middle);
	e->texts++;
}

/* What texts add besides is chance, and adds up as chance does. */
static int64_t
root(int64_t n)
{
	int64_t low = 0, high = 1 << 20;

	while (low < high) {
		int64_t middle = (low + high + 1) / 2;

		if (middle * middle <= n)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

int64_t
estimate_low(const struct estimate *e, const struct weights *w)
{
	int64_t low = e->middle - e->low - w->low[SPREAD_TEXT] * root(e->texts);

	return low > 0 ? low : 0;
}

int64_t
estimate_high(const struct estimate *e, const struct weights *w)
{
	return e->middle + e->high + w->high[SPREAD_TEXT] * root(e->texts);
}
