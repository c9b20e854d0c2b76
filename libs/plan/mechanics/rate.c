#include "plan/mechanic.h"
#include "plan/words.h"

struct rate_terms {
    int128 rate; /* × den; may be negative */
    int128 den;  /* of the product of rate and measure */
    struct rational fraction;
};

static const void *parse(struct mechanic_reading *reading, const struct node *node)
{
    struct decimal rate;
    if (!reading_share(reading->reading, node, "`rate`", &rate))
        return NULL;
    struct rate_terms *terms = reading_take(reading->reading, 1, sizeof *terms);
    if (!terms)
        return NULL;
    terms->fraction = rational_reduce(rational_of_decimal(rate));
    terms->rate = terms->fraction.num;
    terms->den = terms->fraction.den * MEASURE_ONE; /* at most 10^27 */
    return terms;
}

static enum status pay(const void *data, const struct pay_input *input, struct pay_result *out)
{
    const struct rate_terms *terms = data;
    struct rational pay = {0, terms->den};
    if (!is_measure_whole(input) || !int128_multiply(terms->rate, input->measure, &pay.num)) {
        enum status status = rational_multiply(terms->fraction, measure_of(input), &pay);
        if (status)
            return status;
    }
    *out = (struct pay_result){.pay = pay, .step = -1};
    return STATUS_OK;
}

/* --- in words --- */

static void describe(const void *data, const struct words *words)
{
    const struct rate_terms *terms = data;
    words_share(words->out, terms->fraction);
    buffer_printf(words->out, " of the measure, and of what comes back likewise.\n");
}

static void landmarks(const void *data, struct landmarks *landmarks)
{
    (void)data;
    landmarks->of = LANDMARKS_MEASURE;
    landmarks_add(landmarks, (struct landmark){.at = RATIONAL_ZERO});
}

const struct mechanic rate_mechanic = {
    .name = "rate",
    .summary = "One share of the measure.",
    .parse = parse,
    .pay = pay,
    .describe = describe,
    .landmarks = landmarks,
};
