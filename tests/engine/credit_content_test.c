#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/credit_content.h"

#define BIG ((int128)1 << 80)

static struct named_decimal amounts[] = {{{"net", 3}, {5}}};
static struct deal_line lines[] = {{.line_id = {"1", 1}, .product = {"core", 4}}};
static struct cash cash[] = {{{"P-1", 3}, 7, {5}, {"", 0}}, {{"P-2", 3}, 8, {5}, {"", 0}}};
static struct reached reached[] = {{{"live", 4}, 7}};
static struct attribute attributes[] = {{{"channel", 7}, {.text = {"direct", 6}}}};

static struct credit usual(void)
{
    return (struct credit){.target = SLICE("person:jo"),
                           .book = SLICE("deal:D-1"),
                           .row = SLICE("owner"),
                           .kind = CREDIT_DEAL,
                           .role = SLICE("owner"),
                           .share = {1000000000},
                           .status = DEAL_CLOSED,
                           .closed_at = 1770112800000,
                           .currency = SLICE("USD"),
                           .amount = {5}};
}

/* One change each; no two say the same, nor what the usual credit says. */
#define CHANGE(name, change)                                                                       \
    static void name(struct credit *c)                                                             \
    {                                                                                              \
        change;                                                                                    \
    }
CHANGE(nothing, (void)c)
CHANGE(waits, c->waits = SLICE("splits-differ"))
CHANGE(empty_waits, c->waits = SLICE(""))
CHANGE(kind, c->kind = CREDIT_PAYMENT)
CHANGE(role, c->role = SLICE("sdr"))
CHANGE(share, c->share.units++)
CHANGE(wide_share, c->share.units += BIG)
CHANGE(status, c->status = DEAL_CANCELLED)
CHANGE(closed_at, c->closed_at++)
CHANGE(cancelled_at_zero, c->has_cancelled_at = true)
CHANGE(cancelled_at, c->has_cancelled_at = true; c->cancelled_at = 7)
CHANGE(currency, c->currency = SLICE("EUR"))
CHANGE(amount, c->amount.units = -5)
CHANGE(wide_amount, c->amount.units += BIG)
CHANGE(quantity_zero, c->has_quantity = true)
CHANGE(quantity, c->has_quantity = true; c->quantity.units = 7)
CHANGE(customer, c->customer_id = SLICE("north"))
CHANGE(territory, c->territory = SLICE("north"))
CHANGE(deal_type, c->deal_type = SLICE("north"))
CHANGE(milestone, c->milestone = SLICE("north"))
CHANGE(phase, c->phase = SLICE("north"))
CHANGE(edge, c->edge = SLICE("north"))
CHANGE(two_texts, c->customer_id = SLICE("nor"); c->territory = SLICE("th"))
CHANGE(approved_at, c->has_approved_at = true; c->approved_at = 7)
CHANGE(percent, c->has_percent_complete = true; c->percent_complete.units = 7)
CHANGE(contract, c->has_contract_value = true; c->contract_value.units = 7)
CHANGE(deal_amount_zero, c->has_deal_amount = true)
CHANGE(deal_amount, c->has_deal_amount = true; c->deal_amount.units = 7)
CHANGE(with_cash, c->cash = ((struct list){cash, 1}))
CHANGE(with_more_cash, c->cash = ((struct list){cash, 2}))
CHANGE(with_reached, c->reached = ((struct list){reached, 1}))
CHANGE(own_share_zero, c->has_own_share = true)
CHANGE(own_share, c->has_own_share = true; c->own_share.units = 7)
CHANGE(deal_closed_at, c->has_deal_closed_at = true; c->deal_closed_at = 7)
CHANGE(level, c->level = 1)
CHANGE(with_amounts, c->amounts = ((struct list){amounts, 1}))
CHANGE(with_lines, c->lines = ((struct list){lines, 1}))
CHANGE(with_attributes, c->attributes = ((struct list){attributes, 1}))
CHANGE(withdrawn, c->is_withdrawn = true)

static void (*const changes[])(struct credit *credit) = {
    nothing,       waits,
    empty_waits,   kind,
    role,          share,
    wide_share,    status,
    closed_at,     cancelled_at,
    currency,      amount,
    wide_amount,   cancelled_at_zero,
    quantity_zero, quantity,
    customer,      territory,
    deal_type,     milestone,
    phase,         edge,
    two_texts,     approved_at,
    percent,       contract,
    deal_amount,   own_share_zero,
    own_share,     deal_closed_at,
    level,         with_amounts,
    with_lines,    with_attributes,
    withdrawn,     deal_amount_zero,
    with_cash,     with_more_cash,
    with_reached,
};
enum { CHANGES = sizeof changes / sizeof changes[0] };

static void every_part_of_the_content_changes_the_number(void **state)
{
    (void)state;
    struct buffer scratch = {0};
    int64_t seen[CHANGES];
    for (size_t i = 0; i < CHANGES; i++) {
        struct credit credit = usual();
        credit.has_more = true; /* itself no content */
        changes[i](&credit);
        seen[i] = credit_content(&credit, &scratch);
        assert_int_equal(seen[i] == 0, credit.is_withdrawn);
        for (size_t k = 0; k < i; k++)
            if (seen[k] == seen[i])
                fail_msg("changes %zu and %zu give the same number", k, i);
    }
    buffer_deinit(&scratch);
}

static void identity_version_and_cause_are_not_content(void **state)
{
    (void)state;
    struct buffer scratch = {0};
    struct credit credit = usual();
    int64_t content = credit_content(&credit, &scratch);
    credit.target = SLICE("person:kim");
    credit.book = SLICE("deal:D-2");
    credit.row = SLICE("owner/2");
    credit.generation = 2;
    credit.turn = 9;
    credit.cause = (struct cause){.event_id = SLICE("E-1"), .revision = 4, .offset = 5, .at = 6};
    credit.encoded = SLICE("bytes");
    credit.has_more = credit.takes_back = true;
    assert_int_equal(credit_content(&credit, &scratch), content);
    buffer_deinit(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_of_the_content_changes_the_number),
        cmocka_unit_test(identity_version_and_cause_are_not_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
