/* Findings as SARIF 2.1.0, for code review: one run, a rule for each code that was found. */
#ifndef MILEPOST_LINT_SARIF_H
#define MILEPOST_LINT_SARIF_H

#include "plan/report.h"

/* Appends the whole log. `lists` are the findings of each file, in order. */
void sarif_append(const struct reports *const *lists, size_t count, struct buffer *out);

#endif
