#include "redis/read_model.h"

#include <inttypes.h>
#include <stdio.h>

#include "redis/read_model_parts.h"

enum { OFFSET_DIGITS_MAX = 18 };

bool read_model_header_set(struct read_model_header *header, struct slice generation,
                           int64_t offset)
{
    if (generation.length == 0 || generation.length > READ_MODEL_HEADER_BYTES - 32 ||
        memchr(generation.bytes, ' ', generation.length) ||
        memchr(generation.bytes, '\0', generation.length))
        return false;
    (void)snprintf(header->text, sizeof header->text, "%.*s %" PRId64, SLICE_ARGS(generation),
                   offset);
    return true;
}

bool read_model_header_get(const struct read_model_header *header, struct slice *out_generation,
                           int64_t *out_offset)
{
    struct slice generation;
    struct slice digits = slice_split(slice_of(header->text), ' ', &generation);
    if (generation.length == 0 || digits.length == 0 || digits.length > OFFSET_DIGITS_MAX)
        return false;
    int64_t offset = 0;
    for (size_t i = 0; i < digits.length; i++) {
        if (digits.bytes[i] < '0' || digits.bytes[i] > '9')
            return false;
        offset = offset * 10 + (digits.bytes[i] - '0');
    }
    *out_generation = generation;
    *out_offset = offset;
    return true;
}

bool read_model_header_equal(const struct read_model_header *a, const struct read_model_header *b)
{
    return strcmp(a->text, b->text) == 0;
}

enum status read_model_header(struct read_model *model, int32_t partition,
                              struct read_model_header *out, char *detail)
{
    char key[READ_MODEL_KEY_BYTES];
    read_model_key(model, (struct read_model_place){.partition = partition}, key);
    read_model_words(model, "HGET", key, READ_MODEL_HEADER_FIELD, NULL);
    redisReply *reply = NULL;
    enum status status = read_model_ask(model, &reply, detail);
    if (status)
        return status;
    if (reply->type == REDIS_REPLY_NIL)
        *out = (struct read_model_header){""};
    else if (reply->type == REDIS_REPLY_STRING && (size_t)reply->len < sizeof out->text)
        (void)snprintf(out->text, sizeof out->text, "%s", reply->str);
    else
        status = read_model_astray(model, "HGET " READ_MODEL_HEADER_FIELD, detail);
    freeReplyObject(reply);
    return status;
}
