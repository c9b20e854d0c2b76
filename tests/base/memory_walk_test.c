/* Random walks of several workers over one broker with every fault on, judged afterwards: whatever
 * went wrong, transactions are whole, and with a hazard switched on the judge finds it. */
#include "base/memory_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { PARTITIONS = 3, WORKERS = 3, STEPS = 300, WALKS = 400, FACTS = 0, LEFT = 1, RIGHT = 2 };

static const struct memory_log_topic topics[] = {
    {"facts", true}, {"left", false}, {"right", false}};

/* A worker copies every fact of its tasks to `left` and `right`, one transaction per poll, which it
 * commits in its next step: others run in between. */
struct worker {
    struct memory_broker *broker;
    const char *instance;
    struct log log;
    bool is_open;
    bool is_busy; /* in the middle of a step */
    bool needs_reopen;
    bool needs_take;
    int32_t tasks[PARTITIONS];
    size_t task_count;
    int64_t next[PARTITIONS];
    int slot;
    bool in_transaction;
    int64_t asleep_until_ms;
};

static void assigned(void *self, const int32_t *partitions, size_t count)
{
    struct worker *worker = self;
    for (size_t i = 0; i < count; i++)
        worker->tasks[i] = partitions[i];
    worker->task_count = count;
    worker->needs_take = true;
}

static void revoked(void *self)
{
    struct worker *worker = self;
    char detail[DETAIL_BYTES];
    if (worker->in_transaction) {
        enum status status;
        do
            status = worker->log.abort(worker->log.self, worker->slot, detail);
        while (status == STATUS_UNAVAILABLE);
        worker->needs_reopen |= status == STATUS_FENCED;
        worker->in_transaction = false;
    }
    worker->task_count = 0;
}

static void start(struct worker *worker)
{
    struct memory_log_config config = {topics, 3, "group", worker->instance, "walk"};
    char detail[DETAIL_BYTES];
    enum status status =
        memory_log_open(worker->broker, &config, (struct log_listener){worker, assigned, revoked},
                        &worker->log, detail);
    assert_int_equal(status, STATUS_OK);
    worker->is_open = true;
    worker->needs_reopen = true;
    worker->needs_take = false;
    worker->task_count = 0;
    worker->in_transaction = false;
}

/* Reads on from the committed offsets; false: not now. */
static bool take_tasks(struct worker *worker)
{
    struct log_position positions[PARTITIONS];
    char detail[DETAIL_BYTES];
    for (size_t i = 0; i < worker->task_count; i++)
        positions[i] = (struct log_position){.topic = FACTS, .partition = worker->tasks[i]};
    if (worker->log.committed(worker->log.self, positions, worker->task_count, detail))
        return false;
    for (size_t i = 0; i < worker->task_count; i++) {
        positions[i].offset = positions[i].offset < 0 ? 0 : positions[i].offset;
        worker->next[positions[i].partition] = positions[i].offset;
    }
    if (worker->log.assign(worker->log.self, positions, worker->task_count, detail))
        return false;
    worker->needs_take = false;
    return true;
}

static enum status copy(struct worker *worker, const struct log_record *record, int topic)
{
    struct log_outgoing out = {
        .topic = topic, .partition = record->partition, .value = record->value};
    char detail[DETAIL_BYTES];
    enum status status;
    do
        status = worker->log.produce(worker->log.self, worker->slot, &out, detail);
    while (status == STATUS_UNAVAILABLE);
    return status;
}

static enum status send(struct worker *worker)
{
    struct log_position positions[PARTITIONS] = {0};
    char detail[DETAIL_BYTES];
    for (size_t i = 0; i < worker->task_count; i++) {
        positions[i].topic = FACTS;
        positions[i].partition = worker->tasks[i];
        positions[i].offset = worker->next[worker->tasks[i]];
    }
    enum status status;
    do
        status = worker->log.send_offsets(worker->log.self, worker->slot, positions,
                                          worker->task_count, detail);
    while (status == STATUS_UNAVAILABLE);
    return status;
}

static enum status prepare(struct worker *worker, const struct log_record *records, size_t count)
{
    char detail[DETAIL_BYTES];
    enum status status = worker->log.begin(worker->log.self, worker->slot, detail);
    if (status)
        return status;
    worker->in_transaction = true;
    for (size_t i = 0; !status && i < count; i++) {
        status = copy(worker, &records[i], LEFT);
        if (!status)
            status = copy(worker, &records[i], RIGHT);
        worker->next[records[i].partition] = records[i].offset + 1;
    }
    return status ? status : send(worker);
}

/* The transaction ended with `status`: abort it if that can be, and know what was lost. */
static void end_turn(struct worker *worker, enum status status)
{
    char detail[DETAIL_BYTES];
    worker->needs_take |= status != STATUS_OK;
    while (status == STATUS_ABORTED || status == STATUS_UNAVAILABLE)
        status = worker->log.abort(worker->log.self, worker->slot, detail);
    worker->needs_reopen |= status == STATUS_FENCED;
    worker->in_transaction = false;
    worker->slot = 1 - worker->slot;
}

/* False: not yet, the broker is away. */
static bool commit_turn(struct worker *worker)
{
    char detail[DETAIL_BYTES];
    enum status status = worker->log.commit(worker->log.self, worker->slot, detail);
    if (status == STATUS_UNAVAILABLE)
        return false;
    end_turn(worker, status);
    return true;
}

static void work(struct worker *worker)
{
    char detail[DETAIL_BYTES];
    struct clock clock = memory_broker_clock(worker->broker);
    if (clock.monotonic_ms(clock.self) < worker->asleep_until_ms)
        return;
    if (!worker->is_open)
        start(worker);
    if (worker->in_transaction && !commit_turn(worker))
        return;
    if (worker->needs_reopen && worker->log.reopen(worker->log.self, detail))
        return;
    worker->needs_reopen = false;
    const struct log_record *records;
    size_t count;
    if (worker->needs_take && worker->log.assign(worker->log.self, NULL, 0, detail))
        return;
    if (worker->log.poll(worker->log.self, 0, 5, &records, &count, detail) || worker->needs_reopen)
        return;
    if (worker->needs_take) {
        (void)(worker->task_count && take_tasks(worker));
        worker->log.release(worker->log.self, SIZE_MAX);
        return;
    }
    enum status status = count ? prepare(worker, records, count) : STATUS_OK;
    if (status)
        end_turn(worker, status);
    worker->log.release(worker->log.self, SIZE_MAX);
}

static void step(struct worker *worker)
{
    if (worker->is_busy)
        return;
    worker->is_busy = true;
    work(worker);
    worker->is_busy = false;
    if (worker->is_open && memory_log_is_dead(&worker->log)) {
        memory_log_kill(&worker->log);
        worker->is_open = false;
    }
}

struct walk {
    struct memory_broker *broker;
    struct worker workers[WORKERS];
    int facts;
};

static void append_fact(struct walk *walk)
{
    char text[16];
    int length = snprintf(text, sizeof text, "%d", walk->facts++);
    struct log_record record = {.partition =
                                    (int32_t)memory_broker_random(walk->broker, PARTITIONS),
                                .value = {text, (size_t)length}};
    (void)memory_broker_append(walk->broker, "facts", &record);
}

static void disturb(struct walk *walk, struct worker *worker)
{
    uint64_t what = memory_broker_random(walk->broker, 60);
    if (what == 0 && worker->is_open && !worker->is_busy) {
        memory_log_kill(&worker->log);
        worker->is_open = false;
    }
    if (what == 1)
        memory_broker_stop(walk->broker, 2000);
    struct clock clock = memory_broker_clock(walk->broker);
    if (what == 2) /* longer than transaction timeout and session */
        worker->asleep_until_ms = clock.monotonic_ms(clock.self) + 40000;
}

/* In the middle of a worker's step the others go on. */
static void interrupt(void *self)
{
    struct walk *walk = self;
    memory_broker_advance(walk->broker, (int64_t)memory_broker_random(walk->broker, 40000));
    for (int i = 0; i < 5; i++)
        step(&walk->workers[memory_broker_random(walk->broker, WORKERS)]);
}

static void set_faults(struct memory_faults *faults, uint32_t per_million)
{
    for (int i = 0; i < MEMORY_FAULT_COUNT; i++)
        faults->rules[i].per_million = per_million;
    faults->rules[MEMORY_MARKER_DELAY].per_million = per_million * 5;
    faults->marker_delay_ms_max = 5000;
    faults->polls_at_random = true;
}

/* Workers in random order with everything going wrong, then in peace until all is done. */
static void walk_begin(struct walk *walk, uint64_t seed, const struct memory_faults *hazards)
{
    static const char *const instances[WORKERS] = {"a", "b", "c"};
    *walk = (struct walk){0};
    walk->broker =
        memory_broker_new(&(struct memory_broker_config){.seed = seed, .copies_polled = true});
    for (int i = 0; i < 3; i++)
        memory_broker_topic(walk->broker, topics[i].name, PARTITIONS);
    for (int i = 0; i < WORKERS; i++)
        walk->workers[i] = (struct worker){.broker = walk->broker, .instance = instances[i]};
    struct memory_faults *faults = memory_broker_faults(walk->broker);
    *faults = *hazards;
    faults->interrupt = interrupt;
    faults->interrupt_self = walk;
    set_faults(faults, 20000);
    for (int i = 0; i < STEPS; i++) {
        struct worker *worker = &walk->workers[memory_broker_random(walk->broker, WORKERS)];
        append_fact(walk);
        disturb(walk, worker);
        step(worker);
        memory_broker_advance(walk->broker, (int64_t)memory_broker_random(walk->broker, 2000));
    }
    set_faults(faults, 0);
    faults->polls_at_random = false;
    memory_broker_advance(walk->broker, 60000);
    for (int i = 0; i < 400; i++) {
        step(&walk->workers[i % WORKERS]);
        memory_broker_advance(walk->broker, 100);
    }
}

/* Every fact once and in order in what `topic` shows of each partition? */
static bool is_copy(const struct walk *walk, const char *topic)
{
    for (int32_t p = 0; p < PARTITIONS; p++) {
        int64_t fact_at = 0;
        int64_t copy_at = 0;
        struct log_record fact;
        struct log_record copied;
        while (memory_broker_next(walk->broker, "facts", p, true, &fact_at, &fact))
            if (!memory_broker_next(walk->broker, topic, p, true, &copy_at, &copied) ||
                !slice_equal(fact.value, copied.value))
                return false;
        if (memory_broker_next(walk->broker, topic, p, true, &copy_at, &copied))
            return false;
    }
    return true;
}

static bool is_exact(uint64_t seed, const struct memory_faults *hazards)
{
    struct walk walk;
    walk_begin(&walk, seed, hazards);
    bool exact = is_copy(&walk, "left") && is_copy(&walk, "right");
    memory_broker_free(walk.broker);
    return exact;
}

static void exact_under_faults(void **state)
{
    (void)state;
    struct memory_faults none = {0};
    for (uint64_t seed = 1; seed <= WALKS; seed++)
        if (!is_exact(seed, &none))
            fail_msg("seed %llu", (unsigned long long)seed);
}

static int count_broken(const struct memory_faults *hazards)
{
    int broken = 0;
    for (uint64_t seed = 1; seed <= WALKS; seed++)
        broken += !is_exact(seed, hazards);
    return broken;
}

static void finds_kept_producer(void **state)
{
    (void)state;
    assert_in_range(count_broken(&(struct memory_faults){.keeps_producer = true}), 1, WALKS);
}

static void finds_shown_pending(void **state)
{
    (void)state;
    assert_in_range(count_broken(&(struct memory_faults){.shows_pending_offsets = true}), 1, WALKS);
}

static void finds_stale_offsets(void **state)
{
    (void)state;
    assert_in_range(count_broken(&(struct memory_faults){.accepts_stale_offsets = true}), 1, WALKS);
}

static uint64_t digest(const struct walk *walk)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t t = 0; t < 3; t++)
        for (int32_t p = 0; p < PARTITIONS; p++) {
            int64_t at = 0;
            struct log_record record;
            while (memory_broker_next(walk->broker, topics[t].name, p, false, &at, &record)) {
                hash = (hash ^ (uint64_t)record.offset) * 1099511628211u;
                hash = (hash ^ (uint64_t)record.timestamp_ms) * 1099511628211u;
            }
        }
    return hash;
}

static void same_seed_same_log(void **state)
{
    (void)state;
    struct memory_faults none = {0};
    uint64_t digests[3];
    for (int i = 0; i < 3; i++) {
        struct walk walk;
        walk_begin(&walk, i < 2 ? 7 : 8, &none);
        digests[i] = digest(&walk);
        memory_broker_free(walk.broker);
    }
    assert_true(digests[0] == digests[1]);
    assert_true(digests[0] != digests[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"copies every fact once and in order whatever goes wrong", exact_under_faults, NULL, NULL,
         NULL},
        {"hazard: finds a producer kept after two end requests", finds_kept_producer, NULL, NULL,
         NULL},
        {"hazard: finds offsets read while a transaction is open", finds_shown_pending, NULL, NULL,
         NULL},
        {"hazard: finds offsets accepted from a removed member", finds_stale_offsets, NULL, NULL,
         NULL},
        {"gives the same log for the same seed and another for another", same_seed_same_log, NULL,
         NULL, NULL},
    };
    printf("seeds 1 to %d\n", WALKS);
    return cmocka_run_group_tests_name("memory walk", tests, NULL, NULL);
}
