/* SPDX-License-Identifier: MIT */
/* The table of lib/rank/data, read-only and mapped as it is. */
	.section .rodata
	.globl rank_ngrams
	.balign 4096
rank_ngrams:
	.incbin "ngrams"
	.section .note.GNU-stack,"",@progbits
