/* SPDX-License-Identifier: MIT */
/* Patterns of user text: numbers, names and ids fold, any other word does not. */
#include "cmd/llm-cost/rows/fingerprint.c"

#include "check.h"

static struct arena arena;
static struct buf out;

static struct slice
fold(const char *text)
{
	buf_clear(&out);
	fingerprint_fold(slice_z(text), WORDS, &arena, &out);
	return buf_slice(&out);
}

static void
check_folds(void)
{
	check_group("what folds");
	CHECK_SLICE(fold("Where is order 12345?"), "where is order #");
	CHECK_SLICE(fold("where  is ORDER\n99"), "where is order #");
	CHECK_SLICE(
	    fold("order ORD-12345 of 2026-11-21, 12.50 euros"), "order ord-# of #, # euros");
	CHECK_SLICE(fold("please write to Ann Smith about the late invoice now"),
	    "please write to @ about the late invoice now");
	CHECK_SLICE(fold("mail bob@example.com at https://example.com/a?b=1 today"),
	    "mail <address> at <address> today");
	CHECK_SLICE(fold(""), "");
}

static void
check_stays(void)
{
	check_group("what stays");
	/* one word of difference that matters */
	CHECK_SLICE(fold("cancel order 5"), "cancel order #");
	CHECK_SLICE(fold("refund order 5"), "refund order #");
	CHECK_SLICE(fold("do NOT send SQL now"), "do not send sql now");
	/* titles and German: capitals are no names there */
	CHECK_SLICE(fold("Die Rechnung vom Händler"), "die rechnung vom händler");
	CHECK_SLICE(fold("Bitte die Katze und den Hund füttern Karl"),
	    "bitte die katze und den hund füttern karl");
}

static void
check_sample(void)
{
	check_group("the sample is one line of at most 60 characters");
	buf_clear(&out);
	add_sample(SLICE("  a\n\tb\x01 c  "), &out);
	CHECK_SLICE(buf_slice(&out), " a b c");
	buf_clear(&out);
	add_sample(
	    SLICE("0123456789012345678901234567890123456789012345678901234567890123"), &out);
	CHECK_SLICE(buf_slice(&out),
	    " 012345678901234567890123456789012345678901234567890123456789\xE2\x80\xA6");
}

int
main(void)
{
	check_folds();
	check_stays();
	check_sample();
	buf_free(&out);
	arena_close(&arena);
	return check_finish();
}
