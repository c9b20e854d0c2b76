#include "plan/lead.h"

#include "plan/plan.h"

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

bool lead_parse(struct mechanic_reading *reading, const struct node *node, enum lead *out)
{
    static const char *const words[] = {"amount", "attainment", "line.attribute.NAME", NULL};
    struct slice prefix = SLICE("line.attribute.");
    int word;
    if (node->kind == NODE_MAP && node_find(node, "attainment-of")) {
        report_error(reading->reading->reports, node_place(node), "not-here", "on: attainment",
                     "`attainment-of` is in the language, but this version cannot do it yet");
        return false;
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

bool lead_edge(struct mechanic_reading *reading, const struct node *node, enum lead lead,
               struct decimal *out)
{
    bool is_share;
    bool is_read = lead == LEAD_AMOUNT ? reading_number(reading->reading, node, "an edge", out)
                   : lead == LEAD_ATTAINMENT
                       ? reading_share(reading->reading, node, "an edge", out)
                       : reading_number_or_share(reading->reading, node, "an edge", out, &is_share);
    if (!is_read)
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

bool boundary_parse(struct mechanic_reading *reading, const struct node *node, bool *out_is_higher)
{
    static const char *const words[] = {"higher", "lower", NULL};
    int word;
    if (!reading_word(reading->reading, node, "`boundary`", words, 2, &word))
        return false;
    *out_is_higher = word == 0;
    return true;
}
