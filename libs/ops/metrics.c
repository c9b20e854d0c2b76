#include "ops/metrics.h"

#include <inttypes.h>
#include <string.h>

#include "kafka/kafka_endpoint.h"
#include "ops/version.h"

enum unit { UNIT_NONE, UNIT_MS, UNIT_US };

/* One figure: an int64_t of struct loop_health. */
struct metric {
    const char *name; /* without the prefix; counters end in _total */
    enum unit unit;   /* MS and US are written in seconds */
    size_t offset;
    const char *help;
};

#define FIGURE(name, unit, member, help)                                                           \
    {                                                                                              \
        name, unit, offsetof(struct loop_health, member), help                                     \
    }

static const struct metric figures[] = {
    FIGURE("rows_processed_total", UNIT_NONE, counters.rows, "Rows applied and committed"),
    FIGURE("payouts_published_total", UNIT_NONE, counters.payouts, "Payouts published"),
    FIGURE("attainment_published_total", UNIT_NONE, counters.attainments,
           "Attainment records published"),
    FIGURE("credits_written_total", UNIT_NONE, counters.credits, "Credits written"),
    FIGURE("duplicates_dropped_total", UNIT_NONE, counters.duplicates, "Duplicates recognised"),
    FIGURE("txn_commits_total", UNIT_NONE, counters.turns, "Turns committed"),
    FIGURE("txn_aborts_total", UNIT_NONE, counters.aborts, "Turns undone for an outside reason"),
    FIGURE("txn_halvings_total", UNIT_NONE, counters.halvings, "Turns halved for their content"),
    FIGURE("retakes_total", UNIT_NONE, counters.retakes, "Partitions taken again after a fence"),
    FIGURE("rebalances_total", UNIT_NONE, log.rebalances, "Times that the group assigned tasks"),
    FIGURE("producer_recycles_total", UNIT_NONE, log.recycles,
           "Producers replaced after a slow commit"),
    FIGURE("producer_reopens_total", UNIT_NONE, log.reopens,
           "Producers replaced after a fatal error or an unknown outcome"),
    FIGURE("state_restores_total", UNIT_NONE, counters.restores, "Tasks restored"),
    FIGURE("state_restored_rows_total", UNIT_NONE, counters.restored_rows, "Rows restored"),
    FIGURE("state_restored_bytes_total", UNIT_NONE, counters.restored_bytes, "Bytes restored"),
    FIGURE("journal_bytes_total", UNIT_NONE, counters.journal_bytes, "Journal bytes, packed"),
    FIGURE("journal_alarms_total", UNIT_NONE, counters.journal_alarms,
           "Journals that somebody else truncated, written again from memory"),
    FIGURE("stalls_total", UNIT_NONE, counters.stalls,
           "Times that a transaction of others was found open past every timeout"),
    FIGURE("assigned_partitions", UNIT_NONE, tasks, "Partitions in memory and assigned"),
    FIGURE("state_books", UNIT_NONE, fold.books, "Books in memory"),
    FIGURE("state_keys", UNIT_NONE, fold.rows, "Rows in memory"),
    FIGURE("rows_waiting", UNIT_NONE, fold.waiting, "Rows that cannot be valued yet"),
    FIGURE("keys_held", UNIT_NONE, fold.held, "Keys on hold"),
    FIGURE("attainment_pending", UNIT_NONE, fold.pending, "Attainment keys not yet published"),
    FIGURE(
        "unread_partitions", UNIT_NONE, fold.unread,
        "Partitions whose books have not all been read since their restore: books and waiting rows "
        "are too few"),
    FIGURE("changes_queued", UNIT_NONE, fold.queued, "Large changes still draining"),
};

/* Figures that a sum over loops would make senseless. */
static const struct metric loop_figures[] = {
    FIGURE("last_commit_timestamp_seconds", UNIT_MS, committed_at_ms,
           "When the last turn was committed"),
    FIGURE("event_time_lag_seconds", UNIT_MS, event_lag_ms,
           "Age of the newest record committed, by its timestamp, when it was"),
    FIGURE("rdkafka_rtt_seconds", UNIT_US, log.client.rtt_us,
           "In which 99 % of a producer's requests to the slowest broker were answered"),
    FIGURE("rdkafka_outbuf_requests", UNIT_NONE, log.client.outbuf_requests,
           "Requests waiting in librdkafka to be sent"),
    FIGURE("rdkafka_batch_bytes", UNIT_NONE, log.client.batch_bytes,
           "Mean size of librdkafka's batches, of the topic with the largest"),
    FIGURE("state_restore_seconds", UNIT_MS, restore_ms,
           "How long the partitions were last being taken"),
};

#define TAILER_FIGURE(name, member, help)                                                          \
    {                                                                                              \
        name, UNIT_NONE, offsetof(struct tailer_figures, member), help                             \
    }

static const struct metric tailer_figures[] = {
    TAILER_FIGURE("redis_writes_total", counters.writes, "Writes to Redis that were accepted"),
    TAILER_FIGURE("redis_refusals_total", counters.refusals,
                  "Writes to Redis refused by compare-and-set"),
    TAILER_FIGURE("redis_rebuilds_total", counters.rebuilds, "Hashes in Redis begun anew"),
    TAILER_FIGURE("redis_unreadable_total", unreadable,
                  "Attainment records that could not be decoded and are not in Redis"),
    TAILER_FIGURE("redis_building_partitions", building,
                  "Partitions whose hash in Redis is being built anew"),
};

static int64_t figure_of(const struct loop_health *loop, const struct metric *metric)
{
    int64_t value;
    memcpy(&value, (const char *)loop + metric->offset, sizeof value);
    return value;
}

static bool is_counter(const char *name)
{
    static const char suffix[] = "_total";
    size_t length = strlen(name);
    return length > sizeof suffix - 1 && strcmp(name + length - (sizeof suffix - 1), suffix) == 0;
}

/* OpenMetrics names the family of a counter without its _total. */
static void write_head(struct buffer *out, bool is_open, const char *name, const char *type,
                       const char *help)
{
    int length = (int)strlen(name) - (is_open && is_counter(name) ? 6 : 0);
    buffer_printf(out, "# HELP milepost_%.*s %s.\n# TYPE milepost_%.*s %s\n", length, name, help,
                  length, name, type);
}

static void append_value(struct buffer *out, enum unit unit, int64_t value)
{
    if (unit == UNIT_MS)
        buffer_printf(out, "%" PRId64 ".%03d", value / 1000, (int)(value % 1000));
    else if (unit == UNIT_US)
        buffer_printf(out, "%" PRId64 ".%06d", value / 1000000, (int)(value % 1000000));
    else
        buffer_printf(out, "%" PRId64, value);
}

static void write_value(struct buffer *out, enum unit unit, int64_t value)
{
    append_value(out, unit, value);
    buffer_append_byte(out, '\n');
}

/* The end of the labels of a figure of one topic's partition, as other lag exporters have them. */
static void write_place(const struct metrics_input *input, int topic, size_t partition,
                        struct buffer *out)
{
    buffer_printf(out, "consumergroup=\"%s\",topic=\"%s\",partition=\"%zu\"} ", input->names->group,
                  input->names->topics[topic], partition);
}

static void write_sums(const struct metrics_input *input, bool is_open, struct buffer *out)
{
    for (size_t m = 0; m < sizeof figures / sizeof figures[0]; m++) {
        const struct metric *metric = &figures[m];
        int64_t sum = 0;
        for (size_t i = 0; i < input->loop_count; i++)
            sum += figure_of(&input->loops[i], metric);
        write_head(out, is_open, metric->name, is_counter(metric->name) ? "counter" : "gauge",
                   metric->help);
        buffer_printf(out, "milepost_%s{service=\"%s\"} ", metric->name, input->names->service);
        write_value(out, metric->unit, sum);
    }
}

static void write_loops(const struct metrics_input *input, bool is_open, struct buffer *out)
{
    for (size_t m = 0; m < sizeof loop_figures / sizeof loop_figures[0]; m++) {
        const struct metric *metric = &loop_figures[m];
        write_head(out, is_open, metric->name, "gauge", metric->help);
        for (size_t i = 0; i < input->loop_count; i++) {
            buffer_printf(out, "milepost_%s{service=\"%s\",loop=\"%zu\"} ", metric->name,
                          input->names->service, i);
            write_value(out, metric->unit, figure_of(&input->loops[i], metric));
        }
    }
}

/* The state is a label, so that a change of it is seen; the word is librdkafka's. */
static void write_transactions(const struct metrics_input *input, bool is_open, struct buffer *out)
{
    static const char name[] = "rdkafka_txn_state";
    write_head(out, is_open, name, "gauge", "The state of each producer's transaction");
    for (size_t i = 0; i < input->loop_count; i++)
        for (int slot = 0; slot < LOG_SLOTS; slot++) {
            const char *state = input->loops[i].log.transaction_states[slot];
            if (state[0])
                buffer_printf(
                    out, "milepost_%s{service=\"%s\",loop=\"%zu\",slot=\"%d\",state=\"%s\"} 1\n",
                    name, input->names->service, i, slot, state);
        }
}

static void write_lags(const struct metrics_input *input, bool is_open, struct buffer *out)
{
    write_head(out, is_open, "consumer_lag_records", "gauge",
               "Records of the log that were not read, markers of transactions included");
    for (size_t p = 0; p < input->lag_count; p++) {
        const struct partition_lag *lag = &input->lags[p];
        for (int topic = 0; lag->loop >= 0 && topic < TOPIC_COUNT; topic++)
            if (lag->records[topic] != HEALTH_LAG_UNKNOWN) {
                buffer_printf(out, "milepost_consumer_lag_records{service=\"%s\",",
                              input->names->service);
                write_place(input, topic, p, out);
                write_value(out, UNIT_NONE, lag->records[topic]);
            }
    }
}

/* What was consumed of a topic's partition, by all loops of the process. */
struct consumed {
    int64_t records;
    int64_t last_ms;
};

static struct consumed consumed_of(const struct metrics_input *input, size_t partition, int topic)
{
    struct consumed consumed = {0};
    for (size_t i = 0; i < input->loop_count; i++) {
        if (partition >= input->work[i].intake_count)
            continue;
        const struct intake *intake = &input->work[i].intakes[partition];
        consumed.records += intake->records[topic];
        if (intake->last_ms[topic] > consumed.last_ms)
            consumed.last_ms = intake->last_ms[topic];
    }
    return consumed;
}

static const struct metric consumed_figures[] = {
    {"events_consumed_total", UNIT_NONE, offsetof(struct consumed, records),
     "Records consumed and committed"},
    {"last_processed_timestamp_seconds", UNIT_MS, offsetof(struct consumed, last_ms),
     "When a record of the partition was last committed"},
};

/* By topic and partition, as a fleet's other consumers; those that have brought nothing are left
 * out. */
static void write_consumed(const struct metrics_input *input, bool is_open,
                           const struct metric *metric, struct buffer *out)
{
    size_t partitions = 0;
    for (size_t i = 0; i < input->loop_count; i++)
        if (input->work[i].intake_count > partitions)
            partitions = input->work[i].intake_count;
    write_head(out, is_open, metric->name, is_counter(metric->name) ? "counter" : "gauge",
               metric->help);
    for (size_t p = 0; p < partitions; p++)
        for (int topic = 0; topic < TOPIC_COUNT; topic++) {
            struct consumed consumed = consumed_of(input, p, topic);
            int64_t value;
            if (consumed.records == 0)
                continue;
            memcpy(&value, (const char *)&consumed + metric->offset, sizeof value);
            buffer_printf(out, "milepost_%s{service=\"%s\",", metric->name, input->names->service);
            write_place(input, topic, p, out);
            write_value(out, metric->unit, value);
        }
}

/* Histograms of all loops together. */
static const struct scaled {
    struct metric metric;
    const struct histogram_scale *scale;
} histograms[] = {
    {FIGURE("process_duration_seconds", UNIT_MS, steps,
            "Steps that committed, from polling to commit"),
     &histogram_ms},
    {FIGURE("txn_commit_duration_seconds", UNIT_MS, transactions,
            "Transactions that stand, from begin to commit"),
     &histogram_ms},
    {FIGURE("txn_records", UNIT_NONE, written, "Records written by each transaction that stands"),
     &histogram_count},
};

static void write_histogram(const struct metrics_input *input, bool is_open,
                            const struct scaled *scaled, const struct histogram *histogram,
                            struct buffer *out)
{
    const char *name = scaled->metric.name;
    enum unit unit = scaled->metric.unit;
    int64_t count = 0;
    write_head(out, is_open, name, "histogram", scaled->metric.help);
    for (size_t b = 0; b <= HISTOGRAM_BOUNDS; b++) {
        count += histogram->counts[b];
        buffer_printf(out, "milepost_%s_bucket{service=\"%s\",le=\"", name, input->names->service);
        if (b < HISTOGRAM_BOUNDS)
            append_value(out, unit, scaled->scale->bounds[b]);
        else
            buffer_append_slice(out, SLICE("+Inf"));
        buffer_printf(out, "\"} %" PRId64 "\n", count);
    }
    buffer_printf(out, "milepost_%s_sum{service=\"%s\"} ", name, input->names->service);
    write_value(out, unit, histogram->sum);
    buffer_printf(out, "milepost_%s_count{service=\"%s\"} %" PRId64 "\n", name,
                  input->names->service, count);
}

static void write_histograms(const struct metrics_input *input, bool is_open, struct buffer *out)
{
    for (size_t m = 0; m < sizeof histograms / sizeof histograms[0]; m++) {
        struct histogram sum = {0};
        for (size_t i = 0; i < input->loop_count; i++) {
            struct histogram one;
            memcpy(&one, (const char *)&input->loops[i] + histograms[m].metric.offset, sizeof one);
            histogram_merge(&sum, &one);
        }
        write_histogram(input, is_open, &histograms[m], &sum, out);
    }
}

static const struct scaled pipelines = {
    {"redis_pipeline_duration_seconds", UNIT_US, 0, "Writes to Redis, many entries each"},
    &histogram_us,
};

static const struct scaled registry_requests = {
    {"schema_registry_request_duration_seconds", UNIT_US, 0, "Requests to the schema registry"},
    &histogram_us,
};

static void write_tailer(const struct metrics_input *input, bool is_open, struct buffer *out)
{
    if (input->redis_up < 0)
        return;
    write_head(out, is_open, "redis_up", "gauge", "Whether Redis answers");
    buffer_printf(out, "milepost_redis_up{service=\"%s\"} %d\n", input->names->service,
                  input->redis_up);
    for (size_t m = 0; m < sizeof tailer_figures / sizeof tailer_figures[0]; m++) {
        const struct metric *metric = &tailer_figures[m];
        int64_t value;
        memcpy(&value, (const char *)&input->read_model + metric->offset, sizeof value);
        write_head(out, is_open, metric->name, is_counter(metric->name) ? "counter" : "gauge",
                   metric->help);
        buffer_printf(out, "milepost_%s{service=\"%s\"} ", metric->name, input->names->service);
        write_value(out, metric->unit, value);
    }
    write_histogram(input, is_open, &pipelines, &input->read_model.pipelines, out);
}

/* Of the loops, each with a cache of its own, and the tailer. */
static void write_schemas(const struct metrics_input *input, bool is_open, struct buffer *out)
{
    struct schemas_figures sum = input->read_model.schemas;
    for (size_t i = 0; i < input->loop_count; i++) {
        sum.cached += input->loops[i].schemas.cached;
        histogram_merge(&sum.requests, &input->loops[i].schemas.requests);
    }
    write_head(out, is_open, "schema_cache_entries", "gauge",
               "Writers' schemas that are known, in all caches of the process");
    buffer_printf(out, "milepost_schema_cache_entries{service=\"%s\"} %" PRId64 "\n",
                  input->names->service, sum.cached);
    write_histogram(input, is_open, &registry_requests, &sum.requests, out);
}

/* Names are words, but no label may ever end early. */
static void append_label(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '"' || *text == '\\' || *text == '\n')
            buffer_append_byte(out, '\\');
        buffer_append_byte(out, *text == '\n' ? 'n' : *text);
    }
}

static void write_outcomes(const struct metrics_input *input, bool is_open, struct buffer *out)
{
    struct outcome_counts sum = {0};
    for (size_t i = 0; i < input->loop_count; i++)
        outcome_counts_merge(&sum, &input->work[i].outcomes);
    write_head(
        out, is_open, "events_processed_total", "counter",
        "Rows applied and committed, by plan (empty: none was asked) and what became of them");
    for (size_t i = 0; i < sum.count; i++)
        for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
            if (sum.rows[i].counts[outcome] == 0)
                continue;
            buffer_printf(out, "milepost_events_processed_total{service=\"%s\",plan=\"",
                          input->names->service);
            append_label(out, sum.rows[i].plan);
            buffer_printf(out, "\",outcome=\"%s\"} %" PRId64 "\n",
                          outcome_name((enum row_outcome)outcome), sum.rows[i].counts[outcome]);
        }
    outcome_counts_deinit(&sum);
}

static void write_dead_letters(const struct metrics_input *input, bool is_open, struct buffer *out)
{
    struct reason_counts sum = {0};
    for (size_t i = 0; i < input->loop_count; i++)
        reason_counts_merge(&sum, &input->loops[i].counters.dead_letters);
    write_head(out, is_open, "events_dlq_total", "counter", "Dead letters written, by reason");
    for (size_t i = 0; i < sum.count; i++)
        buffer_printf(out, "milepost_events_dlq_total{service=\"%s\",reason=\"%s\"} %" PRId64 "\n",
                      input->names->service, sum.rows[i].reason, sum.rows[i].count);
}

void metrics_write(const struct metrics_input *input, bool is_open_metrics, struct buffer *out)
{
    write_sums(input, is_open_metrics, out);
    write_loops(input, is_open_metrics, out);
    write_transactions(input, is_open_metrics, out);
    write_lags(input, is_open_metrics, out);
    for (size_t m = 0; m < sizeof consumed_figures / sizeof consumed_figures[0]; m++)
        write_consumed(input, is_open_metrics, &consumed_figures[m], out);
    write_outcomes(input, is_open_metrics, out);
    write_dead_letters(input, is_open_metrics, out);
    write_histograms(input, is_open_metrics, out);
    write_schemas(input, is_open_metrics, out);
    write_tailer(input, is_open_metrics, out);
    if (input->topics_wrong >= 0) {
        write_head(out, is_open_metrics, "topic_settings_wrong", "gauge",
                   "Settings of topics that were not as they must be at the last check");
        buffer_printf(out, "milepost_topic_settings_wrong{service=\"%s\"} %d\n",
                      input->names->service, input->topics_wrong);
    }
    write_head(out, is_open_metrics, "build_info", "gauge", "The version that runs");
    buffer_printf(out, "milepost_build_info{service=\"%s\",version=\"%s\",librdkafka=\"%s\"} 1\n",
                  input->names->service, MILEPOST_VERSION, kafka_client_version());
    if (is_open_metrics)
        buffer_append_slice(out, SLICE("# EOF\n"));
}
