/* Histories drawn from a seed: facts, rosters, plans and rules in the texts of engine_bench.h.
 * Include after cmocka.h. */
#ifndef MILEPOST_TESTS_ORDER_HISTORIES_H
#define MILEPOST_TESTS_ORDER_HISTORIES_H

#include "support/engine_bench.h"

enum { PEOPLE = 4, EVENTS_MAX = 200 };

struct random {
    uint64_t state;
};

static inline uint32_t draw(struct random *random, uint32_t below)
{
    random->state = random->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random->state >> 33) % below;
}

static inline bool one_in(struct random *random, uint32_t chance)
{
    return draw(random, chance) == 0;
}

/* --- histories --- */

enum event_kind { EVENT_DEAL, EVENT_ROSTER, EVENT_PLAN, EVENT_RULES, EVENT_MILESTONE };

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

static inline const char *keep(struct history *history, const struct buffer *buffer)
{
    struct slice copy = arena_copy(&history->texts, buffer_slice(buffer));
    assert_non_null(copy.bytes);
    return copy.bytes;
}

static inline void add(struct history *history, enum event_kind kind, const char *id,
                       int64_t version, const struct buffer *text)
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

static inline void write_give(struct random *random, struct buffer *out, enum tier_gives gives)
{
    static const char *const formats[] = {", give: %u%%", ", give: %u.5", ", give: %u0",
                                          ", give: %u0%%"};
    buffer_printf(out, formats[gives], 1 + draw(random, 9));
}

static inline void write_tiers(struct random *random, struct buffer *out, const struct draft *draft)
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

static inline void write_curve(struct random *random, struct buffer *out)
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

static inline void write_pays(struct random *random, struct buffer *out, const struct draft *draft)
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

static inline void write_measure(struct random *random, struct buffer *out,
                                 const struct draft *draft)
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

static inline void write_goal(struct random *random, struct buffer *out, const struct draft *draft)
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

static inline void write_adjust(struct random *random, struct buffer *out,
                                const struct draft *draft)
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
static inline void write_component(struct random *random, struct buffer *out, uint32_t shape)
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

static inline void write_plan(struct random *random, struct buffer *out, const char *id,
                              int version, uint32_t shapes)
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

static inline void add_plans(struct random *random, struct history *history)
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

static inline void write_assignment(struct random *random, struct buffer *out, const char *plan)
{
    static const char *const ranges[] = {"2026-01-01 -", "2026-01-01 2026-05-20", "2026-02-10 -",
                                         "2026-05-20 2027-01-01"};
    buffer_printf(out, "%s %s", plan, ranges[draw(random, 4)]);
    if (!one_in(random, 5))
        buffer_printf(out, " goal=%u", draw(random, 5) * 1000);
    if (!one_in(random, 5))
        buffer_printf(out, " target=%u.55", 100 + draw(random, 900));
}

/* `more`: a plan that some are assigned to as well; NULL: none. */
static inline void add_rosters(struct random *random, struct history *history, const char *more)
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
            if (more && !one_in(random, 4)) {
                buffer_printf(&text, ";");
                write_assignment(random, &text, more);
            }
            add(history, EVENT_ROSTER, people[i], version, &text);
        }
    }
    buffer_deinit(&text);
}

static inline void write_people(struct random *random, struct buffer *out)
{
    static const char *const splits[][2] = {
        {"100%", NULL}, {"60%", "40%"}, {"33.33%", "66.67%"}, {"70%", "20%"}, {"100%", "12.345%"}};
    const char *const *split = splits[draw(random, 5)];
    for (int i = 0; i < 2 && split[i]; i++)
        buffer_printf(out, " %s/%s/%s", people[draw(random, PEOPLE)],
                      one_in(random, 4) ? "sdr" : "owner", split[i]);
}

static inline void write_deal(struct random *random, struct buffer *out, int deal, int revision)
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

static inline void add_deals(struct random *random, struct history *history)
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

/* --- milestones --- */

static inline void write_phases(struct random *random, struct buffer *out)
{
    static const char *const ofs[] = {"contract-value", "fixed", "target-incentive"};
    static const char *const tables[][2] = {
        {"{phase: a, give: 30%, by: 6 weeks after closed, late: 50%}, {phase: b, give: 70%}",
         "{phase: a, give: 300.5, by: 2 months after closed}, {phase: b, give: 70}"},
        {"{phase: b, give: 33.3%}, {phase: c, give: 66.7%, by: 90 days after closed}",
         "{phase: c, give: 5}"},
    };
    static const char *const requires[] = {"", ", requires: approval",
                                           ", requires: approval, dated: approved"};
    uint32_t of = draw(random, 3);
    buffer_printf(out, "    pays: {phases: {of: %s, table: ", ofs[of]);
    if (one_in(random, 3))
        buffer_printf(out, "from milestones");
    else
        buffer_printf(out, "[%s]", tables[draw(random, 2)][of == 1]);
    buffer_printf(out, "%s}}\n", requires[draw(random, 3)]);
}

static inline void write_event_component(struct random *random, struct buffer *out,
                                         const char *name, const char *over, bool is_summed)
{
    static const char *const sums[] = {"", ", sum: count, count: credited",
                                       ", sum: count, count: shared", ", sum: amount"};
    static const char *const wheres[] = {"", "", ", where: {phase: [a, b]}",
                                         ", where: {milestone: live}"};
    uint32_t sum = is_summed ? 1 + draw(random, 3) : 0;
    buffer_printf(out, "  %s:\n    measure: {of: milestones%s%s}\n", name, sums[sum],
                  wheres[draw(random, 4)]);
    buffer_printf(out, "    cancelled: {effect: %s}\n    over: %s\n",
                  one_in(random, 2) ? "recompute" : "never", over);
    if (is_summed)
        buffer_printf(out, "    pays: {%s}\n", sum == 3 ? "rate: 7%" : "unit: 12.345");
    else if (one_in(random, 3))
        buffer_printf(out, "    pays: {progress: {of: contract-value%s}}\n",
                      one_in(random, 2) ? ", requires: approval" : "");
    else
        write_phases(random, out);
}

static inline void add_event_plans(struct random *random, struct history *history)
{
    static const char *const froms[] = {"2026-01-01", "2026-04-01"};
    struct buffer text = {0};
    bool has_plan_window = one_in(random, 2);
    int versions = has_plan_window ? 1 : 1 + (int)draw(random, 2);
    for (int version = 1; version <= versions; version++) {
        buffer_reset(&text);
        buffer_printf(&text,
                      "milepost: 1\nplan: pm\nversion: %d\ntitle: T\ncurrency: USD\n"
                      "timezone: UTC\ncalendar: {year-starts: 01-01}\n"
                      "effective: {from: %s, until: 2027-06-01}\n"
                      "rounding: {to: 0.01, mode: half-even}\nmid-window: last\ncomponents:\n",
                      version, froms[version - 1]);
        write_event_component(random, &text, "one", "deal", false);
        write_event_component(random, &text, "two", "deal", false);
        write_event_component(random, &text, "three", "quarter", true);
        if (has_plan_window)
            write_event_component(random, &text, "four", "plan", false);
        add(history, EVENT_PLAN, "pm", version, &text);
    }
    buffer_deinit(&text);
}

static inline void write_milestone(struct random *random, struct buffer *out, int id, int deal,
                                   int revision)
{
    static const char *const statuses[] = {"REACHED",  "REACHED",  "REACHED", "APPROVED",
                                           "APPROVED", "REJECTED", "REVOKED"};
    char date[DATE_TEXT_BYTES];
    int32_t reached = 20450 + (int32_t)draw(random, 300);
    const char *status = statuses[draw(random, 7)];
    (void)date_format(reached, date);
    buffer_printf(out, "M-%d ", id);
    if (deal < 0)
        buffer_printf(out, "-");
    else
        buffer_printf(out, "D-%d", deal);
    buffer_printf(out, " %d %s %s %s", revision, status, date, one_in(random, 2) ? "live" : "x");
    if (strcmp(status, "APPROVED") == 0) {
        (void)date_format(reached + (int32_t)draw(random, 60), date);
        buffer_printf(out, " approved=%s", date);
    }
    if (!one_in(random, 6))
        buffer_printf(out, " phase=%c", 'a' + (int)draw(random, 3));
    if (one_in(random, 2))
        buffer_printf(out, " percent=%u.5%%", draw(random, 100));
    if (one_in(random, 3))
        buffer_printf(out, " contract=%u.37", draw(random, 5000));
    if (one_in(random, 3))
        buffer_printf(out, " share=%u%%", draw(random, 60));
    if (one_in(random, 3))
        buffer_printf(out, " amount=%u.09", draw(random, 300));
    if (!one_in(random, 3))
        buffer_printf(out, " cur=%s", one_in(random, 8) ? "EUR" : "USD");
    if (deal < 0 || one_in(random, 4))
        write_people(random, out);
}

/* Most of them of the few first deals, some of deals that never come or of none. */
static inline void add_milestones(struct random *random, struct history *history)
{
    struct buffer text = {0};
    int count = 2 + (int)draw(random, 20);
    for (int id = 0; id < count; id++) {
        int deal = one_in(random, 6) ? -1 : one_in(random, 12) ? 99 : (int)draw(random, 6);
        int revisions = 1 + (int)draw(random, 3);
        for (int revision = 1; revision <= revisions; revision++) {
            buffer_reset(&text);
            write_milestone(random, &text, id, deal, revision);
            add(history, EVENT_MILESTONE, "", revision, &text);
        }
    }
    buffer_deinit(&text);
}

#endif
