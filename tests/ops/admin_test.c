/* Health over HTTP, on a free port of loopback. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "ops/admin.h"
#include "support/case.h"

enum { ANSWER_BYTES = 64 * 1024 };

struct kit {
    struct health *health;
    struct admin *admin;
    char answer[ANSWER_BYTES];
};

static char detail[DETAIL_BYTES];

static void begin(struct kit *kit, bool is_ready)
{
    struct clock clock = clock_system();
    const struct loop_health seen = {.heartbeat_ms = clock.monotonic_ms(clock.self),
                                     .is_ready = is_ready,
                                     .is_idle = true,
                                     .counters = {.payouts = 42}};
    kit->health = health_new(&crediting_stage, "", 1);
    health_report(kit->health, 0, &seen);
    if (admin_open(kit->health, "127.0.0.1", 0, &kit->admin, detail))
        fail_msg("%s", detail);
    assert_true(admin_port(kit->admin) > 0);
}

static void end(struct kit *kit)
{
    admin_close(kit->admin);
    health_free(kit->health);
}

/* Sends a request and reads to the end of the answer. */
static void ask(struct kit *kit, const char *request)
{
    struct sockaddr_in where = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)admin_port(kit->admin)),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int handle = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(handle >= 0);
    assert_int_equal(connect(handle, (const struct sockaddr *)(const void *)&where, sizeof where),
                     0);
    assert_true(send(handle, request, strlen(request), MSG_NOSIGNAL) == (ssize_t)strlen(request));
    size_t length = 0;
    for (ssize_t got = 1; got > 0; length += (size_t)(got > 0 ? got : 0)) {
        assert_true(length < ANSWER_BYTES - 1);
        got = recv(handle, kit->answer + length, ANSWER_BYTES - 1 - length, 0);
    }
    kit->answer[length] = '\0';
    (void)close(handle);
}

#define REQUEST(method, path, headers)                                                             \
    method " " path " HTTP/1.1\r\nHost: milepost\r\nConnection: close\r\n" headers "\r\n"

static const struct asked {
    const char *label;
    bool is_ready;
    const char *request;
    const char *begins; /* the answer */
    const char *header;
    const char *body; /* its end; NULL: none at all */
} asked[] = {
    {"/livez answers 200 and JSON", false, REQUEST("GET", "/livez", ""), "HTTP/1.1 200 ",
     "Content-Type: application/json\r\n", "\r\n\r\n{\"alive\":true}\n"},
    {"/readyz answers 200 when ready", true, REQUEST("GET", "/readyz", ""), "HTTP/1.1 200 ",
     "Content-Type: application/json\r\n", "{\"ready\":true}\n"},
    {"/readyz answers 503 and why not", false, REQUEST("GET", "/readyz", ""), "HTTP/1.1 503 ",
     "Content-Type: application/json\r\n",
     "{\"ready\":false,\"loop\":0,\"why\":\"partitions not yet taken\"}\n"},
    {"/startupz answers 503 before the start", false, REQUEST("GET", "/startupz", ""),
     "HTTP/1.1 503 ", "", "{\"started\":false,\"why\":\"partitions not yet taken\"}\n"},
    {"/metrics answers in the text format", true, REQUEST("GET", "/metrics", ""), "HTTP/1.1 200 ",
     "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n", "} 1\n"},
    {"/metrics answers in OpenMetrics when asked", true,
     REQUEST("GET", "/metrics", "Accept: application/openmetrics-text;version=1.0.0,*/*\r\n"),
     "HTTP/1.1 200 ",
     "Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n", "\n# EOF\n"},
    {"a query is no part of the path", false, REQUEST("GET", "/livez?verbose=1", ""),
     "HTTP/1.1 200 ", "", "{\"alive\":true}\n"},
    {"HEAD answers without a body", false, REQUEST("HEAD", "/livez", ""), "HTTP/1.1 200 ",
     "Cache-Control: no-store\r\n", NULL},
    {"another path answers 404 and the paths", false, REQUEST("GET", "/livez/", ""),
     "HTTP/1.1 404 ", "", "/metrics /livez /readyz /startupz\n"},
    {"POST answers 405, its body is read", false,
     "POST /livez HTTP/1.1\r\nHost: m\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc",
     "HTTP/1.1 405 ", "", "GET only\n"},
};

static void answers(void **state)
{
    const struct asked *row = *state;
    static struct kit kit;
    begin(&kit, row->is_ready);
    ask(&kit, row->request);
    end(&kit);
    if (strncmp(kit.answer, row->begins, strlen(row->begins)) != 0 ||
        !strstr(kit.answer, row->header))
        fail_msg("answered:\n%s", kit.answer);
    const char *expected = row->body ? row->body : "\r\n\r\n";
    size_t length = strlen(kit.answer);
    assert_true(length >= strlen(expected));
    assert_string_equal(kit.answer + length - strlen(expected), expected);
}

static void metrics_hold_what_was_reported(void **state)
{
    (void)state;
    static struct kit kit;
    begin(&kit, true);
    ask(&kit, REQUEST("GET", "/metrics", ""));
    assert_non_null(
        strstr(kit.answer, "\nmilepost_payouts_published_total{service=\"crediting\"} 42\n"));
    end(&kit);
}

static void a_port_that_is_taken_is_refused_by_name(void **state)
{
    (void)state;
    static struct kit kit;
    begin(&kit, true);
    struct admin *second = NULL;
    assert_int_equal(admin_open(kit.health, "127.0.0.1", admin_port(kit.admin), &second, detail),
                     STATUS_REFUSED);
    assert_null(second);
    assert_non_null(strstr(detail, "admin.port"));
    assert_non_null(strstr(detail, "in use"));
    end(&kit);
}

static void a_name_is_no_address(void **state)
{
    (void)state;
    struct health *health = health_new(&crediting_stage, "", 1);
    struct admin *admin = NULL;
    assert_int_equal(admin_open(health, "localhost", 0, &admin, detail), STATUS_REFUSED);
    assert_null(admin);
    assert_non_null(strstr(detail, "admin.address localhost is no address in figures"));
    health_free(health);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_hold_what_was_reported),
        cmocka_unit_test(a_port_that_is_taken_is_refused_by_name),
        cmocka_unit_test(a_name_is_no_address),
    };
    return RUN_CASES(asked, answers) + cmocka_run_group_tests(tests, NULL, NULL);
}
