#include "ops/admin.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"

enum { CONNECTIONS_MAX = 32, PATIENCE_S = 10 };

#define JSON_TYPE "application/json"
#define TEXT_TYPE "text/plain; version=0.0.4; charset=utf-8"
#define OPEN_TYPE "application/openmetrics-text; version=1.0.0; charset=utf-8"

struct admin {
    struct health *health;
    struct MHD_Daemon *daemon;
    int port;
};

static const struct probe {
    const char *path;
    bool (*ask)(struct health *health, int64_t now_ms, struct buffer *out);
} probes[] = {
    {"/livez", health_livez},
    {"/readyz", health_readyz},
    {"/startupz", health_startupz},
};

static enum MHD_Result reply(struct MHD_Connection *connection, unsigned code, const char *type,
                             struct slice body)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.length, (void *)(uintptr_t)body.bytes, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    enum MHD_Result result = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result reply_probe(struct admin *admin, struct MHD_Connection *connection,
                                   const struct probe *probe)
{
    struct clock clock = clock_system();
    struct buffer body = {0};
    bool is_well = probe->ask(admin->health, clock.monotonic_ms(clock.self), &body);
    enum MHD_Result result = reply(connection, is_well ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE,
                                   JSON_TYPE, buffer_slice(&body));
    buffer_deinit(&body);
    return result;
}

static enum MHD_Result reply_metrics(struct admin *admin, struct MHD_Connection *connection)
{
    const char *accept =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT);
    bool is_open = accept && strstr(accept, "application/openmetrics-text");
    struct buffer body = {0};
    health_metrics(admin->health, is_open, &body);
    enum MHD_Result result =
        reply(connection, MHD_HTTP_OK, is_open ? OPEN_TYPE : TEXT_TYPE, buffer_slice(&body));
    buffer_deinit(&body);
    return result;
}

static enum MHD_Result on_request(void *self, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_bytes, void **state)
{
    static int begun;
    struct admin *admin = self;
    (void)version;
    (void)data;
    if (!*state) { /* the first call of a request must not answer yet */
        *state = &begun;
        return MHD_YES;
    }
    if (*data_bytes > 0) { /* a body is read to its end and thrown away */
        *data_bytes = 0;
        return MHD_YES;
    }
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return reply(connection, MHD_HTTP_METHOD_NOT_ALLOWED, TEXT_TYPE, SLICE("GET only\n"));
    for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++)
        if (strcmp(path, probes[i].path) == 0)
            return reply_probe(admin, connection, &probes[i]);
    if (strcmp(path, "/metrics") == 0)
        return reply_metrics(admin, connection);
    return reply(connection, MHD_HTTP_NOT_FOUND, TEXT_TYPE,
                 SLICE("/metrics /livez /readyz /startupz\n"));
}

/* Fills `out` from figures; 0: not an address. */
static unsigned parse_address(const char *address, int port, struct sockaddr_storage *out)
{
    struct sockaddr_in *four = (struct sockaddr_in *)(void *)out;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)out;
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, address, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons((uint16_t)port);
        return MHD_USE_INTERNAL_POLLING_THREAD;
    }
    if (inet_pton(AF_INET6, address, &six->sin6_addr) != 1)
        return 0;
    six->sin6_family = AF_INET6;
    six->sin6_port = htons((uint16_t)port);
    /* :: takes both families, as a cluster of either expects. */
    return MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_DUAL_STACK;
}

static enum status listen_on(struct admin *admin, const char *address, int port, char *detail)
{
    struct sockaddr_storage where;
    unsigned flags = parse_address(address, port, &where);
    if (flags == 0) {
        (void)snprintf(detail, DETAIL_BYTES,
                       "admin.address %s is no address in figures; 0.0.0.0 or :: is every one",
                       address);
        return STATUS_REFUSED;
    }
    errno = 0;
    admin->daemon = MHD_start_daemon(
        flags, (uint16_t)port, NULL, NULL, on_request, admin, MHD_OPTION_SOCK_ADDR,
        (struct sockaddr *)(void *)&where, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)PATIENCE_S, MHD_OPTION_END);
    if (!admin->daemon) {
        (void)snprintf(detail, DETAIL_BYTES, "cannot listen on admin.address %s admin.port %d: %s",
                       address, port, errno ? strerror(errno) : "the HTTP server does not start");
        return STATUS_REFUSED;
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(admin->daemon, MHD_DAEMON_INFO_BIND_PORT);
    admin->port = info ? info->port : port;
    return STATUS_OK;
}

enum status admin_open(struct health *health, const char *address, int port, struct admin **out,
                       char *detail)
{
    struct admin *admin = calloc(1, sizeof *admin);
    if (!admin)
        abort();
    admin->health = health;
    enum status status = listen_on(admin, address, port, detail);
    if (status) {
        free(admin);
        return status;
    }
    *out = admin;
    return STATUS_OK;
}

void admin_close(struct admin *admin)
{
    if (!admin)
        return;
    MHD_stop_daemon(admin->daemon);
    free(admin);
}

int admin_port(const struct admin *admin)
{
    return admin->port;
}
