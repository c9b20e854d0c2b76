#include "redis/redis_url.h"

#include <stdio.h>

enum { PORT_MAX = 65535, NUMBER_BYTES_MAX = 7 };

static enum status refuse(char *detail, const char *sentence)
{
    (void)snprintf(detail, DETAIL_BYTES, "redis.url: %s", sentence);
    return STATUS_REFUSED;
}

static bool read_number(struct slice text, int max, int *out)
{
    if (text.length == 0 || text.length > NUMBER_BYTES_MAX)
        return false;
    int number = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return false;
        number = number * 10 + (text.bytes[i] - '0');
    }
    if (number > max)
        return false;
    *out = number;
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* False: too long, a broken escape, or a NUL. */
static bool copy_decoded(struct slice text, char out[REDIS_URL_TEXT_BYTES])
{
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++, length++) {
        char c = text.bytes[i];
        if (c == '%') {
            int high = i + 2 < text.length ? hex_digit(text.bytes[i + 1]) : -1;
            int low = i + 2 < text.length ? hex_digit(text.bytes[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        if (c == '\0' || length + 1 == REDIS_URL_TEXT_BYTES)
            return false;
        out[length] = c;
    }
    out[length] = '\0';
    return true;
}

static bool copy_plain(struct slice text, char out[REDIS_URL_TEXT_BYTES])
{
    if (text.length + 1 > REDIS_URL_TEXT_BYTES ||
        (text.length && memchr(text.bytes, 0, text.length)))
        return false;
    if (text.length)
        memcpy(out, text.bytes, text.length);
    out[text.length] = '\0';
    return true;
}

static struct slice after(struct slice text, size_t skipped)
{
    return (struct slice){text.bytes + skipped, text.length - skipped};
}

static enum status parse_unix(struct slice rest, struct redis_url *url, char *detail)
{
    struct slice path;
    struct slice query = slice_split(rest, '?', &path);
    if (path.length < 2 || path.bytes[0] != '/' || !copy_plain(path, url->path))
        return refuse(detail, "expected unix:///path/of/the/socket");
    if (!query.bytes)
        return STATUS_OK;
    if (!slice_starts_with(query, SLICE("db=")) ||
        !read_number(after(query, 3), REDIS_DATABASE_MAX, &url->database))
        return refuse(detail, "behind the ? of a unix socket only db=NUMBER may stand");
    return STATUS_OK;
}

/* user:password@, of which the last @ ends; returns what follows it. */
static bool take_account(struct slice *rest, struct redis_url *url)
{
    const char *at = rest->length ? memrchr(rest->bytes, '@', rest->length) : NULL;
    if (!at)
        return true;
    size_t length = (size_t)(at - rest->bytes);
    struct slice user;
    struct slice password = slice_split((struct slice){rest->bytes, length}, ':', &user);
    *rest = after(*rest, length + 1);
    return copy_decoded(user, url->user) && copy_decoded(password, url->password);
}

static bool take_address(struct slice address, struct redis_url *url)
{
    struct slice host;
    struct slice port;
    if (address.length && address.bytes[0] == '[') {
        struct slice tail = slice_split(after(address, 1), ']', &host);
        if (!tail.bytes || (tail.length && tail.bytes[0] != ':'))
            return false;
        port = tail.length ? after(tail, 1) : (struct slice){NULL, 0};
    } else {
        port = slice_split(address, ':', &host);
    }
    if (host.length == 0 || !copy_plain(host, url->host))
        return false;
    return !port.bytes || (read_number(port, PORT_MAX, &url->port) && url->port > 0);
}

static enum status parse_network(struct slice rest, struct redis_url *url, char *detail)
{
    url->port = REDIS_PORT;
    if (!take_account(&rest, url))
        return refuse(detail, "user or password is too long or wrongly percent-encoded");
    struct slice address;
    struct slice database = slice_split(rest, '/', &address);
    if (!take_address(address, url))
        return refuse(detail, "expected redis[s]://[user:password@]host[:port][/database]");
    if (database.length && !read_number(database, REDIS_DATABASE_MAX, &url->database))
        return refuse(detail, "the database behind the / is a number");
    return STATUS_OK;
}

enum status redis_url_parse(struct slice text, struct redis_url *out, char *detail)
{
    struct redis_url url = {.path = ""};
    enum status status;
    if (slice_starts_with(text, SLICE("unix://")))
        status = parse_unix(after(text, 7), &url, detail);
    else if (slice_starts_with(text, SLICE("redis://")))
        status = parse_network(after(text, 8), &url, detail);
    else if (slice_starts_with(text, SLICE("rediss://")))
        status = parse_network(after(text, 9), &url, detail);
    else
        status = refuse(detail, "expected unix:///path, redis://host:port or rediss://host:port");
    url.is_tls = slice_starts_with(text, SLICE("rediss://"));
    if (!status)
        *out = url;
    return status;
}
