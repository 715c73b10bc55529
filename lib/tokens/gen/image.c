/* SPDX-License-Identifier: MIT */
/* Run by the build: make-image RANKS OUT [COUNT]. Makes the tables of one vocabulary out of a
 * rank file of data/ (each token as a byte of length and its bytes, in the order of ranks), or
 * of its first COUNT ranks. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tokens/vocab.h"

static struct slice
read_file(const char *name)
{
	FILE *file = fopen(name, "rb");
	size_t room = 1 << 22, len;
	char *data = mem_alloc(room);

	if (!file || (len = fread(data, 1, room, file)) == room || ferror(file)) {
		perror(name);
		exit(1);
	}
	fclose(file);
	return slice_of(data, len);
}

static uint32_t
cut_tokens(struct slice data, struct slice *tokens)
{
	uint32_t count = 0;

	while (data.len && count < VOCAB_MOST) {
		tokens[count++] = slice_take(slice_drop(data, 1), (uint8_t)data.ptr[0]);
		data = slice_drop(data, 1 + (size_t)(uint8_t)data.ptr[0]);
	}
	return count;
}

int
main(int argc, char **argv)
{
	struct slice *tokens = mem_grow(NULL, VOCAB_MOST, sizeof *tokens), image, data;
	const char *why;
	uint32_t which, count;
	void *memory;
	FILE *out;

	if (argc != 3 && argc != 4) {
		fprintf(stderr, "usage: make-image RANKS OUT [COUNT]\n");
		return 2;
	}
	data = read_file(argv[1]);
	count = cut_tokens(data, tokens);
	if (argc == 4 && strtoul(argv[3], NULL, 10) < count)
		count = (uint32_t)strtoul(argv[3], NULL, 10);
	if (!vocab_build(tokens, count, &memory, &image, &why, &which)) {
		fprintf(stderr, "make-image: %s: token %u %s\n", argv[1], which, why);
		return 1;
	}
	out = fopen(argv[2], "wb");
	if (!out || fwrite(image.ptr, 1, image.len, out) != image.len || fclose(out)) {
		perror(argv[2]);
		return 1;
	}
	free(memory);
	free(tokens);
	return 0;
}
