/* SPDX-License-Identifier: MIT */
#include "meaning/gate_parts.h"

/* Rows of blank-separated spellings: one row one unit. */
struct row {
	char kind;
	const char *words;
};

static const struct row units[] = {
	{ 'c', "$ usd dollar dollars buck bucks" },
	{ 'c', "\xe2\x82\xac eur euro euros" },
	{ 'c', "\xc2\xa3 gbp quid sterling" },
	{ 'c', "\xc2\xa5 jpy yen" },
	{ 'c', "chf franc francs" },
	{ 'c', "inr rupee rupees" },
	{ 'c', "cent cents pence penny pennies" },
	{ 'c', "btc bitcoin bitcoins" },
	{ 't', "ms millisecond milliseconds" },
	{ 't', "sec secs seconds" },
	{ 't', "min mins minute minutes" },
	{ 't', "hr hrs hour hours hourly" },
	{ 't', "day days daily" },
	{ 't', "week weeks weekly" },
	{ 't', "month months monthly" },
	{ 't', "quarterly" },
	{ 't', "year years yr yrs yearly annual annually" },
	{ 't', "decade decades" },
	{ 't', "century centuries" },
	{ 'h', "am a.m" },
	{ 'h', "pm p.m" },
	{ 'l', "mm millimeter millimeters millimetre millimetres" },
	{ 'l', "cm centimeter centimeters centimetre centimetres" },
	{ 'l', "meter meters metre metres" },
	{ 'l', "km kms kilometer kilometers kilometre kilometres" },
	{ 'l', "inch inches" },
	{ 'l', "ft foot feet" },
	{ 'l', "yard yards" },
	{ 'l', "mile miles mi" },
	{ 'v', "kmh kph" },
	{ 'v', "mph" },
	{ 'm', "mg milligram milligrams" },
	{ 'm', "g gram grams" },
	{ 'm', "kg kgs kilo kilos kilogram kilograms" },
	{ 'm', "ton tons tonne tonnes" },
	{ 'm', "lb lbs pound pounds" },
	{ 'm', "oz ounce ounces" },
	{ 'd', "celsius centigrade \xc2\xb0"
	       "c" },
	{ 'd', "fahrenheit \xc2\xb0"
	       "f" },
	{ 'd', "kelvin" },
	{ 'w', "ml milliliter milliliters millilitre millilitres" },
	{ 'w', "liter liters litre litres" },
	{ 'w', "gallon gallons" },
	{ 'w', "cup cups" },
	{ 'w', "pint pints" },
	{ 'w', "teaspoon teaspoons tsp" },
	{ 'w', "tablespoon tablespoons tbsp" },
	{ 'b', "kb kib kilobyte kilobytes" },
	{ 'b', "mb mib megabyte megabytes" },
	{ 'b', "gb gib gigabyte gigabytes" },
	{ 'b', "tb tib terabyte terabytes" },
	{ 'p', "% percent percentage" },
	{ 'e', "watt watts" },
	{ 'e', "kw kilowatt kilowatts" },
	{ 'e', "volt volts" },
	{ 'e', "kwh" },
	{ 'a', "acre acres" },
	{ 'a', "hectare hectares" },
	{ 'x', "word words" },
	{ 'x', "sentence sentences" },
	{ 'x', "paragraph paragraphs" },
	{ 'x', "page pages" },
};
#define UNITS (sizeof(units) / sizeof(*units))

static const char *const days[] = { "january jan", "february feb", "march", "april apr", "may",
	"june jun", "july jul", "august aug", "september sept", "october oct", "november nov",
	"december dec", "monday mondays mon", "tuesday tuesdays tue tues",
	"wednesday wednesdays wed", "thursday thursdays thu thurs", "friday fridays fri",
	"saturday saturdays", "sunday sundays", "yesterday", "tomorrow", "spring", "summer",
	"autumn", "winter", "weekend weekends", "weekday weekdays", "christmas xmas", "easter",
	"thanksgiving", "halloween", "ramadan", "morning", "afternoon", "evening", "midnight",
	"noon midday", "night tonight", "today", "now currently" };
#define DAYS (sizeof(days) / sizeof(*days))
#define DAY_MONTHS 12
#define DAY_SOFT 32 /* from "morning" on */

static const struct {
	const char *word;
	int value;
	bool soft;
} numbers[] = { { "zero", 0, true }, { "one", 1, true }, { "two", 2, false },
	{ "three", 3, false }, { "four", 4, false }, { "five", 5, false }, { "six", 6, false },
	{ "seven", 7, false }, { "eight", 8, false }, { "nine", 9, false },
	{ "ten", 10, false }, { "eleven", 11, false }, { "twelve", 12, false },
	{ "thirteen", 13, false }, { "fourteen", 14, false }, { "fifteen", 15, false },
	{ "sixteen", 16, false }, { "seventeen", 17, false }, { "eighteen", 18, false },
	{ "nineteen", 19, false }, { "twenty", 20, false }, { "thirty", 30, false },
	{ "forty", 40, false }, { "fifty", 50, false }, { "sixty", 60, false },
	{ "seventy", 70, false }, { "eighty", 80, false }, { "ninety", 90, false },
	{ "hundred", 100, false }, { "thousand", 1000, false }, { "million", 1000000, false },
	{ "billion", 1000000000, false }, { "dozen", 12, false }, { "once", 1, true },
	{ "twice", 2, false }, { "thrice", 3, false }, { "single", 1, true },
	{ "double", 2, true }, { "triple", 3, false }, { "first", 1, true },
	{ "second", 2, true }, { "third", 3, true }, { "fourth", 4, true },
	{ "fifth", 5, true }, { "sixth", 6, true }, { "seventh", 7, true },
	{ "eighth", 8, true }, { "ninth", 9, true }, { "tenth", 10, true },
	{ "twentieth", 20, true },
	/* kings and wars; a "v" or an "x" alone is a letter */
	{ "ii", 2, false }, { "iii", 3, false }, { "iv", 4, false }, { "vi", 6, false },
	{ "vii", 7, false }, { "viii", 8, false }, { "ix", 9, false }, { "xi", 11, false },
	{ "xii", 12, false }, { "xiii", 13, false }, { "xiv", 14, false }, { "xv", 15, false },
	{ "xvi", 16, false } };

static const char *const negators =
    "not no never none nothing nobody nowhere neither nor cannot without cant dont doesnt "
    "didnt "
    "non isnt arent wasnt werent wont wouldnt shouldnt couldnt havent hasnt hadnt mustnt aint "
    "unable hardly barely";

/* Small words that only one of these languages has. */
static const char *const languages[GATE_LANGUAGES] = { NULL,
	"the is are of and how what why does my you to can do with for it this",
	"der die das und ist nicht wie ich ein eine mit wo warum kann mein meine sind auf zu",
	"le les des est une je comment pourquoi mon ma pour avec dans vous qui sont du au",
	"el los las una es por como qu\xc3\xa9 c\xc3\xb3mo mi para con est\xc3\xa1 puedo del y "
	"donde d\xc3\xb3nde",
	"il gli della di che come perch\xc3\xa9 sono mio mia posso dove per non \xc3\xa8 nel",
	"o os uma n\xc3\xa3o como meu minha para com onde por que voc\xc3\xaa est\xc3\xa1 "
	"s\xc3\xa3o",
	"het een van niet hoe waarom mijn kan ik waar zijn met voor wat" };

static const char stops[] =
    "a an the this that these those it its i me my mine we us our you your he him his she her "
    "they them their is are am was were be been being do does did have has had can could will "
    "would shall should may might must to of in on at by for with from as and or if so than "
    "then "
    "there here what which who whom whose when where why how please hi hello hey thanks thank "
    "just also about into out up down off over under again some any get got want need like "
    "tell "
    "know let give show help s t d ll ve re m";

/* Names that are common words too, or in no list of names, and are asked for in lower case. */
static const char more_names[] =
    "english french german spanish italian portuguese dutch russian chinese japanese korean "
    "arabic hindi turkish greek latin hebrew ukrainian swedish danish norwegian finnish czech "
    "hungarian romanian vietnamese thai indonesian mandarin cantonese urdu bengali tamil "
    "python java javascript typescript golang kotlin haskell perl php matlab fortran cobol "
    "linux windows macos ubuntu debian android iphone ipad mysql postgres postgresql sqlite "
    "mongodb redis react angular django flask aws azure gcp google amazon microsoft netflix "
    "facebook instagram twitter whatsapp youtube paypal mastercard amex samsung nokia tesla "
    "toyota honda bmw ford excel word powerpoint outlook gmail slack zoom "
    "james mary robert patricia john jennifer michael linda david elizabeth william barbara "
    "richard susan joseph jessica thomas sarah charles karen daniel lisa nancy anthony sandra "
    "steven emily andrew michelle kevin laura brian anna george peter alice bob tom "
    "japan china chile turkey jordan georgia apple";

static void
each_word(const char *row, enum gate_table table, int value, bool soft, gate_table_fn each)
{
	struct slice rest = slice_z(row);

	while (rest.len) {
		size_t n = slice_find(rest, ' ');

		each(slice_take(rest, n), table, value, soft);
		rest = slice_drop(rest, n + 1);
	}
}

void
gate_tables(gate_table_fn each)
{
	for (size_t i = 0; i < UNITS; i++)
		each_word(units[i].words, TABLE_UNIT, (int)i, false, each);
	for (size_t i = 0; i < DAYS; i++)
		each_word(days[i], TABLE_DAY, (int)i, i >= DAY_SOFT, each);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		each(slice_z(numbers[i].word), TABLE_NUMBER, numbers[i].value, numbers[i].soft);
	for (int i = 1; i < GATE_LANGUAGES; i++)
		each_word(languages[i], TABLE_LANGUAGE, i, false, each);
	each_word(negators, TABLE_NEGATOR, 1, false, each);
	each_word(stops, TABLE_STOP, 1, false, each);
	each_word(more_names, TABLE_NAME, 1, false, each);
}

/* Pounds are money, and they are a weight. */
static bool
is_pound(int unit)
{
	return gate_in_row(units[unit].words, SLICE("pound")) ||
	       gate_in_row(units[unit].words, SLICE("gbp"));
}

bool
gate_same_unit(int a, int b)
{
	return a == b || (is_pound(a) && is_pound(b));
}

bool
gate_unit_percent(int unit)
{
	return unit >= 0 && units[unit].kind == 'p';
}

uint64_t
gate_unit_kind(unsigned unit)
{
	uint64_t kind = 0;

	for (size_t i = 0; i < UNITS; i++)
		if (units[i].kind == units[unit].kind)
			kind |= UINT64_C(1) << i;
	return kind;
}

bool
gate_day_sure(int day, struct slice word, bool capital, bool beside_number)
{
	/* march, may and the short forms are words too */
	if (capital || beside_number)
		return true;
	if (day == 2 || day == 4)
		return false;
	return day > 18 || word.len > 4 || day == 5 || day == 6;
}

bool
gate_in_row(const char *row, struct slice word)
{
	struct slice rest = slice_z(row);

	while (word.len && rest.len) {
		size_t n = slice_find(rest, ' ');

		if (slice_eq(slice_take(rest, n), word))
			return true;
		rest = slice_drop(rest, n + 1);
	}
	return false;
}
