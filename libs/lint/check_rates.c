/* Lists of rates and conditions on rows: those that no row can come to. */
#include "lint/lint_parts.h"

#include "plan/mechanics/bonus.h"
#include "plan/rate_list.h"

static bool same_field(const struct condition *a, const struct condition *b)
{
    return a->field == b->field && slice_equal(a->name, b->name);
}

static bool has_value(const struct condition *condition, struct slice text)
{
    for (size_t i = 0; i < condition->count; i++) {
        if (slice_equal(condition->values[i].text, text))
            return true;
    }
    return false;
}

/* Whether whatever fits `narrow` fits `wide`, as far as lists of values show. */
static bool implies_one(const struct condition *narrow, const struct condition *wide)
{
    if (!same_field(narrow, wide) || narrow->comparator != wide->comparator)
        return false;
    if (narrow->comparator != COMPARE_NONE)
        return narrow->number.units == wide->number.units;
    for (size_t i = 0; i < narrow->count; i++) {
        if (!has_value(wide, narrow->values[i].text))
            return false;
    }
    return true;
}

static bool implies(const struct condition *narrow, size_t narrow_count,
                    const struct condition *wide, size_t wide_count)
{
    for (size_t i = 0; i < wide_count; i++) {
        bool is_implied = false;
        for (size_t k = 0; k < narrow_count && !is_implied; k++)
            is_implied = implies_one(&narrow[k], &wide[i]);
        if (!is_implied)
            return false;
    }
    return true;
}

/* --- rates behind others --- */

/* With `first` the one before always comes first; with `highest` a higher one always wins. */
static bool is_shadowed(const struct rate_list *list, size_t index, size_t by)
{
    const struct rate_choice *one = &list->choices[index];
    const struct rate_choice *other = &list->choices[by];
    bool wins = list->match == MATCH_FIRST
                    ? by < index
                    : other->give > one->give || (other->give == one->give && by < index);
    return index != by && wins && list->match != MATCH_ALL &&
           implies(one->conditions, one->condition_count, other->conditions,
                   other->condition_count);
}

static void check_shadows(struct linting *linting, const struct lint_component *component)
{
    const struct rate_list *list = component->component->rates;
    const struct node *rates = node_find(component->pays, "rates");
    for (size_t i = 0; list && i < list->count; i++) {
        for (size_t by = 0; by < list->count; by++) {
            if (!is_shadowed(list, i, by))
                continue;
            lint_at(linting, node_at(rates, i), "put the narrower condition first, or leave it out",
                    list->match == MATCH_FIRST
                        ? "whatever fits this fits rate %zu, which stands before it"
                        : "whatever fits this fits rate %zu, which is higher",
                    by + 1);
            break;
        }
    }
}

/* --- conditions that exclude each other --- */

static bool is_disjoint(const struct condition *a, const struct condition *b)
{
    if (!same_field(a, b) || a->comparator != COMPARE_NONE || b->comparator != COMPARE_NONE ||
        a->field == CONDITION_CATEGORY)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (has_value(b, a->values[i].text))
            return false;
    }
    return true;
}

static const struct condition *excluded_by(const struct measure *measure,
                                           const struct condition *conditions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < measure->condition_count; k++) {
            if (is_disjoint(&conditions[i], &measure->conditions[k]))
                return &conditions[i];
        }
    }
    return NULL;
}

/* The node of a condition: those of one map stand in its order. */
static const struct node *condition_node(const struct node *when,
                                         const struct condition *conditions,
                                         const struct condition *one)
{
    return node_at(when, (size_t)(one - conditions));
}

static void report_excluded(struct linting *linting, const struct node *when,
                            const struct condition *conditions, const struct condition *one)
{
    const struct node *node = condition_node(when, conditions, one);
    lint_at(linting, node, NULL, "`where` of the measure lets no row through that fits this");
}

static void check_excluded(struct linting *linting, const struct lint_component *component)
{
    const struct plan_component *one = component->component;
    const struct rate_list *list = one->rates;
    const struct node *rates = node_find(component->pays, "rates");
    for (size_t i = 0; list && i < list->count; i++) {
        const struct rate_choice *choice = &list->choices[i];
        const struct condition *out =
            excluded_by(&one->measure, choice->conditions, choice->condition_count);
        if (out)
            report_excluded(linting, node_find(node_at(rates, i), "when"), choice->conditions, out);
    }
    const struct node *bonus = node_find(component->pays, "bonus");
    if (!bonus)
        return;
    const struct bonus_terms *terms = one->terms;
    const struct condition *out =
        excluded_by(&one->measure, terms->conditions, terms->condition_count);
    if (out)
        report_excluded(linting, node_find(bonus, "when"), terms->conditions, out);
}

/* --- conditions on nothing --- */

static void look_at_values(struct linting *linting, const struct node *map)
{
    for (const struct node *one = map ? map->first : NULL; one; one = one->next) {
        for (const struct node *value = lint_first(one); value; value = lint_next(one, value)) {
            if (value->kind == NODE_SCALAR && value->text.length == 0)
                lint_at(linting, value, "leave the condition out",
                        "what is empty fits no condition");
        }
    }
}

static void check_empty(struct linting *linting, const struct lint_component *component)
{
    lint_each_condition(linting, component, look_at_values);
}

/* --- a list that pays nothing, and `else` that repeats --- */

static void check_nothing(struct linting *linting, const struct lint_component *component)
{
    const struct rate_list *list = component->component->rates;
    bool pays = !list || list->otherwise != 0;
    for (size_t i = 0; list && i < list->count; i++)
        pays |= list->choices[i].give != 0;
    if (!pays)
        lint_at_key(linting, node_find(component->pays, "rates"), "pays: nothing",
                    "every rate of the list is 0");
    const struct node *each = node_find(node_find(component->pays, "bonus"), "each");
    struct decimal value;
    if (each && !decimal_parse(each->text, &value) && value.units == 0)
        lint_at(linting, each, "pays: nothing", "a bonus of 0 pays nothing");
}

static void check_else(struct linting *linting, const struct lint_component *component)
{
    const struct rate_list *list = component->component->rates;
    const struct node *rates = node_find(component->pays, "rates");
    for (const struct node *row = list ? rates->first : NULL; row; row = row->next) {
        if (node_find(row, "else") && list->otherwise == 0)
            lint_at(linting, row, "leave it out", "a row that fits no rate pays nothing anyway");
    }
}

static const struct lint_check checks[] = {
    {.code = LINT_UNREACHABLE, .component = check_shadows},
    {.code = LINT_NEVER_HOLDS, .component = check_excluded},
    {.code = LINT_NEVER_HOLDS, .component = check_empty},
    {.code = LINT_PAYS_NOTHING, .component = check_nothing},
    {.code = LINT_NO_EFFECT, .component = check_else},
};

LINT_FAMILY(rates);
