#include <math.h>
#include <stdio.h>
#include <string.h>

#include "milepost/chart.h"

enum { TICKS_WANTED = 6 };

/* 1, 2, 2.5 or 5 times a power of ten. */
static double round_step(double width)
{
    static const double steps[] = {1, 2, 2.5, 5, 10};
    double power = pow(10, floor(log10(width)));
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (power * steps[i] >= width * 0.999)
            return power * steps[i];
    }
    return power * 10;
}

/* Digits with commas; `text` is a number as printf writes it. */
static void group(const char *text, char out[CHART_TEXT_BYTES])
{
    const char *point = strchr(text, '.');
    size_t length = strlen(text);
    size_t whole = point ? (size_t)(point - text) : length;
    size_t at = 0;
    for (size_t i = 0; i < length && at + 2 < CHART_TEXT_BYTES; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0 && text[i - 1] != '-')
            out[at++] = ',';
        out[at++] = text[i];
    }
    out[at] = '\0';
}

static void plain(double value, int places, char out[CHART_TEXT_BYTES])
{
    char text[CHART_TEXT_BYTES];
    (void)snprintf(text, sizeof text, "%.*f", places, value);
    char *end = text + strlen(text);
    while (end > text && end[-1] == '0')
        *--end = '\0';
    if (end > text && end[-1] == '.')
        *--end = '\0';
    group(strcmp(text, "-0") == 0 ? "0" : text, out);
}

static void figure(const struct chart_axis *axis, double value, int places,
                   char out[CHART_TEXT_BYTES])
{
    char text[CHART_TEXT_BYTES];
    plain(axis->is_share ? value * 100 : value, places, text);
    (void)snprintf(out, CHART_TEXT_BYTES, "%.80s%s", text, axis->is_share ? " %" : "");
}

void chart_figure(const struct chart_axis *axis, double value, char out[CHART_TEXT_BYTES])
{
    figure(axis, value, 2, out);
}

void chart_axis_ticks(struct chart_axis *axis)
{
    double width = axis->to - axis->from;
    if (!(width > 0)) {
        axis->to = axis->from + (axis->is_share ? 1 : 100);
        width = axis->to - axis->from;
    }
    double step = round_step(width / TICKS_WANTED);
    if (axis->is_whole && step < 1)
        step = 1;
    axis->from = floor(axis->from / step + 1e-9) * step;
    axis->to = ceil(axis->to / step - 1e-9) * step;
    axis->tick_count = 0;
    for (double at = axis->from; at < axis->to + step / 2 && axis->tick_count < CHART_TICKS_MAX;
         at += step) {
        struct chart_tick *tick = &axis->ticks[axis->tick_count++];
        tick->at = fabs(at) < step / 1000 ? 0 : at;
        figure(axis, tick->at, 9, tick->text);
    }
}
