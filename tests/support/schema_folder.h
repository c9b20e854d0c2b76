/* The files of schemas/, and every kind of record with its shape. */
#ifndef MILEPOST_TESTS_SCHEMA_FOLDER_H
#define MILEPOST_TESTS_SCHEMA_FOLDER_H

#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "schema/schema_kind_list.h"
#include "worker/records.h"

#define SCHEMA_FOLDER SOURCE_FOLDER "/schemas"

#define FOLDER_SHAPE(symbol, name) [symbol] = &name##_shape,
static const struct shape *const all_shapes[SCHEMA_KINDS] = {
    SCHEMA_KIND_LIST(FOLDER_SHAPE) SCHEMA_WORKER_KIND_LIST(FOLDER_SHAPE)};

/* Replaces the content of `out` by that of a file below schemas/; false when there is none. */
static inline bool folder_read(const char *path, struct buffer *out)
{
    char whole[1024];
    (void)snprintf(whole, sizeof whole, "%s/%s", SCHEMA_FOLDER, path);
    FILE *file = fopen(whole, "rb");
    if (!file)
        return false;
    buffer_reset(out);
    size_t taken;
    while ((taken = fread(buffer_reserve(out, 4096), 1, 4096, file)) > 0)
        out->length += taken;
    (void)fclose(file);
    return true;
}

static inline struct slice folder_current(enum schema_kind kind, struct buffer *out)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s.avsc", schema_kind_name(kind));
    if (!folder_read(path, out))
        abort();
    return buffer_slice(out);
}

#endif
