#include "calendar/zone_file.h"

#include "base/buffer.h"
#include "calendar/zone_rule.h"

#include <assert.h>
#include <stdio.h>

enum { HEADER_BYTES = 44, TYPE_BYTES = 6, TIME_BYTES = 8, MARGIN_DAYS = 2 };

/* The counts of a TZif header, in the file's order. */
struct counts {
    uint32_t is_ut;
    uint32_t is_standard;
    uint32_t leap;
    uint32_t time;
    uint32_t type;
    uint32_t characters;
};

/* Where the 64-bit data block has what. */
struct block {
    struct counts counts;
    const char *times;   /* 8 bytes each */
    const char *indices; /* of types, one byte each */
    const char *types;   /* 6 bytes each: offset (4), is summer time, name */
    struct slice footer; /* the rule; may be empty */
};

static uint64_t read_big_endian(const char *bytes, int count)
{
    uint64_t value = 0;
    for (int i = 0; i < count; i++)
        value = value << 8 | (unsigned char)bytes[i];
    return value;
}

static bool read_header(struct slice bytes, struct counts *out)
{
    if (bytes.length < HEADER_BYTES || !slice_starts_with(bytes, SLICE("TZif")))
        return false;
    if (bytes.bytes[4] < '2') /* version 1 has no 64-bit times */
        return false;
    uint32_t counts[6];
    for (int i = 0; i < 6; i++) {
        counts[i] = (uint32_t)read_big_endian(bytes.bytes + 20 + 4 * i, 4);
        if (counts[i] > ZONE_FILE_BYTES_MAX)
            return false;
    }
    *out = (struct counts){counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
    return out->type > 0;
}

static size_t block_bytes(const struct counts *counts, size_t time_bytes)
{
    return counts->time * (time_bytes + 1) + (size_t)counts->type * TYPE_BYTES +
           counts->characters + counts->leap * (time_bytes + 4) + counts->is_standard +
           counts->is_ut;
}

static struct slice slice_after(struct slice text, size_t bytes)
{
    return (struct slice){text.bytes + bytes, text.length - bytes};
}

/* Finds the second block, behind the one with 32-bit times. */
static bool find_block(struct slice bytes, struct block *out)
{
    struct counts old;
    if (!read_header(bytes, &old))
        return false;
    bytes = slice_after(bytes, HEADER_BYTES);
    if (bytes.length < block_bytes(&old, 4))
        return false;
    bytes = slice_after(bytes, block_bytes(&old, 4));
    struct block block;
    if (!read_header(bytes, &block.counts))
        return false;
    bytes = slice_after(bytes, HEADER_BYTES);
    size_t length = block_bytes(&block.counts, TIME_BYTES);
    if (bytes.length < length)
        return false;
    block.times = bytes.bytes;
    block.indices = block.times + (size_t)block.counts.time * TIME_BYTES;
    block.types = block.indices + block.counts.time;
    bytes = slice_after(bytes, length);
    struct slice before;
    struct slice rest = slice_split(bytes, '\n', &before);
    if (before.length || !rest.bytes)
        return false;
    if (!slice_split(rest, '\n', &block.footer).bytes)
        return false;
    *out = block;
    return true;
}

/* What is collected: rows after `from_ms`, the first row being what holds there. */
struct rows {
    struct zone_change *changes;
    size_t count;
    int64_t from_ms;
    int64_t until_ms;
};

static void add_row(struct rows *rows, struct zone_change change)
{
    if (change.at_ms >= rows->until_ms)
        return;
    if (change.at_ms < rows->from_ms)
        change.at_ms = rows->from_ms;
    if (rows->count && rows->changes[rows->count - 1].at_ms == change.at_ms)
        rows->count--; /* what held for no time at all */
    if (rows->count && rows->changes[rows->count - 1].offset_s == change.offset_s)
        return; /* only its name changed */
    rows->changes[rows->count++] = change;
}

static bool offset_of_type(const struct block *block, uint32_t index, int32_t *out_s)
{
    if (index >= block->counts.type)
        return false;
    int32_t offset_s = (int32_t)read_big_endian(block->types + (size_t)index * TYPE_BYTES, 4);
    if (offset_s < -ZONE_OFFSET_S_MAX || offset_s > ZONE_OFFSET_S_MAX)
        return false;
    *out_s = offset_s;
    return true;
}

/* The transitions of the table; the last one's instant goes to `out_last_ms`. */
static bool add_table(const struct block *block, struct rows *rows, int64_t *out_last_ms)
{
    struct zone_change change = {.at_ms = rows->from_ms};
    if (!offset_of_type(block, 0, &change.offset_s))
        return false;
    add_row(rows, change);
    int64_t last_s = INT64_MIN / 1000;
    for (uint32_t i = 0; i < block->counts.time; i++) {
        int64_t at_s = (int64_t)read_big_endian(block->times + (size_t)i * TIME_BYTES, TIME_BYTES);
        if (at_s <= last_s || at_s > INT64_MAX / 1000)
            return false;
        last_s = at_s;
        change.at_ms = at_s * 1000;
        if (!offset_of_type(block, (unsigned char)block->indices[i], &change.offset_s))
            return false;
        add_row(rows, change);
    }
    *out_last_ms = last_s * 1000;
    return true;
}

static void add_rule(const struct zone_rule *rule, struct zone_range range, int64_t last_ms,
                     struct rows *rows)
{
    if (!rule->has_summer)
        return;
    int32_t until = date_to_parts(range.until).year + 1;
    for (int32_t year = date_to_parts(range.from).year - 1; year <= until; year++) {
        struct zone_change changes[2];
        zone_rule_changes(rule, year, changes);
        for (int i = 0; i < 2; i++) {
            if (changes[i].at_ms > last_ms)
                add_row(rows, changes[i]);
        }
    }
}

static enum status explain(char detail[DETAIL_BYTES], const char *why)
{
    snprintf(detail, DETAIL_BYTES, "%s", why);
    return STATUS_INVALID;
}

enum status zone_file_parse(struct slice bytes, struct zone_range range, struct arena *arena,
                            struct zone *out, char detail[DETAIL_BYTES])
{
    assert(range.from <= range.until);
    assert(range.from >= DATE_MIN && range.until <= DATE_MAX + 1);
    struct block block;
    struct zone_rule rule = {0};
    if (!find_block(bytes, &block))
        return explain(detail, "not a time zone file (TZif) of version 2 or higher");
    if (block.counts.leap)
        return explain(detail, "the time zone file counts leap seconds");
    if (block.footer.length && zone_rule_parse(block.footer, &rule))
        return explain(detail, "the time zone file ends in a rule that cannot be read");
    size_t years = (size_t)(date_to_parts(range.until).year - date_to_parts(range.from).year) + 3;
    struct rows rows = {
        .changes =
            arena_take_array(arena, 1 + block.counts.time + 2 * years, sizeof(struct zone_change)),
        .from_ms = (range.from - MARGIN_DAYS) * DAY_MS,
        .until_ms = (range.until + MARGIN_DAYS) * DAY_MS,
    };
    if (!rows.changes)
        return STATUS_EXHAUSTED;
    int64_t last_ms;
    if (!add_table(&block, &rows, &last_ms))
        return explain(detail, "the time zone file's transitions are damaged");
    add_rule(&rule, range, last_ms, &rows);
    *out = (struct zone){rows.changes, rows.count};
    return STATUS_OK;
}

static bool is_name_byte(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '_';
}

bool zone_name_is_valid(struct slice name)
{
    if (name.length == 0 || name.length > ZONE_NAME_BYTES_MAX)
        return false;
    char previous = '/';
    for (size_t i = 0; i < name.length; i++) {
        char c = name.bytes[i];
        if (!is_name_byte(c) && (c != '/' || previous == '/'))
            return false;
        previous = c;
    }
    return previous != '/';
}

/* Up to one byte more than a zone file may have. False when there is nothing to read. */
static bool read_file(const char *path, struct buffer *out)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    char *at = buffer_reserve(out, ZONE_FILE_BYTES_MAX + 1);
    out->length = fread(at, 1, ZONE_FILE_BYTES_MAX + 1, file);
    bool is_read = !ferror(file);
    (void)fclose(file); /* nothing was written */
    return is_read;
}

enum status zone_file_read(const char *folder, struct slice name, struct zone_range range,
                           struct arena *arena, struct zone *out, char detail[DETAIL_BYTES])
{
    if (!zone_name_is_valid(name))
        return explain(detail, "not the name of a time zone");
    char path[4096];
    int length = snprintf(path, sizeof(path), "%s/%.*s", folder, SLICE_ARGS(name));
    if (length < 0 || (size_t)length >= sizeof(path))
        return explain(detail, "the folder of time zones has too long a path");
    struct buffer bytes = {0};
    enum status status;
    if (!read_file(path, &bytes)) {
        snprintf(detail, DETAIL_BYTES, "there is no time zone %.*s", SLICE_ARGS(name));
        status = STATUS_INVALID;
    } else if (bytes.length > ZONE_FILE_BYTES_MAX) {
        status = explain(detail, "the time zone file is too long");
    } else {
        status = zone_file_parse(buffer_slice(&bytes), range, arena, out, detail);
    }
    buffer_deinit(&bytes);
    return status;
}
