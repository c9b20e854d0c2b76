/* The obvious evaluator: what every book is worth, computed from all rows as the definition at the
 * end of the plan language says it, with rationals and nothing clever.
 *
 * Tests and `audit` hold the fast engine against it, so the two share no code: this one reads the
 * plans' documents itself, and refuses what it does not know instead of ignoring it. It is slow and
 * takes memory as it likes.
 *
 * Where the text leaves a choice, it is read so:
 *  - A key (participant, plan, component, window) exists when a row of the participant fits the
 *    measure in that window; `plus`, floors and amounts at 0 pay nothing where there is no row.
 *  - `exactly` in crediting is asked of every deal that names somebody, also when nobody has that
 *    role; the 0.01 % are inclusive.
 *  - Lines that do not total their deal make it wait whether or not a plan looks at them.
 *  - `attribute.NAME` in a condition is the deal's; product, category and `line.attribute.NAME` are
 *    the line's. A product is in the category of its own name.
 *  - A row without the amount.NAME or the quantity that is summed counts with 0.
 *  - With `over: line` a deal without lines has no window.
 *  - A participant who stands on a deal twice has two rows, each of which counts as one with
 *    `count: credited`.
 *  - `plus` belongs to no row, so a list of rates gives it nothing.
 *  - With `sum: count` a list of rates gives each line that counts a rate of 1, as it does where
 *    the line stands alone.
 *  - `else` is asked only where no other row of the list matches, whatever `match` says.
 *  - `fixed` is the goal of each window, whatever its length. A yearly goal or target counts once
 *    for each year of the plan's range with `over: plan`; where the range is no whole number of
 *    years, and for deals and lines, there is none, and what needs it waits.
 *  - `zero: full-target` pays the target incentive, `nothing` pays 0, both before adjust; neither
 *    has an attainment.
 *  - `direction: lower` with an actual of 0 earns what the component's first cap is at.
 *  - A share of the target waits for one whatever the share is, also where it is 0.
 *  - `share: after` multiplies the pay before adjust.
 *  - `negative` looks at the measure: `first-tier` gives all of it the first tier's rate.
 *  - A retroactive row that is reached gives its rate to everything below its edge, from 0 on.
 *  - With `on: line.attribute.NAME` a line without a number there pays nothing. */
#ifndef MILEPOST_ENGINE_OBVIOUS_H
#define MILEPOST_ENGINE_OBVIOUS_H

#include "base/arena.h"
#include "plan/fact.h"

struct obvious_facts {
    const struct control *controls; /* kinds plan, crediting and categories; others are passed by */
    size_t control_count;
    const struct roster *rosters; /* any number of versions; of an aspect the highest counts */
    size_t roster_count;
    const struct deal *deals; /* all revisions or only the last; the first of equal ones counts */
    size_t deal_count;
};

struct obvious_total {
    struct slice participant;
    struct slice plan;
    int64_t plan_version;
    struct slice component;
    struct slice window;
    struct slice currency;
    struct slice measure; /* the exact value as a fraction, `70000` or `1/3` */
    bool has_goal;
    struct slice goal; /* likewise */
    bool has_attainment;
    struct slice attainment; /* likewise: 1 is 100 % */
    struct decimal earned;
    const char *waits; /* why it is worth 0 until something more is known; NULL: it is valued */
};

/* The totals of all keys, in byte order of participant, plan, component and window. They live in
 * `arena`, their names where the facts have them. INVALID: a document does not read or says what
 * this evaluator does not know, `detail` names it; OUT_OF_RANGE: a total is beyond what the wire
 * carries; EXHAUSTED: the arena is full. */
enum status obvious_evaluate(const struct obvious_facts *facts, struct arena *arena,
                             struct obvious_total **out, size_t *out_count,
                             char *detail) MUST_CHECK;

#endif
