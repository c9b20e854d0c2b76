#include "plan/lead.h"

#include "plan/plan_parts.h"

static bool parse_attribute(struct mechanic_reading *reading, const struct node *node,
                            struct slice name)
{
    if (reading->component->over != WINDOW_LINE) {
        report_error(reading->reading->reports, node_place(node), "bad-value", "over: line",
                     "a line's attribute can lead only where each line stands alone");
        return false;
    }
    reading->needs |= NEEDS_LINE_ATTRIBUTE;
    reading->attribute = name;
    return true;
}

static const struct key_rule attainment_of_keys[] = {
    {"attainment-of", KEY_REQUIRED, "attainment-of: revenue"},
    {"window", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

/* {attainment-of: COMPONENT, window: same | containing} */
static bool parse_attainment_of(struct mechanic_reading *reading, const struct node *node)
{
    const struct node *name = node_find(node, "attainment-of");
    reading_feature(reading->reading, FEATURE_ATTAINMENT_OF, node);
    reading->needs |= NEEDS_ATTAINMENT_OF;
    return reading_keys(reading->reading, node, "`on`", attainment_of_keys) &&
           look_parse(reading->plan, reading->component, name, node_find(node, "window"),
                      LOOK_CONTAINING + 1, &reading->attainment_of) &&
           look_check_goal(reading->plan, name, reading->attainment_of);
}

bool lead_parse(struct mechanic_reading *reading, const struct node *node, enum lead *out)
{
    static const char *const words[] = {"amount", "attainment", "line.attribute.NAME", NULL};
    struct slice prefix = SLICE("line.attribute.");
    int word;
    if (node->kind == NODE_MAP) {
        *out = LEAD_ATTAINMENT_OF;
        return parse_attainment_of(reading, node);
    }
    if (node->kind == NODE_SCALAR && slice_starts_with(node->text, prefix) &&
        node->text.length > prefix.length) {
        *out = LEAD_ATTRIBUTE;
        return parse_attribute(
            reading, node,
            (struct slice){node->text.bytes + prefix.length, node->text.length - prefix.length});
    }
    if (!reading_word(reading->reading, node, "`on`", words, 3, &word))
        return false;
    *out = (enum lead)word;
    if (*out == LEAD_ATTAINMENT)
        reading->needs |= NEEDS_ATTAINMENT;
    return true;
}

static const enum figure_kind figures[] = {
    [LEAD_AMOUNT] = FIGURE_NUMBER,
    [LEAD_ATTAINMENT] = FIGURE_SHARE,
    [LEAD_ATTRIBUTE] = FIGURE_EITHER,
    [LEAD_ATTAINMENT_OF] = FIGURE_SHARE,
};

enum figure_kind lead_figure(enum lead lead)
{
    return figures[lead];
}

bool lead_edge(struct mechanic_reading *reading, const struct node *node, enum lead lead,
               struct decimal *out)
{
    if (!reading_figure(reading->reading, node, "an edge", figures[lead], out))
        return false;
    if (lead == LEAD_ATTRIBUTE || out->units >= 0)
        return true;
    report_error(reading->reading->reports, node_place(node), "bad-value", NULL,
                 "an edge cannot be negative; what a negative measure pays is said by `negative` "
                 "or `below`");
    return false;
}

static const char *const gives_words[] = {
#define GIVES_WORD(symbol, name, is_share) name,
    GIVES_LIST(GIVES_WORD)
#undef GIVES_WORD
        NULL,
};

static const bool gives_shares[] = {
#define GIVES_SHARE(symbol, name, is_share) is_share,
    GIVES_LIST(GIVES_SHARE)
#undef GIVES_SHARE
};

bool gives_parse(struct mechanic_reading *reading, const struct node *node, enum gives *out)
{
    int word;
    if (!reading_word(reading->reading, node, "`gives`", gives_words, GIVES_COUNT, &word))
        return false;
    *out = (enum gives)word;
    if (*out == GIVES_PERCENT_OF_TARGET)
        reading->needs |= NEEDS_TARGET;
    return true;
}

bool gives_value(struct mechanic_reading *reading, const struct node *node, enum gives gives,
                 struct rational *out)
{
    struct decimal value;
    bool is_read = gives_shares[gives]
                       ? reading_share(reading->reading, node, "what is given", &value)
                       : reading_number(reading->reading, node, "what is given", &value);
    if (is_read)
        *out = rational_reduce(rational_of_decimal(value));
    return is_read;
}

enum landmark_of lead_landmarks(enum lead lead)
{
    if (lead == LEAD_AMOUNT)
        return LANDMARKS_MEASURE;
    return lead == LEAD_ATTAINMENT ? LANDMARKS_ATTAINMENT : LANDMARKS_OTHER;
}
