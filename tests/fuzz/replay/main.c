/* SPDX-License-Identifier: MIT */
/* A main for fuzz harnesses where libFuzzer is not: runs every file that it is given, and every
 * file of a folder, and each of them cut short at a few places, through the harness. A finding is
 * a crash; the name that is printed last is the culprit. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

enum { cuts = 16 };
static size_t replayed;

/* The copy has no byte to spare, so that a sanitizer sees a read past the end. */
static void
replay(const unsigned char *data, size_t size)
{
	unsigned char *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void
replay_file(const char *name, size_t size)
{
	unsigned char *data = malloc(size ? size : 1);
	FILE *f = fopen(name, "rb");

	if (!data || !f || fread(data, 1, size, f) != size) {
		fprintf(stderr, "replay: '%s' cannot be read\n", name);
		exit(3);
	}
	fclose(f);
	printf("# %s\n", name);
	fflush(stdout);
	replay(data, size);
	for (size_t i = 1; i < cuts && size >= cuts; i++)
		replay(data, size * i / cuts);
	free(data);
	replayed++;
}

static void
replay_path(const char *name)
{
	struct stat st;
	struct dirent **list;
	char path[4096];
	int count;

	if (stat(name, &st)) {
		fprintf(stderr, "replay: '%s' cannot be read\n", name);
		exit(3);
	}
	if (!S_ISDIR(st.st_mode)) {
		replay_file(name, (size_t)st.st_size);
		return;
	}
	count = scandir(name, &list, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		if (list[i]->d_name[0] != '.') {
			snprintf(path, sizeof path, "%s/%s", name, list[i]->d_name);
			replay_path(path);
		}
		free(list[i]);
	}
	if (count >= 0)
		free(list);
}

int
main(int argc, char **argv)
{
	if (LLVMFuzzerInitialize)
		LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		replay_path(argv[i]);
	if (replayed == 0) {
		fprintf(stderr, "replay: no file to replay\n");
		return 3;
	}
	printf("ok 1 - %zu inputs replayed\n1..1\n", replayed);
	return 0;
}
