#include "milepost/shape_json.h"
#include "milepost/totals.h"

struct total_texts {
    char measure[DECIMAL_TEXT_BYTES];
    char goal[DECIMAL_TEXT_BYTES];
    char attainment[DECIMAL_TEXT_BYTES];
    char earned[DECIMAL_TEXT_BYTES];
    char payable[DECIMAL_TEXT_BYTES];
};

/* In the order of section 11; bytes NULL: null. */
enum { FIGURES = 5 };

static void format_figures(const struct total *total, struct total_texts *texts,
                           struct slice out[FIGURES])
{
    out[0] = (struct slice){texts->measure, decimal_format(total->measure, texts->measure)};
    out[1] = (struct slice){NULL, 0};
    if (total->has_goal)
        out[1] = (struct slice){texts->goal, decimal_format(total->goal, texts->goal)};
    out[2] = (struct slice){NULL, 0};
    if (total->has_attainment)
        out[2] =
            (struct slice){texts->attainment, ratio_format(total->attainment, texts->attainment)};
    out[3] = places_format(total->earned, total->places, texts->earned);
    out[4] = places_format(total->payable, total->places, texts->payable);
}

static void print_json(const struct total *total, struct buffer *line)
{
    static const char *const names[FIGURES] = {"measure", "goal", "attainment", "earned",
                                               "payable"};
    struct total_texts texts;
    struct slice figures[FIGURES];
    format_figures(total, &texts, figures);
    buffer_reset(line);
    buffer_append_byte(line, '{');
    json_append_field(line, "participant", total->participant);
    json_append_field(line, "plan", total->plan);
    json_append_field(line, "component", total->component);
    json_append_field(line, "window", total->window);
    for (int i = 0; i < FIGURES; i++)
        json_append_optional(line, names[i], figures[i]);
    json_append_field(line, "currency", total->currency);
    if (total->has_redeemed) {
        json_append_money(line, "redeemed", total->redeemed, total->redeem_places);
        json_append_field(line, "redeemed_currency", total->redeem_currency);
    }
    json_append_texts(line, "pending", &total->pending);
    (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(line)));
}

static void add_to_table(const struct total *total, bool has_redeemed, struct table *table,
                         struct buffer *line)
{
    struct total_texts texts;
    struct slice figures[FIGURES];
    format_figures(total, &texts, figures);
    table_add_slice(table, total->participant);
    table_add_slice(table, total->plan);
    table_add_slice(table, total->component);
    table_add_slice(table, total->window);
    for (int i = 0; i < FIGURES; i++)
        table_add_slice(table, figures[i]);
    table_add_slice(table, total->currency);
    const struct slice *pending = total->pending.items;
    buffer_reset(line);
    for (size_t i = 0; i < total->pending.count; i++)
        buffer_printf(line, "%s%.*s", i ? ", " : "", SLICE_ARGS(pending[i]));
    table_add_slice(table, buffer_slice(line));
    if (!has_redeemed)
        return;
    buffer_reset(line);
    if (total->has_redeemed) {
        char text[DECIMAL_TEXT_BYTES];
        buffer_append_slice(line, places_format(total->redeemed, total->redeem_places, text));
        buffer_append_byte(line, ' ');
        buffer_append_slice(line, total->redeem_currency);
    }
    table_add_slice(table, buffer_slice(line));
}

void totals_print(const struct totals *totals, const struct console *console)
{
    static const char *const heads[] = {"participant", "plan",     "component",   "window",
                                        ">measure",    ">goal",    ">attainment", ">earned",
                                        ">payable",    "currency", "pending",     ">redeemed"};
    struct table table;
    struct buffer line = {0};
    bool has_redeemed = false;
    for (size_t i = 0; i < totals->count; i++)
        has_redeemed |= totals->items[i].has_redeemed;
    table_init(&table, heads, sizeof heads / sizeof heads[0] - !has_redeemed);
    for (size_t i = 0; i < totals->count; i++) {
        if (console->is_json)
            print_json(&totals->items[i], &line);
        else
            add_to_table(&totals->items[i], has_redeemed, &table, &line);
    }
    if (!console->is_json)
        table_print(&table, console);
    table_deinit(&table);
    buffer_deinit(&line);
}
