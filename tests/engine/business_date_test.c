#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/business_date.h"
#include "engine/incentives_scene.h"

static int32_t day(const char *text)
{
    int32_t date;
    assert_int_equal(date_parse(slice_of(text), &date), STATUS_OK);
    return date;
}

static const struct fold_row *small_row(struct bench *bench)
{
    struct fold *fold = bench->folds[BENCH_INCENTIVES];
    return &fold->state(fold->self)->row;
}

/* --- the record --- */

static void a_record_says_its_day_and_reads_back(void **state)
{
    static const struct {
        const char *date;
        int64_t version;
    } rows[] = {{"2026-04-01", 20260401}, {"1900-01-01", 19000101}, {"2200-12-31", 22001231}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char detail[DETAIL_BYTES];
        struct business_date_record record;
        int32_t date;
        business_date_record(day(rows[i].date), 7, &record);
        assert_true(slice_equal(record.control.kind, SLICE("date")));
        assert_int_equal(record.control.version, rows[i].version);
        assert_int_equal(record.control.written_at, 7);
        assert_int_equal(business_date_read(&record.control, &date, detail), STATUS_OK);
        assert_int_equal(date, day(rows[i].date));
    }
}

static void a_record_without_a_day_is_refused_and_not_kept(void **state)
{
    static const struct {
        const char *name;
        const char *value;
    } rows[] = {{"date", "2026-02-30"}, {"date", "soon"}, {"day", "2026-04-01"}};
    struct bench *bench = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct setting setting = {slice_of(rows[i].name), slice_of(rows[i].value)};
        struct control control = {.kind = SLICE("date"),
                                  .id = SLICE("business"),
                                  .version = 1,
                                  .settings = {&setting, 1}};
        struct fold *fold = bench->folds[BENCH_INCENTIVES];
        struct input input = {.kind = INPUT_CONTROL, .fact = &control};
        struct outbox outbox = bench_outbox(bench);
        bench_begin(bench);
        assert_int_equal(fold->apply(fold->self, &input, &outbox, bench->detail), STATUS_INVALID);
        bench_keep(bench);
        assert_non_null(strstr(bench->detail, "out-of-range: "));
        assert_false(small_row(bench)->has_business_date);
        assert_int_equal(store_rows(bench->stores[BENCH_INCENTIVES]), 0);
    }
}

/* --- the state --- */

static void the_business_date_only_moves_forward(void **state)
{
    static const struct {
        const char *said;
        const char *stands;
    } rows[] = {{"2026-03-31", "2026-03-31"},
                {"2026-04-01", "2026-04-01"},
                {"2026-01-01", "2026-04-01"},
                {"2026-04-01", "2026-04-01"},
                {"2026-04-02", "2026-04-02"}};
    struct bench *bench = *state;
    assert_false(small_row(bench)->has_business_date);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bench_must_date(bench, rows[i].said);
        assert_true(small_row(bench)->has_business_date);
        assert_int_equal(small_row(bench)->business_date, day(rows[i].stands));
    }
}

static void a_turn_that_is_undone_takes_its_date_along(void **state)
{
    struct bench *bench = *state;
    bench_must_date(bench, "2026-03-31");
    bench_begin(bench);
    bench_must_date(bench, "2026-05-31");
    bench_undo(bench);
    assert_int_equal(small_row(bench)->business_date, day("2026-03-31"));
}

static void where_nothing_waits_for_a_day_no_book_is_queued(void **state)
{
    struct bench *bench = *state;
    assign_jo(bench);
    bench_must_date(bench, "2026-04-01");
    assert_int_equal(bench_counters(bench, BENCH_INCENTIVES).queued, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_says_its_day_and_reads_back),
        TEST(a_record_without_a_day_is_refused_and_not_kept),
        TEST(the_business_date_only_moves_forward),
        TEST(a_turn_that_is_undone_takes_its_date_along),
        TEST(where_nothing_waits_for_a_day_no_book_is_queued),
    };
    return cmocka_run_group_tests_name("engine.business_date", tests, NULL, NULL);
}
