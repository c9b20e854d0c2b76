#include "plan/reading.h"

#include "calendar/date.h"

#include <assert.h>
#include <stdio.h>

enum { WORDS_MAX = 64, LIST_TEXT_BYTES = 256, NAME_BYTES_MAX = 64 };

struct place node_place(const struct node *node)
{
    return (struct place){node->line, node->column};
}

struct place node_key_place(const struct node *node)
{
    return (struct place){node->key_line, node->key_column};
}

bool reading_refuse(struct reading *reading, const struct node *node, const char *fix,
                    const char *sentence)
{
    report_error(reading->reports, node_place(node), "bad-value", fix, "%s", sentence);
    return false;
}

void *reading_take(struct reading *reading, size_t count, size_t size)
{
    void *memory = arena_take_array(reading->arena, count, size);
    if (!memory)
        reading->is_exhausted = true;
    return memory;
}

static bool key_fits(struct slice key, const char *rule)
{
    struct slice name = slice_of(rule);
    bool is_prefix = name.length > 0 && name.bytes[name.length - 1] == '.';
    if (is_prefix)
        return key.length > name.length && slice_starts_with(key, name);
    return slice_equal(key, name);
}

static const struct key_rule *find_rule(struct slice key, const struct key_rule *rules)
{
    for (; rules->key; rules++) {
        if (key_fits(key, rules->key))
            return rules;
    }
    return NULL;
}

static bool refuse_unknown(struct reading *reading, const struct node *value, const char *what,
                           const struct key_rule *rules)
{
    const char *words[WORDS_MAX];
    size_t count = 0;
    for (; rules->key && count < WORDS_MAX - 1; rules++) {
        if (rules->presence != KEY_LATER)
            words[count++] = rules->key;
    }
    words[count] = NULL;
    const char *nearest = report_nearest(value->key, words);
    char fix[LIST_TEXT_BYTES] = "";
    size_t length = 0;
    if (nearest)
        length += (size_t)snprintf(fix, sizeof fix, "did you mean `%s`?", nearest);
    for (size_t i = 0; !nearest && i < count && length < sizeof fix; i++)
        length +=
            (size_t)snprintf(fix + length, sizeof fix - length, "%s%s%s", i == 0 ? "it has " : ", ",
                             words[i], words[i][strlen(words[i]) - 1] == '.' ? "NAME" : "");
    report_error(reading->reports, node_key_place(value), "unknown-key", fix,
                 "%s has no key `%.*s`", what, SLICE_ARGS(value->key));
    return false;
}

static bool check_key(struct reading *reading, const struct node *value, const char *what,
                      const struct key_rule *rules)
{
    const struct key_rule *rule = find_rule(value->key, rules);
    if (!rule)
        return refuse_unknown(reading, value, what, rules);
    if (rule->presence != KEY_LATER)
        return true;
    report_error(reading->reports, node_key_place(value), "not-here", rule->fix,
                 "`%.*s` of %s is in the language, but this version cannot do it yet",
                 SLICE_ARGS(value->key), what);
    return false;
}

static bool check_presence(struct reading *reading, const struct node *map, const char *what,
                           const struct key_rule *rule)
{
    bool is_needed = rule->presence == KEY_REQUIRED || rule->presence == KEY_MUST_SAY;
    if (!is_needed || node_find(map, rule->key))
        return true;
    struct place place = map->key.bytes ? node_key_place(map) : node_place(map);
    if (rule->presence == KEY_MUST_SAY)
        report_error(reading->reports, place, "must-say", rule->fix,
                     "%s must say `%s`: practice is divided and nothing is assumed", what,
                     rule->key);
    else
        report_error(reading->reports, place, "missing-key", rule->fix, "%s needs `%s`", what,
                     rule->key);
    return false;
}

bool reading_keys(struct reading *reading, const struct node *node, const char *what,
                  const struct key_rule *rules)
{
    if (!reading_map(reading, node, what))
        return false;
    bool is_right = true;
    for (const struct node *value = node->first; value; value = value->next)
        is_right &= check_key(reading, value, what, rules);
    for (; rules->key; rules++)
        is_right &= check_presence(reading, node, what, rules);
    return is_right;
}

static bool refuse(struct reading *reading, const struct node *node, const char *what,
                   const char *wanted)
{
    if (node->kind == NODE_SCALAR && !node_is_null(node))
        report_error(reading->reports, node_place(node), "bad-value", NULL,
                     "%s must be %s, not `%.*s`", what, wanted, SLICE_ARGS(node->text));
    else
        report_error(reading->reports, node_place(node), "bad-value", NULL, "%s must be %s", what,
                     wanted);
    return false;
}

bool reading_map(struct reading *reading, const struct node *node, const char *what)
{
    return node->kind == NODE_MAP ||
           refuse(reading, node, what, "a map: `key: value` lines, or {key: value}");
}

bool reading_list(struct reading *reading, const struct node *node, const char *what)
{
    return node->kind == NODE_LIST ||
           refuse(reading, node, what, "a list: `- item` lines, or [item, item]");
}

bool reading_text(struct reading *reading, const struct node *node, const char *what,
                  struct slice *out)
{
    if (node->kind != NODE_SCALAR || node_is_null(node))
        return refuse(reading, node, what, "a word or a text");
    *out = node->text;
    return true;
}

static void list_words(const char *const *words, int count, char out[LIST_TEXT_BYTES])
{
    size_t length = 0;
    out[0] = '\0';
    for (int i = 0; i < count && words[i] && length < LIST_TEXT_BYTES; i++)
        length += (size_t)snprintf(out + length, LIST_TEXT_BYTES - length, "%s%s",
                                   i == 0 ? "one of " : ", ", words[i]);
}

bool reading_word(struct reading *reading, const struct node *node, const char *what,
                  const char *const *words, int here_count, int *out)
{
    char list[LIST_TEXT_BYTES];
    list_words(words, here_count, list);
    if (node->kind != NODE_SCALAR)
        return refuse(reading, node, what, list);
    for (int i = 0; words[i]; i++) {
        if (!slice_equal(node->text, slice_of(words[i])))
            continue;
        if (i < here_count) {
            *out = i;
            return true;
        }
        report_error(reading->reports, node_place(node), "not-here", list,
                     "%s `%s` is in the language, but this version cannot do it yet", what,
                     words[i]);
        return false;
    }
    const char *nearest = report_nearest(node->text, words);
    char fix[LIST_TEXT_BYTES];
    snprintf(fix, sizeof fix, "did you mean `%s`?", nearest ? nearest : "");
    report_error(reading->reports, node_place(node), "bad-word", nearest ? fix : NULL,
                 "%s must be %s, not `%.*s`", what, list, SLICE_ARGS(node->text));
    return false;
}

bool reading_flag(struct reading *reading, const struct node *node, const char *what, bool *out)
{
    static const char *const words[] = {"no", "yes", "false", "true", NULL};
    int word;
    if (!reading_word(reading, node, what, words, 4, &word))
        return false;
    *out = word % 2 == 1;
    return true;
}

static void note(struct reading *reading, enum feature feature, struct place place)
{
    if (!feature_note(&reading->features, reading->arena, feature, place))
        reading->is_exhausted = true;
}

void reading_feature(struct reading *reading, enum feature feature, const struct node *node)
{
    note(reading, feature, node_place(node));
}

void reading_key_feature(struct reading *reading, enum feature feature, const struct node *node)
{
    note(reading, feature, node_key_place(node));
}

static bool refuse_number(struct reading *reading, const struct node *node, const char *what,
                          enum status status, const char *wanted)
{
    if (status == STATUS_OUT_OF_RANGE) {
        report_error(reading->reports, node_place(node), "out-of-range", NULL,
                     "%s is larger than can be held: `%.*s`", what, SLICE_ARGS(node->text));
        return false;
    }
    bool has_comma = memchr(node->text.bytes, ',', node->text.length) != NULL;
    report_error(reading->reports, node_place(node), "bad-number",
                 has_comma ? "write 1500 or 1500.00, without commas" : NULL,
                 "%s must be %s with at most 9 decimals, not `%.*s`", what, wanted,
                 SLICE_ARGS(node->text));
    return false;
}

static bool ends_in_percent(struct slice text)
{
    return text.length > 0 && text.bytes[text.length - 1] == '%';
}

bool reading_number(struct reading *reading, const struct node *node, const char *what,
                    struct decimal *out)
{
    if (node->kind != NODE_SCALAR || node_is_null(node))
        return refuse(reading, node, what, "a number");
    enum status status = decimal_parse(node->text, out);
    if (status)
        return refuse_number(reading, node, what, status, "a number, without `%`,");
    return true;
}

bool reading_share(struct reading *reading, const struct node *node, const char *what,
                   struct decimal *out)
{
    if (node->kind != NODE_SCALAR || node_is_null(node))
        return refuse(reading, node, what, "a share such as 12.5%");
    enum status status =
        ends_in_percent(node->text) ? decimal_parse_share(node->text, out) : STATUS_INVALID;
    if (status)
        return refuse_number(reading, node, what, status, "a share such as 12.5%");
    return true;
}

bool reading_number_or_share(struct reading *reading, const struct node *node, const char *what,
                             struct decimal *out, bool *out_is_share)
{
    if (node->kind != NODE_SCALAR || node_is_null(node))
        return refuse(reading, node, what, "a number or a share such as 12.5%");
    enum status status = decimal_parse_share(node->text, out);
    if (status)
        return refuse_number(reading, node, what, status, "a number or a share such as 12.5%");
    *out_is_share = ends_in_percent(node->text);
    return true;
}

bool reading_figure(struct reading *reading, const struct node *node, const char *what,
                    enum figure_kind kind, struct decimal *out)
{
    bool is_share;
    if (kind == FIGURE_NUMBER)
        return reading_number(reading, node, what, out);
    if (kind == FIGURE_SHARE)
        return reading_share(reading, node, what, out);
    return reading_number_or_share(reading, node, what, out, &is_share);
}

bool reading_whole(struct reading *reading, const struct node *node, const char *what, int64_t min,
                   int64_t max, int64_t *out)
{
    char wanted[96];
    struct decimal value;
    snprintf(wanted, sizeof wanted, "a whole number from %lld to %lld", (long long)min,
             (long long)max);
    if (node->kind != NODE_SCALAR || decimal_parse(node->text, &value) ||
        value.units % 1000000000 != 0 || value.units / 1000000000 < min ||
        value.units / 1000000000 > max)
        return refuse(reading, node, what, wanted);
    *out = (int64_t)(value.units / 1000000000);
    return true;
}

bool reading_date(struct reading *reading, const struct node *node, const char *what, int32_t *out)
{
    if (node->kind != NODE_SCALAR || date_parse(node->text, out))
        return refuse(reading, node, what, "a date such as 2026-03-31");
    return true;
}

bool reading_duration(struct reading *reading, const struct node *node, const char *what,
                      struct duration *out)
{
    if (node->kind != NODE_SCALAR || duration_parse(node->text, out))
        return refuse(reading, node, what, "a duration such as 30 days, 4 weeks or 18 months");
    return true;
}

static bool is_name_byte(char c, bool is_first)
{
    bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_plain || (!is_first && (c == '-' || c == '_'));
}

bool reading_name(struct reading *reading, const struct node *node, const char *what,
                  struct slice *out)
{
    const char *wanted = "a name: up to 64 letters, digits, `-` and `_`, beginning with a letter "
                         "or digit";
    if (node->kind != NODE_SCALAR || node->text.length == 0 || node->text.length > NAME_BYTES_MAX)
        return refuse(reading, node, what, wanted);
    for (size_t i = 0; i < node->text.length; i++) {
        if (!is_name_byte(node->text.bytes[i], i == 0))
            return refuse(reading, node, what, wanted);
    }
    *out = node->text;
    return true;
}

bool reading_scale(struct reading *reading, const struct node *node, struct decimal value,
                   int128 *out)
{
    if (!__builtin_mul_overflow(value.units, (int128)1000000000, out))
        return true;
    report_error(reading->reports, node_place(node), "out-of-range", NULL,
                 "`%.*s` is larger than a measure can be", SLICE_ARGS(node->text));
    return false;
}
