/* Both stages on a log in memory, fed from files: what `simulate` runs.
 *
 * Time is that of the facts, ids hang on names alone: the same files give the same bytes. */
#ifndef MILEPOST_MILEPOST_SIMULATION_H
#define MILEPOST_MILEPOST_SIMULATION_H

#include "milepost/bundle.h"
#include "milepost/command.h"
#include "milepost/control_log.h"
#include "milepost/event_input.h"
#include "milepost/latest_views.h"
#include "milepost/moved_facts.h"
#include "milepost/paid_ledger.h"
#include "worker/pipeline.h"

/* A business date, and the end of payouts when all that it moved was paid. */
struct reached_date {
    int32_t date;
    int64_t payouts;
};

struct simulation_options {
    size_t events_a_time;    /* between two settlings; 0: many. 1: each event's payouts come before
                              * the next event */
    enum topic shown;        /* payouts (all are kept) or attainment (the last of each key) */
    struct doing_now *doing; /* borrowed, may be NULL: says what the run is doing */
};

struct simulation {
    struct cli *cli;
    struct simulation_options options;
    struct schemas *schemas;
    struct pipeline *pipeline;
    struct bundle **bundles; /* each apply's: what was read lives there */
    size_t bundle_count;
    struct standing standing; /* all that was applied; its arena is not used */
    struct fact_rules rules;
    int64_t last_ms;            /* latest instant of a fact; INT64_MIN: none yet */
    int32_t last_date;          /* latest date of a result or `date` line; INT32_MIN: none yet */
    int32_t business_date;      /* INT32_MIN: none yet */
    struct reached_date *dates; /* every one that was reached, in order */
    size_t date_count;
    int64_t events;
    int64_t revoked;  /* statements of facts under deals that they have moved from */
    int64_t outdated; /* facts not counted: a later revision stands under another deal */
    struct moved_facts *moved;
    bool keeps_paid; /* some plan has `total`, and totals are what will be asked for */
    struct paid_ledger paid;
    int64_t paid_read; /* offset behind the payouts that were taken in */
    struct latest_views views;
    int64_t views_read; /* offset behind those that were taken in */
};

/* A fresh pair of stages. */
enum status simulation_open(struct simulation *simulation, struct cli *cli,
                            const struct simulation_options *options, char *detail) MUST_CHECK;
void simulation_close(struct simulation *simulation); /* Accepts a zeroed one. */

/* Applies files as `milepost apply` would. Relative names start from the folder of `base` (NULL:
 * the working folder). INVALID: reports were printed. UNAVAILABLE, CORRUPT: `detail` says why. */
enum status simulation_apply(struct simulation *simulation, const struct slice *files, size_t count,
                             const char *base, char *detail) MUST_CHECK;

/* Feeds a whole event file and settles. Payments and milestones that move to another deal are
 * revoked under the old one, as `publish` does. Statuses as above; after any but OK the simulation
 * may only be closed. */
enum status simulation_feed(struct simulation *simulation, const char *path,
                            char *detail) MUST_CHECK;

/* The first record at or after `*offset` of the one partition, of payouts when they are shown or
 * dead letters; the bytes live as long as the simulation. False at the end. */
bool simulation_next(const struct simulation *simulation, enum topic topic, int64_t *offset,
                     struct log_record *out);

/* Takes the payouts made since the last time into `paid`. CORRUPT with `detail`. */
enum status simulation_take_paid(struct simulation *simulation, char *detail) MUST_CHECK;

/* The business date when the payout at that offset was made; INT32_MIN: none had come. */
int32_t simulation_date_at(const struct simulation *simulation, int64_t payout);

/* The last attainment record of a key, as latest_views_next(); when attainment is shown. */
const struct log_record *simulation_next_view(struct simulation *simulation,
                                              const struct log_record *before);

#endif
