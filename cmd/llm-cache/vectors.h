/* SPDX-License-Identifier: MIT */
/* Where the vector of a question comes from: the built-in table, an encoder file, a member of
 * the record or a file of vectors, or an endpoint. */
#ifndef VECTORS_H
#define VECTORS_H

#include "cache.h"
#include "meaning/embed.h"

struct vector_settings {
	const char *encoder, *given, *embed, *embed_model, *key_file, *cacert;
	struct option_list headers;
	int64_t connect_timeout, max_time;
};
extern struct vector_settings vector_settings;

/* Rows of the option table of a command that needs vectors. */
#define VECTOR_OPTIONS                                                                       \
	{ 0, "encoder", OPTION_TEXT, "F", &vector_settings.encoder,                          \
		"vectors of the sentence encoder in F", NULL },                              \
	    { 0, "vectors", OPTION_TEXT, "PATH", &vector_settings.given,                     \
		    "vectors that stand in the record, or in a file of lines with text and " \
		    "vector",                                                                \
		    NULL },                                                                  \
	    { 0, "embed", OPTION_TEXT, "URL", &vector_settings.embed,                        \
		    "vectors of an endpoint as OpenAI's, by its base URL", NULL },           \
	    { 0, "embed-model", OPTION_TEXT, "M", &vector_settings.embed_model,              \
		    "the model to ask of it (text-embedding-3-small)", NULL },               \
	    { 0, "key-file", OPTION_TEXT, "F", &vector_settings.key_file,                    \
		    "read its key from F, which only you can read", NULL },                  \
	    { 0, "header", OPTION_LIST, "NAME=VARIABLE", &vector_settings.headers,           \
		    "send it header NAME with the value of that variable (repeatable)",      \
		    NULL },                                                                  \
	    { 0, "cacert", OPTION_TEXT, "F", &vector_settings.cacert,                        \
		    "trust the certificates in F", NULL },                                   \
	    { 0, "connect-timeout", OPTION_DURATION, "T", &vector_settings.connect_timeout,  \
		    "longest wait for a connection to it (30s)", NULL },                     \
	{                                                                                    \
		0, "max-time", OPTION_DURATION, "T", &vector_settings.max_time,              \
		    "longest time of one call (10s)", NULL                                   \
	}

/* The first option given of those that say where vectors come from, or NULL. */
const char *vectors_option(void);

struct vectors;

struct vector {
	struct slice name; /* of the embedding; two names are never compared */
	size_t dims;
	int8_t *row;  /* as nearest_pack makes it; in the arena */
	float strict; /* the score that is asked for without evidence */
	float ease;   /* see learn_open */
	bool costly;  /* worth keeping by the hash of its text */
};

/* A wrong option ends the run with status 2. */
struct vectors *vectors_open(void);
/* The vector of the text of the record. false and *why (static): there is none. What the
 * embedding does not know gets a vector of its spelling, under another name. store: where those
 * that cost time were kept; NULL is fine. */
bool vectors_of(struct vectors *v, struct value root, struct slice text, struct store *store,
    struct arena *a, struct vector *out, const char **why);
/* Name of the space in which costly vectors are kept, and of a text in it. */
void vectors_place(
    const struct vector *v, struct slice text, unsigned char space[16], unsigned char name[16]);
/* Do vectors of this embedding cost time? */
bool vectors_cost(struct slice name);
/* Says what was skipped; frees. NULL is fine. */
void vectors_close(struct vectors *v);

#endif
