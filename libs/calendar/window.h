/* The windows that `over` names: which one a date lies in, what it is called, which come next.
 *
 * All windows but `plan` are whole months of the calendar (calendar.h) and nest: a month lies in
 * one quarter, a quarter in one half. A year, and its quarters and halves, are named after the
 * calendar year its first day lies in (by weeks: as calendar.h says). Quarters and halves are
 * counted within that year: with `year-starts: 02-01`, `2026-Q4` is November 2026 to January 2027.
 * A month is named `2026-03` after the calendar month where months begin on the 1st; otherwise the
 * two digits count within the year: with `year-starts: 04-06`, `2026-01` is 6 April to 5 May 2026.
 *
 * Finding a window takes constant time and no memory. */
#ifndef MILEPOST_CALENDAR_WINDOW_H
#define MILEPOST_CALENDAR_WINDOW_H

#include "base/buffer.h"
#include "calendar/calendar.h"

/* symbol, name in plans, windows in a year (0: not a part of one) */
#define WINDOW_LIST(ROW)                                                                           \
    ROW(WINDOW_LINE, "line", 0)                                                                    \
    ROW(WINDOW_DEAL, "deal", 0)                                                                    \
    ROW(WINDOW_MONTH, "month", 12)                                                                 \
    ROW(WINDOW_QUARTER, "quarter", 4)                                                              \
    ROW(WINDOW_HALF, "half", 2)                                                                    \
    ROW(WINDOW_YEAR, "year", 1)                                                                    \
    ROW(WINDOW_PLAN, "plan", 0)

#define WINDOW_SYMBOL(symbol, name, count) symbol,
enum window_over { WINDOW_LIST(WINDOW_SYMBOL) WINDOW_OVER_COUNT };
#undef WINDOW_SYMBOL

/* One window. `year` and `index` are 0 where they mean nothing (line, deal; plan). */
struct window_span {
    enum window_over over;
    int32_t year;  /* its name */
    int32_t index; /* within the year: month 1 … 12, quarter 1 … 4, half 1 … 2, year 1 */
    int32_t part;  /* 0 whole; 1, 2 … the parts that `mid-window: split` makes */
    int32_t from;
    int32_t until; /* exclusive */
};

enum { WINDOW_ID_BYTES = 32 };

/* The name of `over` as plans write it; borrowed for ever. */
const char *window_over_name(enum window_over over);

/* The kind of window called `name`; STATUS_INVALID when there is none. */
enum status window_over_find(struct slice name, enum window_over *out) MUST_CHECK;

/* Windows of this kind in a year: 12, 4, 2, 1; 0 for line, deal and plan. */
int32_t window_count_in_year(enum window_over over);

/* The window that `date` lies in. For line and deal that is the day itself, for `plan` the whole
 * range. STATUS_OUT_OF_RANGE when the date or the window is not within the valid dates, or the date
 * not in the plan's range. */
enum status window_containing(const struct calendar *calendar, enum window_over over, int32_t date,
                              struct window_span *out) MUST_CHECK;

/* The window number `index` of year `year`, for month to year; `index` may be any number: 13 is the
 * first month of the next year, 0 the last of the previous one. STATUS_OUT_OF_RANGE as above. */
enum status window_at(const struct calendar *calendar, enum window_over over, int32_t year,
                      int32_t index, struct window_span *out) MUST_CHECK;

/* The window called `2026-03`, `2026-Q1`, `2026-H1`, `2026` or `plan`. STATUS_INVALID for any other
 * text (ids of deals, lines and parts too), STATUS_OUT_OF_RANGE as above. */
enum status window_by_id(const struct calendar *calendar, struct slice id,
                         struct window_span *out) MUST_CHECK;

/* The id of a window other than line and deal, such as `2026-Q1`, `2026-Q1.2` for a part. Returns
 * its length. */
size_t window_id(const struct calendar *calendar, const struct window_span *span,
                 char out[WINDOW_ID_BYTES]);

/* Append `deal:D-1` and `line:D-1/1`. */
void window_append_deal_id(struct slice deal_id, struct buffer *out);
void window_append_line_id(struct slice deal_id, struct slice line_id, struct buffer *out);

/* The window `count` after this one (before it, if negative). False, with `out` untouched, where
 * there is none: past the valid dates, and for line, deal and plan always. */
bool window_shift(const struct calendar *calendar, const struct window_span *span, int32_t count,
                  struct window_span *out);
bool window_next(const struct calendar *calendar, const struct window_span *span,
                 struct window_span *out);
bool window_previous(const struct calendar *calendar, const struct window_span *span,
                     struct window_span *out);

/* The same window of the year before: same kind, same index. False as above. */
bool window_last_year(const struct calendar *calendar, const struct window_span *span,
                      struct window_span *out);

/* The larger window of kind `over` that this one begins in. STATUS_OUT_OF_RANGE as
 * window_containing. */
enum status window_enclosing(const struct calendar *calendar, const struct window_span *span,
                             enum window_over over, struct window_span *out) MUST_CHECK;

/* The end (exclusive) of month `number` (1 …) counted from the window's start: `by: end of month
 * 2`. A window that begins with a month of the calendar counts the calendar's months, any other one
 * months from its first day. STATUS_OUT_OF_RANGE past the valid dates. */
enum status window_month_until(const struct calendar *calendar, const struct window_span *span,
                               int32_t number, int32_t *out_until) MUST_CHECK;

/* A window as one integer, for maps and sorting: by kind, then by first day. Not for the wire. */
static inline int64_t window_key(enum window_over over, int32_t from)
{
    return ((int64_t)over << 32) | (uint32_t)(from - DATE_MIN);
}

/* Whether `date` lies in the span: to try the last window again before window_containing. */
static inline bool window_holds(const struct window_span *span, int32_t date)
{
    return date >= span->from && date < span->until;
}

/* Days in both [from, until) and the span. */
static inline int32_t window_days_within(const struct window_span *span, int32_t from,
                                         int32_t until)
{
    int32_t first = from > span->from ? from : span->from;
    int32_t last = until < span->until ? until : span->until;
    return last > first ? last - first : 0;
}

#endif
