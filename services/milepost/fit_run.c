#include "milepost/fit_run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ARENA_BYTES_MAX = 1 << 30, PATH_BYTES = 4096 };

static const int kinds[2] = {[FIT_PLANS] = RUN_PLAN, [FIT_ROSTERS] = RUN_ROSTER};

/* --- reading --- */

static enum status read_files(struct fit *fit, int which, char *detail)
{
    const struct run_files *run = &fit->run;
    size_t count = run->counts[kinds[which]];
    fit->files[which] = calloc(count, sizeof *fit->files[which]);
    if (!fit->files[which])
        abort();
    fit->counts[which] = count;
    for (size_t i = 0; i < count; i++) {
        enum status status =
            yaml_edit_read(&fit->files[which][i], run->files[kinds[which]][i].bytes, &fit->arena,
                           &fit->reports, detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

/* Whether the component is one that may be meant. A name is COMPONENT or PLAN/COMPONENT. */
static bool is_meant(struct slice plan, const struct node *component, const char *name,
                     bool needs_goal)
{
    const struct node *goal = node_find(component, "goal");
    struct slice first;
    if (!name)
        return !needs_goal || (goal && !node_is(goal, "none"));
    struct slice rest = slice_split(slice_of(name), '/', &first);
    return slice_equal(component->key, slice_of(name)) ||
           (slice_equal(first, plan) && slice_equal(component->key, rest));
}

/* Of several versions of one plan the later file's is meant. */
static void take_component(struct fit *fit, struct yaml_edit *file, struct slice plan,
                           const struct node *component, struct buffer *names, size_t *count)
{
    if (*count == 0 || !slice_equal(plan, fit->plan) ||
        !slice_equal(component->key, fit->component)) {
        (*count)++;
        buffer_printf(names, " %.*s/%.*s", SLICE_ARGS(plan), SLICE_ARGS(component->key));
    }
    fit->plan = plan;
    fit->component = component->key;
    fit->plan_file = file;
    fit->component_node = component;
}

static size_t find_components(struct fit *fit, const char *name, bool needs_goal,
                              struct buffer *names)
{
    size_t count = 0;
    for (size_t i = 0; i < fit->counts[FIT_PLANS]; i++) {
        struct yaml_edit *file = &fit->files[FIT_PLANS][i];
        const struct node *components = node_find(file->root, "components");
        const struct node *plan = node_find(file->root, "plan");
        for (const struct node *one = components ? components->first : NULL; one && plan;
             one = one->next)
            if (is_meant(plan->text, one, name, needs_goal))
                take_component(fit, file, plan->text, one, names, &count);
    }
    return count;
}

static enum status find_component(struct fit *fit, const char *name, bool needs_goal, char *detail)
{
    struct buffer names = {0};
    size_t count = find_components(fit, name, needs_goal, &names);
    if (count > 1)
        (void)snprintf(detail, DETAIL_BYTES, "say with --component which one is meant:%.*s",
                       SLICE_ARGS(buffer_slice(&names)));
    else if (count == 0 && name)
        (void)snprintf(detail, DETAIL_BYTES, "the plans have no component %s", name);
    else if (count == 0)
        (void)snprintf(detail, DETAIL_BYTES, "the plans have no component%s",
                       needs_goal ? " with a goal" : "");
    buffer_deinit(&names);
    return count == 1 ? STATUS_OK : STATUS_INVALID;
}

enum status fit_open(struct fit *fit, const char *component, bool needs_goal, char *detail)
{
    arena_init_growing(&fit->arena, ARENA_BYTES_MAX);
    reports_init(&fit->reports, &fit->arena);
    enum status status = read_files(fit, FIT_PLANS, detail);
    if (!status)
        status = read_files(fit, FIT_ROSTERS, detail);
    if (status == STATUS_INVALID)
        reports_print(&fit->reports, fit->cli->console.has_colour, fit->cli->console.is_json,
                      stderr);
    return status ? status : find_component(fit, component, needs_goal, detail);
}

void fit_deinit(struct fit *fit)
{
    for (int which = 0; which < 2; which++) {
        for (size_t i = 0; i < fit->counts[which]; i++)
            yaml_edit_deinit(&fit->files[which][i]);
        free(fit->files[which]);
    }
    run_files_deinit(&fit->run);
    arena_deinit(&fit->arena);
    *fit = (struct fit){0};
}

/* --- files as they are now --- */

static enum status write_edited(const struct yaml_edit *edit, const char *path, char *detail)
{
    struct buffer text = {0};
    yaml_edit_write(edit, &text);
    enum status status = write_file(path, buffer_slice(&text), detail);
    buffer_deinit(&text);
    return status;
}

static void name_file(const char *folder, int which, size_t index, char out[PATH_BYTES])
{
    (void)snprintf(out, PATH_BYTES, "%s/%s-%zu.yaml", folder,
                   which == FIT_PLANS ? "plan" : "roster", index);
}

/* Under names in `folder`, which `run` then has instead of the given ones. */
static enum status write_files(struct fit *fit, const char *folder, struct run_files *run,
                               char *detail)
{
    const char *complaint;
    for (int which = 0; which < 2; which++)
        for (size_t i = 0; i < fit->counts[which]; i++) {
            char path[PATH_BYTES];
            name_file(folder, which, i, path);
            struct slice kept = arena_copy(&fit->arena, (struct slice){path, strlen(path) + 1});
            if (!kept.bytes)
                return STATUS_EXHAUSTED;
            enum status status = write_edited(&fit->files[which][i], path, detail);
            if (status)
                return status;
            (void)run_files_take(run, kinds[which], kept.bytes, &complaint);
        }
    return STATUS_OK;
}

static void remove_written(const struct fit *fit, const char *folder)
{
    for (int which = 0; which < 2; which++)
        for (size_t i = 0; i < fit->counts[which]; i++) {
            char path[PATH_BYTES];
            name_file(folder, which, i, path);
            (void)unlink(path);
        }
    (void)rmdir(folder);
}

static bool is_edited(const struct fit *fit)
{
    size_t edits = 0;
    for (int which = 0; which < 2; which++)
        for (size_t i = 0; i < fit->counts[which]; i++)
            edits += fit->files[which][i].count;
    return edits > 0;
}

/* --- simulating --- */

static int by_attainment(const void *a, const void *b)
{
    int128 one = ((const struct fit_result *)a)->attainment.units;
    int128 other = ((const struct fit_result *)b)->attainment.units;
    return one < other ? -1 : one > other;
}

static void take_results(const struct fit *fit, const struct totals *totals,
                         struct fit_outcome *out)
{
    out->results = calloc(totals->count + 1, sizeof *out->results);
    if (!out->results)
        abort();
    for (size_t i = 0; i < totals->count; i++) {
        const struct total *one = &totals->items[i];
        if (!slice_equal(one->plan, fit->plan) || !slice_equal(one->component, fit->component))
            continue;
        out->cost.units += one->earned.units;
        out->places = one->places;
        if (spread_counts(totals, one, fit->until))
            out->results[out->count++] =
                (struct fit_result){one->attainment, one->measure, one->goal};
    }
    if (out->count > 1)
        qsort(out->results, out->count, sizeof *out->results, by_attainment);
}

static enum status take_outcome(struct fit *fit, struct simulation *simulation,
                                struct fit_outcome *out, char *detail)
{
    struct totals totals = {0};
    struct spreads spreads = {0};
    enum status status = totals_collect(simulation, &totals, detail);
    if (!status) {
        *out = (struct fit_outcome){0};
        take_results(fit, &totals, out);
        spreads_collect(&totals, fit->until, &spreads);
        const struct spread *found = spreads_find(&spreads, fit->plan, fit->component);
        if (found)
            out->spread = *found;
        out->spread.plan = fit->plan;
        out->spread.component = fit->component;
        const struct plan_series *series = plans_find(&totals.plans.plans, fit->plan);
        if (series)
            out->currency =
                arena_copy(&fit->arena, slice_of(series->versions[0]->plan->currency.code));
        spreads_deinit(&spreads);
    }
    totals_deinit(&totals);
    return status;
}

static enum status simulate(struct fit *fit, const struct run_files *run, struct fit_outcome *out,
                            char *detail)
{
    struct simulation simulation = {0};
    struct simulation_options options = {.shown = TOPIC_ATTAINMENT};
    fit->simulations++;
    enum status status = run_files_simulate(run, fit->cli, &options, &simulation, detail);
    if (!status)
        status = take_outcome(fit, &simulation, out, detail);
    simulation_close(&simulation);
    return status;
}

enum status fit_simulate(struct fit *fit, struct fit_outcome *out, char *detail)
{
    const char *root = getenv("TMPDIR");
    char folder[PATH_BYTES / 2];
    struct run_files run = {0};
    if (!is_edited(fit)) /* what is wrong is told under the names that the files have */
        return simulate(fit, &fit->run, out, detail);
    (void)snprintf(folder, sizeof folder, "%s/milepost-fit.XXXXXX",
                   root && root[0] ? root : "/tmp");
    if (!mkdtemp(folder)) {
        (void)snprintf(detail, DETAIL_BYTES, "%s: %s", folder, strerror(errno));
        return STATUS_UNAVAILABLE;
    }
    enum status status = write_files(fit, folder, &run, detail);
    if (!status) {
        run_files_complete(&run, &fit->run);
        status = simulate(fit, &run, out, detail);
    }
    remove_written(fit, folder);
    run_files_deinit(&run);
    return status;
}

void fit_outcome_deinit(struct fit_outcome *outcome)
{
    free(outcome->results);
    *outcome = (struct fit_outcome){0};
}
