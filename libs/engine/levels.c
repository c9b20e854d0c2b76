#include "engine/levels.h"

static bool is_assigned_throughout(const struct book *book, uint32_t plan,
                                   const struct window_span *month)
{
    for (size_t i = 0; i < book->assignment_count; i++) {
        const struct book_assignment *one = &book->assignments[i];
        if (one->plan == plan && one->from <= month->from && one->until >= month->until)
            return true;
    }
    return false;
}

int32_t level_months(const struct book *book, const struct plan_version *version, int32_t from,
                     int32_t until, int32_t date)
{
    int32_t end = until < date ? until : date;
    int32_t months = 0;
    struct window_span month;
    for (int32_t day = from; day < end; day = month.until) {
        if (window_containing(&version->plan->calendar, WINDOW_MONTH, day, &month) ||
            month.until > end)
            break;
        months +=
            month.from >= from && is_assigned_throughout(book, version->series->number, &month);
    }
    return months;
}

/* --- the keys that months come to --- */

static enum status place_windows(const struct tally *tally, const struct plan_version *version,
                                 size_t index, int32_t from, int32_t end, char *detail)
{
    const struct plan *plan = version->plan;
    bool is_whole = plan->components[index].over == WINDOW_PLAN;
    struct assigned assigned = book_assigned(tally->book);
    int32_t day = is_whole && from < plan->from ? plan->from : from;
    enum status status = STATUS_OK;
    while (!status && day < end) {
        struct window_memory window;
        uint32_t place;
        bool is_valued = version_window(version, index, day, assigned, tally->names, &window);
        if (is_valued && level_months(tally->book, version, window.from, window.until, end) > 0)
            status = tally_place(tally, version, index, &window, &place, detail);
        day = window.until > day ? window.until : end;
    }
    return status;
}

static enum status place_version(const struct tally *tally, const struct plan_version *version,
                                 int32_t from, int32_t end, char *detail)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < version->plan->component_count; i++) {
        if (version->plan->components[i].needs & NEEDS_MONTHS)
            status = place_windows(tally, version, i, from, end, detail);
    }
    return status;
}

enum status levels_place(const struct tally *tally, int32_t date, char *detail)
{
    for (size_t i = 0; i < tally->book->assignment_count; i++) {
        const struct book_assignment *assignment = &tally->book->assignments[i];
        const struct plan_series *series = assignment->series;
        int32_t end = assignment->until < date ? assignment->until : date;
        if (!series || !series->moves_with_date)
            continue;
        for (size_t v = 0; v < series->count; v++) {
            enum status status =
                place_version(tally, series->versions[v], assignment->from, end, detail);
            if (status)
                return status;
        }
    }
    return STATUS_OK;
}
