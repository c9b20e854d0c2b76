/* `milepost plan chart`: what a plan pays, as pictures on the terminal or in a file. */
#include <stdlib.h>

#include "milepost/chart.h"
#include "milepost/chart_svg.h"
#include "milepost/chart_terminal.h"
#include "milepost/plan_view.h"
#include "milepost/plan_words.h"
#include "milepost/run_files.h"
#include "milepost/totals.h"

static const char help_text[] =
    "usage: milepost plan chart FILE [--component C] [--participant P --roster FILE]\n"
    "                           [--events FILE] [--window W] [--control FILE]... [--svg OUT]\n"
    "\n"
    "Draws what each component of a plan pays: payout curves, tiers, ladders of milestones, and "
    "the\n"
    "phases of a contract. Every point is computed by the engine that pays; jumps are drawn as "
    "jumps.\n"
    "\n"
    "  --component C     this component only\n"
    "  --participant P   with the goal and target incentive of person:jo, from --roster\n"
    "  --events FILE     with where they stand now: these facts are simulated\n"
    "  --window W        those of 2026-Q2; else of the last window with a row, or the first with "
    "an\n"
    "                    assignment\n"
    "  --control FILE    units, categories and rates that the plan uses\n"
    "  --svg OUT         into a file that stands alone, light or dark as its reader's screen\n"
    "  --json            the points, an object for each component\n"
    "\n"
    "exit: 0 done, 1 a file is wrong, or nothing of the plan can be drawn\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command plan_chart_command = {
    .name = "plan chart",
    .summary = "what a plan pays, as pictures on the terminal or in a file",
    .help = help_text,
    .run = run,
};

/* Pictures being made. */
struct drawing {
    struct cli *cli;
    struct plan_view *view;
    struct simulation simulation;
    struct totals totals;
    bool has_totals;
    struct chart *charts;
    size_t count;
    char detail[DETAIL_BYTES];
};

/* --- where somebody stands --- */

static enum status simulate(struct drawing *drawing)
{
    const struct view_options *options = drawing->view->options;
    const struct simulation_options how = {.shown = TOPIC_ATTAINMENT};
    const char *unused;
    struct run_files files = {0};
    (void)run_files_take(&files, RUN_PLAN, options->plan, &unused);
    (void)run_files_take(&files, RUN_ROSTER, options->roster, &unused);
    (void)run_files_take(&files, RUN_EVENTS, options->events, &unused);
    for (size_t i = 0; i < options->control_count; i++)
        (void)run_files_take(&files, RUN_CONTROL, options->controls[i], &unused);
    enum status status =
        run_files_simulate(&files, drawing->cli, &how, &drawing->simulation, drawing->detail);
    if (!status)
        status = totals_collect(&drawing->simulation, &drawing->totals, drawing->detail);
    drawing->has_totals = !status;
    run_files_deinit(&files);
    return status;
}

/* The participant's total of a component: of the named window, else the last one with a row. */
static const struct total *total_of(const struct drawing *drawing,
                                    const struct plan_component *component)
{
    const struct plan_view *view = drawing->view;
    const struct total *found = NULL;
    for (size_t i = 0; drawing->has_totals && i < drawing->totals.count; i++) {
        const struct total *one = &drawing->totals.items[i];
        if (!slice_equal(one->participant, view->participant) ||
            !slice_equal(one->plan, view->plan->name) ||
            !slice_equal(one->component, component->name))
            continue;
        if (view->options->window ? slice_equal(one->window, slice_of(view->options->window))
                                  : one->has_row)
            found = one;
    }
    return found;
}

static struct chart_standing standing_of(const struct drawing *drawing, const struct total *total)
{
    if (!total)
        return (struct chart_standing){0};
    return (struct chart_standing){
        .is_there = true,
        .measure = total->measure,
        .has_attainment = total->has_attainment,
        .attainment = total->attainment,
        .earned = total->earned,
        .name = drawing->view->name,
    };
}

/* --- one component --- */

static enum status find_window(struct drawing *drawing, const struct plan_component *component,
                               const struct total *total, struct window_span *span,
                               char id[WINDOW_ID_BYTES])
{
    bool is_named = total && window_count_in_year(component->over) > 0 &&
                    !window_by_id(&drawing->view->plan->calendar, total->window, span);
    if (!is_named)
        return plan_view_window(drawing->view, component, span, id, drawing->detail);
    (void)window_id(&drawing->view->plan->calendar, span, id);
    return STATUS_OK;
}

static enum status draw_component(struct drawing *drawing, const struct plan_component *component)
{
    const struct total *total = total_of(drawing, component);
    const struct chart_standing standing = standing_of(drawing, total);
    struct window_span span;
    struct worked worked;
    char id[WINDOW_ID_BYTES];
    bool found = false;
    enum status status = find_window(drawing, component, total, &span, id);
    if (!status)
        status = plan_view_work(drawing->view, component, &span, id, &worked, drawing->detail);
    if (!status)
        status = worked_table(&worked);
    if (!status)
        status = chart_make(&worked, drawing->view->name, id, &standing,
                            &drawing->charts[drawing->count], &found);
    if (status && !drawing->detail[0])
        (void)snprintf(drawing->detail, DETAIL_BYTES, "%.*s: cannot be drawn",
                       SLICE_ARGS(component->name));
    drawing->count += found;
    return status;
}

/* --- where it goes --- */

static struct slice title_of(const struct plan *plan)
{
    return plan->title.length ? plan->title : plan->name;
}

static int write_svg(const struct drawing *drawing, const char *path)
{
    char detail[DETAIL_BYTES];
    struct buffer text = {0};
    chart_svg(drawing->charts, drawing->count, title_of(drawing->view->plan), &text);
    enum status status = write_file(path, buffer_slice(&text), detail);
    buffer_deinit(&text);
    if (status)
        (void)fprintf(stderr, "milepost: %s\n", detail);
    else if (!drawing->cli->console.is_json)
        (void)printf("%s: %zu picture%s.\n", path, drawing->count, drawing->count == 1 ? "" : "s");
    return status ? EXIT_CODE_FINDING : EXIT_CODE_DONE;
}

static void print_terminal(const struct drawing *drawing)
{
    struct buffer text = {0};
    const struct chart_terminal terminal = {.console = &drawing->cli->console,
                                            .width = console_width(),
                                            .is_ascii = terminal_is_ascii()};
    for (size_t i = 0; i < drawing->count; i++) {
        buffer_printf(&text, "%s", i > 0 ? "\n" : "");
        chart_terminal_draw(&drawing->charts[i], &terminal, &text);
    }
    (void)fwrite(text.bytes ? text.bytes : "", 1, text.length, stdout);
    buffer_deinit(&text);
}

static void append_series_json(const struct chart_series *series, struct buffer *out)
{
    buffer_append_byte(out, '{');
    json_append_field(out, "name", slice_of(series->name));
    json_append_raw(out, "points", "[");
    for (size_t i = 0; i < series->count; i++) {
        const struct chart_point *point = &series->points[i];
        buffer_printf(out, "%s[%.12g,%.12g]", i ? "," : "", point->x, point->y);
    }
    buffer_printf(out, "]}");
}

static void print_json(const struct chart *chart)
{
    struct buffer line = {0};
    buffer_append_byte(&line, '{');
    json_append_field(&line, "component", slice_of(chart->title));
    json_append_field(&line, "x", slice_of(chart->x.name));
    json_append_field(&line, "y", slice_of(chart->y.name));
    json_append_raw(&line, "series", "[");
    for (size_t i = 0; i < chart->series_count; i++) {
        buffer_printf(&line, "%s", i ? "," : "");
        append_series_json(&chart->series[i], &line);
    }
    buffer_append_byte(&line, ']');
    json_append_raw(&line, "bars", "[");
    for (size_t i = 0; i < chart->bar_count; i++) {
        buffer_printf(&line, "%s{", i ? "," : "");
        json_append_field(&line, "name", slice_of(chart->bars[i].name));
        buffer_printf(&line, ",\"from\":%.12g,\"to\":%.12g}", chart->bars[i].from,
                      chart->bars[i].to);
    }
    buffer_append_byte(&line, ']');
    if (chart->has_place)
        buffer_printf(&line, ",\"place\":[%.12g,%.12g]", chart->place.x, chart->place.y);
    (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(&line)));
    buffer_deinit(&line);
}

static int show(const struct drawing *drawing)
{
    const char *svg = drawing->view->options->svg;
    int code = EXIT_CODE_DONE;
    if (drawing->count == 0) {
        (void)fprintf(stderr, "milepost: %s\n",
                      drawing->view->is_evaluated
                          ? "nothing of it goes by a figure that could be drawn; `plan explain` "
                            "says what it pays"
                          : "this version reads the plan and does not evaluate all of it yet; "
                            "`plan lint` says which part");
        return EXIT_CODE_FINDING;
    }
    if (svg)
        code = write_svg(drawing, svg);
    for (size_t i = 0; drawing->cli->console.is_json && i < drawing->count; i++)
        print_json(&drawing->charts[i]);
    if (!svg && !drawing->cli->console.is_json)
        print_terminal(drawing);
    return code;
}

/* --- the command --- */

static enum status draw_all(struct drawing *drawing)
{
    const struct plan_view *view = drawing->view;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && view->is_evaluated && i < view->plan->component_count; i++) {
        if (plan_view_wants(view, &view->plan->components[i]))
            status = draw_component(drawing, &view->plan->components[i]);
    }
    return status;
}

static int draw_and_show(struct drawing *drawing)
{
    enum status status = drawing->view->options->events ? simulate(drawing) : STATUS_OK;
    if (status)
        return run_files_fail(drawing->cli, status, drawing->detail);
    if (draw_all(drawing)) {
        (void)fprintf(stderr, "milepost: %s\n", drawing->detail);
        return EXIT_CODE_FINDING;
    }
    return show(drawing);
}

static int chart(struct cli *cli, struct plan_view *view)
{
    struct drawing drawing = {.cli = cli, .view = view};
    drawing.charts = calloc(view->plan->component_count + 1, sizeof *drawing.charts);
    if (!drawing.charts)
        abort();
    int code = draw_and_show(&drawing);
    if (drawing.has_totals)
        totals_deinit(&drawing.totals);
    if (view->options->events)
        simulation_close(&drawing.simulation);
    free(drawing.charts);
    return code;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct view_options options;
    struct plan_view view;
    const char *complaint = view_options_read(&options, true, argc, argv);
    if (complaint)
        return command_usage(cli, &plan_chart_command, complaint);
    int code = plan_view_open(&view, &options, cli);
    if (code == EXIT_CODE_DONE)
        code = chart(cli, &view);
    plan_view_close(&view);
    return code;
}
