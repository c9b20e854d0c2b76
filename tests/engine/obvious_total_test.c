/* Pay periods by hand: draws, caps and minimums of `total`. V28, V30 and V31 are published. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/buffer.h"
#include "calendar/date.h"
#include "engine/obvious.h"
#include "support/case.h"

enum { PERIODS_MAX = 16 };

struct row {
    const char *label;
    const char *total;
    const char
        *earned; /* `*` behind it: multiply's condition holds; `/` before it: of the next year */
    const char *payable;
    const char *owed;
};

#define DRAW(rest) "{draw: {amount: 1000, " rest "}}"

static const struct row rows[] = {
    {"V28: a recoverable draw tops up and takes back what lies above it",
     "{draw: {amount: 2000, kind: recoverable, recover: surplus, pay: period-end}}",
     "2750 3000 1500 2375 3000 2750", "2750 3000 2000 2000 2875 2750", "0 0 500 125 0 0"},
    {"V30: nothing is taken back before recovery starts",
     DRAW("kind: recoverable, recover: surplus, recovery-starts: period 4"),
     "500 700 400 1500 5000", "1000 1000 1000 1000 4100", "500 800 1400 900 0"},
    {"recovery starts in its period, not before",
     DRAW("kind: recoverable, recover: surplus, "
          "recovery-starts: period 3"),
     "500 2000 2000", "1000 2000 1500", "500 500 0"},
    {"V31: a non-recoverable draw tops up for good",
     "{draw: {amount: 5000, kind: non-recoverable}}", "3200 6000 5000", "5000 6000 5000", "0 0 0"},
    {"surplus takes a cent above the draw and nothing at it",
     DRAW("kind: recoverable, recover: surplus"), "900 1000 1000.01", "1000 1000 1000",
     "100 100 99.99"},
    {"all takes pay below the draw", DRAW("kind: recoverable, recover: all"), "0 1200 3000",
     "1000 200 3000", "1000 0 0"},
    {"a loan is paid on top and taken back from the next pay", DRAW("kind: loan"), "2000 700 3000",
     "3000 1000 2700", "1000 1300 1000"},
    {"a negative period is topped up too", DRAW("kind: recoverable, recover: surplus"), "-500 3000",
     "1000 1500", "1500 0"},
    {"what is below the minimum is carried over, at it not", "{minimum-payment: 50}",
     "49.99 0 0.01 50 20", "0 0 50 50 0", "0 0 0 0 0"},
    {"a yearly cap fills period by period and begins anew", "{cap: {at: 1000, per: year}}",
     "600 500 100 /700", "600 400 0 700", "0 0 0 0"},
    {"a cap per period", "{cap: {at: 1000, per: period}}", "999.99 1000 1000.01",
     "999.99 1000 1000", "0 0 0"},
    {"multiply runs before the cap, the cap before the draw",
     "{multiply: {by: 200%, when: {component: c, attainment: \">= 110%\"}}, cap: {at: 1500, per: "
     "period}, draw: {amount: 1000, kind: recoverable, recover: surplus}}",
     "400 400* 900*", "1000 1000 1000", "600 800 300"},
};

static struct decimal number(struct slice text)
{
    struct decimal value = {0};
    assert_int_equal(decimal_parse(text, &value), STATUS_OK);
    return value;
}

static size_t read_periods(const char *earned, struct obvious_period *out)
{
    struct slice text = slice_of(earned);
    size_t count = 0;
    int32_t shift = 0;
    while (text.length > 0) {
        struct slice one;
        text = slice_split(text, ' ', &one);
        bool is_next_year = one.bytes[0] == '/';
        bool holds = one.bytes[one.length - 1] == '*';
        shift += is_next_year ? 365 : 0;
        one.bytes += is_next_year;
        one.length -= (size_t)is_next_year + (size_t)holds;
        assert_true(count < PERIODS_MAX);
        int32_t from = 20454 + shift + (int32_t)count * 14;
        out[count++] = (struct obvious_period){.from = from,
                                               .until = from + 14,
                                               .is_closed = true,
                                               .holds = holds,
                                               .earned = number(one)};
    }
    return count;
}

static void append(struct buffer *out, struct decimal value)
{
    char text[DECIMAL_TEXT_BYTES];
    size_t length = decimal_format(value, text);
    buffer_printf(out, "%s%.*s", out->length ? " " : "", (int)length, text);
}

static void pays_by_period(void **state)
{
    const struct row *row = *state;
    struct obvious_period periods[PERIODS_MAX];
    struct buffer plan = {0};
    struct buffer payable = {0};
    struct buffer owed = {0};
    struct arena arena;
    char detail[DETAIL_BYTES];
    arena_init_growing(&arena, 1 << 20);
    buffer_printf(
        &plan,
        "plan: ae\ncalendar: {year-starts: 01-01}\nrounding: {to: 0.01, mode: half-even}\n"
        "total: %s\n",
        row->total);
    size_t count = read_periods(row->earned, periods);
    if (obvious_pay_periods(buffer_slice(&plan), periods, count, &arena, detail))
        fail_msg("%s", detail);
    for (size_t i = 0; i < count; i++) {
        append(&payable, periods[i].payable);
        append(&owed, periods[i].draw_owed);
    }
    buffer_append_byte(&payable, '\0');
    buffer_append_byte(&owed, '\0');
    assert_string_equal(payable.bytes, row->payable);
    assert_string_equal(owed.bytes, row->owed);
    buffer_deinit(&plan);
    buffer_deinit(&payable);
    buffer_deinit(&owed);
    arena_deinit(&arena);
}

int main(void)
{
    return RUN_CASES(rows, pays_by_period);
}
