#include "plan/mechanics/tiers.h"
#include "plan/words.h"

static void append_edge(const struct words *words, const struct tiers_terms *terms, int32_t tier)
{
    words_lead(words, terms->lead, terms->tiers[tier].edge_fraction, terms->tiers[tier].name);
}

static void say_tier(const struct words *words, const struct tiers_terms *terms, int32_t index)
{
    struct buffer *out = words->out;
    const struct tier *tier = &terms->tiers[index];
    bool is_last = index + 1 == terms->count;
    bool adds_up = terms->method != TIERS_WHOLE && !tiers_is_sliced(terms);
    buffer_printf(out, adds_up && terms->method == TIERS_MARGINAL ? "Reaching " : "From ");
    append_edge(words, terms, index);
    if (!(adds_up && terms->method == TIERS_MARGINAL) && !is_last) {
        buffer_printf(out, " to ");
        append_edge(words, terms, index + 1);
    }
    buffer_printf(out, adds_up ? " adds " : is_last ? " on it is " : " it is ");
    words_given(words, terms->gives, tier->give);
    if (tier->is_retroactive)
        buffer_printf(out, ", and once that tier is reached everything below it gets the same");
    if (terms->method == TIERS_INTERPOLATED)
        buffer_printf(out, ", evenly");
    buffer_printf(out, ".\n");
}

static void say_method(const struct words *words, const struct tiers_terms *terms)
{
    static const char *const methods[][GIVES_COUNT] = {
        [TIERS_MARGINAL] = {[GIVES_RATE] = "each tier pays a share of its own slice of the measure",
                            [GIVES_UNIT] = "each tier pays for the units in its own slice",
                            [GIVES_AMOUNT] = "what the tiers reached pay is added up",
                            [GIVES_PERCENT_OF_TARGET] = "what the tiers reached pay is added up"},
        [TIERS_WHOLE] = {[GIVES_RATE] = "the tier reached pays a share of the whole measure",
                         [GIVES_UNIT] = "the tier reached pays for all units",
                         [GIVES_AMOUNT] = "the tier reached pays, and no other",
                         [GIVES_PERCENT_OF_TARGET] = "the tier reached pays, and no other"},
        [TIERS_INTERPOLATED] = {[GIVES_RATE] =
                                    "tiers add up to a share of the whole measure, the last "
                                    "one by the part of it that is reached",
                                [GIVES_AMOUNT] =
                                    "tiers add up, the last one by the part of it that is "
                                    "reached",
                                [GIVES_PERCENT_OF_TARGET] =
                                    "tiers add up, the last one by the part of "
                                    "it that is reached"},
    };
    buffer_printf(words->out, "Tiers of ");
    words_lead_name(words, terms->lead);
    buffer_printf(words->out, ": %s.\n", methods[terms->method][terms->gives]);
}

void tiers_describe(const void *data, const struct words *words)
{
    const struct tiers_terms *terms = data;
    int32_t tiers = terms->count - (terms->method == TIERS_INTERPOLATED);
    say_method(words, terms);
    for (int32_t i = 0; i < tiers; i++)
        say_tier(words, terms, i);
    if (terms->count > 1 && (terms->method != TIERS_INTERPOLATED))
        buffer_printf(words->out, "Exactly on an edge the %s tier holds.\n",
                      terms->is_higher ? "higher" : "lower");
    if (terms->method == TIERS_INTERPOLATED) {
        buffer_printf(words->out, "Past ");
        append_edge(words, terms, terms->count - 1);
        buffer_printf(words->out, " nothing more is added.\n");
    }
    if (rational_sign(terms->tiers[0].edge_fraction) > 0) {
        buffer_printf(words->out, "Below ");
        append_edge(words, terms, 0);
        buffer_printf(words->out, " nothing is paid.\n");
    }
    if (tiers_can_be_negative(words->component))
        buffer_printf(words->out, "A negative measure %s.\n",
                      terms->pays_negative ? "is taken back at the first tier's rate"
                                           : "pays nothing");
}
