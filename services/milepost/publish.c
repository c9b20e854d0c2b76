/* `milepost publish`: facts from files into their topics, after the files were checked whole. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/partition.h"
#include "kafka/kafka_client.h"
#include "milepost/command.h"
#include "milepost/control_log.h"
#include "milepost/event_input.h"
#include "milepost/event_route.h"
#include "milepost/moved_facts.h"
#include "worker/headers.h"

enum {
    FLUSH_WAIT_MS = 5000,
    FLUSH_WAITS_MAX = 24,
    PROGRESS_EVERY = 500,
    RATE_MAX = 1000000,
    SCRATCH_BYTES = 4096,
    UNITS_BYTES_MAX = 16 * 1024 * 1024,
};

static const char help_text[] =
    "usage: milepost publish [--dry-run] [--rate N] FILE...\n"
    "\n"
    "Sends the deals, milestones, payments, results and adjustments of JSON Lines or CSV files\n"
    "(by their names: *.csv) to their topics, each under its key. All files are checked first; "
    "when\n"
    "anything is wrong in one of them it is shown with file:line:column and nothing is sent.\n"
    "What is sent twice counts once.\n"
    "A payment or milestone that stands under another deal is taken off that one first, which "
    "wants a\n"
    "higher `revision`; one with a lower revision than what stands is outdated and not sent. What\n"
    "stands is read from the topics of the two, to their ends; --dry-run compares the files "
    "alone.\n"
    "\n"
    "  --dry-run    check and count, send nothing\n"
    "  --rate N     at most N events a second\n"
    "\n"
    "exit: 0 sent, 1 a file is wrong, 4 no answer (what was sent so far may be sent again)\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command publish_command = {
    .name = "publish",
    .summary = "send events from JSON Lines or CSV files",
    .help = help_text,
    .run = run,
};

struct publishing {
    struct cli *cli;
    bool is_dry;
    int64_t rate; /* events a second; 0: no limit */
    struct connection connection;
    struct schemas *schemas;
    int32_t partitions;
    struct kafka_publisher *publisher;
    struct arena units_arena;
    struct fact_rules rules;
    struct buffer value;
    struct clock clock;
    int64_t began_ms;
    struct moved_facts *moved;
    int64_t sent;
    int64_t revoked;  /* … besides, under deals that facts moved from */
    int64_t outdated; /* not sent */
    int64_t total;
    bool is_configured;
    bool is_connected;
    struct header_time time;
};

/* --- checking --- */

struct tally {
    int64_t counts[COUNT_KINDS];
    bool lacks_units; /* something is wrong that control may put right */
};

static void refuse_line(struct event_input *input, const struct event *event)
{
    if (event->kind == EVENT_APPLY)
        event_input_refuse(input, event, "not-here", "milepost apply FILE...",
                           "`apply` lines are for simulate; publish sends facts only");
    else
        event_input_refuse(input, event, "not-here", NULL,
                           "`date` lines come with a later release; publish sends facts only");
}

static bool lacks_units(const struct reports *reports)
{
    for (const struct report *one = reports->first; one; one = one->next)
        if (slice_starts_with(one->sentence, SLICE("unknown-currency")) ||
            slice_starts_with(one->sentence, SLICE("too-precise")))
            return true;
    return false;
}

/* Reads the whole file. INVALID: reported in the input. */
static enum status check_file(struct publishing *publishing, struct event_input *input,
                              const char *path, struct tally *tally, char *detail)
{
    enum status status = event_input_open(input, path, &publishing->rules, detail);
    for (int64_t items = 0; !status; items++) {
        const struct event *event;
        enum status next = event_reader_next(input->reader, &event);
        if (items % PROGRESS_EVERY == 0)
            console_progress(&publishing->cli->console, "checking", items, 0);
        if (next == STATUS_INVALID)
            continue;
        status = next;
        if (status)
            (void)snprintf(detail, DETAIL_BYTES, "%s: cannot be read", path);
        if (status || !event)
            break;
        if (event->kind == EVENT_APPLY || event->kind == EVENT_DATE)
            refuse_line(input, event);
        else
            tally->counts[event_count_of(event)]++;
        moved_facts_want(publishing->moved, event);
    }
    console_progress_end(&publishing->cli->console);
    if (!status && input->reports.error_count > 0) {
        tally->lacks_units = tally->lacks_units || lacks_units(&input->reports);
        status = STATUS_INVALID;
    }
    return status;
}

/* Checks all files; what is wrong is printed when `prints`. */
static enum status check_files(struct publishing *publishing, int count, char **files, bool prints,
                               struct tally *tally, char *detail)
{
    enum status worst = STATUS_OK;
    *tally = (struct tally){0};
    for (int i = 0; i < count; i++) {
        struct event_input input = {0};
        enum status status = check_file(publishing, &input, files[i], tally, detail);
        if (status == STATUS_INVALID && prints)
            reports_print(&input.reports, publishing->cli->console.has_colour,
                          publishing->cli->console.is_json, stderr);
        event_input_close(&input);
        if (status)
            worst = status;
        if (status && status != STATUS_INVALID)
            return status;
    }
    return worst;
}

/* --- connecting --- */

/* Reads the configuration and the schemas; asks nobody. */
static int configure(struct publishing *publishing)
{
    if (publishing->is_configured)
        return EXIT_CODE_DONE;
    int code = command_connect(publishing->cli, &publishing->connection, &publishing->schemas);
    publishing->is_configured = code == EXIT_CODE_DONE;
    return code;
}

static int connect_kafka(struct publishing *publishing)
{
    if (publishing->is_connected)
        return EXIT_CODE_DONE;
    int code = configure(publishing);
    char detail[DETAIL_BYTES] = "";
    if (code)
        return code;
    enum status status =
        connection_partitions(&publishing->connection, &publishing->partitions, detail);
    publishing->is_connected = true;
    return status ? command_fail(publishing->cli, status, detail) : EXIT_CODE_DONE;
}

/* Units that control declares (points, or more places for a currency). */
static int read_units(struct publishing *publishing)
{
    int code = connect_kafka(publishing);
    if (code)
        return code;
    char detail[DETAIL_BYTES] = "";
    struct standing standing = {0};
    enum status status =
        standing_read(&publishing->connection, publishing->schemas, &standing, detail);
    if (!status)
        status = standing_units_read(&standing, &publishing->units_arena, &publishing->rules.units,
                                     &publishing->rules.unit_count, detail);
    standing_deinit(&standing);
    return status ? command_fail(publishing->cli, status, detail) : EXIT_CODE_DONE;
}

/* --- sending --- */

/* Waits until event number `sent` is due. */
static void keep_rate(const struct publishing *publishing)
{
    if (publishing->rate == 0)
        return;
    int64_t due_ms = publishing->began_ms + publishing->sent * 1000 / publishing->rate;
    int64_t early_ms = due_ms - publishing->clock.monotonic_ms(publishing->clock.self);
    if (early_ms > 0)
        (void)nanosleep(
            &(struct timespec){.tv_sec = early_ms / 1000, .tv_nsec = early_ms % 1000 * 1000000},
            NULL);
}

static enum status send_event(struct publishing *publishing, const struct event *event,
                              char *detail)
{
    char storage[SCRATCH_BYTES];
    struct arena arena;
    arena_init(&arena, storage, sizeof storage);
    struct event_route route = event_route_of(event);
    struct log_outgoing record = {
        .topic = (int)route.topic,
        .partition = partition_of(route.key, publishing->partitions),
        .key = route.key,
    };
    buffer_reset(&publishing->value);
    schemas_encode(publishing->schemas, route.kind, route.fact, &publishing->value);
    record.value = buffer_slice(&publishing->value);
    struct public_headers about = {
        .type = slice_of(route.type),
        .id = route.event_id,
        .subject = route.key,
        .at_ms = publishing->clock.unix_ms(publishing->clock.self),
    };
    enum status status =
        headers_public(&about, SLICE("/milepost/publish"), &publishing->time, &arena, &record);
    if (!status)
        status = kafka_publish(publishing->publisher, &record, detail);
    return status;
}

/* Those under deals that it moves from go first. */
static enum status send_moved(struct publishing *publishing, const struct event *event,
                              char *detail)
{
    struct moved moved;
    enum status status =
        moved_facts_judge(publishing->moved, publishing->schemas, event, &moved, detail);
    publishing->outdated += !status && moved.move == MOVE_OUTDATED;
    if (status || moved.move != MOVE_SEND)
        return status;
    for (size_t i = 0; !status && i < moved.count; i++)
        status = send_event(publishing, &moved.items[i], detail);
    publishing->revoked += (int64_t)moved.count;
    return status ? status : send_event(publishing, event, detail);
}

static enum status send_file(struct publishing *publishing, const char *path, char *detail)
{
    struct event_input input = {0};
    enum status status = event_input_open(&input, path, &publishing->rules, detail);
    while (!status) {
        const struct event *event;
        status = event_reader_next(input.reader, &event);
        if (status)
            (void)snprintf(detail, DETAIL_BYTES, "%s: changed while it was read", path);
        if (status || !event)
            break;
        keep_rate(publishing);
        status = send_moved(publishing, event, detail);
        if (status)
            break;
        publishing->sent++;
        if (publishing->sent % PROGRESS_EVERY == 0 || publishing->rate > 0)
            console_progress(&publishing->cli->console, "publishing", publishing->sent,
                             publishing->total);
    }
    event_input_close(&input);
    return status;
}

static enum status flush(struct publishing *publishing, char *detail)
{
    enum status status = STATUS_UNAVAILABLE;
    for (int i = 0; status == STATUS_UNAVAILABLE && i < FLUSH_WAITS_MAX; i++)
        status = kafka_publisher_flush(publishing->publisher, FLUSH_WAIT_MS, detail);
    return status;
}

/* --- facts that stand under another deal --- */

static enum status judge_file(struct publishing *publishing, const char *path, char *detail)
{
    struct event_input input = {0};
    enum status status = event_input_open(&input, path, &publishing->rules, detail);
    while (!status) {
        const struct event *event;
        struct moved moved;
        status = event_reader_next(input.reader, &event);
        if (status)
            (void)snprintf(detail, DETAIL_BYTES, "%s: changed while it was read", path);
        if (status || !event)
            break;
        status = moved_facts_judge(publishing->moved, publishing->schemas, event, &moved, detail);
        if (!status && moved.move == MOVE_CLASH)
            moved_facts_refuse(&input, event, &moved);
    }
    if (!status && input.reports.error_count > 0) {
        reports_print(&input.reports, publishing->cli->console.has_colour,
                      publishing->cli->console.is_json, stderr);
        status = STATUS_INVALID;
    }
    event_input_close(&input);
    return status;
}

/* A dry run knows the files alone. */
static int judge_files(struct publishing *publishing, int count, char **files)
{
    if (!moved_facts_any(publishing->moved))
        return EXIT_CODE_DONE;
    char detail[DETAIL_BYTES] = "";
    int code = publishing->is_dry ? configure(publishing) : connect_kafka(publishing);
    if (code)
        return code;
    enum status worst = STATUS_OK;
    if (!publishing->is_dry)
        worst = moved_facts_read(publishing->moved, &publishing->connection, publishing->schemas,
                                 publishing->partitions, &publishing->cli->console, detail);
    for (int i = 0; (!worst || worst == STATUS_INVALID) && i < count; i++) {
        enum status status = judge_file(publishing, files[i], detail);
        worst = status ? status : worst;
    }
    moved_facts_rewind(publishing->moved);
    if (worst && worst != STATUS_INVALID)
        return command_fail(publishing->cli, worst, detail);
    if (worst)
        (void)fprintf(stderr, "milepost: nothing was sent\n");
    return worst ? EXIT_CODE_FINDING : EXIT_CODE_DONE;
}

static int send_files(struct publishing *publishing, int count, char **files)
{
    static const enum topic written[] = {TOPIC_DEALS, TOPIC_MILESTONES, TOPIC_PAYMENTS,
                                         TOPIC_RESULTS};
    int code = connect_kafka(publishing);
    if (code)
        return code;
    char detail[DETAIL_BYTES] = "";
    const char *names[TOPIC_COUNT];
    for (int topic = 0; topic < TOPIC_COUNT; topic++)
        names[topic] = publishing->connection.topics[topic];
    struct kafka_publisher_config config = {
        .endpoint = publishing->connection.endpoint, .topics = names, .topic_count = TOPIC_COUNT};
    enum status status = connection_prepare(&publishing->connection, publishing->schemas, written,
                                            sizeof written / sizeof written[0], detail);
    if (!status)
        status = kafka_publisher_new(&config, &publishing->publisher, detail);
    publishing->began_ms = publishing->clock.monotonic_ms(publishing->clock.self);
    for (int i = 0; !status && i < count; i++)
        status = send_file(publishing, files[i], detail);
    if (publishing->publisher) {
        char lost[DETAIL_BYTES];
        enum status flushed = flush(publishing, status ? lost : detail);
        status = status ? status : flushed;
        kafka_publisher_free(publishing->publisher);
    }
    console_progress_end(&publishing->cli->console);
    return status ? command_fail(publishing->cli, status, detail) : EXIT_CODE_DONE;
}

/* --- the command --- */

/* `3 deals`, `1 deal`: every plural ends in s. */
static void append_count(struct buffer *text, enum event_count kind, int64_t count)
{
    const char *name = event_count_name(kind);
    size_t length = strlen(name) - (count == 1);
    buffer_printf(text, "%s%" PRId64 " %.*s", text->length ? ", " : "", count, (int)length, name);
}

static void append_number(struct buffer *text, const char *name, int64_t number)
{
    char digits[24];
    (void)snprintf(digits, sizeof digits, "%" PRId64, number);
    json_append_raw(text, name, digits);
}

static void print_moves(const struct publishing *publishing)
{
    if (publishing->revoked)
        (void)printf("Taken off the deals that they stood under: %" PRId64 ".\n",
                     publishing->revoked);
    if (publishing->outdated)
        (void)printf("Not sent, because a later revision stands under another deal: %" PRId64 ".\n",
                     publishing->outdated);
}

static void print_summary(const struct publishing *publishing, const struct tally *tally)
{
    struct buffer text = {0};
    bool is_json = publishing->cli->console.is_json;
    if (is_json)
        buffer_append_byte(&text, '{');
    for (int kind = 0; kind < COUNT_KINDS; kind++) {
        if (!is_json && tally->counts[kind] == 0)
            continue;
        if (is_json)
            append_number(&text, event_count_name((enum event_count)kind), tally->counts[kind]);
        else
            append_count(&text, (enum event_count)kind, tally->counts[kind]);
    }
    if (is_json) {
        append_number(&text, "revoked", publishing->revoked);
        append_number(&text, "outdated", publishing->outdated);
        json_append_raw(&text, "sent", publishing->is_dry ? "false" : "true");
        (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(&text)));
    } else if (text.length == 0) {
        (void)printf("Nothing to publish: the files hold no events.\n");
    } else {
        (void)printf("%s: %.*s.\n", publishing->is_dry ? "Checked, not sent" : "Published",
                     SLICE_ARGS(buffer_slice(&text)));
        print_moves(publishing);
    }
    buffer_deinit(&text);
}

static int publish(struct publishing *publishing, int count, char **files)
{
    struct tally tally;
    char detail[DETAIL_BYTES] = "";
    enum status status = check_files(publishing, count, files, false, &tally, detail);
    /* Without an answer the files are judged by ISO 4217 alone. */
    if (status == STATUS_INVALID && tally.lacks_units)
        (void)read_units(publishing);
    if (status == STATUS_INVALID)
        status = check_files(publishing, count, files, true, &tally, detail);
    if (status == STATUS_INVALID) {
        (void)fprintf(stderr, "milepost: nothing was sent\n");
        return EXIT_CODE_FINDING;
    }
    if (status) {
        (void)fprintf(stderr, "milepost: %s; nothing was sent\n", detail);
        return EXIT_CODE_FINDING;
    }
    for (int kind = 0; kind < COUNT_KINDS; kind++)
        publishing->total += tally.counts[kind];
    int code = judge_files(publishing, count, files);
    if (!code && !publishing->is_dry && publishing->total > 0)
        code = send_files(publishing, count, files);
    if (!code)
        print_summary(publishing, &tally);
    return code;
}

static bool read_number(const char *text, int64_t most, int64_t *out)
{
    char *end = NULL;
    long long number = strtoll(text, &end, 10);
    if (end == text || *end || number < 1 || number > most)
        return false;
    *out = number;
    return true;
}

static int run(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = {{"dry-run", no_argument, NULL, 'd'},
                                            {"rate", required_argument, NULL, 'r'},
                                            {NULL, 0, NULL, 0}};
    struct publishing publishing = {.cli = cli, .clock = clock_system()};
    optind = 1;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'd')
            publishing.is_dry = true;
        else if (option != 'r')
            return command_usage(cli, &publish_command, "that option is not known");
        else if (!read_number(optarg, RATE_MAX, &publishing.rate))
            return command_usage(cli, &publish_command, "--rate wants a number from 1 to 1000000");
    }
    if (optind == argc)
        return command_usage(cli, &publish_command, "name at least one file");
    arena_init_growing(&publishing.units_arena, UNITS_BYTES_MAX);
    publishing.moved = moved_facts_new();
    int code = publish(&publishing, argc - optind, argv + optind);
    moved_facts_free(publishing.moved);
    arena_deinit(&publishing.units_arena);
    buffer_deinit(&publishing.value);
    schemas_free(publishing.schemas);
    connection_deinit(&publishing.connection);
    return code;
}
