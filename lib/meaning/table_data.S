/* SPDX-License-Identifier: MIT */
/* The token table as the tree holds it and its vocabulary as the build made it: see build.mk. */
	.section .rodata
	.globl table_rows, table_rows_size, table_name, table_name_size
	.globl table_vocabulary, table_vocabulary_size
	.balign 4096
table_rows:
	.incbin "table.rows"
table_rows_end:
	.balign 64
table_vocabulary:
	.incbin "table.vocabulary.image"
table_vocabulary_end:
	.balign 8
table_name:
	.incbin "table.name"
table_name_end:
	.byte 0
	.balign 8
table_rows_size:
	.quad table_rows_end - table_rows
table_vocabulary_size:
	.quad table_vocabulary_end - table_vocabulary
table_name_size:
	.quad table_name_end - table_name
	.section .note.GNU-stack, "", %progbits
