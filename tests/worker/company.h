/* A random company: plans over the whole language that the engine knows, a roster, control and the
 * histories of its deals. The same seed makes the same company. */
#ifndef MILEPOST_TESTS_COMPANY_H
#define MILEPOST_TESTS_COMPANY_H

#include "base/arena.h"
#include "base/buffer.h"
#include "plan/fact.h"

enum { COMPANY_CONTROLS_MAX = 16, COMPANY_ROSTERS_MAX = 16, COMPANY_DEALS_MAX = 96 };

struct chance {
    uint64_t state;
};

struct company {
    struct arena arena;
    struct chance chance;
    struct control controls[COMPANY_CONTROLS_MAX]; /* all versions */
    size_t control_count;
    struct roster rosters[COMPANY_ROSTERS_MAX]; /* likewise */
    size_t roster_count;
    struct deal deals[COMPANY_DEALS_MAX]; /* all revisions */
    size_t deal_count;
    size_t refused; /* plans drawn that the language does not allow */
};

uint32_t chance_draw(struct chance *chance, uint32_t below);
bool chance_one_in(struct chance *chance, uint32_t count);
struct chance chance_of(uint64_t seed);

void company_init(struct company *company, uint64_t seed);
void company_deinit(struct company *company);

/* Everything as text, for a person who has to find out what differs. */
void company_append(const struct company *company, struct buffer *out);

/* A valid document for version `version` of plan `plan`, drawn until the plan reader takes it;
 * lives in the company's arena. `shape` is what all versions of a plan share. */
struct slice company_draw_plan(struct company *company, const char *plan, int version,
                               uint64_t shape, struct list *out_zones);

#endif
