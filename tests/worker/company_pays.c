#include "worker/company_draft.h"

#include <stdio.h>

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
        const char *one = company_conditions[draw_condition(draft)];
        const char *other = company_conditions[draw_condition(draft)];
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

void write_level(struct draft *draft)
{
    buffer_printf(draft->out, "    pays: {level: {give: %s, each: month}}\n",
                  PICK(draft->chance, "100", "-12.345", "0"));
}

static void write_bonus(struct draft *draft)
{
    struct chance *chance = draft->chance;
    buffer_printf(draft->out, "    pays: {bonus: {each: %s",
                  PICK(chance, "250", "0.11", "100.01", "-33.337"));
    if (chance_one_in(chance, 2)) {
        const char *one = company_conditions[chance_draw(chance, CONDITIONS)];
        const char *quantity = PICK(chance, "\">= 3\"", "\"< 250\"", "10", "\"> 0\"");
        uint32_t which = chance_draw(chance, 3);
        buffer_printf(draft->out, ", when: {%s%s%s%s}", which != 0 ? one : "",
                      which == 2 ? ", " : "", which != 1 ? "quantity: " : "",
                      which != 1 ? quantity : "");
    }
    buffer_printf(draft->out, "%s}}\n",
                  PICK(chance, "", "", ", once: window", ", limit: 2", ", limit: 3, once: window",
                       ", limit: 4"));
}

static void write_phases(struct draft *draft)
{
    struct chance *chance = draft->chance;
    buffer_printf(
        draft->out,
        "    pays:\n      phases:\n        of: contract-value\n        table:\n"
        "          - {phase: design, give: 30%%}\n"
        "          - {phase: build, give: 40%%%s}\n"
        "          - {phase: launch, give: 30%%}\n        requires: %s\n",
        PICK(chance, "", ", by: 4 weeks after closed", ", by: 90 days after closed, late: 50%"),
        PICK(chance, "nothing", "approval", "approval\n        dated: approved"));
}

void write_pays(struct draft *draft)
{
    struct chance *chance = draft->chance;
    if (strcmp(draft->of, "milestones") == 0 && chance_one_in(chance, 2)) {
        write_phases(draft);
        return;
    }
    switch (chance_draw(chance, draft->has_baseline ? 9 : 10)) {
    case 9:
        write_milestones(draft);
        return;
    case 8:
        write_bonus(draft);
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
        if (draft->is_paid)
            buffer_printf(draft->out, "    pays: {rate: 10%%}\n");
        else
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

void write_steps_of_pay(struct draft *draft)
{
    if (chance_one_in(draft->chance, 2))
        write_curve(draft);
    else
        write_tiers(draft);
}
