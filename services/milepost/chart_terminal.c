#include "milepost/chart_terminal.h"

#include "milepost/plan_words.h"

#include <math.h>
#include <stdlib.h>
#include <strings.h>

enum {
    ROWS = 16, /* lines of the plot */
    COLUMNS_MAX = 120,
    LABEL_MAX = 14, /* columns of the figures beside it */
    NAME_MAX = 28,
    BAR_LEAST = 10,  /* columns that a full bar has on the narrowest terminal */
    DOTS_ACROSS = 2, /* of a braille character */
    DOTS_DOWN = 4,
};

/* The plot as dots, and whose each character is. */
struct canvas {
    const struct chart *chart;
    const struct chart_terminal *terminal;
    int columns;
    unsigned char dots[ROWS][COLUMNS_MAX]; /* bits as braille numbers them */
    signed char series[ROWS][COLUMNS_MAX]; /* 1 …; 0: nobody's */
    bool is_place[ROWS][COLUMNS_MAX];
};

static const enum colour colours[] = {COLOUR_GREEN, COLOUR_YELLOW, COLOUR_RED, COLOUR_BOLD};
enum { COLOURS = sizeof colours / sizeof colours[0] };

bool terminal_is_ascii(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *locale = getenv(names[i]);
        if (!locale || !locale[0])
            continue;
        const char *set = strchr(locale, '.');
        return !set || (strcasecmp(set, ".utf-8") != 0 && strcasecmp(set, ".utf8") != 0);
    }
    return true;
}

/* --- dots --- */

static void put_dot(struct canvas *canvas, int x, int y, size_t series)
{
    static const unsigned char bits[DOTS_DOWN][DOTS_ACROSS] = {
        {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    int column = x / DOTS_ACROSS;
    int row = y / DOTS_DOWN;
    if (x < 0 || y < 0 || column >= canvas->columns || row >= ROWS)
        return;
    canvas->dots[row][column] |= bits[y % DOTS_DOWN][x % DOTS_ACROSS];
    if (canvas->series[row][column] == 0)
        canvas->series[row][column] = (signed char)(series + 1);
}

static double dot_x(const struct canvas *canvas, double x)
{
    const struct chart_axis *axis = &canvas->chart->x;
    return (x - axis->from) / (axis->to - axis->from) * (canvas->columns * DOTS_ACROSS - 1);
}

static double dot_y(const struct canvas *canvas, double y)
{
    const struct chart_axis *axis = &canvas->chart->y;
    return (1 - (y - axis->from) / (axis->to - axis->from)) * (ROWS * DOTS_DOWN - 1);
}

static void put_line(struct canvas *canvas, const struct chart_point *from,
                     const struct chart_point *to, size_t series)
{
    double x0 = dot_x(canvas, from->x);
    double y0 = dot_y(canvas, from->y);
    double x1 = dot_x(canvas, to->x);
    double y1 = dot_y(canvas, to->y);
    int steps = (int)fmax(fabs(x1 - x0), fabs(y1 - y0)) + 1;
    /* a jump is dotted */
    int stride = to->is_jump ? 3 : 1;
    for (int i = 0; i <= steps; i += stride) {
        double part = (double)i / steps;
        put_dot(canvas, (int)lround(x0 + (x1 - x0) * part), (int)lround(y0 + (y1 - y0) * part),
                series);
    }
}

static void put_lines(struct canvas *canvas)
{
    const struct chart *chart = canvas->chart;
    for (size_t s = 0; s < chart->series_count; s++) {
        const struct chart_series *series = &chart->series[s];
        for (size_t i = 1; i < series->count; i++)
            put_line(canvas, &series->points[i - 1], &series->points[i], s);
    }
    if (!chart->has_place)
        return;
    int column = (int)lround(dot_x(canvas, chart->place.x)) / DOTS_ACROSS;
    int row = (int)lround(dot_y(canvas, chart->place.y)) / DOTS_DOWN;
    if (column >= 0 && column < canvas->columns && row >= 0 && row < ROWS)
        canvas->is_place[row][column] = true;
}

/* --- characters --- */

static void append_cell(const struct canvas *canvas, int row, int column, struct buffer *out)
{
    static const char plain[] = {'*', 'o', '+', 'x', '#', '%'};
    const struct console *console = canvas->terminal->console;
    bool is_ascii = canvas->terminal->is_ascii;
    unsigned char dots = canvas->dots[row][column];
    if (canvas->is_place[row][column]) {
        buffer_printf(out, "%s%s%s", console_colour(console, COLOUR_BOLD), is_ascii ? "@" : "◆",
                      console_plain(console));
        return;
    }
    if (dots == 0) {
        buffer_append_byte(out, ' ');
        return;
    }
    size_t series = (size_t)canvas->series[row][column] - 1;
    buffer_printf(out, "%s", console_colour(console, colours[series % COLOURS]));
    if (is_ascii)
        buffer_append_byte(out, plain[series % sizeof plain]);
    else
        buffer_printf(out, "\xe2%c%c", 0xa0 + (dots >> 6), 0x80 + (dots & 0x3f));
    buffer_printf(out, "%s", console_plain(console));
}

static int columns_of(const char *text)
{
    return (int)console_columns(slice_of(text));
}

static void append_padded(struct buffer *out, const char *text, int width, bool is_right)
{
    int pad = width - columns_of(text);
    if (is_right)
        buffer_printf(out, "%*s%s", pad > 0 ? pad : 0, "", text);
    else
        buffer_printf(out, "%s%*s", text, pad > 0 ? pad : 0, "");
}

/* The tick beside a line of the plot, or nothing. */
static const char *tick_at(const struct canvas *canvas, int row)
{
    const struct chart_axis *axis = &canvas->chart->y;
    for (size_t i = 0; i < axis->tick_count; i++) {
        if ((int)lround(dot_y(canvas, axis->ticks[i].at)) / DOTS_DOWN == row)
            return axis->ticks[i].text;
    }
    return "";
}

static int label_width(const struct chart *chart)
{
    int width = 0;
    for (size_t i = 0; i < chart->y.tick_count; i++) {
        int columns = columns_of(chart->y.ticks[i].text);
        width = columns > width ? columns : width;
    }
    return width < LABEL_MAX ? width : LABEL_MAX;
}

/* --- axes --- */

static void append_x_axis(const struct canvas *canvas, int label, struct buffer *out)
{
    const struct chart *chart = canvas->chart;
    bool is_ascii = canvas->terminal->is_ascii;
    int at = 0;
    buffer_printf(out, "%*s %s", label, "", is_ascii ? "+" : "└");
    for (int i = 0; i < canvas->columns; i++)
        buffer_printf(out, "%s", is_ascii ? "-" : "─");
    buffer_printf(out, "\n%*s  ", label, "");
    for (size_t i = 0; i < chart->x.tick_count; i++) {
        const char *text = chart->x.ticks[i].text;
        int columns = columns_of(text);
        int centre = (int)lround(dot_x(canvas, chart->x.ticks[i].at)) / DOTS_ACROSS;
        int start = i == 0 ? 0 : centre - columns / 2;
        if (start + columns > canvas->columns)
            start = canvas->columns - columns;
        if (start < at + (at > 0))
            continue;
        buffer_printf(out, "%*s%s", start - at, "", text);
        at = start + columns;
    }
    int pad = canvas->columns - columns_of(chart->x.name);
    buffer_printf(out, "\n%*s  %*s%s\n", label, "", pad > 0 ? pad : 0, "", chart->x.name);
}

static void append_legend(const struct canvas *canvas, struct buffer *out)
{
    static const char plain[] = {'*', 'o', '+', 'x', '#', '%'};
    const struct chart *chart = canvas->chart;
    const struct console *console = canvas->terminal->console;
    for (size_t i = 0; i < chart->series_count && chart->series_count > 1; i++) {
        buffer_printf(out, "  %s", console_colour(console, colours[i % COLOURS]));
        if (canvas->terminal->is_ascii)
            buffer_append_byte(out, plain[i % sizeof plain]);
        else
            buffer_printf(out, "⠤⠤");
        buffer_printf(out, "%s ", console_plain(console));
        append_wrapped(out, slice_of(chart->series[i].name), canvas->terminal->width, 5, 5);
    }
    for (size_t i = 0; i < chart->mark_count; i++) {
        char x[CHART_TEXT_BYTES];
        char y[CHART_TEXT_BYTES];
        chart_figure(&chart->x, chart->marks[i].x, x);
        chart_figure(&chart->y, chart->marks[i].y, y);
        buffer_printf(out, "  %s: at %s, pays %s\n", chart->marks[i].name, x, y);
    }
    if (chart->has_place)
        buffer_printf(out, "  %s%s%s %s\n", console_colour(console, COLOUR_BOLD),
                      canvas->terminal->is_ascii ? "@" : "◆", console_plain(console),
                      chart->place.name);
}

static void draw_lines(struct canvas *canvas, struct buffer *out)
{
    const struct chart *chart = canvas->chart;
    int label = label_width(chart);
    bool is_ascii = canvas->terminal->is_ascii;
    canvas->columns = canvas->terminal->width - label - 3;
    if (canvas->columns > COLUMNS_MAX)
        canvas->columns = COLUMNS_MAX;
    put_lines(canvas);
    buffer_printf(out, "  %s\n", chart->y.name);
    for (int row = 0; row < ROWS; row++) {
        append_padded(out, tick_at(canvas, row), label, true);
        buffer_printf(out, " %s", is_ascii ? "|" : tick_at(canvas, row)[0] ? "┤" : "│");
        int last = canvas->columns - 1;
        while (last >= 0 && !canvas->dots[row][last] && !canvas->is_place[row][last])
            last--;
        for (int column = 0; column <= last; column++)
            append_cell(canvas, row, column, out);
        buffer_append_byte(out, '\n');
    }
    append_x_axis(canvas, label, out);
    append_legend(canvas, out);
}

/* --- bars --- */

static int name_width(const struct canvas *canvas)
{
    const struct chart *chart = canvas->chart;
    int room = canvas->terminal->width - 3 - LABEL_MAX - BAR_LEAST;
    int width = 0;
    for (size_t i = 0; i < chart->bar_count; i++) {
        int columns = columns_of(chart->bars[i].name);
        width = columns > width ? columns : width;
    }
    int most = room < NAME_MAX ? room : NAME_MAX;
    return width < most ? width : most;
}

/* Whole names, or as much of them as there is room for. */
static void append_name(const struct canvas *canvas, const char *name, int width,
                        struct buffer *out)
{
    if (columns_of(name) <= width) {
        append_padded(out, name, width, false);
        return;
    }
    buffer_append_slice(out, console_cut(slice_of(name), (size_t)width - 1));
    buffer_printf(out, "%s", canvas->terminal->is_ascii ? "~" : "…");
}

static void append_run(struct buffer *out, const char *what, int count)
{
    for (int i = 0; i < count; i++)
        buffer_printf(out, "%s", what);
}

static void draw_bars(struct canvas *canvas, struct buffer *out)
{
    const struct chart *chart = canvas->chart;
    const struct console *console = canvas->terminal->console;
    int names = name_width(canvas);
    int room = canvas->terminal->width - names - 3 - LABEL_MAX;
    double scale = room / (chart->y.to - chart->y.from);
    buffer_printf(out, "  %s\n", chart->y.name);
    for (size_t i = 0; i < chart->bar_count; i++) {
        const struct chart_bar *bar = &chart->bars[i];
        int from = (int)lround((bar->from - chart->y.from) * scale);
        int to = (int)lround((bar->to - chart->y.from) * scale);
        append_name(canvas, bar->name, names, out);
        buffer_printf(out, " %s%*s%s", canvas->terminal->is_ascii ? "|" : "│", from, "",
                      console_colour(console, COLOUR_GREEN));
        append_run(out, canvas->terminal->is_ascii ? "#" : "█", to > from ? to - from : 0);
        buffer_printf(out, "%s %s\n", console_plain(console), bar->text);
    }
}

/* --- all of it --- */

void chart_terminal_draw(const struct chart *chart, const struct chart_terminal *terminal,
                         struct buffer *out)
{
    struct canvas canvas = {.chart = chart, .terminal = terminal};
    buffer_printf(out, "%s%s%s\n", console_colour(terminal->console, COLOUR_BOLD), chart->title,
                  console_plain(terminal->console));
    append_wrapped(out, slice_of(chart->subtitle), terminal->width, 2, 0);
    if (chart->kind == CHART_LINES)
        draw_lines(&canvas, out);
    else
        draw_bars(&canvas, out);
}
