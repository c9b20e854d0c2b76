#include "plan/mechanics/milestones.h"

#include "plan/mechanic_parts.h"
#include "plan/plan_parts.h"
#include "plan/words.h"

static const struct key_rule milestones_keys[] = {
    {"award", KEY_MUST_SAY,
     "award: each      # each one that is reached pays: a series\n"
     "award: highest   # the highest one that is reached pays: one lump sum"},
    {"table", KEY_REQUIRED,
     "table: [{name: first, reach: 100000, by: end of month 1, give: 1000}]"},
    {"boundary", KEY_MUST_SAY,
     "boundary: reached   # exactly the threshold is enough\n"
     "boundary: passed    # … is not"},
    {"late", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static const struct key_rule row_keys[] = {
    {"name", KEY_OPTIONAL, NULL},
    {"reach", KEY_REQUIRED, "reach: 100000"},
    {"by", KEY_OPTIONAL, NULL},
    {"give", KEY_REQUIRED, "give: 1000   # or a share such as 2%, of the total when it is reached"},
    {NULL, KEY_OPTIONAL, NULL},
};

/* Months of the window, 0 for windows that have none. A plan's are counted from its range. */
static int32_t months_of(const struct mechanic_reading *reading)
{
    const struct plan *plan = reading->plan->plan;
    int32_t in_year = window_count_in_year(reading->component->over);
    if (in_year > 0)
        return 12 / in_year;
    if (reading->component->over != WINDOW_PLAN)
        return 0;
    int32_t end = plan->from;
    int32_t months = 0;
    while (end < plan->until && months < MONTHS_MAX &&
           !date_add_months(plan->from, months + 1, &end))
        months++;
    return months;
}

static bool parse_month(struct mechanic_reading *reading, const struct node *node,
                        struct slice number, struct milestone_step *step)
{
    struct node month = *node;
    int32_t months = months_of(reading);
    int64_t value;
    month.text = number;
    if (!reading_whole(reading->reading, &month, "a month of the window", 1, MONTHS_MAX, &value))
        return false;
    step->by = DEADLINE_MONTH_END;
    step->month = (int32_t)value;
    if (value <= months)
        return true;
    report_error(reading->reading->reports, node_place(node), "bad-value", "by: end of window",
                 "a window of `over: %s` has %d month%s",
                 window_over_name(reading->component->over), months, months == 1 ? "" : "s");
    return false;
}

static bool parse_by(struct mechanic_reading *reading, const struct node *node,
                     struct milestone_step *step)
{
    struct slice lead = SLICE("end of month ");
    struct slice text = node->kind == NODE_SCALAR ? node->text : SLICE("");
    if (months_of(reading) == 0)
        return reading_refuse(reading->reading, node, "leave `by` out",
                              "a deadline needs a window of months, not `over: deal` or `line`");
    if (slice_starts_with(text, lead))
        return parse_month(reading, node,
                           (struct slice){text.bytes + lead.length, text.length - lead.length},
                           step);
    step->by = DEADLINE_WINDOW_END;
    if (slice_equal(text, SLICE("end of window")))
        return true;
    step->by = DEADLINE_DATE;
    if (!date_parse(text, &step->until)) {
        step->until++; /* the day itself is in time */
        return true;
    }
    return reading_refuse(reading->reading, node,
                          "by: end of month 1\nby: end of window\nby: 2026-03-31",
                          "`by` is `end of month` and its number, `end of window`, or a date");
}

static bool parse_reach(struct mechanic_reading *reading, const struct node *node,
                        struct milestone_step *step)
{
    struct decimal reach;
    if (!reading_number(reading->reading, node, "`reach`", &reach) ||
        !reading_scale(reading->reading, node, reach, &step->reach))
        return false;
    return reach.units > 0 ||
           reading_refuse(reading->reading, node, NULL,
                          "`reach` is a threshold above 0: what is reached without "
                          "doing anything is no milestone");
}

static bool parse_row(struct mechanic_reading *reading, const struct node *row,
                      struct milestone_step *step)
{
    if (!reading_keys(reading->reading, row, "a milestone", row_keys))
        return false;
    const struct node *name = node_find(row, "name");
    const struct node *reach = node_find(row, "reach");
    const struct node *by = node_find(row, "by");
    bool is_right = parse_reach(reading, reach, step);
    step->name = reach->kind == NODE_SCALAR ? reach->text : SLICE("");
    if (name)
        is_right &= reading_text(reading->reading, name, "`name`", &step->name);
    if (by)
        is_right &= parse_by(reading, by, step);
    return reading_number_or_share(reading->reading, node_find(row, "give"), "`give`", &step->give,
                                   &step->gives_share) &&
           is_right;
}

static bool check_name(struct mechanic_reading *reading, const struct node *row,
                       const struct milestone_step *steps, int32_t index)
{
    for (int32_t i = 0; i < index; i++) {
        if (!slice_equal(steps[i].name, steps[index].name))
            continue;
        const struct node *name = node_find(row, "name");
        report_error(reading->reading->reports, node_place(name ? name : row), "twice",
                     "name: second", "two milestones are called `%.*s`", SLICE_ARGS(steps[i].name));
        return false;
    }
    return true;
}

static bool parse_table(struct mechanic_reading *reading, const struct node *table,
                        struct milestones_terms *terms)
{
    if (!reading_list(reading->reading, table, "`table`"))
        return false;
    if (table->count == 0 || table->count > MILESTONES_MAX)
        return reading_refuse(reading->reading, table, NULL, "a table has 1 to 200 milestones");
    struct milestone_step *steps = reading_take(reading->reading, table->count, sizeof *steps);
    if (!steps)
        return false;
    bool is_right = true;
    for (const struct node *row = table->first; row; row = row->next) {
        is_right &= parse_row(reading, row, &steps[terms->count]);
        if (is_right)
            is_right = check_name(reading, row, steps, terms->count);
        terms->count++;
    }
    terms->steps = steps;
    return is_right;
}

static bool parse_words(struct mechanic_reading *reading, const struct node *node,
                        struct milestones_terms *terms)
{
    static const char *const award_words[] = {"each", "highest", NULL};
    static const char *const boundary_words[] = {"reached", "passed", NULL};
    const struct node *late = node_find(node, "late");
    int word = 0;
    bool is_right =
        reading_word(reading->reading, node_find(node, "award"), "`award`", award_words, 2, &word);
    terms->is_highest = word == 1;
    word = 0;
    is_right &= reading_word(reading->reading, node_find(node, "boundary"), "`boundary`",
                             boundary_words, 2, &word);
    terms->is_passed = word == 1;
    return (!late || late_parse(reading->reading, late, &terms->late)) && is_right;
}

static const void *parse(struct mechanic_reading *reading, const struct node *node)
{
    reading_key_feature(reading->reading, FEATURE_MILESTONES, node);
    if (!reading_keys(reading->reading, node, "`milestones`", milestones_keys))
        return NULL;
    struct milestones_terms *terms = reading_take(reading->reading, 1, sizeof *terms);
    if (!terms)
        return NULL;
    reading->needs |= NEEDS_ROWS;
    bool is_right = parse_words(reading, node, terms);
    return parse_table(reading, node_find(node, "table"), terms) && is_right ? terms : NULL;
}

/* --- paying --- */

/* The first day that is too late; INT32_MAX without a deadline. */
static enum status deadline_of(const struct milestone_step *step, const struct pay_rows *rows,
                               int32_t *out)
{
    *out = INT32_MAX;
    if (step->by == DEADLINE_WINDOW_END)
        *out = rows->window.until;
    if (step->by == DEADLINE_DATE)
        *out = step->until;
    if (step->by == DEADLINE_MONTH_END)
        return window_month_until(rows->calendar, &rows->window, step->month, out);
    return STATUS_OK;
}

/* What one milestone awards: nothing, all, or what is late. */
static enum status award_of(const struct milestones_terms *terms, const struct milestone_step *step,
                            const struct pay_rows *rows, bool *out_pays, struct rational *out)
{
    bool is_reached = false;
    struct pay_reached reached;
    int32_t too_late;
    enum status status = deadline_of(step, rows, &too_late);
    if (!status)
        status = rows->first(rows->self, step->reach, terms->is_passed, &is_reached, &reached);
    *out_pays = false;
    *out = RATIONAL_ZERO;
    if (status || !is_reached)
        return status;
    bool is_late = reached.date >= too_late;
    if (is_late && terms->late.units == 0)
        return STATUS_OK;
    struct rational award = rational_of_decimal(step->give);
    if (step->gives_share)
        status = rational_multiply(award, reached.total, &award);
    if (!status && is_late)
        status = rational_multiply(award, rational_of_decimal(terms->late), &award);
    if (status)
        return status;
    *out_pays = true;
    *out = award;
    return STATUS_OK;
}

/* "`highest` takes the highest by `reach` among those that pay"; `each` adds them up. */
static enum status pay(const void *data, const struct pay_input *input, struct pay_result *out)
{
    const struct milestones_terms *terms = data;
    struct pay_result result = {.pay = RATIONAL_ZERO, .step = -1};
    for (int32_t i = 0; i < terms->count; i++) {
        const struct milestone_step *step = &terms->steps[i];
        struct rational award;
        bool pays;
        enum status status = award_of(terms, step, input->rows, &pays, &award);
        if (status)
            return status;
        if (!pays)
            continue;
        bool is_higher = result.step < 0 || step->reach > terms->steps[result.step].reach;
        if (!terms->is_highest)
            status = rational_add(result.pay, award, &result.pay);
        else if (is_higher)
            result.pay = award;
        if (status)
            return status;
        if (is_higher) {
            result.step = i;
            result.name = step->name;
        }
    }
    *out = result;
    return STATUS_OK;
}

/* --- in words --- */

static void say_deadline(const struct words *words, const struct milestone_step *step)
{
    struct buffer *out = words->out;
    if (step->by == DEADLINE_WINDOW_END)
        buffer_printf(out, " by the end of the window");
    if (step->by == DEADLINE_MONTH_END)
        buffer_printf(out, " by the end of month %d", step->month);
    if (step->by == DEADLINE_DATE) {
        buffer_printf(out, " by ");
        words_date(out, step->until - 1);
    }
}

static void say_step(const struct words *words, const struct milestones_terms *terms,
                     const struct milestone_step *step)
{
    struct buffer *out = words->out;
    struct rational give = rational_of_decimal(step->give);
    buffer_printf(out, "%.*s: %s ", SLICE_ARGS(step->name),
                  terms->is_passed ? "passing" : "reaching");
    words_measure(words, rational_of_measure(step->reach));
    say_deadline(words, step);
    buffer_printf(out, " pays ");
    if (step->gives_share) {
        words_share(out, give);
        buffer_printf(out, " of the total at that moment");
    } else {
        words_money(words, give);
    }
    buffer_printf(out, ".\n");
}

static void say_late(const struct words *words, const struct milestones_terms *terms)
{
    bool has_deadline = false;
    for (int32_t i = 0; i < terms->count; i++)
        has_deadline |= terms->steps[i].by != DEADLINE_NONE;
    if (!has_deadline)
        return;
    buffer_printf(words->out, "Reached later, it pays ");
    words_late(words->out, terms->late);
    buffer_printf(words->out, "; the dates of the deals decide, not when they became known.\n");
}

static void describe(const void *data, const struct words *words)
{
    const struct milestones_terms *terms = data;
    buffer_printf(words->out, "Milestones of the running total: %s.\n",
                  terms->is_highest ? "the highest one reached pays, as one lump sum"
                                    : "each one reached pays, one after the other");
    for (int32_t i = 0; i < terms->count; i++)
        say_step(words, terms, &terms->steps[i]);
    buffer_printf(words->out, "Exactly the threshold is %s.\n",
                  terms->is_passed ? "not enough" : "enough");
    say_late(words, terms);
    buffer_printf(words->out, "What was reached stays reached when something comes back later.\n");
}

static void landmarks(const void *data, struct landmarks *landmarks)
{
    const struct milestones_terms *terms = data;
    const struct pay_rows rows = {.calendar = landmarks->calendar, .window = landmarks->window};
    landmarks->of = LANDMARKS_MEASURE;
    for (int32_t i = 0; i < terms->count; i++) {
        const struct milestone_step *step = &terms->steps[i];
        int32_t until;
        struct landmark landmark = {
            .at = rational_of_measure(step->reach), .is_jump = true, .name = step->name};
        if (step->by != DEADLINE_NONE && !deadline_of(step, &rows, &until)) {
            landmark.has_until = true;
            landmark.until = until;
        }
        landmarks_add(landmarks, landmark);
    }
}

const struct mechanic milestones_mechanic = {
    .name = "milestones",
    .summary = "Sums for thresholds of a running total, each with its deadline.",
    .parse = parse,
    .pay = pay,
    .describe = describe,
    .landmarks = landmarks,
};
