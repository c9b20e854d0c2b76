#include "redis/read_model.h"

#include <assert.h>
#include <stdio.h>

#include "base/clock.h"
#include "redis/read_model_parts.h"
#include "redis/server_functions.h"

#define DRAFT_SECONDS "3600"

_Static_assert(READ_MODEL_DRAFT_SECONDS == 3600, "DRAFT_SECONDS says the same");

#if MILEPOST_HAZARDS
bool redis_hazard_watermark = false;
#define APPLY (redis_hazard_watermark ? SERVER_WATERMARK : SERVER_APPLY)
#else
#define APPLY SERVER_APPLY
#endif

/* [1 or 0, header] */
static bool read_outcome(const redisReply *reply, struct read_model_header *out)
{
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2)
        return false;
    const redisReply *header = reply->element[1];
    if (header->type != REDIS_REPLY_STRING || (size_t)header->len >= sizeof out->text)
        return false;
    (void)snprintf(out->text, sizeof out->text, "%s", header->str);
    return true;
}

static enum status call(struct read_model *model, const char *name,
                        struct read_model_header *out_stored, char *detail)
{
    redisReply *reply = NULL;
    enum status status = read_model_ask(model, &reply, detail);
    if (status)
        return status;
    if (!read_outcome(reply, out_stored))
        status = read_model_astray(model, name, detail);
    freeReplyObject(reply);
    return status;
}

enum status read_model_apply(struct read_model *model, struct read_model_place place,
                             const struct read_model_header *base,
                             const struct read_model_header *next,
                             const struct read_model_write *writes, size_t count,
                             struct read_model_header *out_stored, char *detail)
{
    assert(count > 0);
    assert(count <= READ_MODEL_ENTRIES_MAX);
    assert(next->text[0]);
    char key[READ_MODEL_KEY_BYTES];
    read_model_key(model, place, key);
    struct read_model_words *words =
        read_model_words(model, "FCALL", APPLY, "1", key, base->text, next->text,
                         place.draft ? DRAFT_SECONDS : "0", NULL);
    for (size_t i = 0; i < count; i++) {
        read_model_add(words, writes[i].field);
        read_model_add(words, writes[i].value);
    }
    int64_t began_us = clock_us();
    enum status status = call(model, APPLY, out_stored, detail);
    histogram_add(&model->durations, &histogram_us, clock_us() - began_us);
    return status;
}

enum status read_model_replace(struct read_model *model, struct read_model_place place,
                               const struct read_model_header *base,
                               const struct read_model_header *built,
                               struct read_model_header *out_stored, char *detail)
{
    assert(place.draft);
    char live[READ_MODEL_KEY_BYTES];
    char draft[READ_MODEL_KEY_BYTES];
    read_model_key(model, (struct read_model_place){.partition = place.partition}, live);
    read_model_key(model, place, draft);
    read_model_words(model, "FCALL", SERVER_REPLACE, "2", live, draft, base->text, built->text,
                     NULL);
    return call(model, SERVER_REPLACE, out_stored, detail);
}

enum status read_model_discard(struct read_model *model, struct read_model_place place,
                               char *detail)
{
    assert(place.draft);
    char draft[READ_MODEL_KEY_BYTES];
    read_model_key(model, place, draft);
    read_model_words(model, "UNLINK", draft, NULL);
    redisReply *reply = NULL;
    enum status status = read_model_ask(model, &reply, detail);
    if (!status)
        freeReplyObject(reply);
    return status;
}
