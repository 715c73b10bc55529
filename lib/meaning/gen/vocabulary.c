/* SPDX-License-Identifier: MIT */
/* Run by the build: make-vocabulary LINES OUT. Makes the image of a vocabulary, one token a
 * line. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "meaning/vocabulary.h"

#define MOST ((size_t)1 << 24)

static struct slice
read_file(const char *name)
{
	FILE *file = fopen(name, "rb");
	char *data = mem_alloc(MOST);
	size_t len = file ? fread(data, 1, MOST, file) : 0;

	if (!file || ferror(file) || len == MOST) {
		perror(name);
		exit(1);
	}
	fclose(file);
	return slice_of(data, len);
}

int
main(int argc, char **argv)
{
	struct slice image;
	const char *why;
	FILE *out;

	if (argc != 3) {
		fprintf(stderr, "usage: make-vocabulary LINES OUT\n");
		return 2;
	}
	if (!vocabulary_build(read_file(argv[1]), &image, &why)) {
		fprintf(stderr, "make-vocabulary: %s: %s\n", argv[1], why);
		return 1;
	}
	out = fopen(argv[2], "wb");
	if (!out || fwrite(image.ptr, 1, image.len, out) != image.len || fclose(out)) {
		perror(argv[2]);
		return 1;
	}
	return 0;
}
