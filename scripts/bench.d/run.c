/* SPDX-License-Identifier: MIT */
/* The least that libcurl can do: N POSTs of a fixed body, J at a time, over kept connections.
 * usage: run URL BODY-FILE N J      prints calls a second */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static char body[65536];
static long size;

static size_t
swallow(char *bytes, size_t one, size_t count, void *context)
{
	(void)bytes, (void)context;
	return one * count;
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
	long n = argc == 5 ? strtol(argv[3], NULL, 10) : 0, left, started = 0;
	int at_once = argc == 5 ? (int)strtol(argv[4], NULL, 10) : 0, running;
	struct curl_slist *headers = NULL;
	FILE *f = argc == 5 ? fopen(argv[2], "r") : NULL;
	CURLM *multi = curl_multi_init();
	double begin = now();

	if (!f || n < 1 || at_once < 1)
		return 2;
	size = (long)fread(body, 1, sizeof(body), f);
	fclose(f);
	headers = curl_slist_append(headers, "Content-Type: application/json");
	headers = curl_slist_append(headers, "Expect:");
	for (int i = 0; i < at_once && started < n; i++, started++) {
		CURL *easy = curl_easy_init();

		curl_easy_setopt(easy, CURLOPT_URL, argv[1]);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, size);
		curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
		curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, swallow);
		curl_multi_add_handle(multi, easy);
	}
	for (left = n; left;) {
		CURLMsg *m;
		int queued;

		curl_multi_perform(multi, &running);
		while ((m = curl_multi_info_read(multi, &queued))) {
			CURL *easy = m->easy_handle;

			curl_multi_remove_handle(multi, easy);
			left--;
			if (started < n) {
				curl_multi_add_handle(multi, easy);
				started++;
			} else {
				curl_easy_cleanup(easy);
			}
		}
		if (left)
			curl_multi_poll(multi, NULL, 0, 100, NULL);
	}
	printf("%.0f\n", (double)n / (now() - begin));
	return 0;
}
