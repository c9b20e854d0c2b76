/* What an audit calls a finding. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "milepost/audit_ledger.h"
#include "support/case.h"

enum { PAYOUTS_MAX = 4 };

struct payout_row {
    const char *id; /* NULL: no more of them */
    int64_t sequence;
    int64_t delta;
    int64_t total;
};

struct audited {
    const char *label;
    struct payout_row payouts[PAYOUTS_MAX];
    int64_t worth; /* -1: the key is not valued */
    int64_t shown; /* -1: there is no view */
    const char *held;
    const char *findings;
};

static const struct audited rows[] = {
    {"agrees when the payouts add up to the worth",
     {{"a", 1, 5, 5}, {"b", 2, -2, 3}},
     3,
     3,
     NULL,
     ""},
    {"agrees when nothing was paid and nothing is owed", {{0}}, 0, -1, NULL, ""},
    {"differs when too much was paid", {{"a", 1, 5, 5}}, 4, 5, NULL, "differs "},
    {"differs when nothing was paid", {{0}}, 4, -1, NULL, "differs "},
    {"differs when a key is paid that is not there", {{"a", 1, 5, 5}}, -1, 5, NULL, "differs "},
    {"names a hold where there is one", {{"a", 1, 5, 5}}, 4, 5, "differs", "held "},
    {"a hold that agrees is no finding", {{"a", 1, 5, 5}}, 5, 5, "differs", ""},
    {"a gap in the sequence", {{"a", 1, 5, 5}, {"b", 3, 1, 6}}, 6, 6, NULL, "sequence "},
    {"a sequence that begins late", {{"a", 2, 5, 5}}, 5, 5, NULL, "sequence "},
    {"a number that stands twice", {{"a", 1, 5, 5}, {"b", 1, 1, 6}}, 6, 6, NULL, "sequence "},
    {"a total that is not the sum", {{"a", 1, 5, 5}, {"b", 2, 1, 7}}, 6, 6, NULL, "total "},
    {"an id that stands twice", {{"a", 1, 5, 5}, {"a", 2, 1, 6}}, 6, 6, NULL, "twice "},
    {"a view that shows something else", {{"a", 1, 5, 5}}, 5, 4, NULL, "view "},
    {"a payout without a view", {{"a", 1, 5, 5}}, 5, -1, NULL, "view "},
    {"payouts in any order", {{"b", 2, -2, 3}, {"a", 1, 5, 5}}, 3, 3, NULL, ""},
};

static void add_payouts(struct audit_ledger *ledger, const struct audited *row)
{
    for (size_t i = 0; i < PAYOUTS_MAX && row->payouts[i].id; i++) {
        struct payout payout = {.participant = SLICE("person:jo"),
                                .plan = SLICE("ae"),
                                .component = SLICE("main"),
                                .window = SLICE("2026-Q1"),
                                .payout_id = slice_of(row->payouts[i].id),
                                .currency = SLICE("USD"),
                                .sequence = row->payouts[i].sequence,
                                .earned_delta = decimal_of(row->payouts[i].delta),
                                .earned_total = decimal_of(row->payouts[i].total)};
        assert_int_equal(audit_add_payout(ledger, &payout), STATUS_OK);
    }
}

/* An older view stands before the latest one, which alone counts. */
static void add_views(struct audit_ledger *ledger, const struct audited *row)
{
    struct attainment view = {.participant = SLICE("person:jo"),
                              .plan = SLICE("ae"),
                              .component = SLICE("main"),
                              .window = SLICE("2026-Q1"),
                              .earned = decimal_of(row->shown),
                              .held = slice_of(row->held)};
    if (row->shown < 0)
        return;
    assert_int_equal(audit_add_view(ledger, &view, 7), STATUS_OK);
    view.earned = decimal_of(99);
    assert_int_equal(audit_add_view(ledger, &view, 3), STATUS_OK);
}

static void finds(void **state)
{
    const struct audited *row = *state;
    struct arena arena;
    struct audit_ledger ledger = {.arena = &arena};
    struct obvious_total total = {.participant = SLICE("person:jo"),
                                  .plan = SLICE("ae"),
                                  .component = SLICE("main"),
                                  .window = SLICE("2026-Q1"),
                                  .currency = SLICE("USD"),
                                  .earned = decimal_of(row->worth)};
    char found[128] = "";
    arena_init_growing(&arena, 1 << 20);
    add_payouts(&ledger, row);
    add_views(&ledger, row);
    audit_judge(&ledger, &total, row->worth >= 0);
    for (size_t i = 0; i < ledger.finding_count; i++) {
        size_t length = strlen(found);
        (void)snprintf(found + length, sizeof found - length, "%s ",
                       audit_word(ledger.findings[i].kind));
    }
    assert_string_equal(found, row->findings);
    audit_ledger_deinit(&ledger);
    arena_deinit(&arena);
}

int main(void)
{
    return RUN_CASES(rows, finds);
}
