#include "plan/plan_parts.h"

struct when_reading {
    struct plan_reading *plan;
    const struct plan_component *component; /* NULL: total */
    struct when_part *parts;
    int32_t count;
    int32_t capacity;
};

static bool parse(struct when_reading *when, const struct node *node, int depth);

static bool refuse(struct when_reading *when, const struct node *node, const char *code,
                   const char *fix, const char *sentence)
{
    report_error(when->plan->reading.reports, node_place(node), code, fix, "%s", sentence);
    return false;
}

/* --- leaves --- */

static const struct key_rule component_keys[] = {
    {"component", KEY_REQUIRED, "component: new-business"},
    {"attainment", KEY_OPTIONAL, NULL},
    {"earned", KEY_OPTIONAL, NULL},
    {"window", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool check_self(struct when_reading *when, const struct node *node,
                       const struct when_part *part)
{
    if (!when->component || part->look.component != when->component->index)
        return true;
    return refuse(when, node, "circle", NULL,
                  "a component may look at its own attainment, not at its own pay");
}

static bool parse_component(struct when_reading *when, const struct node *node,
                            struct when_part *part)
{
    struct plan_reading *plan = when->plan;
    if (!reading_keys(&plan->reading, node, "the condition", component_keys))
        return false;
    const struct node *name = node_find(node, "component");
    const struct node *attainment = node_find(node, "attainment");
    const struct node *earned = node_find(node, "earned");
    if ((attainment != NULL) == (earned != NULL))
        return refuse(when, node, "bad-value", "{component: revenue, attainment: \">= 100%\"}",
                      "a condition on a component compares `attainment` or `earned`");
    part->kind = attainment ? WHEN_ATTAINMENT : WHEN_EARNED;
    reading_feature(&plan->reading, attainment ? FEATURE_WHEN_ATTAINMENT : FEATURE_WHEN_EARNED,
                    node);
    bool is_right =
        look_parse(plan, when->component, name, node_find(node, "window"), LOOK_COUNT, &part->look);
    is_right &= comparison_parse(
        &plan->reading, attainment ? attainment : earned, attainment ? "`attainment`" : "`earned`",
        attainment ? FIGURE_SHARE : FIGURE_NUMBER, &part->comparator, &part->bound);
    if (!is_right)
        return false;
    return attainment ? look_check_goal(plan, name, part->look) : check_self(when, name, part);
}

static const struct key_rule result_keys[] = {
    {"result", KEY_REQUIRED, "result: nps"},
    {"value", KEY_REQUIRED, "value: \"< 30\""},
    {"of", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

bool result_name_parse(struct plan_reading *plan, const struct node *map, struct result_name *out)
{
    static const char *const words[] = {
#define OWNER_WORD(symbol, name) name,
        RESULT_OWNER_LIST(OWNER_WORD)
#undef OWNER_WORD
            NULL,
    };
    const struct node *of = node_find(map, "of");
    int word = RESULT_OF_SELF;
    bool is_right =
        reading_text(&plan->reading, node_find(map, "result"), "`result`", &out->result);
    if (of)
        is_right &= reading_word(&plan->reading, of, "`of`", words, RESULT_OWNER_COUNT, &word);
    out->owner = (enum result_owner)word;
    if (out->owner != RESULT_OF_SELF)
        reading_feature(&plan->reading, FEATURE_RESULT_OF_OTHERS, of);
    return is_right;
}

static bool parse_result(struct when_reading *when, const struct node *node, struct when_part *part)
{
    struct plan_reading *plan = when->plan;
    part->kind = WHEN_RESULT;
    reading_feature(&plan->reading, FEATURE_WHEN_RESULT, node);
    if (!reading_keys(&plan->reading, node, "the condition", result_keys))
        return false;
    bool is_right = result_name_parse(plan, node, &part->result);
    return comparison_parse(&plan->reading, node_find(node, "value"), "`value`", FIGURE_EITHER,
                            &part->comparator, &part->bound) &&
           is_right;
}

static const struct key_rule attribute_keys[] = {
    {"attribute", KEY_REQUIRED, "attribute: level"},
    {"is", KEY_REQUIRED, "is: senior   # or a list, or \">= 3\""},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_attribute(struct when_reading *when, const struct node *node,
                            struct when_part *part)
{
    struct reading *reading = &when->plan->reading;
    part->kind = WHEN_ATTRIBUTE;
    part->attribute.field = CONDITION_ATTRIBUTE;
    reading_feature(reading, FEATURE_WHEN_ATTRIBUTE, node);
    return reading_keys(reading, node, "the condition", attribute_keys) &&
           reading_text(reading, node_find(node, "attribute"), "`attribute`",
                        &part->attribute.name) &&
           condition_parse_value(reading, node_find(node, "is"), &part->attribute);
}

/* --- trees --- */

static bool parse_list(struct when_reading *when, const struct node *list, int depth)
{
    if (!reading_list(&when->plan->reading, list, "`all` and `any`"))
        return false;
    if (list->count == 0)
        return refuse(when, list, "bad-value", NULL, "an empty list of conditions says nothing");
    bool is_right = true;
    for (const struct node *item = list->first; item; item = item->next)
        is_right &= parse(when, item, depth);
    return is_right;
}

static const struct {
    const char *key;
    enum when_kind kind;
} joins[] = {{"all", WHEN_ALL}, {"any", WHEN_ANY}, {"not", WHEN_NOT}};

static bool parse_join(struct when_reading *when, const struct node *node, const struct node *value,
                       enum when_kind kind, int32_t index, int depth)
{
    when->parts[index].kind = kind;
    if (node->count != 1)
        return refuse(when, node, "bad-value", "all: [{…}, {…}]",
                      "`all`, `any` and `not` stand alone in their map");
    bool is_right = kind == WHEN_NOT ? parse(when, value, depth) : parse_list(when, value, depth);
    when->parts[index].end = when->count;
    return is_right;
}

static const struct {
    const char *key;
    bool (*parse)(struct when_reading *when, const struct node *node, struct when_part *part);
} leaves[] = {
    {"component", parse_component},
    {"result", parse_result},
    {"attribute", parse_attribute},
};

static bool parse_map(struct when_reading *when, const struct node *node, int32_t index, int depth)
{
    for (size_t i = 0; i < sizeof joins / sizeof joins[0]; i++) {
        const struct node *value = node_find(node, joins[i].key);
        if (value)
            return parse_join(when, node, value, joins[i].kind, index, depth + 1);
    }
    for (size_t i = 0; i < sizeof leaves / sizeof leaves[0]; i++) {
        if (node_find(node, leaves[i].key))
            return leaves[i].parse(when, node, &when->parts[index]);
    }
    return refuse(when, node, "bad-value",
                  "{component: revenue, attainment: \">= 100%\", window: same}\n"
                  "{result: nps, value: \"< 30\", of: team}\n{attribute: level, is: senior}",
                  "a condition names a component, a result or an attribute, or joins conditions by "
                  "`all`, `any` or `not`");
}

static bool parse(struct when_reading *when, const struct node *node, int depth)
{
    if (!reading_map(&when->plan->reading, node, "a condition"))
        return false;
    if (depth > WHEN_DEPTH_MAX || when->count == when->capacity)
        return refuse(when, node, "too-many", NULL,
                      "a condition has at most 256 parts, 16 in one another");
    int32_t index = when->count++;
    when->parts[index].end = when->count;
    return parse_map(when, node, index, depth);
}

/* Parts that a tree has at most: its maps. */
static int32_t count_maps(const struct node *node)
{
    int32_t count = node->kind == NODE_MAP;
    for (const struct node *value = node->first; value; value = value->next)
        count += count_maps(value);
    return count < WHEN_PARTS_MAX ? count : WHEN_PARTS_MAX;
}

bool when_parse(struct plan_reading *plan, const struct plan_component *component,
                const struct node *node, struct when *out)
{
    struct when_reading when = {.plan = plan, .component = component, .capacity = count_maps(node)};
    when.parts = reading_take(&plan->reading, (size_t)when.capacity, sizeof *when.parts);
    if (!when.parts || !parse(&when, node, 1))
        return false;
    *out = (struct when){when.parts, when.count};
    return true;
}
