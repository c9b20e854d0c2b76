/* `milepost tail`: what arrives in a topic, as people or programs read it. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>

#include "milepost/command.h"
#include "milepost/tail_view.h"
#include "milepost/topic_walk.h"

enum {
    COUNT_DEFAULT = 20,
    COUNT_MAX = 1000000000,
    RECORD_BYTES_MAX = 64 * 1024 * 1024,
    BACK_SPARE = 200, /* offsets beyond twice the count: markers of transactions take some */
};

static const char help_text[] =
    "usage: milepost tail payouts | attainment | credits | dead-letters | deals\n"
    "                     [--from-start] [--follow] [--count N] [--participant P]\n"
    "\n"
    "Shows the last 20 records of a topic, by time, as committed. Without --follow it ends there.\n"
    "\n"
    "  --from-start      all of them, in order within each partition\n"
    "  --follow          go on with what arrives\n"
    "  --count N         the last N; with --from-start or --follow: end after N\n"
    "  --participant P   only those of person:jo, team:north …\n"
    "  --json            every field, one object a line\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command tail_command = {
    .name = "tail",
    .summary = "show payouts, attainment, credits, dead letters or deals as they arrive",
    .help = help_text,
    .run = run,
};

struct kept_line {
    int64_t timestamp_ms;
    int32_t partition;
    int64_t offset;
    int64_t number; /* in the order of arrival */
    char *text;     /* owned */
};

struct tail {
    struct cli *cli;
    const struct tail_view *view;
    bool from_start;
    bool follows;
    int64_t count; /* 0: not said */
    struct tail_sink sink;
    bool has_heads;
    int64_t shown;
    bool gathers; /* lines are kept, sorted and cut to the last ones before they are shown */
    struct kept_line *lines;
    size_t line_count;
    int64_t arrived;
    size_t line_capacity;
};

static void print_line(struct tail *tail, struct slice line)
{
    (void)fwrite(line.bytes, 1, line.length, stdout);
    (void)fputc('\n', stdout);
    tail->shown++;
}

static void print_heads(struct tail *tail)
{
    if (tail->has_heads || tail->cli->console.is_json)
        return;
    const struct console *console = &tail->cli->console;
    tail->has_heads = true;
    struct tail_sink heads = {0};
    struct slice line = tail_heads(tail->view, &heads);
    (void)printf("%s%.*s%s\n", console_colour(console, COLOUR_DIM), SLICE_ARGS(line),
                 console_plain(console));
    buffer_deinit(&heads.line);
}

static int by_time(const void *a, const void *b)
{
    const struct kept_line *one = a;
    const struct kept_line *other = b;
    if (one->timestamp_ms != other->timestamp_ms)
        return one->timestamp_ms < other->timestamp_ms ? -1 : 1;
    if (one->partition != other->partition)
        return one->partition < other->partition ? -1 : 1;
    if (one->offset != other->offset)
        return one->offset < other->offset ? -1 : 1;
    return one->number < other->number ? -1 : one->number > other->number;
}

/* Sorts the lines and drops all but the last `count`. */
static void thin(struct tail *tail)
{
    size_t most = (size_t)tail->count;
    if (tail->line_count > 0)
        qsort(tail->lines, tail->line_count, sizeof *tail->lines, by_time);
    if (tail->line_count <= most)
        return;
    size_t extra = tail->line_count - most;
    for (size_t i = 0; i < extra; i++)
        free(tail->lines[i].text);
    memmove(tail->lines, tail->lines + extra, most * sizeof *tail->lines);
    tail->line_count = most;
}

static void keep_line(struct tail *tail, const struct log_record *record, struct slice line)
{
    if (tail->line_count >= 2 * (size_t)tail->count + BACK_SPARE)
        thin(tail);
    if (tail->line_count == tail->line_capacity) {
        tail->line_capacity = tail->line_capacity ? tail->line_capacity * 2 : 64;
        tail->lines = realloc(tail->lines, tail->line_capacity * sizeof *tail->lines);
        if (!tail->lines)
            abort();
    }
    char *text = malloc(line.length + 1);
    if (!text)
        abort();
    memcpy(text, line.bytes, line.length);
    text[line.length] = '\0';
    tail->lines[tail->line_count] = (struct kept_line){record->timestamp_ms, record->partition,
                                                       record->offset, tail->arrived++, text};
    tail->line_count++;
}

static void on_line(void *self, const struct log_record *record, struct slice line)
{
    struct tail *tail = self;
    if (tail->gathers) {
        keep_line(tail, record, line);
    } else if (tail->count == 0 || tail->shown < tail->count) {
        print_heads(tail);
        print_line(tail, line);
    }
}

static void print_gathered(struct tail *tail)
{
    thin(tail);
    for (size_t i = 0; i < tail->line_count; i++) {
        print_heads(tail);
        print_line(tail, slice_of(tail->lines[i].text));
        free(tail->lines[i].text);
    }
    free(tail->lines);
    tail->lines = NULL;
    tail->line_count = 0;
    tail->gathers = false;
}

/* A record that cannot be read is told and passed over. */
static enum status show(struct tail *tail, const struct log_record *record, char *detail)
{
    arena_reset(&tail->sink.arena);
    if (!record->value.bytes && tail->view->topic != TOPIC_DEAD_LETTERS)
        return STATUS_OK;
    enum status status = tail->view->show(tail->view, &tail->sink, record, detail);
    if (status != STATUS_INVALID && status != STATUS_CORRUPT && status != STATUS_EXHAUSTED)
        return status;
    (void)fprintf(stderr, "milepost: %s partition %" PRId32 " offset %" PRId64 ": %s\n",
                  tail->view->name, record->partition, record->offset, detail);
    return STATUS_OK;
}

static bool is_over(const struct tail *tail, const struct topic_walk *walk)
{
    if (tail->gathers)
        return topic_walk_is_done(walk);
    bool is_full = tail->count > 0 && tail->shown >= tail->count;
    return is_full || (!tail->follows && topic_walk_is_done(walk));
}

static enum status walk_topic(struct tail *tail, struct topic_walk *walk, char *detail)
{
    enum status status = STATUS_OK;
    int64_t read = 0;
    while (!status && !is_over(tail, walk)) {
        const struct log_record *record;
        status = topic_walk_next(walk, &record, detail);
        if (!status && record)
            status = show(tail, record, detail);
        else
            (void)fflush(stdout);
        if (tail->gathers && ++read % 1000 == 0)
            console_progress(&tail->cli->console, "reading", read, walk->total);
    }
    return status;
}

/* First what stands, sorted; then what arrives. */
static int show_topic(struct tail *tail, const struct connection *connection)
{
    char detail[DETAIL_BYTES] = "";
    int32_t partitions;
    struct topic_walk walk = {0};
    int64_t wanted = tail->count;
    int64_t back = INT64_MAX;
    tail->gathers = !tail->from_start;
    if (tail->gathers) {
        tail->count = wanted && !tail->follows ? wanted : COUNT_DEFAULT;
        if (!tail->sink.participant.bytes)
            back = 2 * tail->count + BACK_SPARE;
    }
    enum status status = connection_partitions(connection, &partitions, detail);
    if (!status)
        status = topic_walk_open(&walk, connection, tail->view->topic, partitions, back, detail);
    if (!status)
        status = walk_topic(tail, &walk, detail);
    if (tail->gathers) {
        console_progress_end(&tail->cli->console);
        print_gathered(tail);
        tail->count = wanted;
        tail->shown = 0;
        (void)fflush(stdout);
        if (!status && tail->follows)
            status = walk_topic(tail, &walk, detail);
    }
    topic_walk_close(&walk);
    if (status)
        return command_fail(tail->cli, status, detail);
    if (!tail->has_heads && !tail->cli->console.is_json)
        (void)fprintf(stderr, "Nothing there.\n");
    return EXIT_CODE_DONE;
}

static const char *read_options(struct tail *tail, int argc, char **argv)
{
    static const struct option options[] = {{"from-start", no_argument, NULL, 's'},
                                            {"follow", no_argument, NULL, 'f'},
                                            {"count", required_argument, NULL, 'c'},
                                            {"participant", required_argument, NULL, 'p'},
                                            {NULL, 0, NULL, 0}};
    optind = 1;
    for (int option; (option = getopt_long(argc, argv, "f", options, NULL)) != -1;) {
        char *end = NULL;
        if (option == 's')
            tail->from_start = true;
        else if (option == 'f')
            tail->follows = true;
        else if (option == 'p')
            tail->sink.participant = slice_of(optarg);
        else if (option != 'c')
            return "that option is not known";
        else if ((tail->count = strtoll(optarg, &end, 10)) < 1 || *end || tail->count > COUNT_MAX)
            return "--count wants a number from 1 on";
    }
    if (optind + 1 != argc || !(tail->view = tail_view_find(slice_of(argv[optind]))))
        return "say one of payouts, attainment, credits, dead-letters, deals";
    return NULL;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct tail tail = {.cli = cli};
    const char *complaint = read_options(&tail, argc, argv);
    if (complaint)
        return command_usage(cli, &tail_command, complaint);
    struct connection connection = {0};
    tail.sink.is_json = cli->console.is_json;
    tail.sink.self = &tail;
    tail.sink.emit = on_line;
    arena_init_growing(&tail.sink.arena, RECORD_BYTES_MAX);
    int code = command_connect(cli, &connection, &tail.sink.schemas);
    if (!code)
        code = show_topic(&tail, &connection);
    schemas_free(tail.sink.schemas);
    arena_deinit(&tail.sink.arena);
    buffer_deinit(&tail.sink.line);
    connection_deinit(&connection);
    return code;
}
