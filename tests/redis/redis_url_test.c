#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "redis/redis_url.h"

#include "support/case.h"

struct row {
    const char *label;
    const char *text;
    bool is_refused;
    struct redis_url expected;
};

static const struct row rows[] = {
    {"reads a socket", "unix:///run/redis.sock", false, {.path = "/run/redis.sock"}},
    {"reads a socket's database",
     "unix:///run/redis.sock?db=3",
     false,
     {.path = "/run/redis.sock", .database = 3}},
    {"takes 6379 when no port is said", "redis://cache", false, {.host = "cache", .port = 6379}},
    {"reads all parts",
     "redis://jo:s%40crt@cache.example:7000/12",
     false,
     {.host = "cache.example", .port = 7000, .user = "jo", .password = "s@crt", .database = 12}},
    {"reads a password without a user",
     "redis://:pa:ss@cache/",
     false,
     {.host = "cache", .port = 6379, .password = "pa:ss"}},
    {"reads an IPv6 address", "redis://[::1]:7001", false, {.host = "::1", .port = 7001}},
    {"takes the highest port", "redis://a:65535", false, {.host = "a", .port = 65535}},
    {"refuses a port above it", "redis://a:65536", true, {.path = ""}},
    {"refuses port 0", "redis://a:0", true, {.path = ""}},
    {"refuses a port that is no number", "redis://a:b", true, {.path = ""}},
    {"refuses a database that is no number", "redis://a/b", true, {.path = ""}},
    {"refuses no host", "redis://:7000", true, {.path = ""}},
    {"refuses a relative socket", "unix://redis.sock", true, {.path = ""}},
    {"refuses another query", "unix:///a?x=3", true, {.path = ""}},
    {"refuses a broken escape", "redis://a:%4@b", true, {.path = ""}},
    {"refuses an escaped NUL", "redis://a:%00@b", true, {.path = ""}},
    {"reads TLS", "rediss://a", false, {.host = "a", .port = 6379, .is_tls = true}},
    {"reads all parts with TLS",
     "rediss://jo:pw@a:7000/2",
     false,
     {.host = "a", .port = 7000, .user = "jo", .password = "pw", .database = 2, .is_tls = true}},
    {"refuses TLS to nobody", "rediss://", true, {.path = ""}},
    {"refuses what is no address", "localhost:6379", true, {.path = ""}},
    {"refuses nothing at all", "", true, {.path = ""}},
};

static void reads(void **state)
{
    const struct row *row = *state;
    char detail[DETAIL_BYTES] = "";
    struct redis_url url = {.path = ""};
    enum status status = redis_url_parse(slice_of(row->text), &url, detail);
    assert_int_equal(status, row->is_refused ? STATUS_REFUSED : STATUS_OK);
    assert_string_equal(url.path, row->expected.path);
    assert_string_equal(url.host, row->expected.host);
    assert_string_equal(url.user, row->expected.user);
    assert_string_equal(url.password, row->expected.password);
    assert_int_equal(url.port, row->expected.port);
    assert_int_equal(url.database, row->expected.database);
    assert_int_equal(url.is_tls, row->expected.is_tls);
    if (row->is_refused)
        assert_true(detail[0]);
}

int main(void)
{
    return RUN_CASES(rows, reads);
}
