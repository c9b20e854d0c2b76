#include "plan/mechanics/level.h"

#include "plan/plan_parts.h"
#include "plan/words.h"

static const struct key_rule level_keys[] = {
    {"give", KEY_REQUIRED, "give: 2000"},
    {"each", KEY_REQUIRED, "each: month"},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool check_over(struct mechanic_reading *reading, const struct node *node)
{
    enum window_over over = reading->component->over;
    if (over != WINDOW_DEAL && over != WINDOW_LINE)
        return true;
    report_error(reading->reading->reports, node_key_place(node), "bad-value", "over: month",
                 "`level` pays for months, and `over: %s` has none", window_over_name(over));
    return false;
}

static const void *parse(struct mechanic_reading *reading, const struct node *node)
{
    static const char *const words[] = {"month", NULL};
    int word;
    reading_key_feature(reading->reading, FEATURE_LEVEL, node);
    reading->needs = NEEDS_MONTHS;
    if (!reading_keys(reading->reading, node, "`level`", level_keys))
        return NULL;
    struct level_terms *terms = reading_take(reading->reading, 1, sizeof *terms);
    if (!terms)
        return NULL;
    bool is_right = check_over(reading, node);
    is_right &= reading_word(reading->reading, node_find(node, "each"), "`each`", words, 1, &word);
    return reading_number(reading->reading, node_find(node, "give"), "`give`", &terms->give) &&
                   is_right
               ? terms
               : NULL;
}

static void describe(const void *data, const struct words *words)
{
    const struct level_terms *terms = data;
    words_money(words, rational_of_decimal(terms->give));
    buffer_printf(words->out,
                  " for every whole month of the assignment, when the month is over.\n");
}

/* The months of one window, or of a year. */
static void landmarks(const void *data, struct landmarks *landmarks)
{
    int32_t until;
    (void)data;
    landmarks->of = LANDMARKS_MONTHS;
    for (int32_t months = 1; months <= 12; months++) {
        if (window_month_until(landmarks->calendar, &landmarks->window, months, &until) ||
            until > landmarks->window.until)
            return;
        landmarks_add(landmarks, (struct landmark){.at = rational_of(months)});
    }
}

static enum status pay(const void *data, const struct pay_input *input, struct pay_result *out)
{
    const struct level_terms *terms = data;
    struct rational pay;
    enum status status =
        rational_multiply(rational_of_decimal(terms->give), rational_of(input->months), &pay);
    if (!status)
        *out = (struct pay_result){.pay = pay, .step = -1};
    return status;
}

const struct mechanic level_mechanic = {
    .name = "level",
    .summary = "The same sum for every whole month of the assignment.",
    .measure = MEASURE_NONE,
    .parse = parse,
    .describe = describe,
    .landmarks = landmarks,
    .pay = pay,
};
