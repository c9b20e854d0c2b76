/* Facts: what comes in from outside. One struct, one shape and one schema each.
 *
 * Text and lists are borrowed from whoever decoded the fact. A book's fact has a revision: the
 * highest wins, an equal one with equal content is a duplicate (event_id is not content). */
#ifndef MILEPOST_PLAN_FACT_H
#define MILEPOST_PLAN_FACT_H

#include "base/shape.h"

/* Longest id, name or other short text that a fact may carry, in bytes; longer is refused. Ids hold
 * no control characters (U+0000–U+001F), so that 0x00 can separate them in keys. */
enum { FACT_ID_BYTES_MAX = 255, FACT_LINES_MAX = 1000, FACT_PARTICIPANTS_MAX = 200 };

struct named_decimal {
    struct slice name;
    struct decimal value;
};

struct attribute {
    struct slice name;
    struct text_or_decimal value;
};

struct deal_line {
    struct slice line_id;
    struct slice product;
    bool has_quantity;
    struct decimal quantity;
    struct decimal amount;
    struct list amounts;    /* named_decimal: net, margin … */
    struct list attributes; /* attribute */
};

struct deal_participant {
    struct slice participant; /* kind:id */
    struct slice role;
    struct decimal share; /* 1 = 100 % */
};

enum deal_status { DEAL_OPEN, DEAL_CLOSED, DEAL_CANCELLED };

struct deal {
    struct slice event_id;
    struct slice deal_id;
    int64_t revision; /* ≥ 0 */
    int32_t status;   /* enum deal_status */
    int64_t closed_at;
    bool has_cancelled_at;
    int64_t cancelled_at;
    struct slice currency; /* ISO 4217 or a unit declared in control */
    struct decimal amount;
    struct list amounts; /* named_decimal */
    bool has_quantity;
    struct decimal quantity;
    struct slice customer_id; /* optional, as the next three */
    struct slice territory;
    struct slice deal_type;
    struct list lines;        /* deal_line */
    struct list participants; /* deal_participant */
    struct list attributes;   /* attribute */
    struct slice replaces;    /* optional: the deal this one stands for */
    struct slice encoded;     /* as it came (SHAPE_ENCODED_OF); cleared by whoever changes it */
};

enum milestone_status {
    MILESTONE_REACHED,
    MILESTONE_APPROVED,
    MILESTONE_REJECTED,
    MILESTONE_REVOKED,
};

struct milestone {
    struct slice event_id;
    struct slice milestone_id;
    struct slice deal_id;     /* optional: without one the book is milestone:ID */
    struct list participants; /* deal_participant; empty: the deal's */
    struct slice milestone;
    struct slice phase; /* optional */
    int64_t revision;
    int32_t status; /* enum milestone_status */
    int64_t reached_at;
    bool has_approved_at;
    int64_t approved_at;
    struct slice approved_by; /* optional */
    bool has_percent_complete;
    struct decimal percent_complete; /* 1 = 100 % */
    bool has_contract_value;
    struct decimal contract_value;
    bool has_share;
    struct decimal share;
    bool has_amount;
    struct decimal amount;
    struct slice currency; /* optional */
    struct list attributes;
};

struct payment {
    struct slice event_id;
    struct slice payment_id;
    struct slice deal_id;
    struct slice invoice_id; /* optional */
    int64_t revision;
    int64_t received_at;
    struct decimal amount; /* net of tax; negative is a refund */
    struct slice currency;
};

enum result_what { RESULT_RESULT, RESULT_ADJUSTMENT };

struct result {
    struct slice event_id;
    int32_t what; /* enum result_what */
    struct slice participant;
    int64_t revision;
    struct slice result;        /* RESULT: its name */
    struct slice adjustment_id; /* ADJUSTMENT */
    struct slice window;        /* RESULT: 2026-Q1 …, or a date */
    bool has_date;
    int32_t date;
    bool has_value;
    struct decimal value;
    struct slice plan; /* ADJUSTMENT, as the next four */
    struct slice component;
    bool has_amount;
    struct decimal amount;
    struct slice currency;
    struct slice reason;
    struct slice by;
    struct slice approved_by;
    struct slice comment;
};

/* --- what `milepost apply` writes --- */

struct validity {
    int32_t from; /* days since 1970-01-01 */
    bool has_until;
    int32_t until; /* exclusive */
};

/* A goal, target incentive or baseline: one of the forms of PLAN-LANGUAGE section 11. */
struct figure {
    struct slice component; /* empty text: for every component (targets) */
    bool has_annual;
    struct decimal annual;
    bool has_window;
    struct decimal window;
    struct list by_window; /* named_decimal: name is the window id */
    struct list weights;   /* slice each, as written (20%) */
};

struct assignment {
    struct slice plan;
    int32_t from;
    bool has_until;
    int32_t until;
    struct list goals;     /* figure */
    struct list targets;   /* figure */
    struct list baselines; /* figure */
    struct list attributes;
};

struct edge {
    struct slice to;
    struct slice as;
    struct decimal share;
    struct slice rows; /* each | sums */
    int32_t from;
    bool has_until;
    int32_t until;
};

/* One aspect of one participant, complete: `profile`, `employed`, `assignments` or `edges`. Key
 * `participant/aspect`. An aspect that was taken away is written with its lists empty. */
struct roster {
    struct slice participant;
    struct slice aspect;
    int64_t version;     /* raised by every apply that changes it */
    struct slice change; /* the apply that wrote it */
    struct slice name;   /* profile, as the next five; optional */
    bool is_unpaid;      /* pay: none */
    struct slice pay_group;
    struct slice pay_currency;
    struct slice pay_code;
    struct slice pay_to;
    struct list employed;    /* validity */
    struct list assignments; /* assignment */
    struct list edges;       /* edge */
};

struct zone_transition {
    int64_t at;       /* instant from which it holds */
    int32_t offset_s; /* seconds east of UTC */
};

struct zone_table {
    struct slice zone;       /* IANA name */
    struct list transitions; /* zone_transition, by time; the first one holds for all time before */
};

struct setting {
    struct slice name;
    struct slice value;
};

/* A record of control, in every partition. Key `kind/id/version`. Kinds and their `document`:
 *   topics      settings: partitions, attainment-generation, epoch, writer-generation
 *   plan        the plan file's text; zones: its time zone over its range
 *   crediting   the `crediting:` section as YAML text
 *   categories, rates, limits, pay-groups, units   likewise, each the whole section
 *   acceptance  settings: hold, bound        (accepts a hold)
 *   level       settings: level              (raises the state level)
 *   date        settings: date          (the business date: engine/business_date.h)
 *   settle, close, restate, proposal   for later issues; kept and journalled from the start
 */
struct control {
    struct slice kind;
    struct slice id;
    int64_t version;
    struct slice change; /* names the apply: the cause of what it moves */
    int64_t written_at;
    struct slice written_by;
    int32_t semantics; /* number of the engine semantics that a plan was published with; else 0 */
    struct slice document;
    struct list settings; /* setting */
    struct list zones;    /* zone_table */
};

extern const struct shape deal_shape, milestone_shape, payment_shape, result_shape, roster_shape,
    control_shape;
extern const struct shape named_decimal_shape, attribute_shape, deal_participant_shape,
    deal_line_shape;

#endif
