/* `milepost compare`: two plans over the same history. */
#include <inttypes.h>
#include <stdlib.h>

#include "milepost/money_sums.h"
#include "milepost/run_files.h"
#include "milepost/shape_json.h"
#include "milepost/spread.h"

enum { PEOPLE_SHOWN = 10, BAR_COLUMNS = 20 };

static const char help_text[] =
    "usage: milepost compare --plan A... --against B... --roster FILE [--control FILE]...\n"
    "                        --events FILE [--against-roster FILE]... [--against-control FILE]...\n"
    "                        [--until DATE] [--all]\n"
    "\n"
    "Computes the same history under both plans (or versions of one) and says what changes: in "
    "all,\n"
    "by component, who wins and who loses, and how attainment is spread beside the advice of "
    "about\n"
    "10 % below the threshold, 60 % at goal or above, 10 % above excellence.\n"
    "\n"
    "  --plan, --against           one side's plans and the other's; several are applied together\n"
    "  --against-roster, -control  for the other side, where it needs its own (other goals, or\n"
    "                              assignments to a plan of another name)\n"
    "  --until DATE    attainment of windows that end by then only\n"
    "  --all           everybody, not only those who win or lose most\n"
    "  --json          an object a line: total, component, people, participant, attainment\n"
    "\n"
    "exit: 0 done, 1 a file is wrong\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command compare_command = {
    .name = "compare",
    .summary = "two plans over the same history: cost, winners, losers, attainment",
    .help = help_text,
    .run = run,
};

static const char *const side_names[2] = {"plan", "against"};
static const char *const money_names[2] = {"earned", "against"};

struct side {
    struct run_files run;
    struct simulation simulation;
    struct totals totals;
    struct spreads spreads;
};

struct comparison {
    struct cli *cli;
    struct side sides[2];
    int32_t until; /* exclusive; INT32_MAX: none */
    bool shows_all;
    struct money_sums all;
    struct money_sums components;
    struct money_sums people;
};

/* --- computing --- */

static enum status compute_side(struct comparison *comparison, int index, char *detail)
{
    struct side *side = &comparison->sides[index];
    struct simulation_options options = {.shown = TOPIC_ATTAINMENT};
    enum status status =
        run_files_simulate(&side->run, comparison->cli, &options, &side->simulation, detail);
    if (!status)
        status = totals_collect(&side->simulation, &side->totals, detail);
    if (!status)
        spreads_collect(&side->totals, comparison->until, &side->spreads);
    return status;
}

static void add_up(struct comparison *comparison)
{
    for (int index = 0; index < 2; index++) {
        const struct totals *totals = &comparison->sides[index].totals;
        for (size_t i = 0; i < totals->count; i++) {
            const struct total *one = &totals->items[i];
            struct money_sum sum = {.currency = one->currency, .places = one->places};
            sum.sides[index] = one->earned;
            money_sums_add(&comparison->all, &sum);
            sum.name = one->participant;
            money_sums_add(&comparison->people, &sum);
            sum.name = one->plan;
            sum.other = one->component;
            money_sums_add(&comparison->components, &sum);
        }
    }
    money_sums_settle(&comparison->all);
    money_sums_settle(&comparison->components);
    money_sums_settle(&comparison->people);
    money_sums_by_difference(&comparison->people);
}

/* A plan that nobody is assigned to would pay nobody, which is no comparison. */
static bool has_assignment(const struct standing *standing, struct slice plan)
{
    for (size_t r = 0; r < standing->roster_count; r++) {
        const struct assignment *items = standing->rosters[r].assignments.items;
        for (size_t i = 0; i < standing->rosters[r].assignments.count; i++)
            if (slice_equal(items[i].plan, plan))
                return true;
    }
    return false;
}

static enum status check_side(const struct comparison *comparison, int index, char *detail)
{
    const struct side *side = &comparison->sides[index];
    const struct plans *plans = &side->totals.plans.plans;
    for (size_t i = 0; i < plans->count; i++) {
        if (has_assignment(&side->simulation.standing, plans->series[i]->name))
            continue;
        (void)snprintf(detail, DETAIL_BYTES,
                       "nobody in the roster is assigned to plan `%.*s` (--%s)%s",
                       SLICE_ARGS(plans->series[i]->name), side_names[index],
                       index ? ": give the assignments to it with --against-roster" : "");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* --- what both ways of showing need --- */

struct balance {
    int64_t winners;
    int64_t losers;
    int64_t unchanged;
    struct decimal won;
    struct decimal lost;
    int places;
};

static struct balance balance_of(const struct comparison *comparison, struct slice currency)
{
    struct balance balance = {0};
    for (size_t i = 0; i < comparison->people.count; i++) {
        const struct money_sum *one = &comparison->people.items[i];
        int128 difference = money_sum_difference(one).units;
        if (!slice_equal(one->currency, currency))
            continue;
        balance.places = one->places > balance.places ? one->places : balance.places;
        balance.winners += difference > 0;
        balance.losers += difference < 0;
        balance.unchanged += difference == 0;
        balance.won.units += difference > 0 ? difference : 0;
        balance.lost.units += difference < 0 ? difference : 0;
    }
    return balance;
}

/* The difference as a ratio of the first side; false without one. */
static bool change_of(const struct money_sum *sum, struct decimal *out)
{
    struct rational change;
    return sum->sides[0].units != 0 &&
           rational_of_ratio(money_sum_difference(sum).units, sum->sides[0].units, &change) ==
               STATUS_OK &&
           ratio_round(change, out) == STATUS_OK;
}

/* --- JSON --- */

static void print_line(struct buffer *line)
{
    (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(line)));
    buffer_deinit(line);
}

static void begin_line(struct buffer *line, const char *what)
{
    *line = (struct buffer){0};
    buffer_append_byte(line, '{');
    json_append_field(line, "what", slice_of(what));
}

static void print_sums_json(const struct money_sums *sums, const char *what, const char *name,
                            const char *other)
{
    for (size_t i = 0; i < sums->count; i++) {
        const struct money_sum *one = &sums->items[i];
        struct buffer line;
        struct decimal change;
        char text[DECIMAL_TEXT_BYTES];
        begin_line(&line, what);
        if (name)
            json_append_field(&line, name, one->name);
        if (other)
            json_append_field(&line, other, one->other);
        json_append_field(&line, "currency", one->currency);
        for (int side = 0; side < 2; side++)
            json_append_money(&line, money_names[side], one->sides[side], one->places);
        json_append_money(&line, "difference", money_sum_difference(one), one->places);
        struct slice ratio = {NULL, 0};
        if (change_of(one, &change))
            ratio = (struct slice){text, ratio_format(change, text)};
        json_append_optional(&line, "change", ratio);
        print_line(&line);
    }
}

static void print_people_json(const struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->all.count; i++) {
        struct buffer line;
        struct slice currency = comparison->all.items[i].currency;
        struct balance balance = balance_of(comparison, currency);
        begin_line(&line, "people");
        json_append_field(&line, "currency", currency);
        json_append_number(&line, "winners", balance.winners);
        json_append_money(&line, "won", balance.won, balance.places);
        json_append_number(&line, "losers", balance.losers);
        json_append_money(&line, "lost", balance.lost, balance.places);
        json_append_number(&line, "unchanged", balance.unchanged);
        print_line(&line);
    }
}

static void print_json(const struct comparison *comparison)
{
    print_sums_json(&comparison->all, "total", NULL, NULL);
    print_sums_json(&comparison->components, "component", "plan", "component");
    print_people_json(comparison);
    print_sums_json(&comparison->people, "participant", "participant", NULL);
    for (int side = 0; side < 2; side++)
        for (size_t i = 0; i < comparison->sides[side].spreads.count; i++) {
            struct buffer line;
            begin_line(&line, "attainment");
            json_append_field(&line, "side", slice_of(side_names[side]));
            spread_append_json(&comparison->sides[side].spreads.items[i], &line);
            print_line(&line);
        }
}

/* --- tables --- */

static void append_bar(struct buffer *out, int128 part, int128 largest)
{
    int128 size = part < 0 ? -part : part;
    int128 columns = largest ? (size * BAR_COLUMNS + largest - 1) / largest : 0;
    for (int128 i = 0; i < columns; i++)
        buffer_printf(out, "%s", part < 0 ? "▒" : "█");
}

static int128 largest_difference(const struct money_sums *sums)
{
    int128 largest = 0;
    for (size_t i = 0; i < sums->count; i++) {
        int128 difference = money_sum_difference(&sums->items[i]).units;
        int128 size = difference < 0 ? -difference : difference;
        largest = size > largest ? size : largest;
    }
    return largest;
}

static void add_sum(struct table *table, const struct money_sum *one, int128 largest)
{
    char text[DECIMAL_TEXT_BYTES];
    struct decimal change;
    struct buffer bar = {0};
    for (int side = 0; side < 2; side++)
        table_add_slice(table, places_format(one->sides[side], one->places, text));
    table_add_slice(table, places_format(money_sum_difference(one), one->places, text));
    table_add_slice(table, one->currency);
    table_add_slice(table, change_of(one, &change) ? ratio_percent(change, text) : SLICE(""));
    append_bar(&bar, money_sum_difference(one).units, largest);
    table_add_slice(table, buffer_slice(&bar));
    buffer_deinit(&bar);
}

static void print_components(const struct comparison *comparison)
{
    static const char *const heads[] = {"plan",        "component", ">earned", ">against",
                                        ">difference", "currency",  ">change", ""};
    struct table table;
    table_init(&table, heads, sizeof heads / sizeof heads[0]);
    int128 largest = largest_difference(&comparison->components);
    for (size_t i = 0; i < comparison->components.count; i++) {
        const struct money_sum *one = &comparison->components.items[i];
        table_add_slice(&table, one->name);
        table_add_slice(&table, one->other);
        add_sum(&table, one, largest);
    }
    for (size_t i = 0; i < comparison->all.count; i++) {
        table_add(&table, "in all");
        table_add(&table, "");
        add_sum(&table, &comparison->all.items[i], 0);
    }
    table_print(&table, &comparison->cli->console);
    table_deinit(&table);
}

static bool is_shown(const struct comparison *comparison, size_t index)
{
    size_t count = comparison->people.count;
    int128 difference = money_sum_difference(&comparison->people.items[index]).units;
    return comparison->shows_all || (difference > 0 && index < PEOPLE_SHOWN) ||
           (difference < 0 && index + PEOPLE_SHOWN >= count);
}

static void print_people(const struct comparison *comparison)
{
    static const char *const heads[] = {"participant", ">earned", ">against", ">difference",
                                        "currency",    ">change", ""};
    struct table table;
    size_t shown = 0;
    table_init(&table, heads, sizeof heads / sizeof heads[0]);
    int128 largest = largest_difference(&comparison->people);
    for (size_t i = 0; i < comparison->people.count; i++) {
        if (!is_shown(comparison, i))
            continue;
        shown++;
        table_add_slice(&table, comparison->people.items[i].name);
        add_sum(&table, &comparison->people.items[i], largest);
    }
    if (shown) {
        (void)printf("\n");
        table_print(&table, &comparison->cli->console);
    }
    table_deinit(&table);
}

static void print_balance(const struct comparison *comparison)
{
    const struct console *console = &comparison->cli->console;
    for (size_t i = 0; i < comparison->all.count; i++) {
        struct slice currency = comparison->all.items[i].currency;
        struct balance balance = balance_of(comparison, currency);
        char won[DECIMAL_TEXT_BYTES];
        char lost[DECIMAL_TEXT_BYTES];
        (void)printf(
            "\n%s%" PRId64 " win%s %.*s %.*s, %s%" PRId64 " lose%s %.*s, %" PRId64
            " are paid the same.\n",
            console_colour(console, COLOUR_GREEN), balance.winners, console_plain(console),
            SLICE_ARGS(places_format(balance.won, balance.places, won)), SLICE_ARGS(currency),
            console_colour(console, COLOUR_RED), balance.losers, console_plain(console),
            SLICE_ARGS(places_format(balance.lost, balance.places, lost)), balance.unchanged);
    }
}

static void print_spreads(const struct comparison *comparison)
{
    const struct spreads *first = &comparison->sides[0].spreads;
    const struct spreads *second = &comparison->sides[1].spreads;
    const struct console *console = &comparison->cli->console;
    for (size_t i = 0; i < first->count; i++)
        spread_print(&first->items[i],
                     spreads_find(second, first->items[i].plan, first->items[i].component),
                     side_names, console);
    for (size_t i = 0; i < second->count; i++)
        if (!spreads_find(first, second->items[i].plan, second->items[i].component))
            spread_print(&second->items[i], NULL, &side_names[1], console);
}

static void show(const struct comparison *comparison)
{
    if (comparison->cli->console.is_json) {
        print_json(comparison);
        return;
    }
    print_components(comparison);
    print_balance(comparison);
    print_people(comparison);
    print_spreads(comparison);
}

/* --- the command --- */

static int compare(struct comparison *comparison)
{
    char detail[DETAIL_BYTES] = "";
    enum status status = compute_side(comparison, 0, detail);
    if (!status)
        status = compute_side(comparison, 1, detail);
    if (status)
        return run_files_fail(comparison->cli, status, detail);
    for (int side = 0; !status && side < 2; side++)
        status = check_side(comparison, side, detail);
    if (status)
        return command_fail(comparison->cli, status, detail);
    add_up(comparison);
    show(comparison);
    for (int side = 0; side < 2; side++)
        simulation_print_letters(&comparison->sides[side].simulation);
    return EXIT_CODE_DONE;
}

enum { OPTION_UNTIL = 1000, OPTION_ALL, OPTION_AGAINST };

static const char *take_option(struct comparison *comparison, int option, const char *value)
{
    const char *complaint = NULL;
    if (option == '?')
        return "that option is not known, or lacks its file";
    if (option == OPTION_UNTIL)
        return date_parse(slice_of(value), &comparison->until) ? "--until is a day: 2026-04-01"
                                                               : NULL;
    if (option == OPTION_ALL) {
        comparison->shows_all = true;
        return NULL;
    }
    bool is_other = option >= OPTION_AGAINST;
    bool taken = run_files_take(&comparison->sides[is_other].run,
                                is_other ? option - OPTION_AGAINST : option, value, &complaint);
    return taken ? NULL : complaint;
}

static const char *read_options(struct comparison *comparison, int argc, char **argv)
{
    static const struct option options[] = {
        RUN_FILE_OPTIONS,
        {"against", required_argument, NULL, OPTION_AGAINST + RUN_PLAN},
        {"against-roster", required_argument, NULL, OPTION_AGAINST + RUN_ROSTER},
        {"against-control", required_argument, NULL, OPTION_AGAINST + RUN_CONTROL},
        {"until", required_argument, NULL, OPTION_UNTIL},
        {"all", no_argument, NULL, OPTION_ALL},
        {NULL, 0, NULL, 0}};
    struct side *sides = comparison->sides;
    optind = 1;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        const char *complaint = take_option(comparison, option, optarg);
        if (complaint)
            return complaint;
    }
    if (optind != argc)
        return "files are named by --plan, --against, --roster, --control and --events";
    const char *complaint = run_files_lack(&sides[0].run);
    if (complaint)
        return complaint;
    if (run_files_is_empty(&sides[1].run))
        return "--against (or --against-roster, --against-control) is needed";
    run_files_complete(&sides[1].run, &sides[0].run);
    return NULL;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct comparison comparison = {.cli = cli, .until = INT32_MAX};
    const char *complaint = read_options(&comparison, argc, argv);
    int code = complaint ? command_usage(cli, &compare_command, complaint) : compare(&comparison);
    money_sums_deinit(&comparison.all);
    money_sums_deinit(&comparison.components);
    money_sums_deinit(&comparison.people);
    for (int side = 0; side < 2; side++) {
        spreads_deinit(&comparison.sides[side].spreads);
        totals_deinit(&comparison.sides[side].totals);
        simulation_close(&comparison.sides[side].simulation);
        run_files_deinit(&comparison.sides[side].run);
    }
    return code;
}
