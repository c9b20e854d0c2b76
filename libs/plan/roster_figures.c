#include "plan/roster_figures.h"

#include "plan/fact.h"

static const struct key_rule figure_keys[] = {
    {"annual", KEY_OPTIONAL, NULL},    {"window", KEY_OPTIONAL, NULL},
    {"by-window", KEY_OPTIONAL, NULL}, {"weights", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool read_figure(struct reading *reading, const struct node *node, struct decimal *out)
{
    if (!reading_number(reading, node, "a goal, target or baseline", out))
        return false;
    if (out->units >= 0)
        return true;
    report_error(reading->reports, node_place(node), "bad-value", NULL,
                 "a goal, target or baseline cannot be negative");
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* `plan`, `deal:ID`, `line:ID/ID`, or a year with nothing, -MM, -Q1 … -Q4, -H1, -H2 behind it. */
static bool is_window_id(struct slice id)
{
    const char *text = id.bytes;
    if (slice_equal(id, SLICE("plan")) || slice_starts_with(id, SLICE("deal:")) ||
        slice_starts_with(id, SLICE("line:")))
        return true;
    for (size_t i = 0; i < 4; i++) {
        if (id.length < 4 || !is_digit(text[i]))
            return false;
    }
    if (id.length == 4)
        return true;
    if (id.length != 7 || text[4] != '-')
        return false;
    if (text[5] == 'Q' || text[5] == 'H')
        return text[6] >= '1' && text[6] <= (text[5] == 'Q' ? '4' : '2');
    int month = is_digit(text[5]) && is_digit(text[6]) ? (text[5] - '0') * 10 + text[6] - '0' : 0;
    return month >= 1 && month <= 12;
}

static bool parse_by_window(struct reading *reading, const struct node *node, struct list *out)
{
    if (!reading_map(reading, node, "windows and their figures"))
        return false;
    struct named_decimal *items = reading_take(reading, node->count, sizeof *items);
    if (!items)
        return false;
    bool is_right = true;
    size_t count = 0;
    for (const struct node *value = node->first; value; value = value->next, count++) {
        items[count].name = value->key;
        is_right &= read_figure(reading, value, &items[count].value);
        if (is_window_id(value->key))
            continue;
        report_error(reading->reports, node_key_place(value), "bad-window",
                     "windows are called 2026-03, 2026-Q1, 2026-H1, 2026, plan",
                     "`%.*s` is no window", SLICE_ARGS(value->key));
        is_right = false;
    }
    *out = (struct list){count > 0 ? items : NULL, count};
    return is_right;
}

/* --- weights --- */

static bool read_weight(struct reading *reading, const struct node *node, int128 *total)
{
    struct decimal share;
    if (!reading_share(reading, node, "a weight", &share))
        return false;
    *total += share.units;
    if (share.units >= 0)
        return true;
    report_error(reading->reports, node_place(node), "bad-value", NULL,
                 "a weight cannot be negative");
    return false;
}

static bool check_weights(struct reading *reading, const struct node *node, int128 total)
{
    bool is_year = node->count == 1 || node->count == 2 || node->count == 4 || node->count == 12;
    if (!is_year) {
        report_error(reading->reports, node_place(node), "bad-value", NULL,
                     "a year has 1, 2, 4 or 12 windows, and `weights` %zu shares", node->count);
        return false;
    }
    if (total == ONE_SHARE)
        return true;
    report_error(reading->reports, node_place(node), "not-100-percent", NULL,
                 "`weights` must total 100 %%");
    return false;
}

static bool parse_weights(struct reading *reading, const struct node *node, struct list *out)
{
    if (!reading_list(reading, node, "`weights`"))
        return false;
    struct slice *weights = reading_take(reading, node->count, sizeof *weights);
    if (!weights)
        return false;
    bool is_right = true;
    size_t count = 0;
    int128 total = 0;
    for (const struct node *item = node->first; item; item = item->next) {
        is_right &= read_weight(reading, item, &total);
        weights[count++] = item->text;
    }
    *out = (struct list){count > 0 ? weights : NULL, count};
    return is_right && check_weights(reading, node, total);
}

/* --- forms --- */

static bool parse_annual(struct reading *reading, const struct node *node, struct figure *figure)
{
    const struct node *weights = node_find(node, "weights");
    figure->has_annual = true;
    bool is_right = read_figure(reading, node_find(node, "annual"), &figure->annual);
    return (!weights || parse_weights(reading, weights, &figure->weights)) && is_right;
}

static bool parse_form(struct reading *reading, const struct node *node, struct figure *figure)
{
    if (!reading_keys(reading, node, "a goal or target", figure_keys))
        return false;
    const struct node *weights = node_find(node, "weights");
    if (node->count != (weights ? 2 : 1) || (weights && !node_find(node, "annual"))) {
        report_error(reading->reports, node_place(node), "bad-value",
                     "{annual: 1000000}, {annual: 1000000, weights: [20%, 20%, 20%, 40%]}, "
                     "{window: 250000} or {by-window: {2026-Q1: 200000}}",
                     "a goal or target has exactly one form");
        return false;
    }
    const struct node *window = node_find(node, "window");
    if (node_find(node, "annual"))
        return parse_annual(reading, node, figure);
    figure->has_window = window != NULL;
    return window ? read_figure(reading, window, &figure->window)
                  : parse_by_window(reading, node_find(node, "by-window"), &figure->by_window);
}

/* {COMPONENT: …}, of which `parse` reads what stands behind each. */
static bool parse_map(struct reading *reading, const struct node *node, const char *what,
                      bool (*parse)(struct reading *, const struct node *, struct figure *),
                      struct list *out)
{
    if (!reading_map(reading, node, what))
        return false;
    struct figure *figures = reading_take(reading, node->count, sizeof *figures);
    if (!figures)
        return false;
    bool is_right = true;
    size_t count = 0;
    for (const struct node *value = node->first; value; value = value->next) {
        figures[count].component = value->key;
        is_right &= parse(reading, value, &figures[count++]);
    }
    *out = (struct list){count > 0 ? figures : NULL, count};
    return is_right;
}

bool figures_parse(struct reading *reading, const struct node *node, struct list *out)
{
    return parse_map(reading, node, "goals and targets", parse_form, out);
}

/* `target:` is one form for every component, or a map of components. */
bool targets_parse(struct reading *reading, const struct node *node, struct list *out)
{
    bool is_form = node_find(node, "annual") || node_find(node, "window") ||
                   node_find(node, "by-window") || node_find(node, "weights");
    if (!is_form)
        return figures_parse(reading, node, out);
    struct figure *figure = reading_take(reading, 1, sizeof *figure);
    if (!figure)
        return false;
    figure->component = SLICE("");
    *out = (struct list){figure, 1};
    return parse_form(reading, node, figure);
}

static bool parse_baseline(struct reading *reading, const struct node *node, struct figure *figure)
{
    return parse_by_window(reading, node, &figure->by_window);
}

bool baselines_parse(struct reading *reading, const struct node *node, struct list *out)
{
    return parse_map(reading, node, "`baseline`", parse_baseline, out);
}
