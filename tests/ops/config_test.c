/* Configuration: which source wins, what is refused and where, what is never printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ops/config.h"
#include "ops/milepost_keys.h"
#include "support/case.h"

enum { WORDS_MAX = 6, PATH_BYTES = 64, PRINTED_BYTES = 8192 };

static const struct config_key keys[] = {
    {"kafka.bootstrap.servers", CONFIG_TEXT, "127.0.0.1:9092", 0, 0, "brokers"},
    {"redis.url", CONFIG_SECRET, "", 0, 0, "Redis"},
    {"redis.password", CONFIG_SECRET, "", 0, 0, "its password"},
    {"loops", CONFIG_INTEGER, "1", 1, 64, "threads"},
    {"any.number", CONFIG_INTEGER, "0", 0, 0, "any"},
    {"journal.keep", CONFIG_DURATION, "2 min", 1000, 3600000, "how long"},
    {"auto.register.schemas", CONFIG_BOOL, "false", 0, 0, "register"},
    {NULL, CONFIG_TEXT, "", 0, 0, NULL},
};
static const struct config_key *const tables[] = {keys, NULL};

extern char **environ;

/* What a test gives in. `@` in an environment value or argument stands for the file's path. */
struct given {
    const char *file; /* its text */
    bool is_unnamed;  /* --config does not name the file */
    const char *environment[WORDS_MAX];
    const char *arguments[WORDS_MAX];
};

struct kit {
    char path[PATH_BYTES];
    char words[2 * WORDS_MAX][256];
    char *argv[WORDS_MAX + 4];
    int argc;
    char detail[DETAIL_BYTES];
};

static const char *with_path(const char *text, const char *path, char out[256])
{
    const char *at = strchr(text, '@');
    if (at)
        (void)snprintf(out, 256, "%.*s%s%s", (int)(at - text), text, path, at + 1);
    else
        (void)snprintf(out, 256, "%s", text);
    return out;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void give(struct kit *kit, const struct given *given)
{
    static char program[] = "program";
    static char option[] = "--config";
    memset(kit, 0, sizeof *kit);
    (void)snprintf(kit->path, sizeof kit->path, "config-test-%ld.conf", (long)getpid());
    write_file(kit->path, given->file ? given->file : "");
    assert_int_equal(clearenv(), 0);
    kit->argv[kit->argc++] = program;
    if (given->file && !given->is_unnamed) {
        kit->argv[kit->argc++] = option;
        kit->argv[kit->argc++] = kit->path;
    }
    for (int i = 0; i < WORDS_MAX && given->environment[i]; i++) {
        (void)with_path(given->environment[i], kit->path, kit->words[i]);
        assert_int_equal(putenv(kit->words[i]), 0);
    }
    for (int i = 0; i < WORDS_MAX && given->arguments[i]; i++) {
        char *word = kit->words[WORDS_MAX + i];
        (void)with_path(given->arguments[i], kit->path, word);
        kit->argv[kit->argc++] = word;
    }
}

static enum config_outcome load(struct kit *kit, const struct given *given, bool takes_rest,
                                struct config **out)
{
    const struct config_program program = {"program", "A program.", tables, takes_rest};
    give(kit, given);
    enum config_outcome outcome = config_load(&program, kit->argc, kit->argv, out, kit->detail);
    (void)clearenv(); /* its texts are the kit's */
    (void)unlink(kit->path);
    return outcome;
}

/* --- which source wins --- */

static const struct won {
    const char *label;
    struct given given;
    const char *key;
    const char *value;
} won[] = {
    {"without a source the default holds", {0}, "loops", "1"},
    {"the file wins over the default", {.file = "loops = 2\n"}, "loops", "2"},
    {"MILEPOST_CONFIG names the file as well",
     {.file = "loops = 2\n", .is_unnamed = true, .environment = {"MILEPOST_CONFIG=@"}},
     "loops",
     "2"},
    {"--config wins over MILEPOST_CONFIG",
     {.file = "loops = 2\n", .environment = {"MILEPOST_CONFIG=no/such"}},
     "loops",
     "2"},
    {"the environment wins over the file",
     {.file = "loops = 2\n", .environment = {"MILEPOST_LOOPS=3"}},
     "loops",
     "3"},
    {"-X wins over the environment",
     {.file = "loops = 2\n", .environment = {"MILEPOST_LOOPS=3"}, .arguments = {"-X", "loops=4"}},
     "loops",
     "4"},
    {"the last -X wins", {.arguments = {"-X", "loops=4", "-Xloops=5"}}, "loops", "5"},
    {"the last line of a file wins", {.file = "loops = 2\nloops=7"}, "loops", "7"},
    {"comments, empty lines and blanks are passed over",
     {.file = "# loops = 3\n\n   \t\n  loops\t=  2  \r\n"},
     "loops",
     "2"},
    {"a value may contain = and #",
     {.file = "redis.url = redis://h/?a=b#c\n"},
     "redis.url",
     "redis://h/?a=b#c"},
    {"an empty value is a value",
     {.file = "redis.url = x\n", .environment = {"MILEPOST_REDIS_URL="}},
     "redis.url",
     ""},
    {"a variable's dots are _",
     {.environment = {"MILEPOST_KAFKA_BOOTSTRAP_SERVERS=b:1"}},
     "kafka.bootstrap.servers",
     "b:1"},
    {"with _FILE the value is what the file holds, trimmed",
     {.file = "\n s3cret \n",
      .is_unnamed = true,
      .environment = {"MILEPOST_REDIS_PASSWORD_FILE=@"}},
     "redis.password",
     "s3cret"},
    {"_FILE serves the keys of Kafka in our table too",
     {.file = "b:2\n",
      .is_unnamed = true,
      .environment = {"MILEPOST_KAFKA_BOOTSTRAP_SERVERS_FILE=@"}},
     "kafka.bootstrap.servers",
     "b:2"},
    {"a variable that is no key is nobody's business",
     {.environment = {"MILEPOST_CREDITING_PORT=tcp://10.0.0.1:80"}},
     "loops",
     "1"},
    {"the least of a range is in it", {.arguments = {"-X", "loops=1"}}, "loops", "1"},
    {"the most of a range is in it", {.arguments = {"-X", "loops=64"}}, "loops", "64"},
    {"a key without a range takes any number",
     {.arguments = {"-X", "any.number=-9223372036854775808"}},
     "any.number",
     "-9223372036854775808"},
};

static void wins(void **state)
{
    const struct won *row = *state;
    struct kit kit;
    struct config *config = NULL;
    enum config_outcome outcome = load(&kit, &row->given, false, &config);
    if (outcome != CONFIG_RUN)
        fail_msg("%s", kit.detail);
    assert_string_equal(config_text(config, row->key), row->value);
    config_free(config);
}

/* --- what is refused, and where --- */

static const struct refused {
    const char *label;
    struct given given;
    enum config_outcome outcome;
    const char *detail; /* a part of it */
} refused[] = {
    {"an unknown key names file, line and the key that was meant",
     {.file = "loops = 2\n\nloop = 3\n"},
     CONFIG_BAD,
     ".conf:3: unknown key loop; did you mean loops?"},
    {"a key that is like no other points to the list",
     {.arguments = {"-X", "entirely.else=1"}},
     CONFIG_BAD,
     "-X: unknown key entirely.else; -X list shows all"},
    {"a key of Kafka without its prefix is understood as meant",
     {.arguments = {"-X", "bootstrap.servers=b:1"}},
     CONFIG_BAD,
     "did you mean kafka.bootstrap.servers?"},
    {"the prefix of Kafka alone is no key",
     {.arguments = {"-X", "kafka.=1"}},
     CONFIG_BAD,
     "unknown key kafka."},
    {"a line without = names its place",
     {.file = "loops\n"},
     CONFIG_BAD,
     ".conf:1: a line is `key = value`"},
    {"a number below the range names range and value",
     {.file = "loops = 0\n"},
     CONFIG_BAD,
     ".conf:1: loops wants an integer from 1 to 64, not \"0\""},
    {"a number above the range is refused",
     {.environment = {"MILEPOST_LOOPS=65"}},
     CONFIG_BAD,
     "MILEPOST_LOOPS: loops wants"},
    {"a number with a tail is refused", {.arguments = {"-X", "loops=2x"}}, CONFIG_BAD, "\"2x\""},
    {"a number beyond int64 is refused",
     {.arguments = {"-X", "any.number=9223372036854775808"}},
     CONFIG_BAD,
     "any.number wants an integer, not"},
    {"no text is no number", {.arguments = {"-X", "loops="}}, CONFIG_BAD, "not \"\""},
    {"a duration of an unknown unit is refused",
     {.arguments = {"-X", "journal.keep=2 days"}},
     CONFIG_BAD,
     "a duration (500 ms, 30 s, 2 min, 1 h) from 1000 ms"},
    {"a duration that overflows is refused",
     {.arguments = {"-X", "journal.keep=9223372036854775807 h"}},
     CONFIG_BAD,
     "journal.keep wants"},
    {"a duration outside its range is refused",
     {.arguments = {"-X", "journal.keep=999 ms"}},
     CONFIG_BAD,
     "journal.keep wants"},
    {"yes is not true",
     {.arguments = {"-X", "auto.register.schemas=yes"}},
     CONFIG_BAD,
     "wants true or false"},
    {"a missing file is named", {.arguments = {"--config", "no/such"}}, CONFIG_BAD, "no/such: "},
    {"a folder is no file", {.arguments = {"--config=."}}, CONFIG_BAD, ".: "},
    {"a missing secret file is named with its variable",
     {.environment = {"MILEPOST_REDIS_PASSWORD_FILE=no/such"}},
     CONFIG_BAD,
     "MILEPOST_REDIS_PASSWORD_FILE: no/such: "},
    {"a secret may not come twice",
     {.environment = {"MILEPOST_REDIS_PASSWORD=a", "MILEPOST_REDIS_PASSWORD_FILE=@"}},
     CONFIG_BAD,
     "are both set; keep one"},
    {"-X at the end wants more", {.arguments = {"-X"}}, CONFIG_USAGE, "-X wants key=value"},
    {"-X without = says what it wants",
     {.arguments = {"-X", "loops"}},
     CONFIG_USAGE,
     "-X loops: wants key=value, list or dump"},
    {"--config at the end wants more", {.arguments = {"--config"}}, CONFIG_USAGE, "wants a file"},
    {"an argument that nobody knows is a usage error",
     {.arguments = {"--loops"}},
     CONFIG_USAGE,
     "--loops is not understood; try --help"},
};

static void is_refused(void **state)
{
    const struct refused *row = *state;
    struct kit kit;
    struct config *config = NULL;
    assert_int_equal(load(&kit, &row->given, false, &config), row->outcome);
    assert_null(config);
    if (!strstr(kit.detail, row->detail))
        fail_msg("\"%s\" does not say \"%s\"", kit.detail, row->detail);
}

/* --- durations --- */

static const struct duration {
    const char *label;
    const char *argument;
    int64_t ms;
} durations[] = {
    {"a bare number is of milliseconds", "journal.keep=1000", 1000},
    {"milliseconds", "journal.keep=1500 ms", 1500},
    {"seconds", "journal.keep=30s", 30000},
    {"minutes", "journal.keep=2 min", 120000},
    {"hours", "journal.keep=1 h", 3600000},
};

static void lasts(void **state)
{
    const struct duration *row = *state;
    struct kit kit;
    struct config *config = NULL;
    struct given given = {.arguments = {"-X", row->argument}};
    assert_int_equal(load(&kit, &given, false, &config), CONFIG_RUN);
    assert_true(config_integer(config, "journal.keep") == row->ms);
    config_free(config);
}

/* --- librdkafka's settings --- */

static const struct passed {
    const char *label;
    struct given given;
    const char *pairs[WORDS_MAX]; /* name=value, in order */
} passed[] = {
    {"kafka.* goes on verbatim, in the order given",
     {.file = "kafka.z.z = 1\nkafka.consumer.a.b = x y\n", .arguments = {"-X", "kafka.A.a=2"}},
     {"z.z=1", "consumer.a.b=x y", "A.a=2"}},
    {"a later source changes the value, not the place",
     {.file = "kafka.z = 1\nkafka.a = 2\n", .arguments = {"-X", "kafka.z=3"}},
     {"z=3", "a=2"}},
    {"the brokers are a key of ours and are not passed",
     {.arguments = {"-X", "kafka.bootstrap.servers=b:1"}},
     {NULL}},
    {"a variable's _ are dots",
     {.environment = {"MILEPOST_KAFKA_SECURITY_PROTOCOL=SASL_SSL"}},
     {"security.protocol=SASL_SSL"}},
    {"_FILE reads librdkafka's secrets",
     {.file = "pw\n", .is_unnamed = true, .environment = {"MILEPOST_KAFKA_SASL_PASSWORD_FILE=@"}},
     {"sasl.password=pw"}},
    {"what Kubernetes says of a service milepost-kafka is no setting",
     {.environment = {"MILEPOST_KAFKA_PORT=tcp://10.0.0.1:9092",
                      "MILEPOST_KAFKA_PORT_9092_TCP=tcp://10.0.0.1:9092",
                      "MILEPOST_KAFKA_SERVICE_HOST=10.0.0.1",
                      "MILEPOST_KAFKA_BOOTSTRAP_SERVICE_PORT_TCP_CLIENTS=9092"}},
     {NULL}},
};

static void is_passed(void **state)
{
    const struct passed *row = *state;
    struct kit kit;
    struct config *config = NULL;
    enum config_outcome outcome = load(&kit, &row->given, false, &config);
    if (outcome != CONFIG_RUN)
        fail_msg("%s", kit.detail);
    const char *name;
    const char *value;
    size_t count = 0;
    while (count < WORDS_MAX && row->pairs[count]) {
        char pair[512];
        assert_true(config_kafka(config, count, &name, &value));
        (void)snprintf(pair, sizeof pair, "%s=%s", name, value);
        assert_string_equal(pair, row->pairs[count]);
        count++;
    }
    assert_false(config_kafka(config, count, &name, &value));
    config_free(config);
}

/* --- the program's own arguments --- */

static const struct left {
    const char *label;
    const char *arguments[WORDS_MAX];
    const char *rest;
} left[] = {
    {"what is not configuration is left in its order",
     {"-X", "loops=2", "apply", "--yes", "plan.yaml"},
     "program apply --yes plan.yaml"},
    {"configuration may follow the command",
     {"apply", "-X", "loops=2", "file"},
     "program apply file"},
    {"after -- nothing is configuration",
     {"audit", "--", "-X", "loops=2"},
     "program audit -- -X loops=2"},
    {"the command's --help is its own", {"audit", "--help"}, "program audit --help"},
    {"without arguments the name is left", {NULL}, "program"},
};

static void is_left(void **state)
{
    const struct left *row = *state;
    struct kit kit;
    struct config *config = NULL;
    struct given given = {0};
    memcpy(given.arguments, row->arguments, sizeof given.arguments);
    assert_int_equal(load(&kit, &given, true, &config), CONFIG_RUN);
    char rest[512] = "";
    size_t length = 0;
    for (int i = 0; i < config_rest_count(config); i++)
        length += (size_t)snprintf(rest + length, sizeof rest - length, "%s%s", i ? " " : "",
                                   config_rest(config)[i]);
    assert_null(config_rest(config)[config_rest_count(config)]);
    assert_string_equal(rest, row->rest);
    config_free(config);
}

/* --- what is printed --- */

static const struct printed {
    const char *label;
    struct given given;
    const char *shows;
    const char *hides; /* NULL: nothing in particular */
} printed[] = {
    {"-X list shows keys with their defaults",
     {.arguments = {"-X", "list"}},
     "  loops                            threads [1]\n",
     NULL},
    {"-X list does not read the file",
     {.file = "nonsense\n", .arguments = {"-Xlist"}},
     "loops",
     NULL},
    {"-X dump shows what is in force and from where",
     {.environment = {"MILEPOST_LOOPS=3"}, .arguments = {"-X", "dump"}},
     "# environment\nloops = 3\n# default\nany.number = 0\n",
     NULL},
    {"-X dump masks secrets of every source",
     {.file = "redis.password = hunter2\n", .arguments = {"-X", "dump"}},
     "# redis.password = ***\n",
     "hunter2"},
    {"-X dump masks what only librdkafka knows to be secret",
     {.arguments = {"-X", "kafka.sasl.password=hunter2", "-X", "dump"}},
     "# kafka.sasl.password = ***\n",
     "hunter2"},
    {"an empty secret is shown as empty", {.arguments = {"-X", "dump"}}, "\nredis.url = \n", "***"},
    {"--help shows the summary and the keys", {.arguments = {"--help"}}, "A program.\n", NULL},
    {"--version shows the name", {.arguments = {"--version"}}, "program ", NULL},
};

/* What config_load prints on stdout. */
static enum config_outcome capture(struct kit *kit, const struct given *given, char *out)
{
    char path[] = "config-test-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(unlink(path), 0);
    (void)fflush(stdout);
    int kept = dup(STDOUT_FILENO);
    assert_true(dup2(file, STDOUT_FILENO) >= 0);
    struct config *config = NULL;
    enum config_outcome outcome = load(kit, given, false, &config);
    (void)fflush(stdout);
    (void)dup2(kept, STDOUT_FILENO);
    (void)close(kept);
    ssize_t length = pread(file, out, PRINTED_BYTES - 1, 0);
    (void)close(file);
    assert_true(length >= 0);
    out[length] = '\0';
    config_free(config);
    return outcome;
}

static void is_printed(void **state)
{
    const struct printed *row = *state;
    static char text[PRINTED_BYTES];
    struct kit kit;
    assert_int_equal(capture(&kit, &row->given, text), CONFIG_DONE);
    if (!strstr(text, row->shows))
        fail_msg("\"%s\" is missing in:\n%s", row->shows, text);
    if (row->hides && strstr(text, row->hides))
        fail_msg("\"%s\" is in:\n%s", row->hides, text);
}

static void a_dump_can_be_loaded_again(void **state)
{
    (void)state;
    static char text[PRINTED_BYTES];
    struct kit kit;
    struct given given = {
        .arguments = {"-X", "loops=9", "-X", "redis.url=redis://p", "-X", "dump"}};
    assert_int_equal(capture(&kit, &given, text), CONFIG_DONE);
    struct config *config = NULL;
    struct given again = {.file = text};
    enum config_outcome outcome = load(&kit, &again, false, &config);
    if (outcome != CONFIG_RUN)
        fail_msg("%s", kit.detail);
    assert_true(config_integer(config, "loops") == 9);
    assert_string_equal(config_text(config, "redis.url"), "");
    config_free(config);
}

static void a_file_may_have_long_lines(void **state)
{
    (void)state;
    enum { LENGTH = 20000 };
    static char text[LENGTH + 64];
    size_t at = (size_t)snprintf(text, sizeof text, "redis.url = ");
    memset(text + at, 'x', LENGTH);
    (void)snprintf(text + at + LENGTH, sizeof text - at - LENGTH, "\nloops = 3\n");
    struct kit kit;
    struct config *config = NULL;
    struct given given = {.file = text};
    assert_int_equal(load(&kit, &given, false, &config), CONFIG_RUN);
    assert_int_equal(strlen(config_text(config, "redis.url")), LENGTH);
    assert_true(config_integer(config, "loops") == 3);
    config_free(config);
}

static void secret_files_have_a_limit(void **state)
{
    (void)state;
    enum { LIMIT = 64 * 1024 };
    static char text[LIMIT + 2];
    for (size_t length = LIMIT; length <= LIMIT + 1; length++) {
        memset(text, 'x', length);
        text[length] = '\0';
        struct kit kit;
        struct config *config = NULL;
        struct given given = {
            .file = text, .is_unnamed = true, .environment = {"MILEPOST_REDIS_PASSWORD_FILE=@"}};
        enum config_outcome outcome = load(&kit, &given, false, &config);
        assert_int_equal(outcome, length == LIMIT ? CONFIG_RUN : CONFIG_BAD);
        config_free(config);
    }
}

static void both_tables_of_milepost_load(void **state)
{
    (void)state;
    static const struct config_key *const ours[] = {milepost_common_keys, milepost_service_keys,
                                                    NULL};
    static char name[] = "program";
    char *argv[] = {name, NULL};
    const struct config_program program = {name, "", ours, false};
    char detail[DETAIL_BYTES] = "";
    struct config *config = NULL;
    assert_int_equal(clearenv(), 0);
    assert_int_equal(config_load(&program, 1, argv, &config, detail), CONFIG_RUN);
    assert_true(config_integer(config, "journal.keep") == 120000);
    assert_true(config_integer(config, "transaction.timeout.ms") == 15000);
    assert_false(config_bool(config, "auto.register.schemas"));
    assert_true(config_text(config, "schemas.folder")[0] == '/');
    config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dump_can_be_loaded_again),
        cmocka_unit_test(a_file_may_have_long_lines),
        cmocka_unit_test(secret_files_have_a_limit),
        cmocka_unit_test(both_tables_of_milepost_load),
    };
    return RUN_CASES(won, wins) + RUN_CASES(refused, is_refused) + RUN_CASES(durations, lasts) +
           RUN_CASES(passed, is_passed) + RUN_CASES(left, is_left) +
           RUN_CASES(printed, is_printed) + cmocka_run_group_tests(tests, NULL, NULL);
}
