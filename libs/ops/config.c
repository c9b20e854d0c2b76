#include "ops/config.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops/config_parts.h"
#include "ops/config_value.h"
#include "ops/version.h"

enum { NAME_MAX_BYTES = 128, NEAR = 3 }; /* so many letters off is still a slip of the pen */

static const char kafka_prefix[] = "kafka.";

char *config_copy(const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        abort();
    return copy;
}

char *config_trim(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    char *end = text + strlen(text);
    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    *end = '\0';
    return text;
}

/* Where `name` stands; the count when the tables have no such key. */
static size_t index_of(const struct config *config, const char *name)
{
    size_t index = 0;
    while (index < config->count && strcmp(config->values[index].key->name, name) != 0)
        index++;
    return index;
}

const struct config_value *config_find(const struct config *config, const char *name)
{
    size_t index = index_of(config, name);
    return index < config->count ? &config->values[index] : NULL;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance; SIZE_MAX for names that are too long to be ours. */
static size_t distance(const char *a, const char *b)
{
    size_t length = strlen(b);
    size_t row[NAME_MAX_BYTES];
    if (length >= NAME_MAX_BYTES)
        return SIZE_MAX;
    for (size_t j = 0; j <= length; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= length; j++) {
            size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = least(replaced, least(row[j], row[j - 1]) + 1);
        }
    }
    return row[length];
}

/* kcat's habit is to leave out the prefix: bootstrap.servers is then still near. */
static size_t distance_to_key(const char *name, const char *key)
{
    size_t best = distance(name, key);
    if (strncmp(key, kafka_prefix, sizeof kafka_prefix - 1) == 0)
        best = least(best, distance(name, key + sizeof kafka_prefix - 1));
    return best;
}

static enum config_outcome unknown(const struct config *config, const char *name, const char *where,
                                   char *detail)
{
    const char *nearest = NULL;
    size_t best = NEAR + 1;
    for (size_t i = 0; i < config->count; i++) {
        size_t far = distance_to_key(name, config->values[i].key->name);
        if (far >= best)
            continue;
        best = far;
        nearest = config->values[i].key->name;
    }
    if (nearest)
        (void)snprintf(detail, DETAIL_BYTES, "%s: unknown key %s; did you mean %s?", where, name,
                       nearest);
    else
        (void)snprintf(detail, DETAIL_BYTES,
                       "%s: unknown key %s; -X list shows all, librdkafka's begin with kafka.",
                       where, name);
    return CONFIG_BAD;
}

static enum config_outcome set_kafka(struct config *config, const char *name, const char *text,
                                     const char *where, char *detail)
{
    for (size_t i = 0; i < config->kafka_count; i++) {
        if (strcmp(config->kafka[i].name, name) != 0)
            continue;
        free(config->kafka[i].value);
        config->kafka[i].value = config_copy(text);
        return CONFIG_RUN;
    }
    if (config->kafka_count == CONFIG_KAFKA_MAX) {
        (void)snprintf(detail, DETAIL_BYTES, "%s: more than %d kafka.* settings", where,
                       CONFIG_KAFKA_MAX);
        return CONFIG_BAD;
    }
    config->kafka[config->kafka_count++] =
        (struct config_pair){config_copy(name), config_copy(text)};
    return CONFIG_RUN;
}

static enum config_outcome refuse(const struct config_key *key, const char *text, const char *where,
                                  char *detail)
{
    char wanted[DETAIL_BYTES];
    config_value_describe(key, wanted);
    (void)snprintf(detail, DETAIL_BYTES, "%s: %s wants %s, not \"%s\"", where, key->name, wanted,
                   text);
    return CONFIG_BAD;
}

enum config_outcome config_set(struct config *config, const char *name, const char *text,
                               const char *source, const char *where, char *detail)
{
    size_t index = index_of(config, name);
    struct config_value *value = index < config->count ? &config->values[index] : NULL;
    bool is_kafka = strncmp(name, kafka_prefix, sizeof kafka_prefix - 1) == 0;
    if (!value && is_kafka && name[sizeof kafka_prefix - 1])
        return set_kafka(config, name + sizeof kafka_prefix - 1, text, where, detail);
    if (!value)
        return unknown(config, name, where, detail);
    if (!config_value_is_valid(value->key, text))
        return refuse(value->key, text, where, detail);
    free(value->text);
    value->text = config_copy(text);
    value->source = source;
    return CONFIG_RUN;
}

static void fill_defaults(struct config *config, const struct config_program *program)
{
    for (const struct config_key *const *table = program->tables; *table; table++) {
        for (const struct config_key *key = *table; key->name; key++) {
            assert(config->count < CONFIG_KEYS_MAX);
            assert(config_value_is_valid(key, key->fallback));
            config->values[config->count++] =
                (struct config_value){key, config_copy(key->fallback), "default"};
        }
    }
}

static enum config_outcome load_values(struct config *config, const struct config_asked *asked,
                                       char *detail)
{
    enum config_outcome outcome = CONFIG_RUN;
    if (asked->file)
        outcome = config_load_file(config, asked->file, detail);
    if (outcome == CONFIG_RUN)
        outcome = config_load_environment(config, detail);
    if (outcome == CONFIG_RUN)
        outcome = config_apply_sets(config, asked, detail);
    return outcome;
}

static enum config_outcome load_all(const struct config_program *program, int argc, char **argv,
                                    struct config *config, char *detail)
{
    struct config_asked asked = {.file = getenv("MILEPOST_CONFIG")};
    enum config_outcome outcome =
        config_split_arguments(program, argc, argv, config, &asked, detail);
    if (outcome != CONFIG_RUN)
        return outcome;
    if (asked.version)
        (void)printf("%s %s\n", program->name, MILEPOST_VERSION);
    else if (asked.help)
        config_print_help(program, config);
    else if (asked.list)
        config_print_list(config);
    if (asked.version || asked.help || asked.list)
        return CONFIG_DONE;
    outcome = load_values(config, &asked, detail);
    if (outcome != CONFIG_RUN || !asked.dump)
        return outcome;
    config_print_dump(config);
    return CONFIG_DONE;
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
    const struct config_value *value = config_find(config, name);
    assert(value);
    return value->text;
}

int64_t config_integer(const struct config *config, const char *name)
{
    const struct config_value *value = config_find(config, name);
    assert(value);
    assert(value->key->type == CONFIG_INTEGER || value->key->type == CONFIG_DURATION);
    int64_t number = 0;
    bool is_number = config_value_number(value->key->type, value->text, &number);
    assert(is_number);
    return number;
}

bool config_bool(const struct config *config, const char *name)
{
    const struct config_value *value = config_find(config, name);
    assert(value);
    assert(value->key->type == CONFIG_BOOL);
    return strcmp(value->text, "true") == 0;
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
