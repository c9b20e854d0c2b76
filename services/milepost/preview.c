#include "milepost/preview.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/partition.h"
#include "milepost/pay_key.h"
#include "milepost/state_copy.h"

enum { PREVIEW_BYTES_MAX = 1 << 30 };

/* Credits on their way from the changed deal books to the participants' copies. */
struct carried {
    struct preview *preview;
    struct state_copy *incentives;
    int32_t partitions;
    int64_t turn; /* versions rise past everything that stands */
};

static enum status note_payout(void *self, const struct payout *payout)
{
    struct carried *carried = self;
    struct preview *preview = carried->preview;
    for (size_t i = preview->count; i > 0; i--) {
        struct effect *one = &preview->effects[i - 1];
        if (!slice_equal(one->participant, payout->participant) ||
            !slice_equal(one->plan, payout->plan) ||
            !slice_equal(one->component, payout->component) ||
            !slice_equal(one->window, payout->window))
            continue;
        one->after = payout->earned_total;
        return STATUS_OK;
    }
    if (preview->count == preview->capacity) {
        preview->capacity = preview->capacity ? preview->capacity * 2 : 64;
        preview->effects = realloc(preview->effects, preview->capacity * sizeof *preview->effects);
        if (!preview->effects)
            abort();
    }
    preview->effects[preview->count++] = (struct effect){
        .participant = arena_copy(&preview->arena, payout->participant),
        .plan = arena_copy(&preview->arena, payout->plan),
        .component = arena_copy(&preview->arena, payout->component),
        .window = arena_copy(&preview->arena, payout->window),
        .currency = arena_copy(&preview->arena, payout->currency),
        .before = {payout->earned_total.units - payout->earned_delta.units},
        .after = payout->earned_total,
    };
    return STATUS_OK;
}

static enum status apply_input(struct state_copy *copy, const struct input *input,
                               const struct outbox *outbox, char *detail)
{
    struct fold *fold = copy->task->fold;
    return fold->apply(fold->self, input, outbox, detail);
}

/* A deal book's changed credit goes straight into the participant's copy. */
static enum status carry_credit(void *self, const struct credit *credit)
{
    struct carried *carried = self;
    struct credit moved = state_copy_credit(credit, ++carried->turn);
    struct outbox outbox = state_copy_outbox(carried);
    outbox.payout = note_payout;
    struct input input = {.kind = INPUT_CREDIT, .fact = &moved, .cause = credit->cause};
    char detail[DETAIL_BYTES];
    int32_t target = partition_of(credit->target, carried->partitions);
    return apply_input(&carried->incentives[target], &input, &outbox, detail);
}

static enum status apply_control(struct state_copy *copy, const struct control *control,
                                 const struct outbox *outbox, char *detail)
{
    char key[2 * FACT_ID_BYTES_MAX + 32];
    int length = snprintf(key, sizeof key, "%.*s/%.*s/%" PRId64, SLICE_ARGS(control->kind),
                          SLICE_ARGS(control->id), control->version);
    struct input input = {.kind = INPUT_CONTROL,
                          .fact = control,
                          .key = {key, (size_t)length},
                          .cause = {.event_id = control->change,
                                    .revision = control->version,
                                    .topic = SLICE("control")}};
    return apply_input(copy, &input, outbox, detail);
}

/* What is to be applied, to one task after the other. */
struct changes {
    const struct control *controls;
    size_t control_count;
    const struct roster *rosters;
    size_t roster_count;
};

static enum status apply_incentives(struct carried *carried, int32_t partition,
                                    const struct changes *changes, char *detail)
{
    struct state_copy *copy = &carried->incentives[partition];
    struct outbox outbox = state_copy_outbox(carried);
    outbox.payout = note_payout;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < changes->control_count; i++)
        status = apply_control(copy, &changes->controls[i], &outbox, detail);
    for (size_t i = 0; !status && i < changes->roster_count; i++) {
        const struct roster *roster = &changes->rosters[i];
        if (partition_of(roster->participant, carried->partitions) != partition)
            continue;
        char key[2 * FACT_ID_BYTES_MAX + 2];
        int length = snprintf(key, sizeof key, "%.*s/%.*s", SLICE_ARGS(roster->participant),
                              SLICE_ARGS(roster->aspect));
        struct input input = {.kind = INPUT_ROSTER,
                              .fact = roster,
                              .key = {key, (size_t)length},
                              .cause = {.event_id = roster->change,
                                        .revision = roster->version,
                                        .topic = SLICE("roster")}};
        status = apply_input(copy, &input, &outbox, detail);
    }
    return status ? status : state_copy_drain(copy, &outbox, detail);
}

static enum status apply_crediting(struct carried *carried, struct state_copy *copy,
                                   const struct changes *changes, char *detail)
{
    struct outbox outbox = state_copy_outbox(carried);
    outbox.credit = carry_credit;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < changes->control_count; i++)
        status = apply_control(copy, &changes->controls[i], &outbox, detail);
    return status ? status : state_copy_drain(copy, &outbox, detail);
}

static int by_key(const void *a, const void *b)
{
    const struct effect *one = a;
    const struct effect *other = b;
    return pay_key_compare(PAY_KEY_OF(one), PAY_KEY_OF(other));
}

static void finish(struct preview *preview)
{
    if (preview->count == 0)
        return;
    qsort(preview->effects, preview->count, sizeof *preview->effects, by_key);
    size_t kept = 0;
    for (size_t i = 0; i < preview->count; i++)
        if (preview->effects[i].before.units != preview->effects[i].after.units)
            preview->effects[kept++] = preview->effects[i];
    preview->count = kept;
    for (size_t i = 0; i < kept; i++)
        preview->books += i == 0 || !slice_equal(preview->effects[i].participant,
                                                 preview->effects[i - 1].participant);
}

static bool changes_crediting(const struct changes *changes)
{
    for (size_t i = 0; i < changes->control_count; i++)
        if (slice_equal(changes->controls[i].kind, SLICE("crediting")))
            return true;
    return false;
}

static enum status run_all(struct cli *cli, const struct state_source *source,
                           struct carried *carried, const struct changes *changes, char *detail)
{
    enum status status = STATUS_OK;
    for (int32_t p = 0; !status && p < carried->partitions; p++) {
        console_progress(&cli->console, "reading journals", p, carried->partitions);
        status = state_copy_open(&carried->incentives[p], source, &incentives_stage, p, detail);
        if (!status)
            status = apply_incentives(carried, p, changes, detail);
    }
    for (int32_t p = 0; !status && changes_crediting(changes) && p < carried->partitions; p++) {
        struct state_copy copy = {0};
        console_progress(&cli->console, "re-crediting deals", p, carried->partitions);
        status = state_copy_open(&copy, source, &crediting_stage, p, detail);
        if (!status)
            status = apply_crediting(carried, &copy, changes, detail);
        state_copy_close(&copy);
    }
    console_progress_end(&cli->console);
    return status;
}

enum status preview_run(struct cli *cli, const struct connection *connection,
                        struct schemas *schemas, const struct control *controls,
                        size_t control_count, const struct roster *rosters, size_t roster_count,
                        int32_t partitions, struct preview *out, char *detail)
{
    *out = (struct preview){0};
    arena_init_growing(&out->arena, PREVIEW_BYTES_MAX);
    struct carried carried = {.preview = out,
                              .incentives = calloc((size_t)partitions, sizeof *carried.incentives),
                              .partitions = partitions};
    if (!carried.incentives)
        abort();
    struct changes changes = {controls, control_count, rosters, roster_count};
    struct state_source source = {0};
    enum status status = state_source_open(&source, connection, schemas, partitions, detail);
    if (!status)
        status = run_all(cli, &source, &carried, &changes, detail);
    for (int32_t p = 0; p < partitions; p++)
        state_copy_close(&carried.incentives[p]);
    free(carried.incentives);
    state_source_close(&source);
    finish(out);
    return status;
}

void preview_deinit(struct preview *preview)
{
    free(preview->effects);
    arena_deinit(&preview->arena);
    *preview = (struct preview){0};
}
