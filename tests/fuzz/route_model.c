/* SPDX-License-Identifier: MIT */
/* A trained model's file, its checksum mended: it is refused or answers with finite numbers. */
#include <math.h>

#include "cmd/llm-route/learned/apgr.c"
#include "cmd/llm-route/learned/axes.c"
#include "cmd/llm-route/learned/counts.c"
#include "cmd/llm-route/learned/example.c"
#include "cmd/llm-route/learned/linear.c"
#include "cmd/llm-route/learned/look.c"
#include "cmd/llm-route/learned/near.c"
#include "cmd/llm-route/learned/opinion.c"
#include "cmd/llm-route/learned/trained.c"
#include "cmd/llm-route/learned/trained_file.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char digest[DIGEST_SIZE];
	struct arena arena = { 0 };
	struct buf file = { 0 };
	struct gain g;
	struct look look;
	const char *why;
	struct trained *n;

	buf_add(&file, slice_of((const char *)data, size));
	digest_of(buf_slice(&file), digest);
	buf_add(&file, slice_of((const char *)digest, DIGEST_SIZE));
	n = trained_read(buf_slice(&file), embed_table(), &why);
	if (n) {
		look_at(&look, SLICE("Which of these is a prime number?"), trained_part(n),
		    embed_table(), &arena);
		trained_gains(n, &look, &g);
		for (size_t a = 0; a < n->lesson.arms; a++)
			if (!isfinite(g.of[a]))
				abort();
		if (trained_choose(n, &g, trained_threshold(n, 0.5)) >= n->lesson.arms)
			abort();
	} else if (!why || !*why) {
		abort();
	}
	trained_free(n);
	buf_free(&file);
	arena_close(&arena);
	return 0;
}
