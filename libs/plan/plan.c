#include "plan/plan.h"

#include "plan/plan_parts.h"

#include <stdio.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

void plan_hash(struct slice document, char out[PLAN_HASH_BYTES])
{
    XXH128_hash_t hash = XXH3_128bits(document.bytes, document.length);
    snprintf(out, PLAN_HASH_BYTES, "%016llx%016llx", (unsigned long long)hash.high64,
             (unsigned long long)hash.low64);
}

static bool check_count(struct plan_reading *plan, const struct node *node)
{
    if (!reading_map(&plan->reading, node, "`components`"))
        return false;
    if (node->count >= 1 && node->count <= PLAN_COMPONENTS_MAX)
        return true;
    report_error(plan->reading.reports, node_key_place(node), "bad-value", NULL,
                 "a plan has 1 to %d components, not %zu", PLAN_COMPONENTS_MAX, node->count);
    return false;
}

static bool begin_components(struct plan_reading *plan, const struct node *node)
{
    if (!check_count(plan, node))
        return false;
    plan->components = reading_take(&plan->reading, node->count, sizeof *plan->components);
    if (!plan->components)
        return false;
    plan->plan->components = plan->components;
    int32_t index = 0;
    for (const struct node *value = node->first; value; value = value->next, index++) {
        struct plan_component *component = &plan->components[index];
        component->index = index;
        plan->has_begun[index] = component_begin(plan, value, component);
        plan->plan->component_count++;
    }
    return true;
}

static bool parse_components(struct plan_reading *plan, const struct node *node)
{
    if (!begin_components(plan, node))
        return false;
    bool is_right = true;
    size_t index = 0;
    for (const struct node *value = node->first; value; value = value->next, index++) {
        struct plan_component *component = &plan->components[index];
        is_right &= plan->has_begun[index] && component_parse(plan, value, component);
    }
    return is_right && order_components(plan);
}

static bool keep_roles(struct plan_reading *plan)
{
    struct slice *roles = reading_take(&plan->reading, plan->role_count, sizeof *roles);
    if (!roles)
        return false;
    if (plan->role_count > 0)
        memcpy(roles, plan->roles, plan->role_count * sizeof *roles);
    plan->plan->roles = roles;
    plan->plan->role_count = plan->role_count;
    return true;
}

/* Windows longer than a deal need the year and what happens when an assignment changes inside one.
 */
static bool check_windows(struct plan_reading *plan, const struct node *root)
{
    const struct plan *read = plan->plan;
    bool is_right = true;
    bool has_parts_of_years = false;
    bool has_windows = false;
    for (size_t i = 0; i < read->component_count; i++) {
        enum window_over over = read->components[i].over;
        has_parts_of_years |=
            window_count_in_year(over) > 0 || (read->components[i].needs & NEEDS_MONTHS) != 0;
        has_windows |= over != WINDOW_LINE && over != WINDOW_DEAL;
    }
    if (has_windows && !node_find(root, "mid-window")) {
        report_error(plan->reading.reports, node_place(root), "must-say",
                     "mid-window: last   # or blend, split",
                     "a plan whose windows are longer than a deal must say `mid-window`: what "
                     "holds when an assignment or goal changes inside a window");
        is_right = false;
    }
    if (has_parts_of_years && !node_find(root, "calendar")) {
        report_error(plan->reading.reports, node_place(root), "missing-key",
                     "calendar: {year-starts: 01-01}",
                     "a plan with months, quarters, halves or years needs `calendar`");
        is_right = false;
    }
    return is_right;
}

static bool parse(struct plan_reading *plan, const struct node *root)
{
    bool is_right = head_parse(plan, root);
    const struct node *components = node_find(root, "components");
    if (!components)
        return false;
    is_right &= parse_components(plan, components);
    is_right &= check_windows(plan, root);
    const struct node *total = node_find(root, "total");
    if (total)
        is_right &= total_parse(plan, total, &plan->plan->total);
    return is_right && keep_roles(plan);
}

enum status plan_parse(struct slice text, struct slice file, struct arena *arena,
                       const struct plan_sources *sources, struct reports *reports,
                       const struct plan **out)
{
    reports_read(reports, file, text, 1);
    const struct node *root;
    enum status status = node_read_yaml(text, NODE_BYTES_MAX, arena, reports, &root);
    if (status)
        return status;
    struct plan *plan = arena_take(arena, sizeof *plan);
    if (!plan)
        return STATUS_EXHAUSTED;
    struct plan_reading reading = {
        .reading = {.arena = arena, .reports = reports},
        .sources = sources,
        .plan = plan,
    };
    plan->document = arena_copy(arena, text);
    plan_hash(text, plan->hash);
    bool is_right = parse(&reading, root);
    if (!sources->reads_all)
        is_right &= features_refuse(&reading.reading.features, reports);
    if (reading.reading.is_exhausted || !plan->document.bytes)
        return STATUS_EXHAUSTED;
    if (!is_right || reports->error_count > 0)
        return STATUS_INVALID;
    *out = plan;
    return STATUS_OK;
}

const struct plan_component *plan_component_find(const struct plan *plan, struct slice name)
{
    for (size_t i = 0; i < plan->component_count; i++) {
        if (slice_equal(plan->components[i].name, name))
            return &plan->components[i];
    }
    return NULL;
}

uint64_t plan_role_bit(const struct plan *plan, struct slice role)
{
    for (size_t i = 0; i < plan->role_count; i++) {
        if (slice_equal(plan->roles[i], role))
            return UINT64_C(1) << i;
    }
    return 0;
}
