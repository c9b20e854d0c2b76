#include "plan/mechanics/progress.h"

#include "plan/mechanic_parts.h"
#include "plan/plan_parts.h"
#include "plan/words.h"

static const struct key_rule progress_keys[] = {
    {"of", KEY_REQUIRED, "of: contract-value"},
    {"requires", KEY_OPTIONAL, NULL},
    {"dated", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static const void *parse(struct mechanic_reading *reading, const struct node *node)
{
    static const char *const words[] = {"contract-value", NULL};
    int word;
    reading_key_feature(reading->reading, FEATURE_PROGRESS, node);
    if (!reading_keys(reading->reading, node, "`progress`", progress_keys))
        return NULL;
    struct progress_terms *terms = reading_take(reading->reading, 1, sizeof *terms);
    if (!terms)
        return NULL;
    bool is_right = milestone_rows_check(reading, node);
    is_right &= reading_word(reading->reading, node_find(node, "of"), "`of`", words, 1, &word);
    is_right &= approval_parse(reading->reading, node, &terms->approval);
    reading->needs |= NEEDS_EVENTS;
    reading->approval = terms->approval;
    return is_right ? terms : NULL;
}

/* --- paying --- */

static bool is_later(const struct pay_event *a, const struct pay_event *b)
{
    return a->at != b->at ? a->at > b->at : slice_compare(a->event, b->event) > 0;
}

/* The latest event among those of one deal, from `first` on; NULL: none states how far it is. */
static const struct pay_event *latest_of(const struct pay_events *events, size_t first,
                                         size_t *behind)
{
    const struct pay_event *latest = NULL;
    size_t i = first;
    for (; i < events->count; i++) {
        const struct pay_event *event = &events->items[i];
        if (!slice_equal(event->deal, events->items[first].deal))
            break;
        if (event->has_percent_complete && (!latest || is_later(event, latest)))
            latest = event;
    }
    *behind = i;
    return latest;
}

/* One role's part. */
static enum status add_row(const struct pay_event *event, struct rational *sum)
{
    struct rational part;
    enum status status = rational_multiply(rational_of_decimal(event->percent_complete),
                                           rational_of_decimal(event->contract_value), &part);
    if (!status)
        status = rational_multiply(part, event->exchange, &part);
    if (!status)
        status = rational_multiply(part, rational_of_decimal(event->share), &part);
    return status ? status : rational_add(*sum, part, sum);
}

static enum status pay(const void *data, const struct pay_input *input, struct pay_result *out)
{
    (void)data;
    struct pay_result result = {.pay = RATIONAL_ZERO, .step = -1};
    const struct pay_event *events = input->events.items;
    size_t behind;
    for (size_t first = 0; first < input->events.count; first = behind) {
        const struct pay_event *latest = latest_of(&input->events, first, &behind);
        for (size_t i = first; latest && i < behind; i++) {
            if (!slice_equal(events[i].event, latest->event))
                continue;
            enum status status = add_row(&events[i], &result.pay);
            if (status)
                return status;
        }
    }
    *out = result;
    return STATUS_OK;
}

/* --- in words --- */

static void describe(const void *data, const struct words *words)
{
    const struct progress_terms *terms = data;
    buffer_printf(words->out,
                  "The part of a contract's value that is complete, by its latest milestone; %s.\n",
                  terms->approval.is_required ? "what is not approved does not count"
                                              : "approval is not needed");
}

static void landmarks(const void *data, struct landmarks *landmarks)
{
    (void)data;
    landmarks->of = LANDMARKS_COMPLETE;
    for (int i = 0; i <= 4; i++)
        landmarks_add(landmarks, (struct landmark){.at = {i, 4}});
}

const struct mechanic progress_mechanic = {
    .name = "progress",
    .summary = "The part of a contract that is complete.",
    .measure = MEASURE_ROWS,
    .parse = parse,
    .pay = pay,
    .describe = describe,
    .landmarks = landmarks,
};
