/* Redis over TLS: a redis-server with certificates of the test's own authority. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include "redis/redis_scene.h"
#include "support/case.h"

enum { PORT_BYTES = 8, ENTRY_BYTES = 200000 };

#define PASSWORD "s3cret"

struct kit {
    char folder[SCENE_PATH_BYTES];
    char port[PORT_BYTES];
    pid_t server;
};

static struct kit kit;

static void take_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int taker = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(taker, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(taker, (struct sockaddr *)&address, &length), 0);
    (void)snprintf(kit.port, sizeof kit.port, "%d", ntohs(address.sin_port));
    (void)close(taker);
}

static void make_certificates(void)
{
    pid_t process = fork();
    if (process == 0) {
        (void)execl(SOURCE_FOLDER "/tests/support/certificates", "certificates", kit.folder,
                    (char *)NULL);
        _exit(127);
    }
    int status;
    assert_int_equal(waitpid(process, &status, 0), process);
    assert_int_equal(status, 0);
}

/* `certificate` names the server's; clients that show one of their own are let in, and others. */
static void start_server(const char *certificate, const char *clients)
{
    char pem[SCENE_PATH_BYTES + 32];
    char key[SCENE_PATH_BYTES + 32];
    char ca[SCENE_PATH_BYTES + 32];
    (void)snprintf(pem, sizeof pem, "%s/%s.pem", kit.folder, certificate);
    (void)snprintf(key, sizeof key, "%s/%s.key", kit.folder, certificate);
    (void)snprintf(ca, sizeof ca, "%s/ca.pem", kit.folder);
    kit.server = fork();
    if (kit.server == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (!freopen("/dev/null", "w", stdout))
            _exit(127);
        (void)execlp("redis-server", "redis-server", "--port", "0", "--bind", "127.0.0.1",
                     "--tls-port", kit.port, "--tls-cert-file", pem, "--tls-key-file", key,
                     "--tls-ca-cert-file", ca, "--tls-auth-clients", clients, "--requirepass",
                     PASSWORD, "--save", "", "--appendonly", "no", "--dir", kit.folder,
                     (char *)NULL);
        _exit(127);
    }
    assert_true(kit.server > 0);
}

static void stop_server(void)
{
    kill(kit.server, SIGKILL);
    waitpid(kit.server, NULL, 0);
}

struct shown {
    const char *label;
    const char *server;   /* certificate */
    const char *clients;  /* must they show one */
    const char *host;     /* that is dialled */
    const char *ca;       /* ours; NULL: none */
    const char *client;   /* our certificate; NULL: none */
    const char *password; /* in the clear over TLS */
    const char *says;     /* NULL: it connects */
};

static const struct shown shown[] = {
    {"a certificate of our authority, by name", "server", "no", "localhost", "ca", NULL, PASSWORD,
     NULL},
    {"the same, by address", "server", "no", "127.0.0.1", "ca", NULL, PASSWORD, NULL},
    {"our certificate, where the server wants one", "server", "yes", "localhost", "ca", "client",
     PASSWORD, NULL},
    {"none, where the server wants one", "server", "yes", "localhost", "ca", NULL, PASSWORD,
     "does it want a certificate? redis.ssl.cert"},
    {"another authority's", "server", "no", "localhost", "stranger", NULL, PASSWORD,
     "redis.ssl.ca must be its authority"},
    {"the system's authorities do not know it", "server", "no", "localhost", NULL, NULL, PASSWORD,
     "redis.ssl.ca must be its authority"},
    {"one for another name", "elsewhere", "no", "localhost", "ca", NULL, PASSWORD,
     "redis.url has another name than the certificate"},
    {"one for another address", "elsewhere", "no", "127.0.0.1", "ca", NULL, PASSWORD,
     "redis.url has another name than the certificate"},
    {"a wrong password", "server", "no", "localhost", "ca", NULL, "wr0ng", "redis.password"},
    {"no password", "server", "no", "localhost", "ca", NULL, NULL, "set redis.password"},
};

struct ours {
    char url[64];
    char ca[SCENE_PATH_BYTES + 32];
    char certificate[SCENE_PATH_BYTES + 32];
    char key[SCENE_PATH_BYTES + 32];
    struct read_model_options options;
};

static void prepare(struct ours *ours, const struct shown *row)
{
    *ours = (struct ours){.options = {.password = row->password, .writes = true}};
    (void)snprintf(ours->url, sizeof ours->url, "rediss://%s:%s", row->host, kit.port);
    ours->options.url = ours->url;
    if (row->ca)
        (void)snprintf(ours->ca, sizeof ours->ca, "%s/%s.pem", kit.folder, row->ca);
    ours->options.ca_location = ours->ca;
    if (!row->client)
        return;
    (void)snprintf(ours->certificate, sizeof ours->certificate, "%s/%s.pem", kit.folder,
                   row->client);
    (void)snprintf(ours->key, sizeof ours->key, "%s/%s.key", kit.folder, row->client);
    ours->options.certificate_location = ours->certificate;
    ours->options.key_location = ours->key;
}

/* Until the server has its port; each attempt is after the pause of the one before. */
static enum status connect_to(struct read_model *model, char *detail)
{
    static int64_t now_ms;
    enum status status = STATUS_UNAVAILABLE;
    for (int i = 0; i < SCENE_TRIES && status; i++) {
        now_ms += READ_MODEL_TIMEOUT_MS;
        status = read_model_connect(model, now_ms, detail);
        if (!status || !strstr(detail, "refused"))
            break;
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    return status;
}

static void connects_or_says_why(void **state)
{
    const struct shown *row = *state;
    struct ours ours;
    struct read_model *model = NULL;
    char detail[DETAIL_BYTES] = "";
    prepare(&ours, row);
    start_server(row->server, row->clients);
    assert_int_equal(read_model_open(&ours.options, &model, detail), STATUS_OK);
    enum status status = connect_to(model, detail);
    read_model_free(model);
    stop_server();
    assert_null(strstr(detail, "wr0ng"));
    assert_null(strstr(detail, PASSWORD));
    if (!row->says && status)
        fail_msg("%s", detail);
    if (row->says && (!status || !strstr(detail, row->says) || !strstr(detail, kit.port)))
        fail_msg("%s: %s", status_name(status), detail);
}

/* Longer than a TLS record and than any one read, both ways. */
static void entries_of_any_length_pass(void **state)
{
    (void)state;
    struct ours ours;
    struct read_model *model = NULL;
    char detail[DETAIL_BYTES] = "";
    prepare(&ours, &shown[0]);
    start_server(shown[0].server, shown[0].clients);
    assert_int_equal(read_model_open(&ours.options, &model, detail), STATUS_OK);
    if (connect_to(model, detail))
        fail_msg("%s", detail);
    static char value[ENTRY_BYTES];
    memset(value, 'v', sizeof value);
    struct read_model_write writes[] = {{SLICE("a"), {value, sizeof value}},
                                        {SLICE("b"), {value, sizeof value}}};
    struct read_model_header base = {""};
    struct read_model_header next = scene_header("G 2");
    struct read_model_header stored = {""};
    struct read_model_place place = {.partition = 0};
    if (read_model_apply(model, place, &base, &next, writes, 2, &stored, detail))
        fail_msg("%s", detail);
    assert_string_equal(stored.text, "G 2");
    scene_expect_header(model, "G 2");
    struct read_model_scan scan = {.partition = READ_MODEL_ALL};
    assert_int_equal(read_model_scan(model, &scan, detail), STATUS_OK);
    read_model_free(model);
    stop_server();
}

static void a_lost_connection_is_made_anew(void **state)
{
    (void)state;
    struct ours ours;
    struct read_model *model = NULL;
    char detail[DETAIL_BYTES] = "";
    struct read_model_header header;
    prepare(&ours, &shown[0]);
    start_server(shown[0].server, shown[0].clients);
    assert_int_equal(read_model_open(&ours.options, &model, detail), STATUS_OK);
    assert_int_equal(connect_to(model, detail), STATUS_OK);
    stop_server();
    assert_int_equal(read_model_header(model, 0, &header, detail), STATUS_UNAVAILABLE);
    assert_false(read_model_is_connected(model));
    start_server(shown[0].server, shown[0].clients);
    assert_int_equal(connect_to(model, detail), STATUS_OK);
    scene_expect_header(model, "");
    read_model_free(model);
    stop_server();
}

static const struct refused {
    const char *label;
    struct read_model_options options;
    const char *says;
} refused[] = {
    {"files without TLS, which would send the password in the clear",
     {.url = "redis://a", .ca_location = "ca.pem"},
     "rediss://"},
    {"an authority's file that is not there",
     {.url = "rediss://a", .ca_location = "/nowhere/ca.pem"},
     "redis.ssl.ca: /nowhere/ca.pem: "},
    {"a certificate without its key",
     {.url = "rediss://a", .certificate_location = "/nowhere/a.pem"},
     "redis.ssl.cert and redis.ssl.key go together"},
    {"a certificate's file that is not there",
     {.url = "rediss://a", .certificate_location = "/nowhere/a", .key_location = "/nowhere/b"},
     "redis.ssl.cert: /nowhere/a: "},
};

static void refuses(void **state)
{
    const struct refused *row = *state;
    char detail[DETAIL_BYTES] = "";
    struct read_model *model = NULL;
    assert_int_equal(read_model_open(&row->options, &model, detail), STATUS_REFUSED);
    if (!strstr(detail, row->says))
        fail_msg("%s", detail);
}

static int start(void **state)
{
    (void)state;
    (void)signal(SIGPIPE, SIG_IGN);
    (void)snprintf(kit.folder, sizeof kit.folder, "%s", P_tmpdir "/milepost-tls-XXXXXX");
    if (!mkdtemp(kit.folder))
        return 1;
    make_certificates();
    take_port();
    return 0;
}

static int stop(void **state)
{
    static const char *const names[] = {"ca",        "stranger", "server",
                                        "elsewhere", "client",   "server-both"};
    static const char *const kinds[] = {"pem", "key"};
    (void)state;
    for (size_t i = 0; i < 2 * sizeof names / sizeof names[0]; i++) {
        char path[SCENE_PATH_BYTES + 32];
        (void)snprintf(path, sizeof path, "%s/%s.%s", kit.folder, names[i / 2], kinds[i % 2]);
        (void)unlink(path);
    }
    return rmdir(kit.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_of_any_length_pass),
        cmocka_unit_test(a_lost_connection_is_made_anew),
    };
    if (start(NULL))
        return 1;
    int failures = RUN_CASES(shown, connects_or_says_why) + RUN_CASES(refused, refuses) +
                   cmocka_run_group_tests_name("redis.tls", tests, NULL, NULL);
    return stop(NULL) + failures;
}
