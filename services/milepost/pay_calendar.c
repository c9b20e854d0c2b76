#include "milepost/pay_calendar.h"

#include <stdio.h>

#include "plan/control_file.h"

enum { ARENA_BYTES_MAX = 64 * 1024 * 1024 };

static enum status read_groups(struct pay_calendar *calendar, const struct standing *standing,
                               char *detail)
{
    struct reports reports;
    const struct control *control =
        standing_control(standing, SLICE("pay-groups"), slice_of(CONTROL_SECTION_ID));
    if (!control)
        return STATUS_OK;
    reports_init(&reports, &calendar->arena);
    if (!pay_groups_read(control->document, &calendar->arena, &reports, &calendar->groups))
        return STATUS_OK;
    (void)snprintf(detail, DETAIL_BYTES, "the pay groups in control cannot be read");
    return STATUS_CORRUPT;
}

static bool find_earliest(const struct standing *standing, struct slice participant, int32_t *out)
{
    const struct roster *roster = standing_roster(standing, participant, SLICE("assignments"));
    const struct assignment *assignments = roster ? roster->assignments.items : NULL;
    for (size_t i = 0; roster && i < roster->assignments.count; i++) {
        if (i == 0 || assignments[i].from < *out)
            *out = assignments[i].from;
    }
    return roster && roster->assignments.count > 0;
}

/* A first day for each group, as a period that is not yet a whole one. */
static void note_assigned(struct pay_calendar *calendar, const struct standing *standing,
                          const struct roster *profile)
{
    const struct pay_group *group = pay_group_find(&calendar->groups, profile->pay_group);
    int32_t from;
    if (!group || group->has_open || !find_earliest(standing, profile->participant, &from))
        return;
    struct pay_period *first = &calendar->first[group - calendar->groups.items];
    if (first->from == first->until || from < first->from)
        *first = pay_period_of(group, from);
}

enum status pay_calendar_read(struct pay_calendar *calendar, const struct standing *standing,
                              char *detail)
{
    *calendar = (struct pay_calendar){0};
    arena_init_growing(&calendar->arena, ARENA_BYTES_MAX);
    enum status status = read_groups(calendar, standing, detail);
    if (status)
        return status;
    const struct pay_groups *groups = &calendar->groups;
    calendar->first = arena_take_array(&calendar->arena, groups->count, sizeof *calendar->first);
    if (!calendar->first)
        return STATUS_EXHAUSTED;
    for (size_t i = 0; i < groups->count; i++) {
        calendar->first[i] = (struct pay_period){0};
        if (groups->items[i].has_open)
            calendar->first[i] = pay_period_of(&groups->items[i], groups->items[i].open);
    }
    for (size_t i = 0; i < standing->roster_count; i++) {
        if (slice_equal(standing->rosters[i].aspect, SLICE("profile")))
            note_assigned(calendar, standing, &standing->rosters[i]);
    }
    return STATUS_OK;
}

void pay_calendar_deinit(struct pay_calendar *calendar)
{
    arena_deinit(&calendar->arena);
    *calendar = (struct pay_calendar){0};
}

static bool has_periods(const struct pay_period *first)
{
    return first->from < first->until;
}

bool pay_calendar_open(const struct pay_calendar *calendar, struct slice group, int32_t date,
                       struct pay_period *out)
{
    const struct pay_group *found = pay_group_find(&calendar->groups, group);
    const struct pay_period *first =
        found ? &calendar->first[found - calendar->groups.items] : NULL;
    if (!found || !has_periods(first))
        return false;
    *out = date < first->until ? *first : pay_period_of(found, date);
    return true;
}

bool pay_calendar_next(const struct pay_calendar *calendar, int32_t date, int32_t *out)
{
    bool found = false;
    for (size_t i = 0; i < calendar->groups.count; i++) {
        struct pay_period period = calendar->first[i];
        if (!has_periods(&period))
            continue;
        if (date >= period.until)
            period = pay_period_of(&calendar->groups.items[i], date);
        if (!found || period.until < *out)
            *out = period.until;
        found = true;
    }
    return found;
}
