/* SPDX-License-Identifier: MIT */
/* Signs over the neighbours, and sums of signs. */
#include "rank/score_parts.h"

#include <math.h>

void
sign_scale(float *v, size_t n)
{
	float most = 0;

	for (size_t i = 0; i < n; i++)
		most = v[i] > most ? v[i] : most;
	for (size_t i = 0; i < n && most > 0; i++)
		v[i] /= most;
}

void
sign_add(float *score, float *sign, size_t n, float weight)
{
	sign_scale(sign, n);
	for (size_t i = 0; i < n; i++)
		score[i] += weight * sign[i];
}

/* exp(-distance / width) from each unit to the one before it, where distance is in words from
 * middle to middle; 0 where a border is between them. */
static float *
decays(const struct units *u, const float *words, float width, bool across)
{
	float *decay = arena_alloc(u->arena, (u->count + 1) * sizeof(*decay));

	for (size_t i = 0; i <= u->count; i++) {
		bool near = i && i < u->count &&
			    (across || u->list[i].section == u->list[i - 1].section);

		decay[i] = near ? expf(-(words[i] + words[i - 1]) / 2 / width) : 0;
	}
	return decay;
}

/* One pass of the kernel in both directions over n rows of `step` values. Sums, not means. */
static inline void
spread_once(const float *decay, size_t n, const float *in, size_t step, float *out)
{
	float carry[ASKED_MAX + 2] = { 0 };

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < step; k++) {
			carry[k] = carry[k] * decay[i] + in[i * step + k];
			out[i * step + k] = carry[k];
		}
	memset(carry, 0, sizeof(carry));
	for (size_t i = n; i--;)
		for (size_t k = 0; k < step; k++) {
			carry[k] *= decay[i + 1];
			out[i * step + k] += carry[k];
			carry[k] += in[i * step + k];
		}
}

/* The kernel twice over, which is near to a Gaussian. */
void
sign_spread(const struct units *u, const float *words, float width, bool across,
    const float *in, size_t step, float *out)
{
	float *once = arena_alloc(u->arena, (u->count * step + 1) * sizeof(*once));
	const float *decay = decays(u, words, width, across);

	spread_once(decay, u->count, in, step, once);
	spread_once(decay, u->count, once, step, out);
}

/* The mean over the neighbours, each as heavy as it has words. */
void
sign_smooth(const struct units *u, const float *words, const float *in, float width,
    bool across, float *out)
{
	float *pair = arena_alloc(u->arena, (2 * u->count + 1) * sizeof(*pair));
	float *sums = arena_alloc(u->arena, (2 * u->count + 1) * sizeof(*sums));

	for (size_t i = 0; i < u->count; i++) {
		float mass = unit_is_body(&u->list[i]) ? words[i] : 0;

		pair[2 * i] = in[i] * mass;
		pair[2 * i + 1] = mass;
	}
	sign_spread(u, words, width, across, pair, 2, sums);
	for (size_t i = 0; i < u->count; i++)
		out[i] = sums[2 * i + 1] > 0 ? sums[2 * i] / sums[2 * i + 1] : 0;
}
