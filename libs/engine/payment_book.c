/* Payments in the books of deals. */
#include "engine/crediting_fold.h"

#include "engine/row_keys.h"

/* What became of the fact: credited with its deal, or waiting for it. */
static enum row_outcome outcome_of(const struct payment *payment, const struct deal_row *deal)
{
    if (payment->amount.units == 0)
        return OUTCOME_KEPT;
    if (!deal || deal->deal.status == DEAL_OPEN || deal->waits.bytes)
        return OUTCOME_WAITING;
    return OUTCOME_VALUED;
}

/* "CLAWBACK by one cancelled, revoked or refunded" */
static bool takes_back(const struct payment *payment, const struct payment_row *before)
{
    bool is_taken_away = payment->amount.units == 0 && before && before->payment.amount.units != 0;
    return payment->amount.units < 0 || is_taken_away;
}

/* `before` is the payment that stands, or NULL. */
static enum status accept(struct crediting *crediting, const struct input *input,
                          const struct payment_row *before, const struct outbox *outbox,
                          char *detail)
{
    const struct payment *payment = input->fact;
    const struct payment_row row = {
        *payment,
        crediting_cause(input, payment->event_id, payment->deal_id, payment->revision),
    };
    struct deal_row deal;
    bool has_deal;
    enum status status =
        crediting_settled_deal(crediting, payment->deal_id, outbox, &deal, &has_deal, detail);
    if (status)
        return status;
    outcomes_add_planless(&crediting->outcomes, outcome_of(payment, has_deal ? &deal : NULL));
    row_put(&crediting->io, ROW_PAYMENT,
            key_of_payment(&crediting->io.key, payment->deal_id, payment->payment_id), &row);
    crediting->has_payments = true;
    if (!has_deal || slice_equal(deal.waits, DEAL_HELD))
        return STATUS_OK;
    return crediting_move_deal(crediting, &deal, &row.cause, takes_back(payment, before), outbox,
                               detail);
}

enum status crediting_apply_payment(struct crediting *crediting, const struct input *input,
                                    const struct outbox *outbox, char *detail)
{
    const struct payment *payment = input->fact;
    struct slice key = key_of_payment(&crediting->io.key, payment->deal_id, payment->payment_id);
    struct payment_row before;
    bool found;
    bool news = true;
    enum status status = row_find(&crediting->io, ROW_PAYMENT, key, &before, &found, detail);
    if (!status && found)
        status =
            crediting_is_news(crediting, &payment_shape, &before.payment, before.payment.revision,
                              payment, payment->revision, &news, detail);
    if (!status && !found)
        status = crediting_check_room(
            crediting, key_of_payment(&crediting->io.other_key, payment->deal_id, SLICE("")),
            DEAL_PAYMENTS_MAX, "payments", detail);
    if (status || !news)
        return status;
    if (!found)
        deal_counts_add(&crediting->counts, &crediting->io, key);
    return accept(crediting, input, found ? &before : NULL, outbox, detail);
}
