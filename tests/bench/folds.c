/* Both folds over the log in memory, encoded bytes in and out, no librdkafka in the process.
 *
 *     folds DEALS [PARTICIPANTS [plain|wide|restore]]
 *
 * prints rows, payouts, seconds of CPU, memory per deal; with `restore`, seconds of CPU per row of
 * taking all tasks again after kill -9. tests/bench/instructions runs it under callgrind. The
 * deals: 30 % two-way splits, 5 % amendments, 12 partitions, a quarterly window, four marginal
 * tiers; `wide` ones have three lines and five attributes. */
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <valgrind/callgrind.h>

#include "worker/pipeline.h"

enum { PARTITIONS = 12, BROADCAST = 1 };

static const char plan_text[] = "milepost: 1\n"
                                "plan: ae\n"
                                "version: 1\n"
                                "title: Benchmark\n"
                                "currency: USD\n"
                                "timezone: UTC\n"
                                "calendar: {year-starts: 01-01}\n"
                                "effective: {from: 2026-01-01, until: 2027-01-01}\n"
                                "rounding: {to: 0.01, mode: half-even}\n"
                                "mid-window: last\n"
                                "components:\n"
                                "  deals:\n"
                                "    measure: {of: deals, sum: amount}\n"
                                "    cancelled: {effect: recompute}\n"
                                "    over: quarter\n"
                                "    pays:\n"
                                "      tiers: {on: amount, method: marginal, boundary: higher, "
                                "gives: rate, negative: nothing, table: [{from: 0, give: 4%}, "
                                "{from: 10000, give: 6%}, {from: 25000, give: 8%}, "
                                "{from: 50000, give: 10%}]}\n";

static uint64_t state = 20261124;
static bool is_wide;

static uint64_t draw(uint64_t below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % below;
}

static struct schemas *open_schemas(void)
{
    static const enum schema_kind kinds[] = {SCHEMA_DEAL, SCHEMA_ROSTER, SCHEMA_CONTROL,
                                             SCHEMA_PAYOUT, SCHEMA_ATTAINMENT};
    struct schemas_options options = {.folder = SOURCE_FOLDER "/schemas"};
    struct schemas *schemas = NULL;
    char detail[DETAIL_BYTES];
    enum status status = schemas_open(&options, &schemas, detail);
    if (!status)
        status = records_use_shapes(schemas, detail);
    for (size_t i = 0; !status && i < sizeof kinds / sizeof kinds[0]; i++)
        status = schemas_prepare(schemas, kinds[i], "bench", detail);
    if (status) {
        (void)fprintf(stderr, "%s\n", detail);
        exit(1);
    }
    return schemas;
}

static void assign(struct pipeline *pipeline, int participants)
{
    struct assignment assignment = {.plan = SLICE("ae"), .from = 20454};
    for (int i = 0; i < participants; i++) {
        char name[32];
        char key[64];
        (void)snprintf(name, sizeof name, "person:p%06d", i);
        int length = snprintf(key, sizeof key, "%s/assignments", name);
        struct roster roster = {.participant = slice_of(name),
                                .aspect = SLICE("assignments"),
                                .version = 1,
                                .change = SLICE("bench"),
                                .assignments = {&assignment, 1}};
        (void)pipeline_append_fact(pipeline, TOPIC_ROSTER, SCHEMA_ROSTER, &roster,
                                   (struct slice){key, (size_t)length}, 0);
    }
}

static void append_deal(struct pipeline *pipeline, int number, int64_t revision, int participants)
{
    char id[24];
    char event[32];
    char owner[32];
    char second[32];
    (void)snprintf(id, sizeof id, "D-%010d", number);
    (void)snprintf(event, sizeof event, "E-%09d%" PRId64, number, revision);
    (void)snprintf(owner, sizeof owner, "person:p%06d", (int)draw((uint64_t)participants));
    (void)snprintf(second, sizeof second, "person:p%06d", (int)draw((uint64_t)participants));
    bool split = draw(10) < 3 && strcmp(owner, second) != 0;
    struct deal_participant shares[] = {
        {slice_of(owner), SLICE("owner"), {split ? 600000000 : 1000000000}},
        {slice_of(second), SLICE("owner"), {400000000}},
    };
    struct deal deal = {.event_id = slice_of(event),
                        .deal_id = slice_of(id),
                        .revision = revision,
                        .status = DEAL_CLOSED,
                        .closed_at = 1770112800000 + (int64_t)draw(4000000000),
                        .currency = SLICE("USD"),
                        .amount = {(int128)(draw(900000) + 1000) * 10000000},
                        .participants = {shares, split ? 2 : 1}};
    struct attribute attributes[] = {
        {SLICE("channel"), {.text = SLICE("direct")}},
        {SLICE("industry"), {.text = SLICE("chemicals")}},
        {SLICE("margin"), {.is_decimal = true, .decimal = {312500000}}},
        {SLICE("region"), {.text = SLICE("emea-north")}},
        {SLICE("seats"), {.is_decimal = true, .decimal = {(int128)250 * 1000000000}}},
    };
    const int128 cent = 10000000;
    struct deal_line lines[] = {
        {.line_id = SLICE("1"),
         .product = SLICE("core"),
         .amount = {deal.amount.units / cent / 2 * cent}},
        {.line_id = SLICE("2"),
         .product = SLICE("plus"),
         .amount = {deal.amount.units / cent / 4 * cent}},
        {.line_id = SLICE("3"), .product = SLICE("care")},
    };
    lines[2].amount.units = deal.amount.units - lines[0].amount.units - lines[1].amount.units;
    if (is_wide) {
        deal.lines = (struct list){lines, sizeof lines / sizeof lines[0]};
        deal.attributes = (struct list){attributes, sizeof attributes / sizeof attributes[0]};
    }
    (void)pipeline_append_fact(pipeline, TOPIC_DEALS, SCHEMA_DEAL, &deal, deal.deal_id, 0);
}

static void settle(struct pipeline *pipeline)
{
    char detail[DETAIL_BYTES] = "";
    enum status status = pipeline_settle(pipeline, 1000000, detail);
    if (status) {
        (void)fprintf(stderr, "%s: %s\n", status_name(status), detail);
        exit(1);
    }
}

static double cpu_s(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void publish_plan(struct pipeline *pipeline)
{
    struct zone_transition transitions[] = {{0, 0}};
    struct zone_table zones[] = {{SLICE("UTC"), {transitions, 1}}};
    struct control plan = {.kind = SLICE("plan"),
                           .id = SLICE("ae"),
                           .version = 1,
                           .change = SLICE("bench"),
                           .written_by = SLICE("bench"),
                           .semantics = 1,
                           .document = slice_of(plan_text),
                           .zones = {zones, 1}};
    pipeline_broadcast(pipeline, &plan, 0);
}

static struct pipeline *open_pipeline(struct schemas *schemas)
{
    struct pipeline_config config = {.partitions = PARTITIONS, .seed = 1, .schemas = schemas};
    struct pipeline *pipeline = NULL;
    char detail[DETAIL_BYTES];
    if (pipeline_new(&config, &pipeline, detail)) {
        (void)fprintf(stderr, "%s\n", detail);
        exit(1);
    }
    return pipeline;
}

/* What is measured: seconds of CPU, and callgrind's instructions. */
static double measured_settle(struct pipeline *pipeline)
{
    double begin = cpu_s();
    CALLGRIND_TOGGLE_COLLECT;
    settle(pipeline);
    CALLGRIND_TOGGLE_COLLECT;
    return cpu_s() - begin;
}

struct stores {
    size_t rows;
    size_t bytes;
};

static struct stores stores_of(struct pipeline *pipeline)
{
    static const struct stage *const stages[] = {&crediting_stage, &incentives_stage};
    struct stores stores = {0};
    for (int i = 0; i < 2; i++) {
        const struct worker *worker = pipeline_worker(pipeline, stages[i], 0);
        for (int32_t p = 0; p < PARTITIONS; p++) {
            stores.rows += store_rows(worker_task(worker, p)->store);
            stores.bytes += store_bytes(worker_task(worker, p)->store);
        }
    }
    return stores;
}

/* kill -9 of both workers, and a new start of each under its name. */
static void restart(struct pipeline *pipeline)
{
    static const struct stage *const stages[] = {&crediting_stage, &incentives_stage};
    for (int i = 0; i < 2; i++) {
        char detail[DETAIL_BYTES] = "";
        pipeline_kill(pipeline, stages[i], 0);
        if (pipeline_start(pipeline, stages[i], 0, detail)) {
            (void)fprintf(stderr, "%s\n", detail);
            exit(1);
        }
    }
}

static void say_folds(struct pipeline *pipeline, int deals, double spent)
{
    struct worker_counters crediting =
        worker_counters(pipeline_worker(pipeline, &crediting_stage, 0));
    struct worker_counters incentives =
        worker_counters(pipeline_worker(pipeline, &incentives_stage, 0));
    (void)printf("deals %d, credits %" PRId64 ", payouts %" PRId64 ", turns %" PRId64 "+%" PRId64
                 ", journal bytes %" PRId64 "+%" PRId64 "\n",
                 deals, crediting.credits, incentives.payouts, crediting.turns, incentives.turns,
                 crediting.journal_bytes, incentives.journal_bytes);
    (void)printf("CPU %.2f us a deal; rows %zu bytes a deal\n", spent * 1e6 / deals,
                 stores_of(pipeline).bytes / (size_t)deals);
    (void)printf("measured: %d deal\n", deals);
}

static void say_restore(struct pipeline *pipeline, double spent)
{
    struct stores stores = stores_of(pipeline);
    (void)printf("rows %zu, %zu bytes each\n", stores.rows, stores.bytes / stores.rows);
    (void)printf("CPU %.2f us a row\n", spent * 1e6 / (double)stores.rows);
    (void)printf("measured: %zu row\n", stores.rows);
}

int main(int argc, char **argv)
{
    int deals = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 100000;
    int participants = argc > 2 ? (int)strtol(argv[2], NULL, 10) : deals / 20;
    is_wide = argc > 3 && strcmp(argv[3], "wide") == 0;
    bool is_restore = argc > 3 && strcmp(argv[3], "restore") == 0;
    struct schemas *schemas = open_schemas();
    struct pipeline *pipeline = open_pipeline(schemas);
    pipeline_broadcast_topics(pipeline, "bench");
    publish_plan(pipeline);
    assign(pipeline, participants);
    settle(pipeline);
    for (int i = 0; i < deals; i++) {
        append_deal(pipeline, i, 1, participants);
        if (draw(20) == 0)
            append_deal(pipeline, (int)draw((uint64_t)i + 1), 2 + (int64_t)draw(1000),
                        participants);
    }
    if (is_restore) {
        settle(pipeline);
        restart(pipeline);
        say_restore(pipeline, measured_settle(pipeline));
    } else {
        say_folds(pipeline, deals, measured_settle(pipeline));
    }
    pipeline_free(pipeline);
    schemas_free(schemas);
    return 0;
}
