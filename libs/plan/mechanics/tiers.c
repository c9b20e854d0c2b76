#include "plan/mechanics/tiers.h"

/* The first edge itself belongs to the first tier, whatever `boundary` says. */
static bool is_reached(const struct tiers_terms *terms, int32_t tier, int order)
{
    return order > 0 || (order == 0 && (terms->is_higher || tier == 0));
}

static int order_of(const struct pay_input *input, int128 edge)
{
    if (!is_measure_whole(input))
        return rational_compare(measure_of(input), rational_of_measure(edge));
    return input->measure < edge ? -1 : input->measure > edge;
}

/* The tier that the lead is in; -1 below the first edge. */
static int32_t find_tier(const struct tiers_terms *terms, const struct pay_input *input)
{
    int32_t tier = terms->count - 1;
    if (terms->lead == LEAD_AMOUNT) {
        while (tier >= 0 && !is_reached(terms, tier, order_of(input, terms->tiers[tier].edge)))
            tier--;
        return tier;
    }
    struct rational lead = lead_value(terms->lead, input);
    while (tier >= 0 &&
           !is_reached(terms, tier, rational_compare(lead, terms->tiers[tier].edge_fraction)))
        tier--;
    return tier;
}

/* Units are spread over the slices in proportion to the measure. */
static enum status spread_units(struct rational slices, const struct pay_input *input,
                                struct rational *out)
{
    if (input->measure == 0) {
        *out = RATIONAL_ZERO;
        return STATUS_OK;
    }
    return rational_multiply_divide(slices, rational_of_measure(input->units), measure_of(input),
                                    out);
}

/* With a lead of attainment the slices lie between the edges times the goal. */
static enum status pay_slices(const struct tiers_terms *terms, const struct tier *tier,
                              const struct pay_input *input, struct rational *out)
{
    struct rational pay = {0, terms->denominator};
    bool is_done = terms->has_whole && is_measure_whole(input) &&
                   int128_multiply(tier->whole_slope, input->measure, &pay.num) &&
                   int128_add(pay.num, tier->whole_offset, &pay.num);
    if (!is_done) {
        struct rational offset = tier->offset;
        enum status status = STATUS_OK;
        if (terms->lead == LEAD_ATTAINMENT)
            status = rational_multiply(offset, input->goal, &offset);
        if (!status)
            status = line_value(offset, tier->slope, measure_of(input), &pay);
        if (status)
            return status;
    }
    if (terms->has_units)
        return spread_units(pay, input, out);
    *out = pay;
    return STATUS_OK;
}

/* What the given value is multiplied by. */
static struct rational base_of(const struct tiers_terms *terms, const struct pay_input *input)
{
    if (terms->gives == GIVES_AMOUNT)
        return RATIONAL_ONE;
    if (terms->gives == GIVES_PERCENT_OF_TARGET)
        return input->target;
    return terms->has_units ? rational_of_measure(input->units) : measure_of(input);
}

static enum status pay_value(const struct tiers_terms *terms, const struct tier *tier,
                             const struct pay_input *input, struct rational *out)
{
    struct rational pay = {0, terms->denominator};
    if (terms->has_whole && is_measure_whole(input) &&
        int128_multiply(tier->whole_slope, input->measure, &pay.num)) {
        *out = pay;
        return STATUS_OK;
    }
    struct rational value = tier->offset;
    if (terms->method == TIERS_INTERPOLATED) {
        enum status status =
            line_value(tier->offset, tier->slope, lead_value(terms->lead, input), &value);
        if (status)
            return status;
    }
    return rational_multiply(value, base_of(terms, input), out);
}

static enum status pay_negative(const struct tiers_terms *terms, const struct pay_input *input,
                                struct pay_result *out)
{
    struct rational pay = RATIONAL_ZERO;
    if (terms->pays_negative) {
        enum status status = rational_multiply(terms->tiers[0].give, base_of(terms, input), &pay);
        if (status)
            return status;
    }
    *out = (struct pay_result){.pay = pay, .step = -1};
    return STATUS_OK;
}

static enum status pay(const void *data, const struct pay_input *input, struct pay_result *out)
{
    const struct tiers_terms *terms = data;
    if (input->measure < 0)
        return pay_negative(terms, input, out);
    int32_t step = lead_is_here(terms->lead, input) ? find_tier(terms, input) : -1;
    struct rational pay = RATIONAL_ZERO;
    if (step < 0) {
        *out = (struct pay_result){.pay = pay, .step = -1};
        return STATUS_OK;
    }
    const struct tier *tier = &terms->tiers[step];
    enum status status = tiers_is_sliced(terms) ? pay_slices(terms, tier, input, &pay)
                                                : pay_value(terms, tier, input, &pay);
    if (status)
        return status;
    if (terms->method == TIERS_INTERPOLATED && step == terms->count - 1)
        step--; /* the last row is the end of the last tier, not a tier */
    *out = (struct pay_result){.pay = pay, .step = step, .name = terms->tiers[step].name};
    return STATUS_OK;
}

static void landmarks(const void *data, struct landmarks *landmarks)
{
    const struct tiers_terms *terms = data;
    landmarks->of = lead_landmarks(terms->lead);
    for (int32_t i = 0; i < terms->count; i++) {
        const struct tier *tier = &terms->tiers[i];
        bool goes_on = terms->method == TIERS_INTERPOLATED ||
                       (tiers_is_sliced(terms) && !tier->is_retroactive);
        landmarks_add(landmarks, (struct landmark){
                                     .at = tier->edge_fraction,
                                     .is_jump = !goes_on && rational_sign(tier->edge_fraction) > 0,
                                     .name = tier->name});
    }
}

const struct mechanic tiers_mechanic = {
    .name = "tiers",
    .summary = "Bands of a measure or of attainment, each with its own rate or amount.",
    .parse = tiers_parse,
    .pay = pay,
    .describe = tiers_describe,
    .landmarks = landmarks,
};
