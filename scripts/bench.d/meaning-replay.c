/* SPDX-License-Identifier: MIT */
/* A semantic cache that starts empty, replayed for up to 64 thresholds at once; meaning.py
 * loads it. score: n x n, of which row i is read below column i; label: what makes a hit right.
 * A text is a hit where the best stored text scores at least the threshold; only others are
 * stored. */
#include <stdint.h>
#include <stdlib.h>

void replay(const float *score, int64_t n, const int32_t *label, const float *threshold,
    int64_t thresholds, int64_t *hits, int64_t *right);

void
replay(const float *score, int64_t n, const int32_t *label, const float *threshold,
    int64_t thresholds, int64_t *hits, int64_t *right)
{
	uint64_t *stored = calloc((size_t)n, sizeof *stored); /* a bit for each threshold */

	for (int64_t i = 0; stored && i < n; i++) {
		float best[64];
		int64_t who[64];

		for (int64_t t = 0; t < thresholds; t++) {
			best[t] = -2;
			who[t] = -1;
		}
		for (int64_t j = 0; j < i; j++) {
			float s = score[i * n + j];

			for (int64_t t = 0; t < thresholds && s >= threshold[t]; t++)
				if (stored[j] >> t & 1 && s > best[t]) {
					best[t] = s;
					who[t] = j;
				}
		}
		for (int64_t t = 0; t < thresholds; t++) {
			if (who[t] < 0) {
				stored[i] |= (uint64_t)1 << t;
				continue;
			}
			hits[t]++;
			right[t] += label[who[t]] == label[i];
		}
	}
	free(stored);
}
