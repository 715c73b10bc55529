/* SPDX-License-Identifier: MIT */
#include "task/language.h"

#include "text/unicode.h"

#define READ 2000

static const char *const names[] = { "en", "de", "fr", "es", "it", "pt", "nl" };
#define LANGUAGES (sizeof(names) / sizeof(*names))

/* Words that are common in one of them and not in the others. */
static const char *const words[LANGUAGES][16] = {
	{ "the", "and", "is", "of", "to", "what", "how", "this", "that", "with", "you", "it",
	    "are", "for", "my", "please" },
	{ "der", "und", "ist", "das", "die", "nicht", "ein", "eine", "ich", "mit", "wie", "den",
	    "auf", "f\xC3\xBCr", "bitte", "zu" },
	{ "le", "les", "et", "est", "une", "des", "du", "dans", "pour", "que", "vous", "je",
	    "avec", "qui", "pas", "sur" },
	{ "el", "los", "las", "y", "del", "por", "una", "para", "c\xC3\xB3mo", "es", "mi",
	    "qu\xC3\xA9", "con", "se", "lo", "est\xC3\xA1" },
	{ "il", "gli", "di", "che", "\xC3\xA8", "della", "sono", "per", "con", "non", "una",
	    "questo", "come", "del", "nel", "mi" },
	{ "o", "os", "e", "do", "da", "n\xC3\xA3o", "uma", "para", "com", "em", "\xC3\xA9",
	    "voc\xC3\xAA", "como", "meu", "dos", "por" },
	{ "de", "het", "een", "en", "is", "van", "niet", "ik", "dat", "op", "met", "voor",
	    "wat", "hoe", "zijn", "mijn" },
};

static const struct {
	uint32_t from, to;
	const char *name;
} scripts[] = { { 0x0370, 0x03FF, "el" }, { 0x0400, 0x04FF, "ru" }, { 0x0590, 0x05FF, "he" },
	{ 0x0600, 0x06FF, "ar" }, { 0x0900, 0x097F, "hi" }, { 0x0E00, 0x0E7F, "th" },
	{ 0x1100, 0x11FF, "ko" }, { 0x3040, 0x30FF, "ja" }, { 0x4E00, 0x9FFF, "zh" },
	{ 0xAC00, 0xD7AF, "ko" } };
#define SCRIPTS_KNOWN (sizeof(scripts) / sizeof(*scripts))

struct seen {
	size_t script[SCRIPTS_KNOWN], letters, words, hits[LANGUAGES];
};

static void
see_word(struct seen *s, struct slice word, struct arena *a)
{
	struct slice folded = word.len <= 8 ? unicode_fold(word, a) : word;

	s->words++;
	for (size_t l = 0; l < LANGUAGES && word.len <= 8; l++)
		for (size_t i = 0; i < 16; i++)
			s->hits[l] += slice_eqz(folded, words[l][i]);
	while (word.len) {
		uint32_t c = unicode_next(&word);

		s->letters++;
		for (size_t i = 0; c >= 0x0370 && i < SCRIPTS_KNOWN; i++)
			s->script[i] += c >= scripts[i].from && c <= scripts[i].to;
	}
}

static const char *
by_script(const struct seen *s)
{
	size_t best = 0, other = 0;

	for (size_t i = 0; i < SCRIPTS_KNOWN; i++) {
		other += s->script[i];
		best = s->script[i] > s->script[best] ? i : best;
		/* Japanese writes with Chinese signs too */
		if (strcmp(scripts[i].name, "ja") == 0 && s->script[i] * 10 > s->letters)
			return "ja";
	}
	return other * 3 > s->letters ? scripts[best].name : NULL;
}

struct slice
language_of(const struct slice *texts, size_t count, struct arena *a)
{
	struct seen s = { 0 };
	size_t best = 0, second = 0;
	const char *script;

	for (size_t i = 0; i < count; i++) {
		struct slice rest = slice_head(texts[i], READ), word;

		while (unicode_word(&rest, &word))
			see_word(&s, word, a);
	}
	script = by_script(&s);
	if (script)
		return slice_z(script);
	for (size_t l = 1; l < LANGUAGES; l++)
		best = s.hits[l] > s.hits[best] ? l : best;
	for (size_t l = 0; l < LANGUAGES; l++)
		second = l != best && s.hits[l] > second ? s.hits[l] : second;
	/* one word in ten, and none of the others is as common */
	if (s.hits[best] == second || s.hits[best] * 10 < s.words)
		return SLICE("none");
	return slice_z(names[best]);
}
