/* Where Redis is: unix:///path[?db=N], redis://[user:password@]host[:port][/db], or the same with
 * rediss:// over TLS. */
#ifndef MILEPOST_REDIS_REDIS_URL_H
#define MILEPOST_REDIS_REDIS_URL_H

#include "base/slice.h"
#include "base/status.h"

enum { REDIS_URL_TEXT_BYTES = 256, REDIS_PORT = 6379, REDIS_DATABASE_MAX = 1000000 };

struct redis_url {
    char path[REDIS_URL_TEXT_BYTES]; /* of the unix socket; "": host and port */
    char host[REDIS_URL_TEXT_BYTES];
    int port;
    bool is_tls;
    char user[REDIS_URL_TEXT_BYTES]; /* "": the default user */
    char password[REDIS_URL_TEXT_BYTES];
    int database;
};

/* Reads `text`; user and password may be percent-encoded. REFUSED: it is no such address; `detail`
 * says what is expected and never repeats the text, which may hold a password. */
enum status redis_url_parse(struct slice text, struct redis_url *out, char *detail) MUST_CHECK;

#endif
