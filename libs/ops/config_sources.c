#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "ops/config_parts.h"

enum { NAME_BYTES = 256, READ_BYTES = 4096, WHERE_BYTES = 400, VALUE_BYTES_MAX = 64 * 1024 };

extern char **environ;

static enum config_outcome load_line(struct config *config, const char *where, char *line,
                                     char *detail)
{
    char *text = config_trim(line);
    if (*text == '\0' || *text == '#')
        return CONFIG_RUN;
    char *equals = strchr(text, '=');
    if (!equals) {
        (void)snprintf(detail, DETAIL_BYTES, "%s: a line is `key = value`, or begins with #",
                       where);
        return CONFIG_BAD;
    }
    *equals = '\0';
    return config_set(config, config_trim(text), config_trim(equals + 1), "file", where, detail);
}

enum config_outcome config_load_file(struct config *config, const char *path, char *detail)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        (void)snprintf(detail, DETAIL_BYTES, "%s: %s", path, strerror(errno));
        return CONFIG_BAD;
    }
    char *line = NULL;
    size_t capacity = 0;
    enum config_outcome outcome = CONFIG_RUN;
    for (int number = 1; outcome == CONFIG_RUN && getline(&line, &capacity, file) >= 0; number++) {
        char where[WHERE_BYTES];
        (void)snprintf(where, sizeof where, "%s:%d", path, number);
        outcome = load_line(config, where, line, detail);
    }
    if (outcome == CONFIG_RUN && ferror(file)) {
        (void)snprintf(detail, DETAIL_BYTES, "%s: %s", path, strerror(errno));
        outcome = CONFIG_BAD;
    }
    free(line);
    (void)fclose(file);
    return outcome;
}

/* Reads all of `path`, at most VALUE_BYTES_MAX; the text ends with a NUL. */
static enum config_outcome read_value(const char *path, const char *where, struct buffer *text,
                                      char *detail)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        (void)snprintf(detail, DETAIL_BYTES, "%s: %s: %s", where, path, strerror(errno));
        return CONFIG_BAD;
    }
    size_t got;
    do {
        got = fread(buffer_reserve(text, READ_BYTES), 1, READ_BYTES, file);
        text->length += got;
    } while (got > 0 && text->length <= VALUE_BYTES_MAX);
    int error = ferror(file) ? errno : 0;
    (void)fclose(file);
    if (error == 0 && text->length <= VALUE_BYTES_MAX) {
        buffer_append_byte(text, '\0');
        return CONFIG_RUN;
    }
    (void)snprintf(detail, DETAIL_BYTES, "%s: %s: %s", where, path,
                   error ? strerror(error) : "longer than 64 KiB");
    return CONFIG_BAD;
}

static enum config_outcome set_from_file(struct config *config, const char *key, const char *path,
                                         const char *where, char *detail)
{
    struct buffer text = {0};
    enum config_outcome outcome = read_value(path, where, &text, detail);
    if (outcome == CONFIG_RUN)
        outcome = config_set(config, key, config_trim(text.bytes), "environment", where, detail);
    buffer_deinit(&text);
    return outcome;
}

/* `key` from the variable `name`, or from the file that `name`_FILE names. */
static enum config_outcome load_variable(struct config *config, const char *key, const char *name,
                                         char *detail)
{
    char file_name[NAME_BYTES + 8];
    (void)snprintf(file_name, sizeof file_name, "%s_FILE", name);
    const char *text = getenv(name);
    const char *path = getenv(file_name);
    if (text && path) {
        (void)snprintf(detail, DETAIL_BYTES, "%s and %s are both set; keep one", name, file_name);
        return CONFIG_BAD;
    }
    if (path)
        return set_from_file(config, key, path, file_name, detail);
    if (text)
        return config_set(config, key, text, "environment", name, detail);
    return CONFIG_RUN;
}

/* `redis.url` as MILEPOST_REDIS_URL. */
static void environment_name(const char *key, char out[NAME_BYTES])
{
    size_t length = (size_t)snprintf(out, NAME_BYTES, "MILEPOST_%s", key);
    for (size_t i = 0; i < length && i < NAME_BYTES; i++)
        out[i] = out[i] == '.' || out[i] == '-' ? '_' : (char)toupper((unsigned char)out[i]);
}

/* Kubernetes tells every pod about the services of its namespace: one called milepost-kafka appears
 * as MILEPOST_KAFKA_PORT, …_SERVICE_HOST and the like. No setting of librdkafka has such words. */
static bool is_service_link(const char *name)
{
    static const char *const words[] = {"_SERVICE_HOST", "_SERVICE_PORT", "_PORT_"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(name, words[i]))
            return true;
    size_t length = strlen(name);
    return length >= 5 && strcmp(name + length - 5, "_PORT") == 0;
}

/* MILEPOST_KAFKA_SSL_CA_LOCATION as kafka.ssl.ca.location: librdkafka's names have only dots. */
static void kafka_key(const char *name, char out[NAME_BYTES])
{
    (void)snprintf(out, NAME_BYTES, "%s", name + sizeof "MILEPOST_" - 1);
    for (char *at = out; *at; at++)
        *at = *at == '_' ? '.' : (char)tolower((unsigned char)*at);
}

static enum config_outcome load_kafka_variable(struct config *config, const char *entry,
                                               char *detail)
{
    static const char prefix[] = "MILEPOST_KAFKA_";
    static const char suffix[] = "_FILE";
    const char *equals = strchr(entry, '=');
    size_t length = equals ? (size_t)(equals - entry) : 0;
    if (strncmp(entry, prefix, sizeof prefix - 1) != 0 || length < sizeof prefix)
        return CONFIG_RUN;
    char name[NAME_BYTES];
    if (length >= sizeof name) {
        (void)snprintf(detail, DETAIL_BYTES, "%.64s…: the name is too long", entry);
        return CONFIG_BAD;
    }
    memcpy(name, entry, length);
    name[length] = '\0';
    if (is_service_link(name))
        return CONFIG_RUN;
    size_t bare = length - (sizeof suffix - 1);
    if (bare >= sizeof prefix && strcmp(name + bare, suffix) == 0)
        name[bare] = '\0';
    char key[NAME_BYTES];
    kafka_key(name, key);
    if (config_find(config, key)) /* of our tables: comes with them */
        return CONFIG_RUN;
    return load_variable(config, key, name, detail);
}

enum config_outcome config_load_environment(struct config *config, char *detail)
{
    enum config_outcome outcome = CONFIG_RUN;
    /* After clearenv() there is no list at all. */
    for (char **entry = environ; outcome == CONFIG_RUN && entry && *entry; entry++)
        outcome = load_kafka_variable(config, *entry, detail);
    for (size_t i = 0; outcome == CONFIG_RUN && i < config->count; i++) {
        const char *key = config->values[i].key->name;
        char name[NAME_BYTES];
        environment_name(key, name);
        outcome = load_variable(config, key, name, detail);
    }
    return outcome;
}
