/* SPDX-License-Identifier: MIT */
#include "net/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/hash.h"
#include "base/mem.h"

#define KEY_FILE_LIMIT 65536
#define MASK_LEAST 4 /* a shorter "key" would blank ordinary words */

static const struct {
	const char *name;
	const char *variable;
	const char *header; /* NULL: Authorization: Bearer */
} providers[] = {
	[NET_OPENAI] = { "openai", "OPENAI_API_KEY", NULL },
	[NET_ANTHROPIC] = { "anthropic", "ANTHROPIC_API_KEY", "x-api-key" },
	[NET_GEMINI] = { "gemini", "GEMINI_API_KEY", "x-goog-api-key" },
	[NET_MISTRAL] = { "mistral", "MISTRAL_API_KEY", NULL },
	[NET_AZURE] = { "azure", "AZURE_OPENAI_API_KEY", "api-key" },
	[NET_OTHER] = { "other", "LLM_API_KEY", NULL },
};

/* A host that begins with a dot stands for all names that end so. */
static const struct {
	const char *host;
	enum net_provider provider;
} hosts[] = {
	{ "api.openai.com", NET_OPENAI },
	{ ".api.openai.com", NET_OPENAI },
	{ "api.anthropic.com", NET_ANTHROPIC },
	{ "generativelanguage.googleapis.com", NET_GEMINI },
	{ "api.mistral.ai", NET_MISTRAL },
	{ ".openai.azure.com", NET_AZURE },
	{ ".openai.azure.us", NET_AZURE },
	{ ".cognitiveservices.azure.com", NET_AZURE },
	{ ".services.ai.azure.com", NET_AZURE },
};

static struct arena kept; /* what lives as long as the run */

/* Secrets that were read from elsewhere than the known variables. */
static struct slice *more_secrets;
static size_t more_count;

static bool
scheme_take(const char *url, struct slice *rest)
{
	if (strncasecmp(url, "https://", 8) == 0)
		*rest = slice_z(url + 8);
	else if (strncasecmp(url, "http://", 7) == 0)
		*rest = slice_z(url + 7);
	else
		return false;
	return true;
}

/* Host without port, brackets and a last dot; empty where url has another form. */
static struct slice
host_of(const char *url)
{
	struct slice rest, host;

	if (!scheme_take(url, &rest))
		return SLICE("");
	host = slice_take(rest, strcspn(rest.ptr, "/?#\\"));
	if (host.len && host.ptr[0] == '[')
		return slice_take(slice_drop(host, 1), slice_find(slice_drop(host, 1), ']'));
	host = slice_take(host, slice_find(host, ':'));
	if (host.len && host.ptr[host.len - 1] == '.')
		host.len--;
	return host;
}

static bool
host_is(struct slice host, const char *want)
{
	size_t n = strlen(want);

	if (want[0] == '.')
		return host.len > n && strncasecmp(host.ptr + host.len - n, want, n) == 0;
	return host.len == n && strncasecmp(host.ptr, want, n) == 0;
}

enum net_provider
net_provider_of(const char *base_url)
{
	struct slice host = host_of(base_url);

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (host_is(host, hosts[i].host))
			return hosts[i].provider;
	return NET_OTHER;
}

const char *
net_provider_name(enum net_provider p)
{
	return providers[p].name;
}

/* The problem with its subject in place of the '@', where it has one. */
static const char *
say(const char *problem, const char *subject)
{
	const char *at = strchr(problem, '@');

	if (!at)
		return problem;
	return arena_printf(&kept, "%.*s%s%s", (int)(at - problem), problem,
	    diag_clean(slice_z(subject)), at + 1)
	    .ptr;
}

static void
remember(const char *secret)
{
	more_secrets = mem_grow(more_secrets, more_count + 1, sizeof(*more_secrets));
	more_secrets[more_count++] = slice_z(secret);
}

static bool
printable(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

static const char *
key_file_problem(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return "the key file '@' cannot be read";
	if (!S_ISREG(st.st_mode))
		return "the key file '@' is no regular file";
	if (st.st_uid != geteuid())
		return "the key file '@' belongs to somebody else";
	if (st.st_mode & 077)
		return "the key file '@' can be read by others: chmod 600";
	if (st.st_size > KEY_FILE_LIMIT)
		return "the key file '@' is too large for a key";
	return NULL;
}

/* Who gives the key itself in place of the file must not find it in a log. */
static const char *
open_problem(const char *name)
{
	return strchr(name, '/') || errno != ENOENT
		   ? "the key file '@' cannot be opened"
		   : "there is no such key file (its name is wanted, not the key)";
}

/* The key in the file, run lifetime; NULL and *why. */
static const char *
key_from_file(const char *name, const char **why)
{
	char text[KEY_FILE_LIMIT + 1];
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	const char *problem = fd < 0 ? open_problem(name) : key_file_problem(fd);
	const char *key = NULL;
	struct slice trimmed;
	ssize_t n = 0;

	if (!problem) {
		n = read(fd, text, sizeof(text) - 1);
		problem = n <= 0 ? "the key file '@' is empty" : NULL;
	}
	if (!problem) {
		text[n] = '\0';
		trimmed = slice_trim(slice_z(text));
		text[trimmed.ptr - text + (ptrdiff_t)trimmed.len] = '\0';
		if (trimmed.len == 0 || !printable(trimmed.ptr))
			problem = "the key file '@' holds no key of one line";
		else
			remember(key = arena_copy(&kept, trimmed).ptr);
	}
	explicit_bzero(text, sizeof(text));
	if (fd >= 0)
		close(fd);
	if (problem)
		*why = say(problem, name);
	return key;
}

/* *key NULL and true: there is none, and none is needed. */
static bool
key_find(enum net_provider host, const char *key_file, const char **key, const char **why)
{
	*key = NULL;
	if (key_file) {
		*key = key_from_file(key_file, why);
		return *key != NULL;
	}
	*key = getenv(providers[host].variable);
	if (*key && !**key)
		*key = NULL;
	if (*key && !printable(*key)) {
		*why = say("the key in @ has a control character", providers[host].variable);
		return false;
	}
	if (*key || host == NET_OTHER)
		return true;
	*why = say("@ is not set", providers[host].variable);
	return false;
}

struct headers {
	struct http_header *list; /* ended by a NULL name */
	size_t count;
};

static void
headers_put(struct headers *h, const char *name, const char *value)
{
	size_t i = 0;

	while (i < h->count && strcasecmp(h->list[i].name, name) != 0)
		i++;
	h->count += i == h->count;
	h->list[i] = (struct http_header){ name, value };
}

static void
headers_key(struct headers *h, enum net_provider dialect, const char *key)
{
	if (key && providers[dialect].header)
		headers_put(h, providers[dialect].header, key);
	else if (key)
		headers_put(h, "Authorization", arena_printf(&kept, "Bearer %s", key).ptr);
	if (dialect == NET_ANTHROPIC)
		headers_put(h, "anthropic-version", "2023-06-01");
}

static bool
header_name_fits(struct slice name)
{
	if (name.len == 0)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (name.ptr[i] <= ' ' || name.ptr[i] > '~' ||
		    strchr("\"(),/:;<=>?@[\\]{}", name.ptr[i]))
			return false;
	return true;
}

/* `NAME=VARIABLE` */
static bool
headers_extra(struct headers *h, const char *item, const char **why)
{
	struct slice name = slice_take(slice_z(item), slice_find(slice_z(item), '='));
	const char *value, *variable = item[name.len] ? item + name.len + 1 : "";

	/* what stands in the place of the variable's name may be the value: it is not said */
	if (!header_name_fits(name) || !*variable) {
		*why = "'--header' is of the form NAME=VARIABLE";
		return false;
	}
	value = getenv(variable);
	if (!value || !printable(value)) {
		*why =
		    say(value ? "'--header @': the value has a control character"
			      : "'--header @': there is no variable of the name that it gives",
			arena_copy(&kept, name).ptr);
		return false;
	}
	remember(value);
	headers_put(h, arena_copy(&kept, name).ptr, value);
	return true;
}

bool
net_headers(const char *base_url, enum net_provider speaks, const char *key_file,
    const char *const *extra, size_t extra_count, const struct http_header **headers,
    const char **why)
{
	enum net_provider host = net_provider_of(base_url);
	struct headers h = { arena_zero(&kept, extra_count + 3, sizeof(*h.list)), 0 };
	const char *key;

	if (!key_find(host, key_file, &key, why))
		return false;
	if (key && host != NET_OTHER && strncasecmp(base_url, "https://", 8) != 0) {
		*why = say("a key goes to '@' over https only", base_url);
		return false;
	}
	/* Azure's hosts speak OpenAI's bodies, but take the key in a header of their own */
	headers_key(&h, speaks == NET_OPENAI && host == NET_AZURE ? NET_AZURE : speaks, key);
	for (size_t i = 0; i < extra_count; i++)
		if (!headers_extra(&h, extra[i], why))
			return false;
	*headers = h.list;
	return true;
}

bool
net_base_url(const char *url, const char **why)
{
	struct slice rest = SLICE(""), host;

	*why = NULL;
	if (!printable(url) || strpbrk(url, " \\\"<>"))
		*why = "a base URL has no blank, control character, quote or backslash";
	else if (!scheme_take(url, &rest))
		*why = "a base URL begins with http:// or https://";
	else if (memchr(rest.ptr, '@', strcspn(rest.ptr, "/?#")))
		*why =
		    "a base URL holds no user and no password: keys come from the environment";
	else if (strpbrk(rest.ptr, "?#"))
		*why = "a base URL has no query and no fragment";
	if (*why)
		return false;
	host = host_of(url);
	if (host.len == 0)
		*why = "a base URL names a host";
	return !*why;
}

/* Where path repeats the last segment of base (/v1, /v1beta): what stands behind it. */
static struct slice
without_doubled(struct slice base, struct slice path)
{
	static const char *const versions[] = { "/v1beta", "/v1" };

	for (size_t i = 0; i < 2; i++) {
		struct slice v = slice_z(versions[i]), rest = slice_drop(path, v.len);

		if (slice_ends(base, v) && slice_starts(path, v) &&
		    (rest.len == 0 || rest.ptr[0] == '/' || rest.ptr[0] == '?'))
			return rest;
	}
	return path;
}

const char *
net_join(const char *base_url, const char *path)
{
	static struct hash_map seen;
	static char **texts;
	struct slice base = slice_z(base_url);
	struct buf tail = { 0 }, b = { 0 };
	bool added;
	size_t i;

	while (base.len && base.ptr[base.len - 1] == '/')
		base.len--;
	if (path[0] != '/' && path[0] != '?' && path[0])
		buf_add_byte(&tail, '/');
	buf_add(&tail, slice_z(path));
	buf_add(&b, base);
	buf_add(&b, without_doubled(base, buf_slice(&tail)));
	buf_add_byte(&b, '\0');
	buf_free(&tail);
	i = hash_map_add(&seen, buf_slice(&b), &added);
	if (!added) {
		buf_free(&b);
		return texts[i];
	}
	texts = mem_grow(texts, i + 1, sizeof(*texts));
	return texts[i] = b.data;
}

/* One character as it may stand in a text: as it is, as JSON escapes it, or as a URL does. How
 * many bytes it takes; 0: there is another one. */
static size_t
spelled(struct slice text, char c)
{
	char form[2][16];

	if (text.len && text.ptr[0] == c)
		return 1;
	if (text.len < 2 || (text.ptr[0] != '\\' && text.ptr[0] != '%'))
		return 0;
	if (text.ptr[0] == '\\' && text.ptr[1] == c && strchr("/\"\\", c))
		return 2;
	snprintf(form[0], sizeof(form[0]), "\\u%04x", (unsigned char)c);
	snprintf(form[1], sizeof(form[1]), "%%%02x", (unsigned char)c);
	for (size_t i = 0; i < 2; i++)
		if (text.len >= strlen(form[i]) &&
		    strncasecmp(text.ptr, form[i], strlen(form[i])) == 0)
			return strlen(form[i]);
	return 0;
}

/* How many bytes at the head of text are the secret; 0: none. */
static size_t
secret_at(struct slice text, struct slice secret)
{
	size_t at = 0, n = 1;

	if (secret.len < MASK_LEAST)
		return 0;
	for (size_t i = 0; i < secret.len && n; i++)
		at += n = spelled(slice_drop(text, at), secret.ptr[i]);
	return n ? at : 0;
}

/* Those of the known variables, then the others. */
static struct slice
secret_of(size_t i)
{
	size_t known = sizeof(providers) / sizeof(providers[0]);

	return i < known ? slice_z(getenv(providers[i].variable)) : more_secrets[i - known];
}

struct slice
net_mask(struct slice text, struct arena *a)
{
	size_t count = sizeof(providers) / sizeof(providers[0]) + more_count, n;
	struct slice *secrets = arena_zero(a, count, sizeof(*secrets)), out = text;
	struct buf b = { 0 };
	bool found = false;

	for (size_t k = 0; k < count; k++)
		secrets[k] = secret_of(k);
	for (size_t i = 0; i < text.len; i += n ? n : 1) {
		n = 0;
		for (size_t k = 0; k < count; k++) {
			size_t one = secret_at(slice_drop(text, i), secrets[k]);

			n = one > n ? one : n;
		}
		found = found || n;
		buf_add(&b, n ? SLICE("****") : slice_of(text.ptr + i, 1));
	}
	if (found)
		out = arena_copy(a, buf_slice(&b));
	buf_free(&b);
	return out;
}
