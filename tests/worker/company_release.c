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

void write_release(struct draft *draft)
{
    if (draft->attribution)
        buffer_printf(draft->out, "    attribution: %s\n", draft->attribution);
}
