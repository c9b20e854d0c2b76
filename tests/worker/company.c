#include "worker/company.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "calendar/date.h"

enum { PEOPLE = 5, ARENA_BYTES_MAX = 32 << 20 };

static const char *const people[PEOPLE] = {"person:jo", "person:kim", "person:al", "team:north",
                                           "person:new"};

/* --- chance --- */

struct chance chance_of(uint64_t seed)
{
    /* Mixed, since seeds beside each other would otherwise walk along one sequence. */
    struct chance chance = {seed + 1};
    uint64_t high = chance_draw(&chance, UINT32_MAX);
    return (struct chance){high << 32 | chance_draw(&chance, UINT32_MAX)};
}

uint32_t chance_draw(struct chance *chance, uint32_t below)
{
    uint64_t z = chance->state += 0x9E3779B97F4A7C15u; /* splitmix64 */
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) >> 32) % below;
}

bool chance_one_in(struct chance *chance, uint32_t count)
{
    return chance_draw(chance, count) == 0;
}

/* --- pieces --- */

static void *take(struct company *company, size_t count, size_t size)
{
    void *items = arena_take_array(&company->arena, count, size);
    assert(items);
    return items;
}

static struct decimal number(const char *text)
{
    struct decimal value = {0};
    enum status status = decimal_parse_share(slice_of(text), &value);
    assert(!status);
    return value;
}

static struct slice named(struct company *company, const char *format, int index)
{
    char text[32];
    int length = snprintf(text, sizeof text, format, index);
    return arena_copy(&company->arena, (struct slice){text, (size_t)length});
}

/* Often a round sum, so that edges are met exactly; in cents. */
static struct decimal draw_amount(struct chance *chance)
{
    int64_t cents = chance_one_in(chance, 2) ? 25000 * (int64_t)chance_draw(chance, 17)
                                             : (int64_t)chance_draw(chance, 300000);
    if (chance_one_in(chance, 10))
        cents = -cents;
    return (struct decimal){(int128)cents * 10000000};
}

static struct decimal draw_quantity(struct chance *chance)
{
    return (struct decimal){(int128)chance_draw(chance, 2000) * 250000000};
}

static struct list draw_amounts(struct company *company, struct decimal amount)
{
    struct chance *chance = &company->chance;
    if (chance_one_in(chance, 4))
        return (struct list){0};
    struct named_decimal *net = take(company, 1, sizeof *net);
    *net = (struct named_decimal){SLICE("net"), amount};
    net->value.units -= (int128)chance_draw(chance, 20000) * 10000000;
    return (struct list){net, 1};
}

/* --- control --- */

static void add_control(struct company *company, const char *kind, const char *id, int version,
                        struct slice document, struct list zones)
{
    assert(company->control_count < COMPANY_CONTROLS_MAX);
    company->controls[company->control_count++] =
        (struct control){.kind = slice_of(kind),
                         .id = slice_of(id),
                         .version = version,
                         .change = named(company, "apply-%d", (int)company->control_count),
                         .written_by = SLICE("test"),
                         .semantics = zones.count ? 1 : 0,
                         .document = document,
                         .zones = zones};
}

static void add_controls(struct company *company)
{
    static const char *const rules[] = {"splits: {owner: exactly 100%, sdr: at most 100%}\n",
                                        "splits: {owner: any, sdr: any}\n",
                                        "splits: {owner: at most 120%, overlay: at most 50%}\n"};
    static const char *const trees[] = {"xscan: scanners\nscanners: devices\ncore: software\n",
                                        "xscan: devices\nplus: scanners\n"};
    struct chance *chance = &company->chance;
    for (int plan = 0; plan < 2; plan++) {
        uint64_t shape = chance_draw(chance, UINT32_MAX) | (uint64_t)chance_draw(chance, 64) << 32;
        int versions = 1 + (int)chance_draw(chance, 3) / 2 + (int)chance_draw(chance, 3) / 2;
        for (int version = 1; version <= versions; version++) {
            struct list zones;
            const char *name = plan == 0 ? "ae" : "sdr";
            struct slice document = company_draw_plan(company, name, version, shape, &zones);
            add_control(company, "plan", name, version, document, zones);
        }
    }
    int versions = (int)chance_draw(chance, 3);
    for (int version = 1; version <= versions; version++)
        add_control(company, "crediting", "all", version, slice_of(rules[chance_draw(chance, 3)]),
                    (struct list){0});
    versions = (int)chance_draw(chance, 3);
    for (int version = 1; version <= versions; version++)
        add_control(company, "categories", "all", version, slice_of(trees[chance_draw(chance, 2)]),
                    (struct list){0});
}

/* --- the roster --- */

static struct figure draw_figure(struct company *company, struct slice component)
{
    static const char *const values[] = {"1000", "2000", "1234.56", "0", "10000", "500"};
    static const char *const windows[] = {"2026-Q1", "2026-03", "2026",
                                          "plan",    "2026-H1", "2026-Q2"};
    struct chance *chance = &company->chance;
    struct figure figure = {.component = component};
    switch (chance_draw(chance, 4)) {
    case 0:
        figure.has_annual = true;
        figure.annual = number(values[chance_draw(chance, 6)]);
        break;
    case 1: {
        struct named_decimal *by = take(company, 2, sizeof *by);
        uint32_t first = chance_draw(chance, 5);
        by[0] = (struct named_decimal){slice_of(windows[first]),
                                       number(values[chance_draw(chance, 6)])};
        by[1] = (struct named_decimal){slice_of(windows[first + 1]), number("3000")};
        figure.by_window = (struct list){by, 2};
        break;
    }
    default:
        figure.has_window = true;
        figure.window = number(values[chance_draw(chance, 6)]);
    }
    return figure;
}

/* The components that either plan may have. */
static struct list draw_goals(struct company *company)
{
    struct figure *figures = take(company, COMPANY_CONTROLS_MAX * 2, sizeof *figures);
    size_t count = 0;
    for (size_t i = 0; i < company->control_count; i++) {
        struct slice text = company->controls[i].document;
        for (size_t at = 0; at + 3 < text.length; at++) {
            if (memcmp(text.bytes + at, "\n  c", 4) != 0)
                continue;
            size_t from = at + 3;
            size_t length = 0;
            while (text.bytes[from + length] != ':')
                length++;
            struct slice name = {text.bytes + from, length};
            bool is_new = true;
            for (size_t k = 0; k < count; k++)
                is_new = is_new && !slice_equal(figures[k].component, name);
            if (is_new && !chance_one_in(&company->chance, 6) && count < 12)
                figures[count++] = draw_figure(company, name);
        }
    }
    return (struct list){count ? figures : NULL, count};
}

static struct list draw_targets(struct company *company, struct list goals)
{
    struct figure *figures = take(company, 3, sizeof *figures);
    size_t count = 0;
    if (!chance_one_in(&company->chance, 5))
        figures[count++] = draw_figure(company, SLICE(""));
    if (goals.count && chance_one_in(&company->chance, 3))
        figures[count++] = draw_figure(company, ((const struct figure *)goals.items)[0].component);
    return (struct list){count ? figures : NULL, count};
}

/* What was sold in windows of 2025. */
static struct list draw_baselines(struct company *company, struct list goals)
{
    static const char *const windows[] = {"2025-Q1", "2025-03", "2025", "2025-H1", "2025-Q2"};
    const struct figure *items = goals.items;
    if (goals.count == 0 || chance_one_in(&company->chance, 3))
        return (struct list){0};
    struct figure *figures = take(company, goals.count, sizeof *figures);
    for (size_t i = 0; i < goals.count; i++) {
        struct named_decimal *by = take(company, 2, sizeof *by);
        size_t first = chance_draw(&company->chance, 4);
        by[0] = (struct named_decimal){slice_of(windows[first]), number("700")};
        by[1] = (struct named_decimal){slice_of(windows[first + 1]), number("1500.5")};
        figures[i] = (struct figure){.component = items[i].component, .by_window = {by, 2}};
    }
    return (struct list){figures, goals.count};
}

static struct list draw_role(struct company *company)
{
    struct attribute *attributes = take(company, 2, sizeof *attributes);
    attributes[0] = (struct attribute){
        SLICE("role"), {.text = chance_one_in(&company->chance, 2) ? SLICE("ae") : SLICE("sdr")}};
    attributes[1] = (struct attribute){
        SLICE("level"),
        {.is_decimal = true, .decimal = decimal_of(chance_draw(&company->chance, 4))}};
    return (struct list){attributes, 1 + chance_draw(&company->chance, 2)};
}

static struct assignment draw_assignment(struct company *company, const char *plan, int32_t from,
                                         int32_t until)
{
    struct assignment assignment = {
        .plan = slice_of(plan), .from = from, .has_until = until != 0, .until = until};
    assignment.goals = draw_goals(company);
    assignment.targets = draw_targets(company, assignment.goals);
    assignment.baselines = draw_baselines(company, assignment.goals);
    assignment.attributes = draw_role(company);
    return assignment;
}

static void add_rosters(struct company *company)
{
    static const int32_t days[] = {20454, 20490, 20543, 20593, 20600, 20700};
    struct chance *chance = &company->chance;
    for (int i = 0; i < PEOPLE - 1; i++) {
        int versions = (int)chance_draw(chance, 8) / 2;
        for (int version = 1; version <= versions; version++) {
            struct assignment *assignments = take(company, 3, sizeof *assignments);
            size_t count = 0;
            int32_t turn = chance_one_in(chance, 2) ? days[1 + chance_draw(chance, 5)] : 0;
            assignments[count++] = draw_assignment(company, "ae", days[0], turn);
            if (turn && chance_one_in(chance, 2))
                assignments[count++] =
                    draw_assignment(company, "ae", turn + (int32_t)chance_draw(chance, 2) * 10, 0);
            if (chance_one_in(chance, 2))
                assignments[count++] =
                    draw_assignment(company, "sdr", days[chance_draw(chance, 6)], 0);
            company->rosters[company->roster_count++] =
                (struct roster){.participant = slice_of(people[i]),
                                .aspect = SLICE("assignments"),
                                .version = version,
                                .change = SLICE("apply-roster"),
                                .assignments = {assignments, count}};
        }
    }
}

/* --- deals --- */

static struct list draw_participants(struct company *company)
{
    static const char *const splits[][3] = {{"100%", NULL, NULL},       {"60%", "40%", NULL},
                                            {"33.33%", "66.67%", NULL}, {"70%", "20%", NULL},
                                            {"100%", "12.345%", NULL},  {"50%", "25%", "25%"},
                                            {NULL, NULL, NULL},         {"100%", "50%", NULL}};
    static const char *const roles[] = {"owner", "owner", "owner", "owner", "overlay", "sdr"};
    struct chance *chance = &company->chance;
    struct deal_participant *participants = take(company, 3, sizeof *participants);
    const char *const *split = splits[chance_draw(chance, 8)];
    size_t count = 0;
    for (; count < 3 && split[count]; count++)
        participants[count] = (struct deal_participant){
            slice_of(people[chance_draw(chance, PEOPLE)]), slice_of(roles[chance_draw(chance, 6)]),
            number(split[count])};
    return (struct list){count ? participants : NULL, count};
}

static struct list draw_attributes(struct company *company)
{
    static const char *const segments[] = {"smb", "large", "mid"};
    static const char *const scores[] = {"10", "7.5", "3", "12"};
    struct chance *chance = &company->chance;
    struct attribute *attributes = take(company, 2, sizeof *attributes);
    size_t count = 0;
    if (!chance_one_in(chance, 4))
        attributes[count++] = (struct attribute){
            SLICE("segment"), {.text = slice_of(segments[chance_draw(chance, 3)])}};
    if (!chance_one_in(chance, 4))
        attributes[count++] = (struct attribute){
            SLICE("score"),
            {.is_decimal = true, .decimal = number(scores[chance_draw(chance, 4)])}};
    return (struct list){count ? attributes : NULL, count};
}

static struct list draw_line_attributes(struct company *company)
{
    static const char *const margins[] = {"0.1", "0.25", "0.3", "0.05", "-0.1", "0.9"};
    static const char *const grades[] = {"a", "b", "c"};
    struct chance *chance = &company->chance;
    struct attribute *attributes = take(company, 2, sizeof *attributes);
    size_t count = 0;
    if (!chance_one_in(chance, 5))
        attributes[count++] = (struct attribute){
            SLICE("margin"),
            {.is_decimal = true, .decimal = number(margins[chance_draw(chance, 6)])}};
    if (chance_one_in(chance, 2))
        attributes[count++] =
            (struct attribute){SLICE("grade"), {.text = slice_of(grades[chance_draw(chance, 3)])}};
    return (struct list){count ? attributes : NULL, count};
}

static struct list draw_lines(struct company *company, struct decimal total)
{
    static const char *const products[] = {"core", "plus", "xscan", "other", "devices"};
    struct chance *chance = &company->chance;
    uint32_t count = chance_draw(chance, 4);
    if (count == 0)
        return (struct list){0};
    struct deal_line *lines = take(company, count, sizeof *lines);
    struct decimal left = total;
    for (uint32_t i = 0; i < count; i++) {
        bool is_last = i + 1 == count && !chance_one_in(chance, 15);
        struct decimal amount = is_last ? left : draw_amount(chance);
        left.units -= amount.units;
        lines[i] = (struct deal_line){.line_id = named(company, "%d", (int)i + 1),
                                      .product = slice_of(products[chance_draw(chance, 5)]),
                                      .has_quantity = !chance_one_in(chance, 5),
                                      .amount = amount,
                                      .amounts = draw_amounts(company, amount)};
        if (lines[i].has_quantity)
            lines[i].quantity = draw_quantity(chance);
        lines[i].attributes = draw_line_attributes(company);
    }
    return (struct list){lines, count};
}

/* Instants from December 2025 to March 2027, every third one where a day ends or begins. */
static int64_t draw_instant(struct chance *chance)
{
    int64_t day = (20430 + (int64_t)chance_draw(chance, 460)) * DAY_MS;
    switch (chance_draw(chance, 6)) {
    case 0:
        return day;
    case 1:
        return day - 1 + 5 * 3600000;
    default:
        return day + (int64_t)chance_draw(chance, 86400000);
    }
}

static void add_deal(struct company *company, int index, int revision)
{
    static const char *const territories[] = {NULL, "DACH", "US", "UK"};
    static const char *const customers[] = {NULL, "C-1", "C-2"};
    static const char *const types[] = {NULL, "new", "renewal"};
    struct chance *chance = &company->chance;
    struct decimal amount = draw_amount(chance);
    uint32_t status = chance_draw(chance, 8);
    struct deal deal = {
        .event_id = named(company, "e-%d", index * 10 + revision),
        .deal_id = named(company, "D-%d", index),
        .revision = revision,
        .status = status == 0   ? DEAL_OPEN
                  : status == 1 ? DEAL_CANCELLED
                                : DEAL_CLOSED,
        .closed_at = draw_instant(chance),
        .currency = chance_one_in(chance, 12) ? SLICE("EUR") : SLICE("USD"),
        .amount = amount,
        .amounts = draw_amounts(company, amount),
        .has_quantity = !chance_one_in(chance, 4),
        .customer_id = slice_of(customers[chance_draw(chance, 3)]),
        .territory = slice_of(territories[chance_draw(chance, 4)]),
        .deal_type = slice_of(types[chance_draw(chance, 3)]),
        .lines = draw_lines(company, amount),
        .participants = draw_participants(company),
        .attributes = draw_attributes(company),
    };
    if (deal.has_quantity)
        deal.quantity = draw_quantity(chance);
    deal.has_cancelled_at = deal.status == DEAL_CANCELLED;
    if (deal.has_cancelled_at)
        deal.cancelled_at = deal.closed_at + 40 * DAY_MS;
    assert(company->deal_count < COMPANY_DEALS_MAX);
    company->deals[company->deal_count++] = deal;
}

void company_init(struct company *company, uint64_t seed)
{
    *company = (struct company){.chance = chance_of(seed)};
    arena_init_growing(&company->arena, ARENA_BYTES_MAX);
    add_controls(company);
    add_rosters(company);
    int deals = 2 + (int)chance_draw(&company->chance, 24);
    for (int i = 0; i < deals; i++) {
        int revisions = 1 + (int)chance_draw(&company->chance, 3);
        for (int revision = 1; revision <= revisions; revision++)
            add_deal(company, i, revision);
    }
}

void company_deinit(struct company *company)
{
    arena_deinit(&company->arena);
}

/* --- as text --- */

static void append_number(struct buffer *out, const char *name, struct decimal value)
{
    char text[DECIMAL_TEXT_BYTES];
    size_t length = decimal_format(value, text);
    buffer_printf(out, " %s=%.*s", name, (int)length, text);
}

static void append_amounts(struct buffer *out, const struct list *amounts)
{
    const struct named_decimal *items = amounts->items;
    for (size_t i = 0; i < amounts->count; i++)
        append_number(out, "net", items[i].value);
}

static void append_attributes(struct buffer *out, const struct list *list)
{
    const struct attribute *items = list->items;
    for (size_t i = 0; i < list->count; i++)
        if (items[i].value.is_decimal)
            append_number(out, items[i].name.bytes, items[i].value.decimal);
        else
            buffer_printf(out, " %s=%.*s", items[i].name.bytes, SLICE_ARGS(items[i].value.text));
}

static void append_deal(struct buffer *out, const struct deal *deal)
{
    char at[INSTANT_TEXT_BYTES];
    const struct deal_participant *participants = deal->participants.items;
    const struct deal_line *lines = deal->lines.items;
    size_t length = instant_format(deal->closed_at, at);
    buffer_printf(out, "%.*s r%lld %s %.*s %.*s terr=%.*s cust=%.*s type=%.*s",
                  SLICE_ARGS(deal->deal_id), (long long)deal->revision,
                  (const char *const[]){"OPEN", "CLOSED", "CANCELLED"}[deal->status], (int)length,
                  at, SLICE_ARGS(deal->currency), SLICE_ARGS(deal->territory),
                  SLICE_ARGS(deal->customer_id), SLICE_ARGS(deal->deal_type));
    append_number(out, "amount", deal->amount);
    append_amounts(out, &deal->amounts);
    if (deal->has_quantity)
        append_number(out, "q", deal->quantity);
    append_attributes(out, &deal->attributes);
    for (size_t i = 0; i < deal->participants.count; i++) {
        buffer_printf(out, " %.*s/%.*s", SLICE_ARGS(participants[i].participant),
                      SLICE_ARGS(participants[i].role));
        append_number(out, "share", participants[i].share);
    }
    for (size_t i = 0; i < deal->lines.count; i++) {
        buffer_printf(out, "\n    line %.*s %.*s", SLICE_ARGS(lines[i].line_id),
                      SLICE_ARGS(lines[i].product));
        append_number(out, "amount", lines[i].amount);
        append_amounts(out, &lines[i].amounts);
        if (lines[i].has_quantity)
            append_number(out, "q", lines[i].quantity);
        append_attributes(out, &lines[i].attributes);
    }
    buffer_printf(out, "\n");
}

static void append_figures(struct buffer *out, const char *name, const struct list *list)
{
    const struct figure *figures = list->items;
    for (size_t i = 0; i < list->count; i++) {
        const struct named_decimal *by = figures[i].by_window.items;
        buffer_printf(out, "\n    %s %.*s", name, SLICE_ARGS(figures[i].component));
        if (figures[i].has_annual)
            append_number(out, "annual", figures[i].annual);
        if (figures[i].has_window)
            append_number(out, "window", figures[i].window);
        for (size_t k = 0; k < figures[i].by_window.count; k++)
            append_number(out, by[k].name.bytes, by[k].value);
    }
}

static void append_roster(struct buffer *out, const struct roster *roster)
{
    const struct assignment *assignments = roster->assignments.items;
    buffer_printf(out, "%.*s v%lld", SLICE_ARGS(roster->participant), (long long)roster->version);
    for (size_t i = 0; i < roster->assignments.count; i++) {
        char from[DATE_TEXT_BYTES];
        char until[DATE_TEXT_BYTES] = "-";
        from[date_format(assignments[i].from, from)] = '\0';
        if (assignments[i].has_until)
            until[date_format(assignments[i].until, until)] = '\0';
        buffer_printf(out, "\n  %.*s %s %s", SLICE_ARGS(assignments[i].plan), from, until);
        append_figures(out, "goal", &assignments[i].goals);
        append_figures(out, "target", &assignments[i].targets);
        append_figures(out, "baseline", &assignments[i].baselines);
        append_attributes(out, &assignments[i].attributes);
    }
    buffer_printf(out, "\n");
}

void company_append(const struct company *company, struct buffer *out)
{
    for (size_t i = 0; i < company->control_count; i++)
        buffer_printf(out, "--- %.*s %.*s v%lld\n%.*s", SLICE_ARGS(company->controls[i].kind),
                      SLICE_ARGS(company->controls[i].id), (long long)company->controls[i].version,
                      SLICE_ARGS(company->controls[i].document));
    for (size_t i = 0; i < company->roster_count; i++)
        append_roster(out, &company->rosters[i]);
    for (size_t i = 0; i < company->deal_count; i++)
        append_deal(out, &company->deals[i]);
}
