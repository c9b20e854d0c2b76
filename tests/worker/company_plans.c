#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "plan/plan.h"
#include "worker/company.h"

/* One of the words that follow. */
#define PICK(chance, ...)                                                                          \
    pick(chance, (const char *const[]){__VA_ARGS__},                                               \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static const char *pick(struct chance *chance, const char *const *words, size_t count)
{
    return words[chance_draw(chance, (uint32_t)count)];
}

static struct zone_transition new_york[] = {{INT64_C(1762063200000), -18000},
                                            {INT64_C(1772953200000), -14400},
                                            {INT64_C(1793512800000), -18000},
                                            {INT64_C(1805007600000), -14400}};
static struct zone_transition kolkata[] = {{0, 19800}};
static struct zone_transition utc[] = {{0, 0}};
static struct zone_table zone_tables[] = {{{"UTC", 3}, {utc, 1}},
                                          {{"America/New_York", 16}, {new_york, 4}},
                                          {{"Asia/Kolkata", 12}, {kolkata, 1}}};

static const char *const overs[] = {"month", "quarter", "half", "year",
                                    "plan",  "deal",    "line", "quarter"};

/* What one component is about, drawn step by step; the text follows from it. */
struct draft {
    struct chance *chance;
    struct buffer *out;
    const char *over;
    const char *sum;
    bool is_alone; /* over deal or line */
    bool has_goal;
    bool is_lower;
    bool is_whole_percent;
    bool is_prorated; /* the goal */
    bool has_baseline;
    uint32_t names[3]; /* of the plan's components: what stands behind the c */
};

static const char *const conditions[] = {"product: core",
                                         "product: [core, xscan]",
                                         "category: scanners",
                                         "category: [devices]",
                                         "territory: DACH",
                                         "territory: [DACH, US]",
                                         "customer: C-1",
                                         "deal-type: new",
                                         "attribute.segment: smb",
                                         "attribute.segment: [smb, large]",
                                         "attribute.score: \">= 10\"",
                                         "attribute.score: \"< 7.5\"",
                                         "attribute.score: 10",
                                         "line.attribute.margin: \">= 0.25\"",
                                         "line.attribute.margin: [0.1, 0.9]",
                                         "line.attribute.grade: a",
                                         "line.attribute.grade: [b, c]"};
enum { CONDITIONS = sizeof conditions / sizeof conditions[0] };

static void write_where(struct draft *draft)
{
    struct chance *chance = draft->chance;
    uint32_t first = chance_draw(chance, CONDITIONS);
    uint32_t second = chance_draw(chance, CONDITIONS);
    buffer_printf(draft->out, ", where: {%s", conditions[first]);
    if (chance_one_in(chance, 3) && strncmp(conditions[first], conditions[second], 6) != 0)
        buffer_printf(draft->out, ", %s", conditions[second]);
    buffer_printf(draft->out, "}");
}

static void write_measure(struct draft *draft)
{
    struct chance *chance = draft->chance;
    buffer_printf(draft->out, "    measure: {of: deals, sum: %s", draft->sum);
    if (strcmp(draft->sum, "count") == 0)
        buffer_printf(draft->out, ", count: %s", PICK(chance, "credited", "shared"));
    if (chance_one_in(chance, 2))
        buffer_printf(draft->out, ", role: %s",
                      PICK(chance, "[owner]", "[owner, overlay]", "[sdr]"));
    if (chance_one_in(chance, 2))
        write_where(draft);
    if (chance_one_in(chance, 5))
        buffer_printf(draft->out, ", plus: %s", PICK(chance, "100", "-250.5", "3"));
    if (chance_one_in(chance, 2) && draft->is_alone)
        buffer_printf(draft->out, ", share: %s", PICK(chance, "after", "before"));
    if (chance_one_in(chance, 4))
        buffer_printf(draft->out, ", convert: none");
    buffer_printf(draft->out, "}\n    cancelled: {effect: %s}\n    over: %s\n",
                  PICK(chance, "recompute", "recompute", "never"), draft->over);
}

/* Weights, ramp and proration of a goal from the roster. */
static void draw_goal_terms(struct draft *draft, char out[160])
{
    struct chance *chance = draft->chance;
    const char *weights = "";
    if (strcmp(draft->over, "quarter") == 0 && chance_one_in(chance, 3))
        weights = PICK(chance, ", weights: [20%, 20%, 20%, 40%]", ", weights: [0%, 50%, 50%, 0%]");
    if (strcmp(draft->over, "half") == 0 && chance_one_in(chance, 3))
        weights = ", weights: [33.3%, 66.7%]";
    const char *ramp =
        draft->is_alone || !chance_one_in(chance, 3)
            ? ""
            : PICK(chance, ", ramp: [0%, 25%, 50%]", ", ramp: [12.5%], ramp-from: next-window",
                   ", ramp: [40%, 80%], ramp-from: next-window");
    const char *prorate =
        draft->is_alone
            ? ", prorate: none"
            : PICK(chance, ", prorate: none", ", prorate: days", ", prorate: days, decimals: 4",
                   ", prorate: months, decimals: exact", ", prorate: months, decimals: 2");
    if (strcmp(draft->over, "plan") == 0) /* its range may have no end, and so no count of months */
        prorate = PICK(chance, ", prorate: none", ", prorate: days");
    draft->is_prorated = strstr(prorate, "none") == NULL;
    const char *baseline = draft->is_alone || !chance_one_in(chance, 6)
                               ? ""
                               : PICK(chance, ", baseline: {same-window: last-year}",
                                      ", baseline: {same-window: last-year, negative: count}");
    draft->has_baseline = baseline[0] != '\0';
    (void)snprintf(out, 160, "%s%s%s%s", weights, ramp, prorate, baseline);
}

static void write_goal(struct draft *draft)
{
    struct chance *chance = draft->chance;
    if (!draft->has_goal) {
        if (chance_one_in(chance, 4))
            buffer_printf(draft->out, "    goal: none\n");
        return;
    }
    bool is_fixed = chance_one_in(chance, 3);
    char terms[160] = "";
    if (!is_fixed)
        draw_goal_terms(draft, terms);
    buffer_printf(draft->out, "    goal: {%s%s, attainment: %s%s%s%s}\n",
                  is_fixed ? PICK(chance, "fixed: 2000", "fixed: 750.25") : "from: roster", terms,
                  draft->is_whole_percent
                      ? PICK(chance, "whole-percent-down", "whole-percent-nearest")
                      : "exact",
                  is_fixed ? "" : ", zero: ",
                  is_fixed ? "" : PICK(chance, "full-target", "nothing", "pending"),
                  draft->is_lower ? ", direction: lower" : "");
}

/* Edges of a table or curve; on amounts such that deals often lie exactly on them. */
static const char *const amount_edges[] = {"0", "500", "1000", "2500.5", "4000", "10000"};
static const char *const share_edges[] = {"0%", "50%", "80%", "100%", "112.5%", "150%"};
static const char *const attribute_edges[] = {"0", "0.1", "0.25", "0.3", "0.5", "0.9"};

static const char *give(struct draft *draft, const char *gives, char out[32])
{
    struct chance *chance = draft->chance;
    if (strcmp(gives, "rate") == 0)
        (void)snprintf(out, 32, "%s%u.%u%%", chance_one_in(chance, 12) ? "-" : "",
                       chance_draw(chance, 20), chance_draw(chance, 1000));
    else if (strcmp(gives, "percent-of-target") == 0)
        (void)snprintf(out, 32, "%u.%u%%", chance_draw(chance, 200), chance_draw(chance, 10));
    else
        (void)snprintf(out, 32, "%u.%02u", chance_draw(chance, 500), chance_draw(chance, 100));
    return out;
}

static void write_on(struct draft *draft, const char **out_on, const char *const **out_edges)
{
    *out_on = "amount";
    *out_edges = amount_edges;
    if (draft->has_goal && !chance_one_in(draft->chance, 4)) {
        *out_on = "attainment";
        *out_edges = share_edges;
    } else if (strcmp(draft->over, "line") == 0 && chance_one_in(draft->chance, 3)) {
        *out_on = "line.attribute.margin";
        *out_edges = attribute_edges;
    }
}

static void write_tiers(struct draft *draft)
{
    struct chance *chance = draft->chance;
    const char *on;
    const char *const *edges;
    write_on(draft, &on, &edges);
    const char *method = PICK(chance, "marginal", "whole", "interpolated");
    const char *gives = PICK(chance, "rate", "unit", "amount", "percent-of-target");
    bool is_units = strcmp(draft->sum, "quantity") == 0 || strcmp(draft->sum, "count") == 0;
    bool is_unit = strcmp(gives, "unit") == 0;
    bool can_be_first = is_unit || strcmp(gives, "rate") == 0;
    buffer_printf(draft->out,
                  "    pays:\n      tiers:\n        on: %s\n        method: %s\n"
                  "        boundary: %s\n        gives: %s\n        negative: %s\n",
                  on, method, PICK(chance, "higher", "lower"), gives,
                  can_be_first ? PICK(chance, "nothing", "first-tier") : "nothing");
    if (is_unit && !is_units)
        buffer_printf(draft->out, "        units-of: quantity\n");
    size_t first = chance_draw(chance, 2);
    size_t rows = 1 + chance_draw(chance, 4);
    bool is_open = strcmp(method, "interpolated") != 0;
    buffer_printf(draft->out, "        table: [");
    for (size_t i = first; i < first + rows; i++) {
        char text[32];
        buffer_printf(draft->out, "%s{from: %s, give: %s%s}", i > first ? ", " : "", edges[i],
                      give(draft, gives, text),
                      can_be_first && i > first && strcmp(method, "marginal") == 0 &&
                              chance_one_in(chance, 4)
                          ? ", retroactive: true"
                          : "");
    }
    if (!is_open)
        buffer_printf(draft->out, ", {from: %s}", edges[first + rows]);
    buffer_printf(draft->out, "]\n");
}

static void write_curve(struct draft *draft)
{
    struct chance *chance = draft->chance;
    const char *on;
    const char *const *edges;
    write_on(draft, &on, &edges);
    const char *gives = PICK(chance, "rate", "amount", "percent-of-target", "percent-of-target");
    bool is_jump = chance_one_in(chance, 3);
    buffer_printf(draft->out, "    pays:\n      curve:\n        on: %s\n        gives: %s\n", on,
                  gives);
    if (is_jump)
        buffer_printf(draft->out, "        boundary: %s\n", PICK(chance, "higher", "lower"));
    buffer_printf(draft->out, "        points: [");
    size_t first = chance_draw(chance, 2);
    size_t points = 2 + chance_draw(chance, 3);
    size_t jump = first + chance_draw(chance, (uint32_t)points);
    for (size_t i = first; i < first + points; i++) {
        char text[32];
        buffer_printf(draft->out, "%s[%s, %s]", i > first ? ", " : "", edges[i],
                      give(draft, gives, text));
        if (is_jump && i == jump)
            buffer_printf(draft->out, ", [%s, %s]", edges[i], give(draft, gives, text));
    }
    buffer_printf(draft->out, "]\n        below: %s\n        above: %s\n",
                  PICK(chance, "nothing", "flat"),
                  strcmp(on, "attainment") != 0 && strcmp(gives, "amount") != 0
                      ? PICK(chance, "flat", "{slope: 0.01%}", "{slope: 12.5%}")
                      : PICK(chance, "flat", "{slope: 1}", "{slope: 0.5}", "{slope: 12.25}"));
}

static void write_rates(struct draft *draft)
{
    struct chance *chance = draft->chance;
    char text[32];
    buffer_printf(draft->out, "    pays:\n      match: %s\n      rates:\n",
                  PICK(chance, "first", "highest", "all"));
    uint32_t rows = chance_draw(chance, 4);
    bool has_else = rows == 0 || chance_one_in(chance, 2);
    for (uint32_t i = 0; i < rows; i++) {
        const char *one = conditions[chance_draw(chance, CONDITIONS)];
        const char *other = conditions[chance_draw(chance, CONDITIONS)];
        bool is_double = chance_one_in(chance, 4) && strncmp(one, other, 12) != 0;
        buffer_printf(draft->out, "        - {when: {%s%s%s}, give: %s}\n", one,
                      is_double ? ", " : "", is_double ? other : "", give(draft, "rate", text));
    }
    if (has_else)
        buffer_printf(draft->out, "        - {else: %s}\n", give(draft, "rate", text));
}

static void write_milestones(struct draft *draft)
{
    struct chance *chance = draft->chance;
    uint32_t rows = 1 + chance_draw(chance, 4);
    buffer_printf(draft->out,
                  "    pays:\n      milestones:\n        award: %s\n        boundary: %s\n"
                  "        late: %s\n        table:\n",
                  PICK(chance, "each", "highest"), PICK(chance, "reached", "passed"),
                  PICK(chance, "nothing", "50%", "12.5%"));
    for (uint32_t i = 0; i < rows; i++)
        buffer_printf(
            draft->out, "          - {name: m%u, reach: %s, give: %s%s}\n", i, amount_edges[1 + i],
            PICK(chance, "100", "250.55", "2%", "10%"),
            PICK(chance, "", ", by: end of month 1", ", by: end of window", ", by: 2026-05-10"));
}

static void write_pays(struct draft *draft)
{
    struct chance *chance = draft->chance;
    switch (chance_draw(chance, draft->has_baseline ? 8 : 9)) {
    case 8:
        write_milestones(draft);
        return;
    case 0:
        buffer_printf(draft->out, "    pays: nothing\n");
        return;
    case 1:
        buffer_printf(draft->out, "    pays: {rate: %s}\n",
                      PICK(chance, "10%", "0.333%", "-5%", "150%"));
        return;
    case 2:
        buffer_printf(draft->out, "    pays: {unit: %s%s}\n", PICK(chance, "10.00", "0.005", "-3"),
                      PICK(chance, "", ", after: 3", ", after: 1000"));
        return;
    case 3:
        write_rates(draft);
        return;
    case 4:
    case 5:
        write_curve(draft);
        return;
    default:
        write_tiers(draft);
    }
}

static void write_leaf(struct draft *draft)
{
    struct chance *chance = draft->chance;
    const char *window = PICK(chance, "same", "containing", "previous", "same");
    uint32_t name = draft->names[chance_draw(chance, 3)];
    /* Windows of single deals look at the assignment only. */
    switch (draft->is_alone ? 1 : chance_draw(chance, 4)) {
    case 0:
        buffer_printf(draft->out, "{component: c%u, earned: \"%s\", window: %s}", name,
                      PICK(chance, ">= 100", "< 50.5", "= 0", "> 0"), window);
        return;
    case 1:
        buffer_printf(draft->out, "{attribute: %s}",
                      PICK(chance, "role, is: ae", "level, is: \">= 2\"", "role, is: [sdr, ae]"));
        return;
    default:
        buffer_printf(draft->out, "{component: c%u, attainment: \"%s\", window: %s}", name,
                      PICK(chance, "< 80%", ">= 100%", "> 50%", "<= 112.5%"), window);
    }
}

static void write_condition(struct draft *draft)
{
    const char *join = PICK(draft->chance, "", "", "", "{not: ", "{all: [", "{any: [");
    buffer_printf(draft->out, "%s", join);
    write_leaf(draft);
    if (join[0] && join[1] == 'a') {
        buffer_printf(draft->out, ", ");
        write_leaf(draft);
    }
    buffer_printf(draft->out, "%s", !join[0] ? "" : join[1] == 'a' ? "]}" : "}");
}

/* A step of adjust that is no plain bound; false: none was drawn. */
static bool write_step(struct draft *draft)
{
    struct chance *chance = draft->chance;
    switch (chance_draw(chance, 8)) {
    case 0:
        buffer_printf(draft->out, "{gate: {when: ");
        write_condition(draft);
        buffer_printf(draft->out, ", then: %s}}",
                      PICK(chance, "nothing", "not-payable", "{keep: 75%}"));
        return true;
    case 1:
        buffer_printf(draft->out, "{multiply: {by: %s, when: ", PICK(chance, "75%", "133.3%"));
        write_condition(draft);
        buffer_printf(draft->out, "}}");
        return true;
    case 2:
        buffer_printf(draft->out, "{add: %s}", PICK(chance, "-100", "12.345"));
        return true;
    case 3:
        buffer_printf(draft->out, "{cap: {at: %s, per: year}}", PICK(chance, "500", "1250.75"));
        return true;
    case 4:
        buffer_printf(draft->out,
                      "{cap: {at: %s, per: %s, when: ", PICK(chance, "200", "50% of target"),
                      strcmp(draft->over, "deal") == 0 ? "deal" : "window");
        write_condition(draft);
        buffer_printf(draft->out, "}}");
        return true;
    default:
        return false;
    }
}

static void write_adjust(struct draft *draft)
{
    struct chance *chance = draft->chance;
    uint32_t steps = chance_draw(chance, 5) / 2;
    if (draft->is_lower)
        steps++;
    const char *per = strcmp(draft->over, "deal") == 0 ? "deal" : "window";
    for (uint32_t i = 0; i < steps; i++) {
        if (i > 0 || !draft->is_lower) {
            buffer_printf(draft->out, "%s", i == 0 ? "    adjust: [" : ", ");
            if (write_step(draft))
                continue;
            draft->out->length -= i == 0 ? strlen("    adjust: [") : 2;
        }
        if (i > 0 && !draft->is_prorated && !draft->is_alone && chance_one_in(chance, 4)) {
            buffer_printf(draft->out, ", {prorate: %s}",
                          strcmp(draft->over, "plan") != 0 && chance_one_in(chance, 2) ? "months"
                                                                                       : "days");
            continue;
        }
        buffer_printf(draft->out, "%s{%s: {at: %s, per: %s}}", i == 0 ? "    adjust: [" : ", ",
                      i == 0 && draft->is_lower ? "cap" : PICK(chance, "cap", "floor", "cap"),
                      PICK(chance, "150% of target", "300", "1200.50", "-20", "12.5% of target"),
                      per);
    }
    if (steps)
        buffer_printf(draft->out, "]\n");
}

/* `shape` says what is the same in every version: the name and the kind of window. */
static void write_component(struct chance *chance, struct buffer *out, uint32_t shape,
                            const uint32_t names[3])
{
    struct draft draft = {.chance = chance,
                          .out = out,
                          .over = overs[shape % 8],
                          .names = {names[0], names[1], names[2]}};
    draft.is_alone = strcmp(draft.over, "deal") == 0 || strcmp(draft.over, "line") == 0;
    draft.sum = PICK(chance, "amount", "amount", "amount.net", "quantity", "count");
    draft.has_goal = chance_one_in(chance, 2);
    draft.is_lower = draft.has_goal && chance_one_in(chance, 5);
    draft.is_whole_percent = draft.has_goal && chance_one_in(chance, 3);
    buffer_printf(out, "  c%u:\n", shape);
    write_measure(&draft);
    write_goal(&draft);
    write_pays(&draft);
    write_adjust(&draft);
}

static void write_plan(struct chance *chance, struct buffer *out, const char *plan, int version,
                       uint64_t shape)
{
    static const char *const calendars[] = {"{year-starts: 01-01}", "{year-starts: 02-01}",
                                            "{year-starts: 04-06}",
                                            "{weeks: 4-4-5, year-starts: 2026-02-01}"};
    static const char *const froms[] = {"2026-01-01", "2026-04-01", "2026-05-15", "2026-01-01"};
    static const char *const untils[] = {", until: 2027-01-01", "", ", until: 2026-09-10",
                                         ", until: 2027-06-01"};
    static const char *const ranges[] = {", until: 2027-01-01", ", until: 2028-01-01", "",
                                         ", until: 2026-09-10"};
    static const struct {
        const char *currency;
        const char *to;
    } moneys[] = {{"USD", "0.01"}, {"USD", "0.05"}, {"USD", "1"}, {"USD", "0.01"}};
    /* The plan's own range is a window: it stays the same where a component goes by it. */
    bool has_one_range = (shape & 7) == 4 || (shape >> 8 & 7) == 4 || (shape >> 16 & 7) == 4;
    uint32_t from = version == 1 || has_one_range ? 0 : chance_draw(chance, 4);
    uint32_t until = has_one_range ? (uint32_t)(shape >> 36 & 3) : chance_draw(chance, 4);
    uint32_t money = chance_draw(chance, 4);
    buffer_printf(
        out,
        "milepost: 1\nplan: %s\nversion: %d\ntitle: T\ncurrency: %s\n"
        "timezone: %s\ncalendar: %s\neffective: {from: %s%s}\n"
        "rounding: {to: %s, mode: %s}\nmid-window: %s\ncomponents:\n",
        plan, version, moneys[money].currency,
        (const char *const[]){"UTC", "America/New_York", "Asia/Kolkata", "UTC"}[shape >> 32 & 3],
        calendars[shape >> 34 & 3], froms[from], has_one_range ? ranges[until] : untils[until],
        moneys[money].to, PICK(chance, "half-even", "half-up", "toward-zero", "away-from-zero"),
        PICK(chance, "last", "blend"));
    const uint32_t names[3] = {(uint32_t)(shape & 31), 32 + (uint32_t)(shape >> 8 & 31),
                               64 + (uint32_t)(shape >> 16 & 31)};
    write_component(chance, out, names[0], names);
    write_component(chance, out, names[1], names);
    if (chance_one_in(chance, 2))
        write_component(chance, out, names[2], names);
}

static enum status find_zone(void *self, struct slice zone, int32_t from, int32_t until,
                             struct arena *arena, struct zone *out, char detail[DETAIL_BYTES])
{
    (void)self;
    (void)zone;
    (void)from;
    (void)until;
    (void)arena;
    (void)detail;
    *out = (struct zone){0};
    return STATUS_OK;
}

static bool is_allowed(struct slice document)
{
    static const struct plan_sources sources = {.zone = find_zone};
    struct arena arena;
    struct reports reports;
    const struct plan *plan;
    arena_init_growing(&arena, 16 << 20);
    reports_init(&reports, &arena);
    bool is_read =
        plan_parse(document, SLICE("plan.yaml"), &arena, &sources, &reports, &plan) == STATUS_OK;
    if (!is_read && getenv("MILEPOST_SAY")) {
        struct buffer out = {0};
        report_append(reports.first, false, &out);
        printf("%.*s", SLICE_ARGS(buffer_slice(&out)));
        buffer_deinit(&out);
    }
    arena_deinit(&arena);
    return is_read;
}

struct slice company_draw_plan(struct company *company, const char *plan, int version,
                               uint64_t shape, struct list *out_zones)
{
    struct buffer document = {0};
    for (;;) {
        buffer_reset(&document);
        write_plan(&company->chance, &document, plan, version, shape);
        if (is_allowed(buffer_slice(&document)))
            break;
        company->refused++;
    }
    struct slice copy = arena_copy(&company->arena, buffer_slice(&document));
    assert(copy.bytes);
    buffer_deinit(&document);
    *out_zones = (struct list){zone_tables, 3};
    return copy;
}
