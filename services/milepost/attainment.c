/* `milepost attainment`: where everybody stands, as Redis has it. */
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>

#include "base/clock.h"
#include "calendar/date.h"
#include "milepost/command.h"
#include "milepost/pay_key.h"
#include "milepost/shape_json.h"
#include "money/money.h"
#include "redis/read_model.h"

enum { ENTRIES_BYTES_MAX = 1 << 30, PERCENT_PLACES = 4 };

static const char help_text[] =
    "usage: milepost attainment [--participant P] [--plan PLAN]\n"
    "\n"
    "Shows measure, goal, attainment and pay of everybody, or of person:jo, team:north …, from "
    "the\n"
    "read model in Redis (redis.url). What is not there is not known; it is never zero.\n"
    "\n"
    "exit: 0 done, 1 nothing known of that participant, 3 redis.url is not set, 4 no answer\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command attainment_command = {
    .name = "attainment",
    .summary = "show where everybody stands, from Redis",
    .help = help_text,
    .run = run,
};

struct standings {
    struct cli *cli;
    struct slice participant; /* bytes NULL: everybody */
    struct slice plan;        /* bytes NULL: all */
    struct arena arena;
    struct attainment_entry *items;
    size_t count;
    size_t capacity;
    bool is_full;
};

/* --- reading --- */

static struct slice keep(struct standings *standings, struct slice text)
{
    if (!text.bytes)
        return text;
    struct slice copy = arena_copy(&standings->arena, text);
    standings->is_full |= copy.bytes == NULL;
    return copy;
}

static void on_entry(void *self, const struct attainment_entry *entry)
{
    struct standings *standings = self;
    if (standings->plan.bytes && !slice_equal(standings->plan, entry->key.plan))
        return;
    if (standings->count == standings->capacity) {
        standings->capacity = standings->capacity ? standings->capacity * 2 : 64;
        standings->items =
            realloc(standings->items, standings->capacity * sizeof *standings->items);
        if (!standings->items)
            abort();
    }
    struct attainment_entry *kept = &standings->items[standings->count++];
    *kept = *entry;
    struct slice *const texts[] = {
        &kept->key.participant,
        &kept->key.plan,
        &kept->key.component,
        &kept->key.window,
        &kept->measure,
        &kept->goal,
        &kept->attainment,
        &kept->earned,
        &kept->payable,
        &kept->currency,
        &kept->step,
        &kept->pending,
        &kept->held,
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        *texts[i] = keep(standings, *texts[i]);
}

static int by_key(const void *a, const void *b)
{
    const struct attainment_entry *one = a;
    const struct attainment_entry *other = b;
    return pay_key_compare(PAY_KEY_OF(&one->key), PAY_KEY_OF(&other->key));
}

/* Sorted; of a key that came twice while it was written, the newer. */
static void sort(struct standings *standings)
{
    size_t kept = 0;
    if (standings->count > 0)
        qsort(standings->items, standings->count, sizeof *standings->items, by_key);
    for (size_t i = 0; i < standings->count; i++) {
        struct attainment_entry *last = kept > 0 ? &standings->items[kept - 1] : NULL;
        bool is_same = last && by_key(last, &standings->items[i]) == 0;
        if (!is_same)
            standings->items[kept++] = standings->items[i];
        else if (standings->items[i].sequence > last->sequence)
            *last = standings->items[i];
    }
    standings->count = kept;
}

static enum status read_standings(struct standings *standings, char *detail)
{
    struct read_model_options options = connection_redis(standings->cli->config, false);
    if (options.url[0] == '\0') {
        (void)snprintf(detail, DETAIL_BYTES,
                       "redis.url is not set; say MILEPOST_REDIS_URL or -X redis.url=");
        return STATUS_REFUSED;
    }
    struct read_model *model = NULL;
    struct clock clock = clock_system();
    enum status status = read_model_open(&options, &model, detail);
    if (!status)
        status = read_model_connect(model, clock.monotonic_ms(clock.self), detail);
    struct read_model_scan scan = {.partition = READ_MODEL_ALL,
                                   .participant = standings->participant,
                                   .self = standings,
                                   .entry = on_entry};
    if (!status)
        status = read_model_scan(model, &scan, detail);
    read_model_free(model);
    if (!status && standings->is_full) {
        (void)snprintf(detail, DETAIL_BYTES, "too much to show at once; ask for one participant");
        return STATUS_EXHAUSTED;
    }
    sort(standings);
    return status;
}

/* --- showing --- */

static void print_json(const struct attainment_entry *entry)
{
    char number[24];
    char time[INSTANT_TEXT_BYTES];
    struct buffer line = {0};
    buffer_append_byte(&line, '{');
    json_append_field(&line, "participant", entry->key.participant);
    json_append_field(&line, "plan", entry->key.plan);
    (void)snprintf(number, sizeof number, "%" PRId64, entry->plan_version);
    json_append_raw(&line, "plan_version", number);
    json_append_field(&line, "component", entry->key.component);
    json_append_field(&line, "window", entry->key.window);
    json_append_field(&line, "measure", entry->measure);
    json_append_optional(&line, "goal", entry->goal);
    json_append_optional(&line, "attainment", entry->attainment);
    json_append_field(&line, "earned", entry->earned);
    json_append_field(&line, "payable", entry->payable);
    json_append_field(&line, "currency", entry->currency);
    (void)snprintf(number, sizeof number, "%" PRId64, entry->sequence);
    json_append_raw(&line, "sequence", number);
    json_append_optional(&line, "step_reached", entry->step);
    json_append_raw(&line, "pending", "[");
    struct slice rest = entry->pending;
    while (rest.length > 0) {
        struct slice word;
        rest = slice_split(rest, ',', &word);
        json_append_text(&line, word);
        if (rest.length > 0)
            buffer_append_byte(&line, ',');
    }
    buffer_append_byte(&line, ']');
    json_append_optional(&line, "held", entry->held);
    json_append_field(&line, "as_of", instant_text(entry->as_of, time));
    (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(&line)));
    buffer_deinit(&line);
}

/* `0.8` as `80.00%`, the rest cut off: for eyes only. */
static struct slice percent(struct slice attainment, char out[MONEY_TEXT_BYTES + 1])
{
    struct slice whole;
    struct slice places = slice_split(attainment, '.', &whole);
    size_t length = whole.length + (places.length > 0 ? 1 + places.length : 0);
    if (places.length > PERCENT_PLACES)
        length = whole.length + 1 + PERCENT_PLACES;
    int64_t hundredths;
    if (!attainment.bytes)
        return SLICE("");
    if (money_parse((struct slice){attainment.bytes, length}, PERCENT_PLACES, &hundredths))
        return attainment;
    length = money_format(hundredths, 2, out);
    out[length++] = '%';
    return (struct slice){out, length};
}

static struct slice money(struct slice amount, struct slice code, char out[MONEY_TEXT_BYTES])
{
    int64_t units;
    const struct currency *currency = currency_find(code, NULL, 0);
    if (!currency || money_parse(amount, currency->exponent, &units))
        return amount;
    return (struct slice){out, money_format(units, currency->exponent, out)};
}

static void add_to_table(const struct attainment_entry *entry, struct table *table)
{
    char text[MONEY_TEXT_BYTES + 1];
    struct buffer waits = {0};
    table_add_slice(table, entry->key.participant);
    table_add_slice(table, entry->key.plan);
    table_add_slice(table, entry->key.component);
    table_add_slice(table, entry->key.window);
    table_add_slice(table, entry->measure);
    table_add_slice(table, entry->goal);
    table_add_slice(table, percent(entry->attainment, text));
    table_add_slice(table, money(entry->earned, entry->currency, text));
    table_add_slice(table, entry->currency);
    if (entry->held.length > 0)
        buffer_printf(&waits, "held: %.*s", SLICE_ARGS(entry->held));
    else
        buffer_append_slice(&waits, entry->pending);
    table_add_slice(table, buffer_slice(&waits));
    buffer_deinit(&waits);
}

static int show(struct standings *standings)
{
    static const char *const heads[] = {"participant", "plan",  "component", "window",   ">measure",
                                        ">goal",       ">att.", ">earned",   "currency", "waits"};
    const struct console *console = &standings->cli->console;
    char detail[DETAIL_BYTES] = "";
    enum status status = read_standings(standings, detail);
    if (status)
        return command_fail(standings->cli, status, detail);
    struct table table;
    table_init(&table, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < standings->count; i++)
        if (console->is_json)
            print_json(&standings->items[i]);
        else
            add_to_table(&standings->items[i], &table);
    if (!console->is_json && standings->count > 0)
        table_print(&table, console);
    table_deinit(&table);
    if (standings->count > 0)
        return EXIT_CODE_DONE;
    (void)fprintf(stderr, "milepost: nothing is known%s%.*s\n",
                  standings->participant.bytes ? " of " : " yet",
                  SLICE_ARGS(standings->participant));
    return standings->participant.bytes ? EXIT_CODE_FINDING : EXIT_CODE_DONE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = {{"participant", required_argument, NULL, 'p'},
                                            {"plan", required_argument, NULL, 'l'},
                                            {NULL, 0, NULL, 0}};
    struct standings standings = {.cli = cli};
    optind = 1;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'p')
            standings.participant = slice_of(optarg);
        else if (option == 'l')
            standings.plan = slice_of(optarg);
        else
            return command_usage(cli, &attainment_command, "that option is not known");
    }
    if (optind < argc)
        return command_usage(cli, &attainment_command, "say --participant person:jo");
    (void)signal(SIGPIPE, SIG_IGN);
    arena_init_growing(&standings.arena, ENTRIES_BYTES_MAX);
    int code = show(&standings);
    free(standings.items);
    arena_deinit(&standings.arena);
    return code;
}
