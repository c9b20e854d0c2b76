#include <stdio.h>
#include <stdlib.h>

#include "engine/obvious_parts.h"

enum { DOCUMENT_BYTES_MAX = 1 << 20 };

mpq_srcptr obvious_refuse(struct obvious *all, const struct obvious_plan *plan,
                          const struct node *at, const char *what)
{
    if (all->status)
        return NULL;
    all->status = STATUS_INVALID;
    (void)snprintf(all->detail, DETAIL_BYTES, "plan %.*s version %lld, line %d: %s",
                   plan ? (int)plan->name.length : 7, plan ? plan->name.bytes : "control",
                   plan ? (long long)plan->version : 0, at ? (int)at->line : 0, what);
    return NULL;
}

mpq_srcptr obvious_number_at(struct obvious *all, const struct obvious_plan *plan,
                             const struct node *map, const char *key)
{
    const struct node *value = node_find(map, key);
    mpq_srcptr number =
        value && value->kind == NODE_SCALAR ? number_read(&all->numbers, value->text) : NULL;
    return number ? number : obvious_refuse(all, plan, value ? value : map, "a number is missing");
}

const struct node *obvious_component(const struct obvious_plan *plan, struct slice name)
{
    const struct node *one = plan->components ? plan->components->first : NULL;
    while (one && !slice_equal(one->key, name))
        one = one->next;
    return one;
}

/* What may stand where; anything else is refused, since ignoring it would be valuing another plan.
 */
static const char *const head_keys[] = {
    "milepost",      "plan",       "version",   "title",    "currency",
    "timezone",      "calendar",   "effective", "rounding", "mid-window",
    "split-windows", "components", "total",     "redeem",   NULL};
static const char *const component_keys[] = {"title", "measure", "cancelled",   "over",    "goal",
                                             "pays",  "adjust",  "attribution", "release", NULL};
static const char *const measure_keys[] = {"of",      "sum",   "count",  "role", "where",   "plus",
                                           "convert", "share", "result", "take", "missing", NULL};
static const char *const cancelled_keys[] = {"effect", "take", "linear", "basis", NULL};
static const char *const goal_keys[] = {"from",       "fixed",    "weights",  "ramp",
                                        "ramp-from",  "prorate",  "decimals", "direction",
                                        "attainment", "baseline", "zero",     NULL};
static const char *const release_keys[] = {"when", "holdback", "refund-before-payment", "terms",
                                           NULL};

static void check_keys(struct obvious *all, const struct obvious_plan *plan, const struct node *map,
                       const char *const *keys)
{
    if (!map || map->kind != NODE_MAP)
        return;
    for (const struct node *value = map->first; value; value = value->next) {
        size_t i = 0;
        while (keys[i] && !slice_equal(value->key, slice_of(keys[i])))
            i++;
        if (!keys[i])
            (void)obvious_refuse(all, plan, value, "a key that is not valued here");
    }
}

static void check_component(struct obvious *all, const struct obvious_plan *plan,
                            const struct node *component)
{
    const struct node *measure = node_find(component, "measure");
    check_keys(all, plan, component, component_keys);
    check_keys(all, plan, measure, measure_keys);
    check_keys(all, plan, node_find(component, "cancelled"), cancelled_keys);
    check_keys(all, plan, node_find(component, "goal"), goal_keys);
    check_keys(all, plan, node_find(component, "release"), release_keys);
    if (measure && obvious_of(component) == OF_NOTHING)
        (void)obvious_refuse(all, plan, measure, "a measure that is not valued here");
}

static struct zone zone_named(struct obvious *all, const struct control *control, struct slice name)
{
    const struct zone_table *tables = control->zones.items;
    for (size_t i = 0; i < control->zones.count; i++) {
        if (!slice_equal(tables[i].zone, name))
            continue;
        const struct zone_transition *rows = tables[i].transitions.items;
        size_t count = tables[i].transitions.count;
        struct zone_change *changes = arena_take_array(all->arena, count, sizeof *changes);
        for (size_t k = 0; changes && k < count; k++)
            changes[k] = (struct zone_change){rows[k].at, rows[k].offset_s};
        if (!changes)
            all->status = STATUS_EXHAUSTED;
        return (struct zone){changes, changes ? count : 0};
    }
    if (!slice_equal(name, SLICE("UTC")))
        (void)obvious_refuse(all, NULL, NULL, "a plan whose time zone has no table");
    return (struct zone){0};
}

const struct node *obvious_read_document(struct obvious *all, struct slice document)
{
    struct reports reports;
    reports_init(&reports, all->arena);
    reports_read(&reports, SLICE("document"), document, 1);
    const struct node *root = NULL;
    if (node_read_yaml(document, DOCUMENT_BYTES_MAX, all->arena, &reports, &root))
        (void)obvious_refuse(all, NULL, NULL, "a document that is no YAML");
    return root;
}

static struct slice text_at(const struct node *map, const char *key)
{
    const struct node *value = node_find(map, key);
    return value ? value->text : (struct slice){0};
}

void obvious_read_calendar(struct obvious *all, struct obvious_plan *plan)
{
    const struct node *calendar = node_find(plan->root, "calendar");
    struct slice starts = text_at(calendar, "year-starts");
    if (calendar_make(text_at(calendar, "weeks"), starts.bytes ? starts : SLICE("01-01"),
                      &plan->calendar))
        (void)obvious_refuse(all, plan, calendar, "a calendar that does not read");
}

static void read_plan(struct obvious *all, const struct control *control)
{
    const struct node *root = obvious_read_document(all, control->document);
    if (!root)
        return;
    const struct node *effective = node_find(root, "effective");
    struct obvious_plan plan = {.name = text_at(root, "plan"),
                                .version = control->version,
                                .root = root,
                                .components = node_find(root, "components"),
                                .currency = text_at(root, "currency"),
                                .until = DATE_MAX + 1};
    check_keys(all, &plan, root, head_keys);
    obvious_read_calendar(all, &plan);
    struct slice until = text_at(effective, "until");
    if (date_parse(text_at(effective, "from"), &plan.from) ||
        (until.bytes && date_parse(until, &plan.until)))
        (void)obvious_refuse(all, &plan, effective, "a date that does not read");
    plan.calendar.plan_from = plan.from;
    plan.calendar.plan_until = plan.until;
    plan.zone = zone_named(all, control, text_at(root, "timezone"));
    for (const struct node *one = plan.components ? plan.components->first : NULL; one;
         one = one->next)
        check_component(all, &plan, one);
    all->plans[all->plan_count++] = plan;
}

/* Control's sections come as the whole section; its own name before it is taken off. */
static const struct node *read_section(struct obvious *all, const struct control *control,
                                       const char *name)
{
    const struct node *root = obvious_read_document(all, control->document);
    const struct node *inner = node_find(root, name);
    return inner && inner->kind != NODE_SCALAR ? inner : root;
}

static const struct control *newest(const struct obvious_facts *facts, struct slice kind)
{
    const struct control *found = NULL;
    for (size_t i = 0; i < facts->control_count; i++)
        if (slice_equal(facts->controls[i].kind, kind) &&
            (!found || facts->controls[i].version > found->version))
            found = &facts->controls[i];
    return found;
}

static int by_version(const void *a, const void *b)
{
    const struct control *const *one = a;
    const struct control *const *other = b;
    return ((*one)->version < (*other)->version) - ((*one)->version > (*other)->version);
}

/* "Only a published pair is used": what was published once stays so until its pair and day are
 * published again. */
static void read_rates(struct obvious *all)
{
    const struct obvious_facts *facts = all->facts;
    const struct control **controls =
        arena_take_array(all->arena, facts->control_count + 1, sizeof *controls);
    all->rates = arena_take_array(all->arena, facts->control_count + 1, sizeof *all->rates);
    size_t count = 0;
    if (!controls || !all->rates) {
        all->status = STATUS_EXHAUSTED;
        return;
    }
    for (size_t i = 0; i < facts->control_count; i++)
        if (slice_equal(facts->controls[i].kind, SLICE("rates")))
            controls[count++] = &facts->controls[i];
    if (count > 1)
        qsort(controls, count, sizeof *controls, by_version);
    for (size_t i = 0; i < count && !all->status; i++)
        all->rates[all->rates_count++] = read_section(all, controls[i], "rates");
}

static bool is_read(const struct obvious *all, const struct control *control)
{
    for (const struct control *other = all->facts->controls; other < control; other++)
        if (slice_equal(other->kind, control->kind) && slice_equal(other->id, control->id) &&
            other->version == control->version)
            return true;
    return false;
}

void obvious_read_documents(struct obvious *all)
{
    const struct obvious_facts *facts = all->facts;
    all->plans = arena_take_array(all->arena, facts->control_count, sizeof *all->plans);
    if (!all->plans) {
        all->status = STATUS_EXHAUSTED;
        return;
    }
    for (size_t i = 0; !all->status && i < facts->control_count; i++)
        if (slice_equal(facts->controls[i].kind, SLICE("plan")) &&
            !is_read(all, &facts->controls[i]))
            read_plan(all, &facts->controls[i]);
    const struct control *crediting = newest(facts, SLICE("crediting"));
    if (!all->status && crediting) {
        const struct node *section = read_section(all, crediting, "crediting");
        all->splits = node_find(section, "splits");
        all->remainder = text_at(section, "remainder");
        all->rules = node_find(section, "rules");
        all->takes_all = node_is(node_find(section, "match"), "all");
    }
    if (!all->status)
        read_rates(all);
    const struct control *categories = newest(facts, SLICE("categories"));
    if (!all->status && categories)
        all->categories = read_section(all, categories, "categories");
}
