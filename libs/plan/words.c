#include "plan/words.h"

#include <string.h>

/* --- figures --- */

void words_digits(struct buffer *out, struct slice number)
{
    const char *point = memchr(number.bytes, '.', number.length);
    size_t whole = point ? (size_t)(point - number.bytes) : number.length;
    for (size_t i = 0; i < number.length; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0 && number.bytes[i - 1] != '-')
            buffer_append_byte(out, ',');
        buffer_append_byte(out, number.bytes[i]);
    }
}

void words_number(struct buffer *out, struct rational value)
{
    char text[RATIONAL_TEXT_BYTES];
    size_t length = rational_format(value, DECIMAL_SCALE, text);
    words_digits(out, (struct slice){text, length});
}

void words_share(struct buffer *out, struct rational value)
{
    struct rational percent;
    if (rational_multiply(value, rational_of(100), &percent))
        percent = RATIONAL_ZERO;
    words_number(out, percent);
    buffer_printf(out, " %%");
}

/* Cents are written in full, or not at all. */
static void append_money(struct buffer *out, const struct currency *currency, struct rational value)
{
    size_t before = out->length;
    words_number(out, value);
    const char *point = memchr(out->bytes + before, '.', out->length - before);
    int places = point ? (int)(out->bytes + out->length - point - 1) : 0;
    for (; point && places < currency->exponent; places++)
        buffer_append_byte(out, '0');
    buffer_printf(out, " %s", currency->code);
}

void words_money(const struct words *words, struct rational value)
{
    append_money(words->out, &words->plan->currency, value);
}

const struct currency *words_measured_in(const struct plan *plan,
                                         const struct plan_component *component)
{
    return component->measure.convert ? &component->measure.convert->to : &plan->currency;
}

static const char *counted_name(enum measure_of of)
{
    static const char *const names[MEASURE_OF_COUNT] = {
        [OF_DEALS] = "deal",          [OF_MILESTONES] = "milestone",   [OF_PAYMENTS] = "payment",
        [OF_RESULTS] = "result",      [OF_AWARDS] = "award",           [OF_DOWNLINE_DEALS] = "deal",
        [OF_DOWNLINE_PAY] = "payout", [OF_ADJUSTMENTS] = "adjustment",
    };
    return names[of];
}

static void append_counted(struct buffer *out, struct rational value, const char *name)
{
    bool is_one = rational_compare(value, RATIONAL_ONE) == 0;
    words_number(out, value);
    buffer_printf(out, " %s%s", name, is_one ? "" : "s");
}

void words_measure(const struct words *words, struct rational value)
{
    const struct measure *measure = &words->component->measure;
    switch (measure->sum) {
    case SUM_AMOUNT:
    case SUM_NAMED_AMOUNT:
        append_money(words->out, words_measured_in(words->plan, words->component), value);
        break;
    case SUM_QUANTITY:
        append_counted(words->out, value, "unit");
        break;
    case SUM_COUNT:
        append_counted(words->out, value, counted_name(measure->of));
        break;
    case SUM_VALUE:
        words_number(words->out, value);
        break;
    }
}

/* --- dates --- */

void words_date(struct buffer *out, int32_t date)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    struct date_parts parts = date_to_parts(date);
    buffer_printf(out, "%d %s %d", parts.day, months[parts.month - 1], parts.year);
}

void words_duration(struct buffer *out, struct duration duration)
{
    int count = duration.days ? duration.days : duration.months;
    const char *unit = duration.days ? "day" : "month";
    if (duration.days > 0 && duration.days % 7 == 0) {
        count = duration.days / 7;
        unit = "week";
    }
    if (duration.days == 0 && duration.months > 12 && duration.months % 12 == 0) {
        count = duration.months / 12;
        unit = "year";
    }
    buffer_printf(out, "%d %s%s", count, unit, count == 1 ? "" : "s");
}

/* --- tables --- */

void words_lead(const struct words *words, enum lead lead, struct rational value,
                struct slice written)
{
    if (lead == LEAD_AMOUNT)
        words_measure(words, value);
    else if (lead == LEAD_ATTRIBUTE)
        buffer_append_slice(words->out, written);
    else
        words_share(words->out, value);
}

void words_lead_name(const struct words *words, enum lead lead)
{
    const struct plan_component *component = words->component;
    switch (lead) {
    case LEAD_AMOUNT:
        buffer_printf(words->out, "the measure");
        break;
    case LEAD_ATTAINMENT:
        buffer_printf(words->out, "attainment");
        break;
    case LEAD_ATTRIBUTE:
        buffer_printf(words->out, "the line's %.*s", SLICE_ARGS(component->attribute));
        break;
    case LEAD_ATTAINMENT_OF:
        buffer_printf(words->out, "the attainment of %.*s in the %s window",
                      SLICE_ARGS(words->plan->components[component->attainment_of.component].name),
                      component->attainment_of.window == LOOK_CONTAINING ? "containing" : "same");
        break;
    }
}

void words_given_figure(const struct words *words, enum gives gives, struct rational value)
{
    if (gives == GIVES_RATE || gives == GIVES_PERCENT_OF_TARGET)
        words_share(words->out, value);
    else
        words_money(words, value);
}

const char *words_given_of(enum gives gives)
{
    static const char *const of[GIVES_COUNT] = {
        [GIVES_RATE] = "",
        [GIVES_UNIT] = " for each unit",
        [GIVES_AMOUNT] = "",
        [GIVES_PERCENT_OF_TARGET] = " of the target incentive",
    };
    return of[gives];
}

void words_given(const struct words *words, enum gives gives, struct rational value)
{
    words_given_figure(words, gives, value);
    buffer_printf(words->out, "%s", words_given_of(gives));
}

const char *words_one(const struct words *words)
{
    const struct measure *measure = &words->component->measure;
    if (measure->sum == SUM_QUANTITY)
        return "unit";
    return measure->sum == SUM_COUNT ? counted_name(measure->of) : "1 of the measure";
}

const char *words_between(size_t index, size_t count, const char *last)
{
    if (index == 0)
        return "";
    return index + 1 == count ? last : ", ";
}

void words_late(struct buffer *out, struct decimal late)
{
    if (late.units == 0) {
        buffer_printf(out, "nothing");
        return;
    }
    words_share(out, rational_of_decimal(late));
    buffer_printf(out, " of that");
}

void words_settling(const struct words *words, bool is_final)
{
    buffer_printf(words->out, "It is settled when the window ends; later changes %s.\n",
                  is_final ? "move nothing" : "move it");
}

/* --- points --- */

static void say_below(const struct words *words, const struct words_points *curve)
{
    const struct points *points = curve->points;
    if (points->count > 1 || !points->is_flat_below) {
        buffer_printf(words->out, "Below ");
        curve->x(words, curve->self, &points->at[0]);
        if (!points->is_flat_below) {
            buffer_printf(words->out, " it is nothing.\n");
            return;
        }
        buffer_printf(words->out, " it is ");
        curve->y(words, curve->self, points->at[0].y);
        buffer_printf(words->out, "%s.\n", curve->of);
    }
}

static void say_jump(const struct words *words, const struct words_points *curve, int32_t index)
{
    const struct point *point = &curve->points->at[index];
    buffer_printf(words->out, "At ");
    curve->x(words, curve->self, point);
    buffer_printf(words->out, " it jumps from ");
    curve->y(words, curve->self, point->y);
    buffer_printf(words->out, " to ");
    curve->y(words, curve->self, point[1].y);
    buffer_printf(words->out, "%s; exactly there it is the %s.\n", curve->of,
                  curve->points->is_lower ? "former" : "latter");
}

static void say_line(const struct words *words, const struct words_points *curve, int32_t index)
{
    const struct point *point = &curve->points->at[index];
    bool is_level = rational_compare(point->y, point[1].y) == 0;
    buffer_printf(words->out, "From ");
    curve->x(words, curve->self, point);
    buffer_printf(words->out, " to ");
    curve->x(words, curve->self, &point[1]);
    buffer_printf(words->out, " it %s ",
                  is_level                                     ? "is"
                  : rational_compare(point->y, point[1].y) < 0 ? "rises evenly from"
                                                               : "falls evenly from");
    curve->y(words, curve->self, point->y);
    if (!is_level) {
        buffer_printf(words->out, " to ");
        curve->y(words, curve->self, point[1].y);
    }
    buffer_printf(words->out, "%s.\n", curve->of);
}

static void say_past(const struct words *words, const struct words_points *curve)
{
    const struct points *points = curve->points;
    const struct point *last = &points->at[points->count - 1];
    buffer_printf(words->out, "Past ");
    curve->x(words, curve->self, last);
    if (points->is_flat_above) {
        buffer_printf(words->out, " it stays at ");
        curve->y(words, curve->self, last->y);
        buffer_printf(words->out, "%s: that is the most.\n", curve->of);
        return;
    }
    buffer_printf(words->out, " ");
    curve->past(words, curve->self, last->slope);
    buffer_printf(words->out, ".\n");
}

void words_points(const struct words *words, const struct words_points *curve)
{
    const struct points *points = curve->points;
    say_below(words, curve);
    for (int32_t i = 0; i + 1 < points->count; i++) {
        if (rational_compare(points->at[i].x, points->at[i + 1].x) == 0)
            say_jump(words, curve, i);
        else
            say_line(words, curve, i);
    }
    say_past(words, curve);
}
