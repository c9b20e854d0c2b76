/* What cancellations take back, attribution and release. */
#include "worker/company_draft.h"

void draw_attribution(struct draft *draft)
{
    bool is_said = chance_one_in(draft->chance, draft->is_alone ? 6 : 2);
    draft->attribution = is_said ? PICK(draft->chance, "slices", "pro-rata", "slices") : NULL;
}

/* Taking back needs each deal's part. */
void write_cancelled(struct draft *draft)
{
    struct chance *chance = draft->chance;
    bool has_parts = draft->is_alone || draft->attribution;
    if (strcmp(draft->of, "payments") == 0) /* which are what they are */
        return;
    if (!has_parts || chance_one_in(chance, 3)) {
        buffer_printf(draft->out, "    cancelled: {effect: %s}\n",
                      PICK(chance, "recompute", "recompute", "never"));
        return;
    }
    buffer_printf(draft->out, "    cancelled: {effect: %s, basis: %s%s}\n",
                  PICK(chance, "original-rate", "paid-only", "original-rate"),
                  PICK(chance, "rate", "earned"),
                  PICK(chance, "", "", ", take: 100%", ", take: 33.3%", ", linear: 6 months",
                       ", linear: 100 days",
                       ", take: [{until: 3 months, take: 100%}, {until: 6 months, take: 12.5%}]",
                       ", take: [{until: 30 days, take: 50%}]"));
}

static void write_holdback(struct draft *draft, bool has_parts)
{
    struct chance *chance = draft->chance;
    buffer_printf(draft->out, "      holdback: {share: %s, until: %s}\n",
                  PICK(chance, "30%", "12.5%", "100%"),
                  has_parts ? PICK(chance, "90 days after closed", "2 months after closed",
                                   "30 days after window-end", "2026-05-01")
                            : PICK(chance, "30 days after window-end", "1 month after window-end",
                                   "2026-05-01"));
}

/* By cash and by milestones the deals' parts are released; the rest needs none. */
void write_release(struct draft *draft)
{
    struct chance *chance = draft->chance;
    bool has_parts = draft->is_alone || draft->attribution;
    if (draft->attribution)
        buffer_printf(draft->out, "    attribution: %s\n", draft->attribution);
    if (chance_one_in(chance, has_parts ? 3 : 2))
        return;
    buffer_printf(draft->out, "    release:\n      when: %s\n",
                  strcmp(draft->of, "milestones") == 0 && chance_one_in(chance, 3) ? "approved"
                  : has_parts ? PICK(chance, "payment-received", "payment-received", "earned",
                                     "{milestone: golive}", "window-end")
                              : PICK(chance, "earned", "window-end"));
    if (chance_one_in(chance, 3))
        write_holdback(draft, has_parts);
    if (chance_one_in(chance, 3))
        buffer_printf(draft->out, "      refund-before-payment: %s\n",
                      PICK(chance, "net", "both-due"));
    if (chance_one_in(chance, 4))
        buffer_printf(draft->out, "      terms: {net: 30 days}\n");
}
