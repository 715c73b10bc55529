/* SPDX-License-Identifier: MIT */
/* lib/meaning/encoder: files that are nearly right. The input changes a small good file:
 * records of an offset and a byte, made valid again by a new checksum; whatever is accepted
 * must run, the same on each path. The bytes as they are must only be refused. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "encoder_tiny.h"
#include "meaning/encoder_file.h"
#include "meaning/encoder_run.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const struct tiny shape = { 0, 5, 1, 1, 7, 8, 6 };
#define RECORD 4

static void
must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "encoder: %s\n", what);
	abort();
}

static char *
at_alignment(struct slice bytes)
{
	char *p = aligned_alloc(64, (bytes.len + 64) / 64 * 64);

	must(p != NULL, "memory");
	memcpy(p, bytes.ptr, bytes.len);
	return p;
}

static void
run(const struct encoder_model *m)
{
	static const char *const names[] = { "portable", "avx2", "avx512" };
	const uint32_t ids[] = { 0, m->tokens - 1, 2, 1 };
	const size_t lengths[] = { 3, 1 };
	float *out[2] = { calloc(2 * m->hidden, sizeof(float)),
		calloc(2 * m->hidden, sizeof(float)) };
	struct encoder_run *r = encoder_run_open(m);
	int seen = 0;

	for (size_t p = 0; p < 3; p++) {
		if (!encoder_use(names[p]))
			continue;
		encoder_run(r, ids, lengths, 2, out[seen != 0]);
		seen++;
		/* which of two NaNs comes out is the machine's choice */
		for (uint32_t i = 0; seen > 1 && i < 2 * m->hidden; i++)
			must(out[0][i] == out[1][i] || (isnan(out[0][i]) && isnan(out[1][i])),
			    "paths agree");
	}
	encoder_run_close(r);
	free(out[0]);
	free(out[1]);
}

static void
check(struct slice bytes, bool may_pass)
{
	char *p = at_alignment(bytes);
	struct encoder_model m;
	const char *why = NULL;

	if (encoder_read(slice_of(p, bytes.len), &m, &why)) {
		must(may_pass, "no checksum by chance");
		run(&m);
		encoder_release(&m);
	} else {
		must(why && *why && !m.sums, "a reason, and nothing to free");
	}
	free(p);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static struct buf good;
	struct buf file = { 0 };

	if (!good.len)
		tiny_file(&good, &shape);
	check(slice_of((const char *)data, size), false);
	buf_add(&file, buf_slice(&good));
	if (size % RECORD == 1)
		file.len -= data[size - 1]; /* a cut */
	for (; size >= RECORD; data += RECORD, size -= RECORD) {
		size_t at = data[0] | (size_t)data[1] << 8 | (size_t)data[2] << 16;

		/* half of the records aim at the header */
		at %= data[2] & 0x80 ? 256 : file.len;
		file.data[at] = (char)data[3];
	}
	check(buf_slice(&file), true);
	tiny_seal(&file);
	check(buf_slice(&file), true);
	buf_free(&file);
	return 0;
}
