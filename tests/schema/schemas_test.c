/* Records to and from bytes by kind: from files alone, and with a registry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <sys/stat.h>

#include "schema/schemas.h"
#include "support/describe.h"
#include "support/random_value.h"
#include "support/schema_folder.h"
#include "support/stub_registry.h"

enum { VALUE_BYTES_MAX = 1024, PATIENCE_MS = 20000, START_MS = 1000000 };

struct kit {
    struct stub_registry stub;
    struct schemas *schemas;
    struct chance chance;
    struct arena values;
    struct arena scratch;
    struct buffer bytes;
    struct buffer text;
};

static char detail[DETAIL_BYTES];

static int begin_group(void **state)
{
    struct kit *kit = calloc(1, sizeof *kit);
    if (!kit)
        return 1;
    kit->chance = chance_begin();
    kit->stub = stub_start(NULL, NULL, NULL);
    arena_init_growing(&kit->values, 16 << 20);
    arena_init_growing(&kit->scratch, 16 << 20);
    *state = kit;
    return 0;
}

static int end_group(void **state)
{
    struct kit *kit = *state;
    stub_stop(&kit->stub);
    arena_deinit(&kit->values);
    arena_deinit(&kit->scratch);
    buffer_deinit(&kit->bytes);
    buffer_deinit(&kit->text);
    free(kit);
    return 0;
}

static void open_with(struct kit *kit, struct schemas_options options)
{
    static const enum schema_kind workers[] = {SCHEMA_CREDIT_BATCH, SCHEMA_JOURNAL_RECORD,
                                               SCHEMA_TASK_ROW, SCHEMA_JOURNAL_ROW};
    options.folder = options.folder ? options.folder : SCHEMA_FOLDER;
    options.registry.timeout_ms = PATIENCE_MS;
    if (schemas_open(&options, &kit->schemas, detail))
        fail_msg("%s", detail);
    for (size_t i = 0; i < sizeof workers / sizeof *workers; i++) {
        if (schemas_use_shape(kit->schemas, workers[i], all_shapes[workers[i]], detail))
            fail_msg("%s", detail);
    }
}

static int begin_files(void **state)
{
    open_with(*state, (struct schemas_options){0});
    return 0;
}

static int begin_registry(void **state)
{
    struct kit *kit = *state;
    stub_order(&kit->stub, "/reset", "{}");
    open_with(kit, (struct schemas_options){.registry = {.url = kit->stub.url}});
    return 0;
}

static int end(void **state)
{
    struct kit *kit = *state;
    schemas_free(kit->schemas);
    kit->schemas = NULL;
    return 0;
}

static void *draw(struct kit *kit, enum schema_kind kind)
{
    arena_reset(&kit->values);
    arena_reset(&kit->scratch);
    buffer_reset(&kit->bytes);
    void *value = arena_take(&kit->values, all_shapes[kind]->size);
    chance_fill(&kit->chance, all_shapes[kind], value, &kit->values);
    return value;
}

static void assert_same(struct kit *kit, enum schema_kind kind, const void *a, const void *b)
{
    struct buffer first = {0};
    struct buffer second = {0};
    describe(all_shapes[kind], a, &first);
    describe(all_shapes[kind], b, &second);
    assert_true(slice_equal(buffer_slice(&first), buffer_slice(&second)));
    buffer_deinit(&first);
    buffer_deinit(&second);
    (void)kit;
}

static void assert_says(const char *part)
{
    if (!strstr(detail, part))
        fail_msg("expected %s in: %s", part, detail);
}

static struct log_record record_of(struct slice value)
{
    return (struct log_record){.value = value};
}

static enum status decode_deal(struct kit *kit, struct slice value, int64_t now_ms)
{
    struct deal deal;
    struct log_record record = record_of(value);
    *detail = '\0';
    return schemas_decode(kit->schemas, SCHEMA_DEAL, &record, &deal, &kit->scratch, now_ms, detail);
}

/* --- files --- */

static void a_public_record_carries_the_fixed_id_of_its_version(void **state)
{
    struct kit *kit = *state;
    _Alignas(16) char out[VALUE_BYTES_MAX];
    for (enum schema_kind kind = 0; kind <= SCHEMA_ATTAINMENT; kind++) {
        if (schemas_prepare(kit->schemas, kind, "any", detail))
            fail_msg("%s", detail);
        void *value = draw(kit, kind);
        schemas_encode(kit->schemas, kind, value, &kit->bytes);
        assert_int_equal(kit->bytes.bytes[0], 0);
        struct log_record record = record_of(buffer_slice(&kit->bytes));
        for (int i = 0; i < 2; i++) {
            if (schemas_decode(kit->schemas, kind, &record, out, &kit->scratch, START_MS, detail))
                fail_msg("%s", detail);
            assert_same(kit, kind, value, out);
        }
    }
    draw(kit, SCHEMA_DEAL);
    struct deal deal = {.event_id = SLICE("e")};
    schemas_encode(kit->schemas, SCHEMA_DEAL, &deal, &kit->bytes);
    assert_memory_equal(kit->bytes.bytes, "\0\0\0\0\1\2e", 7);
}

static void what_begins_with_no_schema_is_refused_as_magic(void **state)
{
    static const struct slice values[] = {
        {NULL, 0}, {"\0", 1}, {"\0\0\0\0", 4}, {"\1\0\0\0\1\2", 6}, {"{\"deal_id\":1}", 13}};
    struct kit *kit = *state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        assert_int_equal(decode_deal(kit, values[i], START_MS), STATUS_INVALID);
        assert_int_equal(strncmp(detail, "magic: ", 7), 0);
    }
}

static void an_id_of_nobody_is_an_unknown_schema(void **state)
{
    assert_int_equal(decode_deal(*state, (struct slice){"\0\0\1\0\0\2", 6}, START_MS),
                     STATUS_INVALID);
    assert_int_equal(strncmp(detail, "unknown-schema: ", 16), 0);
    assert_says("65536");
}

static void a_schema_of_another_record_is_a_wrong_schema(void **state)
{
    struct kit *kit = *state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(decode_deal(kit, (struct slice){"\0\0\0\0\2\2", 6}, START_MS),
                         STATUS_INVALID);
        assert_int_equal(strncmp(detail, "wrong-schema: ", 14), 0);
    }
}

static void a_body_that_breaks_is_undecodable(void **state)
{
    assert_int_equal(decode_deal(*state, (struct slice){"\0\0\0\0\1\x7f", 6}, START_MS),
                     STATUS_INVALID);
    assert_int_equal(strncmp(detail, "undecodable: Deal.event_id: ", 28), 0);
}

static void a_guid_needs_a_registry(void **state)
{
    struct kit *kit = *state;
    struct deal deal;
    struct log_header header = {SLICE("__value_schema_id"), SLICE("\1"
                                                                  "0123456789abcdef")};
    struct log_record record = {.headers = &header, .header_count = 1};
    assert_int_equal(
        schemas_decode(kit->schemas, SCHEMA_DEAL, &record, &deal, &kit->scratch, START_MS, detail),
        STATUS_INVALID);
    assert_says("unknown-schema: a record with a schema GUID needs schema.registry.url");
    header.value.length--;
    assert_int_equal(
        schemas_decode(kit->schemas, SCHEMA_DEAL, &record, &deal, &kit->scratch, START_MS, detail),
        STATUS_INVALID);
    assert_says("magic: ");
}

static void a_private_record_resolves_by_its_fingerprint(void **state)
{
    struct kit *kit = *state;
    _Alignas(16) char out[VALUE_BYTES_MAX];
    for (enum schema_kind kind = 0; kind < SCHEMA_KINDS; kind++) {
        void *value = draw(kit, kind);
        schemas_encode_private(kit->schemas, kind, value, &kit->bytes);
        struct slice bytes = buffer_slice(&kit->bytes);
        if (schemas_decode_private(kit->schemas, kind, bytes, out, &kit->scratch, detail))
            fail_msg("%s", detail);
        assert_same(kit, kind, value, out);
        for (size_t at = 0; at < 9; at++) {
            kit->bytes.bytes[at] ^= 1;
            assert_int_equal(
                schemas_decode_private(kit->schemas, kind, bytes, out, &kit->scratch, detail),
                STATUS_CORRUPT);
            kit->bytes.bytes[at] ^= 1;
        }
        for (size_t length = 0; length < bytes.length; length += 1 + bytes.length / 64) {
            struct slice part = {bytes.bytes, length};
            assert_int_equal(
                schemas_decode_private(kit->schemas, kind, part, out, &kit->scratch, detail),
                STATUS_CORRUPT);
        }
    }
}

static void a_row_carries_its_versions_id(void **state)
{
    static const enum schema_kind kinds[ROW_KIND_COUNT] = {
        [ROW_CONTROL] = SCHEMA_CONTROL,         [ROW_DEAL] = SCHEMA_DEAL_ROW,
        [ROW_MILESTONE] = SCHEMA_MILESTONE_ROW, [ROW_PAYMENT] = SCHEMA_PAYMENT_ROW,
        [ROW_ROSTER] = SCHEMA_ROSTER,           [ROW_CREDIT] = SCHEMA_CREDIT_ROW,
        [ROW_RESULT] = SCHEMA_RESULT_ROW,       [ROW_EMITTED] = SCHEMA_EMITTED_ROW,
    };
    struct kit *kit = *state;
    _Alignas(16) char out[VALUE_BYTES_MAX];
    struct row_codec codec = schemas_row_codec(kit->schemas);
    for (enum row_kind kind = 0; kind < ROW_KIND_COUNT; kind++) {
        void *value = draw(kit, kinds[kind]);
        codec.encode(codec.self, kind, value, &kit->bytes);
        struct slice bytes = buffer_slice(&kit->bytes);
        if (codec.decode(codec.self, kind, bytes, out, &kit->scratch, detail))
            fail_msg("%s", detail);
        assert_same(kit, kinds[kind], value, out);
        kit->bytes.bytes[0] = 120; /* id 60: nobody's */
        assert_int_equal(codec.decode(codec.self, kind, bytes, out, &kit->scratch, detail),
                         STATUS_CORRUPT);
        assert_says("a newer release wrote it");
        bytes.length = 0;
        assert_int_equal(codec.decode(codec.self, kind, bytes, out, &kit->scratch, detail),
                         STATUS_CORRUPT);
    }
}

/* --- a folder that is not as it should be --- */

static void write_file(const char *folder, const char *name, struct slice content)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content.bytes, 1, content.length, file), content.length);
    assert_int_equal(fclose(file), 0);
}

static void copy_folder(struct kit *kit, const char *folder)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/history", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_true(folder_read("ids.json", &kit->text));
    write_file(folder, "ids.json", buffer_slice(&kit->text));
    for (enum schema_kind kind = 0; kind < SCHEMA_KINDS; kind++) {
        (void)snprintf(path, sizeof path, "%s.avsc", schema_kind_name(kind));
        write_file(folder, path, folder_current(kind, &kit->text));
        for (int version = 1;; version++) {
            (void)snprintf(path, sizeof path, "history/%s.%d.avsc", schema_kind_name(kind),
                           version);
            if (!folder_read(path, &kit->text))
                break;
            write_file(folder, path, buffer_slice(&kit->text));
        }
    }
}

static void remove_folder(const char *folder)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/ids.json", folder);
    (void)unlink(path);
    for (enum schema_kind kind = 0; kind < SCHEMA_KINDS; kind++) {
        (void)snprintf(path, sizeof path, "%s/%s.avsc", folder, schema_kind_name(kind));
        (void)unlink(path);
        for (int version = 1; version < 100; version++) {
            (void)snprintf(path, sizeof path, "%s/history/%s.%d.avsc", folder,
                           schema_kind_name(kind), version);
            (void)unlink(path);
        }
    }
    (void)snprintf(path, sizeof path, "%s/history", folder);
    (void)rmdir(path);
    (void)rmdir(folder);
}

static void a_folder_that_does_not_agree_with_itself_is_refused(void **state)
{
    static const struct {
        const char *file;
        const char *content; /* NULL: removed */
        const char *reason;
    } damages[] = {
        {"ids.json", NULL, "ids.json: No such file"},
        {"ids.json", "{", "ids.json:1:"},
        {"ids.json", "[]", "has no object `ids`"},
        {"ids.json", "{\"ids\":{}}", "no version of it is in ids.json"},
        {"ids.json", "{\"ids\":{\"deal\":1}}", "`deal` is not NAME.VERSION"},
        {"ids.json", "{\"ids\":{\"deal.1\":0}}", "with an id from 1"},
        {"ids.json", "{\"ids\":{\"deal.1\":1,\"payment.1\":1}}", "that of another one"},
        {"history/deal.1.avsc", NULL, "deal.1.avsc: No such file"},
        {"history/deal.1.avsc", "{", "no JSON"},
        {"deal.avsc", NULL, "deal.avsc: No such file"},
        {"deal.avsc", "\"string\"", "not its newest version in history/"},
    };
    struct kit *kit = *state;
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        char folder[] = "schemas-test-XXXXXX";
        char path[512];
        assert_non_null(mkdtemp(folder));
        copy_folder(kit, folder);
        if (damages[i].content) {
            write_file(folder, damages[i].file, slice_of(damages[i].content));
        } else {
            (void)snprintf(path, sizeof path, "%s/%s", folder, damages[i].file);
            assert_int_equal(unlink(path), 0);
        }
        struct schemas_options options = {.folder = folder};
        struct schemas *schemas;
        assert_int_equal(schemas_open(&options, &schemas, detail), STATUS_REFUSED);
        assert_says(damages[i].reason);
        remove_folder(folder);
    }
}

/* --- a registry --- */

/* Registers text as `id`; returns its GUID's bytes behind 0x01. */
static struct slice add_schema(struct kit *kit, int id, struct slice text)
{
    static char guid[2][17];
    static int turn;
    char answer[512];
    struct buffer body = {0};
    buffer_printf(&body, "{\"id\": %d, \"schema\": \"", id);
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] == '"' || text.bytes[i] == '\\')
            buffer_append_byte(&body, '\\');
        buffer_append_byte(&body, text.bytes[i] == '\n' ? ' ' : text.bytes[i]);
    }
    buffer_append(&body, "\"}", 3);
    stub_ask(&kit->stub, "/add", body.bytes, answer, sizeof answer);
    buffer_deinit(&body);
    char *out = guid[turn++ % 2];
    const char *at = strstr(answer, ": \"") + 3;
    out[0] = 1;
    for (size_t i = 1; i < 17; i++, at += 2) {
        unsigned byte;
        at += *at == '-';
        assert_int_equal(sscanf(at, "%2x", &byte), 1);
        out[i] = (char)byte;
    }
    return (struct slice){out, 17};
}

static struct slice deal_with_prefix(struct kit *kit, uint32_t id, struct deal *out)
{
    buffer_reset(&kit->bytes);
    *out = (struct deal){.event_id = SLICE("e"), .deal_id = SLICE("D-1"), .currency = SLICE("EUR")};
    char prefix[5] = {0, (char)(id >> 24), (char)(id >> 16), (char)(id >> 8), (char)id};
    buffer_append(&kit->bytes, prefix, sizeof prefix);
    struct buffer row = {0}; /* the body stands behind an id of one byte */
    schemas_encode_row(kit->schemas, SCHEMA_DEAL, out, &row);
    buffer_append(&kit->bytes, row.bytes + 1, row.length - 1);
    buffer_deinit(&row);
    return buffer_slice(&kit->bytes);
}

static void a_schema_is_fetched_once_and_kept_for_ever(void **state)
{
    struct kit *kit = *state;
    struct deal deal;
    add_schema(kit, 0x01020304, schemas_text(kit->schemas, SCHEMA_DEAL));
    struct slice value = deal_with_prefix(kit, 0x01020304, &deal);
    for (int i = 0; i < 3; i++) {
        if (decode_deal(kit, value, START_MS + i * 100000000))
            fail_msg("%s", detail);
    }
    struct milestone milestone;
    struct log_record record = record_of(value);
    assert_int_equal(schemas_decode(kit->schemas, SCHEMA_MILESTONE, &record, &milestone,
                                    &kit->scratch, START_MS, detail),
                     STATUS_INVALID);
    assert_says("wrong-schema: ");
    assert_int_equal(stub_count(&kit->stub), 1);
}

static void schemas_that_are_known_are_counted_not_what_is_missing(void **state)
{
    struct kit *kit = *state;
    struct deal deal;
    assert_int_equal(schemas_figures(kit->schemas).cached, 0);
    for (int i = 0; i < 2; i++) {
        add_schema(kit, 0x01020304, schemas_text(kit->schemas, SCHEMA_DEAL));
        assert_int_equal(decode_deal(kit, deal_with_prefix(kit, 0x01020304, &deal), START_MS), 0);
        assert_int_equal(decode_deal(kit, deal_with_prefix(kit, 77, &deal), START_MS),
                         STATUS_INVALID);
    }
    assert_int_equal(schemas_figures(kit->schemas).cached, 1);
    assert_true(schemas_figures(kit->schemas).requests.sum > 0);
}

static void an_unknown_id_is_remembered_for_a_while(void **state)
{
    struct kit *kit = *state;
    struct deal deal;
    struct slice value = deal_with_prefix(kit, 77, &deal);
    assert_int_equal(decode_deal(kit, value, START_MS), STATUS_INVALID);
    assert_says("unknown-schema: ");
    add_schema(kit, 77, schemas_text(kit->schemas, SCHEMA_DEAL));
    assert_int_equal(decode_deal(kit, value, START_MS + SCHEMAS_MISS_MS - 1), STATUS_INVALID);
    assert_says("asked lately");
    assert_int_equal(stub_count(&kit->stub), 1);
    assert_int_equal(decode_deal(kit, value, START_MS + SCHEMAS_MISS_MS), STATUS_OK);
    assert_int_equal(stub_count(&kit->stub), 2);
}

static void the_fixed_ids_are_not_used_with_a_registry(void **state)
{
    struct kit *kit = *state;
    struct deal deal;
    assert_int_equal(decode_deal(kit, deal_with_prefix(kit, 1, &deal), START_MS), STATUS_INVALID);
    assert_says("unknown-schema: ");
}

static void an_outage_is_waited_for_without_storming(void **state)
{
    struct kit *kit = *state;
    struct deal deal;
    add_schema(kit, 5, schemas_text(kit->schemas, SCHEMA_DEAL));
    stub_order(&kit->stub, "/set", "{\"status\": 503}");
    struct slice value = deal_with_prefix(kit, 5, &deal);
    assert_int_equal(decode_deal(kit, value, START_MS), STATUS_UNAVAILABLE);
    stub_order(&kit->stub, "/set", "{\"status\": null}");
    assert_int_equal(decode_deal(kit, value, START_MS + SCHEMAS_RETRY_MS - 1), STATUS_UNAVAILABLE);
    assert_says("answered 503");
    assert_int_equal(stub_count(&kit->stub), 1);
    assert_int_equal(decode_deal(kit, value, START_MS + SCHEMAS_RETRY_MS), STATUS_OK);
    stub_order(&kit->stub, "/set", "{\"status\": 503}");
    assert_int_equal(decode_deal(kit, value, START_MS + SCHEMAS_RETRY_MS + 1), STATUS_OK);
}

static void wrong_credentials_are_refused(void **state)
{
    struct kit *kit = *state;
    struct deal deal;
    stub_order(&kit->stub, "/set", "{\"basic\": \"a:b\"}");
    assert_int_equal(decode_deal(kit, deal_with_prefix(kit, 5, &deal), START_MS), STATUS_REFUSED);
}

static void the_last_guid_header_wins_over_the_others_and_the_prefix(void **state)
{
    struct kit *kit = *state;
    struct deal deal;
    struct deal out;
    struct slice right = add_schema(kit, 5, schemas_text(kit->schemas, SCHEMA_DEAL));
    struct slice wrong = add_schema(kit, 6, schemas_text(kit->schemas, SCHEMA_PAYMENT));
    struct log_header headers[] = {{SLICE("__value_schema_id"), wrong},
                                   {SLICE("__value_schema_id"), right},
                                   {SLICE("__key_schema_id"), wrong}};
    struct slice value = deal_with_prefix(kit, 6, &deal);
    struct log_record record = {
        .value = {value.bytes + 5, value.length - 5}, .headers = headers, .header_count = 3};
    for (int i = 0; i < 2; i++) {
        if (schemas_decode(kit->schemas, SCHEMA_DEAL, &record, &out, &kit->scratch, START_MS,
                           detail))
            fail_msg("%s", detail);
        assert_same(kit, SCHEMA_DEAL, &deal, &out);
    }
    assert_int_equal(stub_count(&kit->stub), 1);
    record.value = value; /* with a header the prefix is content */
    assert_int_equal(
        schemas_decode(kit->schemas, SCHEMA_DEAL, &record, &out, &kit->scratch, START_MS, detail),
        STATUS_INVALID);
    headers[1].name = SLICE("__value_schema_ie");
    assert_int_equal(
        schemas_decode(kit->schemas, SCHEMA_DEAL, &record, &out, &kit->scratch, START_MS, detail),
        STATUS_INVALID);
    assert_says("wrong-schema: ");
}

static void a_flood_of_unknown_ids_takes_no_memory(void **state)
{
    struct kit *kit = *state;
    struct deal deal;
    add_schema(kit, 1, schemas_text(kit->schemas, SCHEMA_DEAL));
    for (uint32_t id = 2; id < 2 * SCHEMAS_MISSES_MAX; id++)
        assert_int_equal(decode_deal(kit, deal_with_prefix(kit, id, &deal), START_MS),
                         STATUS_INVALID);
    assert_int_equal(decode_deal(kit, deal_with_prefix(kit, 1, &deal), START_MS), STATUS_OK);
}

static void we_write_with_the_registrys_id(void **state)
{
    struct kit *kit = *state;
    struct deal deal;
    assert_int_equal(schemas_prepare(kit->schemas, SCHEMA_DEAL, "acme.deals.v1", detail),
                     STATUS_REFUSED);
    assert_says("register schemas/deal.avsc as subject acme.deals.v1-value, or set "
                "auto.register.schemas=true");
    schemas_free(kit->schemas);
    open_with(kit, (struct schemas_options){.registry = {.url = kit->stub.url}, .registers = true});
    if (schemas_prepare(kit->schemas, SCHEMA_DEAL, "acme.deals.v1", detail))
        fail_msg("%s", detail);
    deal_with_prefix(kit, 0, &deal);
    buffer_reset(&kit->bytes);
    schemas_encode(kit->schemas, SCHEMA_DEAL, &deal, &kit->bytes);
    assert_memory_equal(kit->bytes.bytes, "\0\0\0\3\xe9", 5); /* the stub's first: 1001 */
    assert_int_equal(decode_deal(kit, buffer_slice(&kit->bytes), START_MS), STATUS_OK);
    schemas_free(kit->schemas);
    open_with(kit, (struct schemas_options){.registry = {.url = kit->stub.url}});
    assert_int_equal(schemas_prepare(kit->schemas, SCHEMA_DEAL, "acme.deals.v1", detail),
                     STATUS_OK);
    stub_order(&kit->stub, "/set", "{\"status\": 500}");
    assert_int_equal(schemas_prepare(kit->schemas, SCHEMA_DEAL, "acme.deals.v1", detail),
                     STATUS_UNAVAILABLE);
}

#define FILES(name)    cmocka_unit_test_setup_teardown(name, begin_files, end)
#define REGISTRY(name) cmocka_unit_test_setup_teardown(name, begin_registry, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILES(a_public_record_carries_the_fixed_id_of_its_version),
        FILES(what_begins_with_no_schema_is_refused_as_magic),
        FILES(an_id_of_nobody_is_an_unknown_schema),
        FILES(a_schema_of_another_record_is_a_wrong_schema),
        FILES(a_body_that_breaks_is_undecodable),
        FILES(a_guid_needs_a_registry),
        FILES(a_private_record_resolves_by_its_fingerprint),
        FILES(a_row_carries_its_versions_id),
        FILES(a_folder_that_does_not_agree_with_itself_is_refused),
        REGISTRY(a_schema_is_fetched_once_and_kept_for_ever),
        REGISTRY(schemas_that_are_known_are_counted_not_what_is_missing),
        REGISTRY(an_unknown_id_is_remembered_for_a_while),
        REGISTRY(the_fixed_ids_are_not_used_with_a_registry),
        REGISTRY(an_outage_is_waited_for_without_storming),
        REGISTRY(wrong_credentials_are_refused),
        REGISTRY(the_last_guid_header_wins_over_the_others_and_the_prefix),
        REGISTRY(a_flood_of_unknown_ids_takes_no_memory),
        REGISTRY(we_write_with_the_registrys_id),
    };
    (void)setenv("NO_PROXY", "localhost,127.0.0.1", 1);
    return cmocka_run_group_tests(tests, begin_group, end_group);
}
