/* The sentences of each step. Internal to libs/plan. */
#ifndef MILEPOST_PLAN_DESCRIBE_PARTS_H
#define MILEPOST_PLAN_DESCRIBE_PARTS_H

#include "plan/words.h"

void describe_measure(const struct words *words);
void describe_cancelled(const struct words *words);
void describe_over(const struct words *words);
void describe_goal(const struct words *words);
void describe_adjust(const struct words *words);
void describe_release(const struct words *words);
void describe_attribution(const struct words *words);

#endif
