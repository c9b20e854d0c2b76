#include "plan/mechanics/scorecard.h"

#include "plan/attainment.h"
#include "plan/plan_parts.h"
#include "plan/words.h"

static const struct key_rule scorecard_keys[] = {
    {"of", KEY_REQUIRED, "of: target-incentive   # or an amount"},
    {"objectives", KEY_REQUIRED,
     "objectives: [{name: csat, weight: 100%, plan: 90, score: linear, cap: 120%}]"},
    {"missing", KEY_MUST_SAY,
     "missing: zero      # an objective without a result scores 0\n"
     "missing: pending   # … holds the component\n"
     "missing: 100%      # … scores 100 %"},
    {"round-scores", KEY_OPTIONAL, NULL},
    {"total-weight", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static const struct key_rule objective_keys[] = {
    {"name", KEY_REQUIRED, "name: csat   # the result's name"},
    {"weight", KEY_REQUIRED, "weight: 60%"},
    {"plan", KEY_OPTIONAL, NULL},
    {"direction", KEY_OPTIONAL, NULL},
    {"score", KEY_REQUIRED,
     "score: linear\nscore: {curve: {points: [[80%, 0%], [100%, 100%]], below: nothing, above: "
     "flat}}\nscore: {binary: \">= 100%\"}"},
    {"cap", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

/* --- score --- */

static const struct points_form form = {FIGURE_SHARE, FIGURE_SHARE, FIGURE_NUMBER, false};

static bool parse_curve(struct mechanic_reading *reading, const struct node *node,
                        struct objective *out)
{
    static const struct key_rule keys[] = {POINTS_KEYS, {NULL, KEY_OPTIONAL, NULL}};
    out->score = SCORE_POINTS;
    return reading_keys(reading->reading, node, "`curve`", keys) &&
           points_parse(reading->reading, node, &form, &out->points);
}

static bool parse_tiers(struct mechanic_reading *reading, const struct node *node,
                        struct objective *out)
{
    static const struct key_rule keys[] = {
        {"boundary", KEY_MUST_SAY,
         "boundary: higher   # a ratio exactly on an edge belongs to the higher band\n"
         "boundary: lower    # … to the lower band"},
        {"table", KEY_REQUIRED, "table: [{from: 80%, give: 50%}, {from: 100%, give: 100%}]"},
        {NULL, KEY_OPTIONAL, NULL},
    };
    out->score = SCORE_POINTS;
    return reading_keys(reading->reading, node, "`tiers`", keys) &&
           bands_parse(reading->reading, node, &form, &out->points);
}

static bool parse_binary(struct mechanic_reading *reading, const struct node *node,
                         struct objective *out)
{
    out->score = SCORE_BINARY;
    return comparison_parse(reading->reading, node, "`binary`", FIGURE_EITHER, &out->comparator,
                            &out->bound);
}

static const struct {
    const char *key;
    bool (*parse)(struct mechanic_reading *reading, const struct node *node, struct objective *out);
} scores[] = {{"curve", parse_curve}, {"tiers", parse_tiers}, {"binary", parse_binary}};

static bool parse_score(struct mechanic_reading *reading, const struct node *node,
                        struct objective *out)
{
    if (node_is(node, "linear"))
        return true;
    const struct node *way = node->kind == NODE_MAP && node->count == 1 ? node->first : NULL;
    for (size_t i = 0; way && i < sizeof scores / sizeof scores[0]; i++) {
        if (slice_equal(way->key, slice_of(scores[i].key)))
            return scores[i].parse(reading, way, out);
    }
    return reading_refuse(reading->reading, node, objective_keys[4].fix,
                          "`score` is linear, or one of {curve: …}, {tiers: …}, {binary: …}");
}

/* --- an objective --- */

static bool parse_plan(struct mechanic_reading *reading, const struct node *node,
                       struct objective *out)
{
    static const struct key_rule keys[] = {{"from", KEY_REQUIRED, "from: roster"},
                                           {NULL, KEY_OPTIONAL, NULL}};
    static const char *const words[] = {"roster", NULL};
    int word;
    out->is_plan_from_roster = node->kind == NODE_MAP;
    if (out->is_plan_from_roster)
        return reading_keys(reading->reading, node, "`plan`", keys) &&
               reading_word(reading->reading, node_find(node, "from"), "`from`", words, 1, &word);
    if (!reading_number(reading->reading, node, "`plan`", &out->plan))
        return false;
    return out->plan.units > 0 ||
           reading_refuse(reading->reading, node, NULL,
                          "`plan` must be above 0: results are divided by it");
}

static bool check_plan(struct mechanic_reading *reading, const struct node *node,
                       const struct objective *objective)
{
    bool needs_plan = objective->score == SCORE_LINEAR || objective->is_lower_better;
    if (node_find(node, "plan") || !needs_plan)
        return true;
    report_error(reading->reading->reports, node_place(node), "missing-key", "plan: 90",
                 "`%.*s` needs `plan`: what its result is measured against",
                 SLICE_ARGS(objective->name));
    return false;
}

static bool parse_cap(struct mechanic_reading *reading, const struct node *node,
                      struct objective *out)
{
    out->has_cap = true;
    return reading_share(reading->reading, node, "`cap`", &out->cap);
}

static bool parse_direction(struct mechanic_reading *reading, const struct node *node,
                            struct objective *out)
{
    return direction_parse(reading->plan, node, &out->is_lower_better);
}

static bool parse_weight(struct mechanic_reading *reading, const struct node *node,
                         struct objective *out)
{
    if (!reading_share(reading->reading, node, "`weight`", &out->weight))
        return false;
    return out->weight.units >= 0 ||
           reading_refuse(reading->reading, node, NULL, "a weight cannot be negative");
}

static bool parse_objective(struct mechanic_reading *reading, const struct node *node,
                            struct objective *out)
{
    static const struct {
        const char *key;
        bool (*parse)(struct mechanic_reading *reading, const struct node *node,
                      struct objective *out);
    } steps[] = {{"weight", parse_weight},
                 {"plan", parse_plan},
                 {"direction", parse_direction},
                 {"score", parse_score},
                 {"cap", parse_cap}};
    out->plan = decimal_of(1);
    if (!reading_keys(reading->reading, node, "an objective", objective_keys))
        return false;
    bool is_right = reading_text(reading->reading, node_find(node, "name"), "`name`", &out->name);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const struct node *value = node_find(node, steps[i].key);
        if (value)
            is_right &= steps[i].parse(reading, value, out);
    }
    return is_right && check_plan(reading, node, out);
}

/* --- all of them --- */

static bool check_name(struct mechanic_reading *reading, const struct node *node,
                       const struct objective *objectives, int32_t index)
{
    for (int32_t i = 0; i < index; i++) {
        if (!slice_equal(objectives[i].name, objectives[index].name))
            continue;
        report_error(reading->reading->reports, node_place(node_find(node, "name")), "twice", NULL,
                     "the objective `%.*s` stands twice", SLICE_ARGS(objectives[i].name));
        return false;
    }
    return true;
}

static bool check_weights(struct mechanic_reading *reading, const struct node *node,
                          const struct scorecard_terms *terms)
{
    const struct node *total_weight = node_find(node, "total-weight");
    struct decimal wanted = {ONE_SHARE};
    int128 total = 0;
    if (total_weight && !reading_share(reading->reading, total_weight, "`total-weight`", &wanted))
        return false;
    for (int32_t i = 0; i < terms->count; i++)
        total += terms->objectives[i].weight.units;
    if (total == wanted.units)
        return true;
    if (!total_weight)
        report_total(reading->plan, node_find(node, "objectives"),
                     "the weights, unless `total-weight` says otherwise,", total);
    else
        reading_refuse(reading->reading, total_weight, NULL, "the weights do not total this");
    return false;
}

static bool parse_objectives(struct mechanic_reading *reading, const struct node *list,
                             struct scorecard_terms *terms)
{
    if (!reading_list(reading->reading, list, "`objectives`"))
        return false;
    if (list->count == 0 || list->count > OBJECTIVES_MAX)
        return reading_refuse(reading->reading, list, NULL, "a scorecard has 1 to 100 objectives");
    struct objective *objectives = reading_take(reading->reading, list->count, sizeof *objectives);
    if (!objectives)
        return false;
    bool is_right = true;
    for (const struct node *item = list->first; item; item = item->next) {
        is_right &= parse_objective(reading, item, &objectives[terms->count]);
        if (is_right)
            is_right = check_name(reading, item, objectives, terms->count);
        terms->count++;
    }
    terms->objectives = objectives;
    return is_right;
}

static bool parse_of(struct mechanic_reading *reading, const struct node *node,
                     struct scorecard_terms *terms)
{
    terms->is_of_target = node_is(node, "target-incentive");
    if (terms->is_of_target) {
        reading->needs |= NEEDS_TARGET;
        return true;
    }
    return reading_number(reading->reading, node, "`of`, unless it is `target-incentive`,",
                          &terms->amount);
}

static bool parse_words(struct mechanic_reading *reading, const struct node *node,
                        struct scorecard_terms *terms)
{
    static const char *const missing_words[] = {
#define MISSING_WORD(symbol, name) name,
        RESULT_MISSING_LIST(MISSING_WORD)
#undef MISSING_WORD
            NULL,
    };
    static const char *const round_words[] = {"none", "whole-percent", NULL};
    const struct node *round = node_find(node, "round-scores");
    int word = 0;
    bool is_right = reading_word(reading->reading, node_find(node, "missing"), "`missing`",
                                 missing_words, RESULT_MISSING_COUNT, &word);
    terms->missing = (enum result_missing)word;
    word = 0;
    if (round)
        is_right &= reading_word(reading->reading, round, "`round-scores`", round_words, 2, &word);
    terms->rounds_scores = word == 1;
    return is_right;
}

static bool check_measure(struct mechanic_reading *reading, const struct node *node)
{
    if (reading->component->measure.of == OF_RESULTS)
        return true;
    report_error(reading->reading->reports, node_key_place(node), "bad-value",
                 "measure: {of: results}",
                 "a scorecard scores results: its measure is `of: "
                 "results`");
    return false;
}

static bool note_results(struct mechanic_reading *reading, const struct scorecard_terms *terms)
{
    struct slice *names = reading_take(reading->reading, (size_t)terms->count, sizeof *names);
    for (int32_t i = 0; names && i < terms->count; i++)
        names[i] = terms->objectives[i].name;
    reading->results = names;
    reading->result_count = (size_t)terms->count;
    return names != NULL;
}

static const void *parse(struct mechanic_reading *reading, const struct node *node)
{
    reading_key_feature(reading->reading, FEATURE_SCORECARD, node);
    if (!reading_keys(reading->reading, node, "`scorecard`", scorecard_keys))
        return NULL;
    struct scorecard_terms *terms = reading_take(reading->reading, 1, sizeof *terms);
    if (!terms)
        return NULL;
    bool is_right = check_measure(reading, node);
    is_right &= parse_of(reading, node_find(node, "of"), terms);
    is_right &= parse_words(reading, node, terms);
    if (!parse_objectives(reading, node_find(node, "objectives"), terms))
        return NULL;
    return check_weights(reading, node, terms) && note_results(reading, terms) && is_right ? terms
                                                                                           : NULL;
}

/* --- paying --- */

/* "direction: lower": a value of 0 is better than any plan, so that a comparison holds as for more
 * than its bound, points that end level give their end, and others the cap. False: there is none,
 * and no number to score. */
static bool score_of_zero(const struct objective *objective, struct rational *out)
{
    const struct points *points = &objective->points;
    enum comparator comparator = objective->comparator;
    if (objective->score == SCORE_BINARY)
        *out = comparator == COMPARE_GREATER || comparator == COMPARE_GREATER_OR_EQUAL ||
                       comparator == COMPARE_NOT_EQUAL
                   ? RATIONAL_ONE
                   : RATIONAL_ZERO;
    else if (objective->score == SCORE_POINTS && points->is_flat_above)
        *out = points->at[points->count - 1].y;
    else if (objective->has_cap)
        *out = rational_of_decimal(objective->cap);
    else
        return false;
    return true;
}

static enum status score_ratio(const struct objective *objective, struct rational ratio,
                               struct rational *out)
{
    int32_t step;
    switch (objective->score) {
    case SCORE_LINEAR:
        *out = ratio;
        return STATUS_OK;
    case SCORE_POINTS:
        return points_value(&objective->points, ratio, out, &step);
    case SCORE_BINARY:
        break;
    }
    int order = rational_compare(ratio, rational_of_decimal(objective->bound));
    *out = comparator_holds(objective->comparator, order, 0) ? RATIONAL_ONE : RATIONAL_ZERO;
    return STATUS_OK;
}

/* "`linear` is value / plan (plan / value for lower)": the ratio that every score goes by. */
static enum status score_value(const struct objective *objective, struct rational value,
                               struct rational plan, struct rational *out)
{
    struct rational ratio;
    enum status status = objective->is_lower_better ? rational_divide(plan, value, &ratio)
                                                    : rational_divide(value, plan, &ratio);
    return status ? status : score_ratio(objective, ratio, out);
}

/* The plan that an objective is scored against; false: the roster has none. */
static bool plan_of(const struct objective *objective, const struct result_figure *figure,
                    struct rational *out)
{
    *out = objective->is_plan_from_roster ? figure->goal : rational_of_decimal(objective->plan);
    return !objective->is_plan_from_roster || (figure->has_goal && !rational_is_zero(*out));
}

static enum status score_objective(const struct scorecard_terms *terms,
                                   const struct objective *objective,
                                   const struct result_figure *figure, struct rational *out,
                                   enum pay_wait *out_waits)
{
    struct rational plan;
    struct rational score;
    *out = terms->missing == MISSING_FULL ? RATIONAL_ONE : RATIONAL_ZERO;
    if (!figure->is_there) {
        if (terms->missing == MISSING_PENDING)
            *out_waits = PAY_WAITS_FOR_RESULT;
        return STATUS_OK;
    }
    if (!plan_of(objective, figure, &plan)) {
        *out_waits = PAY_WAITS_FOR_GOAL;
        return STATUS_OK;
    }
    struct rational value = result_value(figure);
    bool is_beyond = objective->is_lower_better && rational_is_zero(value);
    if (is_beyond && !score_of_zero(objective, &score)) {
        *out_waits = PAY_WAITS_FOR_RESULT;
        return STATUS_OK;
    }
    enum status status = is_beyond ? STATUS_OK : score_value(objective, value, plan, &score);
    if (!status && objective->has_cap)
        score = rational_min(score, rational_of_decimal(objective->cap));
    if (!status && terms->rounds_scores)
        status = whole_percent(score, true, &score);
    if (!status)
        *out = score;
    return status;
}

static enum status pay(const void *data, const struct pay_input *input, struct pay_result *out)
{
    const struct scorecard_terms *terms = data;
    struct pay_result result = {.pay = RATIONAL_ZERO, .step = -1};
    struct rational total = RATIONAL_ZERO;
    for (int32_t i = 0; i < terms->count; i++) {
        const struct objective *objective = &terms->objectives[i];
        struct rational score;
        enum status status =
            score_objective(terms, objective, &input->results[i], &score, &result.waits);
        if (!status)
            status = rational_multiply(score, rational_of_decimal(objective->weight), &score);
        if (!status)
            status = rational_add(total, score, &total);
        if (status)
            return status;
    }
    struct rational of = terms->is_of_target ? input->target : rational_of_decimal(terms->amount);
    enum status status = rational_multiply(of, total, &result.pay);
    if (!status)
        *out = result;
    return status;
}

/* --- in words --- */

static void append_ratio(const struct words *words, const void *self, const struct point *point)
{
    (void)self;
    words_share(words->out, point->x);
}

static void append_score(const struct words *words, const void *self, struct rational value)
{
    (void)self;
    words_share(words->out, value);
}

static void append_past(const struct words *words, const void *self, struct rational slope)
{
    struct rational added;
    (void)self;
    if (rational_multiply(slope, (struct rational){1, 100}, &added))
        added = RATIONAL_ZERO;
    buffer_printf(words->out, "each further 1 %% adds ");
    words_share(words->out, added);
}

static void say_ratio(const struct words *words, const struct objective *objective)
{
    struct buffer *out = words->out;
    struct rational plan = rational_of_decimal(objective->plan);
    bool has_plan = objective->is_plan_from_roster || rational_compare(plan, RATIONAL_ONE) != 0;
    if (!has_plan) {
        buffer_printf(out, "its value");
        return;
    }
    buffer_printf(out,
                  objective->is_lower_better ? "its plan of " : "its value against a plan of ");
    if (objective->is_plan_from_roster)
        buffer_printf(out, "the roster's");
    else
        words_number(out, plan);
    buffer_printf(out,
                  objective->is_lower_better ? " against its value, so that less is better" : "");
}

static void say_objective(const struct words *words, const struct objective *objective)
{
    struct buffer *out = words->out;
    const struct words_points curve = {.points = &objective->points,
                                       .x = append_ratio,
                                       .y = append_score,
                                       .past = append_past,
                                       .of = ""};
    buffer_printf(out, "%.*s weighs ", SLICE_ARGS(objective->name));
    words_share(out, rational_of_decimal(objective->weight));
    buffer_printf(out, " and scores ");
    if (objective->score == SCORE_BINARY) {
        buffer_printf(out, "100 %% when ");
        say_ratio(words, objective);
        buffer_printf(out, " is %s ", words_comparator(objective->comparator));
        words_share(out, rational_of_decimal(objective->bound));
        buffer_printf(out, ", else 0 %%");
    } else {
        buffer_printf(out, objective->score == SCORE_POINTS ? "by " : "");
        say_ratio(words, objective);
    }
    if (objective->has_cap) {
        buffer_printf(out, ", at most ");
        words_share(out, rational_of_decimal(objective->cap));
    }
    buffer_printf(out, ".\n");
    if (objective->score == SCORE_POINTS)
        words_points(words, &curve);
}

static void describe(const void *data, const struct words *words)
{
    static const char *const missing[RESULT_MISSING_COUNT] = {
        [MISSING_ZERO] = "scores 0 %",
        [MISSING_PENDING] = "makes the whole scorecard wait",
        [MISSING_FULL] = "scores 100 %",
    };
    const struct scorecard_terms *terms = data;
    struct buffer *out = words->out;
    buffer_printf(out, "A scorecard pays ");
    if (terms->is_of_target)
        buffer_printf(out, "the target incentive");
    else
        words_money(words, rational_of_decimal(terms->amount));
    buffer_printf(out, " times the sum of weight times score.\n");
    for (int32_t i = 0; i < terms->count; i++)
        say_objective(words, &terms->objectives[i]);
    if (terms->rounds_scores)
        buffer_printf(out, "Each score is rounded to whole percents, half a percent going up.\n");
    buffer_printf(out, "An objective without a result %s.\n", missing[terms->missing]);
}

/* The value of a result whose ratio to the plan is `ratio`. */
static bool value_at(const struct objective *objective, const struct landmarks *landmarks,
                     int32_t index, struct rational ratio, struct rational *out)
{
    struct rational plan = rational_of_decimal(objective->plan);
    if (objective->is_plan_from_roster)
        plan = landmarks->goals && landmarks->goals[index].den ? landmarks->goals[index]
                                                               : RATIONAL_ONE;
    return objective->is_lower_better ? !rational_divide(plan, ratio, out)
                                      : !rational_multiply(plan, ratio, out);
}

static void add_ratio(struct landmarks *landmarks, const struct objective *objective, int32_t index,
                      struct rational ratio, bool is_jump)
{
    struct landmark landmark = {.is_jump = is_jump, .index = index, .name = objective->name};
    if (value_at(objective, landmarks, index, ratio, &landmark.at))
        landmarks_add(landmarks, landmark);
}

/* Of each objective: its plan first, then where its score turns. */
static void landmarks(const void *data, struct landmarks *landmarks)
{
    const struct scorecard_terms *terms = data;
    landmarks->of = LANDMARKS_RESULTS;
    for (int32_t i = 0; i < terms->count; i++) {
        const struct objective *objective = &terms->objectives[i];
        add_ratio(landmarks, objective, i, RATIONAL_ONE, false);
        if (objective->score == SCORE_BINARY)
            add_ratio(landmarks, objective, i, rational_of_decimal(objective->bound), true);
        if (objective->score == SCORE_LINEAR)
            add_ratio(landmarks, objective, i, (struct rational){8, 10}, false);
        if (objective->score == SCORE_LINEAR)
            add_ratio(landmarks, objective, i,
                      objective->has_cap ? rational_of_decimal(objective->cap)
                                         : (struct rational){12, 10},
                      false);
        for (int32_t k = 0; objective->score == SCORE_POINTS && k < objective->points.count; k++)
            add_ratio(landmarks, objective, i, objective->points.at[k].x, k == 0);
    }
}

const struct mechanic scorecard_mechanic = {
    .name = "scorecard",
    .summary = "Weighted objectives, each scored against its plan.",
    .measure = MEASURE_ROWS,
    .parse = parse,
    .pay = pay,
    .describe = describe,
    .landmarks = landmarks,
};
