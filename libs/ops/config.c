#include "ops/config.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "ops/version.h"

enum { KEYS_MAX = 128, KAFKA_MAX = 256, LINE_BYTES = 4096, VALUE_BYTES_MAX = 64 * 1024 };

extern char **environ;

struct value {
    const struct config_key *key;
    char *text;
    const char *source; /* default, file, environment, argument */
};

struct pair {
    char *name;
    char *value;
};

struct config {
    struct value values[KEYS_MAX];
    size_t count;
    struct pair kafka[KAFKA_MAX];
    size_t kafka_count;
    char **rest;
    int rest_count;
};

static const char *const type_names[] = {
    [CONFIG_TEXT] = "text",         [CONFIG_SECRET] = "secret",      [CONFIG_INTEGER] = "integer",
    [CONFIG_DURATION] = "duration", [CONFIG_BOOL] = "true or false",
};

static char *copy_text(const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        abort();
    return copy;
}

static struct value *find(const struct config *config, const char *name)
{
    for (size_t i = 0; i < config->count; i++)
        if (strcmp(config->values[i].key->name, name) == 0)
            return (struct value *)(uintptr_t)&config->values[i];
    return NULL;
}

static bool parse_duration(const char *text, int64_t *out)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}};
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || end == text)
        return false;
    while (*end == ' ')
        end++;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(end, units[i].unit) == 0)
            return !__builtin_mul_overflow(number, units[i].ms, out);
    *out = number;
    return *end == '\0';
}

static bool parse_integer(const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || end == text || *end)
        return false;
    *out = number;
    return true;
}

static bool is_valid(const struct config_key *key, const char *text)
{
    int64_t number = 0;
    switch (key->type) {
    case CONFIG_TEXT:
    case CONFIG_SECRET:
        return true;
    case CONFIG_BOOL:
        return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
    case CONFIG_INTEGER:
        if (!parse_integer(text, &number))
            return false;
        break;
    case CONFIG_DURATION:
        if (!parse_duration(text, &number))
            return false;
        break;
    }
    return (key->min == 0 && key->max == 0) || (number >= key->min && number <= key->max);
}

/* Levenshtein's distance, for "did you mean". */
static size_t distance(const char *a, const char *b)
{
    size_t length = strlen(b);
    size_t row[128];
    if (length >= 128)
        return SIZE_MAX;
    for (size_t j = 0; j <= length; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= length; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[length];
}

static enum config_outcome unknown(const struct config *config, const char *name, const char *where,
                                   char *detail)
{
    const char *nearest = NULL;
    size_t best = 4;
    for (size_t i = 0; i < config->count; i++) {
        size_t d = distance(name, config->values[i].key->name);
        if (d < best) {
            best = d;
            nearest = config->values[i].key->name;
        }
    }
    (void)snprintf(detail, DETAIL_BYTES, "%s: unknown key %s%s%s%s", where, name,
                   nearest ? ", did you mean " : "; -X list shows all", nearest ? nearest : "",
                   nearest ? "?" : "");
    return CONFIG_BAD;
}

static enum config_outcome set_kafka(struct config *config, const char *name, const char *text,
                                     char *detail)
{
    for (size_t i = 0; i < config->kafka_count; i++) {
        if (strcmp(config->kafka[i].name, name) != 0)
            continue;
        free(config->kafka[i].value);
        config->kafka[i].value = copy_text(text);
        return CONFIG_RUN;
    }
    if (config->kafka_count == KAFKA_MAX) {
        (void)snprintf(detail, DETAIL_BYTES, "more than %d kafka.* settings", KAFKA_MAX);
        return CONFIG_BAD;
    }
    config->kafka[config->kafka_count++] = (struct pair){copy_text(name), copy_text(text)};
    return CONFIG_RUN;
}

static enum config_outcome set(struct config *config, const char *name, const char *text,
                               const char *source, const char *where, char *detail)
{
    struct value *value = find(config, name);
    if (!value && strncmp(name, "kafka.", 6) == 0)
        return set_kafka(config, name + 6, text, detail);
    if (!value)
        return unknown(config, name, where, detail);
    if (!is_valid(value->key, text)) {
        (void)snprintf(detail, DETAIL_BYTES, "%s: %s wants %s", where, name,
                       type_names[value->key->type]);
        if (value->key->min || value->key->max)
            (void)snprintf(detail, DETAIL_BYTES, "%s: %s wants %s from %lld to %lld", where, name,
                           type_names[value->key->type], (long long)value->key->min,
                           (long long)value->key->max);
        return CONFIG_BAD;
    }
    free(value->text);
    value->text = copy_text(text);
    value->source = source;
    return CONFIG_RUN;
}

static char *trim(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    char *end = text + strlen(text);
    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    *end = '\0';
    return text;
}

static enum config_outcome load_line(struct config *config, const char *path, int number,
                                     char *line, char *detail)
{
    char where[LINE_BYTES + 32];
    (void)snprintf(where, sizeof where, "%s:%d", path, number);
    char *text = trim(line);
    if (*text == '\0' || *text == '#')
        return CONFIG_RUN;
    char *equals = strchr(text, '=');
    if (!equals) {
        (void)snprintf(detail, DETAIL_BYTES, "%s: a line is `key = value`", where);
        return CONFIG_BAD;
    }
    *equals = '\0';
    return set(config, trim(text), trim(equals + 1), "file", where, detail);
}

static enum config_outcome load_file(struct config *config, const char *path, char *detail)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        (void)snprintf(detail, DETAIL_BYTES, "%s: %s", path, strerror(errno));
        return CONFIG_BAD;
    }
    char line[LINE_BYTES];
    enum config_outcome outcome = CONFIG_RUN;
    for (int number = 1; outcome == CONFIG_RUN && fgets(line, sizeof line, file); number++)
        outcome = load_line(config, path, number, line, detail);
    fclose(file);
    return outcome;
}

/* `redis.url` as MILEPOST_REDIS_URL. */
static void environment_name(const char *key, char out[LINE_BYTES])
{
    size_t length = (size_t)snprintf(out, LINE_BYTES, "MILEPOST_%s", key);
    for (size_t i = 0; i < length; i++)
        out[i] = out[i] == '.' || out[i] == '-' ? '_' : (char)toupper((unsigned char)out[i]);
}

static enum config_outcome load_secret_file(struct config *config, const char *key,
                                            const char *path, const char *where, char *detail)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        (void)snprintf(detail, DETAIL_BYTES, "%s: %s: %s", where, path, strerror(errno));
        return CONFIG_BAD;
    }
    struct buffer text = {0};
    size_t got;
    do {
        got = fread(buffer_reserve(&text, LINE_BYTES), 1, LINE_BYTES, file);
        text.length += got;
    } while (got > 0 && text.length < VALUE_BYTES_MAX);
    fclose(file);
    buffer_append_byte(&text, '\0');
    enum config_outcome outcome = set(config, key, trim(text.bytes), "environment", where, detail);
    buffer_deinit(&text);
    return outcome;
}

static enum config_outcome load_environment(struct config *config, char *detail)
{
    enum config_outcome outcome = CONFIG_RUN;
    for (size_t i = 0; outcome == CONFIG_RUN && i < config->count; i++) {
        const char *key = config->values[i].key->name;
        char name[LINE_BYTES];
        environment_name(key, name);
        const char *text = getenv(name);
        if (text)
            outcome = set(config, key, text, "environment", name, detail);
        size_t length = strlen(name);
        (void)snprintf(name + length, sizeof name - length, "_FILE");
        const char *path = getenv(name);
        if (outcome == CONFIG_RUN && path)
            outcome = load_secret_file(config, key, path, name, detail);
    }
    return outcome;
}

/* MILEPOST_KAFKA_SSL_CA_LOCATION as kafka.ssl.ca.location: librdkafka's names have only dots. */
static enum config_outcome load_kafka_environment(struct config *config, char *detail)
{
    static const char prefix[] = "MILEPOST_KAFKA_";
    enum config_outcome outcome = CONFIG_RUN;
    for (char **entry = environ; outcome == CONFIG_RUN && *entry; entry++) {
        const char *equals = strchr(*entry, '=');
        if (strncmp(*entry, prefix, sizeof prefix - 1) != 0 || !equals)
            continue;
        char name[LINE_BYTES];
        size_t length = (size_t)(equals - *entry) - (sizeof prefix - 1);
        if (length == 0 || length > LINE_BYTES - 8)
            continue;
        (void)snprintf(name, sizeof name, "kafka.%.*s", (int)length, *entry + sizeof prefix - 1);
        for (char *at = name; *at; at++)
            *at = *at == '_' ? '.' : (char)tolower((unsigned char)*at);
        if (!find(config, name))
            outcome = set(config, name, equals + 1, "environment", name, detail);
    }
    return outcome;
}

static void print_keys(const struct config *config, bool with_values)
{
    for (size_t i = 0; i < config->count; i++) {
        const struct value *value = &config->values[i];
        if (with_values) {
            bool hide = value->key->type == CONFIG_SECRET && value->text[0];
            (void)printf("%s = %s  # %s\n", value->key->name, hide ? "***" : value->text,
                         value->source);
            continue;
        }
        (void)printf("  %-32s %s", value->key->name, value->key->help);
        if (value->key->fallback[0] && value->key->type != CONFIG_SECRET)
            (void)printf(" [%s]", value->key->fallback);
        (void)printf("\n");
    }
    /* Names only: which of librdkafka's values are secret is librdkafka's knowledge. */
    for (size_t i = 0; with_values && i < config->kafka_count; i++)
        (void)printf("kafka.%s = ***\n", config->kafka[i].name);
}

static void print_help(const struct config_program *program, const struct config *config)
{
    (void)printf(
        "usage: %s [--config FILE] [-X key=value]...%s\n\n%s\n\n"
        "  --config FILE    lines of `key = value`\n"
        "  -X key=value     one key; wins over file and environment\n"
        "  -X list          the keys; -X dump: what is in force\n"
        "  --help, --version\n\n"
        "Environment: MILEPOST_ and the key in capitals, dots as _ "
        "(MILEPOST_KAFKA_BOOTSTRAP_SERVERS); with _FILE behind it, a file with the value.\n"
        "Keys, with their defaults; any other kafka.* (kafka.consumer.*, kafka.producer.*) "
        "goes to librdkafka:\n\n",
        program->name, program->takes_rest ? " COMMAND ..." : "", program->summary);
    print_keys(config, false);
}

static void fill_defaults(struct config *config, const struct config_program *program)
{
    for (const struct config_key *const *table = program->tables; *table; table++) {
        for (const struct config_key *key = *table; key->name; key++) {
            assert(config->count < KEYS_MAX && is_valid(key, key->fallback));
            config->values[config->count++] =
                (struct value){key, copy_text(key->fallback), "default"};
        }
    }
}

/* What the command line asks besides values. */
struct asked {
    const char *file;
    bool help;
    bool list;
    bool dump;
    const char *sets[KAFKA_MAX];
    size_t set_count;
};

static enum config_outcome take_set(struct asked *asked, const char *text, char *detail)
{
    if (!text || asked->set_count == KAFKA_MAX) {
        (void)snprintf(detail, DETAIL_BYTES, "-X wants key=value");
        return CONFIG_USAGE;
    }
    if (strcmp(text, "list") == 0)
        asked->list = true;
    else if (strcmp(text, "dump") == 0)
        asked->dump = true;
    else
        asked->sets[asked->set_count++] = text;
    return CONFIG_RUN;
}

static enum config_outcome split_arguments(const struct config_program *program, int argc,
                                           char **argv, struct config *config, struct asked *asked,
                                           char *detail)
{
    config->rest = calloc((size_t)argc + 1, sizeof *config->rest);
    if (!config->rest)
        abort();
    if (argc > 0)
        config->rest[config->rest_count++] = argv[0];
    enum config_outcome outcome = CONFIG_RUN;
    for (int i = 1; outcome == CONFIG_RUN && i < argc; i++) {
        char *word = argv[i];
        bool before_command = config->rest_count == 1;
        if (strcmp(word, "--config") == 0 && i + 1 < argc) {
            asked->file = argv[++i];
        } else if (strncmp(word, "--config=", 9) == 0) {
            asked->file = word + 9;
        } else if (strcmp(word, "-X") == 0) {
            outcome = take_set(asked, i + 1 < argc ? argv[++i] : NULL, detail);
        } else if (strcmp(word, "--version") == 0) {
            (void)printf("%s %s\n", program->name, MILEPOST_VERSION);
            return CONFIG_DONE;
        } else if (before_command && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) &&
                   !program->takes_rest) {
            asked->help = true;
        } else if (program->takes_rest) {
            config->rest[config->rest_count++] = word;
        } else {
            (void)snprintf(detail, DETAIL_BYTES, "%s is not understood; try --help", word);
            outcome = CONFIG_USAGE;
        }
    }
    return outcome;
}

static enum config_outcome apply_sets(struct config *config, const struct asked *asked,
                                      char *detail)
{
    enum config_outcome outcome = CONFIG_RUN;
    for (size_t i = 0; outcome == CONFIG_RUN && i < asked->set_count; i++) {
        char *copy = copy_text(asked->sets[i]);
        char *equals = strchr(copy, '=');
        if (!equals) {
            (void)snprintf(detail, DETAIL_BYTES, "-X %s: wants key=value", copy);
            outcome = CONFIG_USAGE;
        } else {
            *equals = '\0';
            outcome = set(config, copy, equals + 1, "argument", "-X", detail);
        }
        free(copy);
    }
    return outcome;
}

static enum config_outcome load_all(const struct config_program *program, int argc, char **argv,
                                    struct config *config, char *detail)
{
    struct asked asked = {.file = getenv("MILEPOST_CONFIG")};
    enum config_outcome outcome = split_arguments(program, argc, argv, config, &asked, detail);
    if (outcome == CONFIG_RUN && asked.help) {
        print_help(program, config);
        return CONFIG_DONE;
    }
    if (outcome == CONFIG_RUN && asked.list) {
        print_keys(config, false);
        return CONFIG_DONE;
    }
    if (outcome == CONFIG_RUN && asked.file)
        outcome = load_file(config, asked.file, detail);
    if (outcome == CONFIG_RUN)
        outcome = load_kafka_environment(config, detail);
    if (outcome == CONFIG_RUN)
        outcome = load_environment(config, detail);
    if (outcome == CONFIG_RUN)
        outcome = apply_sets(config, &asked, detail);
    if (outcome == CONFIG_RUN && asked.dump) {
        print_keys(config, true);
        return CONFIG_DONE;
    }
    return outcome;
}

enum config_outcome config_load(const struct config_program *program, int argc, char **argv,
                                struct config **out, char *detail)
{
    struct config *config = calloc(1, sizeof *config);
    if (!config)
        abort();
    fill_defaults(config, program);
    enum config_outcome outcome = load_all(program, argc, argv, config, detail);
    if (outcome != CONFIG_RUN) {
        config_free(config);
        return outcome;
    }
    *out = config;
    return CONFIG_RUN;
}

void config_free(struct config *config)
{
    if (!config)
        return;
    for (size_t i = 0; i < config->count; i++)
        free(config->values[i].text);
    for (size_t i = 0; i < config->kafka_count; i++) {
        free(config->kafka[i].name);
        free(config->kafka[i].value);
    }
    free(config->rest);
    free(config);
}

const char *config_text(const struct config *config, const char *name)
{
    const struct value *value = find(config, name);
    assert(value);
    return value->text;
}

int64_t config_integer(const struct config *config, const char *name)
{
    const struct value *value = find(config, name);
    assert(value && (value->key->type == CONFIG_INTEGER || value->key->type == CONFIG_DURATION));
    int64_t number = 0;
    bool fine = value->key->type == CONFIG_INTEGER ? parse_integer(value->text, &number)
                                                   : parse_duration(value->text, &number);
    assert(fine);
    (void)fine;
    return number;
}

bool config_bool(const struct config *config, const char *name)
{
    return strcmp(config_text(config, name), "true") == 0;
}

bool config_kafka(const struct config *config, size_t index, const char **out_name,
                  const char **out_value)
{
    if (index >= config->kafka_count)
        return false;
    *out_name = config->kafka[index].name;
    *out_value = config->kafka[index].value;
    return true;
}

int config_rest_count(const struct config *config)
{
    return config->rest_count;
}

char **config_rest(const struct config *config)
{
    return config->rest;
}
