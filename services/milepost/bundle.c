#include "milepost/bundle.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "calendar/zone_file.h"
#include "engine/semantics.h"
#include "plan/control_file.h"
#include "plan/input_file.h"

enum { ARENA_BYTES_MAX = 1 << 30, CHUNK_BYTES = 64 * 1024, PATH_BYTES = 4096 };

void bundle_init(struct bundle *bundle)
{
    *bundle = (struct bundle){0};
    arena_init_growing(&bundle->arena, ARENA_BYTES_MAX);
    reports_init(&bundle->reports, &bundle->arena);
}

void bundle_deinit(struct bundle *bundle)
{
    free(bundle->controls);
    free(bundle->rosters);
    arena_deinit(&bundle->arena);
    *bundle = (struct bundle){0};
}

static enum status read_stream(FILE *file, const char *path, struct buffer *text, char *detail)
{
    size_t got;
    do {
        got = fread(buffer_reserve(text, CHUNK_BYTES), 1, CHUNK_BYTES, file);
        text->length += got;
    } while (got > 0 && text->length <= BUNDLE_FILE_BYTES_MAX);
    if (ferror(file) || text->length > BUNDLE_FILE_BYTES_MAX) {
        (void)snprintf(detail, DETAIL_BYTES, "%s: %s", path,
                       ferror(file) ? strerror(errno) : "is larger than 64 MiB");
        return STATUS_UNAVAILABLE;
    }
    return STATUS_OK;
}

enum status read_file(const char *path, struct arena *arena, struct slice *out, char *detail)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        (void)snprintf(detail, DETAIL_BYTES, "%s: %s", path, strerror(errno));
        return STATUS_UNAVAILABLE;
    }
    struct buffer text = {0};
    enum status status = read_stream(file, path, &text, detail);
    fclose(file);
    if (!status) {
        *out = arena_copy(arena, buffer_slice(&text));
        status = out->bytes ? STATUS_OK : STATUS_EXHAUSTED;
    }
    buffer_deinit(&text);
    return status;
}

enum status write_file(const char *path, struct slice text, char *detail)
{
    FILE *file = fopen(path, "wb");
    bool is_whole =
        file && fwrite(text.bytes ? text.bytes : "", 1, text.length, file) == text.length;
    if (file && fclose(file) == 0 && is_whole)
        return STATUS_OK;
    (void)snprintf(detail, DETAIL_BYTES, "%s: %s", path, strerror(errno));
    return STATUS_UNAVAILABLE;
}

static enum status read_zone(void *self, struct slice zone, int32_t from, int32_t until,
                             struct arena *arena, struct zone *out, char detail[DETAIL_BYTES])
{
    (void)self;
    return zone_file_read(ZONE_FOLDER, zone, (struct zone_range){from, until}, arena, out, detail);
}

struct plan_sources bundle_sources(const struct bundle *bundle)
{
    return (struct plan_sources){.zone = read_zone,
                                 .units = bundle->units,
                                 .unit_count = bundle->unit_count,
                                 .reads_all = bundle->reads_all};
}

static void *append(void *items, size_t *count, const struct list *more, size_t size)
{
    char *grown = realloc(items, (*count + more->count + 1) * size);
    if (!grown)
        abort();
    if (more->count)
        memcpy(grown + *count * size, more->items, more->count * size);
    *count += more->count;
    return grown;
}

/* What the file declares holds for the files after it. */
static enum status learn_units(struct bundle *bundle, const struct list *controls)
{
    for (size_t i = 0; i < controls->count; i++) {
        const struct control *one = (const struct control *)controls->items + i;
        if (!slice_equal(one->kind, SLICE("units")))
            continue;
        enum status status = units_read(one->document, &bundle->arena, &bundle->reports,
                                        &bundle->units, &bundle->unit_count);
        if (status)
            return status;
    }
    return STATUS_OK;
}

bool bundle_lacks_units(const struct bundle *bundle)
{
    for (const struct report *one = bundle->reports.first; one; one = one->next)
        if (strcmp(one->code, "unknown-currency") == 0 || strcmp(one->code, "too-precise") == 0)
            return true;
    return false;
}

/* A relative name starts from the folder of `base`. */
static void resolve(const char *path, const char *base, char out[PATH_BYTES])
{
    const char *slash = base ? strrchr(base, '/') : NULL;
    if (path[0] == '/' || !slash)
        (void)snprintf(out, PATH_BYTES, "%s", path);
    else
        (void)snprintf(out, PATH_BYTES, "%.*s/%s", (int)(slash - base), base, path);
}

enum status bundle_read(struct bundle *bundle, const char *path, const char *base, char *detail)
{
    char resolved[PATH_BYTES];
    resolve(path, base, resolved);
    struct slice name = arena_copy(&bundle->arena, slice_of(resolved));
    struct slice text;
    bundle->last = (struct input_file){0};
    bundle->text = (struct slice){NULL, 0};
    enum status status = read_file(resolved, &bundle->arena, &text, detail);
    if (status)
        return status;
    bundle->text = text;
    struct plan_sources sources = bundle_sources(bundle);
    struct input_file file;
    status = input_file_read(text, name, &bundle->arena, &sources, &bundle->reports, &file);
    if (status) {
        (void)snprintf(detail, DETAIL_BYTES, "%s is not applied", resolved);
        return status;
    }
    bundle->last = file;
    status = learn_units(bundle, &file.controls);
    if (status)
        return status;
    bundle->controls =
        append(bundle->controls, &bundle->control_count, &file.controls, sizeof *bundle->controls);
    bundle->rosters =
        append(bundle->rosters, &bundle->roster_count, &file.rosters, sizeof *bundle->rosters);
    return STATUS_OK;
}

static const struct control *newest_control(const struct control *controls, size_t count,
                                            const struct control *like)
{
    const struct control *newest = NULL;
    for (size_t i = 0; i < count; i++)
        if (slice_equal(controls[i].kind, like->kind) && slice_equal(controls[i].id, like->id) &&
            (!newest || controls[i].version > newest->version))
            newest = &controls[i];
    return newest;
}

static const struct control *same_version(const struct control *controls, size_t count,
                                          const struct control *like)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(controls[i].kind, like->kind) && slice_equal(controls[i].id, like->id) &&
            controls[i].version == like->version)
            return &controls[i];
    return NULL;
}

static bool equal_but_version(const struct control *a, const struct control *b)
{
    struct control copy = *a;
    copy.version = b->version;
    return shape_equal_content(&control_shape, &copy, b);
}

/* The version of `one`; false in `*out_new` when it stands already as it is. */
static enum status version_control(struct control *one, const struct control *controls,
                                   size_t count, bool *out_new, char *detail)
{
    *out_new = true;
    if (slice_equal(one->kind, SLICE("plan"))) {
        const struct control *published = same_version(controls, count, one);
        if (!published)
            return STATUS_OK;
        one->semantics = published->semantics;
        if (shape_equal_content(&control_shape, one, published)) {
            *out_new = false;
            return STATUS_OK;
        }
        (void)snprintf(detail, DETAIL_BYTES,
                       "plan %.*s version %" PRId64 " is published with other content, and a "
                       "published version never changes; give the file a higher version",
                       SLICE_ARGS(one->id), one->version);
        return STATUS_INVALID;
    }
    const struct control *newest = newest_control(controls, count, one);
    *out_new = !newest || !equal_but_version(one, newest);
    one->version = newest ? newest->version + 1 : 1;
    return STATUS_OK;
}

static const struct roster *standing_aspect(const struct roster *rosters, size_t count,
                                            const struct roster *like)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = slice_compare(rosters[middle].participant, like->participant);
        if (order == 0)
            order = slice_compare(rosters[middle].aspect, like->aspect);
        if (order == 0)
            return &rosters[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool version_roster(struct roster *one, const struct roster *rosters, size_t count)
{
    const struct roster *newest = standing_aspect(rosters, count, one);
    one->version = newest ? newest->version : 1;
    if (newest && shape_equal_content(&roster_shape, one, newest))
        return false;
    one->version = newest ? newest->version + 1 : 1;
    return true;
}

enum status bundle_version(struct bundle *bundle, const struct control *controls,
                           size_t control_count, const struct roster *rosters, size_t roster_count,
                           const char *change, int64_t now_ms, char *detail)
{
    struct slice name = arena_copy(&bundle->arena, slice_of(change));
    size_t kept = 0;
    for (size_t i = 0; i < bundle->control_count; i++) {
        struct control *one = &bundle->controls[i];
        bool is_new;
        if (slice_equal(one->kind, SLICE("plan")))
            one->semantics = SEMANTICS_LATEST;
        enum status status = version_control(one, controls, control_count, &is_new, detail);
        if (status)
            return status;
        one->change = name;
        one->written_at = now_ms;
        one->written_by = SLICE("milepost");
        if (is_new)
            bundle->controls[kept++] = *one;
    }
    bundle->control_count = kept;
    kept = 0;
    for (size_t i = 0; i < bundle->roster_count; i++) {
        struct roster *one = &bundle->rosters[i];
        one->change = name;
        if (version_roster(one, rosters, roster_count))
            bundle->rosters[kept++] = *one;
    }
    bundle->roster_count = kept;
    return STATUS_OK;
}
