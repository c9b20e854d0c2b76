/* Shared by the files of worked.h. */
#ifndef MILEPOST_ENGINE_WORKED_PARTS_H
#define MILEPOST_ENGINE_WORKED_PARTS_H

#include "engine/worked.h"

/* What a trial is of; `at` as worked_value takes it. */
struct trial {
    const struct worked *worked;
    const struct worked_column *column;
    struct rational at;
    const struct landmark *landmark; /* of rates, results, phases */
    struct adjust_trace *trace;      /* may be NULL */
};

enum status trial_worth(const struct trial *trial, struct worth *out) MUST_CHECK;

#endif
