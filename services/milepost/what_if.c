/* `milepost what-if`: what a fact would pay, from files or on live state. */
#include <stdlib.h>

#include "base/clock.h"
#include "milepost/event_route.h"
#include "milepost/run_files.h"
#include "milepost/shape_json.h"
#include "milepost/what_if_answer.h"
#include "milepost/what_if_fact.h"

enum { FACT_BYTES_MAX = 64 * 1024 * 1024 };

static const char help_text[] =
    "usage: milepost what-if [FACT] [--participant P --amount A ...]\n"
    "                        [--plan FILE... --roster FILE [--control FILE]... [--events FILE]]\n"
    "\n"
    "Says what a deal (or milestone, payment, result) would pay whom, to which tier it leads, and "
    "what\n"
    "the next 1,000 would be worth after it: the services' own computation on a copy of their "
    "state.\n"
    "Nothing is written. With --plan and --roster the state is that of the files; without them it "
    "is\n"
    "what the running services have committed (Kafka from the configuration).\n"
    "\n"
    "  FACT               a fact as JSON, or a file of facts (JSON Lines, or CSV by its name); "
    "each\n"
    "                     is tried on top of those before it\n"
    "\n"
    "or a deal in options:\n"
    "  --participant P    who has it, with the kind: person:jo\n"
    "  --amount A         e.g. 20000\n"
    "  --currency C       that of the participant's plan when left out\n"
    "  --date D           2026-03-31, or an instant; the day of the last fact when left out (live: "
    "now)\n"
    "  --product X        the deal has one line, of this product\n"
    "  --quantity N       --role R (owner)   --share S (100%)   --territory T   --customer C\n"
    "  --deal-type T      --attribute NAME=VALUE, as often as wanted\n"
    "\n"
    "  --next N           the further amount that is valued after a deal; 1000 when left out, 0: "
    "none\n"
    "  --json             an object for each component and window that moves\n"
    "\n"
    "exit: 0 done, 1 the fact or a file is wrong, 2 usage, 3 configuration, 4 no answer\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command what_if_command = {
    .name = "what-if",
    .summary = "what a deal would pay, from files or on live state",
    .help = help_text,
    .run = run,
};

struct what_if {
    struct cli *cli;
    struct run_files run;
    struct what_if_deal deal;
    const char *fact; /* JSON or a file; NULL: the deal of the options */
    struct decimal next;
    /* what it stands on */
    struct simulation simulation;
    struct connection connection;
    struct schemas *schemas; /* of live state */
    struct state_source source;
    struct standing live_standing;
    struct arena units_arena;
    const struct standing *standing;
    struct fact_rules rules;
    int64_t last_ms;
    struct trial trial;
    struct standing_plans plans;
    struct buffer text; /* the facts, as an event file */
};

/* --- the ground --- */

static enum status stand_on_files(struct what_if *asked, char *detail)
{
    struct simulation_options options = {.shown = TOPIC_ATTAINMENT};
    enum status status =
        run_files_simulate(&asked->run, asked->cli, &options, &asked->simulation, detail);
    if (status)
        return status;
    asked->standing = &asked->simulation.standing;
    asked->rules = asked->simulation.rules;
    asked->last_ms = asked->simulation.last_ms;
    trial_open_simulation(&asked->trial, &asked->simulation);
    return STATUS_OK;
}

static enum status stand_on_live_state(struct what_if *asked, char *detail)
{
    struct clock clock = clock_system();
    asked->last_ms = clock.unix_ms(clock.self);
    arena_init_growing(&asked->units_arena, FACT_BYTES_MAX);
    enum status status =
        standing_read(&asked->connection, asked->schemas, &asked->live_standing, detail);
    if (!status)
        status = standing_units_read(&asked->live_standing, &asked->units_arena,
                                     &asked->rules.units, &asked->rules.unit_count, detail);
    if (!status)
        status = state_source_open(&asked->source, &asked->connection, asked->schemas,
                                   asked->live_standing.partitions, detail);
    if (status)
        return status;
    asked->standing = &asked->live_standing;
    trial_open_live(&asked->trial, asked->cli, &asked->source);
    return STATUS_OK;
}

/* --- the facts --- */

static enum status read_text(void *self, char *into, size_t capacity, size_t *out_length)
{
    struct slice *rest = self;
    size_t length = rest->length < capacity ? rest->length : capacity;
    if (length)
        memcpy(into, rest->bytes, length);
    *rest = (struct slice){rest->bytes + length, rest->length - length};
    *out_length = length;
    return STATUS_OK;
}

static enum status gather_text(struct what_if *asked, struct arena *arena, char *detail)
{
    struct slice bytes;
    if (!asked->fact)
        return what_if_deal_line(&asked->deal, asked->standing, &asked->plans, asked->last_ms,
                                 &asked->text, detail);
    if (asked->fact[0] == '{')
        bytes = slice_of(asked->fact);
    else if (read_file(asked->fact, arena, &bytes, detail))
        return STATUS_INVALID;
    buffer_append_slice(&asked->text, bytes);
    return STATUS_OK;
}

static struct slice name_of(const struct event *event, struct buffer *out)
{
    static const char *const words[] = {[EVENT_DEAL] = "deal",
                                        [EVENT_MILESTONE] = "milestone",
                                        [EVENT_PAYMENT] = "payment",
                                        [EVENT_RESULT] = "result"};
    struct slice id = event->kind == EVENT_DEAL                 ? event->deal.deal_id
                      : event->kind == EVENT_MILESTONE          ? event->milestone.milestone_id
                      : event->kind == EVENT_PAYMENT            ? event->payment.payment_id
                      : event->result.what == RESULT_ADJUSTMENT ? event->result.adjustment_id
                                                                : event->result.result;
    buffer_reset(out);
    buffer_printf(out, "%s %.*s", words[event->kind], SLICE_ARGS(id));
    return buffer_slice(out);
}

/* A further amount means something after a deal that is closed. */
static enum status try_next(struct what_if *asked, const struct event *event,
                            struct what_if_answer *answer, char *detail)
{
    if (event->kind != EVENT_DEAL || event->deal.status != DEAL_CLOSED || asked->next.units == 0)
        return STATUS_OK;
    struct event next;
    const struct currency *currency =
        currency_find(event->deal.currency, asked->rules.units, asked->rules.unit_count);
    enum status status =
        currency ? what_if_next(&event->deal, asked->next, currency, &asked->trial.arena, &next)
                 : STATUS_INVALID;
    if (status) {
        (void)snprintf(detail, DETAIL_BYTES, "--next: an amount does not fit");
        return status;
    }
    status = trial_put(&asked->trial, &next, detail);
    if (!status)
        what_if_answer_take_next(answer, &asked->trial, asked->next);
    return status;
}

static enum status answer_fact(struct what_if *asked, const struct event *event, bool is_last,
                               char *detail)
{
    struct event_route route = event_route_of(event);
    char at[INSTANT_TEXT_BYTES] = "";
    struct buffer name = {0};
    struct what_if_answer answer = {.fact = name_of(event, &name)};
    if (route.has_instant)
        answer.date = instant_text(route.at, at);
    enum status status = trial_put(&asked->trial, event, detail);
    if (!status)
        what_if_answer_take(&answer, &asked->trial);
    if (!status && is_last)
        status = try_next(asked, event, &answer, detail);
    if (!status)
        what_if_answer_print(&answer, &asked->plans, &asked->cli->console);
    what_if_answer_deinit(&answer);
    buffer_deinit(&name);
    return status;
}

/* Counts the facts, or answers so many. */
static enum status read_facts(struct what_if *asked, bool answers, size_t *count,
                              struct arena *arena, char *detail)
{
    struct reports reports;
    struct slice rest = buffer_slice(&asked->text);
    struct slice file = slice_of(!asked->fact || asked->fact[0] == '{' ? "FACT" : asked->fact);
    reports_init(&reports, arena);
    struct event_reader *reader =
        event_reader_new(event_format_of(file), file, (struct event_source){&rest, read_text},
                         &asked->rules, &reports);
    enum status status = STATUS_OK;
    size_t read = 0;
    for (const struct event *event; !status;) {
        status = event_reader_next(reader, &event);
        if (status || !event)
            break;
        read++;
        if (event->kind == EVENT_APPLY || event->kind == EVENT_DATE) {
            (void)snprintf(detail, DETAIL_BYTES,
                           "what-if tries facts, not `apply` or `date` lines");
            status = STATUS_REFUSED;
        } else if (answers) {
            status = answer_fact(asked, event, read == *count, detail);
        }
    }
    *count = read;
    if (reports.error_count > 0)
        reports_print(&reports, asked->cli->console.has_colour, asked->cli->console.is_json,
                      stderr);
    event_reader_free(reader);
    return status;
}

static enum status answer(struct what_if *asked, char *detail)
{
    struct arena arena;
    size_t count = 0;
    arena_init_growing(&arena, FACT_BYTES_MAX);
    enum status status = standing_plans_read(&asked->plans, asked->standing, &asked->rules, detail);
    if (!status)
        status = gather_text(asked, &arena, detail);
    if (!status)
        status = read_facts(asked, false, &count, &arena, detail);
    if (!status)
        status = read_facts(asked, true, &count, &arena, detail);
    arena_deinit(&arena);
    return status;
}

/* --- the command --- */

static void close_all(struct what_if *asked)
{
    standing_plans_deinit(&asked->plans);
    trial_deinit(&asked->trial);
    state_source_close(&asked->source);
    standing_deinit(&asked->live_standing);
    arena_deinit(&asked->units_arena);
    simulation_close(&asked->simulation);
    buffer_deinit(&asked->text);
    if (asked->schemas) {
        schemas_free(asked->schemas);
        connection_deinit(&asked->connection);
    }
}

static int ask(struct what_if *asked)
{
    char detail[DETAIL_BYTES] = "";
    bool is_live = run_files_is_empty(&asked->run);
    int code =
        is_live ? command_connect(asked->cli, &asked->connection, &asked->schemas) : EXIT_CODE_DONE;
    if (code)
        return code;
    enum status status =
        is_live ? stand_on_live_state(asked, detail) : stand_on_files(asked, detail);
    if (status) {
        code = is_live ? command_fail(asked->cli, status, detail)
                       : run_files_fail(asked->cli, status, detail);
    } else {
        detail[0] = '\0';
        status = answer(asked, detail);
        if (status)
            code = EXIT_CODE_FINDING;
        if (status && detail[0])
            code = command_fail(asked->cli, status == STATUS_REFUSED ? STATUS_INVALID : status,
                                detail);
    }
    close_all(asked);
    return code;
}

enum { OPTION_NEXT = 1000, OPTION_ATTRIBUTE, OPTION_DEAL };

/* The deal's options, and where each goes. */
#define DEAL_OPTION_LIST(ROW)                                                                      \
    ROW("participant", participant)                                                                \
    ROW("amount", amount)                                                                          \
    ROW("currency", currency)                                                                      \
    ROW("quantity", quantity)                                                                      \
    ROW("date", date)                                                                              \
    ROW("role", role)                                                                              \
    ROW("share", share)                                                                            \
    ROW("product", product)                                                                        \
    ROW("territory", territory)                                                                    \
    ROW("customer", customer)                                                                      \
    ROW("deal-type", deal_type)

#define DEAL_INDEX(name, member) DEAL_##member,
enum deal_option { DEAL_OPTION_LIST(DEAL_INDEX) DEAL_OPTION_COUNT };
#undef DEAL_INDEX

static const char *take_option(struct what_if *asked, int option, const char *value)
{
    const char **const members[] = {
#define DEAL_MEMBER(name, member) [DEAL_##member] = &asked->deal.member,
        DEAL_OPTION_LIST(DEAL_MEMBER)
#undef DEAL_MEMBER
    };
    const char *complaint = NULL;
    if (option == '?')
        return "that option is not known, or lacks its value";
    if (option == OPTION_NEXT)
        return decimal_parse(slice_of(value), &asked->next) || asked->next.units < 0
                   ? "--next is an amount, such as 1000"
                   : NULL;
    if (option == OPTION_ATTRIBUTE) {
        if (asked->deal.attribute_count == WHAT_IF_ATTRIBUTES_MAX)
            return "that are more attributes than a deal is tried with";
        asked->deal.attributes[asked->deal.attribute_count++] = value;
        return NULL;
    }
    if (option >= OPTION_DEAL) {
        *members[option - OPTION_DEAL] = value;
        return NULL;
    }
    return run_files_take(&asked->run, option, value, &complaint) ? NULL : complaint;
}

static const char *judge_options(const struct what_if *asked)
{
    bool has_deal = asked->deal.participant || asked->deal.amount;
    if (asked->fact && has_deal)
        return "say the fact, or --participant and --amount, not both";
    if (!asked->fact && (!asked->deal.participant || !asked->deal.amount))
        return "say a fact as JSON or as a file, or --participant and --amount";
    if (!run_files_is_empty(&asked->run) &&
        (asked->run.counts[RUN_PLAN] == 0 || asked->run.counts[RUN_ROSTER] == 0))
        return "--plan and --roster are needed together; without any file the live state is asked";
    return NULL;
}

static const char *read_options(struct what_if *asked, int argc, char **argv)
{
    static const struct option options[] = {
        RUN_FILE_OPTIONS,
        {"next", required_argument, NULL, OPTION_NEXT},
        {"attribute", required_argument, NULL, OPTION_ATTRIBUTE},
#define DEAL_OPTION(name, member) {name, required_argument, NULL, OPTION_DEAL + DEAL_##member},
        DEAL_OPTION_LIST(DEAL_OPTION)
#undef DEAL_OPTION
            {NULL, 0, NULL, 0}};
    optind = 1;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        const char *complaint = take_option(asked, option, optarg);
        if (complaint)
            return complaint;
    }
    if (optind < argc)
        asked->fact = argv[optind++];
    return optind < argc ? "it takes one fact, or one file of facts" : judge_options(asked);
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct what_if asked = {.cli = cli, .next = decimal_of(1000)};
    const char *complaint = read_options(&asked, argc, argv);
    int code = complaint ? command_usage(cli, &what_if_command, complaint) : ask(&asked);
    run_files_deinit(&asked.run);
    return code;
}
