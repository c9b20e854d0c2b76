#include "milepost/explain_table.h"

#include <stdlib.h>

#include "milepost/plan_words.h"
#include "plan/words.h"

enum { HEAD_COLUMNS = 60, HEAD_BYTES = 4 * HEAD_COLUMNS + 2, COLUMNS_BESIDE = 4 };

/* Which columns stand beside those of pay. */
struct layout {
    bool has_attainment;
    bool has_at; /* the measure, or what the landmarks are of */
    bool has_note;
};

/* --- cells --- */

static bool is_measured(const struct worked *worked)
{
    return worked->landmarks->of == LANDMARKS_MEASURE ||
           worked->landmarks->of == LANDMARKS_ATTAINMENT;
}

static void append_at(struct buffer *out, const struct worked *worked, const struct worked_row *row)
{
    bool is_share = worked->goal == WORKED_GOAL_SHARE && is_measured(worked);
    switch (worked->landmarks->of) {
    case LANDMARKS_OTHER:
        is_share |= (worked->component->needs & NEEDS_ATTAINMENT_OF) != 0;
        break;
    case LANDMARKS_RATES:
        append_rate_row(out, worked, row->landmark->index);
        return;
    case LANDMARKS_RESULTS:
        buffer_printf(out, "%.*s ", SLICE_ARGS(row->landmark->name));
        break;
    case LANDMARKS_PHASES:
        buffer_append_slice(out, row->landmark->name);
        return;
    case LANDMARKS_COMPLETE:
        is_share = true;
        break;
    case LANDMARKS_NONE:
    case LANDMARKS_MEASURE:
    case LANDMARKS_ATTAINMENT:
    case LANDMARKS_MONTHS:
    case LANDMARKS_ROWS:
        break;
    }
    if (is_share)
        append_percent(out, row->at);
    else
        words_number(out, row->at);
}

static void append_attainment(struct buffer *out, const struct worked_row *row)
{
    const struct worth *worth = &row->worth[0];
    if (row->is_valued[0] && worth->has_attainment)
        append_percent(out, (struct rational){worth->attainment.units, decimal_power(12)});
}

static void append_note(struct buffer *out, const struct worked *worked,
                        const struct worked_row *row)
{
    if (row->why == WORKED_BOUND || is_measured(worked))
        append_row_name(out, worked, row);
}

static struct layout layout_of(const struct worked *worked)
{
    struct layout layout = {.has_at = !(is_measured(worked) && worked->goal == WORKED_GOAL_SHARE)};
    struct buffer note = {0};
    for (size_t i = 0; i < worked->row_count; i++) {
        const struct worked_row *row = &worked->rows[i];
        layout.has_attainment |= row->is_valued[0] && row->worth[0].has_attainment;
        append_note(&note, worked, row);
    }
    layout.has_attainment &= is_measured(worked);
    layout.has_at |= !layout.has_attainment;
    layout.has_note = note.length > 0;
    buffer_deinit(&note);
    return layout;
}

/* --- for people --- */

/* A sentence for each condition that a head points at. */
static void print_conditions(const struct worked *worked)
{
    struct buffer text = {0};
    size_t number = 0;
    for (size_t c = 0; c < worked->column_count; c++) {
        if (worked->columns[c].kind != WORKED_WHILE)
            continue;
        buffer_printf(&text, "(%zu) ", ++number);
        append_column(&text, worked, c);
        buffer_printf(&text, ".\n");
    }
    print_sentences(buffer_slice(&text), console_width(), 2, 0);
    buffer_deinit(&text);
}

static void head_pay(const struct worked *worked, size_t column, size_t *number,
                     char out[HEAD_BYTES])
{
    struct buffer text = {0};
    if (worked->columns[column].kind == WORKED_WHILE)
        buffer_printf(&text, "pays (%zu)", ++*number);
    else
        append_column(&text, worked, column);
    if (text.length == 0)
        buffer_printf(&text, "pays");
    if (column == 0) {
        buffer_printf(&text, ", ");
        append_pay_unit(&text, worked);
    }
    (void)snprintf(out, HEAD_BYTES, ">%.*s",
                   SLICE_ARGS(console_cut(buffer_slice(&text), HEAD_COLUMNS)));
    buffer_deinit(&text);
}

static size_t write_heads(const struct worked *worked, const struct layout *layout,
                          char heads[][HEAD_BYTES])
{
    struct buffer axis = {0};
    size_t count = 0;
    size_t number = 0;
    (void)snprintf(heads[count++], HEAD_BYTES, " ");
    if (layout->has_attainment)
        (void)snprintf(heads[count++], HEAD_BYTES, ">attainment");
    append_axis(&axis, worked);
    if (layout->has_at)
        (void)snprintf(heads[count++], HEAD_BYTES, "%s%.*s",
                       worked->landmarks->of == LANDMARKS_RATES ||
                               worked->landmarks->of == LANDMARKS_PHASES ||
                               worked->landmarks->of == LANDMARKS_RESULTS
                           ? ""
                           : ">",
                       SLICE_ARGS(console_cut(buffer_slice(&axis), HEAD_COLUMNS)));
    for (size_t c = 0; c < worked->column_count; c++)
        head_pay(worked, c, &number, heads[count++]);
    if (layout->has_note)
        (void)snprintf(heads[count++], HEAD_BYTES, " ");
    buffer_deinit(&axis);
    return count;
}

static void add_cell(struct table *table, struct buffer *cell)
{
    table_add_slice(table, buffer_slice(cell));
    buffer_reset(cell);
}

static void add_row(struct table *table, const struct worked *worked, const struct layout *layout,
                    const struct worked_row *row)
{
    struct buffer cell = {0};
    add_cell(table, &cell);
    if (layout->has_attainment) {
        append_attainment(&cell, row);
        add_cell(table, &cell);
    }
    if (layout->has_at) {
        append_at(&cell, worked, row);
        add_cell(table, &cell);
    }
    for (size_t c = 0; c < worked->column_count; c++) {
        if (row->is_valued[c])
            append_pay(&cell, worked, &row->worth[c]);
        else
            buffer_printf(&cell, "too large");
        add_cell(table, &cell);
    }
    if (layout->has_note) {
        append_note(&cell, worked, row);
        add_cell(table, &cell);
    }
    buffer_deinit(&cell);
}

void explain_table_print(const struct worked *worked, const struct console *console)
{
    char texts[COLUMNS_BESIDE + WORKED_COLUMNS_MAX][HEAD_BYTES];
    const char *heads[COLUMNS_BESIDE + WORKED_COLUMNS_MAX];
    struct layout layout = layout_of(worked);
    struct table table;
    size_t count = write_heads(worked, &layout, texts);
    for (size_t i = 0; i < count; i++)
        heads[i] = texts[i];
    table_init(&table, heads, count);
    for (size_t i = 0; i < worked->row_count; i++)
        add_row(&table, worked, &layout, &worked->rows[i]);
    table_print(&table, console);
    table_deinit(&table);
    print_conditions(worked);
}

/* --- for programs --- */

static void append_columns_json(const struct worked *worked, struct buffer *out)
{
    struct buffer text = {0};
    json_append_raw(out, "columns", "[");
    for (size_t c = 0; c < worked->column_count; c++) {
        buffer_reset(&text);
        append_column(&text, worked, c);
        buffer_printf(out, "%s", c ? "," : "");
        json_append_text(out, buffer_slice(&text));
    }
    buffer_append_byte(out, ']');
    buffer_deinit(&text);
}

static void append_money_json(const struct plan *plan, int64_t units, struct buffer *out)
{
    char money[MONEY_TEXT_BYTES];
    int places = plan->rounding_places;
    if (money_rescale(units, plan->currency.exponent, places, &units))
        places = plan->currency.exponent;
    (void)money_format(units, places, money);
    json_append_text(out, slice_of(money));
}

static void append_share_json(struct rational share, struct buffer *out)
{
    char text[RATIONAL_TEXT_BYTES];
    (void)rational_format(share, 12, text);
    json_append_text(out, slice_of(text));
}

static void append_values_json(const struct worked *worked, const struct worked_row *row,
                               bool is_payable, struct buffer *out)
{
    json_append_raw(out, is_payable ? "payable" : "pays", "[");
    for (size_t c = 0; c < worked->column_count; c++) {
        const struct worth *worth = &row->worth[c];
        bool is_kept = is_payable && worth->payable != worth->earned;
        buffer_printf(out, "%s", c ? "," : "");
        if (!row->is_valued[c] || worth->pending)
            buffer_printf(out, "null");
        else if (worked->target == WORKED_TARGET_SHARE)
            append_share_json(worth->has_pay && !is_kept ? worth->pay : RATIONAL_ZERO, out);
        else
            append_money_json(worked->plan, is_payable ? worth->payable : worth->earned, out);
    }
    buffer_append_byte(out, ']');
}

static void append_number_json(struct buffer *out, const char *name, struct rational value,
                               int places)
{
    char text[RATIONAL_TEXT_BYTES];
    (void)rational_format(value, places, text);
    json_append_field(out, name, slice_of(text));
}

static const char *why_name(enum worked_why why)
{
    static const char *const names[] = {
        [WORKED_AT] = "edge",         [WORKED_BELOW] = "just-below", [WORKED_ABOVE] = "just-above",
        [WORKED_BETWEEN] = "between", [WORKED_BOUND] = "bound",      [WORKED_EACH] = "each",
    };
    return names[why];
}

static void append_row_json(const struct worked *worked, const struct worked_row *row,
                            struct buffer *out)
{
    struct buffer text = {0};
    buffer_append_byte(out, '{');
    json_append_field(out, "why", slice_of(why_name(row->why)));
    if (is_measured(worked)) {
        append_number_json(out, "measure", row->at, DECIMAL_SCALE);
    } else {
        append_at(&text, worked, row);
        json_append_field(out, "at", buffer_slice(&text));
    }
    if (row->is_valued[0] && row->worth[0].has_attainment)
        append_number_json(out, "attainment",
                           (struct rational){row->worth[0].attainment.units, decimal_power(12)},
                           12);
    append_values_json(worked, row, false, out);
    append_values_json(worked, row, true, out);
    buffer_append_byte(out, '}');
    buffer_deinit(&text);
}

void explain_table_append_json(const struct worked *worked, struct buffer *out)
{
    static const char *const goals[] = {
        [WORKED_GOAL_NONE] = "none",       [WORKED_GOAL_OWN] = "own",
        [WORKED_GOAL_FIXED] = "fixed",     [WORKED_GOAL_SHARE] = "share",
        [WORKED_GOAL_EXAMPLE] = "example",
    };
    static const char *const targets[] = {
        [WORKED_TARGET_NONE] = "none",
        [WORKED_TARGET_OWN] = "own",
        [WORKED_TARGET_SHARE] = "share",
        [WORKED_TARGET_EXAMPLE] = "example",
    };
    json_append_field(out, "goal_is", slice_of(goals[worked->goal]));
    json_append_field(out, "target_is", slice_of(targets[worked->target]));
    if (worked->goal != WORKED_GOAL_NONE)
        append_number_json(out, "goal", worked->figures.goal, DECIMAL_SCALE);
    if (worked->target != WORKED_TARGET_NONE)
        append_number_json(out, "target", worked->figures.target, DECIMAL_SCALE);
    append_columns_json(worked, out);
    json_append_raw(out, "rows", "[");
    for (size_t i = 0; i < worked->row_count; i++) {
        buffer_printf(out, "%s", i ? "," : "");
        append_row_json(worked, &worked->rows[i], out);
    }
    buffer_append_byte(out, ']');
}
