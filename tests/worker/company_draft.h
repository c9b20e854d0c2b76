/* A component of a random plan on its way onto paper. */
#ifndef MILEPOST_TESTS_COMPANY_DRAFT_H
#define MILEPOST_TESTS_COMPANY_DRAFT_H

#include "worker/company.h"

const char *pick(struct chance *chance, const char *const *words, size_t count);

/* One of the words that follow. */
#define PICK(chance, ...)                                                                          \
    pick(chance, (const char *const[]){__VA_ARGS__},                                               \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* What one component is about, drawn step by step; the text follows from it. */
struct draft {
    struct chance *chance;
    struct buffer *out;
    const char *over;
    const char *sum;
    const char *of; /* deals, milestones or payments */
    bool is_alone;  /* over deal or line */
    bool has_goal;
    bool is_lower;
    bool is_whole_percent;
    bool is_prorated; /* the goal */
    bool has_baseline;
    bool has_where;
    bool is_paid;            /* converts at the dates of its cash */
    const char *attribution; /* NULL: none */
    uint32_t names[3];       /* of the plan's components: what stands behind the c */
};

/* Keys of `where` and of lists of rates. */
enum { CONDITIONS = 17 };
extern const char *const company_conditions[CONDITIONS];

/* One that the measure's rows may be asked. */
uint32_t draw_condition(const struct draft *draft);

/* Each appends its section of the component, if any. */
void write_goal(struct draft *draft);
void write_pays(struct draft *draft);
void write_level(struct draft *draft); /* in place of measure and pays */
void write_adjust(struct draft *draft);
void write_cancelled(struct draft *draft);
void write_release(struct draft *draft);

/* Whether the component says how pay is divided, and how. */
void draw_attribution(struct draft *draft);

/* `pays` of a curve or of tiers. */
void write_steps_of_pay(struct draft *draft);

/* Everything of a component that measures results, or milestones. */
void write_results(struct draft *draft);
void write_events(struct draft *draft);

#endif
