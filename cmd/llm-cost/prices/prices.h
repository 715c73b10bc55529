/* SPDX-License-Identifier: MIT */
/* llm-cost prices: the rows of price tables as people look at them. */
#ifndef COST_PRICES_H
#define COST_PRICES_H

#include "money/price_table.h"
#include "show/members.h"
#include "tool/tool.h"

/* A row, and where it is from. */
struct book_row {
	struct price price;
	char *source; /* as the row tells it, or NULL */
	size_t at;    /* its place in the table: of two equal ones the later holds */
	bool held;    /* the row of its model that holds now */
};
/* The rows of one table. */
struct price_book {
	const char *name;
	const char *date; /* of the table, or NULL */
	char own_date[11];
	struct book_row *row;
	size_t count;
};

/* What the options say. */
struct prices_settings {
	const char *provider;
	struct option_list logs;
	int64_t max_age;
	bool history;
};
extern struct prices_settings prices_settings;

/* The rows of a layer; a row that cannot be read ends the run with status 2. */
void book_layer(struct price_book *b, const struct price_layer *layer);
/* Of a file; what is no table ends the run with status 2. text gets the file. */
void book_file(struct price_book *b, const char *file, struct buf *text);
/* The book stays where it is until then. */
void book_close(struct price_book *b);
/* As people and tables say prices: dollars for a million tokens, or a thousand calls. */
struct usd price_for_people(enum price_class class, struct usd one);
/* The price of a class at a short prompt, in the table alone; false if it has none there. */
bool price_in_lane(
    const struct price *p, enum lane lane, enum price_class class, struct usd *out);
/* Why the row looks as if a price had slipped by a thousand; NULL if it does not. */
const char *price_slip(const struct price *p);
/* Is the row of --provider, and does its name have one of the words? */
bool book_wants(const struct book_row *row, const struct option_list *words, size_t from);

/* The subcommands; operands without the verb. Each writes its output into out. */
void prices_list(const struct option_list *words, const char *format, struct buf *out);
void prices_show(const struct option_list *models, const char *format, struct buf *out);
void prices_lint(const struct option_list *files, const char *format, struct buf *out);
void prices_diff(const struct option_list *files, const char *format, struct buf *out);
void prices_import(const struct option_list *files, const char *format, struct buf *out);

#endif
