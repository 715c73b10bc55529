/* SPDX-License-Identifier: MIT */
#include "sheet.h"

#include "show/svg.h"

#define ROW 30   /* pixels of a bar and its gap */
#define LEFT 150 /* of its name */
#define LONG 480 /* of the longest bar */
#define WIDTH 760

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6676;--line:#dfe3ea;--page:#fff;"
    "--card:#f6f8fb;--measured:#1a7f4b;--bounded:#2b6cd4;--guess:#a9b3c1;--code:#eef1f6}\n"
    "@media (prefers-color-scheme:dark){:root{--ink:#e7ebf2;--soft:#9aa6b8;--line:#2c3442;"
    "--page:#12161d;--card:#1a202a;--measured:#3fbf7f;--bounded:#6aa3ff;--guess:#5d6878;"
    "--code:#232b37}}\n"
    "*{box-sizing:border-box}body{margin:0 auto;max-width:900px;padding:32px 24px 64px;"
    "background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,'Segoe UI',"
    "Roboto,'Helvetica Neue',sans-serif}\n"
    "h1{font-size:26px;margin:0 0 4px}h2{font-size:18px;margin:36px 0 8px}"
    "p{margin:6px 0}.soft{color:var(--soft);font-size:14px}\n"
    ".tiles{display:flex;flex-wrap:wrap;gap:12px;margin:20px 0}.tile{flex:1 1 180px;"
    "background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px}"
    ".tile b{display:block;font-size:26px;font-variant-numeric:tabular-nums}\n"
    ".tile span{color:var(--soft);font-size:13px}"
    "svg{display:block;width:100%;height:auto;margin:12px 0}"
    "svg text{fill:var(--ink);font-size:14px}svg .label{fill:var(--soft)}\n"
    ".measured{fill:var(--measured)}.bounded{fill:var(--bounded)}.guess{fill:var(--guess)}"
    ".left{fill:var(--line)}.sum{fill:var(--ink)}\n"
    ".finding{border:1px solid var(--line);border-radius:10px;padding:14px 16px;margin:12px 0;"
    "background:var(--card)}.finding h3{margin:0;font-size:16px;display:flex;gap:10px;"
    "align-items:baseline;flex-wrap:wrap}.finding h3 b{margin-left:auto;"
    "font-variant-numeric:tabular-nums}\n"
    ".badge{font-size:12px;font-weight:600;border-radius:99px;padding:1px 9px;"
    "border:1px solid currentColor}.badge.measured{color:var(--measured)}"
    ".badge.bounded{color:var(--bounded)}.badge.guess{color:var(--soft)}\n"
    "pre{background:var(--code);border-radius:8px;padding:10px 12px;margin:8px 0 0;"
    "overflow-x:auto;font-size:13px;white-space:pre-wrap;overflow-wrap:anywhere}\n"
    ".scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:14px;"
    "font-variant-numeric:tabular-nums}th,td{padding:5px 7px;text-align:left;"
    "border-bottom:1px solid var(--line)}th{color:var(--soft);font-weight:600}"
    ".right{text-align:right}ul{padding-left:20px;margin:6px 0}li.soft{margin-left:18px}\n";

void
sheet_open(struct buf *out, const char *title)
{
	buf_printf(out,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<title>%s</title>\n<style>\n",
	    title);
	buf_add(out, slice_z(style));
	buf_printf(out, "</style>\n</head>\n<body>\n<h1>%s</h1>\n", title);
}

void
sheet_close(struct buf *out)
{
	buf_add(out, SLICE("</body>\n</html>\n"));
}

void
sheet_heading(struct buf *out, const char *text)
{
	buf_printf(out, "<h2>%s</h2>\n", text);
}

void
sheet_bars_open(struct buf *out, size_t bars)
{
	buf_printf(out, "<svg viewBox=\"0 0 %d %zu\" role=\"img\" aria-label=\"bars\">\n",
	    WIDTH, bars * ROW + 4);
}

void
sheet_bar(struct buf *out, size_t i, const char *name, unsigned permille, struct slice label,
    const char *kind)
{
	unsigned width = permille > 1000 ? LONG : permille * LONG / 1000;
	size_t y = i * ROW + 4;

	buf_printf(out, "<text x=\"%d\" y=\"%zu\" text-anchor=\"end\">%s</text>", LEFT - 10,
	    y + 16, name);
	buf_printf(out, "<rect class=\"left\" x=\"%d\" y=\"%zu\" width=\"%d\" height=\"2\"/>",
	    LEFT, y + 10, LONG);
	if (width)
		buf_printf(out,
		    "<rect class=\"%s\" x=\"%d\" y=\"%zu\" width=\"%u\" height=\"22\" "
		    "rx=\"4\"/>",
		    kind, LEFT, y, width < 3 ? 3 : width);
	buf_printf(out, "<text class=\"label\" x=\"%d\" y=\"%zu\">", LEFT + LONG + 10, y + 16);
	svg_escape(out, label);
	buf_add(out, SLICE("</text>\n"));
}

void
sheet_bars_close(struct buf *out)
{
	buf_add(out, SLICE("</svg>\n"));
}

void
sheet_list(struct buf *out, struct slice lines)
{
	buf_add(out, SLICE("<ul>\n"));
	while (lines.len) {
		size_t end = slice_find(lines, '\n');

		buf_printf(out, "<li%s>", lines.ptr[0] == ' ' ? " class=\"soft\"" : "");
		svg_escape(out, slice_trim(slice_take(lines, end)));
		buf_add(out, SLICE("</li>\n"));
		lines = slice_drop(lines, end + 1);
	}
	buf_add(out, SLICE("</ul>\n"));
}

static void
sheet_row(struct buf *out, const struct table *t, const struct slice *cells, const char *tag)
{
	buf_add(out, SLICE("<tr>"));
	for (size_t c = 0; c < t->columns; c++) {
		buf_printf(out, "<%s%s>", tag, t->right[c] ? " class=\"right\"" : "");
		svg_escape(out, cells[c]);
		buf_printf(out, "</%s>", tag);
	}
	buf_add(out, SLICE("</tr>\n"));
}

void
sheet_table(struct buf *out, const struct table *t)
{
	buf_add(out, SLICE("<div class=\"scroll\"><table>\n"));
	sheet_row(out, t, t->heading, "th");
	for (size_t r = 0; r < t->rows; r++)
		sheet_row(out, t, t->cell + r * t->columns, "td");
	buf_add(out, SLICE("</table></div>\n"));
}
