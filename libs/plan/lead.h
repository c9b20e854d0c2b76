/* The lead of tiers and curves: the value of `on`, which says where in the table a measure stands.
 */
#ifndef MILEPOST_PLAN_LEAD_H
#define MILEPOST_PLAN_LEAD_H

#include "plan/mechanic.h"

enum lead {
    LEAD_AMOUNT,     /* the measure X, whatever it sums */
    LEAD_ATTAINMENT, /* A; 1 = 100 % */
    LEAD_ATTRIBUTE,  /* line.attribute.NAME of the line that stands alone; over: line only */
};

/* Reads `on:` and notes in `reading` what it needs. */
bool lead_parse(struct mechanic_reading *reading, const struct node *node, enum lead *out);

/* Reads an edge of the table: a number, a share for attainment, either for an attribute. Edges of
 * amount and attainment are not negative. */
bool lead_edge(struct mechanic_reading *reading, const struct node *node, enum lead lead,
               struct decimal *out);

/* The value of `lead`; for LEAD_ATTRIBUTE the line has it. */
static inline struct rational lead_value(enum lead lead, const struct pay_input *input)
{
    if (lead == LEAD_AMOUNT)
        return rational_of_measure(input->measure);
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

/* The words of `boundary`: the first is true. */
bool boundary_parse(struct mechanic_reading *reading, const struct node *node, bool *out_is_higher);

#endif
