#include "worker/company_draft.h"

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

void write_adjust(struct draft *draft)
{
    struct chance *chance = draft->chance;
    uint32_t steps = chance_draw(chance, 5) / 2;
    if (draft->is_lower)
        steps++;
    bool is_by_deal = strcmp(draft->over, "line") == 0
                          ? chance_one_in(chance, 3)
                          : draft->attribution && chance_one_in(chance, 3);
    const char *per = strcmp(draft->over, "deal") == 0 || is_by_deal ? "deal" : "window";
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
