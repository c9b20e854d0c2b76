#include "milepost/chart_svg.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    WIDTH = 760,
    HEAD = 52,       /* the plan's title */
    CHART_HEAD = 60, /* a chart's title and subtitle */
    LEGEND_ROW = 20,
    MARKS_ROOM = 34, /* names of marks, in two rows */
    PLOT = 300,
    FOOT = 62, /* ticks and the axis' name */
    LEFT = 96,
    RIGHT = 44,
    BAR = 22,
    BAR_GAP = 14,
    NAME_LETTER = 7, /* about the width of one, to keep texts apart */
};

/* Colours are said twice, in full: not every reader of SVG knows variables. */
static const char style[] =
    "<style>\n"
    "text{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,\"DejaVu Sans\",sans-serif;"
    "font-size:13px;fill:#1f2430}\n"
    ".head{font-size:19px;font-weight:600}.title{font-size:16px;font-weight:600}"
    ".small{font-size:12px}.soft{fill:#667085}\n"
    ".paper{fill:#fff}.grid{stroke:#e4e7ec}.axis{stroke:#98a2b3}"
    ".guide{stroke:#98a2b3;stroke-dasharray:2 4}\n"
    ".line{fill:none;stroke-width:2.5;stroke-linejoin:round;stroke-linecap:round}"
    ".jump{stroke-width:1.5;stroke-dasharray:3 3}.open,.held{stroke-width:2}.open{fill:#fff}\n"
    ".s0{stroke:#2563eb}.s1{stroke:#d97706}.s2{stroke:#059669}.s3{stroke:#9333ea}"
    ".s4{stroke:#dc2626}.s5{stroke:#0891b2}\n"
    ".e0,.bar{fill:#2563eb}.e1,.late{fill:#d97706}.e2{fill:#059669}.e3{fill:#9333ea}"
    ".e4{fill:#dc2626}.e5{fill:#0891b2}\n"
    ".you{fill:#e11d48;stroke:#fff;stroke-width:2}.yours{fill:#e11d48;font-weight:600}\n"
    "@media (prefers-color-scheme:dark){text{fill:#e8eaf0}.soft{fill:#9aa3b5}.paper,.open{"
    "fill:#14171f}.grid{stroke:#2b3140}.axis,.guide{stroke:#5d677c}.s0{stroke:#7aa7ff}"
    ".s1{stroke:#fbbf24}.s2{stroke:#34d399}.s3{stroke:#c084fc}.s4{stroke:#f87171}"
    ".s5{stroke:#22d3ee}.e0,.bar{fill:#7aa7ff}.e1,.late{fill:#fbbf24}.e2{fill:#34d399}"
    ".e3{fill:#c084fc}.e4{fill:#f87171}.e5{fill:#22d3ee}.you{fill:#fb7185;stroke:#14171f}"
    ".yours{fill:#fb7185}}\n"
    "</style>\n";

enum { COLOURS = 6, JUMPS_WITH_ENDS = 24 };

/* One chart's place in the document. */
struct sheet {
    struct buffer *out;
    const struct chart *chart;
    double top; /* of the plot */
    double left;
    double width;
    double height;
};

/* --- texts --- */

static void append_text(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '&')
            buffer_printf(out, "&amp;");
        else if (*text == '<')
            buffer_printf(out, "&lt;");
        else if (*text == '>')
            buffer_printf(out, "&gt;");
        else if (*text == '"')
            buffer_printf(out, "&quot;");
        else if ((unsigned char)*text >= ' ')
            buffer_append_byte(out, *text);
    }
}

static void put_text(struct buffer *out, double x, double y, const char *class, const char *anchor,
                     const char *text)
{
    buffer_printf(out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">", x, y, class,
                  anchor);
    append_text(out, text);
    buffer_printf(out, "</text>\n");
}

/* --- places --- */

static double x_at(const struct sheet *sheet, double x)
{
    const struct chart_axis *axis = &sheet->chart->x;
    return sheet->left + (x - axis->from) / (axis->to - axis->from) * sheet->width;
}

static double y_at(const struct sheet *sheet, double y)
{
    const struct chart_axis *axis = &sheet->chart->y;
    return sheet->top + sheet->height - (y - axis->from) / (axis->to - axis->from) * sheet->height;
}

static size_t legend_rows(const struct chart *chart)
{
    if (chart->kind == CHART_STEPS) {
        for (size_t i = 0; i < chart->bar_count; i++) {
            if (chart->bars[i].has_late)
                return 1;
        }
    }
    return chart->kind == CHART_LINES && chart->series_count > 1 ? chart->series_count : 0;
}

static double bars_height(const struct chart *chart)
{
    return (double)chart->bar_count * (BAR + BAR_GAP) + BAR_GAP;
}

static double plot_height(const struct chart *chart)
{
    return chart->kind == CHART_LINES ? PLOT : bars_height(chart);
}

static double marks_room(const struct chart *chart)
{
    return chart->kind != CHART_LINES ? 10 : chart->mark_count > 0 ? MARKS_ROOM + 8 : 26;
}

static double chart_height(const struct chart *chart)
{
    return CHART_HEAD + (double)legend_rows(chart) * LEGEND_ROW + marks_room(chart) +
           plot_height(chart) + FOOT;
}

/* --- axes --- */

static void put_line(struct buffer *out, const char *class, double x1, double y1, double x2,
                     double y2)
{
    buffer_printf(out, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
                  class, x1, y1, x2, y2);
}

/* Pay lies across where bars lie, and up where lines climb. */
static void put_grid(const struct sheet *sheet)
{
    const struct chart *chart = sheet->chart;
    double bottom = sheet->top + sheet->height;
    double right = sheet->left + sheet->width;
    for (size_t i = 0; i < chart->y.tick_count; i++) {
        double y = y_at(sheet, chart->y.ticks[i].at);
        put_line(sheet->out, "grid", sheet->left, y, right, y);
        put_text(sheet->out, sheet->left - 8, y + 4, "small soft", "end", chart->y.ticks[i].text);
    }
    for (size_t i = 0; i < chart->x.tick_count; i++) {
        double x = x_at(sheet, chart->x.ticks[i].at);
        put_line(sheet->out, "axis", x, bottom, x, bottom + 5);
        put_text(sheet->out, x, bottom + 20, "small soft", "middle", chart->x.ticks[i].text);
    }
    put_line(sheet->out, "axis", sheet->left, bottom, right, bottom);
    put_text(sheet->out, right, bottom + 42, "small", "end", chart->x.name);
}

/* --- lines --- */

/* Filled where it is paid, open where it is not. */
static void put_end(const struct sheet *sheet, const struct chart_point *point, size_t series,
                    bool is_held)
{
    char held[16];
    (void)snprintf(held, sizeof held, "held e%zu", series % COLOURS);
    buffer_printf(sheet->out, "<circle class=\"%s s%zu\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>\n",
                  is_held ? held : "open", series % COLOURS, x_at(sheet, point->x),
                  y_at(sheet, point->y));
}

static void put_jumps(const struct sheet *sheet, size_t index)
{
    const struct chart_series *series = &sheet->chart->series[index];
    size_t jumps = 0;
    char class[16];
    (void)snprintf(class, sizeof class, "jump s%zu", index % COLOURS);
    for (size_t i = 1; i < series->count; i++)
        jumps += series->points[i].is_jump;
    for (size_t i = 1; i < series->count; i++) {
        const struct chart_point *point = &series->points[i];
        if (!point->is_jump)
            continue;
        put_line(sheet->out, class, x_at(sheet, point[-1].x), y_at(sheet, point[-1].y),
                 x_at(sheet, point->x), y_at(sheet, point->y));
        if (jumps > JUMPS_WITH_ENDS || (!point->is_at && !point[-1].is_at))
            continue;
        put_end(sheet, &point[-1], index, point[-1].is_at && !point->is_at);
        put_end(sheet, point, index, point->is_at);
    }
}

/* Whether all points between two lie on the straight line through these, as far as one can see. */
static bool is_straight(const struct sheet *sheet, const struct chart_series *series, size_t from,
                        size_t to)
{
    const struct chart_point *points = series->points;
    double x0 = x_at(sheet, points[from].x);
    double y0 = y_at(sheet, points[from].y);
    double x1 = x_at(sheet, points[to].x);
    double y1 = y_at(sheet, points[to].y);
    for (size_t i = from + 1; i < to; i++) {
        double part = fabs(x1 - x0) > 1e-9 ? (x_at(sheet, points[i].x) - x0) / (x1 - x0) : 0;
        if (fabs(y0 + (y1 - y0) * part - y_at(sheet, points[i].y)) > 0.05)
            return false;
    }
    return true;
}

/* Points on one straight line are left out. */
static void put_series(const struct sheet *sheet, size_t index)
{
    const struct chart_series *series = &sheet->chart->series[index];
    size_t kept = 0;
    buffer_printf(sheet->out, "<path class=\"line s%zu\" d=\"", index % COLOURS);
    for (size_t i = 0; i < series->count; i++) {
        const struct chart_point *point = &series->points[i];
        bool begins = i == 0 || point->is_jump;
        bool ends = i + 1 == series->count || point[1].is_jump;
        if (!begins && !ends && is_straight(sheet, series, kept, i + 1))
            continue;
        kept = i;
        buffer_printf(sheet->out, "%s%.1f %.1f", begins ? "M" : "L", x_at(sheet, point->x),
                      y_at(sheet, point->y));
    }
    buffer_printf(sheet->out, "\"/>\n");
    put_jumps(sheet, index);
}

static void put_legend(const struct sheet *sheet, double top)
{
    const struct chart *chart = sheet->chart;
    for (size_t i = 0; i < chart->series_count && chart->series_count > 1; i++) {
        double y = top + (double)i * LEGEND_ROW;
        char class[16];
        (void)snprintf(class, sizeof class, "line s%zu", i % COLOURS);
        put_line(sheet->out, class, sheet->left, y, sheet->left + 22, y);
        put_text(sheet->out, sheet->left + 30, y + 4, "small", "start", chart->series[i].name);
    }
}

/* --- marks and places --- */

/* Names stand above the plot, in the lower row unless the one before reaches there. */
static void put_marks(const struct sheet *sheet)
{
    const struct chart *chart = sheet->chart;
    double taken[2] = {-1e9, -1e9};
    for (size_t i = 0; i < chart->mark_count; i++) {
        const struct chart_mark *mark = &chart->marks[i];
        double x = x_at(sheet, mark->x);
        double half = (double)strlen(mark->name) * NAME_LETTER / 2;
        int row = x - half > taken[0] ? 0 : 1;
        double y = sheet->top - 8 - row * 15;
        bool is_right = x + half > sheet->left + sheet->width + RIGHT;
        put_line(sheet->out, "guide", x, sheet->top - 4, x, sheet->top + sheet->height);
        put_text(sheet->out, is_right ? sheet->left + sheet->width + RIGHT - 4 : x, y, "small soft",
                 is_right ? "end" : "middle", mark->name);
        taken[row] = x + half + NAME_LETTER;
    }
}

/* Pay mostly rises, so above to the left and below to the right there is room. */
static void put_place(const struct sheet *sheet)
{
    const struct chart *chart = sheet->chart;
    if (!chart->has_place)
        return;
    double x = x_at(sheet, chart->place.x);
    double y = y_at(sheet, chart->place.y);
    double width = (double)strlen(chart->place.name) * (NAME_LETTER + 1);
    bool is_left = x - width - 11 > 4;
    put_line(sheet->out, "guide", x, y, x, sheet->top + sheet->height);
    buffer_printf(sheet->out, "<circle class=\"you\" cx=\"%.1f\" cy=\"%.1f\" r=\"6.5\"/>\n", x, y);
    put_text(sheet->out, is_left ? x - 11 : x + 11, is_left ? y - 9 : y + 20, "yours",
             is_left ? "end" : "start", chart->place.name);
}

static void put_lines(const struct sheet *sheet)
{
    put_grid(sheet);
    put_text(sheet->out, 20, sheet->top - marks_room(sheet->chart) + 8, "small", "start",
             sheet->chart->y.name);
    put_marks(sheet);
    for (size_t i = sheet->chart->series_count; i-- > 0;)
        put_series(sheet, i);
    put_place(sheet);
}

/* --- bars --- */

static double bar_x(const struct sheet *sheet, double pay)
{
    const struct chart_axis *axis = &sheet->chart->y;
    return sheet->left + (pay - axis->from) / (axis->to - axis->from) * sheet->width;
}

static void put_rect(const struct sheet *sheet, const char *class, double from, double to,
                     double top, double height)
{
    double left = bar_x(sheet, from < to ? from : to);
    double right = bar_x(sheet, from < to ? to : from);
    buffer_printf(sheet->out,
                  "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
                  "rx=\"2\"/>\n",
                  class, left, top, right - left, height);
}

static void put_bar(const struct sheet *sheet, size_t index)
{
    const struct chart_bar *bar = &sheet->chart->bars[index];
    double top = sheet->top + BAR_GAP + (double)index * (BAR + BAR_GAP);
    double end = bar_x(sheet, bar->to);
    bool is_inside = end + (double)strlen(bar->text) * NAME_LETTER + 8 > sheet->left + sheet->width;
    put_text(sheet->out, sheet->left - 10, top + 15, "small", "end", bar->name);
    put_rect(sheet, "bar", bar->from, bar->to, top, BAR);
    if (bar->has_late && bar->late > 0)
        put_rect(sheet, "late", bar->from, bar->from + bar->late, top + BAR - 6, 6);
    put_text(sheet->out, is_inside ? bar_x(sheet, bar->from) - 6 : end + 6, top + 15, "small",
             is_inside ? "end" : "start", bar->text);
}

static void put_bars(const struct sheet *sheet)
{
    const struct chart *chart = sheet->chart;
    double bottom = sheet->top + sheet->height;
    for (size_t i = 0; i < chart->y.tick_count; i++) {
        double x = bar_x(sheet, chart->y.ticks[i].at);
        put_line(sheet->out, "grid", x, sheet->top, x, bottom);
        put_text(sheet->out, x, bottom + 20, "small soft", "middle", chart->y.ticks[i].text);
    }
    put_line(sheet->out, "axis", sheet->left, sheet->top, sheet->left, bottom);
    put_text(sheet->out, sheet->left + sheet->width, bottom + 42, "small", "end", chart->y.name);
    for (size_t i = 0; i < chart->bar_count; i++)
        put_bar(sheet, i);
}

static double names_width(const struct chart *chart)
{
    size_t longest = 0;
    for (size_t i = 0; i < chart->bar_count; i++) {
        size_t length = strlen(chart->bars[i].name);
        longest = length > longest ? length : longest;
    }
    double width = (double)longest * NAME_LETTER + 30;
    double most = WIDTH / 2.0;
    return width > most ? most : width;
}

static void put_late(struct buffer *out, const struct chart *chart, double left, double y)
{
    bool adds = false;
    for (size_t i = 0; i < chart->bar_count; i++)
        adds |= chart->bars[i].has_late && chart->bars[i].late > 0;
    if (adds)
        buffer_printf(out,
                      "<rect class=\"late\" x=\"%.1f\" y=\"%.1f\" width=\"22\" height=\"6\"/>\n",
                      left, y - 6);
    put_text(out, adds ? left + 30 : left, y + 2, "small soft", "start",
             adds ? "what a phase adds that is late" : "A phase that is late adds nothing.");
}

/* --- the document --- */

static void put_chart(struct buffer *out, const struct chart *chart, double top)
{
    double left = chart->kind == CHART_LINES ? LEFT : names_width(chart);
    double legend = top + CHART_HEAD;
    struct sheet sheet = {
        .out = out,
        .chart = chart,
        .top = legend + (double)legend_rows(chart) * LEGEND_ROW + marks_room(chart),
        .left = left,
        .width = WIDTH - left - RIGHT,
        .height = plot_height(chart),
    };
    put_text(out, 20, top + 22, "title", "start", chart->title);
    put_text(out, 20, top + 42, "small soft", "start", chart->subtitle);
    if (chart->kind == CHART_LINES) {
        put_legend(&sheet, legend);
        put_lines(&sheet);
        return;
    }
    if (legend_rows(chart) > 0)
        put_late(out, chart, left, legend);
    put_bars(&sheet);
}

/* What a listener is told: each chart, and where it turns. */
static void append_description(struct buffer *out, const struct chart *chart)
{
    append_text(out, chart->title);
    buffer_printf(out, ": ");
    append_text(out, chart->y.name);
    if (chart->kind != CHART_LINES) {
        for (size_t i = 0; i < chart->bar_count; i++) {
            buffer_printf(out, "; ");
            append_text(out, chart->bars[i].name);
            buffer_printf(out, " ");
            append_text(out, chart->bars[i].text);
        }
    } else {
        buffer_printf(out, " over ");
        append_text(out, chart->x.name);
        for (size_t i = 0; i < chart->mark_count; i++) {
            buffer_printf(out, "; ");
            append_text(out, chart->marks[i].name);
        }
    }
    if (chart->has_place) {
        buffer_printf(out, "; ");
        append_text(out, chart->place.name);
    }
    buffer_printf(out, ". ");
}

void chart_svg(const struct chart *charts, size_t count, struct slice title, struct buffer *out)
{
    struct buffer name = {0};
    double height = HEAD;
    for (size_t i = 0; i < count; i++)
        height += chart_height(&charts[i]);
    buffer_append_slice(&name, title);
    buffer_append_byte(&name, '\0');
    buffer_printf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %.0f\" width=\"%d\" "
                  "height=\"%.0f\" role=\"img\" aria-labelledby=\"title desc\">\n<title "
                  "id=\"title\">",
                  WIDTH, height, WIDTH, height);
    append_text(out, name.bytes);
    buffer_printf(out, "</title>\n<desc id=\"desc\">");
    for (size_t i = 0; i < count; i++)
        append_description(out, &charts[i]);
    buffer_printf(out, "</desc>\n%s<rect class=\"paper\" width=\"%d\" height=\"%.0f\"/>\n", style,
                  WIDTH, height);
    put_text(out, 20, 34, "head", "start", name.bytes);
    double top = HEAD;
    for (size_t i = 0; i < count; i++) {
        put_chart(out, &charts[i], top);
        top += chart_height(&charts[i]);
    }
    buffer_printf(out, "</svg>\n");
    buffer_deinit(&name);
}
