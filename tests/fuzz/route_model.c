/* SPDX-License-Identifier: MIT */
/* A trained model's file, its checksum mended: it is refused or answers with finite numbers. */
#include <math.h>

#include "cmd/llm-route/learned/look.c"
#include "cmd/llm-route/learned/near.c"
#include "cmd/llm-route/learned/near_file.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char digest[DIGEST_SIZE];
	struct arena arena = { 0 };
	struct buf file = { 0 };
	struct near_gain g;
	struct look look;
	const char *why;
	struct near *n;

	buf_add(&file, slice_of((const char *)data, size));
	digest_of(buf_slice(&file), digest);
	buf_add(&file, slice_of((const char *)digest, DIGEST_SIZE));
	n = near_read(buf_slice(&file), embed_table(), &why);
	if (n) {
		look_at(
		    &look, SLICE("Which of these is a prime number?"), embed_table(), &arena);
		near_gains(n, &look, &g);
		for (size_t a = 0; a < n->arms; a++)
			if (!isfinite(g.gain[a]))
				abort();
		if (near_choose(n, &g, near_threshold(n, 0.5)) >= n->arms)
			abort();
	} else if (!why || !*why) {
		abort();
	}
	near_free(n);
	buf_free(&file);
	arena_close(&arena);
	return 0;
}
