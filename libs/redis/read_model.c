#include "redis/read_model.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <inttypes.h>

#include "redis/read_model_parts.h"

static enum status refuse(const char *sentence, char *detail)
{
    (void)snprintf(detail, DETAIL_BYTES, "%s", sentence);
    return STATUS_REFUSED;
}

static enum status configure(struct read_model *model, const struct read_model_options *options,
                             char *detail)
{
    const char *prefix = options->prefix ? options->prefix : "";
    if (strlen(prefix) >= sizeof model->prefix)
        return refuse("prefix is too long for a key in Redis; shorten it", detail);
    (void)snprintf(model->prefix, sizeof model->prefix, "%s", prefix);
    model->link.timeout_ms = options->timeout_ms ? options->timeout_ms : READ_MODEL_TIMEOUT_MS;
    model->link.writes = options->writes;
    enum status status = redis_url_parse(slice_of(options->url), &model->link.url, detail);
    if (status || !options->password || !options->password[0])
        return status;
    if (strlen(options->password) >= sizeof model->link.url.password)
        return refuse("redis.password is too long", detail);
    (void)snprintf(model->link.url.password, sizeof model->link.url.password, "%s",
                   options->password);
    return STATUS_OK;
}

enum status read_model_open(const struct read_model_options *options, struct read_model **out,
                            char *detail)
{
    struct read_model *model = calloc(1, sizeof *model);
    assert(model);
    enum status status = configure(model, options, detail);
    if (status) {
        read_model_free(model);
        return status;
    }
    *out = model;
    return STATUS_OK;
}

void read_model_free(struct read_model *model)
{
    if (!model)
        return;
    redis_link_close(&model->link);
    free(model);
}

enum status read_model_connect(struct read_model *model, int64_t now_ms, char *detail)
{
    return redis_link_open(&model->link, now_ms, detail);
}

bool read_model_is_connected(const struct read_model *model)
{
    return model->link.context != NULL;
}

/* --- commands --- */

void read_model_add(struct read_model_words *words, struct slice word)
{
    assert(words->count < READ_MODEL_WORDS_MAX);
    words->words[words->count] = word.bytes ? word.bytes : "";
    words->lengths[words->count++] = word.length;
}

struct read_model_words *read_model_words(struct read_model *model, const char *first, ...)
{
    struct read_model_words *words = &model->words;
    words->count = 0;
    va_list more;
    va_start(more, first);
    for (const char *word = first; word; word = va_arg(more, const char *))
        read_model_add(words, slice_of(word));
    va_end(more);
    return words;
}

void read_model_key(const struct read_model *model, struct read_model_place place,
                    char out[READ_MODEL_KEY_BYTES])
{
    int length = snprintf(out, READ_MODEL_KEY_BYTES, "%smilepost:{attainment:%" PRId32 "}",
                          model->prefix, place.partition);
    if (place.draft)
        (void)snprintf(out + length, READ_MODEL_KEY_BYTES - (size_t)length, ":draft:%016" PRIx64,
                       place.draft);
}

enum status read_model_ask(struct read_model *model, redisReply **out, char *detail)
{
    struct read_model_words *words = &model->words;
    bool is_call = strcmp(words->words[0], "FCALL") == 0;
    return (is_call ? redis_link_call : redis_link_command)(
        &model->link, words->count, words->words, words->lengths, out, detail);
}

enum status read_model_astray(struct read_model *model, const char *command, char *detail)
{
    redis_link_close(&model->link);
    (void)snprintf(detail, DETAIL_BYTES, "Redis: %s: the answer is not one of ours", command);
    return STATUS_UNAVAILABLE;
}
