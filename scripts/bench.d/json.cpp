/* SPDX-License-Identifier: MIT */
/* simdjson for json.c, which is C: reads body.model of one line and returns its length. */
#include <string>
#include <string_view>

#include <simdjson.h>

extern "C" {
extern const size_t simdjson_padding;
const size_t simdjson_padding = simdjson::SIMDJSON_PADDING;

const char *
simdjson_version(void)
{
	static std::string text = SIMDJSON_STRINGIFY(SIMDJSON_VERSION) ", " +
				  simdjson::get_active_implementation()->name();

	return text.c_str();
}

size_t
simdjson_dom(const char *line, size_t length)
{
	static simdjson::dom::parser parser;

	return std::string_view(parser.parse(line, length, false)["body"]["model"]).size();
}

size_t
simdjson_ondemand(const char *line, size_t length)
{
	static simdjson::ondemand::parser parser;
	simdjson::ondemand::document d =
	    parser.iterate(line, length, length + simdjson_padding);

	return std::string_view(d["body"]["model"]).size();
}
}
