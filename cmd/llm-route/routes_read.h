/* SPDX-License-Identifier: MIT */
/* Private to the reader of ROUTES: the line that is read, one file for each group of lines. */
#ifndef LLM_ROUTE_ROUTES_READ_H
#define LLM_ROUTE_ROUTES_READ_H

#include "cmd/llm-route/routes.h"

struct reader {
	struct routes *routes;
	struct slice rest;
	uint64_t line;
	const char *why;
	char text[300];
};

/* The line is wrong: r->why says so. Always false. */
bool read_wrong(struct reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The next word, or an error that says what was wanted. */
bool read_want(struct reader *r, struct slice *word, const char *what);
/* The next word, if there is one. */
bool read_more(struct reader *r, struct slice *word);
bool read_end(struct reader *r);
/* KEY=VALUE in two, without the quotes of the value. False where the word has another form. */
bool read_pair(struct reader *r, struct slice word, struct slice *name, struct slice *value);
/* One more thing of size bytes, cleared, at the end of *list, which grows by doubling. */
void *read_append(void *list, size_t *count, size_t size);

/* [key=value…] up to the end of the line. */
bool read_settings(struct reader *r, struct settings *s);
bool read_profile(struct reader *r);
bool read_model(struct reader *r);
bool read_cooldown(struct reader *r);
bool read_word(struct reader *r);
bool read_complexity(struct reader *r);
/* Makes the table of the lines `word` and `complexity`, if there are any. */
void routes_words(struct routes *routes);

#endif
