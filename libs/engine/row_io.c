#include "engine/row_io.h"

#include "engine/row_keys.h"

#include <stdarg.h>
#include <stdio.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { SCRATCH_BYTES_MAX = 256 * 1024 * 1024 };

void row_io_init(struct row_io *io, struct store *store, const struct row_codec *codec)
{
    *io = (struct row_io){.store = store, .codec = *codec};
    arena_init_growing(&io->scratch, SCRATCH_BYTES_MAX);
}

void row_io_deinit(struct row_io *io)
{
    arena_deinit(&io->scratch);
    buffer_deinit(&io->key);
    buffer_deinit(&io->other_key);
    buffer_deinit(&io->value);
    buffer_deinit(&io->content);
}

void credit_identify(struct credit *credit, struct slice key)
{
    struct row_key parts = row_key_parse(key);
    credit->target = parts.book;
    credit->row = slice_split(parts.id, '\0', &credit->book);
}

enum status row_decode_into(const struct row_io *io, enum row_kind kind, const struct row *row,
                            struct arena *scratch, void *out, char *detail)
{
    /* A copy, since a row that is put twice in a turn is freed the second time. */
    struct slice value = arena_copy(scratch, row_value(row));
    if (!value.bytes)
        return STATUS_EXHAUSTED;
    enum status status = io->codec.decode(io->codec.self, kind, value, out, scratch, detail);
    if (status || kind != ROW_CREDIT)
        return status;
    struct slice key = arena_copy(scratch, row_key(row));
    if (!key.bytes)
        return STATUS_EXHAUSTED;
    credit_identify(out, key);
    return STATUS_OK;
}

enum status row_decode(struct row_io *io, enum row_kind kind, const struct row *row, void *out,
                       char *detail)
{
    return row_decode_into(io, kind, row, &io->scratch, out, detail);
}

enum status row_find(struct row_io *io, enum row_kind kind, struct slice key, void *out,
                     bool *out_found, char *detail)
{
    const struct row *row = store_find(io->store, key);
    if (row) {
        enum status status = row_decode(io, kind, row, out, detail);
        if (status)
            return status;
    }
    *out_found = row != NULL;
    return STATUS_OK;
}

void row_put(struct row_io *io, enum row_kind kind, struct slice key, const void *row)
{
    buffer_reset(&io->value);
    io->codec.encode(io->codec.self, kind, row, &io->value);
    store_put(io->store, key, buffer_slice(&io->value));
}

uint64_t content_hash(struct slice content)
{
    return XXH3_64bits(content.bytes, content.length);
}

void say(char *detail, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(detail, DETAIL_BYTES, format, arguments);
    va_end(arguments);
}
