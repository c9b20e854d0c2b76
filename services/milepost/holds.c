/* `milepost holds`: keys that are paid nothing more until somebody has looked at them. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "engine/row_keys.h"
#include "milepost/command.h"
#include "milepost/control_log.h"
#include "milepost/state_copy.h"

enum { HOLDS_BYTES_MAX = 1 << 30, KEY_PARTS = 3, CHANGE_BYTES = 64 };

/* More than anything that can be paid: what a hold would move, whatever that is. */
#define ANY_BOUND "9999999999999999999999999999"

static const char help_text[] =
    "usage: milepost holds [list]\n"
    "       milepost holds accept HOLD --bound AMOUNT\n"
    "\n"
    "A key is held where the engine's value differs from what was paid although nothing moved it,\n"
    "or cannot be computed. list shows them, from copies of the journals: what was paid, what "
    "would\n"
    "be, and the hold's name. accept lets one go on when it moves at most AMOUNT, either way.\n"
    "\n"
    "exit: 0 done, 1 no such hold, or it moves more than the bound\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command holds_command = {
    .name = "holds",
    .summary = "list and accept keys that are paid nothing more",
    .help = help_text,
    .run = run,
};

/* Text lives in the list's arena. */
struct hold {
    struct slice id;
    struct slice participant;
    struct slice plan;
    struct slice component;
    struct slice window;
    struct slice reason;
    struct slice currency;
    struct decimal earned; /* paid so far */
    bool is_known;         /* what it would move can be computed */
    struct decimal moves;
    int32_t partition;
};

struct holds {
    struct cli *cli;
    struct arena arena;
    struct hold *items;
    size_t count;
    size_t capacity;
};

/* --- finding them --- */

static void add_hold(struct holds *holds, const struct row_key *key, const struct emitted_row *row,
                     int32_t partition)
{
    struct slice parts[KEY_PARTS];
    row_key_parts(key->id, parts, KEY_PARTS);
    if (holds->count == holds->capacity) {
        holds->capacity = holds->capacity ? holds->capacity * 2 : 16;
        holds->items = realloc(holds->items, holds->capacity * sizeof *holds->items);
        if (!holds->items)
            abort();
    }
    struct arena *arena = &holds->arena;
    holds->items[holds->count++] = (struct hold){
        .id = arena_copy(arena, row->hold_id),
        .participant = arena_copy(arena, key->book),
        .plan = arena_copy(arena, parts[0]),
        .component = arena_copy(arena, parts[1]),
        .window = arena_copy(arena, parts[2]),
        .reason = arena_copy(arena, row->held),
        .currency = arena_copy(arena, row->currency),
        .earned = row->earned,
        .partition = partition,
    };
}

static enum status find_holds(struct holds *holds, const struct task *task, struct schemas *schemas,
                              int32_t partition, char *detail)
{
    struct row_codec codec = schemas_row_codec(schemas);
    struct arena scratch;
    arena_init_growing(&scratch, HOLDS_BYTES_MAX);
    struct store_cursor cursor;
    enum status status = STATUS_OK;
    const struct row *row = store_first(task->store, SLICE(""), false, &cursor);
    for (; !status && row; row = store_next(&cursor)) {
        struct row_key key = row_key_parse(row_key(row));
        struct emitted_row emitted;
        if (key.letter != 'e')
            continue;
        arena_reset(&scratch);
        status = codec.decode(codec.self, ROW_EMITTED, row_value(row), &emitted, &scratch, detail);
        if (!status && emitted.held.bytes)
            add_hold(holds, &key, &emitted, partition);
    }
    arena_deinit(&scratch);
    return status;
}

/* --- what one would move: accepted on the copy, without a bound --- */

static enum status note_payout(void *self, const struct payout *payout)
{
    struct hold *hold = self;
    if (slice_equal(hold->participant, payout->participant) &&
        slice_equal(hold->plan, payout->plan) && slice_equal(hold->component, payout->component) &&
        slice_equal(hold->window, payout->window))
        hold->moves.units += payout->earned_delta.units;
    return STATUS_OK;
}

static enum status drop_credit(void *self, const struct credit *credit)
{
    (void)self;
    (void)credit;
    return STATUS_OK;
}

static enum status drop_attainment(void *self, const struct attainment *attainment)
{
    (void)self;
    (void)attainment;
    return STATUS_OK;
}

static bool is_still_held(const struct task *task, const struct hold *hold, struct schemas *schemas)
{
    struct row_codec codec = schemas_row_codec(schemas);
    struct buffer key = {0};
    struct arena scratch;
    arena_init_growing(&scratch, HOLDS_BYTES_MAX);
    const struct row *row =
        store_find(task->store, key_of_emitted(&key, hold->participant, hold->plan, hold->component,
                                               hold->window));
    struct emitted_row emitted;
    char detail[DETAIL_BYTES];
    bool is_held =
        !row || codec.decode(codec.self, ROW_EMITTED, row_value(row), &emitted, &scratch, detail) ||
        emitted.held.bytes != NULL;
    arena_deinit(&scratch);
    buffer_deinit(&key);
    return is_held;
}

static enum status try_hold(struct hold *hold, struct state_copy *copy, struct schemas *schemas,
                            char *detail)
{
    struct setting settings[] = {{SLICE("hold"), hold->id}, {SLICE("bound"), SLICE(ANY_BOUND)}};
    struct control control = {
        .kind = SLICE("acceptance"),
        .id = hold->id,
        .version = INT64_MAX,
        .change = SLICE("holds-list"),
        .document = SLICE(""),
        .written_by = SLICE("milepost"),
        .settings = {settings, sizeof settings / sizeof settings[0]},
    };
    char key[2 * FACT_ID_BYTES_MAX + 32];
    int length = snprintf(key, sizeof key, "acceptance/%.*s/%" PRId64, SLICE_ARGS(hold->id),
                          control.version);
    struct input input = {.kind = INPUT_CONTROL,
                          .fact = &control,
                          .key = {key, (size_t)length},
                          .cause = {.event_id = control.change, .topic = SLICE("control")}};
    struct outbox outbox = {hold, drop_credit, note_payout, drop_attainment};
    struct fold *fold = copy->task->fold;
    enum status status = fold->apply(fold->self, &input, &outbox, detail);
    hold->is_known = !status && !is_still_held(copy->task, hold, schemas);
    return status;
}

static enum status read_task(struct holds *holds, const struct state_source *source,
                             int32_t partition, char *detail)
{
    struct state_copy copy = {0};
    size_t first = holds->count;
    enum status status = state_copy_open(&copy, source, &incentives_stage, partition, detail);
    if (!status)
        status = find_holds(holds, copy.task, source->schemas, partition, detail);
    for (size_t i = first; !status && i < holds->count; i++)
        status = try_hold(&holds->items[i], &copy, source->schemas, detail);
    state_copy_close(&copy);
    return status;
}

static enum status read_holds(struct holds *holds, const struct connection *connection,
                              struct schemas *schemas, int32_t partitions, char *detail)
{
    struct state_source source = {0};
    enum status status = state_source_open(&source, connection, schemas, partitions, detail);
    for (int32_t p = 0; !status && p < partitions; p++) {
        console_progress(&holds->cli->console, "reading journals", p, partitions);
        status = read_task(holds, &source, p, detail);
    }
    console_progress_end(&holds->cli->console);
    state_source_close(&source);
    return status;
}

/* --- list --- */

static struct slice amount(struct decimal value, char out[DECIMAL_TEXT_BYTES])
{
    return (struct slice){out, decimal_format(value, out)};
}

static void print_json(const struct hold *hold)
{
    char text[DECIMAL_TEXT_BYTES];
    char partition[16];
    struct buffer line = {0};
    (void)snprintf(partition, sizeof partition, "%" PRId32, hold->partition);
    buffer_append_byte(&line, '{');
    json_append_field(&line, "hold", hold->id);
    json_append_field(&line, "participant", hold->participant);
    json_append_field(&line, "plan", hold->plan);
    json_append_field(&line, "component", hold->component);
    json_append_field(&line, "window", hold->window);
    json_append_field(&line, "reason", hold->reason);
    json_append_field(&line, "earned", amount(hold->earned, text));
    json_append_optional(&line, "moves",
                         hold->is_known ? amount(hold->moves, text) : (struct slice){NULL, 0});
    json_append_field(&line, "currency", hold->currency);
    json_append_raw(&line, "partition", partition);
    (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(&line)));
    buffer_deinit(&line);
}

static void print_holds(const struct holds *holds)
{
    static const char *const heads[] = {"hold",   "participant", "plan",   "component", "window",
                                        "reason", ">earned",     ">moves", "currency"};
    struct table table;
    table_init(&table, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < holds->count; i++) {
        const struct hold *one = &holds->items[i];
        char text[DECIMAL_TEXT_BYTES];
        if (holds->cli->console.is_json) {
            print_json(one);
            continue;
        }
        table_add_slice(&table, one->id);
        table_add_slice(&table, one->participant);
        table_add_slice(&table, one->plan);
        table_add_slice(&table, one->component);
        table_add_slice(&table, one->window);
        table_add_slice(&table, one->reason);
        table_add_slice(&table, amount(one->earned, text));
        table_add_slice(&table, one->is_known ? amount(one->moves, text) : SLICE("unknown"));
        table_add_slice(&table, one->currency);
    }
    if (!holds->cli->console.is_json) {
        if (holds->count > 0)
            table_print(&table, &holds->cli->console);
        (void)printf("%zu hold%s.\n", holds->count, holds->count == 1 ? "" : "s");
    }
    table_deinit(&table);
}

/* --- accept --- */

static const struct hold *find_hold(const struct holds *holds, struct slice id)
{
    for (size_t i = 0; i < holds->count; i++)
        if (slice_equal(holds->items[i].id, id))
            return &holds->items[i];
    return NULL;
}

/* Whether there is such a hold and it stays within the bound; `detail` says why not. */
static enum status check_hold(const struct holds *holds, struct slice id, struct decimal bound,
                              char *detail)
{
    const struct hold *hold = find_hold(holds, id);
    char moves[DECIMAL_TEXT_BYTES];
    if (!hold) {
        (void)snprintf(detail, DETAIL_BYTES, "there is no hold %.*s; see: milepost holds",
                       SLICE_ARGS(id));
        return STATUS_INVALID;
    }
    if (!hold->is_known) {
        (void)snprintf(detail, DETAIL_BYTES,
                       "hold %.*s (%.*s) cannot be accepted: its value cannot be computed; it ends "
                       "when the facts or the plan do",
                       SLICE_ARGS(id), SLICE_ARGS(hold->reason));
        return STATUS_INVALID;
    }
    if (hold->moves.units <= bound.units && -hold->moves.units <= bound.units)
        return STATUS_OK;
    (void)snprintf(detail, DETAIL_BYTES, "hold %.*s would move %.*s %.*s, more than the bound",
                   SLICE_ARGS(id), SLICE_ARGS(amount(hold->moves, moves)),
                   SLICE_ARGS(hold->currency));
    return STATUS_INVALID;
}

static enum status write_acceptance(const struct connection *connection, struct schemas *schemas,
                                    struct slice id, struct decimal bound, char *detail)
{
    static const enum topic written[] = {TOPIC_CONTROL};
    struct standing standing = {0};
    enum status status = connection_prepare(connection, schemas, written, 1, detail);
    if (!status)
        status = standing_read(connection, schemas, &standing, detail);
    const struct control *before =
        status ? NULL : standing_control(&standing, SLICE("acceptance"), id);
    struct clock clock = clock_system();
    char change[CHANGE_BYTES];
    char text[DECIMAL_TEXT_BYTES];
    int length = snprintf(change, sizeof change, "accept-%.*s", SLICE_ARGS(id));
    struct setting settings[] = {{SLICE("hold"), id}, {SLICE("bound"), amount(bound, text)}};
    struct control control = {
        .kind = SLICE("acceptance"),
        .id = id,
        .version = before ? before->version + 1 : 1,
        .change = {change, (size_t)length < sizeof change ? (size_t)length : sizeof change - 1},
        .written_at = clock.unix_ms(clock.self),
        .written_by = SLICE("milepost"),
        .document = SLICE(""),
        .settings = {settings, sizeof settings / sizeof settings[0]},
    };
    if (!status)
        status =
            control_write(connection, schemas, &control, 1, NULL, 0, standing.partitions, detail);
    standing_deinit(&standing);
    return status;
}

/* --- the command --- */

/* Lists, or with `id` accepts. */
static int work(struct cli *cli, struct slice id, struct decimal bound)
{
    struct connection connection = {0};
    struct schemas *schemas = NULL;
    struct holds holds = {.cli = cli};
    char detail[DETAIL_BYTES] = "";
    int32_t partitions;
    int code = command_connect(cli, &connection, &schemas);
    enum status status = STATUS_OK;
    arena_init_growing(&holds.arena, HOLDS_BYTES_MAX);
    if (!code)
        status = connection_partitions(&connection, &partitions, detail);
    if (!code && !status)
        status = read_holds(&holds, &connection, schemas, partitions, detail);
    if (!code && !status && id.bytes)
        status = check_hold(&holds, id, bound, detail);
    if (!code && !status && id.bytes)
        status = write_acceptance(&connection, schemas, id, bound, detail);
    if (status)
        code = command_fail(cli, status, detail);
    else if (!code && !id.bytes)
        print_holds(&holds);
    else if (!code && !cli->console.is_json)
        (void)printf("Accepted.\n");
    free(holds.items);
    arena_deinit(&holds.arena);
    schemas_free(schemas);
    connection_deinit(&connection);
    return code;
}

static int run(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = {{"bound", required_argument, NULL, 'b'},
                                            {NULL, 0, NULL, 0}};
    struct decimal bound = {-1};
    optind = 1;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option != 'b')
            return command_usage(cli, &holds_command, "that option is not known");
        if (decimal_parse(slice_of(optarg), &bound) || bound.units < 0)
            return command_usage(cli, &holds_command, "--bound wants an amount such as 250.00");
    }
    struct slice what = optind < argc ? slice_of(argv[optind]) : SLICE("list");
    if (slice_equal(what, SLICE("list")) && optind + 1 >= argc)
        return work(cli, (struct slice){NULL, 0}, bound);
    if (!slice_equal(what, SLICE("accept")) || optind + 2 != argc)
        return command_usage(cli, &holds_command, "say list, or accept HOLD --bound AMOUNT");
    if (bound.units < 0)
        return command_usage(cli, &holds_command, "accept needs --bound AMOUNT");
    return work(cli, slice_of(argv[optind + 1]), bound);
}
