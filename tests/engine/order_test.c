/* The order of arrival does not matter.
 *
 * A history is a set of facts, rosters, plans and rules. It goes through both folds several times,
 * each time in another order, with other turns, duplicates, turns that are undone and run again,
 * restarts and drains; what is emitted in the end must be the same each time, and what a rebuild
 * finds too. MILEPOST_HISTORIES says how many, MILEPOST_SEED where to begin. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/obvious.h"
#include "engine/order_histories.h"

enum { HISTORIES = 60, RUNS = 4, TEXT_BYTES_MAX = 1 << 20 };

/* --- running one --- */

static void apply_roster(struct bench *bench, const struct event *event)
{
    struct roster roster = {
        .participant = slice_of(event->id),
        .aspect = SLICE("assignments"),
        .version = event->version,
        .change = SLICE("apply-r"),
        .assignments = assignments_of_words(&bench->facts, event->text),
    };
    assert_int_equal(bench_try_roster(bench, &roster), STATUS_OK);
}

static void apply_event(struct bench *bench, const struct event *event)
{
    arena_reset(&bench->facts);
    if (event->kind == EVENT_DEAL && bench_try_deal(bench, event->text))
        fail_msg("deal %s: %s", event->text, bench->detail);
    if (event->kind == EVENT_MILESTONE && bench_try_milestone(bench, event->text))
        fail_msg("milestone %s: %s", event->text, bench->detail);
    if (event->kind == EVENT_ROSTER)
        apply_roster(bench, event);
    if (event->kind == EVENT_PLAN)
        bench_must_plan(bench, event->id, event->version, event->text);
    if (event->kind == EVENT_RULES)
        bench_must_control(bench, "crediting", event->id, event->version, event->text, NULL, 0);
}

struct run {
    struct bench bench;
    struct random random;
    const struct history *history;
    size_t order[EVENTS_MAX * 2];
    size_t count;
};

/* All events in random order, some of them twice. */
static void shuffle(struct run *run)
{
    run->count = 0;
    for (size_t i = 0; i < run->history->count; i++) {
        run->order[run->count++] = i;
        if (one_in(&run->random, 6))
            run->order[run->count++] = i;
    }
    for (size_t i = run->count; i > 1; i--) {
        size_t other = draw(&run->random, (uint32_t)i);
        size_t swapped = run->order[i - 1];
        run->order[i - 1] = run->order[other];
        run->order[other] = swapped;
    }
}

static void drain_some(struct run *run)
{
    struct bench *bench = &run->bench;
    struct outbox outbox = bench_outbox(bench);
    int stage = (int)draw(&run->random, 2);
    bool more;
    assert_int_equal(bench->folds[stage]->drain(bench->folds[stage]->self,
                                                1 + draw(&run->random, 3), &outbox, &more,
                                                bench->detail),
                     STATUS_OK);
}

static void publish_some(struct run *run)
{
    struct bench *bench = &run->bench;
    struct outbox outbox = bench_outbox(bench);
    struct fold *fold = bench->folds[BENCH_INCENTIVES];
    bool more;
    assert_int_equal(
        fold->publish(fold->self, 1 + draw(&run->random, 3), &outbox, &more, bench->detail),
        STATUS_OK);
}

/* What one turn does: some events, some credits under way (a committed turn's only), a drain. */
static void work(struct run *run, size_t from, size_t until, size_t credits)
{
    struct bench *bench = &run->bench;
    for (size_t i = from; i < until; i++)
        apply_event(bench, &run->history->events[run->order[i]]);
    while (bench->credits_done < credits)
        bench_pass_credit(bench, bench->credits_done++);
    if (one_in(&run->random, 2))
        drain_some(run);
    if (one_in(&run->random, 2))
        publish_some(run);
}

/* One turn: perhaps tried and undone before it stands. */
static void turn(struct run *run, size_t from, size_t until)
{
    struct bench *bench = &run->bench;
    size_t under_way = bench->credits.count - bench->credits_done;
    size_t credits = bench->credits_done;
    if (under_way)
        credits += draw(&run->random, (uint32_t)under_way + 1);
    while (one_in(&run->random, 4)) {
        bench_begin(bench);
        work(run, from, until, credits);
        bench_undo(bench);
    }
    bench_begin(bench);
    work(run, from, until, credits);
    bench_keep(bench);
    if (one_in(&run->random, 10) && bench->credits_done) /* at least once, and late */
        bench_pass_credit(bench, draw(&run->random, (uint32_t)bench->credits_done));
    if (one_in(&run->random, 8))
        bench_restart(bench);
}

static void run_history(struct run *run)
{
    shuffle(run);
    for (size_t at = 0; at < run->count;) {
        size_t until = at + draw(&run->random, 6);
        until = until < run->count ? until : run->count;
        turn(run, at, until);
        at = until;
    }
    bench_pass(&run->bench);
    bench_drain(&run->bench);
    bench_publish(&run->bench);
}

/* --- judging --- */

static void append_decimal(struct buffer *out, const char *name, struct decimal value)
{
    char text[DECIMAL_TEXT_BYTES];
    size_t length = decimal_format(value, text);
    buffer_printf(out, " %s %.*s", name, (int)length, text);
}

/* Everything emitted, a line a key; keys that nothing is left of are nobody's business. */
static void describe(struct run *run, struct buffer *out)
{
    struct store_cursor cursor;
    struct bench *bench = &run->bench;
    const struct row *row = store_first(bench->stores[1], SLICE(""), false, &cursor);
    for (; row; row = store_next(&cursor)) {
        const char *behind = memchr(row->bytes, 0, row->key_length);
        if (!behind || behind[1] != 'e')
            continue;
        struct emitted_row emitted;
        arena_reset(&bench->facts);
        struct plain_reader reader = {row_value(row), &bench->facts};
        plain_decode(&emitted_row_shape, &reader, &emitted);
        assert_true(emitted.view == emitted.view_published);
        if (emitted.earned.units == 0 && emitted.measure.units == 0 && !emitted.pending.count &&
            !emitted.held.bytes)
            continue;
        for (size_t i = 0; i < row->key_length; i++)
            buffer_append_byte(out, row->bytes[i] ? row->bytes[i] : ' ');
        append_decimal(out, "earned", emitted.earned);
        append_decimal(out, "measure", emitted.measure);
        append_decimal(out, "goal", emitted.goal);
        append_decimal(out, "attainment", emitted.attainment);
        for (size_t i = 0; i < emitted.pending.count; i++)
            buffer_printf(out, " %.*s",
                          SLICE_ARGS(((const struct slice *)emitted.pending.items)[i]));
        buffer_printf(out, " %.*s %.*s\n", SLICE_ARGS(emitted.step), SLICE_ARGS(emitted.held));
    }
}

static struct payout payout_at(struct run *run, size_t index)
{
    struct payout payout;
    bench_read(&run->bench.payouts, index, &payout_shape, &run->bench.facts, &payout);
    return payout;
}

static bool is_same_key(const struct payout *a, const struct payout *b)
{
    return slice_equal(a->participant, b->participant) && slice_equal(a->plan, b->plan) &&
           slice_equal(a->component, b->component) && slice_equal(a->window, b->window);
}

/* Each payout's total is the sum of its key's deltas so far, and sequences have no gaps. */
static void check_payouts(struct run *run)
{
    arena_reset(&run->bench.facts);
    for (size_t i = 0; i < run->bench.payouts.count; i++) {
        struct payout payout = payout_at(run, i);
        struct decimal total = {0};
        int64_t sequence = 0;
        for (size_t k = 0; k <= i; k++) {
            struct payout before = payout_at(run, k);
            if (!is_same_key(&payout, &before))
                continue;
            total.units += before.earned_delta.units;
            sequence++;
        }
        assert_true(payout.earned_delta.units != 0);
        assert_true(total.units == payout.earned_total.units);
        assert_int_equal(payout.sequence, sequence);
    }
}

/* What was counted as rows came, were undone and came again is what is there. */
static void check_counters(const struct fold_counters *kept, struct fold_counters counted)
{
    assert_int_equal(kept->books, counted.books);
    assert_int_equal(kept->rows, counted.rows);
    assert_int_equal(kept->waiting, counted.waiting);
    assert_int_equal(kept->held, counted.held);
    assert_int_equal(kept->unread, 0);
    assert_int_equal(counted.unread, 0);
}

/* A rebuild finds what the running sums found. */
static void check_rebuild(struct run *run, const struct buffer *expected, int64_t *waiting)
{
    struct bench *bench = &run->bench;
    size_t payouts = bench->payouts.count;
    size_t attainments = bench->attainments.count;
    size_t credits = bench->credits.count;
    struct fold_counters before[2];
    bench_read_all(bench);
    for (int i = 0; i < 2; i++)
        before[i] = bench_counters(bench, i);
    bench_restart(bench);
    bench_read_all(bench);
    for (int i = 0; i < 2; i++)
        assert_int_equal(bench_counters(bench, i).held, 0);
    bench_publish(bench);
    for (int i = 0; i < 2; i++)
        check_counters(&before[i], bench_counters(bench, i));
    assert_int_equal(bench->payouts.count, payouts);
    for (size_t i = attainments; i < bench->attainments.count; i++) {
        struct attainment view;
        bench_read(&bench->attainments, i, &attainment_shape, &bench->facts, &view);
        printf("view changed: %.*s %.*s %.*s %.*s\n", SLICE_ARGS(view.participant),
               SLICE_ARGS(view.plan), SLICE_ARGS(view.component), SLICE_ARGS(view.window));
    }
    assert_int_equal(bench->attainments.count, attainments);
    assert_int_equal(bench->credits.count, credits);
    struct buffer again = {0};
    describe(run, &again);
    assert_true(slice_equal(buffer_slice(expected), buffer_slice(&again)));
    if (*waiting < 0)
        *waiting = bench_counters(bench, BENCH_INCENTIVES).waiting;
    assert_int_equal(*waiting, bench_counters(bench, BENCH_INCENTIVES).waiting);
    buffer_deinit(&again);
}

static void print_history(const struct history *history)
{
    for (size_t i = 0; i < history->count; i++)
        printf("%s %lld: %s\n", history->events[i].id, (long long)history->events[i].version,
               history->events[i].text);
}

static void judge(struct run *run, struct buffer *expected, int64_t *waiting, uint64_t seed)
{
    struct buffer found = {0};
    describe(run, &found);
    if (!expected->length)
        buffer_append_slice(expected, buffer_slice(&found));
    if (!slice_equal(buffer_slice(expected), buffer_slice(&found))) {
        print_history(run->history);
        printf("--- expected\n%.*s--- found\n%.*s", SLICE_ARGS(buffer_slice(expected)),
               SLICE_ARGS(buffer_slice(&found)));
        fail_msg("seed %llu: totals depend on the order", (unsigned long long)seed);
    }
    check_payouts(run);
    check_rebuild(run, &found, waiting);
    buffer_deinit(&found);
}

/* --- the obvious evaluator --- */

struct facts {
    struct arena arena;
    struct control controls[EVENTS_MAX];
    struct roster rosters[EVENTS_MAX];
    struct deal deals[EVENTS_MAX];
    struct obvious_facts all;
};

static void gather(struct facts *facts, const struct history *history)
{
    facts->all = (struct obvious_facts){
        .controls = facts->controls, .rosters = facts->rosters, .deals = facts->deals};
    for (size_t i = 0; i < history->count; i++) {
        const struct event *event = &history->events[i];
        if (event->kind == EVENT_DEAL)
            facts->deals[facts->all.deal_count++] = deal_of_words(&facts->arena, event->text);
        else if (event->kind == EVENT_ROSTER)
            facts->rosters[facts->all.roster_count++] =
                (struct roster){.participant = slice_of(event->id),
                                .aspect = SLICE("assignments"),
                                .version = event->version,
                                .assignments = assignments_of_words(&facts->arena, event->text)};
        else
            facts->controls[facts->all.control_count++] = (struct control){
                .kind = event->kind == EVENT_PLAN ? SLICE("plan") : SLICE("crediting"),
                .id = slice_of(event->id),
                .version = event->version,
                .semantics = SEMANTICS_LATEST,
                .document = slice_of(event->text)};
    }
}

/* A decimal of 9 places as the evaluator writes an exact value; empty when it has more places. */
static void compare_total(struct run *run, const struct obvious_total *total)
{
    struct emitted_row emitted;
    char names[4][300];
    const struct slice parts[4] = {total->participant, total->plan, total->component,
                                   total->window};
    for (int i = 0; i < 4; i++)
        snprintf(names[i], sizeof names[i], "%.*s", SLICE_ARGS(parts[i]));
    bool found = bench_emitted(&run->bench, names[0], names[1], names[2], names[3], &emitted);
    struct decimal earned = found ? emitted.earned : (struct decimal){0};
    char text[DECIMAL_TEXT_BYTES];
    (void)decimal_format(found ? emitted.measure : (struct decimal){0}, text);
    bool is_exact = !memchr(total->measure.bytes, '/', total->measure.length);
    if (earned.units == total->earned.units &&
        (!is_exact || slice_equal(slice_of(text), total->measure)) &&
        (!found || !total->has_goal || emitted.has_goal))
        return;
    char other[DECIMAL_TEXT_BYTES];
    char fast[DECIMAL_TEXT_BYTES];
    (void)decimal_format(total->earned, other);
    (void)decimal_format(earned, fast);
    printf("%s %s %s %s: obvious %s of %.*s (%s), fast %s of %s\n", names[0], names[1], names[2],
           names[3], other, SLICE_ARGS(total->measure), total->waits ? total->waits : "", fast,
           text);
    print_history(run->history);
    fail_msg("the obvious evaluator says otherwise");
}

/* Keys that only the fast engine has are worth nothing. */
static void compare_with_obvious(struct run *run)
{
    static struct facts facts;
    struct obvious_total *totals;
    size_t count;
    arena_init_growing(&facts.arena, (size_t)256 << 20);
    gather(&facts, run->history);
    if (obvious_evaluate(&facts.all, &facts.arena, &totals, &count, run->bench.detail))
        fail_msg("obvious: %s", run->bench.detail);
    struct decimal sum = {0};
    struct decimal fast = {0};
    for (size_t i = 0; i < count; i++) {
        compare_total(run, &totals[i]);
        sum.units += totals[i].earned.units;
    }
    for (int i = 0; i < PEOPLE; i++)
        fast.units += bench_earned(&run->bench, people[i], NULL, NULL).units;
    assert_true(sum.units == fast.units);
    arena_deinit(&facts.arena);
}

/* With milestones, orders are compared with each other only. */
static void one_history(uint64_t seed, bool has_milestones)
{
    static struct history history;
    static struct run run;
    struct random random = {seed * 2654435761u + 1};
    struct buffer expected = {0};
    int64_t waiting = -1;
    history = (struct history){0};
    arena_init_growing(&history.texts, TEXT_BYTES_MAX);
    add_plans(&random, &history);
    if (has_milestones)
        add_event_plans(&random, &history);
    add_rosters(&random, &history, has_milestones ? "pm" : NULL);
    add_deals(&random, &history);
    if (has_milestones)
        add_milestones(&random, &history);
    for (int i = 0; i < RUNS; i++) {
        bench_init(&run.bench);
        (void)bench_counters(&run.bench, BENCH_CREDITING); /* counts as rows come, from now on */
        run.history = &history;
        run.random = (struct random){random.state + (uint64_t)i * 977};
        run_history(&run);
        judge(&run, &expected, &waiting, seed);
        if (i == 0 && !has_milestones)
            compare_with_obvious(&run);
        bench_deinit(&run.bench);
    }
    buffer_deinit(&expected);
    arena_deinit(&history.texts);
}

/* So that a failed assertion can be traced to its history. */
static uint64_t current_seed;

static int print_seed(void **state)
{
    (void)state;
    printf("the last history had seed %llu\n", (unsigned long long)current_seed);
    return 0;
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

static void run_histories(bool has_milestones)
{
    uint64_t seed = number_from("MILEPOST_SEED", 1);
    uint64_t count = number_from("MILEPOST_HISTORIES", HISTORIES);
    printf("seeds %llu to %llu\n", (unsigned long long)seed,
           (unsigned long long)(seed + count - 1));
    for (uint64_t i = 0; i < count; i++) {
        current_seed = seed + i;
        one_history(current_seed, has_milestones);
    }
}

static void totals_do_not_depend_on_the_order_of_arrival(void **state)
{
    (void)state;
    run_histories(false);
}

static void nor_do_those_of_milestones(void **state)
{
    (void)state;
    run_histories(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(totals_do_not_depend_on_the_order_of_arrival, print_seed),
        cmocka_unit_test_teardown(nor_do_those_of_milestones, print_seed),
    };
    return cmocka_run_group_tests_name("engine.order", tests, NULL, NULL);
}
