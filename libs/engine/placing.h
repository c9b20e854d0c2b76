/* Rows that are kept in their order: counted into the tree of their window's key, or out of it.
 * Internal to libs/engine. */
#ifndef MILEPOST_ENGINE_PLACING_H
#define MILEPOST_ENGINE_PLACING_H

#include "engine/tally.h"

/* A credit that fits a component and counts in a window of it. */
struct placing {
    const struct tally *tally;
    const struct credit *credit;
    int by; /* 1: in, -1: out */
    const struct plan_version *version;
    size_t index; /* of the component in it */
    uint32_t key; /* the place of the window's key; pointers to keys do not last */
    const struct measuring *measuring;
    struct touched *touched;
    char *detail;
};

/* Places the credit, of which `whole` counts, line by line where the component asks for that; with
 * what is released of it, and the window that it is taken back in, where its pay is divided. Fails
 * as rows are read. */
enum status place_credit(const struct placing *placing,
                         const struct contribution *whole) MUST_CHECK;

#endif
