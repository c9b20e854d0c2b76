#include <stdlib.h>

#include "engine/obvious_parts.h"

enum { CUTS_MAX = 128 };

/* "A window is valued by the highest version that is effective at its first day, or, where there is
 * none, the first that becomes effective in it." */
const struct obvious_plan *obvious_version(const struct obvious *all, struct slice plan,
                                           int32_t from, int32_t until)
{
    const struct obvious_plan *highest = NULL;
    const struct obvious_plan *first = NULL;
    for (size_t i = 0; i < all->plan_count; i++) {
        const struct obvious_plan *one = &all->plans[i];
        if (!slice_equal(one->name, plan))
            continue;
        if (one->from <= from && from < one->until && (!highest || one->version > highest->version))
            highest = one;
        if (one->from > from && one->from < until &&
            (!first || one->from < first->from ||
             (one->from == first->from && one->version > first->version)))
            first = one;
    }
    return highest ? highest : first;
}

/* --- parts of windows --- */

struct cuts {
    int32_t dates[CUTS_MAX];
    size_t count;
};

static int compare_dates(const void *a, const void *b)
{
    int32_t one = *(const int32_t *)a;
    int32_t other = *(const int32_t *)b;
    return one < other ? -1 : one > other;
}

static void cut(struct cuts *cuts, int32_t date, int32_t from, int32_t until)
{
    for (size_t i = 0; i < cuts->count; i++)
        if (cuts->dates[i] == date)
            return;
    if (date > from && date < until && cuts->count < CUTS_MAX)
        cuts->dates[cuts->count++] = date;
    qsort(cuts->dates, cuts->count, sizeof cuts->dates[0], compare_dates);
}

/* "a version may say `split-windows: yes` and so end windows where it begins." */
static void cut_at_versions(const struct obvious *all, struct slice plan,
                            const struct window_span *whole, struct cuts *cuts)
{
    for (size_t i = 0; i < all->plan_count; i++)
        if (slice_equal(all->plans[i].name, plan) &&
            obvious_flag(node_find(all->plans[i].root, "split-windows")))
            cut(cuts, all->plans[i].from, whole->from, whole->until);
}

/* "`mid-window`: when an assignment or goal changes inside a window": each assignment but the first
 * that touches the piece begins a part; days that nobody is assigned stay with the part before. */
static void cut_at_assignments(const struct obvious *all, const struct obvious_person *person,
                               struct slice plan, int32_t from, int32_t until, struct cuts *cuts)
{
    const struct assignment *touching[OBVIOUS_TOUCHING_MAX];
    const struct obvious_plan *version = obvious_version(all, plan, from, until);
    if (!version || !node_is(node_find(version->root, "mid-window"), "split"))
        return;
    size_t count = obvious_touching(person, plan, from, until, touching);
    for (size_t i = 1; i < count; i++)
        if (touching[i]->from > touching[0]->from)
            cut(cuts, touching[i]->from, from, until);
}

/* "`split` makes part-windows with ids `2026-Q1.1`, `2026-Q1.2`": numbered over all cuts. */
static void take_part(const struct obvious *all, const struct obvious_person *person,
                      struct slice plan, int32_t date, struct obvious_window *window)
{
    struct cuts pieces = {0};
    struct cuts cuts;
    int32_t from = window->whole.from;
    cut_at_versions(all, plan, &window->whole, &pieces);
    cuts = pieces;
    for (size_t i = 0; i <= pieces.count; i++) {
        int32_t until = i < pieces.count ? pieces.dates[i] : window->whole.until;
        cut_at_assignments(all, person, plan, from, until, &cuts);
        from = until;
    }
    if (cuts.count == 0)
        return;
    window->span.part = 1;
    window->span.until = cuts.dates[0];
    for (size_t i = 0; i < cuts.count && cuts.dates[i] <= date; i++) {
        window->span.part = (int32_t)i + 2;
        window->span.from = cuts.dates[i];
        window->span.until = i + 1 < cuts.count ? cuts.dates[i + 1] : window->whole.until;
    }
}

/* --- finding --- */

bool obvious_window_on(const struct obvious *all, const struct obvious_person *person,
                       const struct obvious_plan *plan, enum window_over over, int32_t date,
                       struct obvious_window *out)
{
    *out = (struct obvious_window){.over = over};
    if (window_containing(&plan->calendar, over, date, &out->whole))
        return false;
    out->span = out->whole;
    if (over != WINDOW_DEAL && over != WINDOW_LINE)
        take_part(all, person, plan->name, date, out);
    out->plan = obvious_version(all, plan->name, out->span.from, out->span.until);
    return true;
}

void obvious_window_await(const struct obvious *all, const struct node *component,
                          struct slice plan, struct obvious_window *window)
{
    enum obvious_of of = obvious_of(component);
    if (of == OF_MILESTONES || of == OF_PAYMENTS)
        window->plan = obvious_version(all, plan, window->span.from, INT32_MAX);
}

bool obvious_window_of(struct obvious *all, const struct obvious_person *person, struct slice plan,
                       struct slice name, int32_t date, const struct deal *deal,
                       const struct deal_line *line, struct obvious_window *out,
                       const struct node **out_component)
{
    for (size_t i = 0; i < all->plan_count; i++) {
        const struct obvious_plan *one = &all->plans[i];
        const struct node *component = obvious_component(one, name);
        enum window_over over;
        if (!slice_equal(one->name, plan) || !component ||
            !obvious_over(all, one, component, &over))
            continue;
        bool is_alone = over == WINDOW_DEAL || over == WINDOW_LINE;
        if ((is_alone && !deal) || (over == WINDOW_LINE && !line) ||
            !obvious_window_on(all, person, one, over, date, out))
            continue;
        if (is_alone)
            obvious_window_await(all, component, plan, out);
        if (out->plan != one)
            continue;
        out->deal = is_alone ? deal : NULL;
        out->line = over == WINDOW_LINE ? line : NULL;
        *out_component = component;
        return true;
    }
    return false;
}

bool obvious_same_window(const struct obvious_window *a, const struct obvious_window *b)
{
    if (a->over != b->over || a->line != b->line)
        return false;
    if (a->over == WINDOW_DEAL || a->over == WINDOW_LINE)
        return slice_equal(a->deal->deal_id, b->deal->deal_id);
    return a->span.from == b->span.from && a->span.until == b->span.until;
}

struct slice obvious_window_name(struct obvious *all, const struct obvious_window *window)
{
    struct buffer name = {0};
    char id[WINDOW_ID_BYTES];
    if (window->line)
        window_append_line_id(window->deal->deal_id, window->line->line_id, &name);
    else if (window->over == WINDOW_DEAL)
        window_append_deal_id(window->deal->deal_id, &name);
    else
        buffer_append(&name, id, window_id(&window->plan->calendar, &window->span, id));
    struct slice copy = arena_copy(all->arena, buffer_slice(&name));
    buffer_deinit(&name);
    if (!copy.bytes)
        all->status = STATUS_EXHAUSTED;
    return copy;
}

bool obvious_over(struct obvious *all, const struct obvious_plan *plan,
                  const struct node *component, enum window_over *out)
{
    const struct node *over = node_find(component, "over");
    if (over && !window_over_find(over->text, out))
        return true;
    (void)obvious_refuse(all, plan, component, "a window that is not known here");
    return false;
}
