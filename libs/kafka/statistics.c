#include "kafka/statistics.h"

/* brokers / NAME / rtt / p99 is the longest path that is looked at. */
enum { DEPTH_MAX = 16, PATH_MAX_ROWS = 4 };

struct reading {
    struct slice rest;
    struct slice path[DEPTH_MAX]; /* names of the objects around, and of the value */
    struct log_client *out;
};

/* --- what is looked at --- */

static int64_t number_of(struct slice text)
{
    int64_t value = 0;
    for (size_t i = 0; i < text.length && text.bytes[i] >= '0' && text.bytes[i] <= '9'; i++)
        if (value < INT64_MAX / 10 - 1)
            value = value * 10 + (text.bytes[i] - '0');
    return value;
}

static void take_rtt(struct log_client *out, struct slice value)
{
    int64_t us = number_of(value);
    if (us > out->rtt_us)
        out->rtt_us = us;
}

static void take_outbuf(struct log_client *out, struct slice value)
{
    out->outbuf_requests += number_of(value);
}

static void take_batch(struct log_client *out, struct slice value)
{
    int64_t bytes = number_of(value);
    if (bytes > out->batch_bytes)
        out->batch_bytes = bytes;
}

static void take_state(struct log_client *out, struct slice value)
{
    size_t length = value.length < LOG_STATE_BYTES ? value.length : LOG_STATE_BYTES - 1;
    memcpy(out->transaction_state, value.bytes, length);
    out->transaction_state[length] = '\0';
}

/* `*` stands for any name. */
static const struct figure {
    const char *path[PATH_MAX_ROWS + 1];
    void (*take)(struct log_client *out, struct slice value);
} figures[] = {
    {{"brokers", "*", "rtt", "p99"}, take_rtt},
    {{"brokers", "*", "outbuf_cnt"}, take_outbuf},
    {{"topics", "*", "batchsize", "avg"}, take_batch},
    {{"eos", "txn_state"}, take_state},
};

static bool is_at(const struct reading *reading, size_t depth, const struct figure *figure)
{
    for (size_t i = 0; i < depth; i++)
        if (i >= PATH_MAX_ROWS || !figure->path[i] ||
            (figure->path[i][0] != '*' &&
             !slice_equal(slice_of(figure->path[i]), reading->path[i])))
            return false;
    return !figure->path[depth];
}

static void take_value(const struct reading *reading, size_t depth, struct slice value)
{
    for (size_t i = 0; depth <= PATH_MAX_ROWS && i < sizeof figures / sizeof figures[0]; i++)
        if (is_at(reading, depth, &figures[i]))
            figures[i].take(reading->out, value);
}

/* --- the JSON --- */

static void skip(struct reading *reading, size_t count)
{
    reading->rest.bytes += count;
    reading->rest.length -= count;
}

static char next(struct reading *reading)
{
    while (reading->rest.length && strchr(" \t\r\n", reading->rest.bytes[0]))
        skip(reading, 1);
    return reading->rest.length ? reading->rest.bytes[0] : '\0';
}

/* After its opening quote; escapes stay as they are written. */
static struct slice read_text(struct reading *reading)
{
    struct slice text = reading->rest;
    size_t length = 0;
    while (length < text.length && text.bytes[length] != '"')
        length += text.bytes[length] == '\\' && length + 1 < text.length ? 2 : 1;
    text.length = length < text.length ? length : text.length;
    skip(reading, length < reading->rest.length ? length + 1 : reading->rest.length);
    return text;
}

static struct slice read_bare(struct reading *reading)
{
    struct slice text = reading->rest;
    size_t length = 0;
    while (length < text.length && !strchr(",:]} \t\r\n", text.bytes[length]))
        length++;
    skip(reading, length);
    return (struct slice){text.bytes, length};
}

/* Without recursion: `depth` is how many objects and arrays are open. A text that a colon follows
 * names what comes. */
void statistics_read(struct slice json, struct log_client *out)
{
    struct reading reading = {.rest = json, .out = out};
    size_t depth = 0;
    *out = (struct log_client){0};
    for (char sign; (sign = next(&reading)) != '\0';) {
        if (sign == '"') {
            skip(&reading, 1);
            struct slice text = read_text(&reading);
            if (next(&reading) == ':' && depth > 0)
                reading.path[depth - 1] = text;
            else
                take_value(&reading, depth, text);
        } else if (strchr("{[", sign)) {
            if (depth == DEPTH_MAX)
                return;
            reading.path[depth++] = (struct slice){0};
            skip(&reading, 1);
        } else if (strchr("}]", sign)) {
            if (depth == 0)
                return;
            depth--;
            skip(&reading, 1);
        } else if (strchr(",:", sign)) {
            skip(&reading, 1);
        } else {
            take_value(&reading, depth, read_bare(&reading));
        }
    }
}

void statistics_merge(struct log_client *into, const struct log_client *other)
{
    if (other->rtt_us > into->rtt_us)
        into->rtt_us = other->rtt_us;
    into->outbuf_requests += other->outbuf_requests;
    if (other->batch_bytes > into->batch_bytes)
        into->batch_bytes = other->batch_bytes;
}
