/* `milepost dead-letters list | show`: facts that were refused, and why. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>

#include "milepost/command.h"
#include "milepost/dead_letter.h"
#include "milepost/shape_json.h"
#include "milepost/tail_view.h"
#include "milepost/topic_walk.h"
#include "worker/inputs.h"

enum { RECORD_BYTES_MAX = 64 * 1024 * 1024, DUMP_BYTES_A_LINE = 16, DUMP_BYTES_MAX = 4096 };

static const char help_text[] =
    "usage: milepost dead-letters [list] [--reason WORD]\n"
    "       milepost dead-letters show PARTITION/OFFSET\n"
    "\n"
    "list shows every fact that was refused: where it came from and why. show prints one with its\n"
    "headers and its content, or its bytes where they cannot be read. A fact that was put right "
    "is\n"
    "published again; the letter stays as it is.\n"
    "\n"
    "exit: 0 done, 1 there is no such letter\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command dead_letters_command = {
    .name = "dead-letters",
    .summary = "list and show the facts that were refused",
    .help = help_text,
    .run = run,
};

/* --- list --- */

struct listing {
    struct cli *cli;
    const struct tail_view *view;
    struct slice reason; /* only these; bytes NULL: all */
    struct tail_sink sink;
    int64_t count;
};

static void print_line(void *self, const struct log_record *record, struct slice line)
{
    struct listing *listing = self;
    const struct console *console = &listing->cli->console;
    (void)record;
    if (listing->count++ == 0 && !console->is_json) {
        struct tail_sink heads = {0};
        (void)printf("%s%.*s%s\n", console_colour(console, COLOUR_DIM),
                     SLICE_ARGS(tail_heads(listing->view, &heads)), console_plain(console));
        buffer_deinit(&heads.line);
    }
    (void)printf("%.*s\n", SLICE_ARGS(line));
}

static enum status list_record(struct listing *listing, const struct log_record *record,
                               char *detail)
{
    struct dead_letter letter;
    arena_reset(&listing->sink.arena);
    enum status status = dead_letter_read(record, &listing->sink.arena, &letter);
    if (!status && listing->reason.bytes && !slice_equal(letter.reason, listing->reason))
        return STATUS_OK;
    return status ? status : listing->view->show(listing->view, &listing->sink, record, detail);
}

static int list(struct cli *cli, struct slice reason)
{
    struct listing listing = {
        .cli = cli,
        .view = tail_view_find(SLICE("dead-letters")),
        .reason = reason,
        .sink = {.is_json = cli->console.is_json, .emit = print_line, .self = &listing},
    };
    struct connection connection = {0};
    int code = command_connect(cli, &connection, NULL);
    char detail[DETAIL_BYTES] = "";
    struct topic_walk walk = {0};
    int32_t partitions;
    arena_init_growing(&listing.sink.arena, RECORD_BYTES_MAX);
    enum status status = code ? STATUS_OK : connection_partitions(&connection, &partitions, detail);
    if (!code && !status)
        status =
            topic_walk_open(&walk, &connection, TOPIC_DEAD_LETTERS, partitions, INT64_MAX, detail);
    while (!code && !status && !topic_walk_is_done(&walk)) {
        const struct log_record *record;
        status = topic_walk_next(&walk, &record, detail);
        if (!status && record)
            status = list_record(&listing, record, detail);
    }
    if (status)
        code = command_fail(cli, status, detail);
    else if (!code && !cli->console.is_json)
        (void)printf("%" PRId64 " dead letter%s.\n", listing.count, listing.count == 1 ? "" : "s");
    topic_walk_close(&walk);
    arena_deinit(&listing.sink.arena);
    buffer_deinit(&listing.sink.line);
    connection_deinit(&connection);
    return code;
}

/* --- show --- */

/* The kinds of fact, by the topic they came from. */
static const struct {
    enum topic topic;
    enum schema_kind kind;
    const struct shape *shape;
} kinds[] = {
    {TOPIC_DEALS, SCHEMA_DEAL, &deal_shape},
    {TOPIC_MILESTONES, SCHEMA_MILESTONE, &milestone_shape},
    {TOPIC_PAYMENTS, SCHEMA_PAYMENT, &payment_shape},
    {TOPIC_RESULTS, SCHEMA_RESULT, &result_shape},
    {TOPIC_ROSTER, SCHEMA_ROSTER, &roster_shape},
    {TOPIC_CONTROL, SCHEMA_CONTROL, &control_shape},
};

/* The content as JSON in `out`, or nothing where it cannot be read. */
static void decode_content(const struct connection *connection, struct schemas *schemas,
                           const struct dead_letter *letter, const struct log_record *record,
                           struct arena *arena, struct buffer *out)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        union fact fact;
        char detail[DETAIL_BYTES];
        if (!record->value.bytes ||
            !slice_equal(letter->topic, slice_of(connection->topics[kinds[i].topic])) ||
            schemas_decode(schemas, kinds[i].kind, record, &fact, arena, 0, detail))
            continue;
        shape_append_json(kinds[i].shape, &fact, out);
    }
}

static void dump(struct slice bytes)
{
    size_t shown = bytes.length < DUMP_BYTES_MAX ? bytes.length : DUMP_BYTES_MAX;
    for (size_t at = 0; at < shown; at += DUMP_BYTES_A_LINE) {
        (void)printf("  %06zx ", at);
        for (size_t i = at; i < at + DUMP_BYTES_A_LINE; i++)
            if (i < shown)
                (void)printf(" %02x", (unsigned char)bytes.bytes[i]);
            else
                (void)printf("   ");
        (void)printf("  ");
        for (size_t i = at; i < at + DUMP_BYTES_A_LINE && i < shown; i++)
            (void)putchar(bytes.bytes[i] >= 0x20 && bytes.bytes[i] < 0x7f ? bytes.bytes[i] : '.');
        (void)putchar('\n');
    }
    if (shown < bytes.length)
        (void)printf("  … and %zu bytes more\n", bytes.length - shown);
}

static void show_text(const struct log_record *record, struct slice content, struct arena *arena)
{
    for (size_t i = 0; i < record->header_count; i++)
        (void)printf("%.*s: %.*s\n", SLICE_ARGS(printable(record->headers[i].name, arena)),
                     SLICE_ARGS(printable(record->headers[i].value, arena)));
    (void)printf("key: %.*s\n", SLICE_ARGS(printable(record->key, arena)));
    if (content.length > 0) {
        (void)printf("content: %.*s\n", SLICE_ARGS(content));
        return;
    }
    (void)printf("content: %s\n", !record->value.bytes ? "none (a tombstone)" : "not readable");
    dump(record->value);
}

static void show_json(const struct dead_letter *letter, const struct log_record *record,
                      struct slice content)
{
    struct buffer line = {0};
    dead_letter_append_json(letter, record, &line);
    line.length--; /* its closing brace */
    if (content.length > 0) {
        json_append_raw(&line, "content", "");
        buffer_append_slice(&line, content);
    }
    json_append_raw(&line, "value", "\"");
    for (size_t i = 0; i < record->value.length; i++)
        buffer_printf(&line, "%02x", (unsigned char)record->value.bytes[i]);
    (void)printf("%.*s\"}\n", SLICE_ARGS(buffer_slice(&line)));
    buffer_deinit(&line);
}

static enum status show_record(struct cli *cli, const struct connection *connection,
                               struct schemas *schemas, const struct log_record *record)
{
    struct arena arena;
    struct dead_letter letter;
    struct buffer content = {0};
    arena_init_growing(&arena, RECORD_BYTES_MAX);
    enum status status = dead_letter_read(record, &arena, &letter);
    if (!status) {
        decode_content(connection, schemas, &letter, record, &arena, &content);
        if (cli->console.is_json)
            show_json(&letter, record, buffer_slice(&content));
        else
            show_text(record, buffer_slice(&content), &arena);
    }
    buffer_deinit(&content);
    arena_deinit(&arena);
    return status;
}

static enum status find_letter(struct topic_walk *walk, int32_t partition, int64_t offset,
                               const struct log_record **out, char *detail)
{
    *out = NULL;
    while (!topic_walk_is_done(walk) && !*out) {
        enum status status = topic_walk_next(walk, out, detail);
        if (status)
            return status;
    }
    if (*out && (*out)->offset == offset)
        return STATUS_OK;
    (void)snprintf(detail, DETAIL_BYTES, "there is no dead letter %" PRId32 "/%" PRId64, partition,
                   offset);
    return STATUS_INVALID;
}

static int show(struct cli *cli, int32_t partition, int64_t offset)
{
    struct connection connection = {0};
    struct schemas *schemas = NULL;
    int code = command_connect(cli, &connection, &schemas);
    char detail[DETAIL_BYTES] = "";
    struct topic_walk walk = {0};
    int32_t partitions;
    const struct log_record *record = NULL;
    enum status status = code ? STATUS_OK : connection_partitions(&connection, &partitions, detail);
    if (!code && !status)
        status = topic_walk_open_at(&walk, &connection, TOPIC_DEAD_LETTERS, partitions, partition,
                                    offset, detail);
    if (!code && !status)
        status = find_letter(&walk, partition, offset, &record, detail);
    if (!code && !status)
        status = show_record(cli, &connection, schemas, record);
    topic_walk_close(&walk);
    schemas_free(schemas);
    connection_deinit(&connection);
    return status ? command_fail(cli, status, detail) : code;
}

/* --- the command --- */

static bool read_place(const char *text, int32_t *out_partition, int64_t *out_offset)
{
    char *end = NULL;
    long partition = strtol(text, &end, 10);
    if (end == text || *end != '/' || partition < 0 || partition > INT32_MAX)
        return false;
    const char *rest = end + 1;
    long long offset = strtoll(rest, &end, 10);
    if (end == rest || *end || offset < 0)
        return false;
    *out_partition = (int32_t)partition;
    *out_offset = offset;
    return true;
}

static int run(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = {{"reason", required_argument, NULL, 'r'},
                                            {NULL, 0, NULL, 0}};
    struct slice reason = {NULL, 0};
    optind = 1;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option != 'r')
            return command_usage(cli, &dead_letters_command, "that option is not known");
        reason = slice_of(optarg);
    }
    struct slice what = optind < argc ? slice_of(argv[optind]) : SLICE("list");
    int32_t partition;
    int64_t offset;
    if (slice_equal(what, SLICE("list")) && optind + 1 >= argc)
        return list(cli, reason);
    if (slice_equal(what, SLICE("show")) && optind + 2 == argc &&
        read_place(argv[optind + 1], &partition, &offset))
        return show(cli, partition, offset);
    return command_usage(cli, &dead_letters_command, "say list, or show PARTITION/OFFSET");
}
