/* SPDX-License-Identifier: MIT */
#include "task/maths.h"

#include <string.h>

#include "base/ascii.h"

/* The byte there, or a blank beyond the ends. */
static char
byte_at(struct slice line, size_t i)
{
	return i < line.len ? line.ptr[i] : ' ';
}

/* Is the letter there no part of a word? "3x" and "x" are operands, "max" is none. */
static bool
variable(struct slice line, size_t i)
{
	return ascii_letter(line.ptr[i]) && !ascii_letter(byte_at(line, i - 1)) &&
	       !ascii_letter(byte_at(line, i + 1));
}

static bool
ends_operand(struct slice line, size_t i)
{
	while (i > 0 && line.ptr[i - 1] == ' ')
		i--;
	if (i == 0)
		return false;
	i--;
	return ascii_digit(line.ptr[i]) || line.ptr[i] == ')' || variable(line, i);
}

static bool
begins_operand(struct slice line, size_t i)
{
	while (byte_at(line, i) == ' ' && i < line.len)
		i++;
	if (byte_at(line, i) == '-')
		i++;
	if (i >= line.len)
		return false;
	return ascii_digit(line.ptr[i]) || line.ptr[i] == '(' || line.ptr[i] == '\\' ||
	       variable(line, i);
}

static bool
operator_at(struct slice line, size_t i)
{
	switch (line.ptr[i]) {
	case '+':
	case '*':
	case '^':
	case '=': break;
	case '-':
	case '/':
		if (byte_at(line, i - 1) != ' ' || byte_at(line, i + 1) != ' ')
			return false;
		break;
	default: return false;
	}
	return ends_operand(line, i) && begins_operand(line, i + 1);
}

static bool
command_at(struct slice line, size_t i)
{
	static const char *const commands[] = { "frac", "sqrt", "int_", "int ", "sum", "lim",
		"cdot", "times", "leq", "geq", "infty", "partial", "mathbb", "mathrm",
		"begin{" };
	struct slice rest = slice_drop(line, i + 1);

	for (size_t k = 0; line.ptr[i] == '\\' && k < sizeof(commands) / sizeof(*commands); k++)
		if (slice_starts(rest, slice_z(commands[k])))
			return true;
	return false;
}

/* What no sentence has; most lines are told by this, at the speed of memchr. */
static bool
may_have(struct slice line)
{
	static const char signs[] = { '=', '+', '*', '^', '\\' };

	for (size_t i = 0; i < sizeof(signs); i++)
		if (line.len && memchr(line.ptr, signs[i], line.len))
			return true;
	return false;
}

unsigned
maths_in(struct slice line)
{
	unsigned n = 0;

	if (!may_have(line))
		return 0;
	for (size_t i = 0; i < line.len; i++)
		n += operator_at(line, i) || command_at(line, i);
	return n;
}
