/* SPDX-License-Identifier: MIT */
#include "cmd/llm-route/learned/opinion.h"

#include "cmd/llm-route/learned/real.h"

double
opinion_beyond_length(double familiar, double longer, const int16_t *form)
{
	real_add(&familiar, -longer, (double)form_bounded(form[0]) / FORM_ONE);
	return familiar;
}

void
opinion_ask(const struct trained *t, const struct linear *linear, const struct look *look,
    struct opinion *o)
{
	forms_standardise(&t->lesson.forms, look, o->form);
	if (linear) {
		linear_ask(linear, look, o->form, o->beyond);
		o->familiar = linear_known(linear, look);
		o->known = o->familiar > 0;
	} else {
		double alike = near_ask(t->near, look, o->form, o->beyond);

		o->known = alike > 0;
		o->familiar = OPINION_UNLIKE;
		if (o->known)
			o->familiar = opinion_beyond_length(real_log(alike), t->longer, o->form);
	}
}

/* How far what is learned holds for a prompt. */
static double
trust_in(const struct trained *t, double familiar)
{
	double over = familiar - t->familiar, room = (double)t->usual - t->familiar;

	if (over >= room)
		return t->trust;
	return over > 0 ? t->least + ((double)t->trust - t->least) * (over / room) : t->least;
}

void
opinion_settle(const struct trained *t, const struct opinion *o, struct gain *out)
{
	double trust = trust_in(t, o->familiar);

	*out = (struct gain){ .new = (float)o->familiar < t->familiar || !o->known };
	for (size_t a = 1; a < t->lesson.arms; a++) {
		double beyond = o->beyond[a] * trust;

		if (t->near)
			beyond += t->counts * counts_ask(&t->near->counts, a, o->form);
		out->of[a] = lesson_by_length(t->lesson.gain, a, o->form) + beyond;
	}
}
