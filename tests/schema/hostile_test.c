/* Bytes that nobody should send: each is refused, or read as something, and nothing else happens.
 * Run under the sanitizers this is the proof that the decoder never looks beyond its bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/codec.h"
#include "schema/decoder.h"
#include "support/avro_oracle.h"
#include "support/case.h"
#include "support/probe.h"
#include "support/schema_folder.h"

enum { ARENA_BYTES = 1 << 20, VALUE_BYTES_MAX = 1024, MUTATIONS = 3000, SKIPS = 300 };

static char detail[DETAIL_BYTES];

/* Runs over a copy that ends where the bytes end. */
static enum status run_exact(const struct decoder *decoder, struct slice bytes, void *out,
                             struct arena *arena)
{
    char *exact = malloc(bytes.length + 1);
    assert_non_null(exact);
    if (bytes.length)
        memcpy(exact, bytes.bytes, bytes.length);
    arena_reset(arena);
    *detail = '\0';
    enum status status = decoder_run(
        decoder, (struct slice){bytes.length ? exact : NULL, bytes.length}, out, arena, detail);
    assert_true(status == STATUS_OK || *detail);
    free(exact);
    return status;
}

/* --- a table --- */

struct attack {
    const char *label;
    const struct shape *shape;
    const char *fields; /* of writer and reader; of the writer when `reader` is given */
    const char *reader;
    const char *hex;
    const char *reason;
};

#define TEXT  &text_probe, FIELD_V("\"string\""), NULL
#define TEXTS &texts_probe, FIELD_V(LIST_TYPE("\"string\"")), NULL
#define SKIPPED(type)                                                                              \
    &long_probe, "{\"name\":\"other\",\"type\":" type "}," FIELD_V("\"long\""), FIELD_V("\"long\"")

static const struct attack rows[] = {
    {"nothing at all", TEXT, "", "no whole number"},
    {"a length without its text", TEXT, "04", "beyond the end"},
    {"a text of 16 GiB in six bytes", TEXT, "8080808080 01", "beyond the end"},
    {"a negative length", TEXT, "01", "beyond the end"},
    {"the most negative length", TEXT, "ff*9 01", "beyond the end"},
    {"a number of eleven bytes", TEXT, "80*10 01", "no whole number"},
    {"a number of 65 bits", TEXT, "ff*9 02", "no whole number"},
    {"a number that does not end", TEXT, "ff*200", "no whole number"},
    {"a byte that no UTF-8 has", TEXT, "02ff", "UTF-8"},
    {"an overlong character", TEXT, "04c080", "UTF-8"},
    {"an overlong character of three bytes", TEXT, "06e08080", "UTF-8"},
    {"a surrogate", TEXT, "06eda080", "UTF-8"},
    {"a character above the last", TEXT, "08f4908080", "UTF-8"},
    {"a character cut short", TEXT, "04e282", "UTF-8"},
    {"bad UTF-8 behind much that is good", TEXT, "50 61*39 80", "UTF-8"},
    {"a boolean of 2", &bool_probe, FIELD_V("\"boolean\""), NULL, "02", "neither 0 nor 1"},
    {"no boolean", &bool_probe, FIELD_V("\"boolean\""), NULL, "", "cut short"},
    {"a symbol beyond the last", &enum_probe, FIELD_V(ENUM_TYPE), NULL, "06", "enum index"},
    {"a negative symbol", &enum_probe, FIELD_V(ENUM_TYPE), NULL, "01", "enum index"},
    {"a symbol beyond 32 bits", &enum_probe, FIELD_V(ENUM_TYPE), NULL, "808080808040",
     "enum index"},
    {"more items than bytes", TEXTS, "c801 00*3", "more items than bytes"},
    {"more items than fit into the bytes", &list_probe, FIELD_V(LIST_TYPE(PAIR_TYPE)), NULL,
     "06 026102 0262", "more items than bytes"},
    {"more skipped entries than bytes", SKIPPED(MAP_TYPE("\"null\"")), "c801 00 0a",
     "more items than bytes"},
    {"a trillion items", TEXTS, "8080808080 20", "more items than bytes"},
    {"the most negative count", TEXTS, "ff*9 01 00", "no opposite"},
    {"a block beyond the end", TEXTS, "01 7e 0261 00", "beyond the end"},
    {"a block of negative size", TEXTS, "01 01 0261 00", "beyond the end"},
    {"a block without its size", TEXTS, "01", "beyond the end"},
    {"a list that does not end", TEXTS, "02 0261", "no whole number"},
    {"a billion nulls", SKIPPED(LIST_TYPE("\"null\"")), "8080808008 00 0a", "take no bytes"},
    {"many blocks of nulls", SKIPPED(LIST_TYPE("\"null\"")), "feff07 feff07 feff07 00 0a",
     "take no bytes"},
    {"nulls in blocks of no bytes without an end", SKIPPED(LIST_TYPE("\"null\"")),
     "01 00 01 00 01 00", "no whole number"},
    {"a skipped block beyond the end", SKIPPED(LIST_TYPE("\"string\"")), "01 7e 00 0a",
     "beyond the end"},
    {"a skipped block of the most negative count", SKIPPED(LIST_TYPE("\"string\"")),
     "ff*9 01 00 00 0a", "no opposite"},
    {"a skipped text beyond the end", SKIPPED("\"string\""), "7e 0a", "beyond the end"},
    {"a skipped fixed cut short", SKIPPED("{\"type\":\"fixed\",\"name\":\"F\",\"size\":9}"), "00*8",
     "cut short"},
    {"a skipped branch that there is not", SKIPPED("[\"null\",\"int\"]"), "04 0a", "branch"},
    {"a record that holds itself ten thousand times",
     SKIPPED("{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"next\",\"type\":"
             "[\"null\",\"T\"]}]}"),
     "02*10000 00 0a", "too deep"},
    {"lists in lists of records without an end",
     SKIPPED("{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"all\",\"type\":"
             "{\"type\":\"array\",\"items\":\"T\"}}]}"),
     "02*10000 00 0a", "too deep"},
    {"a decimal longer than the message", &decimal_probe, FIELD_V(DECIMAL_TYPE(9)), NULL, "20 01",
     "beyond the end"},
    {"a decimal of a megabyte that is not there", &decimal_probe, FIELD_V(DECIMAL_TYPE(9)), NULL,
     "80808001 01", "beyond the end"},
    {"a byte too many", &long_probe, FIELD_V("\"long\""), NULL, "02 00", "1 bytes follow"},
};

static void is_refused(void **state)
{
    const struct attack *row = *state;
    struct buffer writer = {0};
    struct buffer reader = {0};
    struct buffer body = {0};
    struct decoder *decoder = NULL;
    struct probe out;
    struct arena arena;
    arena_init_growing(&arena, ARENA_BYTES);
    if (decoder_compile(record_of(row->fields, &writer),
                        record_of(row->reader ? row->reader : row->fields, &reader), row->shape,
                        &decoder, detail))
        fail_msg("%s", detail);
    assert_int_equal(run_exact(decoder, bytes_of(row->hex, &body), &out, &arena), STATUS_INVALID);
    if (!strstr(detail, row->reason))
        fail_msg("expected %s, got %s", row->reason, detail);
    decoder_free(decoder);
    arena_deinit(&arena);
    buffer_deinit(&writer);
    buffer_deinit(&reader);
    buffer_deinit(&body);
}

/* --- whole records --- */

struct kit {
    struct chance chance;
    struct arena values;
    struct arena scratch;
    struct buffer text;
    struct buffer body;
    struct encoder *encoder;
    struct decoder *decoder;
};

static void kit_open(struct kit *kit, enum schema_kind kind)
{
    struct slice json = folder_current(kind, &kit->text);
    if (encoder_compile(json, all_shapes[kind], &kit->encoder, detail) ||
        decoder_compile(json, json, all_shapes[kind], &kit->decoder, detail))
        fail_msg("%s", detail);
}

static void kit_close(struct kit *kit)
{
    encoder_free(kit->encoder);
    decoder_free(kit->decoder);
}

static void kit_draw(struct kit *kit, enum schema_kind kind)
{
    arena_reset(&kit->values);
    void *value = arena_take(&kit->values, all_shapes[kind]->size);
    chance_fill(&kit->chance, all_shapes[kind], value, &kit->values);
    buffer_reset(&kit->body);
    encoder_run(kit->encoder, value, &kit->body);
}

static int begin(void **state)
{
    struct kit *kit = calloc(1, sizeof *kit);
    if (!kit)
        return 1;
    kit->chance = chance_begin();
    arena_init_growing(&kit->values, 16 * ARENA_BYTES);
    arena_init_growing(&kit->scratch, ARENA_BYTES);
    *state = kit;
    return 0;
}

static int end(void **state)
{
    struct kit *kit = *state;
    arena_deinit(&kit->values);
    arena_deinit(&kit->scratch);
    buffer_deinit(&kit->text);
    buffer_deinit(&kit->body);
    free(kit);
    return 0;
}

static void every_truncation_of_every_record_is_refused(void **state)
{
    struct kit *kit = *state;
    _Alignas(16) char out[VALUE_BYTES_MAX];
    for (enum schema_kind kind = 0; kind < SCHEMA_KINDS; kind++) {
        kit_open(kit, kind);
        kit_draw(kit, kind);
        for (size_t length = 0; length < kit->body.length; length++) {
            struct slice part = {kit->body.bytes, length};
            assert_int_equal(run_exact(kit->decoder, part, out, &kit->scratch), STATUS_INVALID);
        }
        assert_int_equal(run_exact(kit->decoder, buffer_slice(&kit->body), out, &kit->scratch),
                         STATUS_OK);
        kit_close(kit);
    }
}

static void mutate(struct chance *chance, struct buffer *body)
{
    static const unsigned char pokes[] = {0x00, 0x01, 0x02, 0x7f, 0x80, 0xff};
    for (uint64_t count = 1 + chance_below(chance, 4); count > 0 && body->length; count--) {
        size_t at = chance_below(chance, body->length);
        if (chance_below(chance, 2))
            body->bytes[at] = (char)pokes[chance_below(chance, sizeof pokes)];
        else
            body->bytes[at] = (char)(body->bytes[at] ^ (1 << chance_below(chance, 8)));
    }
    if (body->length && chance_below(chance, 8) == 0)
        body->length -= 1 + chance_below(chance, body->length);
}

/* What is accepted after a mutation is a value like any other: it encodes and decodes again. */
static void a_mutated_record_is_refused_or_read_whole(void **state)
{
    struct kit *kit = *state;
    _Alignas(16) char out[VALUE_BYTES_MAX];
    for (enum schema_kind kind = 0; kind < SCHEMA_KINDS; kind++) {
        kit_open(kit, kind);
        struct buffer again = {0};
        for (int i = 0; i < MUTATIONS; i++) {
            kit_draw(kit, kind);
            mutate(&kit->chance, &kit->body);
            char *exact = malloc(kit->body.length + 1);
            assert_non_null(exact);
            memcpy(exact, kit->body.bytes, kit->body.length);
            arena_reset(&kit->scratch);
            struct slice bytes = {exact, kit->body.length};
            if (decoder_run(kit->decoder, bytes, out, &kit->scratch, detail) == STATUS_OK) {
                buffer_reset(&again);
                encoder_run(kit->encoder, out, &again);
                assert_int_equal(run_exact(kit->decoder, buffer_slice(&again), out, &kit->scratch),
                                 STATUS_OK);
            }
            free(exact);
        }
        buffer_deinit(&again);
        kit_close(kit);
    }
}

/* The code that was compiled from a program, and the loop over the same operations. */
static void code_and_loop_judge_alike(void **state)
{
    struct kit *kit = *state;
    _Alignas(16) char by_code[VALUE_BYTES_MAX];
    _Alignas(16) char by_loop[VALUE_BYTES_MAX];
    char reason[DETAIL_BYTES];
    for (enum schema_kind kind = 0; kind < SCHEMA_CREDIT_BATCH; kind++) {
        kit_open(kit, kind);
        struct decoder loop = *kit->decoder;
        loop.body = decode_ops;
        assert_ptr_not_equal(kit->decoder->body, decode_ops);
        for (int i = 0; i < MUTATIONS; i++) {
            kit_draw(kit, kind);
            mutate(&kit->chance, &kit->body);
            struct slice bytes = buffer_slice(&kit->body);
            arena_reset(&kit->scratch);
            *detail = *reason = '\0';
            enum status status = decoder_run(kit->decoder, bytes, by_code, &kit->scratch, detail);
            assert_int_equal(decoder_run(&loop, bytes, by_loop, &kit->scratch, reason), status);
            assert_string_equal(detail, reason);
            if (status == STATUS_OK)
                assert_true(shape_equal_content(all_shapes[kind], by_code, by_loop));
        }
        kit_close(kit);
    }
}

static void a_full_arena_is_exhausted_and_nothing_worse(void **state)
{
    struct kit *kit = *state;
    _Alignas(16) char out[VALUE_BYTES_MAX];
    static char storage[4096];
    kit_open(kit, SCHEMA_DEAL);
    for (size_t bytes = 16; bytes < sizeof storage; bytes += 16) {
        struct arena arena;
        arena_init(&arena, storage, bytes);
        kit_draw(kit, SCHEMA_DEAL);
        enum status status =
            decoder_run(kit->decoder, buffer_slice(&kit->body), out, &arena, detail);
        assert_true(status == STATUS_OK || status == STATUS_EXHAUSTED);
    }
    kit_close(kit);
}

/* --- skipping whatever a schema may say --- */

static void random_type(struct chance *chance, int depth, int *names, struct buffer *out)
{
    static const char *const simple[] = {"null",  "boolean", "int",   "long",
                                         "float", "double",  "bytes", "string"};
    uint64_t pick = chance_below(chance, depth ? 14 : 8);
    if (pick < 8) {
        buffer_printf(out, "\"%s\"", simple[pick]);
    } else if (pick == 8) {
        buffer_printf(out, "{\"type\":\"fixed\",\"name\":\"N%d\",\"size\":%d}", (*names)++,
                      (int)chance_below(chance, 20) + 1);
    } else if (pick == 9) {
        buffer_printf(out, "{\"type\":\"enum\",\"name\":\"N%d\",\"symbols\":[\"A\",\"B\"]}",
                      (*names)++);
    } else if (pick < 12) {
        buffer_printf(out, pick == 10 ? "{\"type\":\"array\",\"items\":"
                                      : "{\"type\":\"map\",\"values\":");
        random_type(chance, depth - 1, names, out);
        buffer_printf(out, "}");
    } else if (pick == 12) {
        buffer_printf(out, "{\"type\":\"record\",\"name\":\"N%d\",\"fields\":[", (*names)++);
        int count = 1 + (int)chance_below(chance, 4);
        for (int i = 0; i < count; i++) {
            buffer_printf(out, "%s{\"name\":\"f%d\",\"type\":", i ? "," : "", i);
            random_type(chance, depth - 1, names, out);
            buffer_printf(out, "}");
        }
        buffer_printf(out, "]}");
    } else {
        buffer_printf(out, "[\"null\",\"string\",{\"type\":\"array\",\"items\":");
        random_type(chance, depth - 1, names, out);
        buffer_printf(out, "},\"double\"]");
    }
}

/* A random value of any schema, as avro-c sets it. */
static void random_fill(struct chance *chance, avro_value_t *to)
{
    static char bytes[64];
    avro_value_t part;
    avro_schema_t schema = avro_value_get_schema(to);
    size_t count = chance_below(chance, 5);
    size_t size;
    switch (avro_value_get_type(to)) {
    case AVRO_NULL:
        ORACLE(avro_value_set_null(to));
        break;
    case AVRO_BOOLEAN:
        ORACLE(avro_value_set_boolean(to, chance_below(chance, 2) == 1));
        break;
    case AVRO_INT32:
        ORACLE(avro_value_set_int(to, (int32_t)chance_long(chance)));
        break;
    case AVRO_INT64:
        ORACLE(avro_value_set_long(to, chance_long(chance)));
        break;
    case AVRO_FLOAT:
        ORACLE(avro_value_set_float(to, 1.5f));
        break;
    case AVRO_DOUBLE:
        ORACLE(avro_value_set_double(to, 2.5));
        break;
    case AVRO_BYTES:
        ORACLE(avro_value_set_bytes(to, bytes, count));
        break;
    case AVRO_STRING:
        ORACLE(avro_value_set_string(to, "text"));
        break;
    case AVRO_FIXED:
        ORACLE(avro_value_set_fixed(to, bytes, (size_t)avro_schema_fixed_size(schema)));
        break;
    case AVRO_ENUM:
        ORACLE(avro_value_set_enum(to, (int)chance_below(chance, 2)));
        break;
    case AVRO_ARRAY:
        while (count-- > 0) {
            ORACLE(avro_value_append(to, &part, NULL));
            random_fill(chance, &part);
        }
        break;
    case AVRO_MAP:
        while (count-- > 0) {
            char key[32];
            (void)snprintf(key, sizeof key, "k%zu", count);
            ORACLE(avro_value_add(to, key, &part, NULL, NULL));
            random_fill(chance, &part);
        }
        break;
    case AVRO_RECORD:
        ORACLE(avro_value_get_size(to, &size));
        for (size_t i = 0; i < size; i++) {
            ORACLE(avro_value_get_by_index(to, i, &part, NULL));
            random_fill(chance, &part);
        }
        break;
    case AVRO_UNION:
        ORACLE(avro_value_set_branch(to, (int)chance_below(chance, 4), &part));
        random_fill(chance, &part);
        break;
    case AVRO_LINK:
        abort();
    }
}

static void an_unknown_field_of_any_type_is_skipped_to_the_byte(void **state)
{
    struct kit *kit = *state;
    struct buffer fields = {0};
    struct buffer writer = {0};
    struct buffer reader = {0};
    struct probe out;
    for (int i = 0; i < SKIPS; i++) {
        int names = 0;
        buffer_reset(&fields);
        buffer_printf(&fields, "{\"name\":\"other\",\"type\":");
        random_type(&kit->chance, 4, &names, &fields);
        buffer_printf(&fields, "}," FIELD_V("\"long\""));
        buffer_append_byte(&fields, '\0');
        struct slice json = record_of(fields.bytes, &writer);
        struct decoder *decoder;
        if (decoder_compile(json, record_of(FIELD_V("\"long\""), &reader), &long_probe, &decoder,
                            detail))
            fail_msg("%.*s: %s", SLICE_ARGS(json), detail);
        avro_schema_t schema;
        ORACLE(avro_schema_from_json_length(json.bytes, json.length, &schema));
        avro_value_iface_t *class = avro_generic_class_from_schema(schema);
        avro_value_t value;
        avro_value_t member;
        ORACLE(avro_generic_value_new(class, &value));
        random_fill(&kit->chance, &value);
        ORACLE(avro_value_get_by_name(&value, "v", &member, NULL));
        ORACLE(avro_value_set_long(&member, 4711));
        buffer_reset(&kit->body);
        oracle_append(&value, &kit->body);
        if (run_exact(decoder, buffer_slice(&kit->body), &out, &kit->scratch))
            fail_msg("%.*s: %s", SLICE_ARGS(json), detail);
        assert_int_equal(out.number, 4711);
        avro_value_decref(&value);
        avro_value_iface_decref(class);
        avro_schema_decref(schema);
        decoder_free(decoder);
    }
    buffer_deinit(&fields);
    buffer_deinit(&writer);
    buffer_deinit(&reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_truncation_of_every_record_is_refused),
        cmocka_unit_test(a_mutated_record_is_refused_or_read_whole),
        cmocka_unit_test(code_and_loop_judge_alike),
        cmocka_unit_test(a_full_arena_is_exhausted_and_nothing_worse),
        cmocka_unit_test(an_unknown_field_of_any_type_is_skipped_to_the_byte),
    };
    return RUN_CASES(rows, is_refused) + cmocka_run_group_tests(tests, begin, end);
}
