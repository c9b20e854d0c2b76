#include "engine/control_book.h"

#include "engine/row_keys.h"
#include "plan/control_file.h"

static bool is_name(struct slice text)
{
    if (text.length == 0 || text.length > FACT_ID_BYTES_MAX)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.bytes[i] < ' ')
            return false;
    }
    return true;
}

enum status control_keep(struct row_io *io, const struct control *control, bool *out_is_new,
                         char *detail)
{
    if (!is_name(control->kind) || !is_name(control->id) || control->version < 0) {
        say(detail, "out-of-range: a control record needs kind, id and a version from 0 on");
        return STATUS_INVALID;
    }
    struct slice key = key_of_control(&io->key, control->kind, control->id, control->version);
    struct control present;
    bool found;
    enum status status = row_find(io, ROW_CONTROL, key, &present, &found, detail);
    if (status)
        return status;
    if (found && !shape_equal_content(&control_shape, &present, control)) {
        say(detail, "id-conflict: %.*s %.*s version %lld was published with other content",
            SLICE_ARGS(control->kind), SLICE_ARGS(control->id), (long long)control->version);
        return STATUS_INVALID;
    }
    if (!found)
        row_put(io, ROW_CONTROL, key, control);
    *out_is_new = !found;
    return STATUS_OK;
}

enum status control_each(struct row_io *io, struct slice kind,
                         enum status (*each)(void *self, const struct control *control,
                                             char *detail),
                         void *self, char *detail)
{
    buffer_reset(&io->key);
    buffer_append_slice(&io->key, SLICE("control:"));
    buffer_append_slice(&io->key, kind);
    buffer_append_byte(&io->key, '/');
    struct slice prefix = buffer_slice(&io->key);
    struct store_cursor cursor;
    const struct row *row = store_first(io->store, prefix, false, &cursor);
    for (; row && slice_starts_with(row_key(row), prefix); row = store_next(&cursor)) {
        struct control control;
        enum status status = row_decode(io, ROW_CONTROL, row, &control, detail);
        if (!status)
            status = each(self, &control, detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

struct latest {
    struct control *out;
    bool found;
};

static enum status keep_latest(void *self, const struct control *control, char *detail)
{
    struct latest *latest = self;
    (void)detail;
    if (!latest->found || control->version >= latest->out->version)
        *latest->out = *control;
    latest->found = true;
    return STATUS_OK;
}

enum status control_latest(struct row_io *io, struct slice kind, struct control *out,
                           bool *out_found, char *detail)
{
    struct control found;
    struct latest latest = {&found, false};
    enum status status = control_each(io, kind, keep_latest, &latest, detail);
    if (status)
        return status;
    if (latest.found)
        *out = found;
    *out_found = latest.found;
    return STATUS_OK;
}

struct slice control_setting(const struct control *control, struct slice name)
{
    for (size_t i = 0; i < control->settings.count; i++) {
        const struct setting *setting = (const struct setting *)control->settings.items + i;
        if (slice_equal(setting->name, name))
            return setting->value;
    }
    return (struct slice){NULL, 0};
}

enum status control_units(struct row_io *io, struct arena *arena, const struct currency **out_units,
                          size_t *out_count, char *detail)
{
    struct control control;
    bool found;
    enum status status = control_latest(io, SLICE("units"), &control, &found, detail);
    if (status)
        return status;
    *out_units = NULL;
    *out_count = 0;
    if (!found)
        return STATUS_OK;
    struct slice document = arena_copy(arena, control.document);
    struct reports reports;
    reports_init(&reports, arena);
    if (document.bytes && !units_read(document, arena, &reports, out_units, out_count))
        return STATUS_OK;
    say(detail, "control: units version %lld cannot be read by this engine",
        (long long)control.version);
    return STATUS_CORRUPT;
}

struct change control_change(const struct control *control, const struct cause *cause)
{
    struct change change = {
        .change = control->change,
        .kind = control->kind,
        .id = control->id,
        .version = control->version,
        .cursor = SLICE(""),
        .cause = *cause,
    };
    if (!change.cause.event_id.length)
        change.cause.event_id = control->change;
    return change;
}
