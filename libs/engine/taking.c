#include "engine/taking.h"

/* --- Y' --- */

static enum status adjust(const struct valuation *valuation, struct pay_parts *parts,
                          bool without_floors, struct window_pay *pay)
{
    const struct adjusting adjusting = {.component = valuation->component,
                                        .has_target = valuation->figures->has_target,
                                        .target = valuation->input.target,
                                        .assigned = valuation->figures->assigned,
                                        .around = valuation->around,
                                        .parts = parts,
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

enum status window_pay_find(struct valuation *valuation, struct pay_parts *parts,
                            bool without_floors, struct window_pay *out)
{
    out->waits = 0;
    out->is_withheld = false;
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
    if (parts)
        status = pay_parts_begin(parts, valuation, out->pay);
    if (status || valuation->component->adjustment_count == 0)
        return status;
    return adjust(valuation, parts, without_floors, out);
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

/* The window's pay with its parts. */
struct divided {
    struct window_pay pay;
    struct pay_parts parts;
};

static enum status divide(struct valuation *valuation, bool without_floors, struct divided *out)
{
    *out = (struct divided){0};
    return window_pay_find(valuation, &out->parts, without_floors, &out->pay);
}

static enum status take_each(const struct divided *as_is, const struct divided *bare,
                             const struct take *takes, size_t count, struct exact *earned,
                             struct exact *payable)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count && !as_is->pay.waits && !bare->pay.waits; i++)
        status = take_row(&as_is->parts, &bare->parts, as_is->pay.is_withheld, &takes[i], earned,
                          payable);
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
    struct divided as_is;
    struct divided bare;
    bool is_valued;
    enum status status = measure(valuation, &is_valued);
    if (status || !is_valued)
        return status;
    status = divide(valuation, false, &as_is);
    if (!status && (component->cancelled.takes_earned || !has_floor(component))) {
        status = take_each(&as_is, &as_is, takes, count, earned, payable);
    } else if (!status) {
        status = divide(valuation, true, &bare);
        if (!status)
            status = take_each(&as_is, &bare, takes, count, earned, payable);
        pay_parts_deinit(&bare.parts);
    }
    pay_parts_deinit(&as_is.parts);
    return status;
}
