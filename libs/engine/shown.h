/* What has been emitted for a key, in memory: an emitted row with its texts as numbers. */
#ifndef MILEPOST_ENGINE_SHOWN_H
#define MILEPOST_ENGINE_SHOWN_H

#include "engine/interner.h"
#include "engine/reasons.h"
#include "engine/rows.h"

#define NO_TEXT UINT32_MAX

struct shown {
    struct decimal earned;
    struct decimal payable;
    struct decimal measure;
    struct decimal goal;
    struct decimal attainment;
    struct decimal draw_balance;
    int64_t plan_version;
    int64_t sequence;
    int64_t view;
    int64_t view_published;
    int64_t pending_since;
    int64_t as_of;
    uint32_t currency; /* numbers of texts, as the next three; NO_TEXT: none */
    uint32_t step;
    uint32_t held;
    uint32_t hold_id;
    uint32_t pending; /* bits of reasons */
    bool has_goal;
    bool has_attainment;
    bool has_row;      /* the key has an emitted row */
    bool is_unwritten; /* what it says has yet to go into that row */
};

/* Nothing emitted yet. */
struct shown shown_nothing(void);

struct shown shown_of_row(const struct emitted_row *row, struct interner *names);

/* The row to put; `pending` has room for its list and lives as long as the row is used. */
struct emitted_row shown_to_row(const struct shown *shown, const struct interner *names,
                                struct slice pending[REASON_COUNT]);

/* Whether attainment would look the same; payable, sequence and holds included, as_of not. */
bool shown_alike(const struct shown *a, const struct shown *b);

#endif
