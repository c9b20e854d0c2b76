#include "worker/company.h"

#include <assert.h>
#include <stdio.h>

#include "calendar/date.h"
#include "engine/business_date.h"

enum { ARENA_BYTES_MAX = 32 << 20 };

const char *const company_people[COMPANY_PEOPLE] = {"person:jo", "person:kim", "person:al",
                                                    "team:north", "person:new"};

/* --- chance --- */

struct chance chance_of(uint64_t seed)
{
    /* Mixed, since seeds beside each other would otherwise walk along one sequence. */
    struct chance chance = {seed + 1};
    uint64_t high = chance_draw(&chance, UINT32_MAX);
    return (struct chance){high << 32 | chance_draw(&chance, UINT32_MAX)};
}

uint32_t chance_draw(struct chance *chance, uint32_t below)
{
    uint64_t z = chance->state += 0x9E3779B97F4A7C15u; /* splitmix64 */
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) >> 32) % below;
}

bool chance_one_in(struct chance *chance, uint32_t count)
{
    return chance_draw(chance, count) == 0;
}

/* --- pieces --- */

void *company_take(struct company *company, size_t count, size_t size)
{
    void *items = arena_take_array(&company->arena, count, size);
    assert(items);
    memset(items, 0, count * size);
    return items;
}

struct decimal company_number(const char *text)
{
    struct decimal value = {0};
    enum status status = decimal_parse_share(slice_of(text), &value);
    assert(!status);
    return value;
}

struct slice company_name(struct company *company, const char *format, int index)
{
    char text[32];
    int length = snprintf(text, sizeof text, format, index);
    return arena_copy(&company->arena, (struct slice){text, (size_t)length});
}

struct decimal company_amount(struct chance *chance)
{
    int64_t cents = chance_one_in(chance, 2) ? 25000 * (int64_t)chance_draw(chance, 17)
                                             : (int64_t)chance_draw(chance, 300000);
    if (chance_one_in(chance, 10))
        cents = -cents;
    return (struct decimal){(int128)cents * 10000000};
}

int64_t company_instant(struct chance *chance)
{
    int64_t day = (20430 + (int64_t)chance_draw(chance, 460)) * DAY_MS;
    switch (chance_draw(chance, 6)) {
    case 0:
        return day;
    case 1:
        return day - 1 + 5 * 3600000;
    default:
        return day + (int64_t)chance_draw(chance, 86400000);
    }
}

/* --- its facts --- */

static struct slice key_of_deal(const void *fact, char *out)
{
    (void)out;
    return ((const struct deal *)fact)->deal_id;
}

static struct slice key_of_milestone(const void *fact, char *out)
{
    const struct milestone *milestone = fact;
    (void)out;
    return milestone->deal_id.length ? milestone->deal_id : milestone->milestone_id;
}

static struct slice key_of_payment(const void *fact, char *out)
{
    (void)out;
    return ((const struct payment *)fact)->deal_id;
}

static struct slice key_of_result(const void *fact, char *out)
{
    (void)out;
    return ((const struct result *)fact)->participant;
}

enum { KEY_BYTES = 128 };

static struct slice key_of_roster(const void *fact, char *out)
{
    const struct roster *roster = fact;
    int length = snprintf(out, KEY_BYTES, "%.*s/%.*s", SLICE_ARGS(roster->participant),
                          SLICE_ARGS(roster->aspect));
    return (struct slice){out, (size_t)length};
}

static const struct {
    size_t size;
    enum topic topic;
    enum schema_kind schema;
    struct slice (*key)(const void *fact, char *out); /* NULL: it goes to every partition */
} kinds[COMPANY_KINDS] = {
    [COMPANY_CONTROL] = {sizeof(struct control), TOPIC_CONTROL, SCHEMA_CONTROL, NULL},
    [COMPANY_ROSTER] = {sizeof(struct roster), TOPIC_ROSTER, SCHEMA_ROSTER, key_of_roster},
    [COMPANY_DEAL] = {sizeof(struct deal), TOPIC_DEALS, SCHEMA_DEAL, key_of_deal},
    [COMPANY_MILESTONE] = {sizeof(struct milestone), TOPIC_MILESTONES, SCHEMA_MILESTONE,
                           key_of_milestone},
    [COMPANY_PAYMENT] = {sizeof(struct payment), TOPIC_PAYMENTS, SCHEMA_PAYMENT, key_of_payment},
    [COMPANY_RESULT] = {sizeof(struct result), TOPIC_RESULTS, SCHEMA_RESULT, key_of_result},
};

void *company_fact(const struct company *company, enum company_kind kind, size_t index)
{
    assert(index < company->facts[kind].count);
    return company->facts[kind].items + index * kinds[kind].size;
}

void *company_add(struct company *company, enum company_kind kind)
{
    struct company_facts *facts = &company->facts[kind];
    assert(facts->count < COMPANY_FACTS_MAX);
    if (!facts->items)
        facts->items = company_take(company, COMPANY_FACTS_MAX, kinds[kind].size);
    facts->count++;
    return company_fact(company, kind, facts->count - 1);
}

void company_feed(const struct company *company, enum company_kind kind, size_t index,
                  struct pipeline *pipeline)
{
    char key[KEY_BYTES];
    const void *fact = company_fact(company, kind, index);
    if (kinds[kind].key)
        (void)pipeline_append_fact(pipeline, kinds[kind].topic, kinds[kind].schema, fact,
                                   kinds[kind].key(fact, key), 0);
    else
        pipeline_broadcast(pipeline, fact, 0);
}

static void *known(const struct company *company, enum company_kind kind, struct arena *arena,
                   size_t *out_count)
{
    const struct company_facts *facts = &company->facts[kind];
    size_t size = kinds[kind].size;
    char *items = arena_take_array(arena, facts->count, size);
    assert(items);
    *out_count = 0;
    for (size_t i = 0; i < facts->count; i++) {
        if (!facts->left_out[i])
            memcpy(items + size * (*out_count)++, company_fact(company, kind, i), size);
    }
    return items;
}

struct obvious_facts company_known(const struct company *company, struct arena *arena)
{
    struct obvious_facts facts = {0};
    facts.controls = known(company, COMPANY_CONTROL, arena, &facts.control_count);
    facts.rosters = known(company, COMPANY_ROSTER, arena, &facts.roster_count);
    facts.deals = known(company, COMPANY_DEAL, arena, &facts.deal_count);
    facts.milestones = known(company, COMPANY_MILESTONE, arena, &facts.milestone_count);
    facts.payments = known(company, COMPANY_PAYMENT, arena, &facts.payment_count);
    facts.results = known(company, COMPANY_RESULT, arena, &facts.result_count);
    facts.has_business_date = company_date(company, &facts.business_date);
    return facts;
}

bool company_date(const struct company *company, int32_t *out)
{
    const struct company_facts *controls = &company->facts[COMPANY_CONTROL];
    bool found = false;
    for (size_t i = 0; i < controls->count; i++) {
        char detail[DETAIL_BYTES];
        int32_t date;
        if (controls->left_out[i] ||
            !slice_equal(((const struct control *)company_fact(company, COMPANY_CONTROL, i))->kind,
                         BUSINESS_DATE_KIND) ||
            business_date_read(company_fact(company, COMPANY_CONTROL, i), &date, detail))
            continue;
        *out = found && *out > date ? *out : date;
        found = true;
    }
    return found;
}

/* --- control --- */

static void add_control(struct company *company, const char *kind, const char *id, int version,
                        struct slice document, struct list zones)
{
    struct control *control = company_add(company, COMPANY_CONTROL);
    *control = (struct control){
        .kind = slice_of(kind),
        .id = slice_of(id),
        .version = version,
        .change = company_name(company, "apply-%d", (int)company->facts[COMPANY_CONTROL].count - 1),
        .written_by = SLICE("test"),
        .semantics = zones.count ? 1 : 0,
        .document = document,
        .zones = zones};
}

static void draw_plans(struct company *company)
{
    struct chance *chance = &company->chance;
    for (int plan = 0; plan < 2; plan++) {
        uint64_t shape = chance_draw(chance, UINT32_MAX) | (uint64_t)chance_draw(chance, 64) << 32;
        int versions = 1 + (int)chance_draw(chance, 3) / 2 + (int)chance_draw(chance, 3) / 2;
        for (int version = 1; version <= versions; version++) {
            struct list zones;
            const char *name = plan == 0 ? "ae" : "sdr";
            struct slice document = company_draw_plan(company, name, version, shape, &zones);
            add_control(company, "plan", name, version, document, zones);
        }
    }
}

/* In any order; every second one on the first day of a month. */
static void draw_dates(struct company *company)
{
    struct chance *chance = &company->chance;
    for (uint32_t i = chance_draw(chance, 4); i > 0; i--) {
        struct business_date_record *record = company_take(company, 1, sizeof *record);
        int32_t date = 20430 + (int32_t)chance_draw(chance, 460);
        if (chance_one_in(chance, 2))
            date = date_of_month_number(2026 * 12 + (int32_t)chance_draw(chance, 15), 1);
        business_date_record(date, 0, record);
        *(struct control *)company_add(company, COMPANY_CONTROL) = record->control;
    }
}

static void add_rules(struct company *company, int version)
{
    static const char *const rules[] = {
        "splits: {owner: exactly 100%, sdr: at most 100%}\n", "splits: {owner: any, sdr: any}\n",
        "splits: {owner: at most 120%, overlay: at most 50%}\n",
        "splits: {owner: any}\nmatch: first\nrules:\n"
        "  - {when: {territory: DACH}, credit: {person: jo, role: owner}}\n"
        "  - {when: {category: devices}, credit: {team: north, role: sdr}}\n"
        "  - {when: {deal-type: new}, credit: [{person: kim, role: owner, share: 60%}, "
        "{person: jo, role: sdr, share: 40%}]}\n",
        "match: all\nrules:\n"
        "  - {when: {product: core, line.attribute.grade: a}, credit: {person: jo, role: owner}}\n"
        "  - {when: {territory: [DACH, US]}, credit: {team: north, role: owner, share: 50%}}\n"
        "  - {when: {attribute.score: \">= 7.5\"}, credit: {person: kim, role: overlay}}\n"};
    static const char *const remainders[] = {"",
                                             "",
                                             "remainder: first\n",
                                             "remainder: last\n",
                                             "remainder: largest-share\n",
                                             "remainder: smallest-share\n"};
    char text[512];
    int length = snprintf(text, sizeof text, "%s%s", rules[chance_draw(&company->chance, 5)],
                          remainders[chance_draw(&company->chance, 6)]);
    struct slice document = arena_copy(&company->arena, (struct slice){text, (size_t)length});
    add_control(company, "crediting", "all", version, document, (struct list){0});
}

static void draw_controls(struct company *company)
{
    static const char *const trees[] = {"xscan: scanners\nscanners: devices\ncore: software\n",
                                        "xscan: devices\nplus: scanners\n"};
    struct chance *chance = &company->chance;
    draw_plans(company);
    int versions = (int)chance_draw(chance, 3);
    for (int version = 1; version <= versions; version++)
        add_rules(company, version);
    versions = (int)chance_draw(chance, 3);
    for (int version = 1; version <= versions; version++)
        add_control(company, "categories", "all", version, slice_of(trees[chance_draw(chance, 2)]),
                    (struct list){0});
    draw_dates(company);
}

/* What is published later adds to what was before, and corrects it. */
static void draw_rates(struct company *company)
{
    static const char *const pairs[] = {"EUR/USD", "EUR/USD", "GBP/USD", "USD/EUR", "EUR/GBP"};
    static const char *const values[] = {"1.0815", "1.25", "0.987654321", "2", "1.1", "150.5"};
    struct chance *chance = &company->chance;
    int versions = (int)chance_draw(chance, 4);
    for (int version = 1; version <= versions; version++) {
        struct buffer document = {0};
        uint32_t first = chance_draw(chance, 60);
        for (uint32_t day = 20430 + first; day < 20890; day += 1 + chance_draw(chance, 60)) {
            char date[DATE_TEXT_BYTES];
            size_t length = date_format((int32_t)day, date);
            buffer_printf(&document, "- {on: %.*s, pair: %s, rate: %s}\n", (int)length, date,
                          pairs[chance_draw(chance, 5)], values[chance_draw(chance, 6)]);
        }
        struct slice copy = arena_copy(&company->arena, buffer_slice(&document));
        buffer_deinit(&document);
        add_control(company, "rates", "all", version, copy, (struct list){0});
    }
}

/* --- the whole --- */

void company_init(struct company *company, uint64_t seed)
{
    *company = (struct company){.chance = chance_of(seed)};
    arena_init_growing(&company->arena, ARENA_BYTES_MAX);
    draw_controls(company);
    draw_rates(company);
    company_draw_rosters(company);
    company_draw_deals(company);
    company_draw_facts(company);
}

void company_deinit(struct company *company)
{
    arena_deinit(&company->arena);
}
