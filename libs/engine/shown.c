#include "engine/shown.h"

static uint32_t number_of(struct interner *names, struct slice text)
{
    return text.bytes ? interner_number(names, text) : NO_TEXT;
}

static struct slice text_of(const struct interner *names, uint32_t number)
{
    return number == NO_TEXT ? (struct slice){NULL, 0} : interner_text(names, number);
}

struct shown shown_nothing(void)
{
    return (struct shown){
        .currency = NO_TEXT, .step = NO_TEXT, .held = NO_TEXT, .hold_id = NO_TEXT};
}

struct shown shown_of_row(const struct emitted_row *row, struct interner *names)
{
    return (struct shown){
        .earned = row->earned,
        .payable = row->payable,
        .measure = row->measure,
        .goal = row->goal,
        .attainment = row->attainment,
        .draw_balance = row->draw_balance,
        .plan_version = row->plan_version,
        .sequence = row->sequence,
        .view = row->view,
        .view_published = row->view_published,
        .pending_since = row->pending_since,
        .as_of = row->as_of,
        .currency = number_of(names, row->currency),
        .step = number_of(names, row->step),
        .held = number_of(names, row->held),
        .hold_id = number_of(names, row->hold_id),
        .pending = reasons_bits(&row->pending),
        .has_goal = row->has_goal,
        .has_attainment = row->has_attainment,
        .has_row = true,
    };
}

struct emitted_row shown_to_row(const struct shown *shown, const struct interner *names,
                                struct slice pending[REASON_COUNT])
{
    return (struct emitted_row){
        .plan_version = shown->plan_version,
        .sequence = shown->sequence,
        .currency = text_of(names, shown->currency),
        .earned = shown->earned,
        .payable = shown->payable,
        .measure = shown->measure,
        .has_goal = shown->has_goal,
        .goal = shown->goal,
        .has_attainment = shown->has_attainment,
        .attainment = shown->attainment,
        .step = text_of(names, shown->step),
        .pending = reasons_list(shown->pending, pending),
        .view = shown->view,
        .view_published = shown->view_published,
        .pending_since = shown->pending_since,
        .as_of = shown->as_of,
        .held = text_of(names, shown->held),
        .hold_id = text_of(names, shown->hold_id),
        .draw_balance = shown->draw_balance,
    };
}

bool shown_alike(const struct shown *a, const struct shown *b)
{
    return a->earned.units == b->earned.units && a->payable.units == b->payable.units &&
           a->measure.units == b->measure.units && a->has_goal == b->has_goal &&
           a->goal.units == b->goal.units && a->has_attainment == b->has_attainment &&
           a->attainment.units == b->attainment.units && a->plan_version == b->plan_version &&
           a->sequence == b->sequence && a->currency == b->currency && a->step == b->step &&
           a->held == b->held && a->hold_id == b->hold_id && a->pending == b->pending;
}
