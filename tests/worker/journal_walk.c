#include "worker/journal_walk.h"

#include <assert.h>
#include <stdlib.h>

enum { PARTITIONS = 2, MARKER_BYTES = 70 };

void journal_walk_init(struct journal_walk *walk, struct schemas *schemas, uint64_t seed)
{
    *walk = (struct journal_walk){.schemas = schemas, .random = seed * 2654435761u + 1};
    walk->store = store_new();
    small_init(&walk->small, PARTITIONS);
    arena_init_growing(&walk->arena, 1 << 20);
}

void journal_walk_deinit(struct journal_walk *walk)
{
    for (size_t i = 0; i < walk->page_count; i++)
        buffer_deinit(&walk->pages[i].value);
    free(walk->pages);
    store_free(walk->store);
    small_deinit(&walk->small);
    journal_writer_deinit(&walk->writer);
    arena_deinit(&walk->arena);
}

uint64_t journal_walk_draw(struct journal_walk *walk, uint64_t below)
{
    walk->random = walk->random * 6364136223846793005u + 1442695040888963407u;
    return (walk->random >> 33) % below;
}

void journal_walk_begin(struct journal_walk *walk)
{
    store_turn_begin(walk->store);
}

static void append_page(struct journal_walk *walk, int64_t previous_word, int32_t part)
{
    if (walk->page_count == walk->page_capacity) {
        walk->page_capacity = walk->page_capacity ? walk->page_capacity * 2 : 64;
        walk->pages = realloc(walk->pages, walk->page_capacity * sizeof *walk->pages);
        assert(walk->pages);
    }
    struct journal_page *page = &walk->pages[walk->page_count++];
    *page = (struct journal_page){.offset = walk->next_offset++};
    struct buffer room = {0};
    struct slice value = journal_record(&walk->writer, &walk->small, &crediting_stage, 0,
                                        previous_word, part, walk->schemas, &room);
    buffer_append_slice(&page->value, value);
    buffer_deinit(&room);
}

void journal_walk_commit(struct journal_walk *walk)
{
    int64_t previous_word = walk->small.word;
    walk->small.turn++;
    walk->small.word = (int64_t)journal_walk_draw(walk, 1u << 30) + 1;
    journal_add_changed(&walk->writer, walk->store, &walk->small.walk);
    journal_add_slice(&walk->writer, walk->store, &walk->small.walk);
    struct fold_state state = {0};
    arena_reset(&walk->arena);
    enum status status = journal_pack(&walk->writer, &walk->small, &crediting_stage, &state,
                                      walk->schemas, &walk->arena);
    assert(status == STATUS_OK);
    (void)status;
    int64_t first = walk->next_offset;
    for (int32_t part = 1; part <= journal_parts(&walk->writer); part++)
        append_page(walk, previous_word, part);
    walk->next_offset++; /* the marker */
    store_turn_keep(walk->store);
    journal_committed(&walk->small.walk, first);
    walk->rounds_whole += walk->small.walk.is_whole;
}

static size_t first_page(const struct journal_walk *walk)
{
    size_t first = 0;
    while (first < walk->page_count && walk->pages[first].offset < walk->small.walk.begin)
        first++;
    return first;
}

size_t journal_walk_bytes(const struct journal_walk *walk)
{
    size_t bytes = 0;
    for (size_t i = first_page(walk); i < walk->page_count; i++)
        bytes += walk->pages[i].value.length + MARKER_BYTES;
    return bytes;
}

static bool equal_stores(const struct store *a, const struct store *b)
{
    struct store_cursor at_a;
    struct store_cursor at_b;
    const struct row *one = store_first(a, (struct slice){NULL, 0}, false, &at_a);
    const struct row *other = store_first(b, (struct slice){NULL, 0}, false, &at_b);
    while (one && other) {
        if (!slice_equal(row_key(one), row_key(other)) ||
            !slice_equal(row_value(one), row_value(other)))
            return false;
        one = store_next(&at_a);
        other = store_next(&at_b);
    }
    return !one && !other;
}

enum status journal_walk_restore(const struct journal_walk *walk, size_t skip, bool *out_equal,
                                 char *detail)
{
    struct store *store = store_new();
    struct small small;
    small_init(&small, PARTITIONS);
    struct chain chain;
    chain_init(&chain, &crediting_stage, 0, walk->schemas, store, &small);
    enum status status = STATUS_OK;
    for (size_t i = first_page(walk); !status && i < walk->page_count; i++) {
        struct log_record record = {.offset = walk->pages[i].offset,
                                    .value = buffer_slice(&walk->pages[i].value)};
        if (i != skip)
            status = chain_add(&chain, &record, detail);
    }
    struct turn_metadata metadata = {walk->small.generation, walk->small.turn, walk->small.word,
                                     walk->small.walk.begin};
    if (!status)
        status = chain_end(&chain, &metadata, detail);
    *out_equal = equal_stores(walk->store, store);
    chain_deinit(&chain);
    small_deinit(&small);
    store_free(store);
    return status;
}
