/* The lead of tiers and curves: the value of `on`, which says where in the table a measure stands.
 */
#ifndef MILEPOST_PLAN_LEAD_H
#define MILEPOST_PLAN_LEAD_H

#include "plan/mechanic.h"
#include "plan/points.h"

enum lead {
    LEAD_AMOUNT,        /* the measure X, whatever it sums */
    LEAD_ATTAINMENT,    /* A; 1 = 100 % */
    LEAD_ATTRIBUTE,     /* line.attribute.NAME of the line that stands alone; over: line only */
    LEAD_ATTAINMENT_OF, /* of another component, as mechanic_reading.attainment_of says */
};

/* Reads `on:` and notes in `reading` what it needs. */
bool lead_parse(struct mechanic_reading *reading, const struct node *node, enum lead *out);

/* Reads an edge of the table: a number, a share for attainment, either for an attribute. Edges of
 * amount and attainment are not negative. */
bool lead_edge(struct mechanic_reading *reading, const struct node *node, enum lead lead,
               struct decimal *out);

/* What landmarks of a table by `lead` are landmarks of. */
enum landmark_of lead_landmarks(enum lead lead);

/* How edges of `lead` are written. */
enum figure_kind lead_figure(enum lead lead);

/* Whether the lead has a value at all: what comes from outside may be missing, and pays nothing. */
static inline bool lead_is_here(enum lead lead, const struct pay_input *input)
{
    return lead == LEAD_AMOUNT || lead == LEAD_ATTAINMENT || input->has_attribute;
}

/* The value of `lead`, which is here. */
static inline struct rational lead_value(enum lead lead, const struct pay_input *input)
{
    if (lead == LEAD_AMOUNT)
        return measure_of(input);
    return lead == LEAD_ATTAINMENT ? input->attainment : input->attribute;
}

/* symbol, word in plans, whether its values are shares */
#define GIVES_LIST(ROW)                                                                            \
    ROW(GIVES_RATE, "rate", true)                                                                  \
    ROW(GIVES_UNIT, "unit", false)                                                                 \
    ROW(GIVES_AMOUNT, "amount", false)                                                             \
    ROW(GIVES_PERCENT_OF_TARGET, "percent-of-target", true)

#define GIVES_SYMBOL(symbol, name, is_share) symbol,
enum gives { GIVES_LIST(GIVES_SYMBOL) GIVES_COUNT };
#undef GIVES_SYMBOL

/* Reads `gives:` and notes what it needs. */
bool gives_parse(struct mechanic_reading *reading, const struct node *node, enum gives *out);

/* Reads one value of what is given: a share with its %, or a number. */
bool gives_value(struct mechanic_reading *reading, const struct node *node, enum gives gives,
                 struct rational *out);

#endif
