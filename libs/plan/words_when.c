#include "plan/words.h"

const char *words_comparator(enum comparator comparator)
{
    static const char *const names[] = {
        [COMPARE_NONE] = "",
        [COMPARE_LESS] = "below",
        [COMPARE_LESS_OR_EQUAL] = "at most",
        [COMPARE_GREATER] = "above",
        [COMPARE_GREATER_OR_EQUAL] = "at least",
        [COMPARE_EQUAL] = "exactly",
        [COMPARE_NOT_EQUAL] = "other than",
    };
    return names[comparator];
}

/* --- conditions on rows --- */

static void append_field(struct buffer *out, const struct condition *condition)
{
    static const char *const names[CONDITION_FIELD_COUNT] = {
        [CONDITION_PRODUCT] = "the product",
        [CONDITION_CATEGORY] = "the category",
        [CONDITION_TERRITORY] = "the territory",
        [CONDITION_CUSTOMER] = "the customer",
        [CONDITION_DEAL_TYPE] = "the deal type",
        [CONDITION_ATTRIBUTE] = "the attribute",
        [CONDITION_LINE_ATTRIBUTE] = "the line's attribute",
        [CONDITION_MILESTONE] = "the milestone",
        [CONDITION_PHASE] = "the phase",
        [CONDITION_QUANTITY] = "the quantity",
    };
    buffer_append_slice(out, slice_of(names[condition->field]));
    if (condition->name.length)
        buffer_printf(out, " %.*s", SLICE_ARGS(condition->name));
}

/* What the field must be. */
static void append_wanted(struct buffer *out, const struct condition *condition)
{
    buffer_printf(out, " is ");
    if (condition->comparator != COMPARE_NONE) {
        buffer_printf(out, "%s ", words_comparator(condition->comparator));
        words_number(out, rational_of_decimal(condition->number));
        return;
    }
    for (size_t i = 0; i < condition->count; i++)
        buffer_printf(out, "%s%.*s", words_between(i, condition->count, " or "),
                      SLICE_ARGS(condition->values[i].text));
}

void words_conditions(struct buffer *out, const struct condition *conditions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_append_slice(out, slice_of(words_between(i, count, " and ")));
        append_field(out, &conditions[i]);
        append_wanted(out, &conditions[i]);
    }
}

/* --- conditions on what was reached --- */

static const char *window_words(enum look_window window)
{
    static const char *const words[LOOK_COUNT] = {
        [LOOK_SAME] = "",
        [LOOK_CONTAINING] = " in the longer window around it",
        [LOOK_PREVIOUS] = " in the window before",
    };
    return words[window];
}

static void append_component(const struct words *words, const struct when_part *part)
{
    const struct plan_component *other = &words->plan->components[part->look.component];
    bool is_own = words->component && words->component->index == other->index;
    const char *what = part->kind == WHEN_EARNED ? "pay" : "attainment";
    if (is_own)
        buffer_printf(words->out, "%s", what);
    else
        buffer_printf(words->out, "the %s of %.*s", what, SLICE_ARGS(other->name));
    buffer_printf(words->out, "%s is %s ", window_words(part->look.window),
                  words_comparator(part->comparator));
    if (part->kind == WHEN_EARNED)
        words_money(words, rational_of_decimal(part->bound));
    else
        words_share(words->out, rational_of_decimal(part->bound));
}

void words_result(struct buffer *out, const struct result_name *result)
{
    static const char *const owners[RESULT_OWNER_COUNT] = {
        [RESULT_OF_SELF] = "the result",
        [RESULT_OF_TEAM] = "the team's result",
        [RESULT_OF_COMPANY] = "the company's result",
    };
    buffer_printf(out, "%s %.*s", owners[result->owner], SLICE_ARGS(result->result));
}

static void append_result(const struct words *words, const struct when_part *part)
{
    words_result(words->out, &part->result);
    buffer_printf(words->out, " is %s ", words_comparator(part->comparator));
    words_number(words->out, rational_of_decimal(part->bound));
}

static void append_part(const struct words *words, const struct when *when, int32_t index);

static int32_t parts_in(const struct when *when, int32_t index)
{
    int32_t count = 0;
    for (int32_t i = index + 1; i < when->parts[index].end; i = when->parts[i].end)
        count++;
    return count;
}

static void append_joined(const struct words *words, const struct when *when, int32_t index,
                          const char *joint)
{
    int32_t count = parts_in(when, index);
    size_t place = 0;
    bool is_inner = index > 0 && count > 1;
    buffer_printf(words->out, "%s", is_inner ? "(" : "");
    for (int32_t i = index + 1; i < when->parts[index].end; i = when->parts[i].end) {
        buffer_printf(words->out, "%s", place++ ? joint : "");
        append_part(words, when, i);
    }
    buffer_printf(words->out, "%s", is_inner ? ")" : "");
}

static void append_part(const struct words *words, const struct when *when, int32_t index)
{
    const struct when_part *part = &when->parts[index];
    switch (part->kind) {
    case WHEN_ALL:
        append_joined(words, when, index, " and ");
        break;
    case WHEN_ANY:
        append_joined(words, when, index, " or ");
        break;
    case WHEN_NOT:
        buffer_printf(words->out, "it is not so that ");
        append_part(words, when, index + 1);
        break;
    case WHEN_ATTAINMENT:
    case WHEN_EARNED:
        append_component(words, part);
        break;
    case WHEN_RESULT:
        append_result(words, part);
        break;
    case WHEN_ATTRIBUTE:
        buffer_printf(words->out, "the assignment's %.*s", SLICE_ARGS(part->attribute.name));
        append_wanted(words->out, &part->attribute);
        break;
    }
}

void words_when(const struct words *words, const struct when *when)
{
    if (when->count == 0)
        buffer_printf(words->out, "always");
    else
        append_part(words, when, 0);
}

void words_while(const struct words *words, const char *lead, const struct when *when)
{
    if (when->count == 0)
        return;
    buffer_printf(words->out, "%s", lead);
    words_when(words, when);
}
