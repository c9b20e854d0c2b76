/* `milepost plan explain`: what a plan pays, in plain sentences, with a worked table of values. */
#include <inttypes.h>

#include "milepost/explain_table.h"
#include "milepost/plan_view.h"
#include "milepost/plan_words.h"
#include "plan/describe.h"

static const char help_text[] =
    "usage: milepost plan explain FILE [--component C] [--participant P --roster FILE]\n"
    "                             [--window W] [--control FILE]...\n"
    "\n"
    "Says in plain sentences what a plan pays, step by step: what is counted, against which goal,\n"
    "what that pays, what is done to it, when it is paid out, what a cancellation does. Below "
    "stands\n"
    "what that comes to where something happens, computed by the engine that pays.\n"
    "\n"
    "  --component C     this component only\n"
    "  --participant P   with the goal and target incentive of person:jo, from --roster\n"
    "  --window W        those of 2026-Q2; else of the first window with an assignment\n"
    "  --control FILE    units and categories that the plan uses\n"
    "  --json            an object for the plan, and one for each component\n"
    "\n"
    "Without a participant goals and target incentives from the roster are nobody's: values are\n"
    "shares of them, or stand for an example that is named.\n"
    "\n"
    "exit: 0 done, 1 a file is wrong\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command plan_explain_command = {
    .name = "plan explain",
    .summary = "what a plan pays, in plain sentences with a table of values",
    .help = help_text,
    .run = run,
};

enum { HEADING_COLUMNS = 15 };

/* A component on its way to the reader. */
struct explaining {
    struct cli *cli;
    struct plan_view *view;
    struct buffer text;
    char *detail;
};

/* --- text --- */

static void print_heading(const struct console *console, const char *heading)
{
    (void)printf("  %s%s%s%*s", console_colour(console, COLOUR_BOLD), heading,
                 console_plain(console), HEADING_COLUMNS - 2 - (int)strlen(heading), "");
}

static void print_topic(struct explaining *explaining, const struct plan_component *component,
                        enum describe_topic topic)
{
    struct buffer *text = &explaining->text;
    buffer_reset(text);
    describe_component(explaining->view->plan, component, topic, text);
    if (text->length == 0)
        return;
    print_heading(&explaining->cli->console, describe_heading(topic));
    print_sentences(buffer_slice(text), console_width(), HEADING_COLUMNS, HEADING_COLUMNS);
}

static void print_plan(struct explaining *explaining)
{
    const struct plan *plan = explaining->view->plan;
    const struct console *console = &explaining->cli->console;
    struct buffer *text = &explaining->text;
    struct slice title = plan->title.length ? plan->title : plan->name;
    (void)printf("%s%.*s%s\n", console_colour(console, COLOUR_BOLD), SLICE_ARGS(title),
                 console_plain(console));
    describe_plan(plan, text);
    print_sentences(buffer_slice(text), console_width(), 2, 0);
}

static void print_total(struct explaining *explaining)
{
    struct buffer *text = &explaining->text;
    buffer_reset(text);
    describe_total(explaining->view->plan, text);
    if (text->length == 0)
        return;
    const struct console *console = &explaining->cli->console;
    (void)printf("\n%sTotal%s\n", console_colour(console, COLOUR_BOLD), console_plain(console));
    print_sentences(buffer_slice(text), console_width(), 2, 0);
}

static void print_table(struct explaining *explaining, const struct worked *worked, const char *id)
{
    struct buffer *text = &explaining->text;
    if (worked->row_count == 0)
        return;
    buffer_reset(text);
    append_figures(text, worked, explaining->view->name, id);
    (void)printf("\n");
    print_sentences(buffer_slice(text), console_width(), 2, 0);
    explain_table_print(worked, &explaining->cli->console);
}

static void print_component(struct explaining *explaining, const struct plan_component *component)
{
    const struct console *console = &explaining->cli->console;
    (void)printf("\n%s%.*s%s\n", console_colour(console, COLOUR_BOLD), SLICE_ARGS(component->name),
                 console_plain(console));
    for (int topic = 0; topic < DESCRIBE_COUNT; topic++)
        print_topic(explaining, component, (enum describe_topic)topic);
}

/* --- JSON --- */

static void append_sentences(struct buffer *out, const char *name, struct slice text)
{
    json_append_raw(out, name, "[");
    for (size_t i = 0; text.length > 0; i++) {
        struct slice sentence;
        text = slice_split(text, '\n', &sentence);
        if (i > 0)
            buffer_append_byte(out, ',');
        json_append_text(out, sentence);
    }
    buffer_append_byte(out, ']');
}

static void print_line(struct buffer *line)
{
    (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(line)));
    buffer_deinit(line);
}

static void print_plan_json(struct explaining *explaining)
{
    const struct plan *plan = explaining->view->plan;
    struct buffer *text = &explaining->text;
    struct buffer line = {0};
    char version[24];
    (void)snprintf(version, sizeof version, "%" PRId64, plan->version);
    buffer_append_byte(&line, '{');
    json_append_field(&line, "plan", plan->name);
    json_append_raw(&line, "version", version);
    json_append_optional(&line, "title", plan->title.length ? plan->title : (struct slice){0});
    describe_plan(plan, text);
    append_sentences(&line, "sentences", buffer_slice(text));
    buffer_reset(text);
    describe_total(plan, text);
    append_sentences(&line, "total", buffer_slice(text));
    print_line(&line);
}

static void append_window_json(const struct worked *worked, const char *id, struct buffer *line)
{
    char date[DATE_TEXT_BYTES];
    json_append_optional(line, "window", id[0] ? slice_of(id) : (struct slice){0});
    (void)date_format(worked->first, date);
    json_append_field(line, "from", slice_of(date));
}

static void print_component_json(struct explaining *explaining, const struct worked *worked,
                                 const char *id)
{
    const struct plan_component *component = worked->component;
    struct buffer *text = &explaining->text;
    struct buffer line = {0};
    buffer_append_byte(&line, '{');
    json_append_field(&line, "component", component->name);
    for (int topic = 0; topic < DESCRIBE_COUNT; topic++) {
        buffer_reset(text);
        describe_component(explaining->view->plan, component, (enum describe_topic)topic, text);
        append_sentences(&line, describe_name((enum describe_topic)topic), buffer_slice(text));
    }
    json_append_optional(&line, "participant", explaining->view->participant);
    append_window_json(worked, id, &line);
    explain_table_append_json(worked, &line);
    print_line(&line);
}

/* --- all of it --- */

static enum status explain_component(struct explaining *explaining,
                                     const struct plan_component *component)
{
    struct window_span span;
    struct worked worked = {0};
    char id[WINDOW_ID_BYTES];
    bool is_json = explaining->cli->console.is_json;
    enum status status =
        plan_view_window(explaining->view, component, &span, id, explaining->detail);
    if (!status)
        status =
            plan_view_work(explaining->view, component, &span, id, &worked, explaining->detail);
    if (!status && explaining->view->is_evaluated)
        status = worked_table(&worked);
    if (status)
        return status;
    if (is_json) {
        print_component_json(explaining, &worked, id);
        return STATUS_OK;
    }
    print_component(explaining, component);
    print_table(explaining, &worked, id);
    return STATUS_OK;
}

static int explain(struct cli *cli, struct plan_view *view)
{
    char detail[DETAIL_BYTES] = "";
    struct explaining explaining = {.cli = cli, .view = view, .detail = detail};
    enum status status = STATUS_OK;
    if (cli->console.is_json)
        print_plan_json(&explaining);
    else
        print_plan(&explaining);
    for (size_t i = 0; !status && i < view->plan->component_count; i++) {
        if (plan_view_wants(view, &view->plan->components[i]))
            status = explain_component(&explaining, &view->plan->components[i]);
    }
    if (!status && !cli->console.is_json)
        print_total(&explaining);
    if (!status && !view->is_evaluated)
        (void)fprintf(stderr, "milepost: this version reads the plan and does not evaluate all of "
                              "it yet, so there are no values; `plan lint` says which part\n");
    buffer_deinit(&explaining.text);
    return status ? command_fail(cli, status, detail) : EXIT_CODE_DONE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct view_options options;
    struct plan_view view;
    const char *complaint = view_options_read(&options, false, argc, argv);
    if (complaint)
        return command_usage(cli, &plan_explain_command, complaint);
    int code = plan_view_open(&view, &options, cli);
    if (code == EXIT_CODE_DONE)
        code = explain(cli, &view);
    plan_view_close(&view);
    return code;
}
