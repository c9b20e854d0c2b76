#include "milepost/simulation.h"

#include <inttypes.h>
#include <stdlib.h>

#include "engine/business_date.h"
#include "milepost/event_route.h"
#include "milepost/pay_calendar.h"
#include "milepost/standing_plans.h"
#include "plan/control_file.h"
#include "worker/records.h"

enum {
    ROUNDS_MAX = 100000000,
    SEED = 1,
    EVENTS_A_TIME = 10000,
    TRIM_EVERY = 10000, /* events */
    PROGRESS_EVERY = 1000,
    KIB = 1024,
    PAYOUT_BYTES_MAX = 64 * 1024 * 1024,
};

/* Ids of payouts are hashes that begin with it. */
#define EPOCH "simulate"

static enum status open_schemas(const struct config *config, struct schemas **out, char *detail)
{
    /* No registry: a simulation asks nobody. */
    struct schemas_options options = {.folder = config_text(config, "schemas.folder")};
    enum status status = schemas_open(&options, out, detail);
    if (!status)
        status = records_use_shapes(*out, detail);
    static const enum schema_kind kinds[] = {SCHEMA_DEAL,   SCHEMA_MILESTONE, SCHEMA_PAYMENT,
                                             SCHEMA_RESULT, SCHEMA_ROSTER,    SCHEMA_CONTROL,
                                             SCHEMA_PAYOUT, SCHEMA_ATTAINMENT};
    for (size_t i = 0; !status && i < sizeof kinds / sizeof kinds[0]; i++)
        status = schemas_prepare(*out, kinds[i], "", detail);
    return status;
}

static enum status settle(struct simulation *simulation, char *detail)
{
    detail[0] = '\0';
    enum status status = pipeline_settle(simulation->pipeline, ROUNDS_MAX, detail);
    if (status && detail[0] == '\0')
        (void)snprintf(detail, DETAIL_BYTES, "the simulation does not come to rest");
    return status;
}

/* --- what nobody will read again --- */

static void delete_below(struct simulation *simulation, enum topic topic, int64_t before)
{
    char name[TOPIC_NAME_BYTES];
    if (topic_full_name(topic, "", name))
        memory_broker_truncate(pipeline_broker(simulation->pipeline), name, 0, before);
}

static int64_t end_of(const struct simulation *simulation, enum topic topic)
{
    char name[TOPIC_NAME_BYTES];
    int64_t end = 0;
    if (topic_full_name(topic, "", name))
        memory_broker_bounds(pipeline_broker(simulation->pipeline), name, 0, NULL, &end, NULL);
    return end;
}

/* What the stage has committed. Nobody is started again here, so that nobody reads it twice; roster
 * and control stay. */
static void delete_inputs(struct simulation *simulation, const struct stage *stage)
{
    char group[STAGE_GROUP_BYTES];
    stage_group(stage, "", group);
    for (size_t i = 0; i < stage->input_count; i++) {
        enum topic topic = stage->inputs[i];
        char name[TOPIC_NAME_BYTES];
        if (topic == TOPIC_ROSTER || topic == TOPIC_CONTROL || !topic_full_name(topic, "", name))
            continue;
        struct log_position committed =
            memory_broker_committed(pipeline_broker(simulation->pipeline), group, name, 0);
        delete_below(simulation, topic, committed.offset);
    }
}

static void take_views(struct simulation *simulation)
{
    struct log_record record;
    while (simulation_next(simulation, TOPIC_ATTAINMENT, &simulation->views_read, &record))
        latest_views_take(&simulation->views, &record);
}

enum status simulation_take_paid(struct simulation *simulation, char *detail)
{
    struct arena arena;
    struct log_record record;
    enum status status = STATUS_OK;
    if (!simulation->keeps_paid)
        return STATUS_OK;
    arena_init_growing(&arena, PAYOUT_BYTES_MAX);
    while (!status && simulation_next(simulation, TOPIC_PAYOUTS, &simulation->paid_read, &record)) {
        struct payout payout;
        arena_reset(&arena);
        status =
            schemas_decode(simulation->schemas, SCHEMA_PAYOUT, &record, &payout, &arena, 0, detail);
        if (!status)
            paid_ledger_add(&simulation->paid, &payout, simulation->business_date);
    }
    arena_deinit(&arena);
    return status;
}

/* When everything has come to rest. */
static enum status trim(struct simulation *simulation, char *detail)
{
    enum status status = simulation_take_paid(simulation, detail);
    if (status)
        return status;
    delete_inputs(simulation, &crediting_stage);
    delete_inputs(simulation, &incentives_stage);
    if (simulation->options.shown == TOPIC_ATTAINMENT)
        take_views(simulation);
    delete_below(simulation, TOPIC_ATTAINMENT, end_of(simulation, TOPIC_ATTAINMENT));
    if (simulation->options.shown != TOPIC_PAYOUTS)
        delete_below(simulation, TOPIC_PAYOUTS, end_of(simulation, TOPIC_PAYOUTS));
    return STATUS_OK;
}

enum status simulation_open(struct simulation *simulation, struct cli *cli,
                            const struct simulation_options *options, char *detail)
{
    *simulation = (struct simulation){
        .cli = cli,
        .options = *options,
        .moved = moved_facts_new(),
        .last_ms = INT64_MIN,
        .last_date = INT32_MIN,
        .business_date = INT32_MIN,
    };
    if (simulation->options.events_a_time == 0)
        simulation->options.events_a_time = EVENTS_A_TIME;
    enum status status = open_schemas(cli->config, &simulation->schemas, detail);
    if (status)
        return status;
    struct pipeline_config config = {
        .seed = SEED,
        .schemas = simulation->schemas,
        .doing = options->doing,
        .forgets_journals = true,
    };
    status = pipeline_new(&config, &simulation->pipeline, detail);
    if (status)
        return status;
    pipeline_broadcast_topics(simulation->pipeline, EPOCH);
    return settle(simulation, detail);
}

void simulation_close(struct simulation *simulation)
{
    pipeline_free(simulation->pipeline);
    moved_facts_free(simulation->moved);
    latest_views_deinit(&simulation->views);
    for (size_t i = 0; i < simulation->bundle_count; i++) {
        bundle_deinit(simulation->bundles[i]);
        free(simulation->bundles[i]);
    }
    free(simulation->bundles);
    free(simulation->dates);
    paid_ledger_deinit(&simulation->paid);
    standing_deinit(&simulation->standing);
    schemas_free(simulation->schemas);
    *simulation = (struct simulation){0};
}

/* --- applying --- */

static struct bundle *add_bundle(struct simulation *simulation)
{
    size_t count = simulation->bundle_count + 1;
    struct bundle *bundle = malloc(sizeof *bundle);
    simulation->bundles = realloc(simulation->bundles, count * sizeof *simulation->bundles);
    if (!bundle || !simulation->bundles)
        abort();
    bundle_init(bundle);
    bundle->units = simulation->rules.units;
    bundle->unit_count = simulation->rules.unit_count;
    simulation->bundles[simulation->bundle_count] = bundle;
    simulation->bundle_count = count;
    return bundle;
}

static void *appended(void *items, size_t count, const void *more, size_t more_count, size_t size)
{
    char *grown = realloc(items, (count + more_count + 1) * size);
    if (!grown)
        abort();
    if (more_count > 0)
        memcpy(grown + count * size, more, more_count * size);
    return grown;
}

static void note_standing(struct standing *standing, const struct bundle *bundle)
{
    standing->controls = appended(standing->controls, standing->control_count, bundle->controls,
                                  bundle->control_count, sizeof *standing->controls);
    standing->control_count += bundle->control_count;
    standing->rosters = appended(standing->rosters, standing->roster_count, bundle->rosters,
                                 bundle->roster_count, sizeof *standing->rosters);
    standing->roster_count += bundle->roster_count;
    standing_keep_newest(standing);
}

static int64_t now_ms(const struct simulation *simulation)
{
    return simulation->last_ms == INT64_MIN ? 0 : simulation->last_ms;
}

static void write_bundle(struct simulation *simulation, const struct bundle *bundle)
{
    struct buffer key = {0};
    for (size_t i = 0; i < bundle->control_count; i++)
        pipeline_broadcast(simulation->pipeline, &bundle->controls[i], now_ms(simulation));
    for (size_t i = 0; i < bundle->roster_count; i++) {
        const struct roster *one = &bundle->rosters[i];
        buffer_reset(&key);
        buffer_printf(&key, "%.*s/%.*s", SLICE_ARGS(one->participant), SLICE_ARGS(one->aspect));
        (void)pipeline_append_fact(simulation->pipeline, TOPIC_ROSTER, SCHEMA_ROSTER, one,
                                   buffer_slice(&key), now_ms(simulation));
    }
    buffer_deinit(&key);
}

/* Reads all files, so that everything that is wrong is told at once. */
static enum status read_bundle(struct bundle *bundle, const struct slice *files, size_t count,
                               const char *base, char *detail)
{
    enum status worst = STATUS_OK;
    for (size_t i = 0; i < count; i++) {
        struct slice path = arena_copy(&bundle->arena, files[i]);
        enum status status = bundle_read(bundle, path.bytes, base, detail);
        if (status && status != STATUS_INVALID)
            return status;
        if (status)
            worst = status;
    }
    return worst;
}

/* What is paid is kept only where somebody sums it up. */
static enum status note_totals(struct simulation *simulation, char *detail)
{
    struct standing_plans plans = {0};
    if (simulation->keeps_paid || simulation->options.shown != TOPIC_ATTAINMENT)
        return STATUS_OK;
    enum status status =
        standing_plans_read(&plans, &simulation->standing, &simulation->rules, detail);
    for (size_t i = 0; !status && i < plans.plans.count; i++) {
        const struct plan_series *series = plans.plans.series[i];
        for (size_t v = 0; v < series->count; v++)
            simulation->keeps_paid |= series->versions[v]->plan->total.is_given;
    }
    standing_plans_deinit(&plans);
    return status;
}

enum status simulation_apply(struct simulation *simulation, const struct slice *files, size_t count,
                             const char *base, char *detail)
{
    struct bundle *bundle = add_bundle(simulation);
    char change[32];
    (void)snprintf(change, sizeof change, "apply-%zu", simulation->bundle_count);
    enum status status = read_bundle(bundle, files, count, base, detail);
    if (status == STATUS_INVALID)
        reports_print(&bundle->reports, simulation->cli->console.has_colour,
                      simulation->cli->console.is_json, stderr);
    const struct standing *standing = &simulation->standing;
    if (!status) {
        status =
            bundle_version(bundle, standing->controls, standing->control_count, standing->rosters,
                           standing->roster_count, change, now_ms(simulation), detail);
        if (status == STATUS_INVALID)
            (void)fprintf(stderr, "milepost: %s\n", detail);
    }
    if (status)
        return status;
    simulation->rules.units = bundle->units;
    simulation->rules.unit_count = bundle->unit_count;
    write_bundle(simulation, bundle);
    note_standing(&simulation->standing, bundle);
    status = note_totals(simulation, detail);
    return status ? status : settle(simulation, detail);
}

/* --- feeding --- */

static void append(struct simulation *simulation, const struct event *event)
{
    struct event_route route = event_route_of(event);
    if (route.has_instant && route.at > simulation->last_ms)
        simulation->last_ms = route.at;
    if (event->kind == EVENT_RESULT && event->result.has_date &&
        event->result.date > simulation->last_date)
        simulation->last_date = event->result.date;
    (void)pipeline_append_fact(simulation->pipeline, route.topic, route.kind, route.fact, route.key,
                               route.has_instant ? route.at : now_ms(simulation));
}

/* With the statements under the deals that it moves from before it. */
static enum status append_moved(struct simulation *simulation, struct event_input *input,
                                const struct event *event, char *detail)
{
    struct moved moved;
    enum status status =
        moved_facts_judge(simulation->moved, simulation->schemas, event, &moved, detail);
    if (status)
        return status;
    if (moved.move == MOVE_CLASH)
        moved_facts_refuse(input, event, &moved);
    simulation->outdated += moved.move == MOVE_OUTDATED;
    if (moved.move != MOVE_SEND)
        return STATUS_OK;
    for (size_t i = 0; i < moved.count; i++)
        append(simulation, &moved.items[i]);
    simulation->revoked += (int64_t)moved.count;
    append(simulation, event);
    return STATUS_OK;
}

static enum status apply_line(struct simulation *simulation, const struct event *event,
                              const char *path, char *detail)
{
    enum status status = settle(simulation, detail);
    if (!status)
        status = simulation_apply(simulation, event->files.items, event->files.count, path, detail);
    if (status)
        (void)fprintf(stderr, "%s:%" PRId32 ": in this `apply` line\n", path, event->line);
    return status;
}

/* "Drain, settle, drain, close": what the day moves still belongs to the period that closes on it.
 */
static enum status reach(struct simulation *simulation, int32_t date, char *detail)
{
    struct business_date_record record;
    business_date_record(date, now_ms(simulation), &record);
    pipeline_broadcast(simulation->pipeline, &record.control, now_ms(simulation));
    enum status status = settle(simulation, detail);
    if (!status)
        status = simulation_take_paid(simulation, detail);
    if (status)
        return status;
    simulation->business_date = date;
    simulation->dates =
        realloc(simulation->dates, (simulation->date_count + 1) * sizeof *simulation->dates);
    if (!simulation->dates)
        abort();
    simulation->dates[simulation->date_count++] =
        (struct reached_date){date, end_of(simulation, TOPIC_PAYOUTS)};
    return STATUS_OK;
}

/* The business date reaches that day, after all that stands before it and going from pay period to
 * pay period. */
static enum status date_line(struct simulation *simulation, const struct event *event, char *detail)
{
    struct pay_calendar calendar;
    enum status status = settle(simulation, detail);
    if (!status)
        status = pay_calendar_read(&calendar, &simulation->standing, detail);
    if (status)
        return status;
    int32_t boundary;
    while (!status && pay_calendar_next(&calendar, simulation->business_date, &boundary) &&
           boundary <= event->date)
        status = reach(simulation, boundary, detail);
    pay_calendar_deinit(&calendar);
    if (!status && event->date > simulation->business_date)
        status = reach(simulation, event->date, detail);
    if (event->date > simulation->last_date)
        simulation->last_date = event->date;
    return status;
}

/* As many events as there will be if the rest of the file is like what was read. */
static void show_progress(const struct simulation *simulation, const struct event_input *input)
{
    if (!simulation->cli->console.has_progress)
        return;
    int64_t total = simulation->events * (input->bytes / KIB) / (event_input_read(input) / KIB + 1);
    console_progress(&simulation->cli->console, "simulating", simulation->events,
                     total > simulation->events ? total : simulation->events);
}

static enum status take_event(struct simulation *simulation, struct event_input *input,
                              const struct event *event, const char *path, char *detail)
{
    if (event->kind == EVENT_DATE && event->date < simulation->business_date) {
        event_input_refuse(input, event, "date-goes-back", NULL,
                           "the business date is past that day: it only moves forward");
        return STATUS_OK;
    }
    /* With an error in the file nothing will be shown: what follows is only read. */
    if (input->reports.error_count > 0)
        return STATUS_OK;
    if (event->kind == EVENT_APPLY)
        return apply_line(simulation, event, path, detail);
    if (event->kind == EVENT_DATE)
        return date_line(simulation, event, detail);
    enum status status = append_moved(simulation, input, event, detail);
    simulation->events++;
    if (status || simulation->events % (int64_t)simulation->options.events_a_time != 0)
        return status;
    if (simulation->events % PROGRESS_EVERY == 0)
        show_progress(simulation, input);
    status = settle(simulation, detail);
    if (!status && simulation->events % TRIM_EVERY == 0)
        status = trim(simulation, detail);
    return status;
}

static enum status feed_all(struct simulation *simulation, struct event_input *input,
                            const char *path, char *detail)
{
    for (;;) {
        const struct event *event;
        enum status status = event_reader_next(input->reader, &event);
        if (status == STATUS_INVALID)
            continue;
        if (status)
            (void)snprintf(detail, DETAIL_BYTES, "%s: cannot be read", path);
        if (status || !event)
            return status;
        status = take_event(simulation, input, event, path, detail);
        if (status)
            return status;
    }
}

/* Facts that may move are looked for in a first reading; what is wrong in it the second one says.
 */
static enum status look_for_moves(struct simulation *simulation, const char *path, char *detail)
{
    bool has;
    enum status status = event_file_has_moving(path, &has, detail);
    if (status || !has)
        return status;
    struct event_input input = {0};
    const struct event *event = NULL;
    status = event_input_open(&input, path, &simulation->rules, detail);
    while (!status || status == STATUS_INVALID) {
        status = event_reader_next(input.reader, &event);
        if (!status && !event)
            break;
        if (!status)
            moved_facts_want(simulation->moved, event);
    }
    event_input_close(&input);
    return status;
}

static enum status feed(struct simulation *simulation, const char *path, char *detail)
{
    struct event_input input = {0};
    enum status status = event_input_open(&input, path, &simulation->rules, detail);
    if (!status)
        status = feed_all(simulation, &input, path, detail);
    console_progress_end(&simulation->cli->console);
    if (input.reports.error_count > 0) {
        reports_print(&input.reports, simulation->cli->console.has_colour,
                      simulation->cli->console.is_json, stderr);
        status = status ? status : STATUS_INVALID;
    }
    event_input_close(&input);
    return status;
}

enum status simulation_feed(struct simulation *simulation, const char *path, char *detail)
{
    enum doing before = doing_say(simulation->options.doing, DOING_READING);
    enum status status = look_for_moves(simulation, path, detail);
    if (!status)
        status = feed(simulation, path, detail);
    (void)doing_say(simulation->options.doing, before);
    return status ? status : settle(simulation, detail);
}

int32_t simulation_date_at(const struct simulation *simulation, int64_t payout)
{
    int32_t date = INT32_MIN;
    for (size_t i = 0; i < simulation->date_count && simulation->dates[i].payouts <= payout; i++)
        date = simulation->dates[i].date;
    return date;
}

bool simulation_next(const struct simulation *simulation, enum topic topic, int64_t *offset,
                     struct log_record *out)
{
    char name[TOPIC_NAME_BYTES];
    return topic_full_name(topic, "", name) &&
           memory_broker_next(pipeline_broker(simulation->pipeline), name, 0, true, offset, out);
}

const struct log_record *simulation_next_view(struct simulation *simulation,
                                              const struct log_record *before)
{
    if (!before)
        take_views(simulation);
    return latest_views_next(&simulation->views, before);
}
