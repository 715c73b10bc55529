/* SPDX-License-Identifier: MIT */
#include "task/language.h"

#include "text/unicode.h"

#define READ 2000

static const char *const names[] = { "en", "de", "fr", "es", "it", "pt", "nl" };
#define LANGUAGES (sizeof(names) / sizeof(*names))

/* Words that are common in it; some are in several. */
#define WORDS 40
static const char *const words[LANGUAGES][WORDS] = {
	{ "the", "and", "is", "of", "to", "what", "how", "this", "that", "with", "you", "it",
	    "are", "for", "my", "please", "i", "a", "in", "can", "do", "does", "not", "be",
	    "was", "have", "from", "your", "why", "which", "who", "when", "me", "on", "would",
	    "should", "could", "there" },
	{ "der", "und", "ist", "das", "die", "nicht", "ein", "eine", "ich", "mit", "wie", "den",
	    "auf", "für", "bitte", "zu", "im", "von", "dem", "es", "sie", "wir", "kann", "was",
	    "warum", "wo", "mir", "mein", "meine", "einen", "einer", "hallo", "wird", "sind",
	    "auch", "aus", "bei", "danke", "über" },
	{ "le", "les", "et", "est", "une", "des", "du", "dans", "pour", "que", "vous", "je",
	    "avec", "qui", "pas", "sur", "la", "un", "ne", "mon", "ma", "mes", "puis",
	    "comment", "pourquoi", "quelle", "quel", "nous", "il", "elle", "ce", "cette", "au",
	    "aux", "bonjour", "merci", "sont", "être", "plus", "suis" },
	{ "el", "los", "las", "y", "del", "por", "una", "para", "cómo", "es", "mi", "qué",
	    "con", "se", "lo", "está", "la", "un", "en", "que", "no", "hola", "necesito",
	    "ayuda", "puedo", "quiero", "gracias", "cuál", "dónde", "son", "este", "esta",
	    "mis", "al", "como", "más", "pero", "tengo" },
	{ "il", "gli", "di", "che", "è", "della", "sono", "per", "con", "non", "una", "questo",
	    "come", "del", "nel", "mi", "la", "un", "lo", "ciao", "posso", "vorrei", "grazie",
	    "mia", "mio", "perché", "dove", "quale", "cosa", "ho", "delle", "dei", "alla",
	    "anche", "più", "scrivi", "puoi" },
	{ "o", "os", "e", "do", "da", "não", "uma", "para", "com", "em", "é", "você", "como",
	    "meu", "dos", "por", "um", "as", "na", "no", "minha", "olá", "preciso", "ajuda",
	    "posso", "quero", "obrigado", "obrigada", "qual", "onde", "são", "este", "esta",
	    "mais", "mas", "tenho", "ao", "eu", "está" },
	{ "de", "het", "een", "en", "is", "van", "niet", "ik", "dat", "op", "met", "voor",
	    "wat", "hoe", "zijn", "mijn", "te", "kan", "je", "er", "maar", "aan", "ook",
	    "hallo", "graag", "waarom", "waar", "deze", "dit", "heb", "bij", "naar", "wil",
	    "bedankt", "welke", "uit", "om", "jij" },
};

/* Letters that hardly another language has. */
static const struct {
	uint32_t letter;
	size_t language;
} letters[] = { { 0xDF, 1 }, { 0x153, 2 }, { 0xF1, 3 }, { 0xE3, 5 }, { 0xF5, 5 } };
#define LETTERS (sizeof(letters) / sizeof(*letters))

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
		for (size_t i = 0; i < WORDS && words[l][i]; i++)
			s->hits[l] += slice_eqz(folded, words[l][i]);
	while (word.len) {
		uint32_t c = unicode_next(&word);

		s->letters++;
		for (size_t i = 0; c >= 0x80 && i < LETTERS; i++)
			s->hits[letters[i].language] += c == letters[i].letter;
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
