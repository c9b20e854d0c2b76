/* `milepost simulate`: files in, payouts out, without a broker. */
#include <inttypes.h>

#include "milepost/pay_calendar.h"
#include "milepost/pay_lines.h"
#include "milepost/run_files.h"
#include "milepost/run_stats.h"
#include "milepost/shape_json.h"
#include "milepost/spread.h"
#include "milepost/totals.h"

enum { RECORD_BYTES_MAX = 64 * 1024 * 1024 };

static const char help_text[] =
    "usage: milepost simulate --plan FILE... --roster FILE [--control FILE]... --events FILE\n"
    "                         [--totals | --payouts] [--chart] [--stats]\n"
    "\n"
    "Runs both stages on a log in memory: the services' own code, no broker, nothing written.\n"
    "The same files give the same bytes. `apply` lines in the events read files relative to it.\n"
    "A payment or milestone that moves to another deal is revoked under the old one, as publish "
    "does.\n"
    "\n"
    "  --plan, --roster, --control FILE   as many as wanted, applied together before the events\n"
    "  --events FILE   JSON Lines, or CSV by its name (*.csv)\n"
    "  --totals        per participant, plan, component and window (the default)\n"
    "  --payouts       every payout, in order\n"
    "  --chart         behind the totals, how attainment is spread (on a terminal anyway)\n"
    "  --stats         afterwards, on stderr: events a second, memory, and the shares of time\n"
    "  --json          one object a line\n"
    "\n"
    "exit: 0 done, 1 a file is wrong (nothing is shown)\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command simulate_command = {
    .name = "simulate",
    .summary = "compute from files what would be paid, without a broker",
    .help = help_text,
    .run = run,
};

struct simulate_options {
    struct run_files run;
    bool shows_payouts;
    bool shows_totals;
    bool shows_stats;
    bool shows_chart;
};

/* --- payouts --- */

static void add_payout(struct table *table, const struct payout *payout, int places)
{
    char number[24];
    char text[DECIMAL_TEXT_BYTES];
    const struct cause *cause = &payout->cause;
    (void)snprintf(number, sizeof number, "%" PRId64, payout->sequence);
    table_add_slice(table, payout->participant);
    table_add_slice(table, payout->plan);
    table_add_slice(table, payout->component);
    table_add_slice(table, payout->window);
    table_add(table, number);
    table_add_slice(table, payout->kind);
    table_add_slice(table, places_format(payout->earned_delta, places, text));
    table_add_slice(table, places_format(payout->earned_total, places, text));
    table_add_slice(table, payout->currency);
    table_add_slice(table, cause->deal_id.bytes ? cause->deal_id : cause->event_id);
}

/* A payout on its way out, with the places of its plan version. */
struct payout_printer {
    const struct simulation *simulation;
    struct standing_plans plans;
    struct pay_calendar calendar;
    struct table table;
    struct buffer line;
    struct arena arena;
};

/* "A payout's `posted_period` is the period that is open … when it emits." */
static void find_period(const struct payout_printer *printer, int64_t offset, struct payout *payout,
                        char name[PAY_PERIOD_BYTES])
{
    struct pay_period period;
    int32_t date = simulation_date_at(printer->simulation, offset);
    if (!payout->has_payable_delta ||
        !pay_calendar_open(&printer->calendar, payout->pay_group, date, &period))
        return;
    const struct pay_group *group = pay_group_find(&printer->calendar.groups, payout->pay_group);
    payout->posted_period = (struct slice){name, pay_period_name(group, &period, name)};
}

static enum status print_payout(struct payout_printer *printer, const struct log_record *record,
                                char *detail)
{
    static const char *const positions[] = {"partition", "offset", NULL};
    struct payout payout;
    arena_reset(&printer->arena);
    enum status status = schemas_decode(printer->simulation->schemas, SCHEMA_PAYOUT, record,
                                        &payout, &printer->arena, 0, detail);
    if (status)
        return status;
    char period[PAY_PERIOD_BYTES];
    find_period(printer, record->offset, &payout, period);
    int places =
        standing_plans_places(&printer->plans, payout.plan, payout.plan_version, payout.currency);
    if (!printer->simulation->cli->console.is_json) {
        add_payout(&printer->table, &payout, places);
        return STATUS_OK;
    }
    struct shape_json_options options = {
        .without = positions, .has_places = true, .places = places};
    buffer_reset(&printer->line);
    buffer_append_byte(&printer->line, '{');
    shape_append_json_fields(&payout_shape, &payout, &options, &printer->line);
    (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(&printer->line)));
    return STATUS_OK;
}

static enum status print_payouts(const struct simulation *simulation, char *detail)
{
    static const char *const heads[] = {"participant", "plan",    "component", "window",   ">seq",
                                        "kind",        ">earned", ">in all",   "currency", "cause"};
    struct payout_printer printer = {.simulation = simulation};
    arena_init_growing(&printer.arena, RECORD_BYTES_MAX);
    table_init(&printer.table, heads, sizeof heads / sizeof heads[0]);
    enum status status =
        standing_plans_read(&printer.plans, &simulation->standing, &simulation->rules, detail);
    if (!status)
        status = pay_calendar_read(&printer.calendar, &simulation->standing, detail);
    int64_t offset = 0;
    struct log_record record;
    while (!status && simulation_next(simulation, TOPIC_PAYOUTS, &offset, &record))
        status = print_payout(&printer, &record, detail);
    if (!status && !simulation->cli->console.is_json)
        table_print(&printer.table, &simulation->cli->console);
    standing_plans_deinit(&printer.plans);
    pay_calendar_deinit(&printer.calendar);
    table_deinit(&printer.table);
    buffer_deinit(&printer.line);
    arena_deinit(&printer.arena);
    return status;
}

/* --- totals --- */

static void print_holds(const struct totals *totals)
{
    for (size_t i = 0; i < totals->count; i++) {
        const struct total *one = &totals->items[i];
        if (one->held.bytes)
            (void)fprintf(stderr, "milepost: held (%.*s): %.*s %.*s %.*s %.*s: not paid further\n",
                          SLICE_ARGS(one->held), SLICE_ARGS(one->participant),
                          SLICE_ARGS(one->plan), SLICE_ARGS(one->component),
                          SLICE_ARGS(one->window));
    }
}

/* How attainment is spread, of each component that has a goal. */
static void print_chart(const struct totals *totals, const struct console *console)
{
    static const char *const name = "share";
    struct spreads spreads;
    spreads_collect(totals, INT32_MAX, &spreads);
    for (size_t i = 0; i < spreads.count; i++)
        spread_print(&spreads.items[i], NULL, &name, console);
    spreads_deinit(&spreads);
}

static enum status print_totals(struct simulation *simulation, bool shows_chart, char *detail)
{
    struct totals totals = {0};
    enum status status = totals_collect(simulation, &totals, detail);
    struct pay_lines lines = {0};
    if (!status)
        status = pay_lines_collect(simulation, &totals.plans, &lines, detail);
    if (!status) {
        totals_print(&totals, &simulation->cli->console);
        pay_lines_print(&lines, &simulation->cli->console);
        if (shows_chart)
            print_chart(&totals, &simulation->cli->console);
        print_holds(&totals);
    }
    pay_lines_deinit(&lines);
    totals_deinit(&totals);
    return status;
}

/* --- the command --- */

static void print_moves(const struct simulation *simulation)
{
    if (simulation->revoked)
        (void)fprintf(stderr, "milepost: taken off the deals that they stood under: %" PRId64 "\n",
                      simulation->revoked);
    if (simulation->outdated)
        (void)fprintf(stderr,
                      "milepost: not counted, because a later revision stands under another deal: "
                      "%" PRId64 "\n",
                      simulation->outdated);
}

static enum status print_all(struct simulation *simulation, const struct simulate_options *options,
                             char *detail)
{
    const struct console *console = &simulation->cli->console;
    bool has_chart = !console->is_json && (options->shows_chart || console->is_terminal);
    enum status status = options->shows_payouts ? print_payouts(simulation, detail)
                                                : print_totals(simulation, has_chart, detail);
    if (status)
        return status;
    print_moves(simulation);
    simulation_print_letters(simulation);
    return STATUS_OK;
}

static int simulate(struct cli *cli, const struct simulate_options *options)
{
    char detail[DETAIL_BYTES] = "";
    struct simulation simulation = {0};
    struct run_stats stats;
    struct simulation_options how = {
        .events_a_time = options->shows_payouts ? 1 : 0,
        .shown = options->shows_payouts ? TOPIC_PAYOUTS : TOPIC_ATTAINMENT,
        .doing = options->shows_stats ? &stats.now : NULL,
    };
    if (options->shows_stats)
        run_stats_begin(&stats);
    enum status status = run_files_simulate(&options->run, cli, &how, &simulation, detail);
    if (!status)
        status = print_all(&simulation, options, detail);
    if (options->shows_stats)
        run_stats_end(&stats, &cli->console, simulation.events);
    simulation_close(&simulation);
    return status ? run_files_fail(cli, status, detail) : EXIT_CODE_DONE;
}

static const char *read_options(struct simulate_options *chosen, int argc, char **argv)
{
    static const struct option options[] = {RUN_FILE_OPTIONS,
                                            {"totals", no_argument, NULL, 't'},
                                            {"payouts", no_argument, NULL, 'p'},
                                            {"chart", no_argument, NULL, 'c'},
                                            {"stats", no_argument, NULL, 's'},
                                            {NULL, 0, NULL, 0}};
    const char *complaint;
    optind = 1;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == '?')
            return "that option is not known, or lacks its file";
        if (option == 't')
            chosen->shows_totals = true;
        else if (option == 'p')
            chosen->shows_payouts = true;
        else if (option == 'c')
            chosen->shows_chart = true;
        else if (option == 's')
            chosen->shows_stats = true;
        else if (!run_files_take(&chosen->run, option, optarg, &complaint))
            return complaint;
    }
    if (optind != argc)
        return "files are named by --plan, --roster, --control and --events";
    if (chosen->shows_totals && chosen->shows_payouts)
        return "say --totals or --payouts, not both";
    return run_files_lack(&chosen->run);
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct simulate_options options = {0};
    const char *complaint = read_options(&options, argc, argv);
    int code =
        complaint ? command_usage(cli, &simulate_command, complaint) : simulate(cli, &options);
    run_files_deinit(&options.run);
    return code;
}
