/* SPDX-License-Identifier: MIT */
/* What the build made or the tree holds, read-only and mapped as it is: see build.mk. */
	.section .rodata
	.globl tokens_o200k, tokens_o200k_size, tokens_cl100k, tokens_cl100k_size
	.globl tokens_r50k, tokens_r50k_size, tokens_p50k, tokens_p50k_size
	.globl tokens_families, tokens_families_size
	.balign 4096
tokens_o200k:
	.incbin "o200k_base.image"
tokens_o200k_end:
	.balign 4096
tokens_cl100k:
	.incbin "cl100k_base.image"
tokens_cl100k_end:
	.balign 4096
tokens_r50k:
	.incbin "r50k_base.image"
tokens_r50k_end:
	.balign 4096
tokens_p50k:
	.incbin "p50k_base.image"
tokens_p50k_end:
	.balign 64
tokens_families:
	.incbin "families"
tokens_families_end:
	.byte 0
	.balign 8
tokens_o200k_size:
	.quad tokens_o200k_end - tokens_o200k
tokens_cl100k_size:
	.quad tokens_cl100k_end - tokens_cl100k
tokens_r50k_size:
	.quad tokens_r50k_end - tokens_r50k
tokens_p50k_size:
	.quad tokens_p50k_end - tokens_p50k
tokens_families_size:
	.quad tokens_families_end - tokens_families
	.section .note.GNU-stack, "", %progbits
