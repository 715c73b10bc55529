/* SPDX-License-Identifier: MIT */
/* Where calls go: to the base URL without a name, or to that of the provider that has the
 * model.
 */
#ifndef LLM_BATCH_ADDRESS_H
#define LLM_BATCH_ADDRESS_H

#include "base/arena.h"
#include "base/options.h"
#include "net/keys.h"

struct address {
	const char *name; /* what llm.batch.provider says */
	const char *base_url;
	enum net_provider target; /* NET_OTHER: bodies go as they are */
	bool named;
	const char *key_file;
	const struct http_header *headers[NET_OTHER + 1]; /* address_headers makes them */
};

/* Reads `U` and `NAME=U` (urls), `F` and `NAME=F` (key files); of: --for, for the one without a
 * name, or NULL. A wrong one, or none at all, ends the process with status 2, as does a missing
 * key. */
void addresses_open(
    const struct option_list *urls, const struct option_list *key_files, const char *of);
/* The one without a name, or the first. */
const struct address *address_first(void);
/* The address of a model, as a record names it, and what the provider there calls it (in the
 * arena): `NAME/MODEL` goes to NAME as MODEL, a model of a known provider to the address of
 * that name, all else to the one without a name. other: the model stands in for another one,
 * and is not offered to an address of a provider that is known to be not its own. NULL: there
 * is none. */
struct address *address_of(struct slice model, bool other, struct slice *sent, struct arena *a);
/* What goes into the header of a call in the dialect. */
const struct http_header *address_headers(struct address *at, enum net_provider speaks);
/* The provider as prices know it; ptr NULL where they cannot. */
struct slice address_priced(const struct address *at);

#endif
