/* Charts on a terminal: dots of braille, or plain characters where the locale knows no others. */
#ifndef MILEPOST_MILEPOST_CHART_TERMINAL_H
#define MILEPOST_MILEPOST_CHART_TERMINAL_H

#include "base/buffer.h"
#include "milepost/chart.h"
#include "milepost/console.h"

struct chart_terminal {
    const struct console *console; /* colours */
    int width;                     /* columns */
    bool is_ascii;
};

/* Whether the locale's characters are others than UTF-8. */
bool terminal_is_ascii(void);

/* Appends the chart as lines of text, none wider than the terminal. */
void chart_terminal_draw(const struct chart *chart, const struct chart_terminal *terminal,
                         struct buffer *out);

#endif
