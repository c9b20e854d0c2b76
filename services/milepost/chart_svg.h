/* Charts as SVG: a file that stands alone, light or dark as the reader's screen is, with a title
 * and a description for those who hear it. The same charts give the same bytes. */
#ifndef MILEPOST_MILEPOST_CHART_SVG_H
#define MILEPOST_MILEPOST_CHART_SVG_H

#include "base/buffer.h"
#include "milepost/chart.h"

/* Appends a document with the charts one below the other, under the plan's title. */
void chart_svg(const struct chart *charts, size_t count, struct slice title, struct buffer *out);

#endif
