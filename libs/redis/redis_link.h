/* One connection to Redis. Internal to libs/redis.
 *
 * Any failure drops it, because replies would misalign otherwise; the next redis_link_open()
 * connects anew, not before a growing pause is over. */
#ifndef MILEPOST_REDIS_REDIS_LINK_H
#define MILEPOST_REDIS_REDIS_LINK_H

#include <hiredis/hiredis.h>

#include "redis/redis_tls.h"
#include "redis/redis_url.h"

enum { REDIS_PAUSE_MS = 100, REDIS_PAUSE_MAX_MS = 5000 };

struct redis_link {
    struct redis_url url;
    int timeout_ms;        /* of connecting and of each command */
    bool writes;           /* loads the server's functions */
    struct redis_tls *tls; /* NULL: in the clear */
    redisContext *context;
    int64_t retry_ms; /* not before */
    int64_t pause_ms;
    char why[DETAIL_BYTES]; /* the last failure */
};

/* Connects, authenticates, selects the database and loads the functions, unless connected already.
 * UNAVAILABLE: not now, or still pausing;
 * `detail` is then that of the last failure. */
enum status redis_link_open(struct redis_link *link, int64_t now_ms, char *detail) MUST_CHECK;
void redis_link_close(struct redis_link *link); /* Accepts a closed one. */

/* Sends one command. `*out` is freed by the caller with freeReplyObject and is never an error.
 * UNAVAILABLE: everything else, the connection being dropped. */
enum status redis_link_command(struct redis_link *link, size_t count, const char **words,
                               const size_t *lengths, redisReply **out, char *detail) MUST_CHECK;

/* The same with FCALL; a server that has lost the functions gets them once more. */
enum status redis_link_call(struct redis_link *link, size_t count, const char **words,
                            const size_t *lengths, redisReply **out, char *detail) MUST_CHECK;

#endif
