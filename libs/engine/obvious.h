/* The obvious evaluator: what every book is worth, computed from all rows as the definition at the
 * end of the plan language says it, with rationals and nothing clever.
 *
 * Tests and `audit` hold the fast engine against it, so the two share no code: this one reads the
 * plans' documents itself, and refuses what it does not know instead of ignoring it. It is slow and
 * takes memory as it likes.
 *
 * Each file mirrors a section of the page and quotes the sentence that a function follows. Not
 * valued here: what needs several books (downline, awards, contest, pool).
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
 *  - `fixed` is the goal of each window, whatever its length and whoever is assigned in it. A
 *    yearly goal or target counts once for each year of the plan's range with `over: plan`; where
 *    the range is no whole number of years, and for deals and lines, there is none, and what needs
 *    it waits.
 *  - `zero: full-target` pays the target incentive, `nothing` pays 0, both before adjust; neither
 *    has an attainment.
 *  - `direction: lower` with an actual of 0 earns what the component's first cap without
 *    a condition is at.
 *  - A share of the target waits for one whatever the share is, also where it is 0.
 *  - `share: after` multiplies the pay before adjust; pro rata, the deal measures whole.
 *  - `negative` looks at the measure: `first-tier` gives all of it the first tier's rate.
 *  - A retroactive row that is reached gives its rate to everything below its edge, from 0 on.
 *  - With `on: line.attribute.NAME` a line without a number there pays nothing.
 *
 *  - The window of a deal has the deal's day as its first, whatever of the deal is measured; where
 *    no version is effective on it, the next one values its milestones and payments.
 *  - A milestone of a deal, and a payment, wait for the deal to be closed and to keep the rules; a
 *    cancelled deal's payments count as they are. `splits` is asked of a deal's participants, not
 *    of those that a milestone names itself.
 *  - `never` keeps a cancelled deal's milestones up to the cancellation.
 *  - Results of a measure are taken by `take`, `last` where it says none. Of two on one day the
 *    last is the one whose window or date is later in byte order.
 *  - An adjustment counts in the component that it names where that measures adjustments, else it
 *    adds to what that earns, and is payable; over deals and lines there is no window for it.
 *  - `split`: each assignment but the first that touches a window begins a part; days that nobody
 *    is assigned stay with the part before. A part has the whole window's figures; `prorate` scales
 *    them by its days among all days of the window.
 *  - `prorate: months` counts a month whole when any day of it is assigned.
 *  - `ramp-from: next-window`: the partial window before number 1 has the first share.
 *  - `blend` says nothing where one of the assignments says nothing.
 *  - `baseline` is what the roster gives for the window of the last year, else X of the rows in it;
 *    where no version values that window, 0. X itself becomes the growth.
 *  - Conditions on attainment look at X / goal, before `attainment` makes whole percents of it;
 *    `attainment-of` looks at it as the other's goal says.
 *  - What a company's results are: those of whichever participant is a company; the last counts.
 *  - Where a measure asks about lines, milestones' running total goes line by line.
 *  - A phase of a deal is earned by its first milestone, `from milestones` by each of them; a
 *    milestone that names no phase is of the phase of its own name; `by: 4 weeks after closed`
 *    includes that day; the contract value is that of the last milestone that states one and
 *    stands.
 *  - `level` counts months of the calendar that lie wholly in one assignment.
 *  - A scorecard rounds to whole percents with half a percent going up.
 *  - `quantity` in a bonus's `when` is that of what the measure counts of the row; of the shares in
 *    one role each gets whole cents and one of them the rest.
 *  - `paid-date` counts of a deal what has been paid, each part at its own date's rate.
 *  - A cancellation's taking-back stands behind adjust. Where no version values the window of
 *    `cancelled_at`, the version that valued the deal goes on. With `original-rate` it is released
 *    as the deal's part is; `basis: rate` runs adjust without its floors. `paid-only` takes back
 *    between nothing and what had been released, whatever the sign of either.
 *  - What adjust makes of 0 belongs to no deal. `per: year` holds the year's sum down, of which
 *    earlier windows, of any version, have theirs; a share of target is of the sum of the year's
 *    targets.
 *  - Without `attribution`: a deal's window is its own part, of which milestones have slices; of a
 *    longer one all is approved when every row is.
 *  - Payments count as soon as they are known; the business date moves hold-backs, window ends and
 *    `level`. A hold-back ends on the day that `until` names.
 *  - Redemption is of the rounded payable, in the other currency's smallest unit, by the plan's
 *    mode.
 */
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
    const struct milestone *milestones; /* likewise, as the next two */
    size_t milestone_count;
    const struct payment *payments;
    size_t payment_count;
    const struct result *results; /* and adjustments */
    size_t result_count;
    bool has_business_date; /* false: no hold-back, window or month of `level` has passed yet */
    int32_t business_date;
};

enum { OBVIOUS_PENDING_MAX = 8 };

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
    struct decimal payable; /* by the business date; before `total` */
    bool has_redeemed; /* what is payable, in the currency that the plan's unit is redeemed in */
    struct decimal redeemed;
    struct slice redeem_currency;
    const char *waits; /* why it is worth 0 until something more is known; NULL: it is valued */
    const char *pending[OBVIOUS_PENDING_MAX]; /* that, and why rows are left out, in byte order */
    size_t pending_count;
};

/* The totals of all keys, in byte order of participant, plan, component and window. They live in
 * `arena`, their names where the facts have them. INVALID: a document does not read or says what
 * this evaluator does not know, `detail` names it; OUT_OF_RANGE: a total is beyond what the wire
 * carries; EXHAUSTED: the arena is full. */
enum status obvious_evaluate(const struct obvious_facts *facts, struct arena *arena,
                             struct obvious_total **out, size_t *out_count,
                             char *detail) MUST_CHECK;

/* One pay period of one person in one plan, in the order of time. */
struct obvious_period {
    int32_t from;
    int32_t until;
    bool is_closed; /* false: the open one, whose draw is settled when it closes */
    bool holds; /* in it, `multiply`'s condition, `window: same` being the component's window that
                 * the period lies in */
    struct decimal earned;  /* Σ of what became payable for the plan's components in the period */
    struct decimal payable; /* out: everything paid for it, draw included */
    struct decimal draw_paid; /* out: what was advanced less what was recovered */
    struct decimal draw_owed; /* out: the balance after it */
};

/* `total` of the plan in `document`, over the periods from the first in which the person is
 * assigned; a plan without `total` pays each period what it earned. Where the text leaves a choice:
 * with `recover: all` a period that earns the draw or more gives all of it; in one that earns less
 * nothing is recovered and the draw is topped up; `loan` pays its amount in every period; a period
 * that is paid less than `minimum-payment`, also less than 0, carries it over; a yearly cap counts
 * the years of the plan's calendar by the periods' first days. INVALID and OUT_OF_RANGE as above.
 */
enum status obvious_pay_periods(struct slice document, struct obvious_period *periods, size_t count,
                                struct arena *arena, char *detail) MUST_CHECK;

#endif
