#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/fact_check.h"
#include "plan/plan_scene.h"
#include "support/case.h"

#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum { CLOSED_AT = 1770112800 };

static struct deal good_deal(void)
{
    return (struct deal){
        .event_id = SLICE("e"),
        .deal_id = SLICE("D-1"),
        .status = DEAL_CLOSED,
        .closed_at = INT64_C(1000) * CLOSED_AT,
        .currency = SLICE("USD"),
        .amount = {INT64_C(20000) * 1000000000},
    };
}

struct deal_case {
    const char *label;
    void (*change)(struct deal *deal);
    const char *reason; /* NULL: fine */
};

static struct deal_participant someone;
static struct deal_line two_lines[2];
static struct attribute two_attributes[2];
static struct named_decimal net;
static char long_id[300];

static void no_change(struct deal *deal)
{
    (void)deal;
}
static void empty_id(struct deal *deal)
{
    deal->deal_id = SLICE("");
}
static void id_of_255(struct deal *deal)
{
    memset(long_id, 'x', sizeof long_id);
    deal->deal_id = (struct slice){long_id, 255};
}
static void id_of_256(struct deal *deal)
{
    memset(long_id, 'x', sizeof long_id);
    deal->deal_id = (struct slice){long_id, 256};
}
static void control_character(struct deal *deal)
{
    deal->deal_id = SLICE("D\x1f");
}
static void zero_byte(struct deal *deal)
{
    deal->deal_id = SLICE("D\0");
}
static void no_utf8(struct deal *deal)
{
    deal->territory = SLICE("\xff");
}
static void umlaut(struct deal *deal)
{
    deal->deal_id = SLICE("D-\u00fc");
}
static void negative(struct deal *deal)
{
    deal->revision = -1;
}
static void currency_of_nobody(struct deal *deal)
{
    deal->currency = SLICE("XXQ");
}
static void no_currency(struct deal *deal)
{
    deal->currency = (struct slice){NULL, 0};
}
static void tenth_of_a_cent(struct deal *deal)
{
    deal->amount = scene_decimal("0.001");
}
static void a_cent(struct deal *deal)
{
    deal->amount = scene_decimal("-0.01");
}
static void largest(struct deal *deal)
{
    deal->amount = scene_decimal("92233720368547758.07");
}
static void too_large(struct deal *deal)
{
    deal->amount = scene_decimal("92233720368547758.08");
}
static void cancelled_without(struct deal *deal)
{
    deal->status = DEAL_CANCELLED;
}
static void cancelled_with(struct deal *deal)
{
    deal->status = DEAL_CANCELLED;
    deal->has_cancelled_at = true;
    deal->cancelled_at = deal->closed_at;
}
static void odd_status(struct deal *deal)
{
    deal->status = 3;
}
static void far_future(struct deal *deal)
{
    deal->closed_at = INT64_MAX;
}
static void participate(struct deal *deal, struct slice who, const char *share)
{
    someone = (struct deal_participant){who, SLICE("owner"), scene_decimal(share)};
    deal->participants = (struct list){&someone, 1};
}
static void good_participant(struct deal *deal)
{
    participate(deal, SLICE("person:jo"), "10000%");
}
static void share_too_large(struct deal *deal)
{
    participate(deal, SLICE("person:jo"), "10000.0000001%");
}
static void share_negative(struct deal *deal)
{
    participate(deal, SLICE("person:jo"), "-0.0000001%");
}
static void no_kind(struct deal *deal)
{
    participate(deal, SLICE("jo"), "1");
}
static void odd_kind(struct deal *deal)
{
    participate(deal, SLICE("deal:jo"), "1");
}
static void no_name(struct deal *deal)
{
    participate(deal, SLICE("person:"), "1");
}
static void same_lines(struct deal *deal)
{
    two_lines[0] = two_lines[1] = (struct deal_line){.line_id = SLICE("1"), .product = SLICE("p")};
    deal->lines = (struct list){two_lines, 2};
}
static void precise_line(struct deal *deal)
{
    two_lines[0] = (struct deal_line){.line_id = SLICE("1"), .amount = scene_decimal("0.001")};
    deal->lines = (struct list){two_lines, 1};
}
static void same_attributes(struct deal *deal)
{
    two_attributes[0] = two_attributes[1] = (struct attribute){.name = SLICE("a")};
    deal->attributes = (struct list){two_attributes, 2};
}
static void precise_amounts(struct deal *deal)
{
    net = (struct named_decimal){SLICE("net"), scene_decimal("0.005")};
    deal->amounts = (struct list){&net, 1};
}
static void many_lines(struct deal *deal)
{
    deal->lines = (struct list){two_lines, FACT_LINES_MAX + 1};
}

static const struct deal_case deals[] = {
    {"a whole deal", no_change, NULL},
    {"an empty id", empty_id, "bad-id"},
    {"an id of 255 bytes", id_of_255, NULL},
    {"an id of 256 bytes", id_of_256, "bad-id"},
    {"a control character", control_character, "bad-id"},
    {"U+0000", zero_byte, "bad-id"},
    {"no UTF-8", no_utf8, "bad-id"},
    {"an umlaut", umlaut, NULL},
    {"a negative revision", negative, "negative-revision"},
    {"a currency of nobody", currency_of_nobody, "unknown-currency"},
    {"no currency", no_currency, "unknown-currency"},
    {"a tenth of a cent", tenth_of_a_cent, "too-precise"},
    {"a cent back", a_cent, NULL},
    {"the largest amount", largest, NULL},
    {"a cent more", too_large, "out-of-range"},
    {"cancelled without cancelled_at", cancelled_without, "missing-field"},
    {"cancelled with it", cancelled_with, NULL},
    {"a status that is none", odd_status, "out-of-range"},
    {"an instant past all calendars", far_future, "out-of-range"},
    {"a share of 10,000 %", good_participant, NULL},
    {"a share above it", share_too_large, "out-of-range"},
    {"a share below 0", share_negative, "out-of-range"},
    {"a participant without kind", no_kind, "bad-participant"},
    {"a kind that is no participant", odd_kind, "bad-participant"},
    {"a kind without a name", no_name, "bad-participant"},
    {"two lines with one id", same_lines, "twice"},
    {"a line more precise than the currency", precise_line, "too-precise"},
    {"two attributes with one name", same_attributes, "twice"},
    {"a net amount more precise than the currency", precise_amounts, "too-precise"},
    {"more than 1,000 lines", many_lines, "out-of-range"},
};

static void checks(void **state)
{
    const struct deal_case *row = *state;
    struct deal deal = good_deal();
    char detail[DETAIL_BYTES] = "";
    row->change(&deal);
    enum status status = fact_check_deal(&deal, NULL, detail);
    assert_int_equal(status, row->reason ? STATUS_INVALID : STATUS_OK);
    if (row->reason && (strncmp(detail, row->reason, strlen(row->reason)) != 0 ||
                        strncmp(detail + strlen(row->reason), ": ", 2) != 0))
        fail_msg("expected %s, got %s", row->reason, detail);
}

static void a_declared_unit_is_a_currency(void **state)
{
    (void)state;
    static const struct currency units[] = {{"PTS", 0}};
    const struct fact_rules rules = {units, 1};
    struct deal deal = good_deal();
    char detail[DETAIL_BYTES];
    deal.currency = SLICE("PTS");
    assert_int_equal(fact_check_deal(&deal, &rules, detail), STATUS_OK);
    deal.amount = scene_decimal("0.1");
    assert_int_equal(fact_check_deal(&deal, &rules, detail), STATUS_INVALID);
    assert_int_equal(fact_check_deal(&deal, NULL, detail), STATUS_INVALID);
}

static void checks_milestones_payments_and_results(void **state)
{
    (void)state;
    char detail[DETAIL_BYTES];
    struct milestone milestone = {.milestone_id = SLICE("m"),
                                  .milestone = SLICE("design"),
                                  .reached_at = INT64_C(1000) * CLOSED_AT};
    assert_int_equal(fact_check_milestone(&milestone, NULL, detail), STATUS_OK);
    milestone.status = MILESTONE_APPROVED;
    assert_int_equal(fact_check_milestone(&milestone, NULL, detail), STATUS_INVALID);
    struct payment payment = {.payment_id = SLICE("p"),
                              .deal_id = SLICE("d"),
                              .received_at = INT64_C(1000) * CLOSED_AT,
                              .currency = SLICE("JPY"),
                              .amount = scene_decimal("-5")};
    assert_int_equal(fact_check_payment(&payment, NULL, detail), STATUS_OK);
    payment.amount = scene_decimal("0.5");
    assert_int_equal(fact_check_payment(&payment, NULL, detail), STATUS_INVALID);
    struct result result = {.participant = SLICE("person:jo"),
                            .result = SLICE("csat"),
                            .window = SLICE("2026-Q1"),
                            .has_value = true};
    assert_int_equal(fact_check_result(&result, NULL, detail), STATUS_OK);
    result.has_value = false;
    assert_int_equal(fact_check_result(&result, NULL, detail), STATUS_INVALID);
    result.what = RESULT_ADJUSTMENT;
    assert_int_equal(fact_check_result(&result, NULL, detail), STATUS_INVALID);
}

/* At every place of ids of every length that is looked at by words of another kind. */
static void a_control_character_anywhere_spoils_an_id(void **state)
{
    static const struct {
        const char *text;
        bool is_valid;
    } pieces[] = {{"~", true}, {" ", true}, {"\x1f", false}, {"\xc3\xa9", true}, {"\xc3", false}};
    (void)state;
    for (size_t length = 1; length <= 24; length++)
        for (size_t p = 0; p < sizeof pieces / sizeof pieces[0]; p++)
            for (size_t at = 0; at + strlen(pieces[p].text) <= length; at++) {
                char id[32];
                memset(id, 'D', sizeof id);
                memcpy(id + at, pieces[p].text, strlen(pieces[p].text));
                if (fact_id_is_valid((struct slice){id, length}) != pieces[p].is_valid)
                    fail_msg("piece %zu at %zu of %zu bytes", p, at, length);
            }
}

/* A kind is all that stands before the first colon, and something follows it. */
static void a_participant_is_a_kind_and_an_id(void **state)
{
    static const struct {
        const char *text;
        bool is_valid;
    } rows[] = {{"person:jo", true},  {"company:a:b", true}, {"person:", false},
                {"person", false},    {"persons:jo", false}, {"perso:jo", false},
                {"Person:jo", false}, {":jo", false},        {"", false},
                {"team:\x01", false}, {"pool:p", true}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(participant_is_valid(slice_of(rows[i].text)), rows[i].is_valid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_declared_unit_is_a_currency),
        cmocka_unit_test(a_control_character_anywhere_spoils_an_id),
        cmocka_unit_test(a_participant_is_a_kind_and_an_id),
        cmocka_unit_test(checks_milestones_payments_and_results),
    };
    return RUN_CASES(deals, checks) +
           cmocka_run_group_tests_name("plan.fact_check", tests, NULL, NULL);
}
