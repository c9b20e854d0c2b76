#include "schema/schema_files.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "schema/codec.h"

enum { PATH_BYTES = 1024, FILE_BYTES_MAX = 4 * 1024 * 1024 };

#define KIND_NAME(symbol, name) [symbol] = #name,
static const char *const kind_names[SCHEMA_KINDS] = {SCHEMA_KIND_LIST(KIND_NAME)
                                                         SCHEMA_WORKER_KIND_LIST(KIND_NAME)};
#undef KIND_NAME

const char *schema_kind_name(enum schema_kind kind)
{
    return kind_names[kind];
}

static enum status refuse(const char *path, const char *reason, char *detail)
{
    (void)snprintf(detail, DETAIL_BYTES, "%.300s: %.200s", path, reason);
    return STATUS_REFUSED;
}

static enum status read_stream(FILE *file, const char *path, struct buffer *out, char *detail)
{
    size_t taken;
    do {
        taken = fread(buffer_reserve(out, 4096), 1, 4096, file);
        out->length += taken;
    } while (taken && out->length < FILE_BYTES_MAX);
    return ferror(file) || taken ? refuse(path, "cannot be read whole", detail) : STATUS_OK;
}

static enum status read_file(const char *path, struct arena *arena, struct slice *out, char *detail)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return refuse(path, strerror(errno), detail);
    struct buffer bytes = {0};
    enum status status = read_stream(file, path, &bytes, detail);
    (void)fclose(file);
    if (!status) {
        struct slice copy = arena_copy(arena, buffer_slice(&bytes));
        if (copy.bytes)
            *out = copy;
        else
            status = refuse(path, "the schemas are too large together", detail);
    }
    buffer_deinit(&bytes);
    return status;
}

/* `NAME.VERSION`. */
static bool read_name(const char *name, enum schema_kind *out_kind, long *out_version)
{
    const char *dot = strrchr(name, '.');
    if (!dot)
        return false;
    char *end;
    *out_version = strtol(dot + 1, &end, 10);
    if (end == dot + 1 || *end || *out_version < 1)
        return false;
    for (int kind = 0; kind < SCHEMA_KINDS; kind++) {
        size_t length = strlen(kind_names[kind]);
        if ((size_t)(dot - name) == length && memcmp(name, kind_names[kind], length) == 0) {
            *out_kind = (enum schema_kind)kind;
            return true;
        }
    }
    return false;
}

struct reading {
    const char *folder;
    struct arena *arena;
    struct schema_files files;
    long newest[SCHEMA_KINDS];
    char *detail;
};

static enum status read_version(struct reading *reading, const char *name, const json_t *id)
{
    struct schema_version version;
    char path[PATH_BYTES];
    long number;
    (void)snprintf(path, sizeof path, "%s/ids.json", reading->folder);
    if (!read_name(name, &version.kind, &number) || !json_is_integer(id) ||
        json_integer_value(id) < 1 || json_integer_value(id) > INT32_MAX) {
        (void)snprintf(reading->detail, DETAIL_BYTES,
                       "%.300s: `%.100s` is not NAME.VERSION of a record of ours with an id from 1",
                       path, name);
        return STATUS_REFUSED;
    }
    version.id = (uint32_t)json_integer_value(id);
    (void)snprintf(path, sizeof path, "%s/history/%s.avsc", reading->folder, name);
    enum status status = read_file(path, reading->arena, &version.json, reading->detail);
    if (status)
        return status;
    char reason[DETAIL_BYTES];
    if (schema_fingerprint(version.json, &version.fingerprint, reason))
        return refuse(path, reason, reading->detail);
    for (size_t i = 0; i < reading->files.version_count; i++) {
        if (reading->files.versions[i].id == version.id)
            return refuse(path, "its id is that of another one, too (ids.json)", reading->detail);
    }
    reading->files.versions[reading->files.version_count++] = version;
    if (number > reading->newest[version.kind]) {
        reading->newest[version.kind] = number;
        reading->files.current_id[version.kind] = version.id;
        reading->files.current_fingerprint[version.kind] = version.fingerprint;
    }
    return STATUS_OK;
}

static enum status read_versions(struct reading *reading, const char *path, const json_t *ids)
{
    reading->files.versions =
        arena_take_array(reading->arena, json_object_size(ids), sizeof *reading->files.versions);
    if (!json_is_object(ids) || !reading->files.versions)
        return refuse(path, "has no object `ids`", reading->detail);
    /* jansson's iterator takes a mutable object although it only reads. */
    json_t *object = json_copy((json_t *)(uintptr_t)ids);
    enum status status = STATUS_OK;
    const char *name;
    json_t *id;
    json_object_foreach(object, name, id) status =
        status ? status : read_version(reading, name, id);
    json_decref(object);
    return status;
}

static enum status read_ids(struct reading *reading)
{
    char path[PATH_BYTES];
    struct slice text;
    (void)snprintf(path, sizeof path, "%s/ids.json", reading->folder);
    enum status status = read_file(path, reading->arena, &text, reading->detail);
    if (status)
        return status;
    json_error_t error;
    json_t *json = json_loadb(text.bytes, text.length, JSON_REJECT_DUPLICATES, &error);
    if (!json) {
        (void)snprintf(reading->detail, DETAIL_BYTES, "%.300s:%d:%d: %.150s", path, error.line,
                       error.column, error.text);
        return STATUS_REFUSED;
    }
    status = read_versions(reading, path, json_object_get(json, "ids"));
    json_decref(json);
    return status;
}

static enum status read_current(struct reading *reading, enum schema_kind kind)
{
    char path[PATH_BYTES];
    char reason[DETAIL_BYTES];
    uint64_t fingerprint;
    (void)snprintf(path, sizeof path, "%s/%s.avsc", reading->folder, kind_names[kind]);
    enum status status =
        read_file(path, reading->arena, &reading->files.current[kind], reading->detail);
    if (status)
        return status;
    if (schema_fingerprint(reading->files.current[kind], &fingerprint, reason))
        return refuse(path, reason, reading->detail);
    if (!reading->newest[kind])
        return refuse(path, "no version of it is in ids.json", reading->detail);
    if (fingerprint != reading->files.current_fingerprint[kind])
        return refuse(path, "it is not its newest version in history/ (see README.md there)",
                      reading->detail);
    return STATUS_OK;
}

enum status schema_files_read(const char *folder, struct arena *arena, struct schema_files *out,
                              char *detail)
{
    struct reading reading = {.folder = folder, .arena = arena, .detail = detail};
    enum status status = read_ids(&reading);
    for (int kind = 0; kind < SCHEMA_KINDS && !status; kind++)
        status = read_current(&reading, (enum schema_kind)kind);
    if (!status)
        *out = reading.files;
    return status;
}
