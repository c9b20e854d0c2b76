#include "plan/roster_file.h"

#include "calendar/date.h"
#include "plan/fact_check.h"
#include "plan/roster_figures.h"

#include <stdlib.h>

struct roster_reading {
    struct reading reading;
    struct roster *records;
    size_t count;
};

static const struct key_rule participant_keys[] = {
    {"participant", KEY_REQUIRED, "participant: person:jo"},
    {"name", KEY_OPTIONAL, NULL},
    {"pay", KEY_OPTIONAL, NULL},
    {"employed", KEY_OPTIONAL, NULL},
    {"assignments", KEY_OPTIONAL, NULL},
    {"edges", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

enum { ASPECTS_MAX = 4 };

static struct roster *add_record(struct roster_reading *roster, struct slice participant,
                                 struct slice aspect)
{
    struct roster *record = &roster->records[roster->count++];
    record->participant = participant;
    record->aspect = aspect;
    record->change = SLICE("");
    return record;
}

static bool read_participant(struct reading *reading, const struct node *node, struct slice *out)
{
    if (!reading_text(reading, node, "a participant", out))
        return false;
    if (participant_is_valid(*out))
        return true;
    report_error(reading->reports, node_place(node), "bad-participant",
                 "kinds are person, team, territory, product, partner, customer, company, contest, "
                 "pool",
                 "`%.*s` is not kind:id, such as person:jo or team:north", SLICE_ARGS(*out));
    return false;
}

/* --- profile --- */

static const struct key_rule pay_keys[] = {
    {"group", KEY_OPTIONAL, NULL}, {"currency", KEY_OPTIONAL, NULL}, {"code", KEY_OPTIONAL, NULL},
    {"to", KEY_OPTIONAL, NULL},    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_pay(struct reading *reading, const struct node *node, struct roster *record)
{
    if (node_is(node, "none")) {
        record->is_unpaid = true;
        return true;
    }
    if (!reading_keys(reading, node, "`pay`", pay_keys))
        return false;
    const struct node *group = node_find(node, "group");
    const struct node *currency = node_find(node, "currency");
    const struct node *code = node_find(node, "code");
    const struct node *to = node_find(node, "to");
    bool is_right = true;
    if (group)
        is_right &= reading_name(reading, group, "`group`", &record->pay_group);
    if (currency)
        is_right &= reading_text(reading, currency, "`currency`", &record->pay_currency);
    if (code)
        is_right &= reading_text(reading, code, "`code`", &record->pay_code);
    if (to)
        is_right &= read_participant(reading, to, &record->pay_to);
    return is_right;
}

static bool parse_profile(struct roster_reading *roster, const struct node *node,
                          struct slice participant)
{
    const struct node *name = node_find(node, "name");
    const struct node *pay = node_find(node, "pay");
    bool is_right = true;
    if (!name && !pay)
        return true;
    struct roster *record = add_record(roster, participant, SLICE("profile"));
    if (name)
        is_right &= reading_text(&roster->reading, name, "`name`", &record->name);
    if (pay)
        is_right &= parse_pay(&roster->reading, pay, record);
    return is_right;
}

/* --- ranges --- */

struct range {
    int32_t from;
    bool has_until;
    int32_t until;
};

static bool parse_range(struct reading *reading, const struct node *node, struct range *out)
{
    const struct node *until = node_find(node, "until");
    bool is_right = reading_date(reading, node_find(node, "from"), "`from`", &out->from);
    if (!until || node_is_null(until))
        return is_right;
    out->has_until = true;
    is_right &= reading_date(reading, until, "`until`", &out->until);
    if (!is_right || out->from < out->until)
        return is_right;
    report_error(reading->reports, node_place(until), "bad-value", NULL,
                 "`until` is the first day after the range and must come after `from`");
    return false;
}

/* --- employed --- */

static const struct key_rule employed_keys[] = {
    {"from", KEY_REQUIRED, "from: 2026-01-01"},
    {"until", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_employed(struct roster_reading *roster, const struct node *node,
                           struct slice participant)
{
    struct reading *reading = &roster->reading;
    struct roster *record = add_record(roster, participant, SLICE("employed"));
    if (!reading_list(reading, node, "`employed`"))
        return false;
    struct validity *items = reading_take(reading, node->count, sizeof *items);
    if (!items)
        return false;
    bool is_right = true;
    size_t count = 0;
    for (const struct node *item = node->first; item; item = item->next) {
        struct range range = {0};
        is_right &= reading_keys(reading, item, "a range of `employed`", employed_keys) &&
                    parse_range(reading, item, &range);
        items[count++] = (struct validity){range.from, range.has_until, range.until};
    }
    record->employed = (struct list){count > 0 ? items : NULL, count};
    return is_right;
}

/* --- assignments --- */

static const struct key_rule assignment_keys[] = {
    {"plan", KEY_REQUIRED, "plan: account-executive"},
    {"from", KEY_REQUIRED, "from: 2026-01-01"},
    {"until", KEY_OPTIONAL, NULL},
    {"goals", KEY_OPTIONAL, NULL},
    {"target", KEY_OPTIONAL, NULL},
    {"baseline", KEY_OPTIONAL, NULL},
    {"attributes", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_attributes(struct reading *reading, const struct node *node, struct list *out)
{
    if (!reading_map(reading, node, "`attributes`"))
        return false;
    struct attribute *items = reading_take(reading, node->count, sizeof *items);
    if (!items)
        return false;
    bool is_right = true;
    size_t count = 0;
    for (const struct node *value = node->first; value; value = value->next, count++) {
        struct text_or_decimal *is = &items[count].value;
        items[count].name = value->key;
        is_right &= reading_text(reading, value, "an attribute", &is->text);
        is->is_decimal = value->is_plain && !decimal_parse(value->text, &is->decimal);
        if (is->is_decimal)
            is->text = (struct slice){NULL, 0};
        else
            is->decimal = (struct decimal){0};
    }
    *out = (struct list){count > 0 ? items : NULL, count};
    return is_right;
}

static bool parse_assignment(struct reading *reading, const struct node *node,
                             struct assignment *out)
{
    struct range range = {0};
    if (!reading_keys(reading, node, "an assignment", assignment_keys))
        return false;
    const struct node *goals = node_find(node, "goals");
    const struct node *target = node_find(node, "target");
    const struct node *baseline = node_find(node, "baseline");
    const struct node *attributes = node_find(node, "attributes");
    bool is_right = reading_name(reading, node_find(node, "plan"), "`plan`", &out->plan);
    is_right &= parse_range(reading, node, &range);
    if (goals)
        is_right &= figures_parse(reading, goals, &out->goals);
    if (target)
        is_right &= targets_parse(reading, target, &out->targets);
    if (baseline)
        is_right &= baselines_parse(reading, baseline, &out->baselines);
    if (attributes)
        is_right &= parse_attributes(reading, attributes, &out->attributes);
    out->from = range.from;
    out->has_until = range.has_until;
    out->until = range.until;
    return is_right;
}

static bool overlap(const struct assignment *a, const struct assignment *b)
{
    return slice_equal(a->plan, b->plan) && (!a->has_until || b->from < a->until) &&
           (!b->has_until || a->from < b->until);
}

static bool check_overlap(struct reading *reading, const struct node *node,
                          const struct assignment *items, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (!overlap(&items[i], &items[index]))
            continue;
        report_error(reading->reports, node_place(node), "overlap",
                     "end the earlier one: `until` is the first day on which it no longer holds",
                     "two assignments to `%.*s` hold on the same days",
                     SLICE_ARGS(items[index].plan));
        return false;
    }
    return true;
}

static bool parse_assignments(struct roster_reading *roster, const struct node *node,
                              struct slice participant)
{
    struct reading *reading = &roster->reading;
    struct roster *record = add_record(roster, participant, SLICE("assignments"));
    if (!reading_list(reading, node, "`assignments`"))
        return false;
    struct assignment *items = reading_take(reading, node->count, sizeof *items);
    if (!items)
        return false;
    bool is_right = true;
    size_t count = 0;
    for (const struct node *item = node->first; item; item = item->next, count++) {
        if (!parse_assignment(reading, item, &items[count]))
            is_right = false;
        else if (is_right)
            is_right = check_overlap(reading, item, items, count);
    }
    record->assignments = (struct list){count > 0 ? items : NULL, count};
    return is_right;
}

/* --- edges --- */

static const struct key_rule edge_keys[] = {
    {"to", KEY_REQUIRED, "to: person:kim"},
    {"as", KEY_REQUIRED, "as: manager"},
    {"share", KEY_REQUIRED, "share: 100%"},
    {"rows", KEY_REQUIRED, "rows: each   # or sums"},
    {"from", KEY_REQUIRED, "from: 2026-01-01"},
    {"until", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_edge(struct reading *reading, const struct node *node, struct edge *out)
{
    static const char *const words[] = {"each", "sums", NULL};
    struct range range = {0};
    int word = 0;
    if (!reading_keys(reading, node, "an edge", edge_keys))
        return false;
    bool is_right = read_participant(reading, node_find(node, "to"), &out->to);
    is_right &= reading_name(reading, node_find(node, "as"), "`as`", &out->as);
    is_right &= reading_share(reading, node_find(node, "share"), "`share`", &out->share);
    is_right &= reading_word(reading, node_find(node, "rows"), "`rows`", words, 2, &word);
    is_right &= parse_range(reading, node, &range);
    out->rows = slice_of(words[word]);
    out->from = range.from;
    out->has_until = range.has_until;
    out->until = range.until;
    return is_right;
}

static bool parse_edges(struct roster_reading *roster, const struct node *node,
                        struct slice participant)
{
    struct reading *reading = &roster->reading;
    struct roster *record = add_record(roster, participant, SLICE("edges"));
    if (!reading_list(reading, node, "`edges`"))
        return false;
    struct edge *items = reading_take(reading, node->count, sizeof *items);
    if (!items)
        return false;
    bool is_right = true;
    size_t count = 0;
    for (const struct node *item = node->first; item; item = item->next)
        is_right &= parse_edge(reading, item, &items[count++]);
    if (count > 0)
        report_warning(reading->reports, node_key_place(node), "not-here", NULL,
                       "edges are kept, but this version passes nothing over them yet");
    record->edges = (struct list){count > 0 ? items : NULL, count};
    return is_right;
}

/* --- participants --- */

static bool parse_one(struct roster_reading *roster, const struct node *node)
{
    struct reading *reading = &roster->reading;
    struct slice participant;
    if (!reading_keys(reading, node, "a participant", participant_keys) ||
        !read_participant(reading, node_find(node, "participant"), &participant))
        return false;
    const struct node *employed = node_find(node, "employed");
    const struct node *assignments = node_find(node, "assignments");
    const struct node *edges = node_find(node, "edges");
    bool is_right = parse_profile(roster, node, participant);
    if (employed)
        is_right &= parse_employed(roster, employed, participant);
    if (assignments)
        is_right &= parse_assignments(roster, assignments, participant);
    if (edges)
        is_right &= parse_edges(roster, edges, participant);
    return is_right;
}

struct named_place {
    struct slice name;
    const struct node *node;
};

static int by_name(const void *a, const void *b)
{
    const struct named_place *first = a;
    const struct named_place *second = b;
    int order = slice_compare(first->name, second->name);
    if (order != 0)
        return order;
    return first->node->line < second->node->line ? -1 : first->node->line > second->node->line;
}

static bool check_twice(struct reading *reading, const struct node *list)
{
    struct named_place *places = reading_take(reading, list->count, sizeof *places);
    size_t count = 0;
    bool is_right = true;
    if (!places)
        return false;
    for (const struct node *item = list->first; item; item = item->next) {
        const struct node *name = node_find(item, "participant");
        if (name && name->kind == NODE_SCALAR)
            places[count++] = (struct named_place){name->text, name};
    }
    if (count > 0)
        qsort(places, count, sizeof *places, by_name);
    for (size_t i = 1; i < count; i++) {
        if (!slice_equal(places[i - 1].name, places[i].name))
            continue;
        report_error(reading->reports, node_place(places[i].node), "twice",
                     "put everything about one participant in one place",
                     "`%.*s` stands in line %d already", SLICE_ARGS(places[i].name),
                     places[i - 1].node->line);
        is_right = false;
    }
    return is_right;
}

enum status roster_parse(const struct node *participants, struct arena *arena,
                         struct reports *reports, struct list *out)
{
    struct roster_reading roster = {.reading = {.arena = arena, .reports = reports}};
    if (!reading_list(&roster.reading, participants, "`participants`"))
        return STATUS_INVALID;
    roster.records =
        reading_take(&roster.reading, participants->count * ASPECTS_MAX, sizeof(struct roster));
    if (!roster.records)
        return STATUS_EXHAUSTED;
    bool is_right = true;
    for (const struct node *item = participants->first; item; item = item->next)
        is_right &= parse_one(&roster, item);
    is_right &= check_twice(&roster.reading, participants);
    if (roster.reading.is_exhausted)
        return STATUS_EXHAUSTED;
    if (!is_right)
        return STATUS_INVALID;
    *out = (struct list){roster.count > 0 ? roster.records : NULL, roster.count};
    return STATUS_OK;
}
