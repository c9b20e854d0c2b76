/* The engine alone: rows applied to a book and its window evaluated after each, in memory and
 * without codec, store, payout or log. tests/bench/engine runs it under callgrind.
 *
 *   bench_engine COMPONENT ROWS    measures the last tenth, at most 1,000, of ROWS rows of one book
 *
 * Rows come in random order of their instants. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/callgrind.h>

#include "calendar/date.h"
#include "engine/viewpoint.h"
#include "support/engine_bench.h"

enum { MEASURED_MAX = 1000, FIRST_DAY = 20454 /* 2026-01-01 */, DAYS = 90 };

static const struct {
    const char *name;
    const char *lines; /* of the component */
} components[] = {
    {"rate", "    pays: {rate: 4%}\n"},
    {"tiers", "    pays:\n      tiers:\n        on: amount\n        method: marginal\n"
              "        boundary: higher\n        gives: rate\n        negative: nothing\n"
              "        table: [{from: 0, give: 4%}, {from: 150000, give: 6%}, "
              "{from: 250000, give: 8%}, {from: 500000, give: 10%}]\n"},
    {"curve", "    goal: {from: roster, attainment: exact, zero: nothing, prorate: none}\n"
              "    pays:\n      curve:\n        on: attainment\n        gives: percent-of-target\n"
              "        points: [[50%, 0%], [100%, 100%], [150%, 300%]]\n        below: nothing\n"
              "        above: {slope: 1}\n"},
    {"milestones", "    pays:\n      milestones:\n        award: each\n        boundary: reached\n"
                   "        late: nothing\n        table:\n"
                   "          - {name: a, reach: 100000, by: end of month 1, give: 1000}\n"
                   "          - {name: b, reach: 250000, by: end of month 2, give: 2%}\n"
                   "          - {name: c, reach: 500000, by: end of window, give: 5000}\n"},
    {"cash", "    attribution: slices\n    pays:\n      tiers:\n        on: amount\n"
             "        method: marginal\n        boundary: higher\n        gives: rate\n"
             "        negative: nothing\n        table: [{from: 0, give: 4%}, "
             "{from: 150000, give: 6%}, {from: 250000, give: 8%}]\n"
             "    release: {when: payment-received}\n"},
};

static void publish(struct bench *bench, const char *lines)
{
    char text[2048];
    (void)snprintf(text, sizeof text,
                   "milepost: 1\nplan: ae\nversion: 1\ntitle: T\ncurrency: USD\ntimezone: UTC\n"
                   "calendar: {year-starts: 01-01}\n"
                   "effective: {from: 2026-01-01, until: 2027-01-01}\n"
                   "rounding: {to: 0.01, mode: half-even}\nmid-window: last\ncomponents:\n"
                   "  main:\n    measure: {of: deals, sum: amount}\n"
                   "    cancelled: {effect: recompute}\n    over: quarter\n%s",
                   lines);
    bench_must_plan(bench, "ae", 1, text);
    bench_must_assign(bench, "person:jo", 1, "ae 2026-01-01 - main=400000 target=20000");
}

static struct credit *make_credits(size_t count)
{
    struct credit *credits = calloc(count, sizeof *credits);
    char *names = calloc(count, 24);
    assert(credits && names);
    srand(1);
    for (size_t i = 0; i < count; i++) {
        char *book = names + 24 * i;
        int length = snprintf(book, 24, "deal:D-%010zu", i);
        credits[i] = (struct credit){
            .target = SLICE("person:jo"),
            .book = {book, (size_t)length},
            .row = SLICE("owner"),
            .kind = CREDIT_DEAL,
            .role = SLICE("owner"),
            .share = decimal_of(1),
            .status = DEAL_CLOSED,
            .closed_at = (FIRST_DAY + (int64_t)(rand() % DAYS)) * DAY_MS + rand() % DAY_MS,
            .currency = SLICE("USD"),
            .amount = decimal_of(100 + rand() % 900),
        };
    }
    return credits;
}

struct run {
    struct incentives *fold;
    struct book *book;
    struct touched touched;
    int64_t earned; /* so that nothing is left out */
};

static void apply_and_evaluate(struct run *run, const struct credit *credit)
{
    char detail[DETAIL_BYTES];
    struct tally tally = tally_of(run->fold, run->book);
    run->touched.count = 0;
    enum status status = tally_credit(&tally, credit, 1, &run->touched, detail);
    sights_reset(&run->fold->sights);
    for (size_t i = 0; !status && i < run->touched.count; i++) {
        const struct book_key *key = &run->book->keys[run->touched.places[i]];
        struct worth worth;
        struct viewpoint view = {
            .fold = run->fold,
            .book = run->book,
            .version = key->version,
            .index = key->index,
            .from = key->figures.from,
            .until = key->figures.until,
            .window = interner_text(&run->fold->names, key->window),
            .detail = detail,
        };
        status = viewpoint_worth(&view, &key->sums, &key->figures, NULL, &worth);
        run->earned += status ? 0 : worth.earned + worth.payable;
    }
    if (status) {
        fprintf(stderr, "%s: %s\n", status_name(status), detail);
        exit(1);
    }
}

static void measure(struct bench *bench, size_t rows)
{
    char detail[DETAIL_BYTES] = "";
    struct outbox outbox = bench_outbox(bench);
    struct run run = {.fold = bench->folds[BENCH_INCENTIVES]->self};
    struct credit *credits = make_credits(rows);
    size_t measured = rows / 10 ? rows / 10 : 1;
    measured = measured > MEASURED_MAX ? MEASURED_MAX : measured;
    bench_begin(bench);
    if (incentives_book(run.fold, SLICE("person:jo"), &outbox, &run.book, detail)) {
        fprintf(stderr, "book: %s\n", detail);
        exit(1);
    }
    struct tally tally = tally_of(run.fold, run.book);
    for (size_t i = 0; i < rows - measured; i++)
        if (tally_credit(&tally, &credits[i], 1, &run.touched, detail))
            exit(1);
    CALLGRIND_TOGGLE_COLLECT;
    for (size_t i = rows - measured; i < rows; i++)
        apply_and_evaluate(&run, &credits[i]);
    CALLGRIND_TOGGLE_COLLECT;
    printf("measured: %zu row\nearned and payable: %lld\n", measured, (long long)run.earned);
    bench_keep(bench);
    touched_deinit(&run.touched);
    free((void *)(uintptr_t)credits[0].book.bytes);
    free(credits);
}

int main(int argc, char **argv)
{
    size_t rows = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
    for (size_t i = 0; rows > 0 && i < sizeof components / sizeof components[0]; i++) {
        static struct bench bench;
        if (strcmp(components[i].name, argv[1]) != 0)
            continue;
        bench_init(&bench);
        publish(&bench, components[i].lines);
        measure(&bench, rows);
        bench_deinit(&bench);
        return 0;
    }
    fprintf(stderr, "usage: bench_engine rate|tiers|curve|milestones|cash ROWS\n");
    return 2;
}
