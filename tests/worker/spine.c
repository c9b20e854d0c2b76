#include "worker/spine.h"

#include <assert.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static const char plan_text[] = "milepost: 1\n"
                                "plan: ae\n"
                                "version: %lld\n"
                                "title: Account executives\n"
                                "currency: USD\n"
                                "timezone: UTC\n"
                                "calendar: {year-starts: 01-01}\n"
                                "effective: {from: 2026-01-01, until: 2027-01-01}\n"
                                "rounding: {to: 0.01, mode: half-even}\n"
                                "mid-window: last\n"
                                "components:\n"
                                "  deals:\n"
                                "    measure: {of: deals, sum: amount, role: [owner]}\n"
                                "    cancelled: {effect: recompute}\n"
                                "    over: quarter\n"
                                "    pays: {rate: %d%%}\n";

static const int64_t default_closed_at = 1770112800000; /* 2026-02-03T10:00Z */
static const int32_t year_starts = 20454;               /* 2026-01-01 */

struct schemas *spine_schemas(void)
{
    static const struct {
        enum schema_kind kind;
        const char *topic;
    } written[] = {
        {SCHEMA_DEAL, "milepost.deals.v1"},       {SCHEMA_MILESTONE, "milepost.milestones.v1"},
        {SCHEMA_PAYMENT, "milepost.payments.v1"}, {SCHEMA_RESULT, "milepost.results.v1"},
        {SCHEMA_ROSTER, "milepost.roster.v1"},    {SCHEMA_CONTROL, "milepost.control.v1"},
        {SCHEMA_PAYOUT, "milepost.payouts.v1"},   {SCHEMA_ATTAINMENT, "milepost.attainment.v1"},
    };
    char detail[DETAIL_BYTES];
    struct schemas_options options = {.folder = SOURCE_FOLDER "/schemas"};
    struct schemas *schemas = NULL;
    if (schemas_open(&options, &schemas, detail) || records_use_shapes(schemas, detail))
        fail_msg("schemas: %s", detail);
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++)
        if (schemas_prepare(schemas, written[i].kind, written[i].topic, detail))
            fail_msg("schemas: %s", detail);
    return schemas;
}

struct schemas *spine_group_schemas;

int spine_open_schemas(void **state)
{
    (void)state;
    spine_group_schemas = spine_schemas();
    return 0;
}

int spine_close_schemas(void **state)
{
    (void)state;
    schemas_free(spine_group_schemas);
    return 0;
}

struct spine_said spine_said;

void spine_say(void *self, enum worker_level level, const char *sentence)
{
    (void)self;
    if (getenv("MILEPOST_SAY"))
        (void)fprintf(stderr, "# %s\n", sentence);
    if (level != WORKER_ERROR)
        return;
    spine_said.errors++;
    (void)snprintf(spine_said.last_error, sizeof spine_said.last_error, "%s", sentence);
}

void spine_settle(struct pipeline *pipeline)
{
    char detail[DETAIL_BYTES] = "";
    enum status status = pipeline_settle(pipeline, 20000, detail);
    if (status)
        fail_msg("%s: %s", status_name(status), detail);
}

void spine_publish_plan(struct pipeline *pipeline, int64_t version, int percent)
{
    char document[sizeof plan_text + 64];
    (void)snprintf(document, sizeof document, plan_text, (long long)version, percent);
    struct zone_transition transitions[] = {{0, 0}};
    struct zone_table zones[] = {{SLICE("UTC"), {transitions, 1}}};
    char change[64];
    (void)snprintf(change, sizeof change, "apply-ae-%lld", (long long)version);
    struct control control = {
        .kind = SLICE("plan"),
        .id = SLICE("ae"),
        .version = version,
        .change = slice_of(change),
        .written_by = SLICE("test"),
        .semantics = 1,
        .document = slice_of(document),
        .zones = {zones, 1},
    };
    pipeline_broadcast(pipeline, &control, 0);
}

void spine_assign(struct pipeline *pipeline, const char *participant, const char *plan,
                  int64_t version)
{
    struct figure goal = {
        .component = SLICE("deals"), .has_window = true, .window = decimal_of(100000)};
    struct figure target = {
        .component = SLICE(""), .has_window = true, .window = decimal_of(10000)};
    struct assignment assignment = {
        .plan = slice_of(plan), .from = year_starts, .goals = {&goal, 1}, .targets = {&target, 1}};
    struct roster roster = {.participant = slice_of(participant),
                            .aspect = SLICE("assignments"),
                            .version = version,
                            .change = SLICE("apply-roster"),
                            .assignments = {&assignment, 1}};
    char key[128];
    int length = snprintf(key, sizeof key, "%s/assignments", participant);
    (void)pipeline_append_fact(pipeline, TOPIC_ROSTER, SCHEMA_ROSTER, &roster,
                               (struct slice){key, (size_t)length}, 0);
}

static struct decimal read_decimal(const char *text)
{
    struct decimal value = {0};
    enum status status = decimal_parse(slice_of(text), &value);
    assert_int_equal(status, STATUS_OK);
    return value;
}

static int32_t read_status(const char *text)
{
    return strcmp(text, "OPEN") == 0     ? DEAL_OPEN
           : strcmp(text, "CLOSED") == 0 ? DEAL_CLOSED
                                         : DEAL_CANCELLED;
}

void spine_deal(struct pipeline *pipeline, const struct spine_deal *from)
{
    char event_id[96];
    (void)snprintf(event_id, sizeof event_id, "%s/%lld", from->id, (long long)from->revision);
    struct decimal second = from->second ? read_decimal(from->second_share) : decimal_of(0);
    struct deal_participant participants[] = {
        {slice_of(from->owner), SLICE("owner"), {decimal_of(1).units - second.units}},
        {slice_of(from->second), SLICE("owner"), second},
    };
    struct deal deal = {
        .event_id = slice_of(event_id),
        .deal_id = slice_of(from->id),
        .revision = from->revision,
        .status = read_status(from->status),
        .closed_at = from->closed_at ? from->closed_at : default_closed_at,
        .currency = SLICE("USD"),
        .amount = read_decimal(from->amount),
        .participants = {participants, from->second ? 2 : 1},
    };
    deal.has_cancelled_at = deal.status == DEAL_CANCELLED;
    deal.cancelled_at = deal.has_cancelled_at ? deal.closed_at + 1000 : 0;
    (void)pipeline_append_fact(pipeline, TOPIC_DEALS, SCHEMA_DEAL, &deal, deal.deal_id, 0);
}

struct seen {
    char (*ids)[80];
    char (*keys)[256];
    int64_t *sequences;
    size_t count;
    size_t key_count;
};

static void check_payout(struct seen *seen, const struct payout *payout)
{
    char key[256];
    (void)snprintf(key, sizeof key, "%.*s/%.*s/%.*s/%.*s", SLICE_ARGS(payout->participant),
                   SLICE_ARGS(payout->plan), SLICE_ARGS(payout->component),
                   SLICE_ARGS(payout->window));
    for (size_t i = 0; i < seen->count; i++)
        if (slice_equal(slice_of(seen->ids[i]), payout->payout_id))
            fail_msg("payout id %s came twice", seen->ids[i]);
    (void)snprintf(seen->ids[seen->count++], sizeof seen->ids[0], "%.*s",
                   SLICE_ARGS(payout->payout_id));
    size_t at = 0;
    while (at < seen->key_count && strcmp(seen->keys[at], key) != 0)
        at++;
    if (at == seen->key_count) {
        memcpy(seen->keys[at], key, sizeof key);
        seen->sequences[at] = 0;
        seen->key_count++;
    }
    if (payout->sequence != ++seen->sequences[at])
        fail_msg("%s: sequence %lld after %lld", key, (long long)payout->sequence,
                 (long long)seen->sequences[at] - 1);
}

size_t spine_payouts(struct pipeline *pipeline)
{
    size_t count = 0;
    struct log_record record;
    for (int32_t p = 0;; p++) {
        int64_t end = -1;
        if (p >= pipeline_partitions(pipeline))
            break;
        memory_broker_bounds(pipeline_broker(pipeline), "milepost.payouts.v1", p, NULL, NULL, &end);
        int64_t offset = 0;
        while (memory_broker_next(pipeline_broker(pipeline), "milepost.payouts.v1", p, true,
                                  &offset, &record))
            count++;
    }
    return count;
}

int128 spine_paid(struct pipeline *pipeline, struct schemas *schemas, const char *participant)
{
    size_t most = spine_payouts(pipeline) + 1;
    struct seen seen = {calloc(most, sizeof *seen.ids), calloc(most, sizeof *seen.keys),
                        calloc(most, sizeof *seen.sequences), 0, 0};
    struct arena arena;
    arena_init_growing(&arena, 1 << 20);
    int128 sum = 0;
    for (int32_t p = 0; p < pipeline_partitions(pipeline); p++) {
        int64_t offset = 0;
        struct log_record record;
        while (memory_broker_next(pipeline_broker(pipeline), "milepost.payouts.v1", p, true,
                                  &offset, &record)) {
            char detail[DETAIL_BYTES];
            struct payout payout;
            arena_reset(&arena);
            if (schemas_decode(schemas, SCHEMA_PAYOUT, &record, &payout, &arena, 0, detail))
                fail_msg("payout: %s", detail);
            check_payout(&seen, &payout);
            if (slice_equal(payout.participant, slice_of(participant)))
                sum += payout.earned_delta.units;
        }
    }
    arena_deinit(&arena);
    free(seen.ids);
    free(seen.keys);
    free(seen.sequences);
    return sum;
}
