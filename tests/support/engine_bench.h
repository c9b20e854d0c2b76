/* Both folds over two stores in memory, without a log: facts in by short texts, payouts and
 * attainment out. Every step is a turn of its own unless bench_begin/bench_keep stand around it. A
 * step that must work ends the test when it does not. */
#ifndef MILEPOST_TESTS_ENGINE_BENCH_H
#define MILEPOST_TESTS_ENGINE_BENCH_H

#include "support/fact_words.h"
#include "support/plain_codec.h"

#include "engine/business_date.h"
#include "engine/semantics.h"
#include "engine/small_state.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

struct bench_bytes {
    char *bytes;
    size_t length;
};

struct bench_list {
    struct bench_bytes *items;
    size_t count;
    size_t capacity;
};

struct bench {
    struct store *stores[2];
    struct fold *folds[2];     /* crediting, incentives */
    struct bench_list credits; /* written by crediting; those before `credits_done` are applied */
    size_t credits_done;
    struct bench_list payouts;
    struct bench_list attainments;
    struct arena facts; /* reset by each step */
    int64_t turn;
    int64_t offset;
    bool is_in_turn;
    struct small_state before[2]; /* as the open turn found things */
    size_t credits_before;
    size_t credits_done_before;
    size_t payouts_before;
    size_t attainments_before;
    int64_t outcomes[2][2][OUTCOME_COUNT]; /* stage, of no plan or of plans */
    char detail[DETAIL_BYTES];
};

enum { BENCH_CREDITING, BENCH_INCENTIVES };

static inline void bench_add(struct bench_list *list, struct buffer buffer)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? list->capacity * 2 : 64;
        list->items = realloc(list->items, list->capacity * sizeof *list->items);
        assert(list->items);
    }
    list->items[list->count++] = (struct bench_bytes){buffer.bytes, buffer.length};
}

static inline void bench_keep_bytes(struct bench_list *list, const struct shape *shape,
                                    const void *value)
{
    struct buffer buffer = {0};
    plain_encode(shape, value, &buffer);
    bench_add(list, buffer);
}

static inline void bench_cut(struct bench_list *list, size_t count)
{
    while (list->count > count)
        free(list->items[--list->count].bytes);
}

static inline void bench_read(const struct bench_list *list, size_t index,
                              const struct shape *shape, struct arena *arena, void *out)
{
    assert(index < list->count);
    struct plain_reader reader = {{list->items[index].bytes, list->items[index].length}, arena};
    plain_decode(shape, &reader, out);
}

static inline enum status bench_credit_out(void *self, const struct credit *credit)
{
    struct bench *bench = self;
    struct credit copy = *credit;
    copy.generation = 1;
    copy.turn = bench->turn;
    struct buffer buffer = {0};
    plain_encode(&credit_shape, &copy, &buffer);
    buffer_append(&buffer, &copy.turn, sizeof copy.turn);
    bench_add(&bench->credits, buffer);
    return STATUS_OK;
}

static inline enum status bench_payout_out(void *self, const struct payout *payout)
{
    bench_keep_bytes(&((struct bench *)self)->payouts, &payout_shape, payout);
    return STATUS_OK;
}

static inline enum status bench_attainment_out(void *self, const struct attainment *attainment)
{
    bench_keep_bytes(&((struct bench *)self)->attainments, &attainment_shape, attainment);
    return STATUS_OK;
}

static inline struct outbox bench_outbox(struct bench *bench)
{
    return (struct outbox){bench, bench_credit_out, bench_payout_out, bench_attainment_out};
}

static inline void bench_new_folds(struct bench *bench)
{
    struct fold_config config = {.codec = plain_codec()};
    bench->folds[BENCH_CREDITING] = crediting_new(bench->stores[BENCH_CREDITING], &config);
    bench->folds[BENCH_INCENTIVES] = incentives_new(bench->stores[BENCH_INCENTIVES], &config);
    assert(bench->folds[0] && bench->folds[1]);
}

static inline void bench_init(struct bench *bench)
{
    *bench = (struct bench){0};
    arena_init_growing(&bench->facts, (size_t)64 << 20);
    for (int i = 0; i < 2; i++) {
        bench->stores[i] = store_new();
        assert(bench->stores[i]);
    }
    bench_new_folds(bench);
    for (int i = 0; i < 2; i++)
        small_state_init(&bench->before[i]);
    struct fold_state state = {
        .epoch = SLICE("E"), .attainment_generation = SLICE("G"), .partitions = 1};
    for (int i = 0; i < 2; i++)
        bench->folds[i]->set_state(bench->folds[i]->self, &state);
}

static inline void bench_deinit(struct bench *bench)
{
    for (int i = 0; i < 2; i++) {
        bench->folds[i]->free(bench->folds[i]->self);
        store_free(bench->stores[i]);
        small_state_deinit(&bench->before[i]);
    }
    bench_cut(&bench->credits, 0);
    bench_cut(&bench->payouts, 0);
    bench_cut(&bench->attainments, 0);
    free(bench->credits.items);
    free(bench->payouts.items);
    free(bench->attainments.items);
    arena_deinit(&bench->facts);
}

/* --- turns --- */

static inline void bench_begin(struct bench *bench)
{
    bench->turn++;
    bench->is_in_turn = true;
    for (int i = 0; i < 2; i++) {
        store_turn_begin(bench->stores[i]);
        small_state_set(&bench->before[i], bench->folds[i]->state(bench->folds[i]->self));
        bench->folds[i]->set_turn(bench->folds[i]->self, bench->turn);
    }
    bench->credits_before = bench->credits.count;
    bench->credits_done_before = bench->credits_done;
    bench->payouts_before = bench->payouts.count;
    bench->attainments_before = bench->attainments.count;
}

static inline void bench_read_credit(const struct bench *bench, size_t index, struct arena *arena,
                                     struct credit *out)
{
    struct bench_bytes bytes = bench->credits.items[index];
    struct plain_reader reader = {{bytes.bytes, bytes.length}, arena};
    plain_decode(&credit_shape, &reader, out);
    out->generation = 1;
    plain_take(&reader, &out->turn, sizeof out->turn);
}

/* A turn writes a row once: the last one of each identity stands. */
static inline void bench_write_once(struct bench *bench)
{
    struct arena arena;
    arena_init_growing(&arena, (size_t)64 << 20);
    size_t kept = bench->credits_before;
    for (size_t i = kept; i < bench->credits.count; i++) {
        struct credit credit;
        bool is_last = true;
        bench_read_credit(bench, i, &arena, &credit);
        for (size_t k = i + 1; k < bench->credits.count && is_last; k++) {
            struct credit later;
            bench_read_credit(bench, k, &arena, &later);
            is_last = !slice_equal(credit.target, later.target) ||
                      !slice_equal(credit.book, later.book) || !slice_equal(credit.row, later.row);
        }
        if (is_last)
            bench->credits.items[kept++] = bench->credits.items[i];
        else
            free(bench->credits.items[i].bytes);
    }
    bench->credits.count = kept;
    arena_deinit(&arena);
}

/* What became of rows in the turn that stands now. */
static inline void bench_count_outcomes(struct bench *bench, int stage)
{
    struct list turn = bench->folds[stage]->outcomes(bench->folds[stage]->self);
    const struct plan_outcomes *items = turn.items;
    for (size_t i = 0; i < turn.count; i++)
        for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++)
            bench->outcomes[stage][i > 0][outcome] += items[i].counts[outcome];
}

static inline void bench_keep(struct bench *bench)
{
    bench->is_in_turn = false;
    for (int i = 0; i < 2; i++) {
        bench_count_outcomes(bench, i);
        /* No turn ends before its folds have written what they owe: a drain of no book. */
        struct outbox outbox = bench_outbox(bench);
        bool more;
        enum status status =
            bench->folds[i]->drain(bench->folds[i]->self, 0, &outbox, &more, bench->detail);
        assert(!status);
        store_turn_keep(bench->stores[i]);
    }
    bench_write_once(bench);
}

struct bench_undoing {
    struct fold *fold;
};

static inline void bench_forget(void *self, struct slice key)
{
    struct bench_undoing *undoing = self;
    undoing->fold->forget(undoing->fold->self, key);
}

/* As if the turn had never been; its number is not used again, as with an aborted attempt. */
static inline void bench_undo(struct bench *bench)
{
    bench->is_in_turn = false;
    for (int i = 0; i < 2; i++) {
        struct bench_undoing undoing = {bench->folds[i]};
        store_turn_undo(bench->stores[i], bench_forget, &undoing);
        bench->folds[i]->set_state(bench->folds[i]->self, &bench->before[i].state);
    }
    bench_cut(&bench->credits, bench->credits_before);
    bench->credits_done = bench->credits_done_before;
    bench_cut(&bench->payouts, bench->payouts_before);
    bench_cut(&bench->attainments, bench->attainments_before);
}

/* New folds over the same stores: what a restore gives. */
static inline void bench_restart(struct bench *bench)
{
    struct fold *old[2] = {bench->folds[0], bench->folds[1]};
    bench_new_folds(bench);
    for (int i = 0; i < 2; i++) {
        bench->folds[i]->set_state(bench->folds[i]->self, old[i]->state(old[i]->self));
        bench->folds[i]->forget(bench->folds[i]->self, (struct slice){NULL, 0});
        old[i]->free(old[i]->self);
    }
}

static inline enum status bench_apply(struct bench *bench, int stage, const struct input *input)
{
    bool own_turn = !bench->is_in_turn;
    if (own_turn)
        bench_begin(bench);
    struct outbox outbox = bench_outbox(bench);
    struct input placed = *input;
    placed.cause.offset = bench->offset++;
    placed.cause.at = 1000 * placed.cause.offset;
    enum status status =
        bench->folds[stage]->apply(bench->folds[stage]->self, &placed, &outbox, bench->detail);
    if (own_turn)
        bench_keep(bench);
    return status;
}

/* Ends the test unless `status` is OK. */
static inline void bench_must(const struct bench *bench, enum status status, const char *what)
{
    if (status) {
        fprintf(stderr, "%s: %s\n", what, bench->detail);
        abort();
    }
}

static inline void bench_must_apply(struct bench *bench, int stage, const struct input *input)
{
    bench_must(bench, bench_apply(bench, stage, input), "apply");
}

static inline void bench_pass_credit(struct bench *bench, size_t index)
{
    struct credit credit;
    bench_read_credit(bench, index, &bench->facts, &credit);
    struct input input = {.kind = INPUT_CREDIT, .fact = &credit};
    bench_must_apply(bench, BENCH_INCENTIVES, &input);
}

/* Passes on every credit that is under way. */
static inline void bench_pass(struct bench *bench)
{
    while (bench->credits_done < bench->credits.count)
        bench_pass_credit(bench, bench->credits_done++);
}

/* Drains both queues a book at a time, passing credits on. */
static inline void bench_drain(struct bench *bench)
{
    for (int i = 0; i < 2; i++) {
        for (bool more = true; more;) {
            bench_begin(bench);
            struct outbox outbox = bench_outbox(bench);
            enum status status =
                bench->folds[i]->drain(bench->folds[i]->self, 1, &outbox, &more, bench->detail);
            assert(!status);
            bench_keep(bench);
        }
        bench_pass(bench);
    }
}

static inline void bench_publish(struct bench *bench)
{
    for (bool more = true; more;) {
        bench_begin(bench);
        struct outbox outbox = bench_outbox(bench);
        struct fold *fold = bench->folds[BENCH_INCENTIVES];
        enum status status = fold->publish(fold->self, 2, &outbox, &more, bench->detail);
        assert(!status);
        bench_keep(bench);
    }
}

static inline struct fold_counters bench_counters(struct bench *bench, int stage)
{
    return bench->folds[stage]->counters(bench->folds[stage]->self);
}

/* Rows whose outcome stands: those that no plan was asked about, and those of plans. */
static inline int64_t bench_planless(const struct bench *bench, int stage, enum row_outcome outcome)
{
    return bench->outcomes[stage][0][outcome];
}

static inline int64_t bench_of_plans(const struct bench *bench, int stage, enum row_outcome outcome)
{
    return bench->outcomes[stage][1][outcome];
}

/* Has the folds read every book that is not in memory, and then all of a small test anew. */
static inline void bench_read_all(struct bench *bench)
{
    for (int i = 0; i < 2; i++) {
        for (bool more = true; more;) {
            bench_begin(bench);
            struct outbox outbox = bench_outbox(bench);
            enum status status =
                bench->folds[i]->verify(bench->folds[i]->self, 100, &outbox, &more, bench->detail);
            assert(!status);
            bench_keep(bench);
        }
    }
}

/* --- facts, by their words (support/fact_words.h) --- */

/* Applies the deal to crediting alone. */
static inline enum status bench_try_deal(struct bench *bench, const char *words)
{
    arena_reset(&bench->facts);
    struct deal deal = deal_of_words(&bench->facts, words);
    struct input input = {.kind = INPUT_DEAL,
                          .fact = &deal,
                          .key = deal.deal_id,
                          .cause = {.event_id = deal.event_id, .topic = SLICE("deals")}};
    return bench_apply(bench, BENCH_CREDITING, &input);
}

/* And passes its credits on. */
static inline void bench_must_deal(struct bench *bench, const char *words)
{
    bench_must(bench, bench_try_deal(bench, words), words);
    bench_pass(bench);
}

/* Applies the milestone to crediting alone. */
static inline enum status bench_try_milestone(struct bench *bench, const char *words)
{
    arena_reset(&bench->facts);
    struct milestone milestone = milestone_of_words(&bench->facts, words);
    bool has_deal = milestone.deal_id.length > 0;
    struct input input = {.kind = INPUT_MILESTONE,
                          .fact = &milestone,
                          .key = has_deal ? milestone.deal_id : milestone.milestone_id,
                          .cause = {.event_id = milestone.event_id, .topic = SLICE("milestones")}};
    return bench_apply(bench, BENCH_CREDITING, &input);
}

/* And passes its credits on. */
static inline void bench_must_milestone(struct bench *bench, const char *words)
{
    bench_must(bench, bench_try_milestone(bench, words), words);
    bench_pass(bench);
}

static inline enum status bench_try_payment(struct bench *bench, const char *words)
{
    struct payment payment = payment_of_words(&bench->facts, words);
    struct input input = {
        .kind = INPUT_PAYMENT,
        .fact = &payment,
        .key = payment.deal_id,
        .cause = {.topic = SLICE("payments")},
    };
    return bench_apply(bench, BENCH_CREDITING, &input);
}

/* And passes its credits on. */
static inline void bench_must_payment(struct bench *bench, const char *words)
{
    bench_must(bench, bench_try_payment(bench, words), words);
    bench_pass(bench);
}

/* To both stages. */
static inline void bench_must_control(struct bench *bench, const char *kind, const char *id,
                                      int64_t version, const char *document,
                                      const struct setting *settings, size_t setting_count)
{
    struct control control = {
        .kind = slice_of(kind),
        .id = slice_of(id),
        .version = version,
        .change = SLICE("apply-1"),
        .written_by = SLICE("test"),
        .semantics = SEMANTICS_LATEST,
        .document = slice_of(document),
    };
    struct setting copies[8];
    assert(setting_count <= 8);
    for (size_t i = 0; i < setting_count; i++)
        copies[i] = settings[i];
    control.settings = (struct list){setting_count ? copies : NULL, setting_count};
    struct input input = {
        .kind = INPUT_CONTROL, .fact = &control, .cause = {.topic = SLICE("control")}};
    bench_must_apply(bench, BENCH_CREDITING, &input);
    bench_must_apply(bench, BENCH_INCENTIVES, &input);
}

static inline void bench_must_plan(struct bench *bench, const char *id, int64_t version,
                                   const char *document)
{
    bench_must_control(bench, "plan", id, version, document, NULL, 0);
}

static inline enum status bench_try_roster(struct bench *bench, const struct roster *roster)
{
    char key[300];
    int length = snprintf(key, sizeof key, "%.*s/%.*s", SLICE_ARGS(roster->participant),
                          SLICE_ARGS(roster->aspect));
    struct input input = {.kind = INPUT_ROSTER,
                          .fact = roster,
                          .key = {key, (size_t)length},
                          .cause = {.topic = SLICE("roster")}};
    return bench_apply(bench, BENCH_INCENTIVES, &input);
}

static inline void bench_must_assign(struct bench *bench, const char *participant, int64_t version,
                                     const char *words)
{
    arena_reset(&bench->facts);
    struct roster roster = {
        .participant = slice_of(participant),
        .aspect = SLICE("assignments"),
        .version = version,
        .change = SLICE("apply-r"),
        .assignments = assignments_of_words(&bench->facts, words),
    };
    bench_must(bench, bench_try_roster(bench, &roster), participant);
}

static inline void bench_must_result(struct bench *bench, const char *words)
{
    arena_reset(&bench->facts);
    struct result result = result_of_words(&bench->facts, words);
    struct input input = {.kind = INPUT_RESULT,
                          .fact = &result,
                          .key = result.participant,
                          .cause = {.event_id = result.event_id}};
    bench_must_apply(bench, BENCH_INCENTIVES, &input);
}

/* Says that the business date is `text`; books come to it with a drain. */
static inline void bench_must_date(struct bench *bench, const char *text)
{
    struct business_date_record record;
    business_date_record(words_date(slice_of(text)), 0, &record);
    bench_must_control(bench, "date", "business", record.control.version, "", &record.setting, 1);
}

/* What its words say it is: `M-1 …` a milestone, `P-1 …` a payment, `result NAME …`, `date
 * 2026-04-01`, to which the books then come, and any other a deal. */
static inline void bench_give(struct bench *bench, const char *words)
{
    if (words[0] == 'M') {
        bench_must_milestone(bench, words);
    } else if (words[0] == 'P') {
        bench_must_payment(bench, words);
    } else if (strncmp(words, "result ", 7) == 0) {
        bench_must_result(bench, words + 7);
    } else if (strncmp(words, "date ", 5) == 0) {
        bench_must_date(bench, words + 5);
        bench_drain(bench);
    } else {
        bench_must_deal(bench, words);
    }
}

/* --- what came out --- */

/* Sum of earned_delta of a key's payouts. `window` NULL: of all keys of the participant. */
static inline struct decimal bench_earned(const struct bench *bench, const char *participant,
                                          const char *component, const char *window)
{
    struct decimal total = {0};
    struct arena arena;
    arena_init_growing(&arena, 1 << 20);
    for (size_t i = 0; i < bench->payouts.count; i++) {
        struct payout payout;
        arena_reset(&arena);
        bench_read(&bench->payouts, i, &payout_shape, &arena, &payout);
        if (slice_equal(payout.participant, slice_of(participant)) &&
            (!window || (slice_equal(payout.component, slice_of(component)) &&
                         slice_equal(payout.window, slice_of(window)))))
            total.units += payout.earned_delta.units;
    }
    arena_deinit(&arena);
    return total;
}

static inline struct payout bench_payout(struct bench *bench, size_t index)
{
    struct payout payout;
    bench_read(&bench->payouts, index, &payout_shape, &bench->facts, &payout);
    return payout;
}

static inline struct payout bench_last_payout(struct bench *bench)
{
    return bench_payout(bench, bench->payouts.count - 1);
}

/* The emitted row of a key; false when there is none. */
static inline bool bench_emitted(struct bench *bench, const char *participant, const char *plan,
                                 const char *component, const char *window, struct emitted_row *out)
{
    char key[400];
    int length = snprintf(key, sizeof key, "%s%c%c%s%c%s%c%s", participant, 0, 'e', plan, 0,
                          component, 0, window);
    const struct row *row =
        store_find(bench->stores[BENCH_INCENTIVES], (struct slice){key, (size_t)length});
    if (!row)
        return false;
    struct plain_reader reader = {row_value(row), &bench->facts};
    plain_decode(&emitted_row_shape, &reader, out);
    return true;
}

#endif
