#include "worker/compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "worker/spine.h"

enum { ROUNDS_MAX = 20000 };

/* --- feeding --- */

struct fed {
    enum company_kind kind;
    size_t index;
};

struct feeding {
    const struct company *company;
    struct pipeline *pipeline;
    struct chance chance;
    struct buffer *differences;
    struct fed *order;
    size_t count;
};

static void shuffle(struct feeding *feeding)
{
    for (int kind = 0; kind < COMPANY_KINDS; kind++) {
        for (size_t i = 0; i < feeding->company->facts[kind].count; i++) {
            feeding->order[feeding->count++] = (struct fed){(enum company_kind)kind, i};
            if (chance_one_in(&feeding->chance, 6))
                feeding->order[feeding->count++] = (struct fed){(enum company_kind)kind, i};
        }
    }
    for (size_t i = feeding->count; i > 1; i--) {
        size_t other = chance_draw(&feeding->chance, (uint32_t)i);
        struct fed swapped = feeding->order[i - 1];
        feeding->order[i - 1] = feeding->order[other];
        feeding->order[other] = swapped;
    }
}

static void step_some(struct feeding *feeding, int workers)
{
    char detail[DETAIL_BYTES] = "";
    for (uint32_t steps = chance_draw(&feeding->chance, 12); steps > 0; steps--) {
        const struct stage *stage =
            stage_of(chance_one_in(&feeding->chance, 2) ? SLICE("crediting") : SLICE("incentives"));
        int index = (int)chance_draw(&feeding->chance, (uint32_t)workers);
        enum status status = pipeline_step(feeding->pipeline, stage, index, detail);
        if (status && status != STATUS_UNAVAILABLE && status != STATUS_ABORTED)
            buffer_printf(feeding->differences, "step: %s: %s\n", status_name(status), detail);
    }
}

/* A key on hold is a difference that one of the folds has found, even where both sides are 0. */
static void say_held(struct feeding *feeding, int workers)
{
    static const struct stage *const stages[] = {&crediting_stage, &incentives_stage};
    for (int i = 0; i < STAGE_COUNT * workers; i++) {
        const struct stage *stage = stages[i / workers];
        int64_t held =
            worker_fold_counters(pipeline_worker(feeding->pipeline, stage, i % workers)).held;
        if (held)
            buffer_printf(feeding->differences, "%s holds %lld keys\n", stage->name,
                          (long long)held);
    }
}

static void feed_all(struct feeding *feeding, int workers)
{
    char detail[DETAIL_BYTES] = "";
    pipeline_broadcast_topics(feeding->pipeline, "e1");
    shuffle(feeding);
    for (size_t i = 0; i < feeding->count; i++) {
        const struct fed *fed = &feeding->order[i];
        if (!feeding->company->facts[fed->kind].left_out[fed->index])
            company_feed(feeding->company, fed->kind, fed->index, feeding->pipeline);
        if (chance_one_in(&feeding->chance, 5))
            step_some(feeding, workers);
    }
    enum status status = pipeline_settle(feeding->pipeline, ROUNDS_MAX, detail);
    if (status)
        buffer_printf(feeding->differences, "%s: %s\n", status_name(status), detail);
    say_held(feeding, workers);
}

static struct pipeline *run_company(const struct company *company, uint64_t seed,
                                    struct buffer *differences)
{
    static struct fed order[2 * COMPANY_KINDS * COMPANY_FACTS_MAX];
    struct feeding feeding = {.company = company,
                              .chance = chance_of(seed ^ 0x5bd1e995),
                              .differences = differences,
                              .order = order};
    int workers = chance_one_in(&feeding.chance, 4) ? 2 : 1;
    struct pipeline_config config = {
        .partitions = 1 + (int32_t)chance_draw(&feeding.chance, 3),
        .workers = workers,
        .seed = seed,
        .rows_max = 1 + chance_draw(&feeding.chance, 20),
        .schemas = spine_group_schemas,
        .say = spine_say,
    };
    char detail[DETAIL_BYTES] = "";
    if (pipeline_new(&config, &feeding.pipeline, detail))
        fail_msg("pipeline: %s", detail);
    feed_all(&feeding, workers);
    return feeding.pipeline;
}

/* --- what was paid --- */

struct paid {
    struct slice participant;
    struct slice plan;
    struct slice component;
    struct slice window;
    struct decimal earned;
    struct decimal payable;
};

struct ledger {
    struct arena arena;
    struct paid *items;
    size_t count;
    size_t capacity;
    struct buffer *differences;
};

static struct paid *find_paid(const struct ledger *ledger, struct slice participant,
                              struct slice plan, struct slice component, struct slice window)
{
    for (size_t i = 0; i < ledger->count; i++) {
        struct paid *paid = &ledger->items[i];
        if (slice_equal(paid->participant, participant) && slice_equal(paid->plan, plan) &&
            slice_equal(paid->component, component) && slice_equal(paid->window, window))
            return paid;
    }
    return NULL;
}

static void book_payout(struct ledger *ledger, const struct payout *payout)
{
    struct paid *paid =
        find_paid(ledger, payout->participant, payout->plan, payout->component, payout->window);
    if (!paid) {
        if (ledger->count == ledger->capacity) {
            ledger->capacity = ledger->capacity ? ledger->capacity * 2 : 64;
            ledger->items = realloc(ledger->items, ledger->capacity * sizeof *ledger->items);
            assert_non_null(ledger->items);
        }
        paid = &ledger->items[ledger->count++];
        *paid = (struct paid){payout->participant, payout->plan, payout->component,
                              payout->window,      {0},          {0}};
    }
    paid->earned.units += payout->earned_delta.units;
    paid->payable.units += payout->payable_delta.units;
    if (paid->earned.units != payout->earned_total.units ||
        paid->payable.units != payout->payable_total.units)
        buffer_printf(ledger->differences, "a payout's total is not the sum of its deltas\n");
}

static void read_payouts(struct pipeline *pipeline, struct ledger *ledger)
{
    for (int32_t p = 0; p < pipeline_partitions(pipeline); p++) {
        int64_t offset = 0;
        struct log_record record;
        while (memory_broker_next(pipeline_broker(pipeline), "milepost.payouts.v1", p, true,
                                  &offset, &record)) {
            char detail[DETAIL_BYTES];
            struct payout payout;
            record.value = arena_copy(&ledger->arena, record.value);
            if (schemas_decode(spine_group_schemas, SCHEMA_PAYOUT, &record, &payout, &ledger->arena,
                               0, detail))
                fail_msg("payout: %s", detail);
            book_payout(ledger, &payout);
        }
    }
}

static size_t dead_letters(struct pipeline *pipeline)
{
    size_t count = 0;
    for (int32_t p = 0; p < pipeline_partitions(pipeline); p++) {
        int64_t offset = 0;
        struct log_record record;
        while (memory_broker_next(pipeline_broker(pipeline), "milepost.dead-letters.v1", p, true,
                                  &offset, &record))
            count++;
    }
    return count;
}

/* --- judging --- */

static void append_money(struct buffer *out, struct decimal value)
{
    char text[DECIMAL_TEXT_BYTES];
    buffer_append(out, text, decimal_format(value, text));
}

static void append_difference(struct buffer *out, const struct paid *paid,
                              const struct obvious_total *total)
{
    static const struct decimal nothing = {0};
    if (paid)
        buffer_printf(out, "%.*s %.*s %.*s %.*s paid ", SLICE_ARGS(paid->participant),
                      SLICE_ARGS(paid->plan), SLICE_ARGS(paid->component),
                      SLICE_ARGS(paid->window));
    else
        buffer_printf(out, "%.*s %.*s %.*s %.*s paid ", SLICE_ARGS(total->participant),
                      SLICE_ARGS(total->plan), SLICE_ARGS(total->component),
                      SLICE_ARGS(total->window));
    append_money(out, paid ? paid->earned : nothing);
    buffer_printf(out, ", payable ");
    append_money(out, paid ? paid->payable : nothing);
    buffer_printf(out, "; worth ");
    append_money(out, total ? total->earned : nothing);
    buffer_printf(out, ", payable ");
    append_money(out, total ? total->payable : nothing);
    if (total)
        buffer_printf(out, " (version %lld, X %.*s, goal %.*s, A %.*s, waits %s)",
                      (long long)total->plan_version, SLICE_ARGS(total->measure),
                      SLICE_ARGS(total->goal), SLICE_ARGS(total->attainment),
                      total->waits ? total->waits : "for nothing");
    buffer_append_byte(out, '\n');
}

static void compare(const struct ledger *ledger, const struct obvious_total *totals, size_t count,
                    struct buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct paid *paid = find_paid(ledger, totals[i].participant, totals[i].plan,
                                            totals[i].component, totals[i].window);
        if ((paid ? paid->earned.units : 0) != totals[i].earned.units ||
            (paid ? paid->payable.units : 0) != totals[i].payable.units)
            append_difference(out, paid, &totals[i]);
    }
    for (size_t i = 0; i < ledger->count; i++) {
        const struct paid *paid = &ledger->items[i];
        bool is_valued = false;
        for (size_t k = 0; k < count && !is_valued; k++)
            is_valued = slice_equal(paid->participant, totals[k].participant) &&
                        slice_equal(paid->plan, totals[k].plan) &&
                        slice_equal(paid->component, totals[k].component) &&
                        slice_equal(paid->window, totals[k].window);
        if (!is_valued && (paid->earned.units != 0 || paid->payable.units != 0))
            append_difference(out, paid, NULL);
    }
}

void compare_company(const struct company *company, uint64_t seed, struct compared *out_counts,
                     struct buffer *out)
{
    struct ledger ledger = {.differences = out};
    struct arena arena;
    struct obvious_total *totals = NULL;
    size_t count = 0;
    char detail[DETAIL_BYTES];
    *out_counts = (struct compared){0};
    arena_init_growing(&arena, (size_t)64 << 20);
    arena_init_growing(&ledger.arena, (size_t)64 << 20);
    struct obvious_facts facts = company_known(company, &arena);
    if (obvious_evaluate(&facts, &arena, &totals, &count, detail))
        buffer_printf(out, "obvious: %s\n", detail);
    struct pipeline *pipeline = run_company(company, seed, out);
    read_payouts(pipeline, &ledger);
    compare(&ledger, totals, count, out);
    if (dead_letters(pipeline) > 0)
        buffer_printf(out, "%zu dead letters\n", dead_letters(pipeline));
    for (size_t i = 0; i < count; i++)
        out_counts->nonzero += totals[i].earned.units != 0;
    out_counts->totals = count;
    pipeline_free(pipeline);
    free(ledger.items);
    arena_deinit(&ledger.arena);
    arena_deinit(&arena);
}
