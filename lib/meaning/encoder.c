/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/mem.h"
#include "meaning/embed_parts.h"
#include "meaning/encoder_file.h"
#include "meaning/encoder_run.h"
#include "meaning/wordpiece.h"

/* Bytes of the digest in the name of the vectors. */
#define NAME_DIGEST 6

struct encoder {
	struct embed embed;
	struct encoder_model model;
	struct encoder_run *run;
	struct wordpiece *words;
	uint32_t cls, sep;
	struct slice file; /* mapped */
	char name[ENCODER_NAME + 2 + 2 * NAME_DIGEST];
	uint32_t *ids;   /* of the texts that wait: encoder_run_room() */
	size_t *lengths; /* as many */
};

/* [CLS], as many pieces of the text as there is room for, [SEP]. */
static struct wordpiece_count
tokenize(const struct encoder *e, struct slice text, uint32_t *ids, size_t *length)
{
	size_t most = e->model.most - 2, pieces;
	struct wordpiece_count count = wordpiece_ids(e->words, text, ids + 1, most);

	pieces = count.pieces < most ? count.pieces : most;
	ids[0] = e->cls;
	ids[pieces + 1] = e->sep;
	*length = pieces + 2;
	return count;
}

/* What cannot be scaled to length 1 is no vector: it is left zero. */
static enum embed_state
finish(const struct encoder *e, enum embed_state state, float *unit)
{
	if (state != EMBED_EMPTY && vector_unit(unit, e->model.hidden))
		return state;
	memset(unit, 0, e->model.hidden * sizeof *unit);
	return EMBED_EMPTY;
}

/* Texts are gathered, then go through the layers together. */
static void
embed_many(struct embed *embed, const struct slice *texts, size_t count, float *units,
    enum embed_state *states)
{
	struct encoder *e = (struct encoder *)embed;
	size_t hidden = e->model.hidden, first = 0;

	while (first < count) {
		size_t used = 0, n = 0;

		while (first + n < count && used < ENCODER_ROWS) {
			struct wordpiece_count c =
			    tokenize(e, texts[first + n], e->ids + used, &e->lengths[n]);

			states[first + n] = embed_judge(c.pieces, c.poor);
			used += e->lengths[n++];
		}
		encoder_run(e->run, e->ids, e->lengths, n, units + first * hidden);
		for (size_t i = first; i < first + n; i++)
			states[i] = finish(e, states[i], units + i * hidden);
		first += n;
	}
}

static enum embed_state
embed_one(struct embed *embed, struct slice text, float *unit)
{
	enum embed_state state;

	embed_many(embed, &text, 1, unit, &state);
	return state;
}

static void
encoder_close(struct embed *embed)
{
	struct encoder *e = (struct encoder *)embed;

	encoder_run_close(e->run);
	encoder_release(&e->model);
	wordpiece_close(e->words);
	if (e->file.ptr)
		munmap((void *)(uintptr_t)e->file.ptr, e->file.len);
	free(e->ids);
	free(e->lengths);
	free(e);
}

/* false, with errno, or with errno 0 where it is no file of bytes. */
static bool
map_file(const char *path, struct slice *file)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), saved;
	struct stat st;
	void *map = MAP_FAILED;

	if (fd < 0)
		return false;
	errno = 0;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	saved = errno;
	close(fd);
	errno = saved;
	if (map == MAP_FAILED)
		return false;
	*file = slice_of(map, (size_t)st.st_size);
	return true;
}

static void
set_name(struct encoder *e)
{
	char hex[2 * NAME_DIGEST + 1];
	size_t n = e->model.name.len;

	digest_hex(e->model.digest, NAME_DIGEST, hex);
	memcpy(e->name, e->model.name.ptr, n);
	e->name[n] = '-';
	memcpy(e->name + n + 1, hex, sizeof hex);
	e->embed.name = slice_z(e->name);
}

static bool
set_words(struct encoder *e, const char **why)
{
	int64_t cls, sep;

	e->words = wordpiece_open(e->model.words, why);
	if (!e->words)
		return false;
	cls = wordpiece_find(e->words, SLICE("[CLS]"));
	sep = wordpiece_find(e->words, SLICE("[SEP]"));
	*why = "its vocabulary has no [CLS] or no [SEP]";
	if (cls < 0 || sep < 0)
		return false;
	e->cls = (uint32_t)cls;
	e->sep = (uint32_t)sep;
	*why = "its vocabulary has another size than its table of tokens";
	return wordpiece_size(e->words) == e->model.tokens;
}

struct embed *
embed_open(const char *path, const char **why)
{
	struct encoder *e = mem_zero(sizeof *e);
	size_t room;

	e->embed =
	    (struct embed){ .text = embed_one, .texts = embed_many, .close = encoder_close };
	if (!map_file(path, &e->file)) {
		*why = errno ? strerror(errno) : "it is no encoder file";
		goto failed;
	}
	if (!encoder_read(e->file, &e->model, why) || !set_words(e, why))
		goto failed;
	set_name(e);
	e->embed.dims = e->model.hidden;
	e->run = encoder_run_open(&e->model);
	room = encoder_run_room(e->run);
	e->ids = mem_grow(NULL, room, sizeof *e->ids);
	e->lengths = mem_grow(NULL, room, sizeof *e->lengths);
	*why = NULL;
	return &e->embed;
failed:
	encoder_close(&e->embed);
	return NULL;
}
