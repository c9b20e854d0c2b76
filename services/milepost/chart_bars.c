#include "milepost/chart_parts.h"

#include "milepost/plan_words.h"
#include "plan/words.h"

static void name_phase(const struct worked *worked, const struct landmark *phase,
                       struct buffer *text)
{
    buffer_append_slice(text, phase->name);
    if (!phase->has_until)
        return;
    buffer_printf(text, ", within ");
    words_duration(text, (struct duration){.days = phase->until - 1 - worked->span.from});
}

static void name_bar(const struct worked *worked, const struct worked_row *row, struct buffer *text)
{
    if (worked->landmarks->of == LANDMARKS_PHASES)
        name_phase(worked, row->landmark, text);
    else
        append_rate_row(text, worked, row->landmark->index);
}

static double late_pay(const struct worked *worked, const struct worked_row *row)
{
    for (size_t c = 0; c < worked->column_count; c++) {
        if (worked->columns[c].kind == WORKED_TOO_LATE && row->is_valued[c])
            return chart_pay(worked, &row->worth[c]);
    }
    return 0;
}

enum status charting_bars(struct charting *charting)
{
    const struct worked *worked = charting->worked;
    struct chart *chart = charting->chart;
    bool adds_up = chart->kind == CHART_STEPS;
    double before = 0;
    double late_before = 0;
    struct buffer text = {0};
    chart->bars = arena_take_array(worked->arena, worked->row_count + 1, sizeof *chart->bars);
    if (!chart->bars)
        return STATUS_EXHAUSTED;
    for (size_t i = 0; i < worked->row_count; i++) {
        const struct worked_row *row = &worked->rows[i];
        struct chart_bar *bar = &chart->bars[chart->bar_count++];
        double late = late_pay(worked, row);
        name_bar(worked, row, &text);
        chart_copy_text(bar->name, sizeof bar->name, &text);
        bar->from = adds_up ? before : 0;
        bar->to = row->is_valued[0] ? chart_pay(worked, &row->worth[0]) : bar->from;
        bar->has_late = row->landmark->has_until;
        bar->late = late - late_before;
        chart_figure(&chart->y, bar->to - bar->from, bar->text);
        before = bar->to;
        late_before = late;
        chart_widen(&chart->y, bar->to);
    }
    buffer_deinit(&text);
    return STATUS_OK;
}
