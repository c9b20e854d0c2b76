#include "schema/registry.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "schema/http.h"

struct registry {
    struct http *http;
    struct buffer path;
    struct buffer answer;
    struct histogram durations;
};

enum status registry_open(const struct registry_options *options, struct registry **out,
                          char *detail)
{
    struct http *http;
    enum status status = http_open(options, &http, detail);
    if (status)
        return status;
    struct registry *registry = calloc(1, sizeof *registry);
    if (!registry)
        abort();
    registry->http = http;
    *out = registry;
    return STATUS_OK;
}

void registry_free(struct registry *registry)
{
    if (!registry)
        return;
    http_free(registry->http);
    buffer_deinit(&registry->path);
    buffer_deinit(&registry->answer);
    free(registry);
}

struct histogram registry_durations(const struct registry *registry)
{
    return registry->durations;
}

/* Sends `body` (bytes NULL: asks) to the path. */
static enum status request(struct registry *registry, struct slice body, long *out_code,
                           char *detail)
{
    int64_t began_us = clock_us();
    enum status status = http_request(registry->http, registry->path.bytes, body, out_code,
                                      &registry->answer, detail);
    histogram_add(&registry->durations, &histogram_us, clock_us() - began_us);
    return status;
}

/* --- answers --- */

static json_t *parse_answer(const struct registry *registry)
{
    return json_loadb(registry->answer.length ? registry->answer.bytes : "",
                      registry->answer.length, JSON_ALLOW_NUL, NULL);
}

/* What the registry says about an error, in its own words. */
static void explain(const struct registry *registry, long code, const json_t *answer, char *detail)
{
    const char *message = json_string_value(json_object_get(answer, "message"));
    (void)snprintf(detail, DETAIL_BYTES, "the schema registry %s answered %ld to %s%s%.200s",
                   http_address(registry->http), code, registry->path.bytes, message ? ": " : "",
                   message ? message : "");
}

/* A 404 of the registry has a code of its own in the body; any other one is a wrong address. */
static enum status judge(const struct registry *registry, long code, const json_t *answer,
                         char *detail)
{
    explain(registry, code, answer, detail);
    json_int_t error = json_integer_value(json_object_get(answer, "error_code"));
    bool is_unknown = code == 404 && (error == 404 || (error >= 40400 && error < 40500));
    return is_unknown ? STATUS_INVALID : STATUS_REFUSED;
}

static enum status take_schema(const struct registry *registry, long code, json_t *answer,
                               struct buffer *out, char *detail)
{
    if (code != 200)
        return judge(registry, code, answer, detail);
    const char *type = json_string_value(json_object_get(answer, "schemaType"));
    if (type && strcmp(type, "AVRO") != 0) {
        (void)snprintf(detail, DETAIL_BYTES, "%s at the schema registry %s is %s, not Avro",
                       registry->path.bytes, http_address(registry->http), type);
        return STATUS_INVALID;
    }
    const json_t *schema = json_object_get(answer, "schema");
    if (!json_is_string(schema)) {
        explain(registry, code, answer, detail);
        return STATUS_REFUSED;
    }
    buffer_append(out, json_string_value(schema), json_string_length(schema));
    return STATUS_OK;
}

static enum status fetch(struct registry *registry, struct buffer *out, char *detail)
{
    long code;
    buffer_append_byte(&registry->path, '\0');
    enum status status = request(registry, (struct slice){NULL, 0}, &code, detail);
    if (status)
        return status;
    json_t *answer = parse_answer(registry);
    status = take_schema(registry, code, answer, out, detail);
    json_decref(answer);
    return status;
}

enum status registry_by_id(struct registry *registry, uint32_t id, struct buffer *out, char *detail)
{
    buffer_reset(&registry->path);
    buffer_printf(&registry->path, "/schemas/ids/%lu", (unsigned long)id);
    return fetch(registry, out, detail);
}

enum status registry_by_guid(struct registry *registry, const uint8_t guid[REGISTRY_GUID_BYTES],
                             struct buffer *out, char *detail)
{
    buffer_reset(&registry->path);
    buffer_append_slice(&registry->path, SLICE("/schemas/guids/"));
    for (size_t i = 0; i < REGISTRY_GUID_BYTES; i++) {
        bool dash = i == 4 || i == 6 || i == 8 || i == 10;
        buffer_printf(&registry->path, "%s%02x", dash ? "-" : "", (unsigned)guid[i]);
    }
    return fetch(registry, out, detail);
}

/* --- writing --- */

static enum status take_id(const struct registry *registry, long code, const json_t *answer,
                           uint32_t *out_id, char *detail)
{
    if (code != 200)
        return judge(registry, code, answer, detail);
    const json_t *id = json_object_get(answer, "id");
    if (!json_is_integer(id) || json_integer_value(id) < 0 ||
        json_integer_value(id) > (json_int_t)UINT32_MAX) {
        explain(registry, code, answer, detail);
        return STATUS_REFUSED;
    }
    *out_id = (uint32_t)json_integer_value(id);
    return STATUS_OK;
}

static enum status post_schema(struct registry *registry, const char *subject, const char *below,
                               struct slice schema, uint32_t *out_id, char *detail)
{
    buffer_reset(&registry->path);
    buffer_append_slice(&registry->path, SLICE("/subjects/"));
    http_append_escaped(&registry->path, subject);
    buffer_append(&registry->path, below, strlen(below) + 1);
    json_t *body = json_pack("{s:s%}", "schema", schema.bytes, schema.length);
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    if (!text)
        abort();
    long code;
    enum status status = request(registry, slice_of(text), &code, detail);
    free(text);
    json_decref(body);
    if (status)
        return status;
    json_t *answer = parse_answer(registry);
    status = take_id(registry, code, answer, out_id, detail);
    json_decref(answer);
    return status;
}

enum status registry_lookup(struct registry *registry, const char *subject, struct slice schema,
                            uint32_t *out_id, char *detail)
{
    return post_schema(registry, subject, "", schema, out_id, detail);
}

enum status registry_register(struct registry *registry, const char *subject, struct slice schema,
                              uint32_t *out_id, char *detail)
{
    return post_schema(registry, subject, "/versions", schema, out_id, detail);
}
