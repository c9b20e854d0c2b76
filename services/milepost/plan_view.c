#include "milepost/plan_view.h"

#include <getopt.h>
#include <stdlib.h>

#include "milepost/event_input.h"

/* --- the command line --- */

enum {
    OPTION_COMPONENT,
    OPTION_PARTICIPANT,
    OPTION_ROSTER,
    OPTION_CONTROL,
    OPTION_WINDOW,
    OPTION_EVENTS,
    OPTION_SVG
};

static const char *take_option(struct view_options *out, int option, const char *text)
{
    const char **places[] = {
        [OPTION_COMPONENT] = &out->component,
        [OPTION_PARTICIPANT] = &out->participant,
        [OPTION_ROSTER] = &out->roster,
        [OPTION_CONTROL] = NULL,
        [OPTION_WINDOW] = &out->window,
        [OPTION_EVENTS] = &out->events,
        [OPTION_SVG] = &out->svg,
    };
    if (option != OPTION_CONTROL && *places[option])
        return "an option stands twice";
    if (option != OPTION_CONTROL)
        *places[option] = text;
    else if (out->control_count == VIEW_CONTROLS_MAX)
        return "there are too many --control";
    else
        out->controls[out->control_count++] = text;
    return NULL;
}

static const char *check_options(const struct view_options *options)
{
    if (!options->plan)
        return "name the plan's file";
    if (options->participant && !options->roster)
        return "--participant needs --roster FILE, which has their goal and target incentive";
    if (options->roster && !options->participant)
        return "--roster needs --participant ID, such as person:jo";
    if (options->events && !options->participant)
        return "--events needs --participant ID: whose place is to be shown";
    return NULL;
}

const char *view_options_read(struct view_options *out, bool is_chart, int argc, char **argv)
{
    static const struct option options[] = {
        {"component", required_argument, NULL, OPTION_COMPONENT},
        {"participant", required_argument, NULL, OPTION_PARTICIPANT},
        {"roster", required_argument, NULL, OPTION_ROSTER},
        {"control", required_argument, NULL, OPTION_CONTROL},
        {"window", required_argument, NULL, OPTION_WINDOW},
        {"events", required_argument, NULL, OPTION_EVENTS},
        {"svg", required_argument, NULL, OPTION_SVG},
        {NULL, 0, NULL, 0}};
    *out = (struct view_options){0};
    optind = 1;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == '?' || (!is_chart && option >= OPTION_EVENTS))
            return "that option is not known, or lacks its value";
        const char *complaint = take_option(out, option, optarg);
        if (complaint)
            return complaint;
    }
    if (argc - optind > 1)
        return "one plan at a time";
    out->plan = optind < argc ? argv[optind] : NULL;
    return check_options(out);
}

/* --- files --- */

static int fail(const struct plan_view *view, const struct cli *cli, const char *detail)
{
    const struct reports *lists[] = {&view->bundle.reports, &view->reports};
    bool is_told = false;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (lists[i]->error_count == 0)
            continue;
        reports_print(lists[i], cli->console.has_colour, cli->console.is_json, stderr);
        is_told = true;
    }
    if (!is_told)
        (void)fprintf(stderr, "milepost: %s\n", detail);
    return EXIT_CODE_FINDING;
}

static enum status read_others(struct plan_view *view, char *detail)
{
    const struct view_options *options = view->options;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < options->control_count; i++)
        status = bundle_read(&view->bundle, options->controls[i], NULL, detail);
    if (!status && options->roster)
        status = bundle_read(&view->bundle, options->roster, NULL, detail);
    return status;
}

/* What is read and not evaluated yet can be explained, without values. */
static enum status read_plan(struct plan_view *view, char *detail)
{
    struct bundle *bundle = &view->bundle;
    struct slice file = slice_of(view->options->plan);
    struct plan_sources sources = bundle_sources(bundle);
    struct reports unused;
    const struct plan *plan;
    struct slice text;
    enum status status = read_file(view->options->plan, &bundle->arena, &text, detail);
    reports_init(&unused, &bundle->arena);
    if (!status)
        view->is_evaluated =
            plan_parse(text, file, &bundle->arena, &sources, &unused, &plan) == STATUS_OK;
    sources.reads_all = true;
    if (!status) {
        status = plan_parse(text, file, &bundle->arena, &sources, &view->reports, &view->plan);
        (void)snprintf(detail, DETAIL_BYTES, "%s: cannot be read as a plan", view->options->plan);
    }
    return status;
}

static enum status find_participant(struct plan_view *view, char *detail)
{
    struct slice wanted = slice_of(view->options->participant);
    bool is_known = false;
    for (size_t i = 0; wanted.bytes && i < view->bundle.roster_count; i++) {
        const struct roster *one = &view->bundle.rosters[i];
        if (!slice_equal(one->participant, wanted))
            continue;
        is_known = true;
        if (slice_equal(one->aspect, SLICE("assignments")))
            view->assignments = &one->assignments;
        if (slice_equal(one->aspect, SLICE("profile")) && one->name.length)
            view->name = one->name;
    }
    if (!wanted.bytes)
        return STATUS_OK;
    view->participant = wanted;
    view->name = view->name.bytes ? view->name : wanted;
    for (size_t i = 0; view->assignments && i < view->assignments->count; i++) {
        const struct assignment *one = (const struct assignment *)view->assignments->items + i;
        if (slice_equal(one->plan, view->plan->name))
            return STATUS_OK;
    }
    if (is_known)
        (void)snprintf(detail, DETAIL_BYTES, "%s: %s is not assigned to the plan %.*s",
                       view->options->roster, view->options->participant,
                       SLICE_ARGS(view->plan->name));
    else
        (void)snprintf(detail, DETAIL_BYTES,
                       "%s: there is no %s; participants are written as "
                       "person:jo",
                       view->options->roster, view->options->participant);
    return STATUS_INVALID;
}

static enum status check_component(const struct plan_view *view, char *detail)
{
    struct slice wanted = slice_of(view->options->component);
    if (!wanted.bytes || plan_component_find(view->plan, wanted))
        return STATUS_OK;
    int length = snprintf(detail, DETAIL_BYTES, "%s: there is no component %s; it has",
                          view->options->plan, view->options->component);
    for (size_t i = 0; i < view->plan->component_count && length < DETAIL_BYTES; i++)
        length += snprintf(detail + length, (size_t)(DETAIL_BYTES - length), "%s %.*s",
                           i ? "," : "", SLICE_ARGS(view->plan->components[i].name));
    return STATUS_INVALID;
}

int plan_view_open(struct plan_view *view, const struct view_options *options, struct cli *cli)
{
    char detail[DETAIL_BYTES] = "";
    *view = (struct plan_view){.options = options};
    bundle_init(&view->bundle);
    reports_init(&view->reports, &view->bundle.arena);
    enum status status = read_others(view, detail);
    if (!status)
        status = read_plan(view, detail);
    if (!status)
        status = check_component(view, detail);
    if (!status)
        status = find_participant(view, detail);
    return status ? fail(view, cli, detail) : EXIT_CODE_DONE;
}

void plan_view_close(struct plan_view *view)
{
    bundle_deinit(&view->bundle);
}

/* --- what is looked at --- */

bool plan_view_wants(const struct plan_view *view, const struct plan_component *component)
{
    return !view->options->component ||
           slice_equal(component->name, slice_of(view->options->component));
}

/* The first day on which the participant is assigned within the plan. */
static int32_t first_day(const struct plan_view *view)
{
    int32_t first = INT32_MAX;
    for (size_t i = 0; view->assignments && i < view->assignments->count; i++) {
        const struct assignment *one = (const struct assignment *)view->assignments->items + i;
        bool is_over = one->has_until && one->until <= view->plan->from;
        if (slice_equal(one->plan, view->plan->name) && !is_over && one->from < first)
            first = one->from;
    }
    return first == INT32_MAX || first < view->plan->from ? view->plan->from : first;
}

enum status plan_view_window(const struct plan_view *view, const struct plan_component *component,
                             struct window_span *out, char id[WINDOW_ID_BYTES], char *detail)
{
    const struct calendar *calendar = &view->plan->calendar;
    const char *wanted = view->options->window;
    bool is_named = wanted && window_count_in_year(component->over) > 0;
    enum status status = is_named
                             ? window_by_id(calendar, slice_of(wanted), out)
                             : window_containing(calendar, component->over, first_day(view), out);
    if (!status && is_named && out->over != component->over)
        status = window_containing(calendar, component->over, out->from, out);
    if (status) {
        (void)snprintf(detail, DETAIL_BYTES,
                       wanted ? "%.*s has no window %s; they are written 2026-03, 2026-Q1, 2026"
                              : "%.*s has no window%s in the plan's range",
                       SLICE_ARGS(component->name), wanted ? wanted : "");
        return STATUS_INVALID;
    }
    id[0] = '\0';
    if (component->over != WINDOW_DEAL && component->over != WINDOW_LINE)
        (void)window_id(calendar, out, id);
    return STATUS_OK;
}

enum status plan_view_work(struct plan_view *view, const struct plan_component *component,
                           const struct window_span *span, const char *id, struct worked *out,
                           char *detail)
{
    enum status status = worked_make(view->plan, component, view->assignments, span, slice_of(id),
                                     &view->bundle.arena, out);
    if (status)
        (void)snprintf(detail, DETAIL_BYTES, "%.*s: its figures are too large to be tabulated",
                       SLICE_ARGS(component->name));
    return status;
}
