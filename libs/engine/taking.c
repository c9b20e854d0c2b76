#include "engine/taking.h"

/* --- Y' --- */

void window_pay_deinit(struct window_pay *pay)
{
    if (pay->has_parts)
        pay_parts_deinit(&pay->parts);
    pay->has_parts = false;
}

static enum status adjust(const struct valuation *valuation, bool without_floors,
                          struct window_pay *pay)
{
    const struct adjusting adjusting = {.component = valuation->component,
                                        .has_target = valuation->figures->has_target,
                                        .target = valuation->input.target,
                                        .assigned = valuation->figures->assigned,
                                        .around = valuation->around,
                                        .parts = pay->has_parts ? &pay->parts : NULL,
                                        .without_floors = without_floors};
    struct adjusted adjusted;
    enum status status = adjust_pay(&adjusting, &pay->pay, &adjusted);
    if (status)
        return status;
    pay->is_withheld = !adjusted.is_payable;
    if (adjusted.lacks_target)
        pay->waits = REASON_BIT(REASON_NO_TARGET);
    return STATUS_OK;
}

enum status window_pay_find(struct valuation *valuation, bool has_parts, bool without_floors,
                            struct window_pay *out)
{
    *out = (struct window_pay){0};
    enum status status = valuation_run(valuation, &out->paid);
    if (status)
        return status;
    if (out->paid.waits) {
        out->waits =
            REASON_BIT(out->paid.waits == PAY_WAITS_FOR_RESULT ? REASON_NO_RESULT : REASON_NO_GOAL);
        return STATUS_OK;
    }
    bool is_given = valuation->given && valuation->given->is_given;
    out->pay = is_given ? valuation->given->pay : out->paid.pay;
    if (has_parts) {
        out->has_parts = true;
        status = pay_parts_begin(&out->parts, valuation, out->pay);
    }
    return status ? status : adjust(valuation, without_floors, out);
}

/* --- taking back --- */

static bool has_floor(const struct plan_component *component)
{
    for (size_t i = 0; i < component->adjustment_count; i++) {
        if (component->adjustments[i].kind == ADJUST_FLOOR)
            return true;
    }
    return false;
}

static enum status take_each(const struct window_pay *pay, const struct window_pay *bare,
                             const struct take *takes, size_t count, struct exact *earned,
                             struct exact *payable)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count && !pay->waits && !bare->waits; i++)
        status = take_row(&pay->parts, &bare->parts, pay->is_withheld, &takes[i], earned, payable);
    return status;
}

/* Measures the window; false in `*out_is_valued` where it lacks something. */
static enum status measure(struct valuation *valuation, bool *out_is_valued)
{
    struct worth unused = {0};
    uint32_t pending = 0;
    enum status status = valuation->figures->overflows ? STATUS_OUT_OF_RANGE : STATUS_OK;
    if (!status)
        status = valuation_measure(valuation, &pending);
    if (!status)
        status = valuation_attain(valuation, &unused);
    *out_is_valued = !status && !pending && !valuation_lacks(valuation);
    return status;
}

enum status take_rows(struct valuation *valuation, const struct take *takes, size_t count,
                      struct exact *earned, struct exact *payable)
{
    const struct plan_component *component = valuation->component;
    struct window_pay pay;
    struct window_pay bare;
    bool is_valued;
    enum status status = measure(valuation, &is_valued);
    if (status || !is_valued)
        return status;
    status = window_pay_find(valuation, true, false, &pay);
    if (!status && (component->cancelled.takes_earned || !has_floor(component))) {
        status = take_each(&pay, &pay, takes, count, earned, payable);
    } else if (!status) {
        status = window_pay_find(valuation, true, true, &bare);
        if (!status)
            status = take_each(&pay, &bare, takes, count, earned, payable);
        window_pay_deinit(&bare);
    }
    window_pay_deinit(&pay);
    return status;
}
