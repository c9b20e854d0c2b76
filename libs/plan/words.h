/* The words in which plans are read aloud: figures, dates and conditions as people say them, for
 * the sentences of describe.h.
 *
 * Everything is appended; nothing can fail. Figures are exact to 9 places, with commas for
 * thousands; shares carry a blank before their %. */
#ifndef MILEPOST_PLAN_WORDS_H
#define MILEPOST_PLAN_WORDS_H

#include "base/buffer.h"
#include "plan/lead.h"
#include "plan/plan.h"

/* Where sentences go. A sentence ends with a full stop and a newline. */
struct words {
    struct buffer *out;
    const struct plan *plan;
    const struct plan_component *component; /* NULL: of the plan as a whole */
};

void words_digits(struct buffer *out, struct slice number);           /* `1500.00` as `1,500.00` */
void words_number(struct buffer *out, struct rational value);         /* `150,000`, `0.6` */
void words_share(struct buffer *out, struct rational value);          /* 1 is `100 %` */
void words_money(const struct words *words, struct rational value);   /* `2.50 USD` */
void words_measure(const struct words *words, struct rational value); /* `500 units`, `3 deals` */
/* What amounts are measured in: the plan's currency, or the one they are converted to. */
const struct currency *words_measured_in(const struct plan *plan,
                                         const struct plan_component *component);
void words_date(struct buffer *out, int32_t date);                 /* `31 March 2026` */
void words_duration(struct buffer *out, struct duration duration); /* `18 months` */

/* A value of `lead` as words_measure and words_share say it; an attribute as it is written. */
void words_lead(const struct words *words, enum lead lead, struct rational value,
                struct slice written);

/* What that value is of: `the measure`, `attainment`, `the attainment of revenue`. */
void words_lead_name(const struct words *words, enum lead lead);

/* A value that is given: `4 %`, `2.50 USD for each unit`, `50 % of the target incentive`. */
void words_given(const struct words *words, enum gives gives, struct rational value);

/* The same without what it is of, and what it is of: `50 %` and ` of the target incentive`. */
void words_given_figure(const struct words *words, enum gives gives, struct rational value);
const char *words_given_of(enum gives gives);

/* One of what the measure counts: `unit`, `deal`, `1 of the measure`. */
const char *words_one(const struct words *words);

/* `below`, `at least`, `exactly`; the figure follows. */
const char *words_comparator(enum comparator comparator);

/* `the product is core or plus and the territory is DACH`. */
void words_conditions(struct buffer *out, const struct condition *conditions, size_t count);

/* `the attainment of revenue is below 80 %`, without parts `always`. */
void words_when(const struct words *words, const struct when *when);

/* `lead` and the condition, where there is one. */
void words_while(const struct words *words, const char *lead, const struct when *when);

/* `the result csat`, `the company's result revenue`. */
void words_result(struct buffer *out, const struct result_name *result);

/* The straight lines of a curve, a sentence each. */
struct words_points {
    const struct points *points;
    /* Append what is looked at and what is given, `80 %`, `25 %`; `of` stands behind the latter:
     * ` of the target incentive`. */
    void (*x)(const struct words *words, const void *self, const struct point *point);
    void (*y)(const struct words *words, const void *self, struct rational value);
    const char *of;
    /* Appends what each step past the last point adds: `each further 1 % adds 1 % of …`. */
    void (*past)(const struct words *words, const void *self, struct rational slope);
    const void *self;
};
void words_points(const struct words *words, const struct words_points *curve);

/* What is paid of it when it is late: `nothing`, `50 % of that`. */
void words_late(struct buffer *out, struct decimal late);

/* When prizes and shares of a pool are settled, and whether later changes move them. */
void words_settling(const struct words *words, bool is_final);

/* What stands before item `index` of a list: nothing, a comma, or `last`. */
const char *words_between(size_t index, size_t count, const char *last);

#endif
