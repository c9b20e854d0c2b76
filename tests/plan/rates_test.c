/* Which published rate a date gets (PLAN-LANGUAGE section 3, `convert`). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "calendar/date.h"
#include "plan/plan_scene.h"
#include "plan/rates.h"
#include "support/case.h"

static const char document[] = "- {on: 2026-03-31, pair: GBP/USD, rate: 1.3}\n"
                               "- {on: 2026-03-31, pair: EUR/USD, rate: 1.0815}\n"
                               "- {on: 2026-03-24, pair: EUR/USD, rate: 1.07}\n"
                               "- {on: 2026-03-31, pair: EUR/GBP, rate: 0.85}\n"
                               "- {on: 2026-04-02, pair: EUR/USD, rate: 1.09}\n";

struct row {
    const char *label;
    const char *from;
    const char *to;
    const char *date;
    int previous_days;
    const char *rate; /* NULL: none */
};

static const struct row rows[] = {
    {"the rate of that very date", "EUR", "USD", "2026-03-31", 0, "1.0815"},
    {"no rate of the day after", "EUR", "USD", "2026-04-01", 0, NULL},
    {"the day before's, where it may be a day old", "EUR", "USD", "2026-04-01", 1, "1.0815"},
    {"the newest that is not after the date", "EUR", "USD", "2026-04-30", 99, "1.09"},
    {"a rate that is 6 days old", "EUR", "USD", "2026-03-30", 6, "1.07"},
    {"a rate that is a day too old", "EUR", "USD", "2026-03-30", 5, NULL},
    {"no rate before the first", "EUR", "USD", "2026-03-23", 99, NULL},
    {"another pair of the same day", "EUR", "GBP", "2026-03-31", 0, "0.85"},
    {"never an inverse", "USD", "EUR", "2026-03-31", 0, NULL},
    {"never a cross", "GBP", "EUR", "2026-03-31", 99, NULL},
    {"no pair before all others", "AUD", "USD", "2026-03-31", 99, NULL},
    {"no pair behind all others", "ZAR", "USD", "2026-03-31", 99, NULL},
};

static void finds(void **state)
{
    const struct row *row = *state;
    struct scene scene;
    struct rates rates;
    int32_t date;
    scene_init(&scene);
    assert_int_equal(rates_read(slice_of(document), &scene.arena, &scene.reports, &rates),
                     STATUS_OK);
    assert_int_equal(date_parse(slice_of(row->date), &date), STATUS_OK);
    const struct rate *found =
        rates_find(&rates, slice_of(row->from), slice_of(row->to), date, row->previous_days);
    assert_int_equal(found != NULL, row->rate != NULL);
    if (found)
        assert_true(found->rate.units == scene_decimal(row->rate).units);
    scene_deinit(&scene);
}

static void no_rates_at_all_have_none(void **state)
{
    (void)state;
    const struct rates none = {NULL, 0};
    assert_null(rates_find(&none, SLICE("EUR"), SLICE("USD"), 0, 99));
}

static void of_what_stands_in_two_sections_the_later_counts(void **state)
{
    static const char first[] = "- {on: 2026-03-30, pair: EUR/USD, rate: 1.1}\n"
                                "- {on: 2026-03-31, pair: EUR/USD, rate: 1.2}\n";
    static const char *const documents[] = {first, "[]\n",
                                            "- {on: 2026-03-31, pair: EUR/USD, rate: 1.3}\n"};
    struct scene scene;
    struct rates sections[3];
    struct rates rates;
    int32_t date;
    (void)state;
    scene_init(&scene);
    for (int i = 0; i < 3; i++)
        assert_int_equal(
            rates_read(slice_of(documents[i]), &scene.arena, &scene.reports, &sections[i]),
            STATUS_OK);
    assert_int_equal(rates_join(sections, 3, &scene.arena, &rates), STATUS_OK);
    assert_int_equal(date_parse(SLICE("2026-03-31"), &date), STATUS_OK);
    assert_int_equal(rates.count, 2);
    assert_true(rates_find(&rates, SLICE("EUR"), SLICE("USD"), date, 0)->rate.units ==
                scene_decimal("1.3").units);
    assert_true(rates_find(&rates, SLICE("EUR"), SLICE("USD"), date - 1, 0)->rate.units ==
                scene_decimal("1.1").units);
    scene_deinit(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_rates_at_all_have_none),
        cmocka_unit_test(of_what_stands_in_two_sections_the_later_counts)};
    return RUN_CASES(rows, finds) + cmocka_run_group_tests_name("plan.rates", tests, NULL, NULL);
}
