/* SPDX-License-Identifier: MIT */
/* Private to the lexical gate: a text as it reads it, and the words that it knows. */
#ifndef LLM_MEANING_GATE_PARTS_H
#define LLM_MEANING_GATE_PARTS_H

#include "meaning/gate.h"

enum {
	WORD_NAME = 1,  /* a name by its capital, or known as one */
	WORD_STOP = 2,  /* carries no meaning of its own */
	WORD_START = 4, /* begins a sentence */
	WORD_COUNT = 8  /* a number */
};

struct gate_word {
	struct slice text; /* without case */
	struct slice stem;
	unsigned flags;
};

struct gate_number {
	struct slice text; /* digits without separators */
	int unit;          /* that stands beside it, or -1 */
	bool soft;         /* "one", "first": may be no number at all */
};

enum script {
	SCRIPT_NONE,
	SCRIPT_LATIN,
	SCRIPT_GREEK,
	SCRIPT_CYRILLIC,
	SCRIPT_ARABIC,
	SCRIPT_HEBREW,
	SCRIPT_INDIC,
	SCRIPT_THAI,
	SCRIPT_KOREAN,
	SCRIPT_EASTERN,
	SCRIPT_OTHER
};
enum asked {
	ASKED_OPEN,
	ASKED_MANNER, /* how do I, how to: open, but for "why" */
	ASKED_WHO,
	ASKED_TIME,
	ASKED_WHERE,
	ASKED_WHY,
	ASKED_AMOUNT,
	ASKED_OLD,
	ASKED_FAR,
	ASKED_OFTEN,
	ASKED_SIZE
};

enum form {
	FORM_OPEN,
	FORM_STATE,  /* asks whether something is so: is my, do we have */
	FORM_PAST,   /* did I, did you: one of those too */
	FORM_FAVOUR, /* can you do it */
	FORM_TELL    /* asks nothing: no word or mark of a question */
};

enum modal {
	MODAL_NONE,
	MODAL_MAY, /* can I */
	MODAL_MUST /* do I have to */
};

struct gate_text {
	struct slice plain, folded; /* NFKC; the same without case */
	struct gate_word *words;
	struct gate_number *numbers;
	struct slice *codes, *quotes;
	size_t word_count, number_count, code_count, quote_count;
	uint64_t units;    /* bits of gate_unit */
	uint64_t days;     /* bits of gate_day: months, days of the week … */
	uint64_t days_now; /* today, now: a conflict only with another day */
	bool negated;
	enum script script;
	unsigned language; /* 0: not told */
	enum asked asked;
	enum form form;
	enum modal modal;
};

/* What is known of a word by itself. */
struct gate_lexeme {
	int number;            /* or -1 */
	int form;              /* private to gate_words.c */
	signed char unit, day; /* or -1 */
	bool number_soft, day_soft, negates, stop, name;
	unsigned char languages; /* bits: a small word of theirs */
};

/* gate_words.c: all texts in lower case */
struct slice gate_stem(struct slice word, struct arena *a);
const struct gate_lexeme *gate_lexeme(struct slice word);
bool gate_is_known(struct slice word);
/* One is the place that the other is the adjective of. */
bool gate_same_place(struct slice a, struct slice b);
/* Opposites, in whatever form. */
bool gate_opposite(struct slice a, struct slice b);

/* gate_tables.c */
enum gate_table {
	TABLE_UNIT,
	TABLE_DAY,
	TABLE_NUMBER,
	TABLE_LANGUAGE,
	TABLE_NEGATOR,
	TABLE_STOP,
	TABLE_NAME
};
typedef void (*gate_table_fn)(struct slice word, enum gate_table table, int value, bool soft);
/* Calls each for all words of the tables. */
void gate_tables(gate_table_fn each);
/* Is the word one of the blank-separated row? */
bool gate_in_row(const char *row, struct slice word);
uint64_t gate_unit_kind(unsigned unit); /* bits of all units of its kind */
/* Do they, beside a number, say the same, as far as one can tell? */
bool gate_same_unit(int a, int b);
bool gate_unit_percent(int unit);
/* Is the word that may be a day one here? */
bool gate_day_sure(int day, struct slice word, bool capital, bool beside_number);
#define GATE_LANGUAGES 8

/* gate_alike.c: calls each for words of other languages that count as an English one */
void gate_alike(void (*each)(struct slice english, struct slice other));

/* gate_code.c: letters, digits and what is no ASCII; does a chunk between blanks look like
 * code, an address, a path, an identifier; has it letters and digits; has it that text in it */
bool gate_word_byte(char c);
bool gate_is_code(struct slice s);
bool gate_is_mixed(struct slice s);
bool gate_has(struct slice s, const char *what);
/* Bytes of a quoted run, or one between backticks, at the front; 0 if there is none. */
size_t gate_quoted(struct slice s, bool after_blank, struct slice *inside);
size_t gate_code_span(struct slice s, struct slice *inside);

/* Bytes of a mark beyond ASCII that stands between words: those of quotes, dashes, dots. */
size_t gate_mark(struct slice s);
/* Bytes of what is read at once: a chunk between blanks; of a script without them the longest
 * word that is known, else one sign. */
size_t gate_chunk(struct slice s);

/* gate_read.c: the words and what stands among them */
void gate_scan(struct gate_text *t, struct arena *a);

/* gate_fold.c: one sign for the apostrophe inside words */
struct slice gate_straight(struct slice text, struct arena *a);

/* gate_kind.c: the script of most letters; the question word at the head, behind what is said
 * for politeness; what is asked at all */
enum script gate_script(struct slice text);
enum asked gate_asked(const struct gate_text *t);
enum form gate_form(const struct gate_text *t);
enum modal gate_modal(const struct gate_text *t);
/* Capitals mean nothing in it. */
bool gate_is_titled(struct slice s);

/* gate_common.c: the word, by text or stem; the word, or the place that it is the adjective of
 * (France, French) */
bool gate_has_word(const struct gate_text *t, const struct gate_word *w);
bool gate_has_place(const struct gate_text *t, const struct gate_word *w);

/* gate_order.c: do they say the same of two things the other way round (A to B, B to A)? */
bool gate_other_order(const struct gate_text *a, const struct gate_text *b);
/* It joins equals: and, or, plus. */
bool gate_is_joint(const struct gate_word *w);

#endif
