/* What a fact would move, said to people and programs. */
#ifndef MILEPOST_MILEPOST_WHAT_IF_ANSWER_H
#define MILEPOST_MILEPOST_WHAT_IF_ANSWER_H

#include "milepost/standing_plans.h"
#include "milepost/trial.h"

/* One key that the fact moves, or that the next one would. */
struct what_if_line {
    struct trial_key key;
    bool has_next;
    struct emitted_row next; /* after the fact and a further deal */
};

struct what_if_answer {
    struct slice fact; /* how it is called: `deal D-1` */
    struct slice date; /* when it happens, as an instant; empty: it has none */
    struct slice waits;
    struct decimal next_amount;
    struct what_if_line *lines;
    size_t count;
    size_t capacity;
};

/* Takes over the trial's keys that have moved. */
void what_if_answer_take(struct what_if_answer *answer, const struct trial *trial);
/* The trial has now seen a further deal. */
void what_if_answer_take_next(struct what_if_answer *answer, const struct trial *trial,
                              struct decimal amount);
void what_if_answer_deinit(struct what_if_answer *answer); /* Accepts a zeroed one. */

/* Tables and sentences, or an object for each line; money with the places of its plan. */
void what_if_answer_print(const struct what_if_answer *answer, const struct standing_plans *plans,
                          const struct console *console);

#endif
