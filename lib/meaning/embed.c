/* SPDX-License-Identifier: MIT */
#include "meaning/embed.h"

#include <float.h>
#include <math.h>

#include "meaning/embed_parts.h"

#define LANES 8

void
embed_close(struct embed *embed)
{
	if (embed && embed->close)
		embed->close(embed);
}

size_t
embed_dims(const struct embed *embed)
{
	return embed->dims;
}

struct slice
embed_name(const struct embed *embed)
{
	return embed->name;
}

enum embed_state
embed_text(struct embed *embed, struct slice text, float *unit)
{
	return embed->text(embed, text, unit);
}

void
embed_texts(struct embed *embed, const struct slice *texts, size_t count, float *units,
    enum embed_state *states)
{
	if (embed->texts) {
		embed->texts(embed, texts, count, units, states);
		return;
	}
	for (size_t i = 0; i < count; i++)
		states[i] = embed->text(embed, texts[i], units + i * embed->dims);
}

enum embed_state
embed_judge(size_t pieces, size_t poor)
{
	if (!pieces)
		return EMBED_EMPTY;
	return poor > pieces / 5 ? EMBED_UNKNOWN : EMBED_OK;
}

/* In doubles, where squares of floats neither overflow nor vanish. */
static double
square_length(const float *v, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		double square = (double)v[i] * v[i];

		sum += square;
	}
	return sum;
}

bool
vector_unit(float *v, size_t n)
{
	double length = sqrt(square_length(v, n));

	if (!(length > 0) || length > DBL_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		v[i] = (float)(v[i] / length);
	return true;
}

float
vector_dot(const float *a, const float *b, size_t n)
{
	typedef float half __attribute__((vector_size(LANES / 2 * sizeof(float))));
	half low = { 0 }, high = { 0 };
	float sum;
	size_t i = 0;

	for (; i + LANES <= n; i += LANES) {
		half x, y;

		memcpy(&x, a + i, sizeof x);
		memcpy(&y, b + i, sizeof y);
		low += x * y;
		memcpy(&x, a + i + LANES / 2, sizeof x);
		memcpy(&y, b + i + LANES / 2, sizeof y);
		high += x * y;
	}
	sum = 0 + low[0] + low[1] + low[2] + low[3];
	sum = sum + high[0] + high[1] + high[2] + high[3];
	for (; i < n; i++) {
		float product = a[i] * b[i];

		sum += product;
	}
	return sum;
}
