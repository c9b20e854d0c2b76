#include "worker/company_draft.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "plan/plan.h"

const char *pick(struct chance *chance, const char *const *words, size_t count)
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

const char *const company_conditions[CONDITIONS] = {"product: core",
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

/* Of what has no lines, conditions on the deal. */
uint32_t draw_condition(const struct draft *draft)
{
    enum { OF_DEAL = 4, BEHIND_DEAL = 13 };
    bool has_lines = strcmp(draft->of, "deals") == 0;
    return has_lines ? chance_draw(draft->chance, CONDITIONS)
                     : OF_DEAL + chance_draw(draft->chance, BEHIND_DEAL - OF_DEAL);
}

static void write_where(struct draft *draft)
{
    struct chance *chance = draft->chance;
    uint32_t first = draw_condition(draft);
    uint32_t second = draw_condition(draft);
    buffer_printf(draft->out, ", where: {%s", company_conditions[first]);
    if (chance_one_in(chance, 3) &&
        strncmp(company_conditions[first], company_conditions[second], 6) != 0)
        buffer_printf(draft->out, ", %s", company_conditions[second]);
    buffer_printf(draft->out, "}");
}

/* Parts of the cash are whole parts of the deal's amount; of others they are fractions, which rows
 * in their order do not have. */
static void write_convert(struct draft *draft)
{
    struct chance *chance = draft->chance;
    draft->is_paid = !draft->has_where && strcmp(draft->sum, "amount") == 0 &&
                     strcmp(draft->over, "line") != 0 && chance_one_in(chance, 2);
    buffer_printf(draft->out, ", convert: {to: USD, rate-of: %s, missing: %s}",
                  draft->is_paid ? "paid-date"
                                 : PICK(chance, "closed-date", "window-end", "attribute.posted"),
                  PICK(chance, "pending", "previous-up-to 20 days", "previous-up-to 90 days"));
}

static void write_measure(struct draft *draft)
{
    struct chance *chance = draft->chance;
    buffer_printf(draft->out, "    measure: {of: %s, sum: %s", draft->of, draft->sum);
    if (strcmp(draft->sum, "count") == 0)
        buffer_printf(draft->out, ", count: %s", PICK(chance, "credited", "shared"));
    if (chance_one_in(chance, 2))
        buffer_printf(draft->out, ", role: %s",
                      PICK(chance, "[owner]", "[owner, overlay]", "[sdr]"));
    draft->has_where = chance_one_in(chance, 2);
    if (draft->has_where)
        write_where(draft);
    if (chance_one_in(chance, 5))
        buffer_printf(draft->out, ", plus: %s", PICK(chance, "100", "-250.5", "3"));
    if (chance_one_in(chance, 2) && draft->is_alone && strcmp(draft->of, "milestones") != 0)
        buffer_printf(draft->out, ", share: %s", PICK(chance, "after", "before"));
    if (strncmp(draft->sum, "amount", 6) == 0 && chance_one_in(chance, 2))
        write_convert(draft);
    else if (chance_one_in(chance, 4))
        buffer_printf(draft->out, ", convert: none");
    buffer_printf(draft->out, "}\n    over: %s\n", draft->over);
}

/* What is left of the plan is the same in both cases: the other one has a chance of its own. */
static void write_by_hand_or_level(struct draft *draft)
{
    struct chance own = {draft->chance->state};
    struct buffer level = {0};
    struct draft unmeasured = *draft;
    unmeasured.out = &level;
    unmeasured.has_goal = false;
    buffer_printf(&level, "    over: %s\n", draft->over);
    write_level(&unmeasured);
    write_adjust(&unmeasured);
    if (chance_one_in(&own, 2)) {
        draft->chance = &own;
        draft->sum = "amount";
        buffer_printf(draft->out, "    measure: {of: adjustments, sum: amount}\n    over: %s\n",
                      draft->over);
        write_goal(draft);
        write_steps_of_pay(draft);
        write_adjust(draft);
    } else {
        buffer_append_slice(draft->out, buffer_slice(&level));
    }
    buffer_deinit(&level);
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
    draft.of = strcmp(draft.over, "line") == 0
                   ? "deals"
                   : PICK(chance, "deals", "deals", "deals", "deals", "milestones", "payments");
    draft.sum = strcmp(draft.of, "deals") == 0
                    ? PICK(chance, "amount", "amount", "amount.net", "quantity", "count")
                    : PICK(chance, "amount", "amount", "count");
    draft.has_goal = chance_one_in(chance, 2);
    draft.is_lower = draft.has_goal && chance_one_in(chance, 5);
    draft.is_whole_percent = draft.has_goal && chance_one_in(chance, 3);
    buffer_printf(out, "  c%u:\n", shape);
    switch (draft.is_alone ? 3 : chance_draw(chance, 9)) {
    case 0:
        draft.sum = "value";
        write_results(&draft);
        return;
    case 1:
        write_events(&draft);
        return;
    case 2:
        write_by_hand_or_level(&draft);
        return;
    default:
        break;
    }
    if (strcmp(draft.over, "deal") == 0 && chance_one_in(chance, 5)) {
        write_events(&draft);
        return;
    }
    draw_attribution(&draft);
    write_measure(&draft);
    write_cancelled(&draft);
    write_goal(&draft);
    write_pays(&draft);
    write_adjust(&draft);
    write_release(&draft);
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
        "rounding: {to: %s, mode: %s}\nmid-window: %s\nsplit-windows: %s\ncomponents:\n",
        plan, version, moneys[money].currency,
        (const char *const[]){"UTC", "America/New_York", "Asia/Kolkata", "UTC"}[shape >> 32 & 3],
        calendars[shape >> 34 & 3], froms[from], has_one_range ? ranges[until] : untils[until],
        moneys[money].to, PICK(chance, "half-even", "half-up", "toward-zero", "away-from-zero"),
        PICK(chance, "last", "blend", "split"), PICK(chance, "no", "no", "yes"));
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

/* Where the next component begins, `  cNAME:` at the start of a line, or the document's end. */
static size_t next_component(struct slice document, size_t from)
{
    for (size_t at = from; at + 4 < document.length; at++) {
        if (memcmp(document.bytes + at, "\n  c", 4) == 0)
            return at + 1;
    }
    return document.length;
}

struct slice company_shorter_plan(struct company *company, struct slice document, size_t component)
{
    size_t from = next_component(document, 0);
    for (size_t i = 0; i < component; i++)
        from = next_component(document, from);
    if (from == document.length)
        return (struct slice){0};
    size_t until = next_component(document, from);
    char *text = company_take(company, document.length, 1);
    memcpy(text, document.bytes, from);
    memcpy(text + from, document.bytes + until, document.length - until);
    struct slice shorter = {text, document.length - (until - from)};
    return is_allowed(shorter) ? shorter : (struct slice){text, 0};
}
