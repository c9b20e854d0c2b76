/* TLS to Redis, which hiredis 0.14 lacks: OpenSSL on hiredis's connected socket, around hiredis's
 * own formatter and reader. TLS 1.2 or later; the server's certificate and its name are always
 * checked. Internal to libs/redis. */
#ifndef MILEPOST_REDIS_REDIS_TLS_H
#define MILEPOST_REDIS_REDIS_TLS_H

#include <hiredis/hiredis.h>

#include "base/status.h"

/* Names of PEM files; NULL and "" alike: not given. */
struct redis_tls_files {
    const char *ca;          /* the server's authorities; not given: those of the system */
    const char *certificate; /* ours, with what leads to its authority */
    const char *key;         /* its key */
};

struct redis_tls;

/* REFUSED: a file cannot be used; `detail` names its key, and the file. */
enum status redis_tls_new(const struct redis_tls_files *files, struct redis_tls **out,
                          char *detail) MUST_CHECK;
void redis_tls_free(struct redis_tls *tls); /* Accepts NULL. */

/* The handshake on a connected socket, with `host` as the name that the certificate must have.
 * UNAVAILABLE: it failed; why stands in `link->errstr`. */
enum status redis_tls_open(struct redis_tls *tls, redisContext *link, const char *host) MUST_CHECK;
void redis_tls_close(struct redis_tls *tls); /* Before the socket is; accepts a closed one. */

/* redisCommandArgv() over TLS: NULL after any failure, with the reason in `link->errstr`. */
redisReply *redis_tls_command(struct redis_tls *tls, redisContext *link, size_t count,
                              const char **words, const size_t *lengths);

#endif
