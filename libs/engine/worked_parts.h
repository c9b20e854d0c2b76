/* Shared by the files of worked.h. */
#ifndef MILEPOST_ENGINE_WORKED_PARTS_H
#define MILEPOST_ENGINE_WORKED_PARTS_H

#include "engine/worked.h"

/* What an attempt is of; `at` as worked_value takes it. */
struct attempt {
    const struct worked *worked;
    const struct worked_column *column;
    struct rational at;
    const struct landmark *landmark; /* of rates, results, phases */
    struct adjust_trace *trace;      /* may be NULL */
};

enum status attempt_worth(const struct attempt *attempt, struct worth *out) MUST_CHECK;

#endif
