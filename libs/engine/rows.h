/* Rows: what books hold, what they pass to each other and what leaves them.
 *
 * Text and lists are borrowed from whoever decoded the row. */
#ifndef MILEPOST_ENGINE_ROWS_H
#define MILEPOST_ENGINE_ROWS_H

#include "plan/fact.h"

/* The fact or record that moved something. Topic names are without prefix and version: `deals`. */
struct cause {
    struct slice event_id;
    struct slice deal_id; /* optional */
    int64_t revision;
    struct slice topic;
    int32_t partition;
    int64_t offset;
    int64_t at;               /* the record's timestamp: attainment's as_of */
    struct slice traceparent; /* optional: W3C trace context, passed from cause to effect */
};

enum credit_kind {
    CREDIT_DEAL,
    CREDIT_MILESTONE,
    CREDIT_PAYMENT, /* never written: payment_rows.h */
    CREDIT_AWARD,
    CREDIT_DOWNLINE_DEAL,
    CREDIT_DOWNLINE_PAY,
    CREDIT_ADJUSTMENT, /* never written: how an adjustment is counted (tally.h) */
};

/* A payment of a deal that brought or took back money. */
struct cash {
    struct slice payment_id;
    int64_t received_at;
    struct decimal amount; /* never 0; negative is a refund */
    struct slice currency; /* empty: the deal's */
};

/* Of a participant in the same role: what the one who takes the odd cent has to know. */
struct other_share {
    struct decimal share;
};

/* A milestone of a deal that stands, REACHED or APPROVED. */
struct reached {
    struct slice milestone; /* its name */
    int64_t reached_at;     /* by the first event of that name */
};

/* A row on its way into, and then in, a participant's book: the full deal and this participant's
 * exact share of it. Identity is (target, book, row); exactly one book writes it; the version is
 * (generation, turn) of its writer. A withdrawn row stays, without content. */
struct credit {
    struct slice target; /* participant, kind:id */
    struct slice book;   /* the writing book: deal:D-1 */
    struct slice row;    /* within it: the role, a `/2` behind it when a role stands twice; of a
                          * milestone event_row_name() */
    int64_t generation;
    int64_t turn;
    struct slice encoded; /* its body as it came; cleared by whoever changes it */
    bool is_withdrawn;
    struct slice waits; /* optional: why it does not count yet (splits-differ, lines-differ) */
    int32_t kind;       /* enum credit_kind */
    struct slice role;
    struct decimal share;
    int32_t status;    /* enum deal_status */
    int64_t closed_at; /* the row's own date: closed_at, reached_at, received_at … */
    bool has_cancelled_at;
    int64_t cancelled_at;
    struct slice currency;
    struct decimal amount;
    struct list amounts; /* named_decimal */
    bool has_quantity;
    struct decimal quantity;
    struct slice customer_id; /* optional, as the next two */
    struct slice territory;
    struct slice deal_type;
    struct list lines;      /* deal_line */
    struct list attributes; /* attribute */
    bool has_more;          /* one of these, up to level, is there */
    struct slice milestone;
    struct slice phase;
    bool has_approved_at;
    int64_t approved_at;
    bool has_percent_complete;
    struct decimal percent_complete;
    bool has_contract_value;
    struct decimal contract_value;
    bool has_own_share; /* of the contract, as the milestone states it; `amount` likewise */
    struct decimal own_share;
    bool has_deal_closed_at; /* of the deal that the event is of */
    int64_t deal_closed_at;
    /* What has happened to the deal (deal_course.h), as it is now: on the rows of the deal, and on
     * a milestone's of somebody whom the deal does not name, with the deal's amount. */
    bool has_deal_amount;
    struct decimal deal_amount;
    struct list cash;         /* cash */
    struct list reached;      /* reached */
    struct list other_shares; /* other_share: on the row that takes the odd cent of its role */
    bool counts_as_paid;      /* never in a row: payments are taken to have come in full, while a
                               * refund that came before them is published with the release */
    bool takes_back;    /* no content: a refund, or a payment or milestone taken away, caused it */
    struct slice edge;  /* the edge it came over */
    int32_t level;      /* how many edges up; 0 = one's own */
    struct cause cause; /* in short: credit_cause() gives the whole of it */
};

/* The cause of a credit from a deal's book, without what that book says: the deal's id, and `deals`
 * as topic (empty). */
struct cause credit_short_cause(const struct cause *cause, struct slice deal_id);

/* The cause with what the credit's book says; borrowed from the credit. */
struct cause credit_cause(const struct credit *credit);

struct link {
    struct slice target;
    struct slice row;
    int64_t content; /* hash of the credit as last written; 0: withdrawn */
};

/* Where an accepted deal came from: what the deal and its task do not say. */
struct origin {
    int64_t offset;
    int64_t at;
    struct slice traceparent; /* optional */
};

/* A deal's own book in crediting's state. */
struct deal_row {
    struct deal deal;
    struct origin origin;
    struct list links; /* link: what it has written into participants' books */
    /* Encoded instead of links that are those of the deal's participants in their order: the
     * content of each, 8 bytes, little-endian. Folds see it empty (deal_links.h). */
    struct slice contents;
    struct slice waits; /* optional: why it is credited to nobody */
};

struct milestone_row {
    struct milestone milestone;
    struct cause cause;
    struct list links; /* link: what it has written into participants' books */
};

struct payment_row {
    struct payment payment;
    struct cause cause;
};

struct result_row {
    struct result result;
    struct cause cause;
};

/* What has been emitted for one (participant, plan, component, window), which are its key. */
struct emitted_row {
    int64_t plan_version;
    int64_t sequence; /* of the last payout; 0: none yet */
    struct slice currency;
    struct decimal earned; /* totals emitted so far */
    struct decimal payable;
    struct decimal measure;
    bool has_goal;
    struct decimal goal;
    bool has_attainment;
    struct decimal attainment; /* ratio: × 10^-12 */
    struct slice step;         /* optional: the tier, point or milestone reached */
    struct list pending;       /* slice each: reason codes, sorted */
    int64_t view;              /* counts changes of what attainment shows */
    int64_t view_published;    /* the last one published; behind `view`: pending */
    int64_t pending_since;     /* the turn in which it fell behind; orders publication */
    int64_t as_of;
    struct slice held;           /* optional: why nothing more is emitted (differs, overflow …) */
    struct slice hold_id;        /* optional: names the hold for `milestone holds` */
    struct decimal draw_balance; /* for later */
};

struct change {
    struct slice change; /* the apply's name */
    struct slice kind;   /* of the control record */
    struct slice id;
    int64_t version;
    struct slice cursor; /* the last book drained; empty: none yet */
    struct cause cause;
};

struct period {
    struct slice pay_group;
    struct slice open;
};

/* The fold's part of a task's small state. */
struct fold_row {
    struct list changes; /* change: the dirty queue, oldest first */
    struct list periods; /* period: for later */
    bool has_business_date;
    int32_t business_date;
};

struct step {
    struct slice step;
    struct slice input;
    struct slice output;
};

struct payout {
    struct slice payout_id;
    struct slice participant;
    struct slice payee; /* optional: pay none */
    struct slice plan;
    int64_t plan_version;
    struct slice component;
    struct slice window;
    int64_t sequence;
    struct slice kind; /* EARNED CLAWBACK ADJUSTMENT RELEASE DRAW AWARD */
    struct decimal earned_delta;
    bool has_payable_delta;
    struct decimal payable_delta;
    struct slice currency;
    struct decimal earned_total;
    struct decimal payable_total;
    bool has_attainment_before;
    struct decimal attainment_before; /* ratio */
    bool has_attainment_after;
    struct decimal attainment_after;
    struct slice step_reached;  /* optional */
    struct slice posted_period; /* optional */
    bool has_due_on;
    int32_t due_on;
    struct slice pay_group; /* optional */
    struct slice pay_code;  /* optional */
    struct slice reason;    /* optional */
    struct cause cause;
    struct slice adjusts;  /* optional: the payout this one corrects */
    struct list steps;     /* step */
    bool is_closed_marker; /* CLOSED of a pay period: for later */
};

struct attainment {
    struct slice participant;
    struct slice plan;
    int64_t plan_version;
    struct slice component;
    struct slice window;
    bool has_window_from;
    int32_t window_from;
    bool has_window_until;
    int32_t window_until;
    struct decimal measure;
    bool has_goal;
    struct decimal goal;
    bool has_attainment;
    struct decimal attainment; /* ratio */
    struct decimal earned;
    struct decimal payable;
    struct slice currency;
    int64_t sequence;
    struct slice step_reached; /* optional */
    struct list pending;       /* slice each */
    struct slice held;         /* optional */
    struct decimal draw_balance;
    int64_t as_of;
    struct slice generation; /* the attainment generation that `topics create` drew */
};

/* credit_shape is the packed form (target, book, row; the version stands in the envelope);
 * credit_row_shape the form in state (those three are the key; generation and turn are fields). */
extern const struct shape credit_shape, credit_row_shape, deal_row_shape, milestone_row_shape,
    payment_row_shape, result_row_shape, emitted_row_shape, fold_row_shape, payout_shape,
    attainment_shape, cause_shape, cash_shape, reached_shape, other_share_shape;

#endif
