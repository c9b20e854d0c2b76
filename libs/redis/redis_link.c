#include "redis/redis_link.h"

#include <stdio.h>
#include <sys/time.h>

#include "redis/server_functions.h"

/* What Redis says first, and what would help. */
static const struct {
    const char *beginning;
    const char *advice;
} advices[] = {
    {"NOAUTH", "; set redis.password"},
    {"WRONGPASS", "; check user and password: redis.url, redis.password"},
    {"NOPERM", "; redis.url names that user"},
};

static const char *advice(const char *reason)
{
    for (size_t i = 0; i < sizeof advices / sizeof advices[0]; i++)
        if (strncmp(reason, advices[i].beginning, strlen(advices[i].beginning)) == 0)
            return advices[i].advice;
    return "";
}

static enum status unavailable(struct redis_link *link, const char *what, const char *why,
                               char *detail)
{
    const struct redis_url *url = &link->url;
    const char *reason = why && *why ? why : "no answer";
    int length = (int)strcspn(reason, "\r\n");
    length -= length > 0 && reason[length - 1] == '.'; /* advice may follow */
    if (url->path[0])
        (void)snprintf(link->why, DETAIL_BYTES, "Redis at %s: %s: %.*s%s", url->path, what, length,
                       reason, advice(reason));
    else
        (void)snprintf(link->why, DETAIL_BYTES, "Redis at %s:%d: %s: %.*s%s", url->host, url->port,
                       what, length, reason, advice(reason));
    (void)snprintf(detail, DETAIL_BYTES, "%s", link->why);
    redis_link_close(link);
    return STATUS_UNAVAILABLE;
}

static redisReply *exchange(struct redis_link *link, size_t count, const char **words,
                            const size_t *lengths)
{
    return link->tls ? redis_tls_command(link->tls, link->context, count, words, lengths)
                     : redisCommandArgv(link->context, (int)count, words, lengths);
}

void redis_link_close(struct redis_link *link)
{
    if (link->tls)
        redis_tls_close(link->tls);
    if (link->context)
        redisFree(link->context);
    link->context = NULL;
}

enum status redis_link_command(struct redis_link *link, size_t count, const char **words,
                               const size_t *lengths, redisReply **out, char *detail)
{
    if (!link->context)
        return unavailable(link, words[0], "not connected", detail);
    redisReply *reply = exchange(link, count, words, lengths);
    if (!reply)
        return unavailable(link, words[0], link->context->errstr, detail);
    if (reply->type == REDIS_REPLY_ERROR) {
        enum status status = unavailable(link, words[0], reply->str, detail);
        freeReplyObject(reply);
        return status;
    }
    *out = reply;
    return STATUS_OK;
}

static enum status tell(struct redis_link *link, size_t count, const char **words, char *detail)
{
    size_t lengths[4];
    for (size_t i = 0; i < count; i++)
        lengths[i] = strlen(words[i]);
    redisReply *reply = NULL;
    enum status status = redis_link_command(link, count, words, lengths, &reply, detail);
    if (!status)
        freeReplyObject(reply);
    return status;
}

static enum status load_functions(struct redis_link *link, char *detail)
{
    const char *load[] = {"FUNCTION", "LOAD", "REPLACE", server_functions_text};
    return tell(link, 4, load, detail);
}

static enum status introduce(struct redis_link *link, char *detail)
{
    const struct redis_url *url = &link->url;
    const char *named[] = {"AUTH", url->user, url->password};
    const char *unnamed[] = {"AUTH", url->password};
    enum status status = STATUS_OK;
    if (url->user[0])
        status = tell(link, 3, named, detail);
    else if (url->password[0])
        status = tell(link, 2, unnamed, detail);
    char database[16];
    (void)snprintf(database, sizeof database, "%d", url->database);
    const char *choose[] = {"SELECT", database};
    if (!status && url->database)
        status = tell(link, 2, choose, detail);
    if (!status && link->writes)
        status = load_functions(link, detail);
    return status;
}

static enum status dial(struct redis_link *link, char *detail)
{
    const struct redis_url *url = &link->url;
    struct timeval limit = {.tv_sec = link->timeout_ms / 1000,
                            .tv_usec = (link->timeout_ms % 1000) * 1000};
    link->context = url->path[0] ? redisConnectUnixWithTimeout(url->path, limit)
                                 : redisConnectWithTimeout(url->host, url->port, limit);
    if (!link->context)
        return unavailable(link, "connecting", "out of memory", detail);
    if (link->context->err)
        return unavailable(link, "connecting", link->context->errstr, detail);
    if (redisSetTimeout(link->context, limit) != REDIS_OK)
        return unavailable(link, "connecting", "no timeout can be set", detail);
    if (!url->path[0])
        (void)redisEnableKeepAlive(link->context);
    if (link->tls && redis_tls_open(link->tls, link->context, url->host))
        return unavailable(link, "connecting", link->context->errstr, detail);
    return introduce(link, detail);
}

enum status redis_link_open(struct redis_link *link, int64_t now_ms, char *detail)
{
    if (link->context)
        return STATUS_OK;
    if (now_ms < link->retry_ms) {
        (void)snprintf(detail, DETAIL_BYTES, "%s", link->why);
        return STATUS_UNAVAILABLE;
    }
    enum status status = dial(link, detail);
    if (!status) {
        link->pause_ms = 0;
        return STATUS_OK;
    }
    link->pause_ms = link->pause_ms ? link->pause_ms * 2 : REDIS_PAUSE_MS;
    if (link->pause_ms > REDIS_PAUSE_MAX_MS)
        link->pause_ms = REDIS_PAUSE_MAX_MS;
    link->retry_ms = now_ms + link->pause_ms;
    return status;
}

enum status redis_link_call(struct redis_link *link, size_t count, const char **words,
                            const size_t *lengths, redisReply **out, char *detail)
{
    if (!link->context)
        return unavailable(link, words[1], "not connected", detail);
    redisReply *reply = exchange(link, count, words, lengths);
    bool is_lost = reply && reply->type == REDIS_REPLY_ERROR && strstr(reply->str, "not found");
    if (reply && !is_lost && reply->type != REDIS_REPLY_ERROR) {
        *out = reply;
        return STATUS_OK;
    }
    enum status status =
        is_lost ? load_functions(link, detail)
                : unavailable(link, words[1], reply ? reply->str : link->context->errstr, detail);
    if (reply)
        freeReplyObject(reply);
    return status ? status : redis_link_command(link, count, words, lengths, out, detail);
}
