#include "milepost/plan_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "milepost/console.h"
#include "plan/rate_list.h"
#include "plan/words.h"

enum {
    PERCENT_PLACES = 2,
    PERCENT_PLACES_MAX = 9,
    WIDTH_USUAL = 80,
    WIDTH_MIN = 40,
    WIDTH_MAX = 120
};

/* --- figures --- */

static bool is_rounded_to_whole(struct rational percent, int places)
{
    int128 rounded;
    struct rational back;
    if (rational_round_wide(percent, (struct rational){1, decimal_power(places)}, ROUND_HALF_EVEN,
                            &rounded))
        return false;
    back = (struct rational){rounded, decimal_power(places)};
    return rational_compare(back, percent) != 0 && rounded % decimal_power(places) == 0;
}

void append_percent(struct buffer *out, struct rational value)
{
    struct rational percent;
    int places = PERCENT_PLACES;
    char text[RATIONAL_TEXT_BYTES];
    if (rational_multiply(value, rational_of(100), &percent))
        percent = RATIONAL_ZERO;
    while (places < PERCENT_PLACES_MAX && is_rounded_to_whole(percent, places))
        places++;
    buffer_append(out, text, rational_format(percent, places, text));
    buffer_printf(out, " %%");
}

static void append_reasons(struct buffer *out, uint32_t bits)
{
    struct slice words[REASON_COUNT];
    struct list list = reasons_list(bits, words);
    buffer_printf(out, "waits:");
    for (size_t i = 0; i < list.count; i++)
        buffer_printf(out, " %.*s", SLICE_ARGS(words[i]));
}

void append_pay(struct buffer *out, const struct worked *worked, const struct worth *worth)
{
    const struct plan *plan = worked->plan;
    char text[MONEY_TEXT_BYTES];
    int64_t money = worth->earned;
    if (worth->pending) {
        append_reasons(out, worth->pending);
        return;
    }
    if (worked->target == WORKED_TARGET_SHARE) {
        append_percent(out, worth->has_pay ? worth->pay : RATIONAL_ZERO);
    } else {
        int places = plan->rounding_places;
        if (money_rescale(money, plan->currency.exponent, places, &money))
            places = plan->currency.exponent;
        words_digits(out, (struct slice){text, money_format(money, places, text)});
    }
    if (worth->payable != worth->earned)
        buffer_printf(out, " (not paid)");
}

/* --- heads --- */

static void append_measure_name(struct buffer *out, const struct worked *worked)
{
    const struct measure *measure = &worked->component->measure;
    const struct currency *currency = words_measured_in(worked->plan, worked->component);
    switch (measure->sum) {
    case SUM_AMOUNT:
        buffer_printf(out, "amount (%s)", currency->code);
        break;
    case SUM_NAMED_AMOUNT:
        buffer_printf(out, "%.*s (%s)", SLICE_ARGS(measure->amount_name), currency->code);
        break;
    case SUM_QUANTITY:
        buffer_printf(out, "units");
        break;
    case SUM_COUNT:
        buffer_printf(out, measure->of == OF_DEALS || measure->of == OF_DOWNLINE_DEALS ? "deals"
                                                                                       : "count");
        break;
    case SUM_VALUE:
        buffer_printf(out, "%.*s", SLICE_ARGS(measure->result));
        break;
    }
}

void append_axis(struct buffer *out, const struct worked *worked)
{
    const struct plan_component *component = worked->component;
    switch (worked->landmarks->of) {
    case LANDMARKS_ATTAINMENT:
    case LANDMARKS_MEASURE:
        buffer_printf(out, component->baseline.is_given ? "growth of "
                           : component->measure.plus    ? "measure, "
                                                        : "");
        append_measure_name(out, worked);
        break;
    case LANDMARKS_OTHER:
        if (component->needs & NEEDS_ATTAINMENT_OF)
            buffer_printf(
                out, "attainment of %.*s",
                SLICE_ARGS(worked->plan->components[component->attainment_of.component].name));
        else
            buffer_printf(out, "%.*s", SLICE_ARGS(component->attribute));
        break;
    case LANDMARKS_RATES:
        buffer_printf(out, "kind of row");
        break;
    case LANDMARKS_RESULTS:
        buffer_printf(out, "objective");
        break;
    case LANDMARKS_PHASES:
        buffer_printf(out, "phases up to");
        break;
    case LANDMARKS_COMPLETE:
        buffer_printf(out, "complete");
        break;
    case LANDMARKS_MONTHS:
        buffer_printf(out, "months passed");
        break;
    case LANDMARKS_ROWS:
        buffer_printf(out, "rows that fit");
        break;
    case LANDMARKS_NONE:
        break;
    }
}

void append_rate_row(struct buffer *out, const struct worked *worked, int32_t index)
{
    const struct rate_list *rates = worked->component->rates;
    if ((size_t)index < rates->count)
        words_conditions(out, rates->choices[index].conditions,
                         rates->choices[index].condition_count);
    else
        buffer_printf(out, "any other");
}

static bool is_name(struct slice name)
{
    return name.length > 0 && (name.bytes[0] < '0' || name.bytes[0] > '9') && name.bytes[0] != '-';
}

void append_row_name(struct buffer *out, const struct worked *worked, const struct worked_row *row)
{
    if (row->why == WORKED_BOUND)
        buffer_printf(out, "%s",
                      worked->columns[0].component->adjustments[row->step].kind == ADJUST_CAP
                          ? "cap"
                          : "floor");
    else if (row->why == WORKED_AT && row->landmark && is_name(row->landmark->name))
        buffer_append_slice(out, row->landmark->name);
}

void append_pay_unit(struct buffer *out, const struct worked *worked)
{
    buffer_printf(out, "%s",
                  worked->target == WORKED_TARGET_SHARE ? "% of target incentive"
                                                        : worked->plan->currency.code);
}

void append_column(struct buffer *out, const struct worked *worked, size_t column)
{
    const struct worked_column *one = &worked->columns[column];
    const struct words words = {.out = out, .plan = worked->plan, .component = worked->component};
    bool is_phase = worked->landmarks->of == LANDMARKS_PHASES;
    switch (one->kind) {
    case WORKED_AS_IS:
        buffer_printf(out, is_phase && worked->column_count > 1 ? "each in time" : "");
        break;
    case WORKED_WHILE:
        buffer_printf(out, "while ");
        words_when(&words, &worked->component->adjustments[one->step].when);
        break;
    case WORKED_BY_DAY:
        buffer_printf(out, "all by ");
        words_date(out, one->day);
        break;
    case WORKED_TOO_LATE:
        buffer_printf(out, is_phase ? "each late" : "later");
        break;
    }
}

/* --- whose figures --- */

static void append_goal(const struct words *words, const struct worked *worked)
{
    buffer_printf(words->out, "a goal of%s ", worked->goal == WORKED_GOAL_EXAMPLE ? ", say," : "");
    words_measure(words, worked->figures.goal);
}

static void append_target(const struct words *words, const struct worked *worked)
{
    buffer_printf(words->out, "a target incentive of%s ",
                  worked->target == WORKED_TARGET_EXAMPLE ? ", say," : "");
    words_money(words, worked->figures.target);
}

static bool has_number_goal(const struct worked *worked)
{
    return worked->goal != WORKED_GOAL_NONE && worked->goal != WORKED_GOAL_SHARE;
}

static bool has_number_target(const struct worked *worked)
{
    return (worked->target == WORKED_TARGET_OWN || worked->target == WORKED_TARGET_EXAMPLE) &&
           worked->component->needs & (NEEDS_TARGET | NEEDS_TARGET_WHEN);
}

void append_figures(struct buffer *out, const struct worked *worked, struct slice name,
                    const char *window)
{
    const struct words words = {.out = out, .plan = worked->plan, .component = worked->component};
    bool has_goal = has_number_goal(worked);
    bool has_target = has_number_target(worked);
    if (name.bytes)
        buffer_printf(out, "For %.*s%s%s", SLICE_ARGS(name), window[0] ? " in " : "", window);
    else
        buffer_printf(out, "What that comes to");
    if (has_goal || has_target)
        buffer_printf(out, ", with ");
    if (has_goal)
        append_goal(&words, worked);
    if (has_goal && has_target)
        buffer_printf(out, " and ");
    if (has_target)
        append_target(&words, worked);
    if (worked->is_example_measure) {
        bool is_contract = worked->landmarks->of == LANDMARKS_PHASES ||
                           worked->landmarks->of == LANDMARKS_COMPLETE;
        buffer_printf(out, ", for a %s of, say, ", is_contract ? "contract" : "measure");
        if (is_contract)
            words_money(&words, worked->example);
        else
            words_measure(&words, worked->example);
    }
    if (worked->landmarks->of == LANDMARKS_RESULTS && worked->component->result_count > 1)
        buffer_printf(out, ", every other objective being at its plan");
    if (worked->component->needs & NEEDS_UNITS)
        buffer_printf(out, ", with, say, %d units", WORKED_UNITS);
    buffer_printf(out, ":\n");
}

/* --- text on a terminal --- */

int console_width(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_col == 0)
        return WIDTH_USUAL;
    return size.ws_col < WIDTH_MIN ? WIDTH_MIN : size.ws_col > WIDTH_MAX ? WIDTH_MAX : size.ws_col;
}

/* A figure stays with its unit. */
static struct slice take_word(struct slice *text)
{
    struct slice word;
    struct slice rest = slice_split(*text, ' ', &word);
    if (rest.bytes && slice_starts_with(rest, SLICE("%")))
        rest = slice_split(rest, ' ', &(struct slice){0});
    size_t length = rest.bytes ? (size_t)(rest.bytes - text->bytes) - 1 : text->length;
    word = (struct slice){text->bytes, length};
    *text = rest.bytes ? rest : (struct slice){NULL, 0};
    return word;
}

static void append_blanks(struct buffer *out, int count)
{
    for (int i = 0; i < count; i++)
        buffer_append_byte(out, ' ');
}

static void append_sentence(struct buffer *out, struct slice text, int width, int indent)
{
    int column = indent;
    bool is_first = true;
    while (text.length > 0) {
        struct slice word = take_word(&text);
        int columns = (int)console_columns(word);
        if (!is_first && column + 1 + columns > width) {
            buffer_append_byte(out, '\n');
            append_blanks(out, indent + 2);
            column = indent + 2;
        } else if (!is_first) {
            buffer_append_byte(out, ' ');
            column++;
        }
        buffer_append_slice(out, word);
        column += columns;
        is_first = false;
    }
    buffer_append_byte(out, '\n');
}

void append_wrapped(struct buffer *out, struct slice text, int width, int indent, int at)
{
    while (text.length > 0) {
        struct slice sentence;
        text = slice_split(text, '\n', &sentence);
        if (sentence.length) {
            append_blanks(out, at < indent ? indent - at : 0);
            append_sentence(out, sentence, width, indent);
        }
        at = 0;
    }
}

void print_sentences(struct slice text, int width, int indent, int at)
{
    struct buffer out = {0};
    append_wrapped(&out, text, width, indent, at);
    (void)fwrite(out.bytes ? out.bytes : "", 1, out.length, stdout);
    buffer_deinit(&out);
}
