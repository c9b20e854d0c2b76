#include "worker/company.h"

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
        figure.annual = company_number(values[chance_draw(chance, 6)]);
        break;
    case 1: {
        struct named_decimal *by = company_take(company, 2, sizeof *by);
        uint32_t first = chance_draw(chance, 5);
        by[0] = (struct named_decimal){slice_of(windows[first]),
                                       company_number(values[chance_draw(chance, 6)])};
        by[1] = (struct named_decimal){slice_of(windows[first + 1]), company_number("3000")};
        figure.by_window = (struct list){by, 2};
        break;
    }
    default:
        figure.has_window = true;
        figure.window = company_number(values[chance_draw(chance, 6)]);
    }
    return figure;
}

/* The components that either plan may have. */
static struct list draw_goals(struct company *company)
{
    enum { GOALS_MAX = 12 };
    struct figure *figures = company_take(company, GOALS_MAX, sizeof *figures);
    size_t count = 0;
    for (size_t i = 0; i < company->facts[COMPANY_CONTROL].count; i++) {
        struct slice text =
            ((const struct control *)company_fact(company, COMPANY_CONTROL, i))->document;
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
            if (is_new && !chance_one_in(&company->chance, 6) && count < GOALS_MAX)
                figures[count++] = draw_figure(company, name);
        }
    }
    return (struct list){count ? figures : NULL, count};
}

static struct list draw_targets(struct company *company, struct list goals)
{
    struct figure *figures = company_take(company, 3, sizeof *figures);
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
    struct figure *figures = company_take(company, goals.count, sizeof *figures);
    for (size_t i = 0; i < goals.count; i++) {
        struct named_decimal *by = company_take(company, 2, sizeof *by);
        size_t first = chance_draw(&company->chance, 4);
        by[0] = (struct named_decimal){slice_of(windows[first]), company_number("700")};
        by[1] = (struct named_decimal){slice_of(windows[first + 1]), company_number("1500.5")};
        figures[i] = (struct figure){.component = items[i].component, .by_window = {by, 2}};
    }
    return (struct list){figures, goals.count};
}

static struct list draw_role(struct company *company)
{
    struct attribute *attributes = company_take(company, 2, sizeof *attributes);
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

void company_draw_rosters(struct company *company)
{
    static const int32_t days[] = {20454, 20490, 20543, 20593, 20600, 20700};
    struct chance *chance = &company->chance;
    for (int i = 0; i < COMPANY_PEOPLE - 1; i++) {
        int versions = (int)chance_draw(chance, 8) / 2;
        for (int version = 1; version <= versions; version++) {
            struct assignment *assignments = company_take(company, 3, sizeof *assignments);
            size_t count = 0;
            int32_t turn = chance_one_in(chance, 2) ? days[1 + chance_draw(chance, 5)] : 0;
            assignments[count++] = draw_assignment(company, "ae", days[0], turn);
            if (turn && chance_one_in(chance, 2))
                assignments[count++] =
                    draw_assignment(company, "ae", turn + (int32_t)chance_draw(chance, 2) * 10, 0);
            if (chance_one_in(chance, 2))
                assignments[count++] =
                    draw_assignment(company, "sdr", days[chance_draw(chance, 6)], 0);
            struct roster *roster = company_add(company, COMPANY_ROSTER);
            *roster = (struct roster){.participant = slice_of(company_people[i]),
                                      .aspect = SLICE("assignments"),
                                      .version = version,
                                      .change = SLICE("apply-roster"),
                                      .assignments = {assignments, count}};
        }
    }
}
