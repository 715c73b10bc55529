/* SPDX-License-Identifier: MIT */
/* The curve as a picture: light and dark, no script, no font from outside. */
#include "cmd/llm-route/learned/curve.h"

#define WIDTH 720.0
#define HEIGHT 440.0
#define LEFT 70.0
#define RIGHT 28.0
#define TOP 56.0
#define FOOT 56.0

struct scale {
	double low, high;
};

static double
x_of(double share)
{
	return LEFT + share * (WIDTH - LEFT - RIGHT);
}

static double
y_of(struct scale s, double quality)
{
	return HEIGHT - FOOT - (quality - s.low) / (s.high - s.low) * (HEIGHT - TOP - FOOT);
}

/* Everything that is drawn, and a tenth of it above and below. */
static struct scale
scale_of(const struct curve *c)
{
	struct scale s = { c->first, c->last };
	double room;

	for (size_t i = 0; i < CURVE_POINTS; i++) {
		const struct curve_point *p = &c->point[i];

		s.low = p->range.low < s.low ? p->range.low : s.low;
		s.high = p->range.high > s.high ? p->range.high : s.high;
	}
	room = (s.high - s.low) / 10;
	room = room > 0 ? room : 0.05;
	s.low -= room;
	s.high += room;
	/* outcomes are from 0 to 1 */
	return (struct scale){ s.low > 0 ? s.low : 0, s.high < 1 ? s.high : 1 };
}

static void
axes(struct scale s, struct buf *out)
{
	for (int i = 0; i <= 4; i++) {
		double quality = s.low + (s.high - s.low) * i / 4, y = y_of(s, quality);

		buf_printf(out,
		    "<path class=\"grid\" d=\"M%.1f %.1fH%.1f\"/>"
		    "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%.3f</text>\n",
		    LEFT, y, WIDTH - RIGHT, LEFT - 8, y + 4, quality);
		buf_printf(out,
		    "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%d %%</text>\n",
		    x_of(i / 4.0), HEIGHT - FOOT + 20, i * 25);
	}
	buf_printf(out,
	    "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">calls that the last model "
	    "takes</text>\n",
	    (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12);
	buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\">mean outcome</text>\n", 8.0, TOP - 12);
}

static void
band(const struct curve *c, struct scale s, struct buf *out)
{
	buf_add(out, SLICE("<path class=\"band\" d=\""));
	for (size_t i = 0; i < CURVE_POINTS; i++)
		buf_printf(out, "%c%.1f %.1f", i ? 'L' : 'M', x_of(c->point[i].share),
		    y_of(s, c->point[i].range.high));
	for (size_t i = CURVE_POINTS; i-- > 0;)
		buf_printf(
		    out, "L%.1f %.1f", x_of(c->point[i].share), y_of(s, c->point[i].range.low));
	buf_add(out, SLICE("Z\"/>\n"));
}

static void
line(const struct curve *c, struct scale s, const char *class, bool length, struct buf *out)
{
	buf_printf(out, "<path class=\"line %s\" d=\"", class);
	for (size_t i = 0; i < CURVE_POINTS; i++) {
		const struct curve_point *p = &c->point[i];

		buf_printf(out, "%c%.1f %.1f", i ? 'L' : 'M', x_of(p->share),
		    y_of(s, length ? p->by_length : p->quality));
	}
	buf_add(out, SLICE("\"/>\n"));
}

static void
legend(double x, const char *class, const char *name, struct buf *out)
{
	buf_printf(out,
	    "<path class=\"line %s\" d=\"M%.1f 24H%.1f\"/><text x=\"%.1f\" "
	    "y=\"28\">%s</text>\n",
	    class, x, x + 24, x + 32, name);
}

/* The chosen point, with what to ask for; its words stand where the curve leaves room. */
static void
mark(const struct curve_point *p, struct scale s, struct buf *out)
{
	double x = x_of(p->share), y = y_of(s, p->quality);

	buf_printf(out,
	    "<circle class=\"mark\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"/>\n"
	    "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%.1f %% of calls, %.4f, "
	    "threshold %.6f</text>\n",
	    x, y, p->share < 0.5 ? LEFT + 8 : WIDTH - RIGHT - 8,
	    p->share < 0.5 ? TOP + 20 : HEIGHT - FOOT - 12, p->share < 0.5 ? "start" : "end",
	    p->share * 100, p->quality, p->threshold);
}

void
curve_svg(const struct curve *c, const struct curve_point *chosen, struct buf *out)
{
	struct scale s = scale_of(c);

	buf_printf(out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" "
	    "role=\"img\" aria-label=\"quality by share of calls\">\n",
	    WIDTH, HEIGHT);
	buf_add(out,
	    SLICE("<style>svg{font:13px sans-serif}.paper{fill:#fff}text{fill:#222}"
		  ".grid{stroke:#ddd}.line{fill:none;stroke-width:2}.ours{stroke:#0b66c3}"
		  ".length{stroke:#b0530a;stroke-dasharray:6 4}.coin{stroke:#888;"
		  "stroke-dasharray:2 4}.band{fill:#0b66c3;opacity:.15}.mark{fill:#0b66c3}"
		  "@media(prefers-color-scheme:dark){.paper{fill:#161616}text{fill:#ddd}"
		  ".grid{stroke:#333}.ours{stroke:#6cb2ff}.length{stroke:#ffa657}"
		  ".band,.mark{fill:#6cb2ff}}</style>\n"
		  "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n"));
	axes(s, out);
	band(c, s, out);
	buf_printf(out, "<path class=\"line coin\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n", x_of(0),
	    y_of(s, c->first), x_of(1), y_of(s, c->last));
	line(c, s, "length", true, out);
	line(c, s, "ours", false, out);
	if (chosen)
		mark(chosen, s, out);
	legend(LEFT + 40, "ours", "this model, with its 95 % band", out);
	legend(LEFT + 300, "length", "longest prompts first", out);
	legend(LEFT + 510, "coin", "by chance", out);
	buf_add(out, SLICE("</svg>\n"));
}
