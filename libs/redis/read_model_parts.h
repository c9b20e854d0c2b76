/* What the files of the read model share. Internal to libs/redis. */
#ifndef MILEPOST_REDIS_READ_MODEL_PARTS_H
#define MILEPOST_REDIS_READ_MODEL_PARTS_H

#include "redis/read_model.h"
#include "redis/redis_link.h"

enum {
    READ_MODEL_PREFIX_BYTES = 200,
    READ_MODEL_KEY_BYTES = READ_MODEL_PREFIX_BYTES + 80,
    READ_MODEL_WORDS_MAX = 2 * READ_MODEL_ENTRIES_MAX + 8,
    READ_MODEL_DRAFT_SECONDS = 3600,
};

#define READ_MODEL_HEADER_FIELD "#header"

/* A command on its way. */
struct read_model_words {
    const char *words[READ_MODEL_WORDS_MAX];
    size_t lengths[READ_MODEL_WORDS_MAX];
    size_t count;
};

struct read_model {
    struct redis_link link;
    char prefix[READ_MODEL_PREFIX_BYTES];
    struct read_model_words words;
    struct histogram durations; /* of writes */
};

/* Begins the next command with the texts up to NULL. */
struct read_model_words *read_model_words(struct read_model *model, const char *first, ...)
    __attribute__((sentinel));
void read_model_add(struct read_model_words *words, struct slice word);

/* The hash's or draft's key; the tag in braces keeps both in one slot of a cluster. */
void read_model_key(const struct read_model *model, struct read_model_place place,
                    char out[READ_MODEL_KEY_BYTES]);

/* Sends the words; `*out` is the caller's to free. */
enum status read_model_ask(struct read_model *model, redisReply **out, char *detail) MUST_CHECK;

/* Drops the connection: Redis answered `command` with something that is no answer to it. */
enum status read_model_astray(struct read_model *model, const char *command,
                              char *detail) MUST_CHECK;

#endif
