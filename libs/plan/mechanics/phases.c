#include "plan/mechanics/phases.h"

#include "plan/mechanic_parts.h"
#include "plan/plan_parts.h"
#include "plan/words.h"

static const struct key_rule phases_keys[] = {
    {"of", KEY_REQUIRED, "of: contract-value   # or fixed, target-incentive"},
    {"table", KEY_REQUIRED,
     "table: [{phase: design, give: 30%}, {phase: build, give: 70%}]\ntable: from milestones"},
    {"requires", KEY_OPTIONAL, NULL},
    {"dated", KEY_OPTIONAL, NULL},
    {"partial", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static const struct key_rule row_keys[] = {
    {"phase", KEY_REQUIRED, "phase: design"},
    {"give", KEY_REQUIRED, "give: 30%"},
    {"by", KEY_OPTIONAL, NULL},
    {"late", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static const char *const of_words[] = {
#define OF_WORD(symbol, name) name,
    PHASES_OF_LIST(OF_WORD)
#undef OF_WORD
        NULL,
};

static bool refuse(struct mechanic_reading *reading, struct place place, const char *code,
                   const char *fix, const char *sentence)
{
    report_error(reading->reading->reports, place, code, fix, "%s", sentence);
    return false;
}

static bool parse_by(struct mechanic_reading *reading, const struct node *by,
                     const struct node *late, struct phase *phase)
{
    if (!by && late)
        return refuse(reading, node_key_place(late), "bad-key", "by: 4 weeks after closed",
                      "`late` stands beside `by`: without a deadline nothing is late");
    if (!by)
        return true;
    phase->has_by = true;
    if (by->kind != NODE_SCALAR || !duration_after_closed(by->text, &phase->by))
        return refuse(reading, node_place(by), "bad-value", "by: 4 weeks after closed",
                      "`by` is a duration after the deal closed");
    return !late || late_parse(reading->reading, late, &phase->late);
}

static bool parse_give(struct mechanic_reading *reading, const struct node *node,
                       const struct phases_terms *terms, struct phase *phase)
{
    return reading_figure(reading->reading, node, "`give`",
                          terms->of == PHASES_OF_FIXED ? FIGURE_NUMBER : FIGURE_SHARE,
                          &phase->give);
}

static bool parse_row(struct mechanic_reading *reading, const struct node *row,
                      const struct phases_terms *terms, struct phase *phases, int32_t index)
{
    struct phase *phase = &phases[index];
    if (!reading_keys(reading->reading, row, "a phase", row_keys))
        return false;
    const struct node *name = node_find(row, "phase");
    bool is_right = reading_text(reading->reading, name, "`phase`", &phase->phase);
    is_right &= parse_give(reading, node_find(row, "give"), terms, phase);
    is_right &= parse_by(reading, node_find(row, "by"), node_find(row, "late"), phase);
    for (int32_t i = 0; is_right && i < index; i++) {
        if (slice_equal(phases[i].phase, phase->phase))
            return refuse(reading, node_place(name), "twice", NULL, "the phase stands twice");
    }
    return is_right;
}

static bool check_shares(struct mechanic_reading *reading, const struct node *table,
                         const struct phases_terms *terms)
{
    int128 total = 0;
    if (terms->of == PHASES_OF_FIXED || terms->is_partial)
        return true;
    for (int32_t i = 0; i < terms->count; i++)
        total += terms->phases[i].give.units;
    if (total == ONE_SHARE)
        return true;
    report_total(reading->plan, table, "the shares of the phases, unless `partial: true`,", total);
    return false;
}

static bool parse_table(struct mechanic_reading *reading, const struct node *table,
                        struct phases_terms *terms)
{
    terms->is_from_milestones = node_is(table, "from milestones");
    if (terms->is_from_milestones)
        return true;
    if (!reading_list(reading->reading, table, "`table`"))
        return false;
    if (table->count == 0 || table->count > PHASES_MAX)
        return refuse(reading, node_place(table), "bad-value", NULL, "a table has 1 to 200 phases");
    struct phase *phases = reading_take(reading->reading, table->count, sizeof *phases);
    if (!phases)
        return false;
    bool is_right = true;
    for (const struct node *row = table->first; row; row = row->next)
        is_right &= parse_row(reading, row, terms, phases, terms->count++);
    terms->phases = phases;
    return is_right && check_shares(reading, table, terms);
}

static const void *parse(struct mechanic_reading *reading, const struct node *node)
{
    int word = 0;
    reading_key_feature(reading->reading, FEATURE_PHASES, node);
    if (!reading_keys(reading->reading, node, "`phases`", phases_keys))
        return NULL;
    struct phases_terms *terms = reading_take(reading->reading, 1, sizeof *terms);
    const struct node *partial = node_find(node, "partial");
    if (!terms || !reading_word(reading->reading, node_find(node, "of"), "`of`", of_words,
                                PHASES_OF_COUNT, &word))
        return NULL;
    terms->of = (enum phases_of)word;
    if (terms->of == PHASES_OF_TARGET_INCENTIVE)
        reading->needs |= NEEDS_TARGET;
    bool is_right = milestone_rows_check(reading, node);
    if (partial)
        is_right &= reading_flag(reading->reading, partial, "`partial`", &terms->is_partial);
    is_right &= approval_parse(reading->reading, node, &terms->approval);
    reading->needs |= NEEDS_EVENTS;
    reading->approval = terms->approval;
    return parse_table(reading, node_find(node, "table"), terms) && is_right ? terms : NULL;
}

/* --- paying --- */

/* A share of what shares are shares of. */
static enum status take_share(const struct phases_terms *terms, const struct pay_input *input,
                              const struct pay_event *event, struct decimal share,
                              struct rational *out)
{
    struct rational base = input->target;
    enum status status = STATUS_OK;
    if (terms->of != PHASES_OF_TARGET_INCENTIVE)
        status =
            rational_multiply(rational_of_decimal(event->contract_value), event->exchange, &base);
    return status ? status : rational_multiply(rational_of_decimal(share), base, out);
}

/* "4 weeks after closed": the last day is in time. Without a deal nothing is late. */
static enum status is_late(const struct phase *phase, const struct pay_event *event, bool *out)
{
    int32_t last = event->date;
    enum status status = STATUS_OK;
    if (phase->has_by && event->has_closed)
        status = duration_add(event->closed, phase->by, &last);
    *out = event->date > last;
    return status;
}

static enum status pay_phase(const struct phases_terms *terms, const struct phase *phase,
                             const struct pay_input *input, const struct pay_event *event,
                             struct rational *out)
{
    bool is_too_late;
    struct rational pay = rational_of_decimal(phase->give);
    enum status status = is_late(phase, event, &is_too_late);
    if (!status && terms->of != PHASES_OF_FIXED)
        status = take_share(terms, input, event, phase->give, &pay);
    if (!status && is_too_late)
        status = rational_multiply(pay, rational_of_decimal(phase->late), &pay);
    return status ? status : rational_multiply(pay, rational_of_decimal(event->share), out);
}

static enum status pay_own(const struct phases_terms *terms, const struct pay_input *input,
                           const struct pay_event *event, struct rational *out)
{
    struct rational pay;
    enum status status =
        event->has_own_share && terms->of != PHASES_OF_FIXED
            ? take_share(terms, input, event, event->own_share, &pay)
            : rational_multiply(rational_of_decimal(event->amount), event->exchange, &pay);
    return status ? status : rational_multiply(pay, rational_of_decimal(event->share), out);
}

static int32_t find_phase(const struct phases_terms *terms, struct slice name)
{
    for (int32_t i = 0; i < terms->count; i++) {
        if (slice_equal(terms->phases[i].phase, name))
            return i;
    }
    return -1;
}

/* Whether the event is that of the first row of its phase in its deal. */
static bool is_first(const struct pay_events *events, size_t index, size_t *first)
{
    const struct pay_event *event = &events->items[index];
    const struct pay_event *of = &events->items[*first];
    if (!slice_equal(of->deal, event->deal) || !slice_equal(of->phase, event->phase))
        *first = index;
    return slice_equal(events->items[*first].event, event->event);
}

static enum status pay(const void *data, const struct pay_input *input, struct pay_result *out)
{
    const struct phases_terms *terms = data;
    struct pay_result result = {.pay = RATIONAL_ZERO, .step = -1};
    size_t first = 0;
    for (size_t i = 0; i < input->events.count; i++) {
        const struct pay_event *event = &input->events.items[i];
        struct rational part = RATIONAL_ZERO;
        enum status status = STATUS_OK;
        if (terms->is_from_milestones) {
            status = pay_own(terms, input, event, &part);
        } else {
            int32_t phase = find_phase(terms, event->phase);
            if (!is_first(&input->events, i, &first) || phase < 0)
                continue;
            status = pay_phase(terms, &terms->phases[phase], input, event, &part);
            result.step = phase > result.step ? phase : result.step;
        }
        if (!status)
            status = rational_add(result.pay, part, &result.pay);
        if (status)
            return status;
    }
    if (result.step >= 0)
        result.name = terms->phases[result.step].phase;
    *out = result;
    return STATUS_OK;
}

/* --- in words --- */

static void say_phase(const struct words *words, const struct phases_terms *terms,
                      const struct phase *phase)
{
    struct buffer *out = words->out;
    buffer_printf(out, "%.*s: ", SLICE_ARGS(phase->phase));
    if (terms->of == PHASES_OF_FIXED)
        words_money(words, rational_of_decimal(phase->give));
    else
        words_share(out, rational_of_decimal(phase->give));
    if (phase->has_by) {
        buffer_printf(out, ", within ");
        words_duration(out, phase->by);
        buffer_printf(out, " of the deal being closed; later ");
        words_late(out, phase->late);
    }
    buffer_printf(out, ".\n");
}

static void say_approval(const struct words *words, const struct approval *approval)
{
    buffer_printf(words->out, "A phase counts %s; its date is that on which it was %s.\n",
                  approval->is_required ? "when it is approved" : "as soon as it is reached",
                  approval->dates ? "approved" : "reached");
}

static void describe(const void *data, const struct words *words)
{
    static const char *const of[PHASES_OF_COUNT] = {
        [PHASES_OF_CONTRACT_VALUE] = "a share of the contract's value",
        [PHASES_OF_FIXED] = "a fixed sum",
        [PHASES_OF_TARGET_INCENTIVE] = "a share of the target incentive",
    };
    const struct phases_terms *terms = data;
    buffer_printf(words->out, "Each phase of a contract pays %s", of[terms->of]);
    buffer_printf(words->out,
                  terms->is_from_milestones ? ", as the milestone event itself says.\n" : ".\n");
    for (int32_t i = 0; i < terms->count; i++)
        say_phase(words, terms, &terms->phases[i]);
    say_approval(words, &terms->approval);
    if (terms->of == PHASES_OF_CONTRACT_VALUE)
        buffer_printf(words->out, "When the contract's value changes, what was earned is valued "
                                  "anew and the difference is paid or taken back.\n");
}

static void landmarks(const void *data, struct landmarks *landmarks)
{
    const struct phases_terms *terms = data;
    landmarks->of = terms->is_from_milestones ? LANDMARKS_NONE : LANDMARKS_PHASES;
    for (int32_t i = 0; i < terms->count; i++) {
        const struct phase *phase = &terms->phases[i];
        struct landmark landmark = {.at = RATIONAL_ZERO, .index = i, .name = phase->phase};
        int32_t last;
        if (phase->has_by && !duration_add(landmarks->window.from, phase->by, &last)) {
            landmark.has_until = true;
            landmark.until = last + 1;
        }
        landmarks_add(landmarks, landmark);
    }
}

const struct mechanic phases_mechanic = {
    .name = "phases",
    .summary = "Parts of a contract, paid as its phases are reached or approved.",
    .measure = MEASURE_ROWS,
    .parse = parse,
    .pay = pay,
    .describe = describe,
    .landmarks = landmarks,
};
