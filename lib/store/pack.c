/* SPDX-License-Identifier: MIT */
#include "store/pack.h"

#include <stdio.h>
#include <zstd.h>

#include "base/diag.h"

#define LEVEL 1
#define LEAST 768 /* shorter ones gain little, and cost most of the time of a look-up */
#define MOST ((unsigned long long)1 << 30)

static ZSTD_CCtx *
packer(void)
{
	static ZSTD_CCtx *context;

	if (!context) {
		context = ZSTD_createCCtx();
		if (!context)
			diag_die(STATUS_FAILED, "out of memory");
		ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, LEVEL);
		ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	}
	return context;
}

void
pack_write(struct slice plain, struct buf *out)
{
	size_t start = out->len, bound = ZSTD_compressBound(plain.len), got;

	if (plain.len >= LEAST) {
		buf_add_byte(out, 1);
		got =
		    ZSTD_compress2(packer(), buf_room(out, bound), bound, plain.ptr, plain.len);
		if (!ZSTD_isError(got) && got < plain.len) {
			out->len += got;
			return;
		}
		out->len = start;
	}
	buf_add_byte(out, 0);
	buf_add(out, plain);
}

bool
pack_read(struct slice packed, struct arena *a, struct slice *plain)
{
	static ZSTD_DCtx *context;
	unsigned long long size;
	char *room;

	if (packed.len == 0)
		return false;
	if (packed.ptr[0] == 0) {
		*plain = slice_drop(packed, 1);
		return true;
	}
	packed = slice_drop(packed, 1);
	size = ZSTD_getFrameContentSize(packed.ptr, packed.len);
	/* the two values that mean "unknown" and "no frame" are above every limit */
	if (size > MOST)
		return false;
	if (!context && !(context = ZSTD_createDCtx()))
		diag_die(STATUS_FAILED, "out of memory");
	room = arena_alloc(a, size ? (size_t)size : 1);
	*plain = slice_of(room, (size_t)size);
	return ZSTD_decompressDCtx(context, room, (size_t)size, packed.ptr, packed.len) == size;
}

const char *
pack_version(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "zstd %s", ZSTD_versionString());
	return text;
}
