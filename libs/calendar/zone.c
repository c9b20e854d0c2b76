#include "calendar/zone.h"

#include <assert.h>

bool zone_is_valid(struct zone zone)
{
    for (size_t i = 0; i < zone.count; i++) {
        int32_t offset_s = zone.changes[i].offset_s;
        if (offset_s < -ZONE_OFFSET_S_MAX || offset_s > ZONE_OFFSET_S_MAX)
            return false;
        if (i > 0 && zone.changes[i].at_ms <= zone.changes[i - 1].at_ms)
            return false;
    }
    return true;
}

/* The row in force at an instant; needs rows. */
static size_t row_at(struct zone zone, int64_t at_ms)
{
    size_t low = 0;
    size_t high = zone.count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone.changes[middle].at_ms <= at_ms)
            low = middle;
        else
            high = middle;
    }
    return low;
}

int32_t zone_offset_s(struct zone zone, int64_t at_ms)
{
    return zone.count == 0 ? 0 : zone.changes[row_at(zone, at_ms)].offset_s;
}

enum status zone_date_at(struct zone zone, int64_t at_ms, int32_t *out_date)
{
    if (at_ms < (DATE_MIN - 2) * DAY_MS || at_ms > (DATE_MAX + 2) * DAY_MS)
        return STATUS_OUT_OF_RANGE;
    int64_t local_ms = at_ms + zone_offset_s(zone, at_ms) * INT64_C(1000);
    int64_t date = local_ms / DAY_MS - (local_ms % DAY_MS < 0);
    if (date < DATE_MIN || date > DATE_MAX)
        return STATUS_OUT_OF_RANGE;
    *out_date = (int32_t)date;
    return STATUS_OK;
}

int64_t zone_day_start(struct zone zone, int32_t date)
{
    int64_t midnight_ms = date * DAY_MS;
    if (zone.count == 0)
        return midnight_ms;
    size_t row = row_at(zone, midnight_ms - ZONE_OFFSET_S_MAX * INT64_C(1000));
    for (;; row++) {
        const struct zone_change *change = &zone.changes[row];
        int64_t start_ms = midnight_ms - change->offset_s * INT64_C(1000);
        if (row > 0 && start_ms < change->at_ms)
            start_ms = change->at_ms; /* midnight was skipped at this change */
        if (row + 1 == zone.count || start_ms < zone.changes[row + 1].at_ms)
            return start_ms;
    }
}
