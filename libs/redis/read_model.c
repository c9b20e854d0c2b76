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

static enum status use_password(struct redis_url *url, const char *password, char *detail)
{
    if (!password || !password[0])
        return STATUS_OK;
    if (strlen(password) >= sizeof url->password)
        return refuse("redis.password is too long", detail);
    (void)snprintf(url->password, sizeof url->password, "%s", password);
    return STATUS_OK;
}

/* Files without TLS are a mistake that would send the password in the clear. */
static enum status use_tls(struct redis_link *link, const struct redis_tls_files *files,
                           char *detail)
{
    const char *const given[] = {files->ca, files->certificate, files->key};
    if (link->url.is_tls)
        return redis_tls_new(files, &link->tls, detail);
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
        if (given[i] && given[i][0])
            return refuse("redis.ssl.* is set, but redis.url does not begin with rediss://",
                          detail);
    return STATUS_OK;
}

static enum status configure(struct read_model *model, const struct read_model_options *options,
                             char *detail)
{
    struct redis_tls_files files = {options->ca_location, options->certificate_location,
                                    options->key_location};
    const char *prefix = options->prefix ? options->prefix : "";
    if (strlen(prefix) >= sizeof model->prefix)
        return refuse("prefix is too long for a key in Redis; shorten it", detail);
    (void)snprintf(model->prefix, sizeof model->prefix, "%s", prefix);
    model->link.timeout_ms = options->timeout_ms ? options->timeout_ms : READ_MODEL_TIMEOUT_MS;
    model->link.writes = options->writes;
    enum status status = redis_url_parse(slice_of(options->url), &model->link.url, detail);
    if (!status)
        status = use_password(&model->link.url, options->password, detail);
    if (!status)
        status = use_tls(&model->link, &files, detail);
    return status;
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
    redis_tls_free(model->link.tls);
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

struct histogram read_model_durations(const struct read_model *model)
{
    return model->durations;
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
