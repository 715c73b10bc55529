/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "meaning/gate_parts.h"

/* data/words, made by scripts/import-antonyms: build.mk of this room has the dependency. */
extern const char gate_words_begin[], gate_words_end[];
__asm__(".pushsection .rodata\n"
	".global gate_words_begin\n"
	"gate_words_begin:\n"
	".incbin \"lib/meaning/data/words\"\n"
	".global gate_words_end\n"
	"gate_words_end:\n"
	".popsection\n");

/* Opposites that WordNet has not, for want of prepositions and of what people do with computers
 * and money. */
static const char more_opposites[] =
    "above below|after before|ahead behind|ascending descending|async sync|"
    "asynchronous synchronous|authorised unauthorised|borrow lend|credit debit|"
    "credited debited|decode encode|decompress compress|decrypt encrypt|deposit withdraw|"
    "deserialize serialize|domestic international|download upload|"
    "downstream upstream|earliest latest|enter exit|export import|exported imported|first last|"
    "fewer more|fewest most|horizontal vertical|input output|inbound outbound|"
    "incoming outgoing|install uninstall|join leave|last next|previous next|past next|"
    "least most|less more|lock unlock|login logout|max min|maximum minimum|maximize minimize|"
    "mount unmount|off on|older newer|oldest newest|open close|opened closed|over under|"
    "physical virtual|pull push|read write|receive send|received sent|sender recipient|"
    "sender receiver|receiving sending|server client|source destination|start stop|started "
    "stopped|start end|subscribe unsubscribe|sunrise sunset|top bottom|up down|upgrade "
    "downgrade|"
    "with without|inside outside|within outside|highest lowest|higher lower|high low|biggest "
    "smallest|bigger smaller|largest smallest|larger smaller|longest shortest|longer shorter|"
    "cheapest dearest|cheaper dearer|faster slower|fastest slowest|better worse|best "
    "worst|buyer "
    "seller|employer employee|landlord tenant|lender borrower|parent child|husband wife|wife "
    "man|"
    "mother father|mom dad|mum dad|mommy daddy|brother sister|son daughter|uncle aunt|king "
    "queen|boy girl|male female|"
    "increase decrease|raise reduce|gain lose|earlier later|early late|left right|north south|"
    "east west|northern southern|eastern western|safe dangerous|allow block|allow forbid|block "
    "unblock|freeze unfreeze|hide show|hot cold|win lose|expand collapse|zoom shrink|public "
    "private|true false|pro con|pros cons|advantage disadvantage|advantages disadvantages|"
    "benefits drawbacks|always never|everyone nobody|all none|many few|"
    "optional required|optional mandatory|manual automatic|manually automatically|local remote|"
    "temporary permanent|temporarily permanently|lossy lossless|mutable immutable|odd even|"
    "add remove|add delete|create delete|insert delete|upper lower|uppercase lowercase|"
    "cheaper expensive|ask answer|spend save|rent buy|pending completed|"
    "pending complete|prefix postfix|he she|him her|his her|himself herself|"
    "deposit withdrawal|?who ?when|?who ?where|?who ?why|?when ?where|?when ?why|"
    "?where ?why|"
    "prefix suffix|head tail|row column|rows columns|day night|morning evening|daily nightly";

/* The same of places. */
static const char more_places[] = "british britain|british uk|dutch holland|american usa";

static struct hash_map words; /* of all kinds */
static struct gate_lexeme *lexemes;
static struct hash_map opposites, places, forms; /* "a b" */

static struct gate_lexeme *
lexeme_of(struct slice word)
{
	bool added;
	size_t at = hash_map_add(&words, word, &added);

	if (added) {
		lexemes = mem_grow(lexemes, at + 1, sizeof(*lexemes));
		lexemes[at] =
		    (struct gate_lexeme){ .number = -1, .form = -1, .unit = -1, .day = -1 };
	}
	return &lexemes[at];
}

static void
add_table(struct slice word, enum gate_table table, int value, bool soft)
{
	struct gate_lexeme *l = lexeme_of(word);

	switch (table) {
	case TABLE_UNIT: l->unit = (signed char)value; break;
	case TABLE_DAY:
		l->day = (signed char)value;
		l->day_soft = soft;
		break;
	case TABLE_NUMBER:
		l->number = value;
		l->number_soft = soft;
		break;
	case TABLE_LANGUAGE: l->languages |= (unsigned char)(1U << value); break;
	case TABLE_NEGATOR: l->negates = true; break;
	case TABLE_STOP: l->stop = true; break;
	case TABLE_NAME: l->name = true; break;
	}
}

static void
add_form(struct slice pair)
{
	struct gate_lexeme *l = lexeme_of(slice_take(pair, slice_find(pair, ' ')));

	l->form = (int)hash_map_add(&forms, pair, NULL);
}

/* Counts as the English word does, and is a form of it. */
static void
add_alike(struct slice english, struct slice other)
{
	struct gate_lexeme head = *lexeme_of(english), *l = lexeme_of(other);
	char pair[64];
	int n = snprintf(pair, sizeof(pair), "%.*s %.*s", (int)other.len, other.ptr,
	    (int)english.len, english.ptr);

	l->number = head.number;
	l->number_soft = head.number_soft;
	l->unit = head.unit;
	l->day = head.day;
	l->day_soft = head.day_soft;
	l->negates = head.negates;
	l->stop |= head.stop;
	add_form(slice_of(pair, (size_t)n));
}

static void
add_lines(struct slice rest)
{
	while (rest.len) {
		size_t n = slice_find(rest, '\n');
		struct slice pair = slice_drop(slice_take(rest, n), 2);

		switch (rest.ptr[0]) {
		case '=': hash_map_add(&opposites, pair, NULL); break;
		case '~': add_form(pair); break;
		case '%': hash_map_add(&places, pair, NULL); break;
		default: lexeme_of(pair)->name = true; break;
		}
		rest = slice_drop(rest, n + 1);
	}
}

static void
add_pairs(const char *pairs, struct hash_map *to)
{
	struct slice rest = slice_z(pairs);

	while (rest.len) {
		size_t n = slice_find(rest, '|');

		hash_map_add(to, slice_take(rest, n), NULL);
		rest = slice_drop(rest, n + 1);
	}
}

static void
load(void)
{
	if (words.count)
		return;
	add_lines(slice_of(gate_words_begin, (size_t)(gate_words_end - gate_words_begin)));
	add_pairs(more_opposites, &opposites);
	add_pairs(more_places, &places);
	gate_tables(add_table);
	gate_alike(add_alike);
}

const struct gate_lexeme *
gate_lexeme(struct slice word)
{
	static const struct gate_lexeme unknown = {
		.number = -1, .form = -1, .unit = -1, .day = -1
	};
	size_t at;

	load();
	at = hash_map_find(&words, word);
	return at == SIZE_MAX ? &unknown : &lexemes[at];
}

bool
gate_is_known(struct slice word)
{
	load();
	return hash_map_find(&words, word) != SIZE_MAX;
}

static bool
has_pair(const struct hash_map *map, struct slice a, struct slice b)
{
	char text[130];

	if (a.len > 64 || b.len > 64)
		return false;
	memcpy(text, a.ptr, a.len);
	text[a.len] = ' ';
	memcpy(text + a.len + 1, b.ptr, b.len);
	return hash_map_find(map, slice_of(text, a.len + 1 + b.len)) != SIZE_MAX;
}

bool
gate_same_place(struct slice a, struct slice b)
{
	load();
	return has_pair(&places, a, b) || has_pair(&places, b, a);
}

#define LEMMAS 6
struct lemmas {
	struct slice list[LEMMAS];
	char made[2][72]; /* with an e or a y at their end */
	size_t count;
};

static void
lemma_add(struct lemmas *l, struct slice word)
{
	if (l->count < LEMMAS && word.len > 1)
		l->list[l->count++] = word;
}

static void
lemma_made(struct lemmas *l, struct slice head, char tail, unsigned room)
{
	if (head.len + 1 > sizeof(l->made[0]))
		return;
	memcpy(l->made[room], head.ptr, head.len);
	l->made[room][head.len] = tail;
	lemma_add(l, slice_of(l->made[room], head.len + 1));
}

/* The words of which it may be a form. */
static void
lemmas_of(struct slice w, struct lemmas *l)
{
	bool most = slice_ends(w, SLICE("est")) && w.len > 6;
	size_t cut = (slice_ends(w, SLICE("ing")) && w.len > 5) || most ? 3
		     : slice_ends(w, SLICE("ed")) && w.len > 4          ? 2
									: 0;
	struct slice head = slice_take(w, w.len - cut);

	int form = gate_lexeme(w)->form;

	l->count = 0;
	lemma_add(l, w);
	if (form >= 0)
		lemma_add(l, slice_drop(forms.keys[form], w.len + 1));
	if (cut) {
		lemma_add(l, head);
		lemma_made(l, head, 'e', 0);
		if (head.len > 3 && head.ptr[head.len - 1] == head.ptr[head.len - 2])
			lemma_add(l, slice_take(head, head.len - 1));
		if ((cut == 2 || most) && head.ptr[head.len - 1] == 'i')
			lemma_made(l, slice_take(head, head.len - 1), 'y', 1);
	} else if (slice_ends(w, SLICE("s")) && w.len > 3) {
		lemma_add(l, slice_take(w, w.len - 1));
		if (slice_ends(w, SLICE("es")))
			lemma_add(l, slice_take(w, w.len - 2));
		if (slice_ends(w, SLICE("ies")))
			lemma_made(l, slice_take(w, w.len - 3), 'y', 0);
	}
}

static bool
form_opposite(struct slice a, struct slice b)
{
	return has_pair(&opposites, a, b) || has_pair(&opposites, b, a);
}

/* a is b with a beginning that turns it around: unverified, deactivate. */
static bool
is_turned(struct slice a, struct slice b)
{
	static const char *const heads[] = { "un", "dis", "non", "de", "mis", "in", "im", "ir",
		"il", "des", "dés", "dé", "ent" };

	if (b.len < 4)
		return false;
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		struct slice head = slice_z(heads[i]);

		if (a.len == b.len + head.len && slice_starts(a, head) && slice_ends(a, b))
			return true;
	}
	return false;
}

bool
gate_opposite(struct slice a, struct slice b)
{
	struct lemmas x, y;

	load();
	lemmas_of(a, &x);
	lemmas_of(b, &y);
	for (size_t i = 0; i < x.count; i++)
		for (size_t k = 0; k < y.count; k++)
			if (form_opposite(x.list[i], y.list[k]) ||
			    is_turned(x.list[i], y.list[k]) || is_turned(y.list[k], x.list[i]))
				return true;
	return false;
}

struct slice
gate_stem(struct slice w, struct arena *a)
{
	if (slice_ends(w, SLICE("'s")))
		w.len -= 2;
	if (w.len > 4 && slice_ends(w, SLICE("ies")))
		return arena_printf(a, "%.*sy", (int)(w.len - 3), w.ptr);
	if (w.len > 5 && slice_ends(w, SLICE("ing")))
		w.len -= 3;
	else if (w.len > 4 && slice_ends(w, SLICE("ed")))
		w.len -= 2;
	else if (w.len > 3 && slice_ends(w, SLICE("s")) && !slice_ends(w, SLICE("ss")) &&
		 !slice_ends(w, SLICE("us")) && !slice_ends(w, SLICE("is")))
		w.len -= 1;
	if (w.len > 4 && w.ptr[w.len - 1] == w.ptr[w.len - 2] && w.ptr[w.len - 1] != 's' &&
	    w.ptr[w.len - 1] != 'l')
		w.len -= 1;
	if (w.len > 3 && w.ptr[w.len - 1] == 'e')
		w.len -= 1;
	return w;
}
