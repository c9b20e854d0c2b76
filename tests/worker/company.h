/* A random company: plans over the whole language that the engine knows, a roster, control and what
 * happens to it. The same seed makes the same company.
 *
 * company.c draws control and puts it together, company_roster.c, company_deals.c and
 * company_facts.c draw what their names say, company_plans.c with its draft draws plans. A new kind
 * of fact is a row in the table of company.c.
 *
 * Not drawn, of what the engine has: `total` (tests/engine/pay_chain_test.c draws it) and `redeem`,
 * which stand behind what is compared; conditions on a `result` and a factor by a curve over one;
 * `on: {attainment-of: …}`; `rate-of: paid-date` with `where`, of another amount, or over lines;
 * milestones of no deal in other money than USD. */
#ifndef MILEPOST_TESTS_COMPANY_H
#define MILEPOST_TESTS_COMPANY_H

#include "base/arena.h"
#include "base/buffer.h"
#include "engine/obvious.h"
#include "worker/pipeline.h"

enum company_kind {
    COMPANY_CONTROL, /* struct control; all versions, as of the roster */
    COMPANY_ROSTER,
    COMPANY_DEAL, /* all revisions, as of the next three */
    COMPANY_MILESTONE,
    COMPANY_PAYMENT,
    COMPANY_RESULT, /* and adjustments */
    COMPANY_KINDS,
};

enum { COMPANY_FACTS_MAX = 128 }; /* of each kind */

struct chance {
    uint64_t state;
};

struct company_facts {
    char *items;
    size_t count;
    bool left_out[COMPANY_FACTS_MAX]; /* it stays in the list, and nobody hears of it */
};

struct company {
    struct arena arena;
    struct chance chance;
    struct company_facts facts[COMPANY_KINDS];
    size_t refused; /* plans drawn that the language does not allow */
};

uint32_t chance_draw(struct chance *chance, uint32_t below);
bool chance_one_in(struct chance *chance, uint32_t count);
struct chance chance_of(uint64_t seed);

void company_init(struct company *company, uint64_t seed);
void company_deinit(struct company *company);

/* A new fact of its kind, zeroed. */
void *company_add(struct company *company, enum company_kind kind);

void *company_fact(const struct company *company, enum company_kind kind, size_t index);

/* What the obvious evaluator is asked: all that is not left out; lists live in `arena`. */
struct obvious_facts company_known(const struct company *company, struct arena *arena);

/* The latest business date that is not left out. False: there is none. */
bool company_date(const struct company *company, int32_t *out);

/* Sends one fact where somebody outside would, with timestamp 0. */
void company_feed(const struct company *company, enum company_kind kind, size_t index,
                  struct pipeline *pipeline);

/* Everything that is not left out, written into `folder` as files that `milepost simulate` reads:
 * plans, control, roster, events. */
void company_write(const struct company *company, const char *folder);

/* --- pieces that its parts share --- */

enum { COMPANY_PEOPLE = 5, COMPANY_DEALS = 26 /* D-0 … */ };

/* The last one has no assignment. */
extern const char *const company_people[COMPANY_PEOPLE];

/* Zeroed; ends the program when the arena is full. */
void *company_take(struct company *company, size_t count, size_t size);
struct slice company_name(struct company *company, const char *format, int index);

/* `33.33%` or `1234.56`. */
struct decimal company_number(const char *text);

/* Often a round sum, so that edges are met exactly; now and then negative. */
struct decimal company_amount(struct chance *chance);

/* Instants from December 2025 to March 2027, every third one where a day ends or begins. */
int64_t company_instant(struct chance *chance);

/* deal_participant each; may be empty. */
struct list company_participants(struct company *company);

void company_draw_rosters(
    struct company *company); /* after control: goals are for its components */
void company_draw_deals(struct company *company);
void company_draw_facts(struct company *company); /* after deals */

/* A valid document for version `version` of plan `plan`, drawn until the plan reader takes it;
 * lives in the company's arena. `shape` is what all versions of a plan share. */
struct slice company_draw_plan(struct company *company, const char *plan, int version,
                               uint64_t shape, struct list *out_zones);

/* The same document without one of its components. Bytes NULL: there is no such component; empty:
 * the language does not allow it. */
struct slice company_shorter_plan(struct company *company, struct slice document, size_t component);

#endif
