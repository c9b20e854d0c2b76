/* The registry's client against a registry that can be ordered to fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/registry.h"
#include "support/stub_registry.h"

enum { PATH_BYTES = 128, PATIENCE_MS = 20000, IMPATIENCE_MS = 300 };

#define NOBODY "http://127.0.0.1:1"

struct kit {
    struct stub_registry stub;
    struct registry *registry;
    struct buffer text;
    char folder[PATH_BYTES];
    char certificate[PATH_BYTES + 16];
    char key[PATH_BYTES + 16];
};

static char detail[DETAIL_BYTES];

static int begin_group(void **state)
{
    struct kit *kit = calloc(1, sizeof *kit);
    if (!kit)
        return 1;
    kit->stub = stub_start(NULL, NULL, NULL);
    *state = kit;
    return 0;
}

static int end_group(void **state)
{
    struct kit *kit = *state;
    stub_stop(&kit->stub);
    buffer_deinit(&kit->text);
    free(kit);
    return 0;
}

static int begin(void **state)
{
    struct kit *kit = *state;
    stub_order(&kit->stub, "/reset", "{}");
    stub_order(&kit->stub, "/add", "{\"id\": 7, \"schema\": \"\\\"string\\\"\"}");
    return 0;
}

static int end(void **state)
{
    struct kit *kit = *state;
    registry_free(kit->registry);
    kit->registry = NULL;
    return 0;
}

static void open_with(struct kit *kit, struct registry_options options)
{
    options.url = options.url ? options.url : kit->stub.url;
    options.timeout_ms = options.timeout_ms ? options.timeout_ms : PATIENCE_MS;
    if (registry_open(&options, &kit->registry, detail))
        fail_msg("%s", detail);
}

static enum status ask(struct kit *kit, uint32_t id)
{
    buffer_reset(&kit->text);
    *detail = '\0';
    enum status status = registry_by_id(kit->registry, id, &kit->text, detail);
    buffer_append_byte(&kit->text, '\0');
    return status;
}

static void assert_says(const char *part)
{
    if (!strstr(detail, part))
        fail_msg("expected %s in: %s", part, detail);
}

static void a_schema_is_found_by_its_id(void **state)
{
    struct kit *kit = *state;
    open_with(kit, (struct registry_options){0});
    assert_int_equal(ask(kit, 7), STATUS_OK);
    assert_string_equal(kit->text.bytes, "\"string\"");
}

static void a_schema_is_found_by_its_guid(void **state)
{
    struct kit *kit = *state;
    char answer[512];
    unsigned bytes[REGISTRY_GUID_BYTES];
    uint8_t guid[REGISTRY_GUID_BYTES];
    open_with(kit, (struct registry_options){0});
    stub_ask(&kit->stub, "/add", "{\"id\": 7, \"schema\": \"\\\"string\\\"\"}", answer,
             sizeof answer);
    const char *at = strstr(answer, ": \"") + 3;
    for (size_t i = 0; i < REGISTRY_GUID_BYTES; i++, at += 2) {
        at += *at == '-';
        assert_int_equal(sscanf(at, "%2x", &bytes[i]), 1);
        guid[i] = (uint8_t)bytes[i];
    }
    buffer_reset(&kit->text);
    if (registry_by_guid(kit->registry, guid, &kit->text, detail))
        fail_msg("%s", detail);
    assert_int_equal(kit->text.length, 8);
    guid[15] ^= 1;
    assert_int_equal(registry_by_guid(kit->registry, guid, &kit->text, detail), STATUS_INVALID);
}

static void every_request_is_measured_also_one_without_an_answer(void **state)
{
    struct kit *kit = *state;
    open_with(kit, (struct registry_options){0});
    assert_int_equal(ask(kit, 7), STATUS_OK);
    stub_order(&kit->stub, "/set", "{\"status\": 503}");
    assert_int_equal(ask(kit, 7), STATUS_UNAVAILABLE);
    struct histogram durations = registry_durations(kit->registry);
    int64_t count = 0;
    for (size_t i = 0; i <= HISTOGRAM_BOUNDS; i++)
        count += durations.counts[i];
    assert_int_equal(count, 2);
    assert_true(durations.sum > 0);
}

static void an_id_that_is_not_there_is_unknown(void **state)
{
    struct kit *kit = *state;
    open_with(kit, (struct registry_options){0});
    assert_int_equal(ask(kit, 8), STATUS_INVALID);
    assert_says("/schemas/ids/8: Schema 8 not found");
}

static void a_page_that_is_no_registry_is_refused(void **state)
{
    struct kit *kit = *state;
    open_with(kit, (struct registry_options){0});
    stub_order(&kit->stub, "/set", "{\"page\": \"<html>\", \"status\": 404}");
    assert_int_equal(ask(kit, 7), STATUS_REFUSED);
    stub_order(&kit->stub, "/set", "{\"status\": null}");
    assert_int_equal(ask(kit, 7), STATUS_REFUSED);
}

static void a_schema_of_another_language_is_invalid(void **state)
{
    struct kit *kit = *state;
    open_with(kit, (struct registry_options){0});
    stub_order(&kit->stub, "/add", "{\"id\": 9, \"schema\": \"x\", \"schemaType\": \"PROTOBUF\"}");
    assert_int_equal(ask(kit, 9), STATUS_INVALID);
    assert_says("is PROTOBUF, not Avro");
}

static void an_error_of_the_registry_is_waited_for_and_passes(void **state)
{
    static const char *const orders[] = {"{\"status\": 500}", "{\"status\": 503}",
                                         "{\"status\": 429}"};
    struct kit *kit = *state;
    open_with(kit, (struct registry_options){0});
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        stub_order(&kit->stub, "/set", orders[i]);
        assert_int_equal(ask(kit, 7), STATUS_UNAVAILABLE);
        assert_says(kit->stub.url);
    }
    stub_order(&kit->stub, "/set", "{\"status\": null}");
    assert_int_equal(ask(kit, 7), STATUS_OK);
}

static void a_registry_that_is_too_slow_is_unavailable(void **state)
{
    struct kit *kit = *state;
    open_with(kit, (struct registry_options){.timeout_ms = IMPATIENCE_MS});
    stub_order(&kit->stub, "/set", "{\"slow_ms\": 3000}");
    assert_int_equal(ask(kit, 7), STATUS_UNAVAILABLE);
    assert_says("does not answer");
}

static void a_registry_that_is_not_there_is_unavailable(void **state)
{
    struct kit *kit = *state;
    open_with(kit, (struct registry_options){.url = NOBODY});
    assert_int_equal(ask(kit, 7), STATUS_UNAVAILABLE);
    assert_says("does not answer");
}

static void the_next_address_is_tried_and_kept(void **state)
{
    struct kit *kit = *state;
    struct stub_registry second = stub_start(NULL, NULL, NULL);
    char urls[256];
    (void)snprintf(urls, sizeof urls, "%s, %s/ , %s", NOBODY, kit->stub.url, second.url);
    open_with(kit, (struct registry_options){.url = urls});
    assert_int_equal(ask(kit, 7), STATUS_OK);
    assert_int_equal(ask(kit, 7), STATUS_OK);
    assert_int_equal(stub_count(&kit->stub), 2);
    stub_order(&kit->stub, "/set", "{\"status\": 503}");
    stub_order(&second, "/add", "{\"id\": 7, \"schema\": \"\\\"int\\\"\"}");
    assert_int_equal(ask(kit, 7), STATUS_OK);
    assert_string_equal(kit->text.bytes, "\"int\"");
    stub_order(&second, "/set", "{\"status\": 503}");
    assert_int_equal(ask(kit, 7), STATUS_UNAVAILABLE);
    stub_order(&kit->stub, "/set", "{\"status\": null}");
    assert_int_equal(ask(kit, 7), STATUS_OK);
    assert_string_equal(kit->text.bytes, "\"string\"");
    stub_stop(&second);
}

static void basic_credentials_come_from_the_address_or_the_option(void **state)
{
    struct kit *kit = *state;
    char url[128];
    stub_order(&kit->stub, "/set", "{\"basic\": \"jo:s3cr@t\"}");
    (void)snprintf(url, sizeof url, "http://jo:s3cr%%40t@127.0.0.1:%d", kit->stub.port);
    open_with(kit, (struct registry_options){.url = url});
    assert_int_equal(ask(kit, 7), STATUS_OK);
    registry_free(kit->registry);
    open_with(kit, (struct registry_options){.basic = "jo:s3cr@t"});
    assert_int_equal(ask(kit, 7), STATUS_OK);
    registry_free(kit->registry);
    (void)snprintf(url, sizeof url, "http://other:wrong@127.0.0.1:%d", kit->stub.port);
    open_with(kit, (struct registry_options){.url = url, .basic = "jo:s3cr@t"});
    assert_int_equal(ask(kit, 7), STATUS_OK);
}

static void wrong_credentials_are_refused_without_being_shown(void **state)
{
    struct kit *kit = *state;
    char url[128];
    stub_order(&kit->stub, "/set", "{\"basic\": \"jo:right\"}");
    (void)snprintf(url, sizeof url, "http://jo:hush@127.0.0.1:%d", kit->stub.port);
    open_with(kit, (struct registry_options){.url = url});
    assert_int_equal(ask(kit, 7), STATUS_REFUSED);
    assert_says("401");
    assert_says("basic.auth.user.info");
    assert_null(strstr(detail, "hush"));
    registry_free(kit->registry);
    open_with(kit, (struct registry_options){0});
    assert_int_equal(ask(kit, 7), STATUS_REFUSED);
}

static void a_bearer_token_is_shown_to_the_registry_only(void **state)
{
    struct kit *kit = *state;
    stub_order(&kit->stub, "/set", "{\"bearer\": \"t0ken\"}");
    open_with(kit, (struct registry_options){.bearer_token = "t0ken"});
    assert_int_equal(ask(kit, 7), STATUS_OK);
    registry_free(kit->registry);
    open_with(kit, (struct registry_options){.bearer_token = "stale"});
    assert_int_equal(ask(kit, 7), STATUS_REFUSED);
    assert_null(strstr(detail, "stale"));
}

static void a_missing_right_is_refused(void **state)
{
    struct kit *kit = *state;
    open_with(kit, (struct registry_options){0});
    stub_order(&kit->stub, "/set", "{\"forbid\": true}");
    assert_int_equal(ask(kit, 7), STATUS_REFUSED);
    assert_says("may not do this");
}

static void registering_gives_an_id_and_again_the_same(void **state)
{
    struct kit *kit = *state;
    uint32_t first = 0;
    uint32_t second = 0;
    open_with(kit, (struct registry_options){0});
    struct slice schema = SLICE("{\"type\": \"string\", \"doc\": \"a \\\"quoted\\\" ü\"}");
    assert_int_equal(registry_lookup(kit->registry, "a/b-value", schema, &first, detail),
                     STATUS_INVALID);
    assert_says("a%2Fb-value: Subject 'a/b-value' not found");
    if (registry_register(kit->registry, "a/b-value", schema, &first, detail))
        fail_msg("%s", detail);
    if (registry_register(kit->registry, "a/b-value", schema, &second, detail))
        fail_msg("%s", detail);
    assert_int_equal(first, second);
    assert_int_equal(registry_lookup(kit->registry, "a/b-value", schema, &second, detail),
                     STATUS_OK);
    assert_int_equal(first, second);
    assert_int_equal(ask(kit, first), STATUS_OK);
    assert_memory_equal(kit->text.bytes, schema.bytes, schema.length);
}

static void an_incompatible_schema_is_refused(void **state)
{
    struct kit *kit = *state;
    uint32_t id;
    open_with(kit, (struct registry_options){0});
    stub_order(&kit->stub, "/set", "{\"incompatible\": true}");
    assert_int_equal(registry_register(kit->registry, "x-value", SLICE("\"int\""), &id, detail),
                     STATUS_REFUSED);
    assert_says("incompatible with an earlier");
}

static void an_address_that_is_none_is_refused_at_once(void **state)
{
    static const char *const urls[] = {
        ",",
        "ftp://jo:hush@host",
        "registry:8081:x",
        "http://a,b c",
        "http://jo:hush@",
        "http://a,http://a,http://a,http://a,http://a,http://a,http://a,http://a,http://a"};
    struct kit *kit = *state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct registry_options options = {.url = urls[i]};
        if (registry_open(&options, &kit->registry, detail) != STATUS_REFUSED)
            fail_msg("%s was taken", urls[i]);
        assert_says("schema.registry.url");
        assert_null(strstr(detail, "hush"));
    }
    struct registry_options options = {.url = NOBODY, .ca_location = "/nowhere/ca.pem"};
    assert_int_equal(registry_open(&options, &kit->registry, detail), STATUS_REFUSED);
    assert_says("ssl.ca.location: /nowhere/ca.pem cannot be read");
}

/* --- TLS --- */

static void run_openssl(const struct kit *kit)
{
    pid_t process = fork();
    if (process == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(127);
        (void)execlp("openssl", "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                     "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                     "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                     kit->key, "-out", kit->certificate, NULL);
        _exit(127);
    }
    int status;
    assert_int_equal(waitpid(process, &status, 0), process);
    assert_int_equal(status, 0);
}

static int begin_tls(void **state)
{
    struct kit *kit = *state;
    (void)snprintf(kit->folder, sizeof kit->folder, "registry-test-XXXXXX");
    if (!mkdtemp(kit->folder))
        return 1;
    (void)snprintf(kit->certificate, sizeof kit->certificate, "%s/cert.pem", kit->folder);
    (void)snprintf(kit->key, sizeof kit->key, "%s/key.pem", kit->folder);
    run_openssl(kit);
    return 0;
}

static int end_tls(void **state)
{
    struct kit *kit = *state;
    (void)unlink(kit->certificate);
    (void)unlink(kit->key);
    (void)rmdir(kit->folder);
    return end(state);
}

static void a_registry_is_trusted_by_its_certificate(void **state)
{
    struct kit *kit = *state;
    struct stub_registry stub = stub_start(kit->certificate, kit->key, NULL);
    stub_order(&stub, "/add", "{\"id\": 7, \"schema\": \"\\\"string\\\"\"}");
    open_with(kit, (struct registry_options){.url = stub.url, .ca_location = kit->certificate});
    if (ask(kit, 7))
        fail_msg("%s", detail);
    registry_free(kit->registry);
    open_with(kit, (struct registry_options){.url = stub.url});
    assert_int_equal(ask(kit, 7), STATUS_REFUSED);
    assert_says("cannot be trusted (see ssl.ca.location)");
    stub_stop(&stub);
}

static void a_registry_may_want_our_certificate(void **state)
{
    struct kit *kit = *state;
    struct stub_registry stub = stub_start(kit->certificate, kit->key, kit->certificate);
    stub_order(&stub, "/add", "{\"id\": 7, \"schema\": \"\\\"string\\\"\"}");
    open_with(kit, (struct registry_options){.url = stub.url,
                                             .ca_location = kit->certificate,
                                             .certificate_location = kit->certificate,
                                             .key_location = kit->key});
    if (ask(kit, 7))
        fail_msg("%s", detail);
    registry_free(kit->registry);
    open_with(kit, (struct registry_options){.url = stub.url, .ca_location = kit->certificate});
    assert_int_not_equal(ask(kit, 7), STATUS_OK);
    stub_stop(&stub);
}

#define TEST(name)     cmocka_unit_test_setup_teardown(name, begin, end)
#define TLS_TEST(name) cmocka_unit_test_setup_teardown(name, begin_tls, end_tls)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_schema_is_found_by_its_id),
        TEST(a_schema_is_found_by_its_guid),
        TEST(every_request_is_measured_also_one_without_an_answer),
        TEST(an_id_that_is_not_there_is_unknown),
        TEST(a_page_that_is_no_registry_is_refused),
        TEST(a_schema_of_another_language_is_invalid),
        TEST(an_error_of_the_registry_is_waited_for_and_passes),
        TEST(a_registry_that_is_too_slow_is_unavailable),
        TEST(a_registry_that_is_not_there_is_unavailable),
        TEST(the_next_address_is_tried_and_kept),
        TEST(basic_credentials_come_from_the_address_or_the_option),
        TEST(wrong_credentials_are_refused_without_being_shown),
        TEST(a_bearer_token_is_shown_to_the_registry_only),
        TEST(a_missing_right_is_refused),
        TEST(registering_gives_an_id_and_again_the_same),
        TEST(an_incompatible_schema_is_refused),
        TEST(an_address_that_is_none_is_refused_at_once),
        TLS_TEST(a_registry_is_trusted_by_its_certificate),
        TLS_TEST(a_registry_may_want_our_certificate),
    };
    (void)setenv("NO_PROXY", "localhost,127.0.0.1", 1);
    return cmocka_run_group_tests(tests, begin_group, end_group);
}
