/* SPDX-License-Identifier: MIT */
#include "address.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/request.h"
#include "money/price_name.h"
#include "tool/tool.h"
#include "../connect.h"

static struct address *addresses;
static size_t count;

/* Names of one provider: "google" and "gemini". */
static bool
same(struct slice a, struct slice b)
{
	return slice_eq(price_provider(a), price_provider(b));
}

static bool
is_target(struct slice name, enum net_provider *out)
{
	for (int p = NET_OPENAI; p <= NET_OTHER; p++) {
		if (!same(name, slice_z(net_provider_name((enum net_provider)p))))
			continue;
		*out = (enum net_provider)p;
		return true;
	}
	return false;
}

static enum net_provider
target_of(const char *of, const char *base_url)
{
	enum net_provider target;

	if (!of)
		return net_provider_of(base_url);
	if (!is_target(slice_z(of), &target))
		tool_usage("'--for' wants openai, azure, anthropic, gemini, mistral or other");
	return target;
}

/* Length of NAME where text is `NAME=…`, else 0: no address and no path begins so. */
static size_t
name_length(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-.");

	return text[n] == '=' ? n : 0;
}

static struct address *
named(struct slice name)
{
	for (size_t i = 0; i < count; i++)
		if (addresses[i].named && same(slice_z(addresses[i].name), name))
			return &addresses[i];
	return NULL;
}

/* The one without a name; NULL if all have one. */
static struct address *
address_plain(void)
{
	for (size_t i = 0; i < count; i++)
		if (!addresses[i].named)
			return &addresses[i];
	return NULL;
}

static void
add(const char *text, const char *of)
{
	size_t n = name_length(text);
	struct address at = { .named = n > 0 };
	const char *why = NULL;

	at.base_url = n ? text + n + 1 : text;
	if (!net_base_url(at.base_url, &why))
		tool_usage("'--base-url': %s", why);
	if (n && named(slice_of(text, n)))
		tool_usage("'--base-url': two addresses of '%.*s'", (int)n, text);
	if (!n && address_plain())
		tool_usage("'--base-url': two addresses without a name");
	if (n) {
		at.name = mem_text(slice_of(text, n));
		/* all others speak as OpenAI does */
		if (!is_target(slice_of(text, n), &at.target) || at.target == NET_OTHER)
			at.target = net_provider_of(at.base_url);
		if (at.target == NET_OTHER)
			at.target = NET_OPENAI;
	} else {
		at.target = target_of(of, at.base_url);
		at.name = net_provider_name(at.target);
	}
	addresses = mem_grow(addresses, count + 1, sizeof(*addresses));
	addresses[count++] = at;
}

/* A key file belongs to one address: no provider gets the key of another. */
static void
add_key_file(const char *text)
{
	size_t n = name_length(text);
	struct address *at = n ? named(slice_of(text, n)) : NULL;

	if (at)
		text += n + 1;
	else if (!(at = address_plain()))
		tool_usage("'--key-file': which address? say NAME=FILE");
	if (at->key_file)
		tool_usage("'--key-file': two of one address");
	at->key_file = text;
}

void
addresses_open(
    const struct option_list *urls, const struct option_list *key_files, const char *of)
{
	const char *always = getenv("LLM_BASE_URL");

	for (size_t i = 0; i < urls->count; i++)
		add(urls->item[i], of);
	if (!address_plain() && always && *always && !name_length(always))
		add(always, of);
	if (!count)
		tool_usage("no base URL: give '--base-url' or set LLM_BASE_URL");
	if (of && !address_plain())
		tool_usage("'--for' is of the base URL without a name, and there is none");
	if (connect_settings.headers.count && !address_plain())
		tool_usage("'--header' is for the base URL without a name, and there is none");
	for (size_t i = 0; i < key_files->count; i++)
		add_key_file(key_files->item[i]);
	/* a bad key file is a matter of the command, not of a record */
	for (size_t i = 0; i < count; i++)
		address_headers(&addresses[i], NET_OPENAI);
}

const struct address *
address_first(void)
{
	return address_plain() ? address_plain() : &addresses[0];
}

/* One of whose provider it is certain that the model is not his. */
static bool
is_strange(const struct address *plain, struct slice provider)
{
	enum net_provider owner = NET_OTHER;
	bool certain = count > 1 || net_provider_of(plain->base_url) != NET_OTHER;

	if (!certain || plain->target == NET_OTHER || !is_target(provider, &owner))
		return false;
	/* Azure has the models of several */
	return owner != plain->target && owner != NET_OTHER && plain->target != NET_AZURE;
}

struct address *
address_of(struct slice model, bool other, struct slice *sent, struct arena *a)
{
	struct address *plain = address_plain(), *at;
	size_t n = slice_find(model, '/');
	struct price_name name;

	*sent = model;
	if (count == 1 && plain && !other)
		return plain;
	if (n && n + 1 < model.len && (at = named(slice_take(model, n)))) {
		*sent = slice_drop(model, n + 1);
		return at;
	}
	price_name_read(models_resolve(model), slice_of(NULL, 0), a, &name);
	if (name.provider.len && (at = named(name.provider)))
		return at;
	return plain && other && is_strange(plain, name.provider) ? NULL : plain;
}

const struct http_header *
address_headers(struct address *at, enum net_provider speaks)
{
	const struct option_list *extra = &connect_settings.headers;
	const char *why = NULL;

	if (!at->headers[speaks] &&
	    !net_headers(at->base_url, speaks, at->key_file, extra->item,
		at->named ? 0 : extra->count, &at->headers[speaks], &why))
		diag_die(STATUS_USAGE, "%s", why);
	return at->headers[speaks];
}

struct slice
address_priced(const struct address *at)
{
	/* a host that nobody knows is no provider that a price could be asked for */
	if (at->target == NET_OTHER && !at->named)
		return slice_of(NULL, 0);
	return slice_z(at->name);
}
