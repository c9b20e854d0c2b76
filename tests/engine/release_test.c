/* From earned to payable, through both folds: the rows of PLAN-LANGUAGE section 6 by hand, on both
 * sides of each boundary. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/business_date.h"
#include "support/case.h"
#include "support/engine_bench.h"

enum { EVENTS = 6, EXPECTED = 3 };

struct expected {
    const char *window;
    const char *earned;
    const char *payable;
};

struct release_case {
    const char *label;
    const char *component;      /* below `all:`, as YAML */
    const char *events[EVENTS]; /* words of a deal, milestone or payment, or `date 2026-04-01` */
    struct expected expected[EXPECTED];
    const char *pending; /* of the first window; NULL: nothing */
};

#define OVER(over, effect, rest)                                                                   \
    "    measure: {of: deals, sum: amount, role: [owner]}\n"                                       \
    "    cancelled: {effect: " effect "}\n    over: " over "\n" rest
#define MILESTONES(over, rest)                                                                     \
    "    measure: {of: milestones, sum: amount}\n    cancelled: {effect: recompute}\n"             \
    "    over: " over "\n" rest
#define RATE          "    pays: {rate: 10%}\n"
#define SLICES        "    attribution: slices\n"
#define PRO_RATA      "    attribution: pro-rata\n"
#define RELEASE(when) "    release: {when: " when "}\n"
#define CASH          RELEASE("payment-received")
#define HOLD(until)   "    release: {holdback: {share: 30%, until: " until "}}\n"
/* 5 % up to 1,500, 10 % of all from there on: the deal that comes to it has most of the pay. */
#define WHOLE                                                                                      \
    "    pays: {tiers: {on: amount, method: whole, boundary: higher, gives: rate, negative: "      \
    "nothing, table: [{from: 0, give: 5%}, {from: 1500, give: 10%}]}}\n"

#define DEAL(id, date, amount) "D-" id " 1 CLOSED 2026-" date " " amount " person:jo/owner/100%"
#define GONE(id, date, amount, gone)                                                               \
    "D-" id " 2 CANCELLED 2026-" date " " amount " person:jo/owner/100% gone=2026-" gone
#define PAID(id, deal, date, amount) "P-" id " D-" deal " 1 2026-" date " " amount
#define ONE                          DEAL("1", "01-10", "1000")
#define TWO                          DEAL("2", "01-11", "1000")

static const struct release_case rows[] = {
    {"nothing is payable before the first payment",
     OVER("month", "recompute", RATE SLICES CASH),
     {ONE},
     {{"2026-01", "100", "0"}},
     NULL},
    {"half is payable when half is paid",
     OVER("month", "recompute", RATE SLICES CASH),
     {ONE, PAID("1", "1", "03-15", "500")},
     {{"2026-01", "100", "50"}},
     NULL},
    {"payments add up, refunds take away",
     OVER("month", "recompute", RATE SLICES CASH),
     {ONE, PAID("1", "1", "03-15", "900"), PAID("2", "1", "03-16", "100"),
      PAID("3", "1", "04-01", "-400")},
     {{"2026-01", "100", "60"}},
     NULL},
    {"more than the deal is worth releases no more than all",
     OVER("month", "recompute", RATE SLICES CASH),
     {ONE, PAID("1", "1", "03-15", "1500")},
     {{"2026-01", "100", "100"}},
     NULL},
    {"less than nothing releases nothing",
     OVER("month", "recompute", RATE SLICES CASH),
     {ONE, PAID("1", "1", "03-15", "-1")},
     {{"2026-01", "100", "0"}},
     NULL},
    {"a deal of amount 0 counts as paid when closed",
     "    measure: {of: deals, sum: count, count: credited}\n    cancelled: {effect: recompute}\n"
     "    over: month\n    pays: {unit: 10}\n" SLICES CASH,
     {DEAL("1", "01-10", "0")},
     {{"2026-01", "10", "10"}},
     NULL},
    {"a payment in another currency is left out, and says so",
     OVER("month", "recompute", RATE SLICES CASH),
     {ONE, PAID("1", "1", "03-15", "250"), PAID("2", "1", "03-15", "500 EUR")},
     {{"2026-01", "100", "25"}},
     "currency-differs"},
    {"what is paid releases its own slice",
     OVER("month", "recompute", WHOLE SLICES CASH),
     {ONE, TWO, PAID("1", "2", "03-15", "1000")},
     {{"2026-01", "200", "150"}},
     NULL},
    {"what is paid releases its own proportion",
     OVER("month", "recompute", WHOLE PRO_RATA CASH),
     {ONE, TWO, PAID("1", "2", "03-15", "1000")},
     {{"2026-01", "200", "100"}},
     NULL},
    {"with share: after a deal's proportion is of all it measures",
     "    measure: {of: deals, sum: amount, share: after, plus: 1000}\n"
     "    cancelled: {effect: recompute}\n    over: deal\n" RATE PRO_RATA CASH,
     {"D-1 1 CLOSED 2026-01-10 1000 person:jo/owner/50%", PAID("1", "1", "03-15", "500")},
     {{"deal:D-1", "100", "75"}},
     NULL},
    {"thirds release cents, and the last one the remainder",
     OVER("month", "recompute", "    pays: {rate: 1%}\n" SLICES CASH),
     {DEAL("1", "01-10", "1"), PAID("1", "1", "02-01", "0.33"), PAID("2", "1", "02-02", "0.33"),
      PAID("3", "1", "02-03", "0.34")},
     {{"2026-01", "0.01", "0.01"}},
     NULL},
    {"a deal that stands alone needs no attribution",
     OVER("deal", "recompute", RATE CASH),
     {ONE, PAID("1", "1", "03-15", "500")},
     {{"deal:D-1", "100", "50"}},
     NULL},
    {"what belongs to no deal is released at once",
     OVER("month", "recompute", RATE SLICES CASH "    adjust: [add: 70]\n"),
     {ONE, PAID("1", "1", "03-15", "500")},
     {{"2026-01", "170", "120"}},
     NULL},
    {"a milestone of the deal releases it",
     OVER("month", "recompute", RATE SLICES RELEASE("{milestone: go-live}")),
     {ONE, TWO, "M-1 D-1 1 REACHED 2026-05-01 go-live"},
     {{"2026-01", "200", "100"}},
     NULL},
    {"another milestone does not",
     OVER("month", "recompute", RATE SLICES RELEASE("{milestone: go-live}")),
     {ONE, "M-1 D-1 1 REACHED 2026-05-01 kick-off"},
     {{"2026-01", "100", "0"}},
     NULL},
    {"a milestone that is revoked takes its release back",
     OVER("month", "recompute", RATE SLICES RELEASE("{milestone: go-live}")),
     {ONE, "M-1 D-1 1 REACHED 2026-05-01 go-live", "M-1 D-1 2 REVOKED 2026-05-01 go-live"},
     {{"2026-01", "100", "0"}},
     NULL},
    {"the day before the window ends",
     OVER("month", "recompute", RATE RELEASE("window-end")),
     {ONE, "date 2026-01-31"},
     {{"2026-01", "100", "0"}},
     NULL},
    {"the day on which the window has ended",
     OVER("month", "recompute", RATE RELEASE("window-end")),
     {ONE, "date 2026-02-01"},
     {{"2026-01", "100", "100"}},
     NULL},
    {"a hold-back by deal, the day before it ends",
     OVER("month", "recompute", RATE SLICES HOLD("90 days after closed")),
     {ONE, TWO, "date 2026-04-09"},
     {{"2026-01", "200", "140"}},
     NULL},
    {"a hold-back by deal, deal by deal",
     OVER("month", "recompute", RATE SLICES HOLD("90 days after closed")),
     {ONE, TWO, "date 2026-04-10"},
     {{"2026-01", "200", "170"}},
     NULL},
    {"a hold-back is of what the cash lets through",
     OVER("month", "recompute",
          RATE SLICES "    release: {when: payment-received, holdback: {share: 30%, until: 90 days "
                      "after closed}}\n"),
     {ONE, PAID("1", "1", "03-15", "500")},
     {{"2026-01", "100", "35"}},
     NULL},
    {"a hold-back by window, the day before it ends",
     OVER("month", "recompute", RATE HOLD("30 days after window-end")),
     {ONE, "date 2026-03-02"},
     {{"2026-01", "100", "70"}},
     NULL},
    {"a hold-back by window, the day on which it ends",
     OVER("month", "recompute", RATE HOLD("30 days after window-end")),
     {ONE, "date 2026-03-03"},
     {{"2026-01", "100", "100"}},
     NULL},
    {"a hold-back until a date, the day before",
     OVER("month", "recompute", RATE HOLD("2026-06-30")),
     {ONE, "date 2026-06-29"},
     {{"2026-01", "100", "70"}},
     NULL},
    {"a hold-back until a date",
     OVER("month", "recompute", RATE HOLD("2026-06-30")),
     {ONE, "date 2026-06-30"},
     {{"2026-01", "100", "100"}},
     NULL},
    {"paid-only takes back what had been paid, and nothing is released later",
     OVER("month", "paid-only", RATE SLICES CASH),
     {ONE, PAID("1", "1", "01-20", "500"), GONE("1", "01-10", "1000", "02-20"),
      PAID("2", "1", "03-01", "500")},
     {{"2026-01", "100", "50"}, {"2026-02", "-50", "-50"}},
     NULL},
    {"paid-only takes no more than its share of the part",
     OVER("month", "paid-only, take: 20%", RATE SLICES CASH),
     {ONE, PAID("1", "1", "01-20", "500"), GONE("1", "01-10", "1000", "02-20")},
     {{"2026-01", "100", "50"}, {"2026-02", "-20", "-20"}},
     NULL},
    {"original-rate takes all of the part back, of which what is released is payable",
     OVER("month", "original-rate", RATE SLICES CASH),
     {ONE, PAID("1", "1", "01-20", "500"), GONE("1", "01-10", "1000", "02-20")},
     {{"2026-01", "100", "50"}, {"2026-02", "-100", "-50"}},
     NULL},
    {"a gate that withholds releases nothing",
     OVER("month", "recompute",
          RATE SLICES CASH
          "    adjust: [gate: {when: {not: {attribute: role, is: ae}}, then: not-payable}]\n"),
     {ONE, PAID("1", "1", "03-15", "500")},
     {{"2026-01", "100", "0"}},
     NULL},
    {"an event is released when it is approved, by its slice",
     MILESTONES("deal", RATE RELEASE("approved")),
     {ONE, "M-1 D-1 1 REACHED 2026-02-01 a amount=500 cur=USD",
      "M-2 D-1 1 APPROVED 2026-02-02 b amount=300 cur=USD approved=2026-03-01"},
     {{"deal:D-1", "80", "30"}},
     NULL},
    {"without attribution events of a window are released when all are approved",
     MILESTONES("month", RATE RELEASE("approved")),
     {ONE, "M-1 D-1 1 REACHED 2026-02-01 a amount=500 cur=USD",
      "M-2 D-1 1 APPROVED 2026-02-02 b amount=300 cur=USD approved=2026-03-01"},
     {{"2026-02", "80", "0"}},
     NULL},
    {"an event that is approved later",
     MILESTONES("month", RATE RELEASE("approved")),
     {ONE, "M-1 D-1 1 REACHED 2026-02-01 a amount=500 cur=USD",
      "M-2 D-1 1 APPROVED 2026-02-02 b amount=300 cur=USD approved=2026-03-01",
      "M-1 D-1 2 APPROVED 2026-02-01 a amount=500 cur=USD approved=2026-03-05"},
     {{"2026-02", "80", "80"}},
     NULL},
    {"an event is released with its deal's cash, whichever comes first",
     MILESTONES("month", RATE SLICES CASH),
     {ONE, "M-1 D-1 1 REACHED 2026-02-01 a amount=500 cur=USD", PAID("1", "1", "03-15", "500")},
     {{"2026-02", "50", "25"}},
     NULL},
    {"an event of no deal has nothing to wait for",
     MILESTONES("month", RATE SLICES CASH),
     {"M-1 - 1 REACHED 2026-02-01 a amount=500 cur=USD person:jo/owner/100%"},
     {{"2026-02", "50", "50"}},
     NULL},
};

static void must_date(struct bench *bench, const char *text)
{
    struct business_date_record record;
    business_date_record(words_date(slice_of(text)), 0, &record);
    bench_must_control(bench, "date", "business", record.control.version, "", &record.setting, 1);
    bench_drain(bench);
}

static void must_event(struct bench *bench, const char *words)
{
    if (words[0] == 'D')
        bench_must_deal(bench, words);
    else if (words[0] == 'M')
        bench_must_milestone(bench, words);
    else if (words[0] == 'P')
        bench_must_payment(bench, words);
    else
        must_date(bench, words + strlen("date "));
}

static void set_up(struct bench *bench, const struct release_case *row)
{
    struct buffer text = {0};
    bench_init(bench);
    buffer_printf(&text,
                  "milepost: 1\nplan: ae\nversion: 1\ntitle: T\ncurrency: USD\ntimezone: UTC\n"
                  "calendar: {year-starts: 01-01}\n"
                  "effective: {from: 2026-01-01, until: 2028-01-01}\n"
                  "rounding: {to: 0.01, mode: half-even}\nmid-window: last\ncomponents:\n"
                  "  all:\n%s",
                  row->component);
    buffer_append_byte(&text, '\0');
    bench_must_plan(bench, "ae", 1, text.bytes);
    bench_must_assign(bench, "person:jo", 1, "ae 2026-01-01 -");
    bench_drain(bench);
    buffer_deinit(&text);
}

static void assert_money(const char *window, const char *what, struct decimal value,
                         const char *expected)
{
    char is[DECIMAL_TEXT_BYTES];
    decimal_format(value, is);
    if (strcmp(is, expected) != 0)
        fail_msg("%s: %s %s instead of %s", window, what, is, expected);
}

static void assert_worth(struct bench *bench, const struct release_case *row)
{
    for (size_t i = 0; i < EXPECTED && row->expected[i].window; i++) {
        const struct expected *expected = &row->expected[i];
        struct emitted_row emitted = {0};
        (void)bench_emitted(bench, "person:jo", "ae", "all", expected->window, &emitted);
        assert_money(expected->window, "earned", emitted.earned, expected->earned);
        assert_money(expected->window, "payable", emitted.payable, expected->payable);
        const struct slice *pending = emitted.pending.items;
        bool is_pending = i == 0 && row->pending;
        assert_int_equal(emitted.pending.count, is_pending ? 1 : 0);
        if (is_pending)
            assert_true(slice_equal(pending[0], slice_of(row->pending)));
    }
}

static void verify(struct bench *bench)
{
    struct outbox outbox = bench_outbox(bench);
    struct fold *fold = bench->folds[BENCH_INCENTIVES];
    bool more;
    bench_begin(bench);
    assert_int_equal(fold->verify(fold->self, 10, &outbox, &more, bench->detail), STATUS_OK);
    bench_keep(bench);
}

/* In the order given and in the opposite one; a book read anew differs in nothing. */
static void releases(void **state)
{
    const struct release_case *row = *state;
    struct bench bench;
    for (int round = 0; round < 2; round++) {
        size_t count = 0;
        set_up(&bench, row);
        while (count < EVENTS && row->events[count])
            count++;
        for (size_t i = 0; i < count; i++)
            must_event(&bench, row->events[round ? count - 1 - i : i]);
        assert_worth(&bench, row);
        size_t payouts = bench.payouts.count;
        verify(&bench);
        verify(&bench);
        assert_int_equal(bench.payouts.count, payouts);
        assert_int_equal(bench_counters(&bench, BENCH_INCENTIVES).held, 0);
        bench_deinit(&bench);
    }
}

int main(void)
{
    return RUN_CASES(rows, releases);
}
