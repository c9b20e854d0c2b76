#include "engine/window_parts.h"

static bool touches(const struct book_assignment *one, const struct plan_series *series,
                    int32_t from, int32_t until)
{
    return one->plan == series->number && one->from < one->until && one->from < until &&
           one->until > from;
}

/* The days around `date` that no version's beginning divides. */
static void piece_around(const struct plan_series *series, const struct window_span *whole,
                         int32_t date, int32_t *out_from, int32_t *out_until)
{
    *out_from = whole->from;
    *out_until = whole->until;
    for (size_t i = 0; i < series->count; i++) {
        const struct plan *plan = series->versions[i]->plan;
        if (!plan->splits_windows)
            continue;
        if (plan->from <= date && plan->from > *out_from)
            *out_from = plan->from;
        if (plan->from > date && plan->from < *out_until)
            *out_until = plan->from;
    }
}

/* The first day behind `date`, and before `until`, on which an assignment begins a part of the
 * piece; `until` where none does. */
static int32_t next_assignment(const struct plan_series *series, int32_t from, int32_t until,
                               int32_t date, struct assigned assigned)
{
    int32_t first = until;
    int32_t next = until;
    for (size_t i = 0; i < assigned.count; i++) {
        const struct book_assignment *one = &assigned.items[i];
        if (touches(one, series, from, until) && one->from < first)
            first = one->from;
    }
    for (size_t i = 0; i < assigned.count; i++) {
        const struct book_assignment *one = &assigned.items[i];
        if (touches(one, series, from, until) && one->from > date && one->from > first &&
            one->from < next)
            next = one->from;
    }
    return next;
}

/* The first day behind `date` that is not in its part any more. */
static int32_t part_until(const struct plan_series *series, const struct window_span *whole,
                          int32_t date, struct assigned assigned)
{
    int32_t from;
    int32_t until;
    piece_around(series, whole, date, &from, &until);
    const struct plan_version *version = series_version(series, from, until);
    if (!version || version->plan->mid_window != MID_WINDOW_SPLIT)
        return until;
    return next_assignment(series, from, until, date, assigned);
}

struct window_span window_part_on(const struct plan_series *series, const struct window_span *whole,
                                  int32_t date, struct assigned assigned)
{
    struct window_span part = *whole;
    if (whole->over == WINDOW_DEAL || whole->over == WINDOW_LINE)
        return part;
    part.part = 1;
    part.until = part_until(series, whole, part.from, assigned);
    while (part.until <= date) {
        part.part++;
        part.from = part.until;
        part.until = part_until(series, whole, part.from, assigned);
    }
    if (part.from == whole->from && part.until == whole->until)
        part.part = 0;
    return part;
}

int32_t window_id_part(struct slice *id)
{
    size_t at = id->length;
    int32_t number = 0;
    int32_t place = 1;
    for (; at > 0 && id->bytes[at - 1] >= '0' && id->bytes[at - 1] <= '9' && place < 1000000;
         at--) {
        number += (id->bytes[at - 1] - '0') * place;
        place *= 10;
    }
    if (at == 0 || at == id->length || id->bytes[at - 1] != '.')
        return 0;
    id->length = at - 1;
    return number;
}
