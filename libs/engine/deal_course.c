#include "engine/deal_course.h"

#include "engine/milestone_credits.h"

#include <stdlib.h>

static int by_receipt(const void *a, const void *b)
{
    const struct cash *first = a;
    const struct cash *second = b;
    if (first->received_at != second->received_at)
        return first->received_at < second->received_at ? -1 : 1;
    return slice_compare(first->payment_id, second->payment_id);
}

enum status course_cash(const struct payment_row *payments, size_t count, struct slice currency,
                        struct arena *scratch, struct list *out)
{
    struct cash *items = arena_take_array(scratch, count, sizeof *items);
    size_t kept = 0;
    if (!items)
        return STATUS_EXHAUSTED;
    for (size_t i = 0; i < count; i++) {
        const struct payment *payment = &payments[i].payment;
        bool is_same = slice_equal(payment->currency, currency);
        if (payment->amount.units != 0)
            items[kept++] = (struct cash){payment->payment_id, payment->received_at,
                                          payment->amount, is_same ? SLICE("") : payment->currency};
    }
    if (kept > 1)
        qsort(items, kept, sizeof *items, by_receipt);
    *out = (struct list){kept ? items : NULL, kept};
    return STATUS_OK;
}

static bool has_name(const struct reached *items, size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++) {
        if (slice_equal(items[i].milestone, name))
            return true;
    }
    return false;
}

static int by_reaching(const void *a, const void *b)
{
    const struct reached *first = a;
    const struct reached *second = b;
    if (first->reached_at != second->reached_at)
        return first->reached_at < second->reached_at ? -1 : 1;
    return slice_compare(first->milestone, second->milestone);
}

enum status course_reached(const struct milestone_row *milestones, size_t count,
                           struct arena *scratch, struct list *out)
{
    struct reached *items = arena_take_array(scratch, count, sizeof *items);
    size_t kept = 0;
    if (!items)
        return STATUS_EXHAUSTED;
    for (size_t i = 0; i < count; i++) {
        const struct milestone *one = &milestones[i].milestone;
        if (milestone_stands(one) && !has_name(items, kept, one->milestone))
            items[kept++] = (struct reached){one->milestone, one->reached_at};
    }
    if (kept > 1)
        qsort(items, kept, sizeof *items, by_reaching);
    *out = (struct list){kept ? items : NULL, kept};
    return STATUS_OK;
}

void course_put(const struct deal_course *course, struct credit *credit)
{
    credit->cash = course->cash;
    credit->reached = course->reached;
    credit->takes_back = course->takes_back;
    credit->has_more = true;
}
