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
#include "support/engine_bench.h"

enum { HISTORIES = 60, RUNS = 4, PEOPLE = 4, EVENTS_MAX = 120, TEXT_BYTES_MAX = 1 << 20 };

struct random {
    uint64_t state;
};

static uint32_t draw(struct random *random, uint32_t below)
{
    random->state = random->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random->state >> 33) % below;
}

static bool one_in(struct random *random, uint32_t chance)
{
    return draw(random, chance) == 0;
}

/* --- histories --- */

enum event_kind { EVENT_DEAL, EVENT_ROSTER, EVENT_PLAN, EVENT_RULES };

struct event {
    enum event_kind kind;
    const char *id; /* participant, plan */
    int64_t version;
    const char *text;
};

struct history {
    struct event events[EVENTS_MAX];
    size_t count;
    struct arena texts;
};

static const char *keep(struct history *history, const struct buffer *buffer)
{
    struct slice copy = arena_copy(&history->texts, buffer_slice(buffer));
    assert_non_null(copy.bytes);
    return copy.bytes;
}

static void add(struct history *history, enum event_kind kind, const char *id, int64_t version,
                const struct buffer *text)
{
    assert_true(history->count < EVENTS_MAX);
    history->events[history->count++] = (struct event){kind, id, version, keep(history, text)};
}

static const char *const people[PEOPLE] = {"person:jo", "person:kim", "person:al", "team:north"};

/* What a component is, so that its parts fit each other. */
struct draft {
    bool is_alone; /* over deals or lines */
    bool is_deal;
    bool has_goal;
    bool has_fixed_goal;
    bool is_whole_percent;
    bool is_lower_better;
    const char *sum; /* amount, quantity, count */
};

enum tier_gives { GIVES_RATE, GIVES_UNIT, GIVES_AMOUNT, GIVES_SHARE };

static void write_give(struct random *random, struct buffer *out, enum tier_gives gives)
{
    static const char *const formats[] = {", give: %u%%", ", give: %u.5", ", give: %u0",
                                          ", give: %u0%%"};
    buffer_printf(out, formats[gives], 1 + draw(random, 9));
}

static void write_tiers(struct random *random, struct buffer *out, const struct draft *draft)
{
    static const char *const methods[] = {"marginal", "whole", "interpolated"};
    static const char *const words[] = {"rate", "unit", "amount", "percent-of-target"};
    bool is_whole = draft->is_whole_percent || draft->is_lower_better;
    uint32_t method = is_whole ? 1 : draw(random, 3);
    enum tier_gives gives = draw(random, draft->is_alone ? 3 : 4);
    if (gives == GIVES_UNIT && method == 2)
        gives = GIVES_RATE;
    bool on_attainment = draft->has_goal && (is_whole || one_in(random, 2));
    bool must_name_units = gives == GIVES_UNIT && strcmp(draft->sum, "amount") == 0;
    buffer_printf(out,
                  "    pays:\n      tiers:\n        on: %s\n        method: %s\n"
                  "        boundary: %s\n        gives: %s\n        negative: %s\n%s",
                  on_attainment ? "attainment" : "amount", methods[method],
                  one_in(random, 2) ? "higher" : "lower", words[gives],
                  gives <= GIVES_UNIT && one_in(random, 2) ? "first-tier" : "nothing",
                  must_name_units ? "        units-of: quantity\n" : "");
    const char *const edges[3] = {on_attainment ? (one_in(random, 2) ? "0%" : "20%") : "0",
                                  on_attainment ? "50%" : "1000",
                                  on_attainment ? "120%" : "2500.50"};
    bool is_retroactive = method == 0 && gives <= GIVES_UNIT && one_in(random, 4);
    buffer_printf(out, "        table: [{from: %s", edges[0]);
    write_give(random, out, gives);
    buffer_printf(out, "}, {from: %s", edges[1]);
    write_give(random, out, gives);
    buffer_printf(out, "%s}, {from: %s", is_retroactive ? ", retroactive: true" : "", edges[2]);
    if (method != 2)
        write_give(random, out, gives);
    buffer_printf(out, "}]\n");
}

static void write_curve(struct random *random, struct buffer *out)
{
    static const char *const gives[] = {"percent-of-target", "rate"};
    buffer_printf(out,
                  "    pays:\n      curve:\n        on: attainment\n        gives: %s\n"
                  "        points: [[50%%, %s], [100%%, 100%%], [150%%, 300%%]]\n"
                  "        below: %s\n        above: %s\n",
                  gives[draw(random, 2)], one_in(random, 2) ? "0%" : "20%",
                  one_in(random, 2) ? "nothing" : "flat",
                  one_in(random, 2) ? "{slope: 1}" : "flat");
}

static void write_pays(struct random *random, struct buffer *out, const struct draft *draft)
{
    if (draft->has_goal && one_in(random, 2)) {
        write_curve(random, out);
    } else if (draft->is_whole_percent || draft->is_lower_better) {
        write_tiers(random, out, draft);
    } else if (strcmp(draft->sum, "amount") != 0 && one_in(random, 2)) {
        buffer_printf(out, "    pays: {unit: %u.25%s}\n", 1 + draw(random, 20),
                      one_in(random, 2) ? ", after: 2" : "");
    } else if (one_in(random, 2)) {
        write_tiers(random, out, draft);
    } else {
        buffer_printf(out, "    pays: {rate: %u.%u%%}\n", draw(random, 20), draw(random, 1000));
    }
}

static void write_measure(struct random *random, struct buffer *out, const struct draft *draft)
{
    static const char *const wheres[] = {"", ", where: {product: core}",
                                         ", where: {product: [core, plus]}", ""};
    buffer_printf(out, "    measure: {of: deals, sum: %s", draft->sum);
    if (strcmp(draft->sum, "count") == 0)
        buffer_printf(out, ", count: %s", one_in(random, 2) ? "credited" : "shared");
    buffer_printf(out, "%s%s%s", one_in(random, 2) ? ", role: [owner]" : "",
                  wheres[draw(random, 4)],
                  draft->is_alone && one_in(random, 2) ? ", share: after" : "");
    if (one_in(random, 4))
        buffer_printf(out, ", plus: %d.5", (int)draw(random, 200) - 100);
    buffer_printf(out, "}\n");
}

static void write_goal(struct random *random, struct buffer *out, const struct draft *draft)
{
    static const char *const zeros[] = {"full-target", "pending", "nothing"};
    static const char *const whole[] = {"whole-percent-down", "whole-percent-nearest"};
    buffer_printf(out, "    goal: {attainment: %s, direction: %s",
                  draft->is_whole_percent ? whole[draw(random, 2)] : "exact",
                  draft->is_lower_better ? "lower" : "higher");
    if (draft->has_fixed_goal)
        buffer_printf(out, ", fixed: %u}\n", 1 + draw(random, 3000));
    else
        buffer_printf(out, ", from: roster, prorate: none, zero: %s}\n", zeros[draw(random, 3)]);
}

static void write_adjust(struct random *random, struct buffer *out, const struct draft *draft)
{
    const char *per = draft->is_deal && one_in(random, 2) ? "deal" : "window";
    bool must_cap = draft->is_lower_better;
    if (!must_cap && !one_in(random, 3))
        return;
    buffer_printf(out, "    adjust: [");
    if (one_in(random, 3))
        buffer_printf(out, "{floor: {at: %d, per: %s}}, ", (int)draw(random, 60) - 30, per);
    if (!draft->is_alone && one_in(random, 3))
        buffer_printf(out, "{cap: {at: %u%% of target, per: %s}}]\n", 50 + draw(random, 100), per);
    else
        buffer_printf(out, "{cap: {at: %u, per: %s}}]\n", 50 + draw(random, 300), per);
}

/* `shape` decides what must be the same in every version: the kind of window. */
static void write_component(struct random *random, struct buffer *out, uint32_t shape)
{
    static const char *const overs[] = {"quarter", "month", "deal", "year", "line", "half"};
    static const char *const sums[] = {"amount", "amount", "quantity", "count"};
    uint32_t over = shape % 6;
    struct draft draft = {.is_alone = over == 2 || over == 4, .is_deal = over == 2};
    draft.sum = sums[draw(random, 4)];
    draft.has_goal = !draft.is_alone && one_in(random, 2);
    draft.has_fixed_goal = draft.has_goal && one_in(random, 4);
    draft.is_whole_percent = draft.has_goal && one_in(random, 4);
    draft.is_lower_better = draft.has_goal && one_in(random, 4);
    buffer_printf(out, "  c%u:\n", shape);
    write_measure(random, out, &draft);
    buffer_printf(out, "    cancelled: {effect: recompute}\n    over: %s\n", overs[over]);
    if (draft.has_goal)
        write_goal(random, out, &draft);
    write_pays(random, out, &draft);
    write_adjust(random, out, &draft);
}

static void write_plan(struct random *random, struct buffer *out, const char *id, int version,
                       uint32_t shapes)
{
    static const char *const froms[] = {"2026-01-01", "2026-04-01", "2026-05-15"};
    buffer_printf(out,
                  "milepost: 1\nplan: %s\nversion: %d\ntitle: T\ncurrency: USD\n"
                  "timezone: UTC\ncalendar: {year-starts: 01-01}\n"
                  "effective: {from: %s, until: 2027-06-01}\n"
                  "rounding: {to: 0.01, mode: %s}\nmid-window: last\ncomponents:\n",
                  id, version, froms[version == 1 ? 0 : draw(random, 3)],
                  one_in(random, 2) ? "half-even" : "half-up");
    for (uint32_t i = 0; i < 3; i++)
        write_component(random, out, (shapes >> (8 * i)) & 31);
}

static void add_plans(struct random *random, struct history *history)
{
    static const char *const ids[] = {"ae", "sdr"};
    struct buffer text = {0};
    for (int i = 0; i < 2; i++) {
        uint32_t shapes =
            draw(random, 8) | (8 + draw(random, 8)) << 8 | (16 + draw(random, 8)) << 16;
        int versions = 1 + (int)draw(random, 2);
        for (int version = 1; version <= versions; version++) {
            buffer_reset(&text);
            write_plan(random, &text, ids[i], version, shapes);
            add(history, EVENT_PLAN, ids[i], version, &text);
        }
    }
    static const char *const rules[] = {"splits: {owner: exactly 100%, sdr: at most 100%}\n",
                                        "splits: {owner: any, sdr: any}\n",
                                        "splits: {owner: at most 120%, sdr: at most 50%}\n"};
    int versions = (int)draw(random, 3);
    for (int version = 1; version <= versions; version++) {
        buffer_reset(&text);
        buffer_printf(&text, "%s", rules[draw(random, 3)]);
        add(history, EVENT_RULES, "all", version, &text);
    }
    buffer_deinit(&text);
}

static void write_assignment(struct random *random, struct buffer *out, const char *plan)
{
    static const char *const ranges[] = {"2026-01-01 -", "2026-01-01 2026-05-20", "2026-02-10 -",
                                         "2026-05-20 2027-01-01"};
    buffer_printf(out, "%s %s", plan, ranges[draw(random, 4)]);
    if (!one_in(random, 5))
        buffer_printf(out, " goal=%u", draw(random, 5) * 1000);
    if (!one_in(random, 5))
        buffer_printf(out, " target=%u.55", 100 + draw(random, 900));
}

static void add_rosters(struct random *random, struct history *history)
{
    struct buffer text = {0};
    for (int i = 0; i < PEOPLE; i++) {
        int versions = (int)draw(random, 3);
        for (int version = 1; version <= versions; version++) {
            buffer_reset(&text);
            write_assignment(random, &text, "ae");
            if (one_in(random, 2)) {
                buffer_printf(&text, ";");
                write_assignment(random, &text, "sdr");
            }
            add(history, EVENT_ROSTER, people[i], version, &text);
        }
    }
    buffer_deinit(&text);
}

static void write_people(struct random *random, struct buffer *out)
{
    static const char *const splits[][2] = {
        {"100%", NULL}, {"60%", "40%"}, {"33.33%", "66.67%"}, {"70%", "20%"}, {"100%", "12.345%"}};
    const char *const *split = splits[draw(random, 5)];
    for (int i = 0; i < 2 && split[i]; i++)
        buffer_printf(out, " %s/%s/%s", people[draw(random, PEOPLE)],
                      one_in(random, 4) ? "sdr" : "owner", split[i]);
}

static void write_deal(struct random *random, struct buffer *out, int deal, int revision)
{
    static const char *const statuses[] = {"CLOSED", "CLOSED",    "CLOSED",
                                           "CLOSED", "CANCELLED", "OPEN"};
    char date[DATE_TEXT_BYTES];
    (void)date_format(20440 + (int32_t)draw(random, 420), date); /* from December 2025 */
    uint32_t cents = draw(random, 200000);
    const char *sign = one_in(random, 12) ? "-" : "";
    buffer_printf(out, "D-%d %d %s %s %s%u.%02u", deal, revision, statuses[draw(random, 6)], date,
                  sign, cents / 100, cents % 100);
    write_people(random, out);
    if (one_in(random, 3)) {
        uint32_t first = draw(random, cents + 1);
        uint32_t rest = one_in(random, 6) ? cents : cents - first;
        buffer_printf(out, " +1/%s/%s%u.%02u +2/%s/%s%u.%02u", one_in(random, 2) ? "core" : "plus",
                      sign, first / 100, first % 100, one_in(random, 2) ? "core" : "other", sign,
                      rest / 100, rest % 100);
    }
    if (one_in(random, 2))
        buffer_printf(out, " q=%u.5", draw(random, 40));
    if (one_in(random, 12))
        buffer_printf(out, " cur=EUR");
}

static void add_deals(struct random *random, struct history *history)
{
    struct buffer text = {0};
    int deals = 3 + (int)draw(random, 20);
    for (int deal = 0; deal < deals; deal++) {
        int revisions = 1 + (int)draw(random, 3);
        for (int revision = 1; revision <= revisions; revision++) {
            buffer_reset(&text);
            write_deal(random, &text, deal, revision);
            add(history, EVENT_DEAL, "", revision, &text);
        }
    }
    buffer_deinit(&text);
}

/* --- running one --- */

static void apply_roster(struct bench *bench, const struct event *event)
{
    struct roster roster = {
        .participant = slice_of(event->id),
        .aspect = SLICE("assignments"),
        .version = event->version,
        .change = SLICE("apply-r"),
        .assignments = bench_assignments(&bench->facts, event->text),
    };
    assert_int_equal(bench_try_roster(bench, &roster), STATUS_OK);
}

static void apply_event(struct bench *bench, const struct event *event)
{
    arena_reset(&bench->facts);
    if (event->kind == EVENT_DEAL && bench_try_deal(bench, event->text))
        fail_msg("deal %s: %s", event->text, bench->detail);
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

/* A rebuild finds what the running sums found. */
static void check_rebuild(struct run *run, const struct buffer *expected, int64_t *waiting)
{
    struct bench *bench = &run->bench;
    size_t payouts = bench->payouts.count;
    size_t attainments = bench->attainments.count;
    size_t credits = bench->credits.count;
    bench_restart(bench);
    for (int i = 0; i < 2; i++) {
        struct outbox outbox = bench_outbox(bench);
        bench_begin(bench);
        assert_int_equal(
            bench->folds[i]->verify(bench->folds[i]->self, 1000, &outbox, bench->detail),
            STATUS_OK);
        bench_keep(bench);
        assert_int_equal(bench_counters(bench, i).held, 0);
    }
    bench_publish(bench);
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
            facts->deals[facts->all.deal_count++] = bench_deal(&facts->arena, event->text);
        else if (event->kind == EVENT_ROSTER)
            facts->rosters[facts->all.roster_count++] =
                (struct roster){.participant = slice_of(event->id),
                                .aspect = SLICE("assignments"),
                                .version = event->version,
                                .assignments = bench_assignments(&facts->arena, event->text)};
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

static void one_history(uint64_t seed)
{
    static struct history history;
    static struct run run;
    struct random random = {seed * 2654435761u + 1};
    struct buffer expected = {0};
    int64_t waiting = -1;
    history = (struct history){0};
    arena_init_growing(&history.texts, TEXT_BYTES_MAX);
    add_plans(&random, &history);
    add_rosters(&random, &history);
    add_deals(&random, &history);
    for (int i = 0; i < RUNS; i++) {
        bench_init(&run.bench);
        run.history = &history;
        run.random = (struct random){random.state + (uint64_t)i * 977};
        run_history(&run);
        judge(&run, &expected, &waiting, seed);
        if (i == 0)
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

static void totals_do_not_depend_on_the_order_of_arrival(void **state)
{
    (void)state;
    uint64_t seed = number_from("MILEPOST_SEED", 1);
    uint64_t count = number_from("MILEPOST_HISTORIES", HISTORIES);
    printf("seeds %llu to %llu\n", (unsigned long long)seed,
           (unsigned long long)(seed + count - 1));
    for (uint64_t i = 0; i < count; i++) {
        current_seed = seed + i;
        one_history(current_seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(totals_do_not_depend_on_the_order_of_arrival, print_seed),
    };
    return cmocka_run_group_tests_name("engine.order", tests, NULL, NULL);
}
