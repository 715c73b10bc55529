/* SPDX-License-Identifier: MIT */
/* Keys, addresses, Retry-After, buckets and backoff: all that the network needs no network for.
 */
#include "check.h"

#include <sys/stat.h>
#include <unistd.h>

#include "net/http.h"
#include "net/keys.h"
#include "net/limit.h"

static void
check_retry_after(void)
{
	struct slice none = SLICE(""), date = SLICE("Sat, 21 Nov 2026 10:00:00 GMT");
	int64_t now = INT64_C(1795255200000), century = INT64_C(100) * 365 * 86400 * 1000;

	check_group("Retry-After: seconds, dates, the past, the absurd");
	CHECK_NUMBER(retry_after(SLICE("1"), none, now), 1000);
	CHECK_NUMBER(retry_after(SLICE("  20 "), none, now), 20000);
	CHECK_NUMBER(retry_after(SLICE("0"), none, now), 0);
	CHECK_NUMBER(retry_after(SLICE("1.25"), none, now), 1250);
	CHECK_NUMBER(retry_after(SLICE("0.0001"), none, now), 1);
	CHECK_NUMBER(retry_after(SLICE("-5"), none, now), 0);
	CHECK_NUMBER(retry_after(SLICE("99999999999999999999999999"), none, now), century);
	CHECK_NUMBER(retry_after(SLICE("soon"), none, now), -1);
	CHECK_NUMBER(retry_after(SLICE(""), none, now), -1);
	CHECK_NUMBER(retry_after(SLICE("5x"), none, now), -1);
	CHECK_NUMBER(retry_after(SLICE("Sat, 21 Nov 2026 10:00:07 GMT"), date, 0), 7000);
	CHECK_NUMBER(retry_after(SLICE("Sat, 21 Nov 2026 09:59:00 GMT"), date, 0), 0);
	CHECK_NUMBER(retry_after(SLICE("Sat, 21 Nov 2026 10:00:03 GMT"), none, now), 3000);
	CHECK_NUMBER(
	    retry_after(SLICE("Sat, 21 Nov 2026 10:00:03 GMT"), SLICE("nonsense"), now), 3000);
}

static void
check_hosts(void)
{
	check_group("a host belongs to one provider, look-alikes to none");
	CHECK(net_provider_of("https://api.openai.com/v1") == NET_OPENAI);
	CHECK(net_provider_of("https://API.OpenAI.com:443") == NET_OPENAI);
	CHECK(net_provider_of("https://eu.api.openai.com/v1") == NET_OPENAI);
	CHECK(net_provider_of("https://api.anthropic.com") == NET_ANTHROPIC);
	CHECK(net_provider_of("https://generativelanguage.googleapis.com") == NET_GEMINI);
	CHECK(net_provider_of("https://api.mistral.ai/v1") == NET_MISTRAL);
	CHECK(net_provider_of("https://mine.openai.azure.com/openai") == NET_AZURE);
	CHECK(net_provider_of("https://api.openai.com.evil.example/v1") == NET_OTHER);
	CHECK(net_provider_of("https://evilapi.openai.com.example") == NET_OTHER);
	CHECK(net_provider_of("https://xapi.openai.com") == NET_OTHER);
	CHECK(net_provider_of("https://api.openai.com.:443/v1") == NET_OPENAI);
	CHECK(net_provider_of("https://evil.example/api.openai.com") == NET_OTHER);
	CHECK(net_provider_of("https://evil.example\\api.openai.com") == NET_OTHER);
	CHECK(net_provider_of("http://127.0.0.1:8080/v1") == NET_OTHER);
	CHECK(net_provider_of("http://[::1]:8080/v1") == NET_OTHER);
	CHECK(net_provider_of("ftp://api.openai.com") == NET_OTHER);
}

static bool
good_base(const char *url)
{
	const char *why;
	bool good = net_base_url(url, &why);

	return good == !why && good;
}

static void
check_addresses(void)
{
	check_group("base URLs and joining");
	CHECK(good_base("https://api.openai.com/v1"));
	CHECK(good_base("http://127.0.0.1:9/v1/"));
	CHECK(good_base("HTTP://[::1]:80"));
	CHECK(!good_base("https://user:pass@host/v1"));
	CHECK(!good_base("https://host/v1?key=x"));
	CHECK(!good_base("https://host/v1#x"));
	CHECK(!good_base("file:///etc/passwd"));
	CHECK(!good_base("host/v1"));
	CHECK(!good_base("https:///v1"));
	CHECK(!good_base("https://ho st"));
	CHECK(!good_base("https://host\r\nX: y"));
	CHECK(!good_base(""));
	CHECK_SLICE(slice_z(net_join("http://h/v1", "/v1/chat/completions")),
	    "http://h/v1/chat/completions");
	CHECK_SLICE(slice_z(net_join("http://h/v1/", "chat/completions")),
	    "http://h/v1/chat/completions");
	CHECK_SLICE(slice_z(net_join("http://h", "/v1/messages")), "http://h/v1/messages");
	CHECK_SLICE(
	    slice_z(net_join("http://h/v1beta", "/v1beta/models")), "http://h/v1beta/models");
	CHECK_SLICE(
	    slice_z(net_join("http://h/v1", "/v1beta/models")), "http://h/v1/v1beta/models");
	CHECK_SLICE(slice_z(net_join("http://h/v1", "/v10/x")), "http://h/v1/v10/x");
	CHECK_SLICE(slice_z(net_join("http://h", "@evil.example/")), "http://h/@evil.example/");
	CHECK_SLICE(slice_z(net_join("http://h", "http://evil.example/")),
	    "http://h/http://evil.example/");
	CHECK(net_join("http://h", "/a") == net_join("http://h/", "a"));
}

static const char *
header_value(const struct http_header *h, const char *name)
{
	for (; h->name; h++)
		if (strcmp(h->name, name) == 0)
			return h->value;
	return NULL;
}

static void
check_keys(void)
{
	const struct http_header *h;
	const char *why = NULL;
	const char *const extra[] = { "x-org=MY_ORG", "Authorization=MY_AUTH" };

	check_group("each host gets its own key and no other");
	setenv("OPENAI_API_KEY", "sk-openai-1234", 1);
	setenv("ANTHROPIC_API_KEY", "sk-ant-5678", 1);
	setenv("LLM_API_KEY", "house-9012", 1);
	unsetenv("MISTRAL_API_KEY");
	CHECK(net_headers("https://api.openai.com/v1", NET_OPENAI, NULL, NULL, 0, &h, &why));
	CHECK_SLICE(slice_z(header_value(h, "Authorization")), "Bearer sk-openai-1234");
	CHECK(net_headers("https://api.anthropic.com", NET_ANTHROPIC, NULL, NULL, 0, &h, &why));
	CHECK_SLICE(slice_z(header_value(h, "x-api-key")), "sk-ant-5678");
	CHECK(
	    header_value(h, "anthropic-version") != NULL && !header_value(h, "Authorization"));
	CHECK(net_headers("http://127.0.0.1:1/v1", NET_OPENAI, NULL, NULL, 0, &h, &why));
	CHECK_SLICE(slice_z(header_value(h, "Authorization")), "Bearer house-9012");
	CHECK(net_headers("http://127.0.0.1:1", NET_ANTHROPIC, NULL, NULL, 0, &h, &why));
	CHECK_SLICE(slice_z(header_value(h, "x-api-key")), "house-9012");
	CHECK(!net_headers("http://api.openai.com/v1", NET_OPENAI, NULL, NULL, 0, &h, &why));
	CHECK(strstr(why, "https") != NULL);
	CHECK(!net_headers("https://api.mistral.ai/v1", NET_MISTRAL, NULL, NULL, 0, &h, &why));
	CHECK(strstr(why, "MISTRAL_API_KEY") != NULL);
	setenv("MY_ORG", "org-1", 1);
	setenv("MY_AUTH", "Basic c2VjcmV0", 1);
	CHECK(net_headers("http://127.0.0.1:1/v1", NET_OPENAI, NULL, extra, 2, &h, &why));
	CHECK_SLICE(slice_z(header_value(h, "x-org")), "org-1");
	CHECK_SLICE(slice_z(header_value(h, "Authorization")), "Basic c2VjcmV0");
	setenv("MY_ORG", "a\r\nb: c", 1);
	CHECK(!net_headers("http://127.0.0.1:1/v1", NET_OPENAI, NULL, extra, 2, &h, &why));
	CHECK(!strstr(why, "a\r\nb"));
}

static void
check_key_file(void)
{
	const struct http_header *h;
	const char *why = NULL;
	struct arena a = { 0 };
	char name[] = "/tmp/key.XXXXXX";
	int fd = mkstemp(name);

	check_group("a key file is the user's own, and what it holds is masked");
	CHECK(write(fd, "  file-key-3456\n", 16) == 16);
	CHECK(net_headers("http://127.0.0.1:1/v1", NET_OPENAI, name, NULL, 0, &h, &why));
	CHECK_SLICE(slice_z(header_value(h, "Authorization")), "Bearer file-key-3456");
	CHECK(fchmod(fd, 0640) == 0);
	CHECK(!net_headers("http://127.0.0.1:1/v1", NET_OPENAI, name, NULL, 0, &h, &why));
	CHECK(strstr(why, "others") != NULL);
	CHECK(fchmod(fd, 0600) == 0 && ftruncate(fd, 0) == 0);
	CHECK(!net_headers("http://127.0.0.1:1/v1", NET_OPENAI, name, NULL, 0, &h, &why));
	CHECK(!net_headers("http://127.0.0.1:1/v1", NET_OPENAI, "/nowhere", NULL, 0, &h, &why));
	CHECK(!net_headers("http://127.0.0.1:1/v1", NET_OPENAI, "/tmp", NULL, 0, &h, &why));
	CHECK_SLICE(
	    net_mask(SLICE("sk-openai-1234 and file-key-3456, x"), &a), "**** and ****, x");
	CHECK_SLICE(net_mask(SLICE("nothing"), &a), "nothing");
	setenv("LLM_API_KEY", "ab/c+\"d=", 1);
	CHECK_SLICE(net_mask(SLICE("{ab\\/c+\\\"d=} ab%2Fc%2b%22d%3D"), &a), "{****} ****");
	CHECK_SLICE(net_mask(SLICE("ab\\u002fc+\\u0022d=ab/c+\"d="), &a), "********");
	CHECK_SLICE(net_mask(SLICE("ab/c+\"d ab\\/c%2"), &a), "ab/c+\"d ab\\/c%2");
	close(fd);
	unlink(name);
	arena_close(&a);
}

/* How many of one-unit calls pass in ms milliseconds when each is asked for every millisecond.
 */
static int
passed(struct bucket *b, int64_t from, int64_t ms)
{
	int n = 0;

	for (int64_t t = from; t < from + ms; t++)
		while (bucket_take(b, 1, t) == 0)
			n++;
	return n;
}

static void
check_bucket(void)
{
	struct bucket b;

	check_group("a bucket keeps its rate, with a burst of one second's share");
	bucket_open(&b, 600, 5);
	CHECK_NUMBER(passed(&b, 5, 1), 10);
	CHECK_NUMBER(passed(&b, 6, 60000), 600);
	bucket_open(&b, 30, 0);
	CHECK_NUMBER(passed(&b, 0, 1), 1);
	CHECK_NUMBER(bucket_take(&b, 1, 0), 2000);
	CHECK_NUMBER(bucket_take(&b, 1, 1999), 1);
	CHECK_NUMBER(bucket_take(&b, 1, 2000), 0);
	bucket_open(&b, 0, 0);
	CHECK_NUMBER(bucket_take(&b, UINT64_MAX, 0), 0);
	bucket_open(&b, 1000, 0);
	CHECK_NUMBER(bucket_take(&b, 1001, 0), -1);
	CHECK_NUMBER(bucket_take(&b, 1000, 0), 0);
	CHECK(bucket_take(&b, 1, 0) > 55000);
	bucket_return(&b, 1000);
	CHECK_NUMBER(bucket_take(&b, 1, 0), 0);
	bucket_open(&b, 600, 0);
	bucket_lower(&b, 11);
	CHECK_NUMBER(passed(&b, 0, 1), 10);
	bucket_open(&b, 600, 0);
	bucket_lower(&b, 3);
	bucket_lower(&b, UINT64_MAX);
	CHECK_NUMBER(passed(&b, 0, 1), 3);
	bucket_open(&b, UINT64_MAX, 0);
	CHECK_NUMBER(bucket_take(&b, UINT64_C(1000000000000), INT64_MAX - 1), 0);
	CHECK_NUMBER(bucket_take(&b, 1, 0), 59001);
}

static void
check_backoff(void)
{
	int64_t most = 0;

	check_group("backoff is within its bounds; which statuses are worth a repeat");
	for (int i = 0; i < 1000; i++) {
		int64_t first = backoff_ms(1), late = backoff_ms(40);

		CHECK(first >= 0 && first <= 500 && late >= 0 && late <= 60000);
		most = late > most ? late : most;
	}
	CHECK(most > 30000);
	CHECK(retry_status(0) && retry_status(408) && retry_status(409) && retry_status(429));
	CHECK(retry_status(500) && retry_status(529) && retry_status(503));
	CHECK(!retry_status(200) && !retry_status(400) && !retry_status(401) &&
	      !retry_status(404));
}

int
main(void)
{
	check_retry_after();
	check_hosts();
	check_addresses();
	check_keys();
	check_key_file();
	check_bucket();
	check_backoff();
	return check_finish();
}
