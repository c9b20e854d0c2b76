/* `milepost plan fit`: goals or curve points under which a history comes out as wanted. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "milepost/fit_moves.h"
#include "milepost/shape_json.h"

static const char help_text[] =
    "usage: milepost plan fit --plan FILE... --roster FILE [--control FILE]... --events FILE\n"
    "                         [--component C] WANTED...\n"
    "\n"
    "Proposes goals, curve points or rates under which the history would have come out as wanted,\n"
    "prints the lines to paste, and proves them: the proposal is simulated and what it comes to "
    "is\n"
    "shown. No file is changed.\n"
    "\n"
    "  --at-goal 60%    goals: all by one factor, so that this share of results is at goal or "
    "above\n"
    "  --below 10%      curve: its first point, so that at most this share lies below it\n"
    "  --above 10%      curve: its last point, so that at most this share lies above it\n"
    "  --cost 250000    pay: what the component gives, scaled until it costs that in all; of a "
    "curve\n"
    "                   that gives percent of target only what it gives above 100 %\n"
    "\n"
    "Several are fitted in this order, each on what came before.\n"
    "\n"
    "  --component C    which one, or PLAN/C; when left out, the only one (with a goal)\n"
    "  --round N        goals in whole N; 1 when left out\n"
    "  --until DATE     attainment of windows that end by then only\n"
    "  --json           an object a line: assumed, line, result, attainment\n"
    "\n"
    "exit: 0 done, 1 a file is wrong, or it cannot be had\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command plan_fit_command = {
    .name = "plan fit",
    .summary = "goals, curve points or rates under which a history comes out as wanted",
    .help = help_text,
    .run = run,
};

struct wanted {
    bool has_share[3];
    struct rational shares[3];
    bool has_cost;
    struct decimal cost;
    int64_t round;
    const char *component;
};

enum { AT_GOAL, BELOW, ABOVE };

struct fitting {
    struct fit fit;
    struct wanted wanted;
    struct fit_outcome before;
    struct fit_outcome after;
    struct rational factor; /* of the goals */
    enum fit_scale scale;
};

/* --- fitting --- */

static enum status again(struct fitting *fitting, char *detail)
{
    struct fit_outcome next;
    enum status status = fit_simulate(&fitting->fit, &next, detail);
    if (status)
        return status;
    fit_outcome_deinit(&fitting->after);
    fitting->after = next;
    return STATUS_OK;
}

static enum status fit_points(struct fitting *fitting, char *detail)
{
    const struct wanted *wanted = &fitting->wanted;
    enum status status = STATUS_OK;
    if (wanted->has_share[BELOW])
        status = fit_threshold(&fitting->fit, &fitting->after, wanted->shares[BELOW], detail);
    if (!status && wanted->has_share[ABOVE])
        status = fit_excellence(&fitting->fit, &fitting->after, wanted->shares[ABOVE], detail);
    if (!status && (wanted->has_share[BELOW] || wanted->has_share[ABOVE]))
        status = again(fitting, detail);
    return status;
}

static enum status fit_all(struct fitting *fitting, char *detail)
{
    struct fit *fit = &fitting->fit;
    const struct wanted *wanted = &fitting->wanted;
    bool needs_goal =
        wanted->has_share[AT_GOAL] || wanted->has_share[BELOW] || wanted->has_share[ABOVE];
    enum status status = fit_open(fit, wanted->component, needs_goal, detail);
    if (!status)
        status = fit_simulate(fit, &fitting->before, detail);
    if (!status)
        status = again(fitting, detail);
    if (!status && wanted->has_share[AT_GOAL]) {
        status = fit_goals(fit, &fitting->after, wanted->shares[AT_GOAL], wanted->round,
                           &fitting->factor, detail);
        if (!status)
            status = again(fitting, detail);
    }
    if (!status)
        status = fit_points(fitting, detail);
    if (!status && wanted->has_cost)
        status = fit_cost(fit, &fitting->after, wanted->cost, &fitting->scale, detail);
    return status;
}

/* --- what was assumed --- */

static void append_percent(struct buffer *out, struct rational ratio)
{
    struct decimal shown;
    char text[DECIMAL_TEXT_BYTES];
    if (!ratio_round(ratio, &shown))
        buffer_append_slice(out, ratio_percent(shown, text));
}

static void tell(const struct fitting *fitting, struct buffer *sentence)
{
    if (fitting->fit.cli->console.is_json) {
        struct buffer line = {0};
        buffer_append_byte(&line, '{');
        json_append_field(&line, "what", SLICE("assumed"));
        json_append_field(&line, "sentence", buffer_slice(sentence));
        (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(&line)));
        buffer_deinit(&line);
    } else {
        (void)printf("- %.*s\n", SLICE_ARGS(buffer_slice(sentence)));
    }
    buffer_reset(sentence);
}

static void tell_assumed(const struct fitting *fitting)
{
    const struct wanted *wanted = &fitting->wanted;
    struct buffer text = {0};
    buffer_printf(&text, "people would have done the same under other goals and other pay");
    if (fitting->before.count)
        buffer_printf(&text, ": %zu results of %.*s %.*s", fitting->before.count,
                      SLICE_ARGS(fitting->fit.plan), SLICE_ARGS(fitting->fit.component));
    tell(fitting, &text);
    if (fitting->before.spread.running) {
        buffer_printf(&text,
                      "%" PRId64 " of them count as they stand, though their windows go on after "
                      "the last fact (--until leaves them out)",
                      fitting->before.spread.running);
        tell(fitting, &text);
    }
    if (wanted->has_share[AT_GOAL]) {
        buffer_printf(&text, "all goals move by one factor, ");
        append_percent(&text, fitting->factor);
        buffer_printf(&text, ", in whole %" PRId64, wanted->round);
        tell(fitting, &text);
    }
    if (wanted->has_cost) {
        buffer_printf(&text, fitting->scale == FIT_SCALES_ABOVE_GOAL
                                 ? "what is paid up to 100 %% stays; what the curve gives above it "
                                   "is scaled"
                                 : "all that the component gives is scaled by one factor");
        buffer_printf(&text, ", in steps of 0.01");
        tell(fitting, &text);
    }
    buffer_printf(&text, "a published version never changes: give the plan a higher `version`");
    tell(fitting, &text);
    buffer_deinit(&text);
}

/* --- the lines --- */

static void print_line_json(const char *path, int32_t number, const struct buffer *before,
                            const struct buffer *after)
{
    struct buffer line = {0};
    buffer_append_byte(&line, '{');
    json_append_field(&line, "what", SLICE("line"));
    json_append_field(&line, "file", slice_of(path));
    json_append_number(&line, "line", number);
    json_append_field(&line, "before", buffer_slice(before));
    json_append_field(&line, "after", buffer_slice(after));
    (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(&line)));
    buffer_deinit(&line);
}

static void print_file(const struct yaml_edit *file, const struct console *console)
{
    struct buffer before = {0};
    struct buffer after = {0};
    int32_t number;
    size_t at = 0;
    if (file->count && !console->is_json)
        (void)printf("\n%s%s%s\n", console_colour(console, COLOUR_BOLD), file->path,
                     console_plain(console));
    while (yaml_edit_next_line(file, &at, &number, &before, &after)) {
        if (slice_equal(buffer_slice(&before), buffer_slice(&after)))
            continue;
        if (console->is_json)
            print_line_json(file->path, number, &before, &after);
        else
            (void)printf("%s%6" PRId32 "%s %.*s\n", console_colour(console, COLOUR_DIM), number,
                         console_plain(console), SLICE_ARGS(buffer_slice(&after)));
    }
    buffer_deinit(&before);
    buffer_deinit(&after);
}

static void print_lines(const struct fitting *fitting)
{
    for (int which = 0; which < 2; which++)
        for (size_t i = 0; i < fitting->fit.counts[which]; i++)
            print_file(&fitting->fit.files[which][i], &fitting->fit.cli->console);
}

/* --- the proof --- */

static void print_json(const struct fitting *fitting)
{
    static const char *const sides[] = {"before", "after"};
    const struct fit_outcome *outcomes[] = {&fitting->before, &fitting->after};
    struct buffer line = {0};
    buffer_append_byte(&line, '{');
    json_append_field(&line, "what", SLICE("result"));
    json_append_field(&line, "plan", fitting->fit.plan);
    json_append_field(&line, "component", fitting->fit.component);
    json_append_field(&line, "currency", fitting->after.currency);
    json_append_money(&line, "cost_before", fitting->before.cost, fitting->before.places);
    json_append_money(&line, "cost_after", fitting->after.cost, fitting->after.places);
    json_append_number(&line, "simulations", fitting->fit.simulations);
    (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(&line)));
    for (int side = 0; side < 2; side++) {
        if (outcomes[side]->spread.results == 0)
            continue;
        buffer_reset(&line);
        buffer_append_byte(&line, '{');
        json_append_field(&line, "what", SLICE("attainment"));
        json_append_field(&line, "side", slice_of(sides[side]));
        spread_append_json(&outcomes[side]->spread, &line);
        (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(&line)));
    }
    buffer_deinit(&line);
}

static void print_table(const struct fitting *fitting)
{
    static const char *const sides[] = {"before", "after"};
    char before[DECIMAL_TEXT_BYTES];
    char after[DECIMAL_TEXT_BYTES];
    (void)printf("\nSimulated: %.*s %.*s costs %.*s %.*s in all; it was %.*s.\n",
                 SLICE_ARGS(fitting->fit.plan), SLICE_ARGS(fitting->fit.component),
                 SLICE_ARGS(places_format(fitting->after.cost, fitting->after.places, after)),
                 SLICE_ARGS(fitting->after.currency),
                 SLICE_ARGS(places_format(fitting->before.cost, fitting->before.places, before)));
    if (fitting->before.spread.results)
        spread_print(&fitting->before.spread, &fitting->after.spread, sides,
                     &fitting->fit.cli->console);
}

static void show(const struct fitting *fitting)
{
    bool is_json = fitting->fit.cli->console.is_json;
    if (!is_json)
        (void)printf("Assumed:\n");
    tell_assumed(fitting);
    print_lines(fitting);
    if (is_json)
        print_json(fitting);
    else
        print_table(fitting);
}

/* --- the command --- */

static int fit(struct fitting *fitting)
{
    char detail[DETAIL_BYTES] = "";
    enum status status = fit_all(fitting, detail);
    if (!status) {
        show(fitting);
        return EXIT_CODE_DONE;
    }
    if (status == STATUS_INVALID && detail[0])
        return command_fail(fitting->fit.cli, status, detail);
    return run_files_fail(fitting->fit.cli, status, detail);
}

enum { OPTION_SHARE = 1000, OPTION_COST = 1010, OPTION_COMPONENT, OPTION_ROUND, OPTION_UNTIL };

static const char *take_share(struct wanted *wanted, int which, const char *value)
{
    struct rational *share = &wanted->shares[which];
    wanted->has_share[which] = true;
    if (rational_parse_share(slice_of(value), share) ||
        rational_compare(*share, RATIONAL_ZERO) < 0 || rational_compare(*share, RATIONAL_ONE) > 0)
        return "a share is from 0% to 100%";
    return NULL;
}

static const char *take_round(struct wanted *wanted, const char *value)
{
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (errno || end == value || *end || number < 1 || number > 1000000000)
        return "--round is a whole number, such as 1000";
    wanted->round = number;
    return NULL;
}

static const char *take_option(struct fitting *fitting, int option, const char *value)
{
    struct wanted *wanted = &fitting->wanted;
    const char *complaint = NULL;
    if (option == '?')
        return "that option is not known, or lacks its value";
    if (option >= OPTION_SHARE && option < OPTION_COST)
        return take_share(wanted, option - OPTION_SHARE, value);
    if (option == OPTION_COST) {
        wanted->has_cost = true;
        return decimal_parse(slice_of(value), &wanted->cost) || wanted->cost.units <= 0
                   ? "--cost is an amount above 0"
                   : NULL;
    }
    if (option == OPTION_ROUND)
        return take_round(wanted, value);
    if (option == OPTION_UNTIL)
        return date_parse(slice_of(value), &fitting->fit.until) ? "--until is a day: 2026-04-01"
                                                                : NULL;
    if (option == OPTION_COMPONENT) {
        wanted->component = value;
        return NULL;
    }
    return run_files_take(&fitting->fit.run, option, value, &complaint) ? NULL : complaint;
}

static const char *read_options(struct fitting *fitting, int argc, char **argv)
{
    static const struct option options[] = {
        RUN_FILE_OPTIONS,
        {"at-goal", required_argument, NULL, OPTION_SHARE + AT_GOAL},
        {"below", required_argument, NULL, OPTION_SHARE + BELOW},
        {"above", required_argument, NULL, OPTION_SHARE + ABOVE},
        {"cost", required_argument, NULL, OPTION_COST},
        {"component", required_argument, NULL, OPTION_COMPONENT},
        {"round", required_argument, NULL, OPTION_ROUND},
        {"until", required_argument, NULL, OPTION_UNTIL},
        {NULL, 0, NULL, 0}};
    const struct wanted *wanted = &fitting->wanted;
    optind = 1;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        const char *complaint = take_option(fitting, option, optarg);
        if (complaint)
            return complaint;
    }
    if (optind != argc)
        return "files are named by --plan, --roster, --control and --events";
    if (!wanted->has_share[AT_GOAL] && !wanted->has_share[BELOW] && !wanted->has_share[ABOVE] &&
        !wanted->has_cost)
        return "say what is wanted: --at-goal, --below, --above or --cost";
    return run_files_lack(&fitting->fit.run);
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct fitting fitting = {.fit = {.cli = cli, .until = INT32_MAX}, .wanted = {.round = 1}};
    const char *complaint = read_options(&fitting, argc, argv);
    int code = complaint ? command_usage(cli, &plan_fit_command, complaint) : fit(&fitting);
    fit_outcome_deinit(&fitting.before);
    fit_outcome_deinit(&fitting.after);
    fit_deinit(&fitting.fit);
    return code;
}
