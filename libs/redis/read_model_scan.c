#include "redis/read_model.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "redis/read_model_parts.h"

enum { ENTRY_BYTES_MAX = 1 << 20, CURSOR_BYTES = 32 };

/* --- one entry --- */

enum status read_model_get(struct read_model *model, int32_t partition,
                           const struct attainment_key *key, struct arena *arena, bool *out_found,
                           struct attainment_entry *out, char *detail)
{
    char hash[READ_MODEL_KEY_BYTES];
    read_model_key(model, (struct read_model_place){.partition = partition}, hash);
    struct buffer field = {0};
    attainment_entry_append_field(key, &field);
    read_model_add(read_model_words(model, "HGET", hash, NULL), buffer_slice(&field));
    redisReply *reply = NULL;
    enum status status = read_model_ask(model, &reply, detail);
    if (!status && reply->type == REDIS_REPLY_STRING) {
        struct slice value = {reply->str, (size_t)reply->len};
        status = attainment_entry_read(buffer_slice(&field), value, arena, out);
        if (status)
            (void)snprintf(detail, DETAIL_BYTES, "Redis: %.*s cannot be read",
                           SLICE_ARGS(buffer_slice(&field)));
        else
            *out_found = true;
    } else if (!status && reply->type == REDIS_REPLY_NIL) {
        *out_found = false;
    } else if (!status) {
        status = read_model_astray(model, "HGET", detail);
    }
    if (reply)
        freeReplyObject(reply);
    buffer_deinit(&field);
    return status;
}

/* --- many --- */

/* A cursor over what SCAN or HSCAN tells. */
struct walk {
    struct read_model *model;
    const char *command;
    const char *key; /* NULL: SCAN */
    struct slice pattern;
    void *self;
    void (*items)(void *self, redisReply *const *items, size_t count);
};

static bool is_page(const redisReply *reply)
{
    return reply->type == REDIS_REPLY_ARRAY && reply->elements == 2 &&
           reply->element[0]->type == REDIS_REPLY_STRING && reply->element[0]->len < CURSOR_BYTES &&
           reply->element[1]->type == REDIS_REPLY_ARRAY;
}

static enum status walk_page(const struct walk *walk, char cursor[CURSOR_BYTES], char *detail)
{
    struct read_model_words *words = read_model_words(walk->model, walk->command, NULL);
    if (walk->key)
        read_model_add(words, slice_of(walk->key));
    read_model_add(words, slice_of(cursor));
    read_model_add(words, SLICE("MATCH"));
    read_model_add(words, walk->pattern);
    read_model_add(words, SLICE("COUNT"));
    read_model_add(words, SLICE("500"));
    redisReply *reply = NULL;
    enum status status = read_model_ask(walk->model, &reply, detail);
    if (status)
        return status;
    if (is_page(reply)) {
        walk->items(walk->self, reply->element[1]->element, reply->element[1]->elements);
        (void)snprintf(cursor, CURSOR_BYTES, "%s", reply->element[0]->str);
    } else {
        status = read_model_astray(walk->model, walk->command, detail);
    }
    freeReplyObject(reply);
    return status;
}

static enum status walk_all(const struct walk *walk, char *detail)
{
    char cursor[CURSOR_BYTES] = "0";
    enum status status;
    do {
        status = walk_page(walk, cursor, detail);
    } while (!status && strcmp(cursor, "0") != 0);
    return status;
}

/* In a pattern of Redis these stand for others. */
static void append_literally(struct slice text, struct buffer *out)
{
    for (size_t i = 0; i < text.length; i++) {
        if (memchr("*?[]\\^-", text.bytes[i], 7))
            buffer_append_byte(out, '\\');
        buffer_append_byte(out, text.bytes[i]);
    }
}

struct visit {
    const struct read_model_scan *scan;
    struct arena arena;
};

static void visit_fields(void *self, redisReply *const *items, size_t count)
{
    struct visit *visit = self;
    for (size_t i = 0; i + 1 < count; i += 2) {
        struct slice field = {items[i]->str, (size_t)items[i]->len};
        struct slice value = {items[i + 1]->str, (size_t)items[i + 1]->len};
        struct attainment_entry entry;
        arena_reset(&visit->arena);
        if (attainment_entry_read(field, value, &visit->arena, &entry) == STATUS_OK)
            visit->scan->entry(visit->scan->self, &entry);
    }
}

static enum status scan_hash(struct read_model *model, const struct read_model_scan *scan,
                             int32_t partition, char *detail)
{
    char key[READ_MODEL_KEY_BYTES];
    read_model_key(model, (struct read_model_place){.partition = partition}, key);
    struct buffer part = {0};
    struct buffer pattern = {0};
    if (scan->participant.bytes) {
        attainment_entry_append_part(scan->participant, &part);
        append_literally(buffer_slice(&part), &pattern);
    } else {
        buffer_append_byte(&pattern, '*');
    }
    buffer_append_slice(&pattern, SLICE("/*"));
    struct visit visit = {.scan = scan};
    arena_init_growing(&visit.arena, ENTRY_BYTES_MAX);
    struct walk walk = {model, "HSCAN", key, buffer_slice(&pattern), &visit, visit_fields};
    enum status status = walk_all(&walk, detail);
    arena_deinit(&visit.arena);
    buffer_deinit(&pattern);
    buffer_deinit(&part);
    return status;
}

/* The partitions whose hashes there are, each once. */
struct found {
    size_t head; /* bytes of a key before the number */
    int32_t *partitions;
    size_t count;
};

static bool read_partition(const struct found *found, const redisReply *key, int32_t *out)
{
    struct slice digits;
    struct slice text = {key->str, (size_t)key->len};
    if (text.length < found->head)
        return false;
    struct slice tail = slice_split(
        (struct slice){text.bytes + found->head, text.length - found->head}, '}', &digits);
    if (!tail.bytes || tail.length || digits.length == 0 || digits.length > 9)
        return false;
    int32_t partition = 0;
    for (size_t i = 0; i < digits.length; i++) {
        if (digits.bytes[i] < '0' || digits.bytes[i] > '9')
            return false;
        partition = partition * 10 + (digits.bytes[i] - '0');
    }
    *out = partition;
    return true;
}

static void note_keys(void *self, redisReply *const *items, size_t count)
{
    struct found *found = self;
    for (size_t i = 0; i < count; i++) {
        int32_t partition;
        if (!read_partition(found, items[i], &partition))
            continue;
        size_t at = 0;
        while (at < found->count && found->partitions[at] != partition)
            at++;
        if (at < found->count)
            continue;
        found->partitions = realloc(found->partitions, (at + 1) * sizeof *found->partitions);
        assert(found->partitions);
        found->partitions[found->count++] = partition;
    }
}

static enum status find_hashes(struct read_model *model, struct found *found, char *detail)
{
    struct buffer pattern = {0};
    append_literally(slice_of(model->prefix), &pattern);
    buffer_append_slice(&pattern, SLICE("milepost:{attainment:*}"));
    found->head = strlen(model->prefix) + strlen("milepost:{attainment:");
    struct walk walk = {model, "SCAN", NULL, buffer_slice(&pattern), found, note_keys};
    enum status status = walk_all(&walk, detail);
    buffer_deinit(&pattern);
    return status;
}

enum status read_model_scan(struct read_model *model, const struct read_model_scan *scan,
                            char *detail)
{
    if (scan->partition != READ_MODEL_ALL)
        return scan_hash(model, scan, scan->partition, detail);
    struct found found = {0};
    enum status status = find_hashes(model, &found, detail);
    for (size_t i = 0; !status && i < found.count; i++)
        status = scan_hash(model, scan, found.partitions[i], detail);
    free(found.partitions);
    return status;
}
