#include "schema/schemas.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/varint.h"
#include "schema/schema_files.h"
#include "schema/writers.h"

enum {
    FILES_BYTES_MAX = 64 * 1024 * 1024,
    MAGIC_PUBLIC = 0,
    MAGIC_PRIVATE = 1,
    PREFIX_BYTES = 5,
    PRIVATE_BYTES = 9,
    ID_UNKNOWN = 0
};

struct schemas {
    struct arena arena;
    struct schema_files files;
    const struct shape *shapes[SCHEMA_KINDS];
    struct encoder *encoders[SCHEMA_KINDS];
    struct writers writers;
    struct registry *registry; /* NULL: the files' fixed ids */
    bool registers;
    int64_t asked_in_vain_ms;           /* when the registry last did not answer … */
    bool is_down;                       /* … if it has not since */
    uint32_t written_ids[SCHEMA_KINDS]; /* ID_UNKNOWN until prepared */
    char outage[DETAIL_BYTES];
    struct buffer fetched;
    /* What the last message of each kind was decoded by: the next one's, nearly always. */
    struct {
        uint32_t id;
        const struct decoder *decoder;
    } latest[SCHEMA_KINDS], latest_row[SCHEMA_KINDS];
};

__attribute__((format(printf, 3, 4))) static enum status refuse(enum status status, char *detail,
                                                                const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(detail, DETAIL_BYTES, format, arguments);
    va_end(arguments);
    return status;
}

/* --- opening --- */

enum status schemas_use_shape(struct schemas *schemas, enum schema_kind kind,
                              const struct shape *shape, char *detail)
{
    char reason[DETAIL_BYTES];
    struct encoder *encoder;
    if (encoder_compile(schemas->files.current[kind], shape, &encoder, reason))
        return refuse(STATUS_REFUSED, detail, "%s.avsc: %.400s", schema_kind_name(kind), reason);
    encoder_free(schemas->encoders[kind]);
    schemas->encoders[kind] = encoder;
    schemas->shapes[kind] = shape;
    return STATUS_OK;
}

#define KIND_SHAPE(symbol, name) [symbol] = &name##_shape,
static const struct shape *const known_shapes[SCHEMA_KINDS] = {SCHEMA_KIND_LIST(KIND_SHAPE)};
#undef KIND_SHAPE

static enum status use_known_shapes(struct schemas *schemas, char *detail)
{
    for (int kind = 0; kind < SCHEMA_KINDS; kind++) {
        if (!known_shapes[kind])
            continue;
        enum status status =
            schemas_use_shape(schemas, (enum schema_kind)kind, known_shapes[kind], detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

/* Files resolve fingerprints and rows' ids always, public ids only without a registry. */
static void add_versions(struct schemas *schemas)
{
    for (size_t i = 0; i < schemas->files.version_count; i++) {
        const struct schema_version *version = &schemas->files.versions[i];
        struct writer_key key = {.low = version->id, .kind = WRITER_FILE_ID};
        writers_put(&schemas->writers, key, version->json, 0);
        key = (struct writer_key){.low = version->fingerprint, .kind = WRITER_FINGERPRINT};
        writers_put(&schemas->writers, key, version->json, 0);
        key = (struct writer_key){.low = version->id, .kind = WRITER_ID};
        if (!schemas->registry)
            writers_put(&schemas->writers, key, version->json, 0);
    }
}

enum status schemas_open(const struct schemas_options *options, struct schemas **out, char *detail)
{
    struct schemas *schemas = calloc(1, sizeof *schemas);
    if (!schemas)
        abort();
    schemas->registers = options->registers;
    arena_init_growing(&schemas->arena, FILES_BYTES_MAX);
    enum status status =
        schema_files_read(options->folder, &schemas->arena, &schemas->files, detail);
    if (!status)
        status = use_known_shapes(schemas, detail);
    if (!status && options->registry.url && *options->registry.url)
        status = registry_open(&options->registry, &schemas->registry, detail);
    if (status) {
        schemas_free(schemas);
        return status;
    }
    add_versions(schemas);
    *out = schemas;
    return STATUS_OK;
}

void schemas_free(struct schemas *schemas)
{
    if (!schemas)
        return;
    for (int kind = 0; kind < SCHEMA_KINDS; kind++)
        encoder_free(schemas->encoders[kind]);
    writers_deinit(&schemas->writers);
    registry_free(schemas->registry);
    buffer_deinit(&schemas->fetched);
    arena_deinit(&schemas->arena);
    free(schemas);
}

struct schemas_figures schemas_figures(const struct schemas *schemas)
{
    struct schemas_figures figures = {.cached = (int64_t)schemas->writers.public_count};
    if (schemas->registry)
        figures.requests = registry_durations(schemas->registry);
    return figures;
}

/* --- decoders --- */

static enum status find_decoder(struct schemas *schemas, struct writer *writer,
                                enum schema_kind kind, const struct decoder **out, char *detail)
{
    char reason[DETAIL_BYTES];
    assert(schemas->shapes[kind]);
    if (!writer->decoders[kind] && !writer->refusals[kind]) {
        struct slice json = {writer->json, writer->json_bytes};
        if (decoder_compile(json, schemas->files.current[kind], schemas->shapes[kind],
                            &writer->decoders[kind], reason)) {
            writer->refusals[kind] = strdup(reason);
            if (!writer->refusals[kind])
                abort();
        }
    }
    *out = writer->decoders[kind];
    if (*out)
        return STATUS_OK;
    return refuse(STATUS_INVALID, detail, "wrong-schema: %.480s", writer->refusals[kind]);
}

static enum status ask_registry(struct schemas *schemas, struct writer_key key, char *detail)
{
    if (key.kind == WRITER_ID)
        return registry_by_id(schemas->registry, (uint32_t)key.low, &schemas->fetched, detail);
    uint8_t guid[REGISTRY_GUID_BYTES];
    for (size_t i = 0; i < 8; i++) {
        guid[i] = (uint8_t)(key.high >> (56 - 8 * i));
        guid[8 + i] = (uint8_t)(key.low >> (56 - 8 * i));
    }
    return registry_by_guid(schemas->registry, guid, &schemas->fetched, detail);
}

/* A registry that did not answer is left alone for a moment: each try may take its whole timeout.
 */
static enum status fetch(struct schemas *schemas, struct writer_key key, int64_t now_ms,
                         struct writer **out, char *detail)
{
    if (schemas->is_down && now_ms - schemas->asked_in_vain_ms < SCHEMAS_RETRY_MS)
        return refuse(STATUS_UNAVAILABLE, detail, "%s", schemas->outage);
    char reason[DETAIL_BYTES];
    buffer_reset(&schemas->fetched);
    enum status status = ask_registry(schemas, key, reason);
    schemas->is_down = status == STATUS_UNAVAILABLE;
    if (status == STATUS_INVALID) {
        writers_put(&schemas->writers, key, (struct slice){NULL, 0}, now_ms);
        return refuse(status, detail, "unknown-schema: %.480s", reason);
    }
    if (status) {
        schemas->asked_in_vain_ms = now_ms;
        (void)snprintf(schemas->outage, sizeof schemas->outage, "%s", reason);
        return refuse(status, detail, "%s", reason);
    }
    *out = writers_put(&schemas->writers, key, buffer_slice(&schemas->fetched), now_ms);
    return STATUS_OK;
}

static enum status find_writer(struct schemas *schemas, struct writer_key key, int64_t now_ms,
                               struct writer **out, char *detail)
{
    *out = writers_find(&schemas->writers, key);
    if (*out && (*out)->json)
        return STATUS_OK;
    if (*out && now_ms - (*out)->missed_ms < SCHEMAS_MISS_MS)
        return refuse(STATUS_INVALID, detail,
                      "unknown-schema: the schema registry does not know it (asked lately)");
    if (schemas->registry)
        return fetch(schemas, key, now_ms, out, detail);
    if (key.kind == WRITER_GUID)
        return refuse(STATUS_INVALID, detail,
                      "unknown-schema: a record with a schema GUID needs schema.registry.url");
    return refuse(STATUS_INVALID, detail,
                  "unknown-schema: no schema of ours has the id %lu and no registry is configured",
                  (unsigned long)key.low);
}

static uint64_t read_big_endian(const char *bytes, size_t count)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value << 8 | (unsigned char)bytes[i];
    return value;
}

/* --- public records --- */

/* The value of the last header that names the schema, or NULL. */
static const struct slice *find_guid(const struct log_record *record)
{
    for (size_t i = record->header_count; i > 0; i--) {
        if (slice_equal(record->headers[i - 1].name, SLICE("__value_schema_id")))
            return &record->headers[i - 1].value;
    }
    return NULL;
}

static enum status by_guid(struct schemas *schemas, enum schema_kind kind, struct slice guid,
                           int64_t now_ms, const struct decoder **out, char *detail)
{
    if (guid.length != 1 + REGISTRY_GUID_BYTES || guid.bytes[0] != 1)
        return refuse(STATUS_INVALID, detail,
                      "magic: the header __value_schema_id is not 0x01 and a 16-byte GUID");
    struct writer_key key = {.high = read_big_endian(guid.bytes + 1, 8),
                             .low = read_big_endian(guid.bytes + 9, 8),
                             .kind = WRITER_GUID};
    struct writer *writer;
    enum status status = find_writer(schemas, key, now_ms, &writer, detail);
    return status ? status : find_decoder(schemas, writer, kind, out, detail);
}

static enum status by_prefix(struct schemas *schemas, enum schema_kind kind, struct slice *body,
                             int64_t now_ms, const struct decoder **out, char *detail)
{
    if (body->length < PREFIX_BYTES || body->bytes[0] != MAGIC_PUBLIC)
        return refuse(STATUS_INVALID, detail,
                      "magic: the value begins with neither 0x00 and a schema id nor has it a "
                      "header __value_schema_id");
    uint32_t id = (uint32_t)read_big_endian(body->bytes + 1, 4);
    body->bytes += PREFIX_BYTES;
    body->length -= PREFIX_BYTES;
    if (schemas->latest[kind].decoder && schemas->latest[kind].id == id) {
        *out = schemas->latest[kind].decoder;
        return STATUS_OK;
    }
    struct writer *writer;
    struct writer_key key = {.low = id, .kind = WRITER_ID};
    enum status status = find_writer(schemas, key, now_ms, &writer, detail);
    if (!status)
        status = find_decoder(schemas, writer, kind, out, detail);
    if (status)
        return status;
    schemas->latest[kind].id = id;
    schemas->latest[kind].decoder = *out;
    return STATUS_OK;
}

enum status schemas_decode(struct schemas *schemas, enum schema_kind kind,
                           const struct log_record *record, void *out, struct arena *arena,
                           int64_t now_ms, char *detail)
{
    const struct decoder *decoder;
    struct slice body = record->value;
    const struct slice *guid = find_guid(record);
    enum status status = guid ? by_guid(schemas, kind, *guid, now_ms, &decoder, detail)
                              : by_prefix(schemas, kind, &body, now_ms, &decoder, detail);
    if (status)
        return status;
    char reason[DETAIL_BYTES];
    status = decoder_run(decoder, body, out, arena, reason);
    if (status)
        return refuse(status, detail, "undecodable: %.480s", reason);
    return STATUS_OK;
}

static enum status ask_for_id(struct schemas *schemas, enum schema_kind kind, const char *topic,
                              uint32_t *out_id, char *detail)
{
    char reason[DETAIL_BYTES];
    struct buffer subject = {0};
    buffer_printf(&subject, "%s-value", topic);
    buffer_append_byte(&subject, '\0');
    struct slice text = schemas->files.current[kind];
    enum status status =
        schemas->registers
            ? registry_register(schemas->registry, subject.bytes, text, out_id, reason)
            : registry_lookup(schemas->registry, subject.bytes, text, out_id, reason);
    if (status == STATUS_INVALID)
        status = refuse(STATUS_REFUSED, detail,
                        "%.300s; register schemas/%s.avsc as subject %.100s, or set "
                        "auto.register.schemas=true",
                        reason, schema_kind_name(kind), subject.bytes);
    else if (status)
        (void)refuse(status, detail, "%s", reason);
    buffer_deinit(&subject);
    return status;
}

enum status schemas_prepare(struct schemas *schemas, enum schema_kind kind, const char *topic,
                            char *detail)
{
    uint32_t id = schemas->files.current_id[kind];
    if (schemas->registry) {
        enum status status = ask_for_id(schemas, kind, topic, &id, detail);
        if (status)
            return status;
    }
    schemas->written_ids[kind] = id;
    return STATUS_OK;
}

static void append_big_endian(struct buffer *out, uint64_t value, size_t count)
{
    char *at = buffer_reserve(out, count);
    for (size_t i = 0; i < count; i++)
        at[i] = (char)(value >> (8 * (count - 1 - i)));
    out->length += count;
}

void schemas_encode(const struct schemas *schemas, enum schema_kind kind, const void *value,
                    struct buffer *out)
{
    assert(schemas->written_ids[kind] != ID_UNKNOWN);
    buffer_append_byte(out, MAGIC_PUBLIC);
    append_big_endian(out, schemas->written_ids[kind], 4);
    encoder_run(schemas->encoders[kind], value, out);
}

/* --- private records, bodies and rows --- */

/* Content of our own that cannot be read is a state that cannot be trusted. */
static enum status decode_own(enum schema_kind kind, const struct decoder *decoder,
                              struct slice body, void *out, struct arena *arena, char *detail)
{
    char reason[DETAIL_BYTES];
    enum status status = decoder_run(decoder, body, out, arena, reason);
    if (status == STATUS_OK)
        return STATUS_OK;
    return refuse(status == STATUS_INVALID ? STATUS_CORRUPT : status, detail, "%s: %.480s",
                  schema_kind_name(kind), reason);
}

static enum status own_decoder(struct schemas *schemas, enum schema_kind kind,
                               struct writer_key key, const struct decoder **out, char *detail)
{
    struct writer *writer = writers_find(&schemas->writers, key);
    if (!writer)
        return refuse(STATUS_CORRUPT, detail,
                      "%s: no installed schema has the %s %llx; a newer release wrote it",
                      schema_kind_name(kind), key.kind == WRITER_FINGERPRINT ? "fingerprint" : "id",
                      (unsigned long long)key.low);
    return find_decoder(schemas, writer, kind, out, detail) ? STATUS_CORRUPT : STATUS_OK;
}

void schemas_encode_private(const struct schemas *schemas, enum schema_kind kind, const void *value,
                            struct buffer *out)
{
    assert(schemas->encoders[kind]);
    buffer_append_byte(out, MAGIC_PRIVATE);
    append_big_endian(out, schemas->files.current_fingerprint[kind], 8);
    encoder_run(schemas->encoders[kind], value, out);
}

enum status schemas_decode_private(struct schemas *schemas, enum schema_kind kind,
                                   struct slice bytes, void *out, struct arena *arena, char *detail)
{
    if (bytes.length < PRIVATE_BYTES || bytes.bytes[0] != MAGIC_PRIVATE)
        return refuse(STATUS_CORRUPT, detail, "%s: it does not begin with 0x01 and a fingerprint",
                      schema_kind_name(kind));
    struct writer_key key = {.low = read_big_endian(bytes.bytes + 1, 8),
                             .kind = WRITER_FINGERPRINT};
    const struct decoder *decoder;
    enum status status = own_decoder(schemas, kind, key, &decoder, detail);
    if (status)
        return status;
    struct slice body = {bytes.bytes + PRIVATE_BYTES, bytes.length - PRIVATE_BYTES};
    return decode_own(kind, decoder, body, out, arena, detail);
}

/* The decoder of a version by its fixed id; the last one used is at hand. */
static enum status row_decoder(struct schemas *schemas, enum schema_kind kind, uint32_t id,
                               const struct decoder **out, char *detail)
{
    if (!schemas->latest_row[kind].decoder || schemas->latest_row[kind].id != id) {
        struct writer_key key = {.low = id, .kind = WRITER_FILE_ID};
        enum status status = own_decoder(schemas, kind, key, out, detail);
        if (status)
            return status;
        schemas->latest_row[kind].id = id;
        schemas->latest_row[kind].decoder = *out;
    }
    *out = schemas->latest_row[kind].decoder;
    return STATUS_OK;
}

void schemas_encode_row(const struct schemas *schemas, enum schema_kind kind, const void *value,
                        struct buffer *out)
{
    assert(schemas->encoders[kind]);
    varint_append(out, schemas->files.current_id[kind]);
    encoder_run(schemas->encoders[kind], value, out);
}

enum status schemas_decode_row(struct schemas *schemas, enum schema_kind kind, struct slice bytes,
                               void *out, struct arena *arena, char *detail)
{
    int64_t id;
    if (!varint_take(&bytes, &id) || id < 1 || id > INT32_MAX)
        return refuse(STATUS_CORRUPT, detail, "%s: a row that does not begin with a schema's id",
                      schema_kind_name(kind));
    const struct decoder *decoder;
    enum status status = row_decoder(schemas, kind, (uint32_t)id, &decoder, detail);
    return status ? status : decode_own(kind, decoder, bytes, out, arena, detail);
}

static const enum schema_kind row_kinds[ROW_KIND_COUNT] = {
    [ROW_CONTROL] = SCHEMA_CONTROL,         [ROW_DEAL] = SCHEMA_DEAL_ROW,
    [ROW_MILESTONE] = SCHEMA_MILESTONE_ROW, [ROW_PAYMENT] = SCHEMA_PAYMENT_ROW,
    [ROW_ROSTER] = SCHEMA_ROSTER,           [ROW_CREDIT] = SCHEMA_CREDIT_ROW,
    [ROW_RESULT] = SCHEMA_RESULT_ROW,       [ROW_EMITTED] = SCHEMA_EMITTED_ROW,
};

static void encode_row(void *self, enum row_kind kind, const void *row, struct buffer *out)
{
    schemas_encode_row(self, row_kinds[kind], row, out);
}

static enum status decode_row(void *self, enum row_kind kind, struct slice bytes, void *out,
                              struct arena *scratch, char *detail)
{
    return schemas_decode_row(self, row_kinds[kind], bytes, out, scratch, detail);
}

struct row_codec schemas_row_codec(struct schemas *schemas)
{
    return (struct row_codec){schemas, encode_row, decode_row};
}

struct slice schemas_text(const struct schemas *schemas, enum schema_kind kind)
{
    return schemas->files.current[kind];
}
