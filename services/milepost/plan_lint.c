/* `milepost plan lint`: what is wrong with plans, rosters and control, before they are applied, and
 * what a plan leaves open or cannot mean. The checks are libs/lint's. */
#include "lint/lint.h"
#include "lint/sarif.h"
#include "milepost/bundle.h"
#include "milepost/command.h"
#include "milepost/event_input.h"
#include "plan/crediting_rules.h"
#include "plan/rates.h"
#include "plan/roster_file.h"

static const char help_text[] =
    "usage: milepost plan lint [--notes] [--strict] [--json | --sarif] FILE...\n"
    "\n"
    "Reads plan, roster and control files as apply would, in the order given (plans may use units\n"
    "that a file before them declares), and says what is wrong: file:line:column, what, and what "
    "to\n"
    "write instead. Plans are held against the rosters and the control that are named with them.\n"
    "Nothing is connected to and nothing is written.\n"
    "\n"
    "An error keeps a file from being applied: a mistake, or a question on which practice is "
    "divided\n"
    "and which the plan must answer. A warning is what nobody means: pay that falls, tiers that\n"
    "nothing reaches, steps that change nothing. A note says what a plan does: how much money one\n"
    "more unit moves, the most that a window can pay, what is left to the language.\n"
    "\n"
    "  --notes    notes too\n"
    "  --strict   warnings end it with 1\n"
    "  --json     a finding a line, for programs\n"
    "  --sarif    one SARIF 2.1.0 log, for code review\n"
    "\n"
    "The codes are listed in the language reference, \"What lint says\".\n"
    "\n"
    "exit: 0 no errors (and with --strict no warnings), 1 an error\n";

static int run(struct cli *cli, int argc, char **argv);
const struct command plan_lint_command = {
    .name = "plan lint",
    .summary = "what is wrong with plans, rosters and control, and what they leave open",
    .help = help_text,
    .run = run,
};

enum { FILES_MAX = BUNDLE_FILES_MAX };

/* A file, and what there is to say of it. */
struct linted_file {
    struct slice name;
    struct slice text;
    struct reports reports;
    enum document_kind kind;
    const struct plan *plan; /* NULL where it is none, or is refused */
    bool is_roster;
};

struct lint_run {
    struct cli *cli;
    bool wants_notes;
    bool is_strict;
    bool is_sarif;
    struct bundle bundle;
    struct linted_file files[FILES_MAX];
    size_t count;
    const struct plan *plans[FILES_MAX];
    size_t plan_count;
    size_t hidden_notes;
    bool has_failed; /* a file could not be read */
};

/* --- reading --- */

/* Whether the only thing wrong is that this version does not evaluate it yet: there is a plan to
 * look at all the same. */
static bool is_only_not_here(const struct reports *reports)
{
    size_t count = 0;
    for (const struct report *one = reports->first; one; one = one->next)
        count += one->severity == REPORT_ERROR && strcmp(one->code, "not-here") == 0;
    return count > 0 && count == reports->error_count;
}

static void read_one(struct lint_run *run, const char *path)
{
    struct bundle *bundle = &run->bundle;
    struct linted_file *file = &run->files[run->count++];
    char detail[DETAIL_BYTES] = "";
    reports_init(&bundle->reports, &bundle->arena);
    enum status status = bundle_read(bundle, path, NULL, detail);
    *file = (struct linted_file){.name = slice_of(path), .reports = bundle->reports};
    if (status && status != STATUS_INVALID) {
        (void)fprintf(stderr, "milepost: %s\n", detail);
        run->has_failed = true;
        return;
    }
    if (status && is_only_not_here(&file->reports)) {
        reports_init(&bundle->reports, &bundle->arena);
        bundle->reads_all = true;
        status = bundle_read(bundle, path, NULL, detail);
        bundle->reads_all = false;
    }
    if (status)
        return;
    file->text = bundle->text;
    file->plan = bundle->last.plan;
    file->is_roster = bundle->last.kind == DOCUMENT_ROSTER;
    if (file->plan)
        run->plans[run->plan_count++] = file->plan;
}

/* --- control --- */

struct control_read {
    struct crediting_rules crediting;
    struct categories categories;
    struct rates rates;
};

static bool is_kind(const struct control *control, const char *kind)
{
    return slice_equal(control->kind, slice_of(kind));
}

static void read_control(struct lint_run *run, struct control_read *read, struct lint_around *out)
{
    struct bundle *bundle = &run->bundle;
    struct reports unheard; /* what is wrong was said when the file was read */
    reports_init(&unheard, &bundle->arena);
    for (size_t i = 0; i < bundle->control_count; i++) {
        const struct control *one = &bundle->controls[i];
        const struct node *root;
        if (is_kind(one, "crediting") &&
            !crediting_rules_read(one->document, &bundle->arena, &unheard, &read->crediting))
            out->crediting = &read->crediting;
        if (is_kind(one, "rates") &&
            !rates_read(one->document, &bundle->arena, &unheard, &read->rates))
            out->rates = &read->rates;
        if (is_kind(one, "categories") &&
            !node_read_yaml(one->document, NODE_BYTES_MAX, &bundle->arena, &unheard, &root) &&
            !categories_parse(root, &bundle->arena, &unheard, &read->categories))
            out->categories = &read->categories;
    }
}

/* --- linting --- */

static enum status lint_one(struct lint_run *run, struct linted_file *file,
                            const struct lint_around *around)
{
    struct reports all;
    const struct node *root;
    struct arena *arena = &run->bundle.arena;
    if (file->plan) {
        reports_init(&all, arena);
        enum status status = lint_plan(file->plan, file->name, around, true, &all);
        run->hidden_notes += run->wants_notes ? 0 : all.note_count;
        return status ? status
                      : lint_plan(file->plan, file->name, around, run->wants_notes, &file->reports);
    }
    if (!file->is_roster)
        return STATUS_OK;
    reports_read(&file->reports, file->name, file->text, 1);
    enum status status = node_read_yaml(file->text, ROSTER_BYTES_MAX, arena, &file->reports, &root);
    return status ? status
                  : lint_roster(root, file->name, file->text, run->plans, run->plan_count,
                                &file->reports);
}

/* --- saying it --- */

static void print_count(size_t count, const char *what)
{
    (void)printf("%zu %s%s", count, what, count == 1 ? "" : "s");
}

static void print_verdict(const struct lint_run *run, size_t errors, size_t warnings, size_t notes)
{
    print_count(run->count, "file");
    if (errors + warnings == 0) {
        (void)printf(", nothing to remark");
    } else {
        (void)printf(": ");
        print_count(errors, "error");
        (void)printf(", ");
        print_count(warnings, "warning");
    }
    if (notes + run->hidden_notes > 0) {
        (void)printf("; ");
        print_count(notes + run->hidden_notes, "note");
    }
    (void)printf(run->hidden_notes ? " (--notes).\n" : ".\n");
}

static void print_sarif(const struct lint_run *run)
{
    const struct reports *lists[FILES_MAX];
    struct buffer out = {0};
    for (size_t i = 0; i < run->count; i++)
        lists[i] = &run->files[i].reports;
    sarif_append(lists, run->count, &out);
    (void)fwrite(out.bytes ? out.bytes : "", 1, out.length, stdout);
    buffer_deinit(&out);
}

static int print_all(struct lint_run *run)
{
    const struct console *console = &run->cli->console;
    size_t errors = run->has_failed;
    size_t warnings = 0;
    size_t notes = 0;
    for (size_t i = 0; i < run->count; i++) {
        const struct reports *reports = &run->files[i].reports;
        errors += reports->error_count;
        warnings += reports->warning_count;
        notes += reports->note_count;
        if (!run->is_sarif)
            reports_print(reports, console->has_colour, console->is_json, stdout);
    }
    if (run->is_sarif)
        print_sarif(run);
    else if (!console->is_json)
        print_verdict(run, errors, warnings, notes);
    return errors > 0 || (run->is_strict && warnings > 0) ? EXIT_CODE_FINDING : EXIT_CODE_DONE;
}

static int lint(struct lint_run *run, int count, char **paths)
{
    struct control_read control = {0};
    struct lint_around around = {0};
    enum status status = STATUS_OK;
    for (int i = 0; i < count; i++)
        read_one(run, paths[i]);
    read_control(run, &control, &around);
    for (size_t i = 0; !status && i < run->count; i++)
        status = lint_one(run, &run->files[i], &around);
    return status ? command_fail(run->cli, status, "the files are too large to be looked at")
                  : print_all(run);
}

static bool take_option(struct lint_run *run, const char *word)
{
    bool *flags[] = {&run->wants_notes, &run->is_strict, &run->is_sarif};
    static const char *const words[] = {"--notes", "--strict", "--sarif"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(word, words[i]) == 0) {
            *flags[i] = true;
            return true;
        }
    }
    return false;
}

static int run(struct cli *cli, int argc, char **argv)
{
    static struct lint_run run; /* too large for the stack */
    int count = 0;
    run = (struct lint_run){.cli = cli};
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != '-')
            argv[1 + count++] = argv[i];
        else if (!take_option(&run, argv[i]))
            return command_usage(cli, &plan_lint_command, "that option is not known");
    }
    if (count == 0 || count > FILES_MAX)
        return command_usage(cli, &plan_lint_command,
                             count ? "at most 200 files at a time" : "name at least one file");
    if (run.is_sarif && cli->console.is_json)
        return command_usage(cli, &plan_lint_command, "--json or --sarif, not both");
    bundle_init(&run.bundle);
    int code = lint(&run, count, argv + 1);
    bundle_deinit(&run.bundle);
    return code;
}
