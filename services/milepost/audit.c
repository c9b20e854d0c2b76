/* `milepost audit`: whether everything that was paid is what its books are worth. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>

#include "engine/business_date.h"
#include "milepost/audit_ledger.h"
#include "milepost/command.h"
#include "milepost/control_log.h"
#include "milepost/dead_letter.h"
#include "milepost/topic_walk.h"

static const char help_text[] =
    "usage: milepost audit [--json]\n"
    "\n"
    "Reads the public topics alone (control, roster, facts, dead letters, payouts, attainment), "
    "as\n"
    "committed, to their ends, computes every total from all facts with nothing but the\n"
    "definition, and compares it with the sum of the payouts. Run it when the workers have caught\n"
    "up: what they have not seen yet is a difference. Facts that were refused do not count.\n"
    "\n"
    "  differs   what was paid is not what the book is worth\n"
    "  held      it differs, and is held until somebody has looked at it (milepost holds)\n"
    "  sequence  a key's payouts do not run 1, 2, 3 ...\n"
    "  total     a payout's total is not the sum of the deltas up to it\n"
    "  twice     a payout id stands twice\n"
    "  view      attainment does not show what was paid\n"
    "\n"
    "--json prints a line for each finding. Memory follows the number of facts and payouts.\n"
    "\n"
    "exit: 0 everything agrees, 1 there are findings\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command audit_command = {
    .name = "audit",
    .summary = "compare all payouts with what the books are worth",
    .help = help_text,
    .run = run,
};

enum { ARENA_GIB_MAX = 64, ROW_BYTES_MAX = 64 * 1024 * 1024 };

/* The facts that books are worth something by, in the order they are read. */
#define AUDITED_LIST(ROW)                                                                          \
    ROW(AUDITED_DEALS, TOPIC_DEALS, SCHEMA_DEAL, struct deal)                                      \
    ROW(AUDITED_MILESTONES, TOPIC_MILESTONES, SCHEMA_MILESTONE, struct milestone)                  \
    ROW(AUDITED_PAYMENTS, TOPIC_PAYMENTS, SCHEMA_PAYMENT, struct payment)                          \
    ROW(AUDITED_RESULTS, TOPIC_RESULTS, SCHEMA_RESULT, struct result)

#define AUDITED_SYMBOL(symbol, topic, kind, type) symbol,
enum audited { AUDITED_LIST(AUDITED_SYMBOL) AUDITED_COUNT };
#undef AUDITED_SYMBOL

static const struct {
    enum topic topic;
    enum schema_kind kind;
    size_t size;
} audited[] = {
#define AUDITED_ROW(symbol, topic, kind, type) {topic, kind, sizeof(type)},
    AUDITED_LIST(AUDITED_ROW)
#undef AUDITED_ROW
};

struct fact_list {
    void *items; /* of the kind's size */
    size_t count;
    size_t capacity;
};

struct refused {
    enum topic topic;
    int32_t partition;
    int64_t offset;
};

struct audit {
    struct cli *cli;
    struct connection connection;
    struct schemas *schemas;
    struct standing standing;
    struct arena arena; /* of facts, payouts and totals */
    struct arena row;   /* of one record */
    struct audit_ledger ledger;
    struct fact_list facts[AUDITED_COUNT];
    struct refused *refused; /* facts, by topic, partition and offset */
    size_t refused_count;
    size_t refused_capacity;
};

static void *grow(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity ? *capacity * 2 : 1024;
    items = realloc(items, *capacity * size);
    if (!items)
        abort();
    return items;
}

/* --- reading --- */

static int compare_refused(const void *a, const void *b)
{
    const struct refused *one = a;
    const struct refused *other = b;
    if (one->topic != other->topic)
        return one->topic < other->topic ? -1 : 1;
    if (one->partition != other->partition)
        return one->partition < other->partition ? -1 : 1;
    return one->offset < other->offset ? -1 : one->offset > other->offset;
}

static int64_t whole_number(struct slice text)
{
    int64_t value = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9' || value > INT64_MAX / 10 - 10)
            return -1;
        value = value * 10 + (text.bytes[i] - '0');
    }
    return text.length ? value : -1;
}

static enum status take_dead_letter(struct audit *audit, enum audited which,
                                    const struct log_record *record, char *detail)
{
    struct dead_letter letter;
    (void)which;
    (void)detail;
    enum status status = dead_letter_read(record, &audit->row, &letter);
    for (int i = 0; !status && i < AUDITED_COUNT; i++) {
        enum topic topic = audited[i].topic;
        if (!slice_equal(letter.topic, slice_of(audit->connection.topics[topic])))
            continue;
        audit->refused = grow(audit->refused, audit->refused_count, &audit->refused_capacity,
                              sizeof *audit->refused);
        audit->refused[audit->refused_count++] = (struct refused){
            topic, (int32_t)whole_number(letter.partition), whole_number(letter.offset)};
    }
    return status;
}

static enum status take_fact(struct audit *audit, enum audited which,
                             const struct log_record *record, char *detail)
{
    struct fact_list *facts = &audit->facts[which];
    size_t size = audited[which].size;
    struct refused place = {audited[which].topic, record->partition, record->offset};
    if (audit->refused_count && bsearch(&place, audit->refused, audit->refused_count,
                                        sizeof *audit->refused, compare_refused))
        return STATUS_OK;
    struct log_record kept = *record;
    kept.value = arena_copy(&audit->arena, record->value);
    if (!kept.value.bytes)
        return record->value.bytes ? STATUS_EXHAUSTED : STATUS_OK;
    facts->items = grow(facts->items, facts->count, &facts->capacity, size);
    void *fact = (char *)facts->items + facts->count * size;
    enum status status =
        schemas_decode(audit->schemas, audited[which].kind, &kept, fact, &audit->arena, 0, detail);
    facts->count += !status;
    return status;
}

static enum status take_payout(struct audit *audit, enum audited which,
                               const struct log_record *record, char *detail)
{
    struct payout payout;
    (void)which;
    enum status status =
        schemas_decode(audit->schemas, SCHEMA_PAYOUT, record, &payout, &audit->row, 0, detail);
    if (status || payout.is_closed_marker)
        return status;
    return audit_add_payout(&audit->ledger, &payout);
}

static enum status take_view(struct audit *audit, enum audited which,
                             const struct log_record *record, char *detail)
{
    struct attainment view;
    (void)which;
    enum status status =
        schemas_decode(audit->schemas, SCHEMA_ATTAINMENT, record, &view, &audit->row, 0, detail);
    return status ? status : audit_add_view(&audit->ledger, &view, record->offset);
}

/* Dead letters come first: they say which facts do not count. */
static const struct {
    enum topic topic;
    enum status (*take)(struct audit *audit, enum audited which, const struct log_record *record,
                        char *detail);
    enum audited which; /* of take_fact */
} readings[] = {
    {TOPIC_DEAD_LETTERS, take_dead_letter, AUDITED_COUNT},
#define AUDITED_READING(symbol, topic, kind, type) {topic, take_fact, symbol},
    AUDITED_LIST(AUDITED_READING)
#undef AUDITED_READING
        {TOPIC_PAYOUTS, take_payout, AUDITED_COUNT},
    {TOPIC_ATTAINMENT, take_view, AUDITED_COUNT},
};

static enum status read_topic(struct audit *audit, size_t index, char *detail)
{
    const struct console *console = &audit->cli->console;
    struct topic_walk walk = {0};
    int64_t done = 0;
    enum status status = topic_walk_open(&walk, &audit->connection, readings[index].topic,
                                         audit->standing.partitions, INT64_MAX, detail);
    while (!status && !topic_walk_is_done(&walk)) {
        const struct log_record *record;
        status = topic_walk_next(&walk, &record, detail);
        if (status || !record || !record->value.bytes)
            continue;
        arena_reset(&audit->row);
        status = readings[index].take(audit, readings[index].which, record, detail);
        if (status)
            break;
        if (++done % 4096 == 0)
            console_progress(console, topic_name(readings[index].topic), done, walk.total);
    }
    console_progress_end(console);
    topic_walk_close(&walk);
    if (audit->refused_count && readings[index].topic == TOPIC_DEAD_LETTERS)
        qsort(audit->refused, audit->refused_count, sizeof *audit->refused, compare_refused);
    return status;
}

/* --- saying --- */

static size_t decimal_text(struct decimal value, char out[DECIMAL_TEXT_BYTES])
{
    size_t length = decimal_format(value, out);
    out[length] = '\0';
    return length;
}

static void print_json(const struct audit_finding *finding)
{
    struct buffer line = {0};
    char text[DECIMAL_TEXT_BYTES];
    buffer_append_byte(&line, '{');
    json_append_field(&line, "finding", slice_of(audit_word(finding->kind)));
    json_append_field(&line, "participant", finding->participant);
    json_append_field(&line, "plan", finding->plan);
    json_append_field(&line, "component", finding->component);
    json_append_field(&line, "window", finding->window);
    json_append_field(&line, "paid", (struct slice){text, decimal_text(finding->paid, text)});
    json_append_field(&line, finding->kind == AUDIT_VIEW ? "shown" : "worth",
                      (struct slice){text, decimal_text(finding->worth, text)});
    json_append_field(&line, "currency", finding->currency);
    (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(&line)));
    buffer_deinit(&line);
}

static void print_table(const struct audit *audit)
{
    static const char *const heads[] = {"FINDING",         "PARTICIPANT", "PLAN",
                                        "COMPONENT",       "WINDOW",      ">PAID",
                                        ">WORTH OR SHOWN", "CURRENCY"};
    struct table table;
    char text[DECIMAL_TEXT_BYTES];
    table_init(&table, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < audit->ledger.finding_count; i++) {
        const struct audit_finding *finding = &audit->ledger.findings[i];
        table_add(&table, audit_word(finding->kind));
        table_add_slice(&table, finding->participant);
        table_add_slice(&table, finding->plan);
        table_add_slice(&table, finding->component);
        table_add_slice(&table, finding->window);
        (void)decimal_text(finding->paid, text);
        table_add(&table, text);
        (void)decimal_text(finding->worth, text);
        table_add(&table, text);
        table_add_slice(&table, finding->currency);
    }
    if (table.count)
        table_print(&table, &audit->cli->console);
    table_deinit(&table);
}

static void say(const struct audit *audit)
{
    const struct audit_ledger *ledger = &audit->ledger;
    const struct console *console = &audit->cli->console;
    if (console->is_json) {
        for (size_t i = 0; i < ledger->finding_count; i++)
            print_json(&ledger->findings[i]);
        return;
    }
    print_table(audit);
    size_t facts = 0;
    for (int i = 0; i < AUDITED_COUNT; i++)
        facts += audit->facts[i].count;
    (void)printf("%zu facts (%zu more refused), %zu payouts, %zu keys: ", facts,
                 audit->refused_count, ledger->payout_count, ledger->key_count);
    if (ledger->finding_count == 0)
        (void)printf("%severy total is what its book is worth.%s\n",
                     console_colour(console, COLOUR_GREEN), console_plain(console));
    else
        (void)printf("%s%zu finding%s.%s\n", console_colour(console, COLOUR_RED),
                     ledger->finding_count, ledger->finding_count == 1 ? "" : "s",
                     console_plain(console));
}

/* --- the command --- */

static enum status find_business_date(const struct standing *standing, struct obvious_facts *facts,
                                      char *detail)
{
    for (size_t i = 0; i < standing->control_count; i++) {
        int32_t date;
        if (!slice_equal(standing->controls[i].kind, BUSINESS_DATE_KIND))
            continue;
        enum status status = business_date_read(&standing->controls[i], &date, detail);
        if (status)
            return status;
        if (!facts->has_business_date || date > facts->business_date)
            facts->business_date = date;
        facts->has_business_date = true;
    }
    return STATUS_OK;
}

static enum status read_and_judge(struct audit *audit, char *detail)
{
    enum status status =
        standing_read(&audit->connection, audit->schemas, &audit->standing, detail);
    for (size_t i = 0; !status && i < sizeof readings / sizeof readings[0]; i++)
        status = read_topic(audit, i, detail);
    if (status == STATUS_EXHAUSTED)
        (void)snprintf(detail, DETAIL_BYTES, "there are more facts than memory allows");
    if (status)
        return status;
    struct obvious_facts facts = {
        .controls = audit->standing.controls,
        .control_count = audit->standing.control_count,
        .rosters = audit->standing.rosters,
        .roster_count = audit->standing.roster_count,
        .deals = audit->facts[AUDITED_DEALS].items,
        .deal_count = audit->facts[AUDITED_DEALS].count,
        .milestones = audit->facts[AUDITED_MILESTONES].items,
        .milestone_count = audit->facts[AUDITED_MILESTONES].count,
        .payments = audit->facts[AUDITED_PAYMENTS].items,
        .payment_count = audit->facts[AUDITED_PAYMENTS].count,
        .results = audit->facts[AUDITED_RESULTS].items,
        .result_count = audit->facts[AUDITED_RESULTS].count,
    };
    status = find_business_date(&audit->standing, &facts, detail);
    if (status)
        return status;
    struct obvious_total *totals = NULL;
    size_t count = 0;
    status = obvious_evaluate(&facts, &audit->arena, &totals, &count, detail);
    if (!status)
        audit_judge(&audit->ledger, totals, count);
    return status;
}

static int run(struct cli *cli, int argc, char **argv)
{
    if (argc > 1)
        return command_usage(cli, &audit_command,
                             argv[1][0] == '-' ? "that option is not known"
                                               : "it takes no arguments");
    char detail[DETAIL_BYTES] = "";
    struct audit audit = {.cli = cli};
    arena_init_growing(&audit.arena, (size_t)ARENA_GIB_MAX << 30);
    arena_init_growing(&audit.row, ROW_BYTES_MAX);
    audit.ledger.arena = &audit.arena;
    int code = command_connect(cli, &audit.connection, &audit.schemas);
    enum status status = code ? STATUS_OK : read_and_judge(&audit, detail);
    if (status) {
        code = command_fail(cli, status, detail);
    } else if (!code) {
        say(&audit);
        code = audit.ledger.finding_count ? EXIT_CODE_FINDING : EXIT_CODE_DONE;
    }
    audit_ledger_deinit(&audit.ledger);
    standing_deinit(&audit.standing);
    arena_deinit(&audit.arena);
    arena_deinit(&audit.row);
    for (int i = 0; i < AUDITED_COUNT; i++)
        free(audit.facts[i].items);
    free(audit.refused);
    schemas_free(audit.schemas);
    connection_deinit(&audit.connection);
    return code;
}
