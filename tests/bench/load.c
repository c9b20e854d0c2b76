/* Appends the benchmark's deals: 160 bytes of Avro, two text ids of 12 characters, one amount, no
 * lines, no attributes; 30 % two-way splits and 5 % amendments, all from one seed.
 *
 *     load SERVERS TOPIC DEALS PARTICIPANTS [PER-SECOND [FIRST-DEAL]]
 *
 * PER-SECOND 0: as fast as it goes. Prints the number of records. The bytes are written here by
 * hand, so that generating costs nothing beside appending; the schema is deal.1. */
#include "bench_kafka.h"

enum { AVRO_BYTES = 160, FRAME_BYTES = 5, SCHEMA_ID = 1, RECORD_BYTES = 400 };

static const int64_t quarter_begin_ms = 1767225600000; /* 2026-01-01 */
static const uint64_t quarter_ms = 7776000000u;        /* 90 days */

struct writer {
    unsigned char bytes[RECORD_BYTES];
    size_t length;
};

struct load {
    rd_kafka_t *producer;
    rd_kafka_topic_t *topic;
    uint64_t seed;
    uint64_t people;
    uint64_t records;
    uint64_t per_second;
    double begin;
};

static uint64_t draw(struct load *load, uint64_t below)
{
    load->seed = load->seed * 6364136223846793005u + 1442695040888963407u;
    return (load->seed >> 33) % below;
}

static void put_long(struct writer *out, int64_t value)
{
    uint64_t zigzag = ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0);
    for (; zigzag >= 0x80; zigzag >>= 7)
        out->bytes[out->length++] = (unsigned char)(zigzag | 0x80);
    out->bytes[out->length++] = (unsigned char)zigzag;
}

static void put_text(struct writer *out, const char *text)
{
    size_t length = strlen(text);
    put_long(out, (int64_t)length);
    memcpy(out->bytes + out->length, text, length);
    out->length += length;
}

/* A positive decimal of scale 9, in the fewest bytes. */
static void put_decimal(struct writer *out, uint64_t units)
{
    size_t count = 1;
    while (count < 8 && units >> (8 * count - 1))
        count++;
    put_long(out, (int64_t)count);
    for (size_t i = count; i-- > 0;)
        out->bytes[out->length++] = (unsigned char)(units >> (8 * i));
}

static void put_participant(struct load *load, struct writer *out, uint64_t share)
{
    char name[32];
    (void)snprintf(name, sizeof name, "person:p%06u", (unsigned)draw(load, load->people));
    put_text(out, name);
    put_text(out, "owner");
    put_decimal(out, share);
}

/* `closed_at` hangs on the deal alone, so that an amendment stays in its window. */
static void put_deal(struct load *load, struct writer *out, const char *id, uint64_t number,
                     int64_t revision)
{
    char text[80];
    out->length = 0;
    memcpy(out->bytes, (unsigned char[]){0, 0, 0, 0, SCHEMA_ID}, FRAME_BYTES);
    out->length = FRAME_BYTES;
    (void)snprintf(text, sizeof text, "e-%010u", (unsigned)load->records);
    put_text(out, text);
    put_text(out, id);
    put_long(out, revision);
    put_long(out, 1); /* CLOSED */
    put_long(out, quarter_begin_ms + (int64_t)(number * 7919 % quarter_ms));
    put_long(out, 0); /* cancelled_at */
    put_text(out, "USD");
    put_decimal(out, (draw(load, 900000) + 1000) * 10000000u);
    put_long(out, 0); /* amounts */
    put_long(out, 0); /* quantity */
    put_long(out, 0); /* customer_id */
    size_t territory = out->length;
    struct writer rest = {.length = 0};
    put_long(&rest, 0); /* deal_type */
    put_long(&rest, 0); /* lines */
    int split = draw(load, 10) < 3;
    put_long(&rest, split ? 2 : 1);
    put_participant(load, &rest, split ? 600000000 : 1000000000);
    if (split)
        put_participant(load, &rest, 400000000);
    put_long(&rest, 0);                                      /* end of participants */
    put_long(&rest, 0);                                      /* attributes */
    put_long(&rest, 0);                                      /* replaces */
    size_t used = territory - FRAME_BYTES + rest.length + 3; /* branch and a length of two bytes */
    put_long(out, 1);
    (void)snprintf(text, sizeof text, "%0*d", used < AVRO_BYTES ? (int)(AVRO_BYTES - used) : 1, 7);
    put_text(out, text);
    memcpy(out->bytes + out->length, rest.bytes, rest.length);
    out->length += rest.length;
}

static void pace(const struct load *load)
{
    if (!load->per_second)
        return;
    double ahead = (double)load->records / (double)load->per_second - (bare_wall_s() - load->begin);
    if (ahead > 0)
        (void)usleep((useconds_t)(ahead * 1e6));
}

static void append(struct load *load, uint64_t number, int64_t revision)
{
    char id[32];
    struct writer value;
    (void)snprintf(id, sizeof id, "D-%010u", (unsigned)number);
    put_deal(load, &value, id, number, revision);
    while (rd_kafka_produce(load->topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, value.bytes,
                            value.length, id, strlen(id), NULL)) {
        if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
            bare_fail("produce", rd_kafka_err2str(rd_kafka_last_error()));
        rd_kafka_poll(load->producer, 100);
    }
    load->records++;
    rd_kafka_poll(load->producer, 0);
    pace(load);
}

static uint64_t number_of(int argc, char **argv, int index)
{
    return index < argc ? strtoull(argv[index], NULL, 10) : 0;
}

int main(int argc, char **argv)
{
    if (argc < 5)
        bare_fail("usage", "load SERVERS TOPIC DEALS PARTICIPANTS [PER-SECOND [FIRST-DEAL]]");
    uint64_t first = number_of(argc, argv, 6);
    struct load load = {.seed = 20261124 + first,
                        .people = number_of(argc, argv, 4),
                        .per_second = number_of(argc, argv, 5),
                        .begin = bare_wall_s()};
    load.producer = bare_producer(argv[1], NULL);
    load.topic = rd_kafka_topic_new(load.producer, argv[2], NULL);
    uint64_t deals = number_of(argc, argv, 3);
    if (!deals || !load.people)
        bare_fail("usage", "DEALS and PARTICIPANTS are at least 1");
    for (uint64_t i = 0; i < deals; i++) {
        append(&load, first + i, 1);
        if (draw(&load, 20) == 0) /* revisions of a deal amended twice differ: i + 2 only grows */
            append(&load, first + draw(&load, i + 1), (int64_t)i + 2);
    }
    bare_must(rd_kafka_flush(load.producer, 600000), "flush");
    (void)printf("%llu\n", (unsigned long long)load.records);
    return 0;
}
