#include "worker/company.h"

#include "calendar/date.h"

/* Milestones of deals and of their own, payments, results and adjustments. Names and windows are
 * few, so that plans and facts often mean the same. */

static const char *const milestone_names[] = {"design", "golive", "accepted"};
static const char *const phase_names[] = {NULL, "design", "build", "launch"};
static const char *const result_names[] = {"csat", "nps", "cost"};

static void draw_milestone(struct company *company, int index, int revision,
                           const struct milestone *before)
{
    static const char *const shares[] = {"10%", "33.3%", "50%", "100%"};
    struct chance *chance = &company->chance;
    uint32_t status = chance_draw(chance, 8);
    struct milestone milestone = {
        .event_id = company_name(company, "em-%d", index * 10 + revision),
        .milestone_id = company_name(company, "M-%d", index),
        .deal_id = before ? before->deal_id
                          : company_name(company, "D-%d", (int)chance_draw(chance, COMPANY_DEALS)),
        .milestone = slice_of(milestone_names[chance_draw(chance, 3)]),
        .phase = slice_of(phase_names[chance_draw(chance, 4)]),
        .revision = revision,
        .status = status == 0   ? MILESTONE_REVOKED
                  : status == 1 ? MILESTONE_REJECTED
                  : status < 5  ? MILESTONE_APPROVED
                                : MILESTONE_REACHED,
        .reached_at = company_instant(chance),
        .has_percent_complete = chance_one_in(chance, 3),
        .has_contract_value = chance_one_in(chance, 6),
        .has_share = chance_one_in(chance, 4),
    };
    bool is_alone = before ? before->deal_id.length == 0 : chance_one_in(chance, 5);
    if (is_alone)
        milestone.deal_id = (struct slice){0};
    if (is_alone || chance_one_in(chance, 6))
        milestone.participants = company_participants(company);
    if (milestone.status == MILESTONE_APPROVED) {
        milestone.has_approved_at = true;
        milestone.approved_at = milestone.reached_at + (int64_t)chance_draw(chance, 40) * DAY_MS;
        milestone.approved_by = SLICE("person:boss");
    }
    if (milestone.has_percent_complete)
        milestone.percent_complete = company_number(shares[chance_draw(chance, 4)]);
    if (milestone.has_contract_value)
        milestone.contract_value = company_number("2500.50");
    if (milestone.has_share)
        milestone.share = company_number(shares[chance_draw(chance, 4)]);
    milestone.has_amount = is_alone || chance_one_in(chance, 6);
    if (milestone.has_amount)
        milestone.amount = company_amount(chance);
    if (is_alone) /* of a deal its money is the deal's: other money waits, also where it would fit
                   */
        milestone.currency = SLICE("USD");
    *(struct milestone *)company_add(company, COMPANY_MILESTONE) = milestone;
}

enum { CENT = 10000000 };

static struct decimal draw_cash(struct company *company, struct slice deal_id)
{
    struct chance *chance = &company->chance;
    struct decimal amount = company_amount(chance);
    const struct company_facts *deals = &company->facts[COMPANY_DEAL];
    for (size_t i = 0; i < deals->count && !chance_one_in(chance, 4); i++) {
        const struct deal *deal = company_fact(company, COMPANY_DEAL, i);
        if (slice_equal(deal->deal_id, deal_id)) /* a quarter, half or all of what it is about */
            amount.units = deal->amount.units / CENT / (1 << chance_draw(chance, 3)) * CENT;
    }
    return amount;
}

/* As `publish` writes it: taken off the old deal at the revision of the new statement. */
static void move_payment(struct company *company, size_t index)
{
    struct payment away = *(const struct payment *)company_fact(company, COMPANY_PAYMENT, index);
    struct payment moved = away;
    away.revision = moved.revision = away.revision + 1;
    away.amount = (struct decimal){0};
    away.event_id = company_name(company, "ep-%d-away", (int)index);
    moved.event_id = company_name(company, "ep-%d-moved", (int)index);
    moved.deal_id =
        company_name(company, "D-%d", (int)chance_draw(&company->chance, COMPANY_DEALS));
    if (slice_equal(moved.deal_id, away.deal_id))
        return;
    *(struct payment *)company_add(company, COMPANY_PAYMENT) = away;
    *(struct payment *)company_add(company, COMPANY_PAYMENT) = moved;
}

/* Mostly that of the deal's last revision. */
static struct slice draw_currency(struct company *company, struct slice deal_id)
{
    const struct company_facts *deals = &company->facts[COMPANY_DEAL];
    for (size_t i = deals->count; i-- > 0 && !chance_one_in(&company->chance, 40);) {
        const struct deal *deal = company_fact(company, COMPANY_DEAL, i);
        if (slice_equal(deal->deal_id, deal_id))
            return deal->currency;
    }
    return chance_one_in(&company->chance, 12) ? SLICE("EUR") : SLICE("USD");
}

static void draw_payment(struct company *company, int index, int revision,
                         const struct payment *before)
{
    struct chance *chance = &company->chance;
    struct slice deal_id =
        before ? before->deal_id
               : company_name(company, "D-%d", (int)chance_draw(chance, COMPANY_DEALS));
    struct payment payment = {
        .event_id = company_name(company, "ep-%d", index * 10 + revision),
        .payment_id = company_name(company, "P-%d", index),
        .deal_id = deal_id,
        .revision = revision,
        .received_at = company_instant(chance),
        .amount = draw_cash(company, deal_id),
        .currency = draw_currency(company, deal_id),
    };
    *(struct payment *)company_add(company, COMPANY_PAYMENT) = payment;
}

static void draw_result(struct company *company, int index)
{
    static const char *const windows[] = {"2026-Q1", "2026-02", "2026",
                                          "2026-Q2", "2026-H1", "2026-Q4"};
    static const char *const values[] = {"92", "0", "87.5", "110", "-3", "1000"};
    struct chance *chance = &company->chance;
    int revisions = 1 + (int)chance_draw(chance, 3) / 2;
    struct result result = {
        .what = RESULT_RESULT,
        .participant = slice_of(company_people[chance_draw(chance, COMPANY_PEOPLE)]),
        .result = slice_of(result_names[chance_draw(chance, 3)]),
        .window = slice_of(windows[chance_draw(chance, 6)]),
        .by = SLICE("person:boss"),
    };
    const struct company_facts *others = &company->facts[COMPANY_RESULT];
    if (chance_one_in(chance, 3)) {
        result.window = (struct slice){0};
        result.has_date = true;
        result.date = 20454 + (int32_t)chance_draw(chance, 360);
    }
    for (size_t i = 0; i < others->count; i++) { /* a second one would be a revision of the first */
        const struct result *other = company_fact(company, COMPANY_RESULT, i);
        if (slice_equal(other->participant, result.participant) &&
            slice_equal(other->result, result.result) &&
            slice_equal(other->window, result.window) && other->date == result.date)
            return;
    }
    for (int revision = 1; revision <= revisions; revision++) {
        result.event_id = company_name(company, "er-%d", index * 10 + revision);
        result.revision = revision;
        result.has_value = true;
        result.value = company_number(values[chance_draw(chance, 6)]);
        result.approved_by = chance_one_in(chance, 2) ? SLICE("person:ceo") : (struct slice){0};
        *(struct result *)company_add(company, COMPANY_RESULT) = result;
    }
}

/* Some component of some version of a plan. */
static bool draw_component(struct company *company, struct slice *out_plan, struct slice *out_name)
{
    const struct company_facts *controls = &company->facts[COMPANY_CONTROL];
    const struct control *control = company_fact(
        company, COMPANY_CONTROL, chance_draw(&company->chance, (uint32_t)controls->count));
    struct slice text = control->document;
    bool found = false;
    for (size_t at = 0; at + 4 < text.length; at++) {
        if (memcmp(text.bytes + at, "\n  c", 4) != 0 ||
            (found && chance_one_in(&company->chance, 2)))
            continue;
        struct slice rest = {text.bytes + at + 3, text.length - at - 3};
        (void)slice_split(rest, ':', out_name);
        found = true;
    }
    *out_plan = control->id;
    return found && slice_equal(control->kind, SLICE("plan"));
}

static void draw_adjustment(struct company *company, int index)
{
    struct chance *chance = &company->chance;
    struct result adjustment = {
        .what = RESULT_ADJUSTMENT,
        .participant = slice_of(company_people[chance_draw(chance, COMPANY_PEOPLE)]),
        .adjustment_id = company_name(company, "A-%d", index),
        .reason = SLICE("agreed"),
        .by = SLICE("person:boss"),
        .approved_by = SLICE("person:ceo"),
    };
    int revisions = 1 + (int)chance_draw(chance, 3) / 2;
    for (int revision = 1; revision <= revisions; revision++) {
        if (!draw_component(company, &adjustment.plan, &adjustment.component))
            return;
        adjustment.event_id = company_name(company, "ea-%d", index * 10 + revision);
        adjustment.revision = revision;
        adjustment.has_date = true;
        adjustment.date = 20430 + (int32_t)chance_draw(chance, 460);
        adjustment.has_amount = true;
        adjustment.amount = chance_one_in(chance, 8) ? (struct decimal){0} : company_amount(chance);
        adjustment.currency = chance_one_in(chance, 10) ? SLICE("EUR") : SLICE("USD");
        *(struct result *)company_add(company, COMPANY_RESULT) = adjustment;
    }
}

void company_draw_facts(struct company *company)
{
    struct chance *chance = &company->chance;
    int milestones = (int)chance_draw(chance, 16);
    int payments = (int)chance_draw(chance, 20);
    int results = (int)chance_draw(chance, 14);
    for (int i = 0; i < milestones; i++) {
        draw_milestone(company, i, 1, NULL);
        size_t last = company->facts[COMPANY_MILESTONE].count - 1;
        if (chance_one_in(chance, 3))
            draw_milestone(company, i, 2, company_fact(company, COMPANY_MILESTONE, last));
    }
    for (int i = 0; i < payments; i++) {
        draw_payment(company, i, 1, NULL);
        size_t last = company->facts[COMPANY_PAYMENT].count - 1;
        if (chance_one_in(chance, 4))
            draw_payment(company, i, 2, company_fact(company, COMPANY_PAYMENT, last));
        if (chance_one_in(chance, 6))
            move_payment(company, company->facts[COMPANY_PAYMENT].count - 1);
    }
    for (int i = 0; i < results; i++)
        draw_result(company, i);
    for (int i = (int)chance_draw(chance, 10); i > 0; i--)
        draw_adjustment(company, i);
}
