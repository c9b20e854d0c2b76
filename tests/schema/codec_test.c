/* Every record of schemas/: shape against file, our bytes against avro-c's, every version read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/codec.h"
#include "schema/decoder.h"
#include "support/avro_oracle.h"
#include "support/schema_folder.h"

enum { ROUNDS = 200, VALUE_BYTES_MAX = 1024 };

struct kit {
    bool is_loop; /* the programs that the build knows run in the loop as well */
    struct chance chance;
    struct arena values;
    struct arena scratch;
    struct buffer text;
    struct buffer ours;
    struct buffer theirs;
};

static char detail[DETAIL_BYTES];

static int begin(void **state)
{
    struct kit *kit = calloc(1, sizeof *kit);
    if (!kit)
        return 1;
    kit->chance = chance_begin();
    arena_init_growing(&kit->values, 64 << 20);
    arena_init_growing(&kit->scratch, 64 << 20);
    *state = kit;
    return 0;
}

static int begin_loop(void **state)
{
    if (begin(state))
        return 1;
    ((struct kit *)*state)->is_loop = true;
    return 0;
}

static int end(void **state)
{
    struct kit *kit = *state;
    arena_deinit(&kit->values);
    arena_deinit(&kit->scratch);
    buffer_deinit(&kit->text);
    buffer_deinit(&kit->ours);
    buffer_deinit(&kit->theirs);
    free(kit);
    return 0;
}

/* A random struct of the kind, and what it is in our bytes. */
static void *draw(struct kit *kit, enum schema_kind kind, const struct encoder *encoder)
{
    arena_reset(&kit->values);
    arena_reset(&kit->scratch);
    void *value = arena_take(&kit->values, all_shapes[kind]->size);
    chance_fill(&kit->chance, all_shapes[kind], value, &kit->values);
    buffer_reset(&kit->ours);
    encoder_run(encoder, value, &kit->ours);
    return value;
}

static struct encoder *make_encoder(struct kit *kit, enum schema_kind kind)
{
    struct encoder *encoder;
    struct slice json = folder_current(kind, &kit->text);
    if (encoder_compile(json, all_shapes[kind], &encoder, detail))
        fail_msg("%s: %s", schema_kind_name(kind), detail);
    if (kit->is_loop)
        encoder->body = encode_ops;
    return encoder;
}

static struct decoder *make_decoder(struct kit *kit, enum schema_kind kind)
{
    struct decoder *decoder;
    struct slice json = folder_current(kind, &kit->text);
    if (decoder_compile(json, json, all_shapes[kind], &decoder, detail))
        fail_msg("%s: %s", schema_kind_name(kind), detail);
    if (kit->is_loop)
        decoder->body = decode_ops;
    return decoder;
}

/* So that it is encoded field by field. */
static void clear_encoded(const struct shape *shape, char *value)
{
    if (shape->encoded)
        *(struct slice *)(void *)(value + shape->encoded) = (struct slice){NULL, 0};
    for (size_t i = 0; i < shape->count; i++)
        if (shape->fields[i].kind == SHAPE_RECORD)
            clear_encoded(shape->fields[i].of, value + shape->fields[i].offset);
}

/* `bytes` decode to a struct that encodes to `kit->ours` again. */
static void assert_decodes_back(struct kit *kit, enum schema_kind kind,
                                const struct encoder *encoder, const struct decoder *decoder,
                                struct slice bytes, const void *value)
{
    _Alignas(16) char out[VALUE_BYTES_MAX];
    assert_true(all_shapes[kind]->size <= sizeof out);
    if (decoder_run(decoder, bytes, out, &kit->scratch, detail))
        fail_msg("%s: %s", schema_kind_name(kind), detail);
    struct buffer again = {0};
    clear_encoded(all_shapes[kind], out);
    encoder_run(encoder, out, &again);
    assert_int_equal(again.length, kit->ours.length);
    assert_memory_equal(again.bytes, kit->ours.bytes, again.length);
    assert_true(shape_equal_content(all_shapes[kind], value, out));
    buffer_deinit(&again);
}

/* Those of SCHEMA_KIND_LIST; the worker's shapes lie above the library. */
static void the_build_knows_the_programs_of_our_own_schemas(void **state)
{
    struct kit *kit = *state;
    for (enum schema_kind kind = 0; kind < SCHEMA_CREDIT_BATCH; kind++) {
        struct encoder *encoder = make_encoder(kit, kind);
        struct decoder *decoder = make_decoder(kit, kind);
        assert_int_equal(encoder->body == encode_ops, kit->is_loop);
        assert_int_equal(decoder->body == decode_ops, kit->is_loop);
        encoder_free(encoder);
        decoder_free(decoder);
    }
}

static void encoding_and_decoding_is_identity(void **state)
{
    struct kit *kit = *state;
    for (enum schema_kind kind = 0; kind < SCHEMA_KINDS; kind++) {
        struct encoder *encoder = make_encoder(kit, kind);
        struct decoder *decoder = make_decoder(kit, kind);
        for (int i = 0; i < ROUNDS; i++) {
            void *value = draw(kit, kind, encoder);
            assert_decodes_back(kit, kind, encoder, decoder, buffer_slice(&kit->ours), value);
        }
        encoder_free(encoder);
        decoder_free(decoder);
    }
}

static void we_write_what_avro_c_writes_and_read_what_it_writes(void **state)
{
    struct kit *kit = *state;
    for (enum schema_kind kind = 0; kind < SCHEMA_KINDS; kind++) {
        struct encoder *encoder = make_encoder(kit, kind);
        struct decoder *decoder = make_decoder(kit, kind);
        avro_schema_t schema;
        ORACLE(avro_schema_from_json_length(kit->text.bytes, kit->text.length, &schema));
        avro_value_iface_t *class = avro_generic_class_from_schema(schema);
        avro_value_t oracle;
        ORACLE(avro_generic_value_new(class, &oracle));
        for (int i = 0; i < ROUNDS; i++) {
            void *value = draw(kit, kind, encoder);
            bool is_plain = i % 2;
            struct oracle_style style = {is_plain ? 0 : chance_below(&kit->chance, 20)};
            ORACLE(avro_value_reset(&oracle));
            oracle_fill(&oracle, all_shapes[kind], value, style);
            buffer_reset(&kit->theirs);
            oracle_append(&oracle, &kit->theirs);
            if (is_plain) {
                assert_int_equal(kit->theirs.length, kit->ours.length);
                assert_memory_equal(kit->theirs.bytes, kit->ours.bytes, kit->ours.length);
            }
            assert_decodes_back(kit, kind, encoder, decoder, buffer_slice(&kit->theirs), value);
        }
        avro_value_decref(&oracle);
        avro_value_iface_decref(class);
        avro_schema_decref(schema);
        encoder_free(encoder);
        decoder_free(decoder);
    }
}

static void avro_c_reads_what_we_write(void **state)
{
    struct kit *kit = *state;
    for (enum schema_kind kind = 0; kind < SCHEMA_KINDS; kind++) {
        struct encoder *encoder = make_encoder(kit, kind);
        avro_schema_t schema;
        ORACLE(avro_schema_from_json_length(kit->text.bytes, kit->text.length, &schema));
        avro_value_iface_t *class = avro_generic_class_from_schema(schema);
        avro_value_t expected;
        avro_value_t actual;
        ORACLE(avro_generic_value_new(class, &expected));
        ORACLE(avro_generic_value_new(class, &actual));
        for (int i = 0; i < ROUNDS; i++) {
            void *value = draw(kit, kind, encoder);
            avro_reader_t reader = avro_reader_memory(kit->ours.bytes, (int64_t)kit->ours.length);
            ORACLE(avro_value_reset(&expected));
            ORACLE(avro_value_reset(&actual));
            ORACLE(avro_value_read(reader, &actual));
            oracle_fill(&expected, all_shapes[kind], value, (struct oracle_style){0});
            assert_true(avro_value_equal(&expected, &actual));
            avro_reader_free(reader);
        }
        avro_value_decref(&expected);
        avro_value_decref(&actual);
        avro_value_iface_decref(class);
        avro_schema_decref(schema);
        encoder_free(encoder);
    }
}

static void a_file_that_its_shape_does_not_match_is_refused(void **state)
{
    struct kit *kit = *state;
    for (enum schema_kind kind = 0; kind < SCHEMA_KINDS; kind++) {
        struct shape_field fields[64];
        struct shape shape = *all_shapes[kind];
        assert_true(shape.count < 64);
        struct encoder *encoder = NULL;
        struct slice json = folder_current(kind, &kit->text);
        for (size_t i = 0; i < shape.count; i++) {
            memcpy(fields, all_shapes[kind]->fields, shape.count * sizeof *fields);
            shape.fields = fields;
            fields[i].name = "another";
            assert_int_equal(encoder_compile(json, &shape, &encoder, detail), STATUS_INVALID);
            fields[i] = all_shapes[kind]->fields[i];
            fields[i].kind = fields[i].kind == SHAPE_BOOL ? SHAPE_LONG : SHAPE_BOOL;
            assert_int_equal(encoder_compile(json, &shape, &encoder, detail), STATUS_INVALID);
            fields[i] = all_shapes[kind]->fields[i];
            fields[i].presence = fields[i].presence == SHAPE_ALWAYS ? 0 : SHAPE_ALWAYS;
            assert_int_equal(encoder_compile(json, &shape, &encoder, detail), STATUS_INVALID);
        }
        shape.count--;
        assert_int_equal(encoder_compile(json, &shape, &encoder, detail), STATUS_INVALID);
    }
}

/* What avro-c writes by the old version of a random value, we read, and it is the same to avro-c.
 */
static void assert_reads_version(struct kit *kit, enum schema_kind kind, struct slice old,
                                 const struct decoder *decoder, const void *value)
{
    _Alignas(16) char out[VALUE_BYTES_MAX];
    avro_schema_t schema;
    avro_value_t written;
    avro_value_t again;
    ORACLE(avro_schema_from_json_length(old.bytes, old.length, &schema));
    avro_value_iface_t *class = avro_generic_class_from_schema(schema);
    ORACLE(avro_generic_value_new(class, &written));
    ORACLE(avro_generic_value_new(class, &again));
    oracle_fill(&written, all_shapes[kind], value, (struct oracle_style){0});
    buffer_reset(&kit->theirs);
    oracle_append(&written, &kit->theirs);
    if (decoder_run(decoder, buffer_slice(&kit->theirs), out, &kit->scratch, detail))
        fail_msg("%s: %s", schema_kind_name(kind), detail);
    oracle_fill(&again, all_shapes[kind], out, (struct oracle_style){0});
    assert_true(avro_value_equal(&written, &again));
    avro_value_decref(&written);
    avro_value_decref(&again);
    avro_value_iface_decref(class);
    avro_schema_decref(schema);
}

static void every_published_version_reads_as_the_current_record(void **state)
{
    struct kit *kit = *state;
    struct buffer old = {0};
    for (enum schema_kind kind = 0; kind < SCHEMA_KINDS; kind++) {
        struct encoder *encoder = make_encoder(kit, kind);
        int version = 1;
        for (;; version++) {
            char path[128];
            (void)snprintf(path, sizeof path, "history/%s.%d.avsc", schema_kind_name(kind),
                           version);
            if (!folder_read(path, &old))
                break;
            struct decoder *decoder;
            if (decoder_compile(buffer_slice(&old), buffer_slice(&kit->text), all_shapes[kind],
                                &decoder, detail))
                fail_msg("%s: %s", path, detail);
            for (int i = 0; i < ROUNDS; i++)
                assert_reads_version(kit, kind, buffer_slice(&old), decoder,
                                     draw(kit, kind, encoder));
            decoder_free(decoder);
        }
        assert_true(version > 1);
        encoder_free(encoder);
    }
    buffer_deinit(&old);
}

static void bytes_behind_a_record_are_refused(void **state)
{
    struct kit *kit = *state;
    struct encoder *encoder = make_encoder(kit, SCHEMA_CREDIT);
    struct decoder *decoder = make_decoder(kit, SCHEMA_CREDIT);
    struct credit credit;
    draw(kit, SCHEMA_CREDIT, encoder);
    buffer_append_byte(&kit->ours, 0);
    assert_int_equal(decoder_run(decoder, buffer_slice(&kit->ours), &credit, &kit->scratch, detail),
                     STATUS_INVALID);
    assert_non_null(strstr(detail, "1 bytes follow"));
    encoder_free(encoder);
    decoder_free(decoder);
}

static void a_body_is_passed_on_as_it_came(void **state)
{
    struct kit *kit = *state;
    struct encoder *packed = make_encoder(kit, SCHEMA_CREDIT);
    struct encoder *in_state = make_encoder(kit, SCHEMA_CREDIT_ROW);
    struct decoder *decoder = make_decoder(kit, SCHEMA_CREDIT);
    struct buffer copied = {0};
    struct buffer written = {0};
    for (int i = 0; i < 200; i++) {
        struct credit credit;
        draw(kit, SCHEMA_CREDIT, packed);
        assert_int_equal(
            decoder_run(decoder, buffer_slice(&kit->ours), &credit, &kit->scratch, detail),
            STATUS_OK);
        assert_non_null(credit.encoded.bytes);
        buffer_reset(&copied);
        encoder_run(in_state, &credit, &copied);
        credit.encoded = (struct slice){NULL, 0};
        buffer_reset(&written);
        encoder_run(in_state, &credit, &written);
        assert_true(slice_equal(buffer_slice(&copied), buffer_slice(&written)));
    }
    buffer_deinit(&copied);
    buffer_deinit(&written);
    encoder_free(packed);
    encoder_free(in_state);
    decoder_free(decoder);
}

/* Its bytes are not what our schema has, although every field resolves. */
static void a_body_of_another_schema_is_written_anew(void **state)
{
    static const char *const swaps[][2] = {
        {"\"scale\": 9", "\"scale\": 8"},
        {"[\"OPEN\", \"CLOSED\"", "[\"CLOSED\", \"OPEN\""},
        {"timestamp-millis", "timestamp-micros"},
    };
    struct kit *kit = *state;
    for (size_t i = 0; i < sizeof swaps / sizeof swaps[0]; i++) {
        struct slice ours = folder_current(SCHEMA_DEAL, &kit->text);
        struct buffer theirs = {0};
        const char *at = memmem(ours.bytes, ours.length, swaps[i][0], strlen(swaps[i][0]));
        assert_non_null(at);
        buffer_append(&theirs, ours.bytes, (size_t)(at - ours.bytes));
        buffer_append(&theirs, swaps[i][1], strlen(swaps[i][1]));
        at += strlen(swaps[i][0]);
        buffer_append(&theirs, at, (size_t)(ours.bytes + ours.length - at));
        struct encoder *encoder = make_encoder(kit, SCHEMA_DEAL);
        struct decoder *decoder;
        assert_int_equal(
            decoder_compile(buffer_slice(&theirs), ours, &deal_shape, &decoder, detail), STATUS_OK);
        assert_ptr_equal(decoder->body, decode_ops); /* no program that the build knows */
        struct deal deal;
        struct deal plain = {
            .event_id = SLICE("E"), .deal_id = SLICE("D"), .currency = SLICE("USD")};
        buffer_reset(&kit->ours);
        encoder_run(encoder, &plain, &kit->ours);
        assert_int_equal(
            decoder_run(decoder, buffer_slice(&kit->ours), &deal, &kit->scratch, detail),
            STATUS_OK);
        assert_null(deal.encoded.bytes);
        buffer_deinit(&theirs);
        encoder_free(encoder);
        decoder_free(decoder);
    }
}

static void a_text_of_any_length_is_written_whole(void **state)
{
    struct kit *kit = *state;
    struct encoder *encoder = make_encoder(kit, SCHEMA_PAYMENT);
    struct decoder *decoder = make_decoder(kit, SCHEMA_PAYMENT);
    static char text[100000];
    memset(text, 'x', sizeof text);
    for (size_t length = 0; length <= sizeof text; length += length < 600 ? 1 : length) {
        struct buffer out = {0}; /* a new one, so that it has to grow */
        struct payment back;
        struct slice slice = {text, length};
        struct payment payment = {.event_id = slice, .deal_id = slice, .invoice_id = slice};
        encoder_run(encoder, &payment, &out);
        assert_true(out.length <= out.capacity);
        if (decoder_run(decoder, buffer_slice(&out), &back, &kit->scratch, detail))
            fail_msg("%zu: %s", length, detail);
        assert_true(slice_equal(back.event_id, slice) && slice_equal(back.invoice_id, slice));
        buffer_deinit(&out);
    }
    encoder_free(encoder);
    decoder_free(decoder);
}

/* However much room the buffer happens to have where a value begins. */
static void a_value_is_written_into_a_buffer_of_any_size(void **state)
{
    struct kit *kit = *state;
    for (enum schema_kind kind = 0; kind < SCHEMA_KINDS; kind++) {
        struct encoder *encoder = make_encoder(kit, kind);
        for (size_t i = 0; i < 10 * ROUNDS; i++) {
            void *value = draw(kit, kind, encoder);
            size_t capacity = 1 + chance_below(&kit->chance, kit->ours.length + 100);
            struct buffer out = {malloc(capacity), 0, capacity};
            encoder_run(encoder, value, &out);
            assert_true(out.length <= out.capacity);
            assert_true(slice_equal(buffer_slice(&out), buffer_slice(&kit->ours)));
            buffer_deinit(&out);
        }
        encoder_free(encoder);
    }
}

static void fingerprints_are_those_of_the_specification(void **state)
{
    (void)state;
    /* From the Avro project's share/test/data/schema-tests.txt. */
    static const struct {
        const char *json;
        const char *canonical;
        int64_t fingerprint;
    } rows[] = {
        {"\"null\"", "\"null\"", 7195948357588979594},
        {"{\"type\":\"boolean\"}", "\"boolean\"", -6970731678124411036},
        {"\"int\"", "\"int\"", 8247732601305521295},
        {"{\"type\": \"long\", \"logicalType\": \"x\"}", "\"long\"", -3434872931120570953},
        {"\"float\"", "\"float\"", 5583340709985441680},
        {"\"double\"", "\"double\"", -8181574048448539266},
        {"\"bytes\"", "\"bytes\"", 5746618253357095269},
        {"\"string\"", "\"string\"", -8142146995180207161},
        {"[ \"int\"  ]", "[\"int\"]", -5232228896498058493},
        {"[ \"int\" , {\"type\":\"boolean\"} ]", "[\"int\",\"boolean\"]", 5392556393470105090},
        {"{\"fields\":[], \"type\":\"record\", \"name\":\"foo\"}",
         "{\"name\":\"foo\",\"type\":\"record\",\"fields\":[]}", -4824392279771201922},
        {"{\"fields\":[], \"type\":\"record\", \"name\":\"foo\", \"namespace\":\"x.y\"}",
         "{\"name\":\"x.y.foo\",\"type\":\"record\",\"fields\":[]}", 5916914534497305771},
        {"{\"type\":\"enum\",\"name\":\"foo\",\"symbols\":[\"A1\"]}",
         "{\"name\":\"foo\",\"type\":\"enum\",\"symbols\":[\"A1\"]}", -6342190197741309591},
        {"{\"namespace\":\"x.y.z\",\"type\":\"enum\",\"name\":\"foo\",\"doc\":\"foo bar\","
         "\"symbols\":[\"A1\",\"A2\"]}",
         "{\"name\":\"x.y.z.foo\",\"type\":\"enum\",\"symbols\":[\"A1\",\"A2\"]}",
         -4448647247586288245},
        {"{\"name\":\"foo\",\"type\":\"fixed\",\"size\":15}",
         "{\"name\":\"foo\",\"type\":\"fixed\",\"size\":15}", 1756455273707447556},
        {"{\"type\":\"array\",\"items\":\"long\"}", "{\"type\":\"array\",\"items\":\"long\"}", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer canonical = {0};
        uint64_t fingerprint;
        if (schema_canonical_form(slice_of(rows[i].json), &canonical, detail))
            fail_msg("%s: %s", rows[i].json, detail);
        buffer_append_byte(&canonical, '\0');
        assert_string_equal(canonical.bytes, rows[i].canonical);
        assert_int_equal(schema_fingerprint(slice_of(rows[i].json), &fingerprint, detail),
                         STATUS_OK);
        if (rows[i].fingerprint && (int64_t)fingerprint != rows[i].fingerprint)
            fail_msg("%s: %lld", rows[i].json, (long long)fingerprint);
        buffer_deinit(&canonical);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_build_knows_the_programs_of_our_own_schemas),
        cmocka_unit_test(encoding_and_decoding_is_identity),
        cmocka_unit_test(we_write_what_avro_c_writes_and_read_what_it_writes),
        cmocka_unit_test(avro_c_reads_what_we_write),
        cmocka_unit_test(a_file_that_its_shape_does_not_match_is_refused),
        cmocka_unit_test(every_published_version_reads_as_the_current_record),
        cmocka_unit_test(bytes_behind_a_record_are_refused),
        cmocka_unit_test(a_body_is_passed_on_as_it_came),
        cmocka_unit_test(a_body_of_another_schema_is_written_anew),
        cmocka_unit_test(a_text_of_any_length_is_written_whole),
        cmocka_unit_test(a_value_is_written_into_a_buffer_of_any_size),
        cmocka_unit_test(fingerprints_are_those_of_the_specification),
    };
    return cmocka_run_group_tests_name("code", tests, begin, end) +
           cmocka_run_group_tests_name("loop", tests, begin_loop, end);
}
