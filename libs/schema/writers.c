#include "schema/writers.h"

#include <stdlib.h>
#include <xxhash.h>

#include "schema/schemas.h"

static bool same_key(struct writer_key a, struct writer_key b)
{
    return a.high == b.high && a.low == b.low && a.kind == b.kind;
}

static size_t slot_of(const struct writers *writers, struct writer_key key)
{
    uint64_t words[3] = {key.high, key.low, (uint64_t)key.kind};
    size_t slot = XXH3_64bits(words, sizeof words) & (writers->slot_count - 1);
    while (writers->slots[slot] && !same_key(writers->slots[slot]->key, key))
        slot = (slot + 1) & (writers->slot_count - 1);
    return slot;
}

static void writer_free(struct writer *writer)
{
    for (int kind = 0; kind < SCHEMA_KINDS; kind++) {
        decoder_free(writer->decoders[kind]);
        free(writer->refusals[kind]);
    }
    free(writer->json);
    free(writer);
}

void writers_deinit(struct writers *writers)
{
    for (size_t i = 0; i < writers->slot_count; i++) {
        if (writers->slots[i])
            writer_free(writers->slots[i]);
    }
    free(writers->slots);
    *writers = (struct writers){0};
}

struct writer *writers_find(const struct writers *writers, struct writer_key key)
{
    return writers->slot_count ? writers->slots[slot_of(writers, key)] : NULL;
}

/* Builds the table anew in `slot_count` slots, without the misses when `drop` says so. */
static void rebuild(struct writers *writers, size_t slot_count, bool drop)
{
    struct writers old = *writers;
    *writers = (struct writers){.slot_count = slot_count, .public_count = old.public_count};
    writers->slots = calloc(slot_count, sizeof(*writers->slots));
    if (!writers->slots)
        abort();
    for (size_t i = 0; i < old.slot_count; i++) {
        struct writer *writer = old.slots[i];
        if (!writer)
            continue;
        if (drop && !writer->json) {
            writer_free(writer);
            continue;
        }
        writers->slots[slot_of(writers, writer->key)] = writer;
        writers->count++;
        writers->miss_count += !writer->json;
    }
    free(old.slots);
}

static struct writer *writer_new(struct writer_key key)
{
    struct writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        abort();
    writer->key = key;
    return writer;
}

struct writer *writers_put(struct writers *writers, struct writer_key key, struct slice json,
                           int64_t now_ms)
{
    if (writers->miss_count >= SCHEMAS_MISSES_MAX)
        rebuild(writers, writers->slot_count, true);
    if (writers->slot_count < 2 * (writers->count + 1))
        rebuild(writers, writers->slot_count ? 2 * writers->slot_count : 64, false);
    size_t slot = slot_of(writers, key);
    struct writer *writer = writers->slots[slot];
    if (!writer) {
        writer = writer_new(key);
        writers->slots[slot] = writer;
        writers->count++;
        writers->miss_count++;
    }
    writer->missed_ms = now_ms;
    if (!json.bytes || writer->json)
        return writer;
    writer->json = malloc(json.length + 1);
    if (!writer->json)
        abort();
    memcpy(writer->json, json.bytes, json.length);
    writer->json_bytes = json.length;
    writers->miss_count--;
    writers->public_count += key.kind == WRITER_ID || key.kind == WRITER_GUID;
    return writer;
}
