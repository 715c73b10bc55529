/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "check.h"
#include "meaning/gate.h"
#include "meaning/learn.h"
#include "stats/logit.h"
#include "meaning/shingle.h"

static const struct {
	const char *gate, *a, *b;
} pairs[] = {
	{ "none", "What is the capital of France?",
	    "Can you tell me the French capital city?" },
	{ "none", "How do I authenticate?", "What's the auth process?" },
	{ "none", "How do I reset my PIN?", "How can I reset my PIN?" },
	{ "none", "My card has not arrived yet", "my card still hasn't arrived" },
	{ "none", "flights from London to Paris", "flights to Paris from London" },
	{ "none", "Explain the difference between TCP and UDP",
	    "What's the difference between UDP and TCP?" },
	{ "none", "My top-up was rejected by the app.", "The app has rejected my top up." },
	{ "none", "I don't know how to verify a top-up", "How do I verify a top-up?" },
	{ "none", "It costs 1,000 dollars", "it costs $1000" },
	{ "none", "twenty five people", "25 people" },
	{ "none", "Which one is the best?", "Which is the best?" },
	{ "none", "How long until it arrives?", "When will it arrive?" },
	{ "number", "What is the capital of France?",
	    "What was the capital of France in 1942?" },
	{ "number", "send 5 invoices", "send 50 invoices" },
	{ "number", "send two invoices", "send three invoices" },
	{ "number", "the first chapter", "the second chapter" },
	{ "number", "is it 3.5 or 4", "is it 35 or 4" },
	{ "number", "from -5 on", "from 5 on" },
	{ "unit", "How many days in a leap cycle", "How many hours in a leap cycle" },
	{ "unit", "a price in euros", "a price in dollars" },
	{ "unit", "10 am", "10 pm" },
	{ "unit", "Convert 10 kg to stone", "Convert 10 g to stone" },
	{ "unit", "Is 5 km far", "Is 5 kg far" },
	{ "unit", "20% off", "20 off" },
	{ "unit", "five pounds of flour", "five ounces of flour" },
	{ "none",
	    "a bill of \xc2\xa3"
	    "5",
	    "a bill of 5 pounds" },
	{ "none", "Is 20 percent much", "Is 20% much" },
	{ "none", "in 5 minutes", "in 5 mins" },
	{ "number", "what is new in 3.10", "what is new in 3.1" },
	{ "none", "it costs 3.00", "it costs 3" },
	{ "date", "the meeting is on Monday", "the meeting is on Tuesday" },
	{ "date", "weather yesterday", "weather tomorrow" },
	{ "negation", "Why is my card not working?", "Why is my card working?" },
	{ "negation", "Can I use it abroad?", "Can't I use it abroad?" },
	{ "negation", "Should I tell my doctor?", "Should I not tell my doctor?" },
	{ "opposite", "How do I enable roaming?", "How do I disable roaming?" },
	{ "opposite", "I bought a house", "I sold a house" },
	{ "opposite", "is it legal", "is it illegal" },
	{ "negation", "pasta with meat", "pasta without meat" },
	{ "opposite", "an encrypted file", "a decrypted file" },
	{ "name", "weather in paris", "weather in london" },
	{ "name", "Send it to Anna", "Send it to Farid" },
	{ "name", "Translate hello to Spanish", "Translate hello to French" },
	{ "code", "What does foo() return?", "What does bar() return?" },
	{ "code", "What does foo(x) return?", "What does bar(x) return?" },
	{ "none", "how many day(s) are left?", "how many days are left?" },
	{ "code", "Open README.md", "Open LICENSE.md" },
	{ "code", "what is 5 + 3", "what is 5 - 3" },
	{ "code", "use `git pull`", "use `git push`" },
	{ "code", "a phone like the s23", "a phone like the s24" },
	{ "quote", "Who said \"I came\"?", "Who said \"I saw\"?" },
	{ "direction", "flights from London to Paris", "flights from Paris to London" },
	{ "direction", "convert euros to dollars", "convert dollars to euros" },
	{ "direction", "Does Anna owe Bob money?", "Does Bob owe Anna money?" },
	{ "direction", "trains to boston", "trains from boston" },
	{ "direction", "the dog bit the man", "the man bit the dog" },
	{ "direction", "Is Paris bigger than London", "Is London bigger than Paris" },
	{ "language", "Wie ist das Wetter und wo bin ich",
	    "What is the weather and where am I" },
	{ "language", "сколько это стоит", "how much is it" },
	{ "question", "When was Einstein born?", "Where was Einstein born?" },
	{ "question", "How do I verify my identity?", "Why do I verify my identity?" },
	{ "none", "How do I find the station?", "Where is the station?" },
	{ "question", "Who built it?", "Why was it built?" },
	{ "question", "put bread on my shopping list", "did i put bread on my shopping list" },
	{ "question", "My transfer is pending.", "Is my transfer pending?" },
	{ "none", "i want to know if my card was declined", "was my card declined" },
	{ "none", "Do I have any meetings?", "What meetings do I have?" },
	{ "direction", "can you tell me my name", "can you tell me your name" },
	{ "direction", "can you call me something else", "can i call you something else" },
	{ "none", "can you tell me my balance", "what is my balance" },
	{ "number", "Order 2 pizzas and 3 cokes", "Order 3 pizzas and 2 cokes" },
	{ "none", "a loan over 3 years or 5 years", "a loan over 5 years or 3 years" },
	{ "none", "Give me five tips", "Give me 5 tips" },
	{ "number", "World War I", "World War II" },
	{ "none", "World War II", "World War 2" },
	{ "none", "What's 5+3?", "What is 5 + 3?" },
	{ "code", "What is 2^10?", "What is 2*10?" },
	{ "none", "a limit of 5MB", "a limit of 5 MB" },
	{ "none", "30 °C", "30 celsius" },
	{ "unit", "shorten this sentence", "shorten this paragraph" },
	{ "none", "open on Mondays", "open on Monday" },
	{ "none", "3pm", "3 p.m." },
	{ "negation", "I don’t eat meat", "I eat meat" },
	{ "none", "I don’t eat meat", "I don't eat meat" },
	{ "none", "What’s up—tell me", "What's up - tell me" },
	{ "negation", "a sugar-free cake", "a sugar cake" },
	{ "negation", "a non-smoking room", "a smoking room" },
	{ "opposite", "the cheapest flight", "the most expensive flight" },
	{ "opposite", "How do I log in?", "How do I log out?" },
	{ "opposite", "what is his name", "what is her name" },
	{ "opposite", "add a user", "remove a user" },
	{ "name", "Who is Angela Merkel?", "Who is Olaf Scholz?" },
	{ "none", "What Is the Best Way To Learn?", "what is the best way to learn?" },
	{ "name", "US president", "UK president" },
	{ "none", "in the U.S.", "in the US" },
	{ "none", "british food", "food of Britain" },
	{ "direction", "What is 7 - 5?", "What is 5 - 7?" },
	{ "number", "10 divided by 2", "2 divided by 10" },
	{ "none", "what is 5 plus 3", "what is 3 plus 5" },
	{ "none", "what is 5 + 3", "what is 3 + 5" },
	{ "none", "cats and dogs", "dogs and cats" },
	{ "none", "salt and pepper uses", "uses of pepper and salt" },
	{ "none", "a Python list sort", "sort a list in Python" },
	{ "direction", "the ratio of boys to girls", "the ratio of girls to boys" },
	{ "question", "Do I have to verify my identity?", "Can I verify my identity?" },
	{ "none", "Do I need to verify my identity?", "Do I have to verify my identity?" },
	{ "question", "How many virtual cards do I get?", "How do I get to virtual cards?" },
	{ "question", "How does my identity get verified?",
	    "Why does my identity get verified?" },
	{ "question", "did you put milk on my list", "can you put milk on my list" },
	{ "none", "did my payment go through", "can you tell me if my payment went through" },
	{ "question", "put milk on my list", "is there milk on my list" },
	{ "none", "cancel my order", "is there a way to cancel my order" },
	{ "direction", "please start calling me bob", "i want to start calling you bob" },
	{ "negation", "Meine Karte funktioniert", "Meine Karte funktioniert nicht" },
	{ "number", "Nenne fünf Städte", "Nenne sechs Städte" },
	{ "none", "Nenne fünf Städte", "Nenne 5 Städte" },
	{ "opposite", "Wie öffne ich ein Konto?", "Wie schließe ich ein Konto?" },
	{ "date", "Wetter heute", "Wetter morgen" },
	{ "opposite", "Wann war das?", "Wo war das?" },
	{ "direction", "Wie ist mein Name?", "Wie ist dein Name?" },
	{ "none", "Wie ändere ich das Passwort?", "Wie kann ich das Passwort ändern?" },
	{ "negation", "des recettes avec du sucre", "des recettes sans sucre" },
	{ "opposite", "la plus grande ville", "la plus petite ville" },
	{ "date", "ouvert lundi", "ouvert mardi" },
	{ "negation", "Mi tarjeta funciona", "Mi tarjeta no funciona" },
	{ "opposite", "abrir una cuenta", "cerrar una cuenta" },
	{ "opposite", "¿Cuándo nació?", "¿Dónde nació?" },
	{ "negation", "我的卡能用", "我的卡不能用" },
	{ "none", "我能不能用", "我能用吗" },
	{ "none", "这两个有什么区别", "这两个有什么不同" },
	{ "number", "列出五个城市", "列出六个城市" },
	{ "number", "列出5个城市", "列出6个城市" },
	{ "date", "今天天气怎么样", "明天天气怎么样" },
	{ "opposite", "最大的城市", "最小的城市" },
	{ "direction", "从罗马到巴黎的航班", "从巴黎到罗马的航班" },
	{ "direction", "我的名字", "你的名字" },
	{ "none", "如何修改密码？", "请问如何修改密码" },
};

static void
check_pairs(void)
{
	struct arena arena = { 0 };

	check_group("the gate fires on conflict, and on nothing else");
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		const struct gate_text *a = gate_read(slice_z(pairs[i].a), &arena);
		const struct gate_text *b = gate_read(slice_z(pairs[i].b), &arena);

		CHECK_SLICE(slice_z(gate_name(gate_conflict(a, b))), pairs[i].gate);
		CHECK(gate_conflict(a, b) == gate_conflict(b, a));
		CHECK(gate_conflict(a, a) == GATE_NONE);
		if (gate_conflict(a, b) != gate_conflict(b, a))
			printf("# %s | %s\n", pairs[i].a, pairs[i].b);
		arena_reset(&arena);
	}
	arena_close(&arena);
}

static void
check_odd(void)
{
	static const char *const odd[] = { "", " ", "\"", "'", "`", "```", "\xff\xfe", "$", "-",
		"...", "\"\"", "``", "''", "a\"b'c`d", "1,2,3,4", "$$$5", "5$", "n't", "'s",
		"\xe4\xbd\xa0\xe5\xa5\xbd", "{", "<", ">>>>", "from", "from to", "by", "_" };
	struct arena arena = { 0 };
	char zeros[] = { 'a', 0, '5', 0, '"', 0, '`', 0 };

	check_group("texts that are hardly any");
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		const struct gate_text *a = gate_read(slice_z(odd[i]), &arena);

		for (size_t k = 0; k < sizeof(odd) / sizeof(*odd); k++) {
			const struct gate_text *b = gate_read(slice_z(odd[k]), &arena);

			CHECK(gate_conflict(a, b) == gate_conflict(b, a));
			CHECK(gate_overlap(a, b) >= 0 && gate_overlap(a, b) <= 1);
		}
		arena_reset(&arena);
	}
	CHECK(gate_read(slice_of(zeros, sizeof(zeros)), &arena));
	arena_close(&arena);
}

static void
check_fold(void)
{
	struct arena a = { 0 };

	check_group("folded: case, blanks and punctuation at the edges of words");
	CHECK_SLICE(
	    gate_fold(SLICE("  How do I\t\treset \"my\" PIN?! "), &a), "how do i reset my pin");
	CHECK_SLICE(gate_fold(SLICE("\xef\xbc\xb0IN"), &a), "pin");
	CHECK_SLICE(
	    gate_fold(SLICE("3.5 is not 35, C++ is not C."), &a), "3.5 is not 35 c++ is not c");
	CHECK_SLICE(gate_fold(SLICE("f(X) = {Y}  "), &a), "f(X) = {Y}");
	arena_close(&a);
}

static void
check_shingles(void)
{
	struct arena a = { 0 };
	struct slice x =
	    SLICE("please tell me how long a transfer from my bank to the card takes");
	struct slice y =
	    SLICE("please tell me how long a tranfser from my bank to the card takes");
	struct slice z =
	    SLICE("please tell me how long a delivery from my shop to the door takes");
	uint64_t p[SHINGLE_BANDS], q[SHINGLE_BANDS];
	unsigned common = 0;

	check_group("near duplicates: a slip of the pen, and not another word");
	CHECK(shingle_sketch(x, p) && shingle_sketch(y, q));
	CHECK(!shingle_sketch(SLICE("short"), p) && shingle_sketch(x, p));
	for (unsigned i = 0; i < SHINGLE_BANDS; i++)
		common += p[i] == q[i];
	CHECK(common > 0);
	CHECK(shingle_share(x, y, &a) > .7F && shingle_share(x, y, &a) < 1);
	CHECK(shingle_share(x, x, &a) == 1);
	CHECK(shingle_same(gate_read(x, &a), gate_read(y, &a)));
	CHECK(!shingle_same(gate_read(x, &a), gate_read(z, &a)));
	arena_close(&a);
}

static void
check_logit(void)
{
	/* without a prior to speak of, three points at 0 of which two are right: log 2 */
	const struct logit none = { 0, 0, 1e-9, 0, 1e-9 };
	const struct logit_point flat[] = { { 0, true }, { 0, true }, { 0, false } };
	/* at 1 half are right, at 3 three of four: slope log(3) / 2, by hand */
	const struct logit_point rising[] = { { 1, true }, { 1, false }, { 1, true },
		{ 1, false }, { 3, true }, { 3, true }, { 3, true }, { 3, false } };
	const struct logit_point perfect[] = { { 1, true }, { -1, false } };
	struct logit prior = { 1, 2, 4, 0, 4 }, l;

	check_group("a logistic fit and the bound on it");
	CHECK(fabs(logit_fit(&none, flat, 3).level - log(2)) < 1e-6);
	l = logit_fit(&none, rising, 8);
	CHECK(fabs(l.slope - log(3) / 2) < 1e-6 && fabs(l.level + log(3) / 2) < 1e-6);
	/* variance at 3 is that of its four alone: 1 / (4 x 3/4 x 1/4) */
	CHECK(fabs(logit_low(&l, 3, 1) - (log(3) - sqrt(4. / 3))) < 1e-6);
	CHECK(logit_fit(&prior, NULL, 0).level == 1 && logit_low(&prior, 2, 0) == 5);
	CHECK(logit_fit(&prior, flat + 2, 1).level < 1);
	CHECK(logit_fit(&prior, perfect, 2).slope < 3); /* the prior keeps it finite */
	CHECK(fabs(logit_share(logit_of(.3)) - .3) < 1e-12);
}

static bool
accepts(struct learn *l, uint64_t entry, float score, float closeness)
{
	return learn_ask(l, entry, score, closeness) == LEARN_YES;
}

static void
check_own(void)
{
	struct learn *l = learn_open(.9F, .18F, .05);
	float before;

	check_group("learning: an entry that was wrong again and again is asked for more, "
		    "comes back when judged right, and leaves others alone");
	for (uint64_t i = 0; i < 300; i++)
		learn_see(l, 1000 + i, .85F, true, true);
	for (int i = 0; i < 3; i++)
		learn_see(l, 7, .8F, false, false);
	CHECK_NUMBER(learn_ask(l, 7, .95F, .8F), LEARN_JUDGE);
	CHECK_NUMBER(learn_ask(l, 8, .95F, .8F), LEARN_YES);
	CHECK_NUMBER(learn_ask(l, 7, .95F, .3F), LEARN_NO);
	CHECK_NUMBER(learn_seen(l), 300); /* what was no hit is not one */
	for (int i = 0; i < 16; i++)
		learn_see(l, 7, .8F, true, false);
	CHECK_NUMBER(learn_ask(l, 7, .95F, .8F), LEARN_YES);
	check_group("learning: less is asked of an entry that was judged right");
	before = learn_threshold(l) - .05F;
	CHECK_NUMBER(learn_ask(l, 8, .95F, before), LEARN_NO);
	learn_see(l, 8, .9F, true, false);
	CHECK_NUMBER(learn_ask(l, 8, .95F, before), LEARN_YES);
	learn_free(l);
	check_group("learning: the fit refuses what the threshold lets pass");
	l = learn_open(.9F, .18F, .05);
	for (uint64_t i = 0; i < 60; i++) {
		learn_see(l, i, .95F, true, true);
		learn_see(l, 100 + i, .8F, i % 2, false);
	}
	CHECK(learn_threshold(l) < .8F);
	CHECK(!accepts(l, 900, .95F, .8F) && accepts(l, 900, .95F, .95F));
	learn_free(l);
}

static void
check_learn(void)
{
	struct learn *l = learn_open(.9F, .18F, .05), *strict = learn_open(.9F, .18F, .01);
	float before;

	check_group(
	    "learning: strict without evidence, lower with good verdicts, higher with bad");
	CHECK(accepts(l, 1, .91F, .1F) && !accepts(l, 1, .89F, 1));
	CHECK(!accepts(strict, 1, .91F, .1F) && accepts(strict, 1, .93F, .1F));
	for (int i = 0; i < 400; i++)
		learn_see(l, 1, .85F, true, true);
	before = learn_threshold(l);
	CHECK(before < .9F - .18F && accepts(l, 1, .85F, before + .1F));
	CHECK(!accepts(l, 1, .79F, 1));
	learn_see(l, 2, .8F, false, true);
	CHECK(learn_threshold(l) > before);
	CHECK_NUMBER(learn_seen(l), 401);
	CHECK_NUMBER(learn_wrong(l), 1);
	for (uint64_t i = 0; i < 5000; i++)
		learn_see(l, i, .8F, false, true);
	CHECK(!accepts(l, UINT64_MAX, .9F, .9F));
	check_group("learning: however many are wrong, equal questions still hit");
	CHECK(accepts(l, UINT64_MAX, 1, 1));
	learn_free(l);
	learn_free(strict);
	CHECK(learn_closeness(1, 0, 1) == 1);
	CHECK(learn_closeness(.9F, 2, 1) < learn_closeness(.9F, 1, 1));
	CHECK(learn_closeness(.9F, 1, .5F) < learn_closeness(.9F, 1, 1));
	CHECK(learn_crowding(.9F, .95F) == 1 && learn_crowding(.9F, .9F) == 1);
	CHECK(learn_crowding(.9F, .7F) < 1e-5F && learn_crowding(.9F, .3F) == 0);
	CHECK(fabsf(learn_crowding(.9F, .8F) - .5F) < 1e-5F);
}

static void
check_shares(void)
{
	struct arena a = { 0 };
	const struct gate_text *x = gate_read(SLICE("What is the capital of France?"), &a);
	const struct gate_text *y =
	    gate_read(SLICE("Can you tell me the French capital city?"), &a);

	check_group("words in common: a place and its adjective are one");
	CHECK_NUMBER(gate_conflict(x, y), GATE_NONE);
	CHECK(fabsf(gate_overlap(x, y) - 2 / 3.F) < 1e-6F);
	CHECK(gate_overlap(x, y) == gate_overlap(y, x));
	y = gate_read(SLICE("the capital, the capital of Spain"), &a);
	CHECK(gate_overlap(x, y) == gate_overlap(y, x));
	CHECK(gate_overlap(x, gate_read(SLICE("the capital of Spain"), &a)) < .4F);
	arena_close(&a);
}

/* Verdicts, one wrong in so many. */
static void
see_some(struct learn *l, unsigned count, unsigned wrong_in)
{
	for (unsigned i = 1; i <= count; i++)
		learn_see(l, i, .8F, i % wrong_in != 0, true);
}

static void
check_aim(void)
{
	struct learn *few = learn_open(.9F, .18F, .05), *many = learn_open(.9F, .18F, .05);
	struct learn *late = learn_open(.9F, .18F, .05);
	float before;

	check_group("learning: the fewer verdicts, the more is asked");
	see_some(few, 20, 20);
	see_some(many, 200, 20);
	CHECK(learn_threshold(few) > learn_threshold(many) + .02F);
	learn_free(few);
	learn_free(many);
	check_group("learning: what was over the bound is taken back");
	/* a little over, which no interval tells, then the very bound: it rises on */
	see_some(late, 400, 15);
	before = learn_threshold(late);
	see_some(late, 400, 20);
	CHECK(learn_threshold(late) > before);
	learn_free(late);
}

int
main(void)
{
	check_pairs();
	check_odd();
	check_fold();
	check_shingles();
	check_logit();
	check_learn();
	check_own();
	check_shares();
	check_aim();
	return check_finish();
}
