/* How long a deal of about 160 bytes takes to decode and encode, beside avro-c on the same bytes.
 *
 *   codec_bench [ROUNDS]      prints nanoseconds per record, the best of five, and the ratio */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "plan/fact.h"
#include "schema/codec.h"
#include "support/avro_oracle.h"
#include "support/schema_folder.h"

enum { SERIES = 5, ROUNDS_DEFAULT = 200000 };

struct bench {
    struct encoder *encoder;
    struct decoder *decoder;
    struct deal deal;
    struct slice body;
    struct arena arena;
    struct buffer out;
    avro_value_t oracle;
};

static void our_decode(struct bench *bench)
{
    char detail[DETAIL_BYTES];
    arena_reset(&bench->arena);
    if (decoder_run(bench->decoder, bench->body, &bench->deal, &bench->arena, detail))
        abort();
}

static void our_encode(struct bench *bench)
{
    buffer_reset(&bench->out);
    bench->deal.encoded = (struct slice){NULL, 0}; /* field by field, not copied as it came */
    encoder_run(bench->encoder, &bench->deal, &bench->out);
}

static void their_decode(struct bench *bench)
{
    avro_reader_t reader = avro_reader_memory(bench->body.bytes, (int64_t)bench->body.length);
    ORACLE(avro_value_reset(&bench->oracle));
    ORACLE(avro_value_read(reader, &bench->oracle));
    avro_reader_free(reader);
}

static void their_encode(struct bench *bench)
{
    buffer_reset(&bench->out);
    avro_writer_t writer =
        avro_writer_memory(buffer_reserve(&bench->out, 4096), (int64_t)bench->out.capacity);
    ORACLE(avro_value_write(writer, &bench->oracle));
    avro_writer_free(writer);
}

static double best_ns(struct bench *bench, void (*work)(struct bench *), long rounds)
{
    struct clock clock = clock_system();
    double best = 1e18;
    for (int series = 0; series < SERIES; series++) {
        int64_t before = clock.monotonic_ms(clock.self);
        for (long i = 0; i < rounds; i++)
            work(bench);
        double ns = (double)(clock.monotonic_ms(clock.self) - before) * 1e6 / (double)rounds;
        best = ns < best ? ns : best;
    }
    return best;
}

static void compare(struct bench *bench, const char *what, void (*ours)(struct bench *),
                    void (*theirs)(struct bench *), long rounds)
{
    double our_ns = best_ns(bench, ours, rounds * 10);
    double their_ns = best_ns(bench, theirs, rounds);
    printf("%s %zu bytes: ours %.1f ns, avro-c %.1f ns, ratio %.1f\n", what, bench->body.length,
           our_ns, their_ns, their_ns / our_ns);
}

static struct deal sample_deal(void)
{
    static struct deal_participant participants[] = {
        {{"person:jo", 9}, {"closer", 6}, {(int128)600000000}},
        {{"person:kim", 10}, {"opener", 6}, {(int128)400000000}},
    };
    return (struct deal){
        .event_id = SLICE("01HZX4T8Q9M3W7K2V5B6N1C0D9"),
        .deal_id = SLICE("D-1042"),
        .revision = 1,
        .status = DEAL_CLOSED,
        .closed_at = 1795521004123,
        .currency = SLICE("EUR"),
        .amount = {(int128)12500 * 1000000000},
        .customer_id = SLICE("customer:4711"),
        .territory = SLICE("north"),
        .deal_type = SLICE("new-business"),
        .participants = {participants, 2},
    };
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : ROUNDS_DEFAULT;
    char detail[DETAIL_BYTES];
    struct bench bench = {.deal = sample_deal()};
    struct buffer text = {0};
    struct buffer body = {0};
    struct slice json = folder_current(SCHEMA_DEAL, &text);
    if (encoder_compile(json, &deal_shape, &bench.encoder, detail) ||
        decoder_compile(json, json, &deal_shape, &bench.decoder, detail)) {
        (void)fprintf(stderr, "%s\n", detail);
        return 1;
    }
    arena_init_growing(&bench.arena, 1 << 20);
    encoder_run(bench.encoder, &bench.deal, &body);
    bench.body = buffer_slice(&body);
    avro_schema_t schema;
    ORACLE(avro_schema_from_json_length(json.bytes, json.length, &schema));
    avro_value_iface_t *class = avro_generic_class_from_schema(schema);
    ORACLE(avro_generic_value_new(class, &bench.oracle));
    compare(&bench, "decode", our_decode, their_decode, rounds);
    compare(&bench, "encode", our_encode, their_encode, rounds);
    avro_value_decref(&bench.oracle);
    avro_value_iface_decref(class);
    avro_schema_decref(schema);
    buffer_deinit(&text);
    buffer_deinit(&body);
    buffer_deinit(&bench.out);
    arena_deinit(&bench.arena);
    encoder_free(bench.encoder);
    decoder_free(bench.decoder);
    return 0;
}
