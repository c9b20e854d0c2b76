#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ops/config_parts.h"

static void print_key(const struct config_key *key)
{
    (void)printf("  %-32s %s", key->name, key->help);
    if (key->fallback[0] && key->type != CONFIG_SECRET)
        (void)printf(" [%s]", key->fallback);
    (void)printf("\n");
}

void config_print_list(const struct config *config)
{
    for (size_t i = 0; i < config->count; i++)
        print_key(config->values[i].key);
}

/* What it prints can be given to --config: secrets are comments, and so are librdkafka's values,
 * since only librdkafka knows which of them are secret. */
void config_print_dump(const struct config *config)
{
    const char *source = "";
    for (size_t i = 0; i < config->count; i++) {
        const struct config_value *value = &config->values[i];
        bool is_hidden = value->key->type == CONFIG_SECRET && value->text[0];
        if (strcmp(source, value->source) != 0)
            (void)printf("# %s\n", value->source);
        source = value->source;
        (void)printf("%s%s = %s\n", is_hidden ? "# " : "", value->key->name,
                     is_hidden ? "***" : value->text);
    }
    for (size_t i = 0; i < config->kafka_count; i++)
        (void)printf("# kafka.%s = ***\n", config->kafka[i].name);
}

void config_print_help(const struct config_program *program, const struct config *config)
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
    config_print_list(config);
}

static enum config_outcome take_set(struct config_asked *asked, const char *text, char *detail)
{
    if (!text) {
        (void)snprintf(detail, DETAIL_BYTES, "-X wants key=value, list or dump");
        return CONFIG_USAGE;
    }
    if (strcmp(text, "list") == 0) {
        asked->list = true;
    } else if (strcmp(text, "dump") == 0) {
        asked->dump = true;
    } else if (!strchr(text, '=')) {
        (void)snprintf(detail, DETAIL_BYTES, "-X %s: wants key=value, list or dump", text);
        return CONFIG_USAGE;
    } else if (asked->set_count == CONFIG_SETS_MAX) {
        (void)snprintf(detail, DETAIL_BYTES, "more than %d -X; use --config", CONFIG_SETS_MAX);
        return CONFIG_USAGE;
    } else {
        asked->sets[asked->set_count++] = text;
    }
    return CONFIG_RUN;
}

static enum config_outcome take_file(struct config_asked *asked, const char *path, char *detail)
{
    if (!path || !*path) {
        (void)snprintf(detail, DETAIL_BYTES, "--config wants a file");
        return CONFIG_USAGE;
    }
    asked->file = path;
    return CONFIG_RUN;
}

/* One word at argv[*at], with the one after it when it belongs to it. */
static enum config_outcome take_word(const struct config_program *program, char **argv, int *at,
                                     struct config *config, struct config_asked *asked,
                                     char *detail)
{
    char *word = argv[*at];
    if (strcmp(word, "-X") == 0)
        return take_set(asked, argv[*at + 1] ? argv[++*at] : NULL, detail);
    if (strncmp(word, "-X", 2) == 0)
        return take_set(asked, word + 2, detail);
    if (strcmp(word, "--config") == 0)
        return take_file(asked, argv[*at + 1] ? argv[++*at] : NULL, detail);
    if (strncmp(word, "--config=", 9) == 0)
        return take_file(asked, word + 9, detail);
    if (strcmp(word, "--version") == 0) {
        asked->version = true;
    } else if (program->takes_rest) {
        config->rest[config->rest_count++] = word;
    } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        asked->help = true;
    } else {
        (void)snprintf(detail, DETAIL_BYTES, "%s is not understood; try --help", word);
        return CONFIG_USAGE;
    }
    return CONFIG_RUN;
}

enum config_outcome config_split_arguments(const struct config_program *program, int argc,
                                           char **argv, struct config *config,
                                           struct config_asked *asked, char *detail)
{
    config->rest = calloc((size_t)argc + 1, sizeof *config->rest);
    if (!config->rest)
        abort();
    if (argc > 0)
        config->rest[config->rest_count++] = argv[0];
    enum config_outcome outcome = CONFIG_RUN;
    bool is_over = false; /* after -- every word is the program's own */
    for (int i = 1; outcome == CONFIG_RUN && i < argc; i++) {
        is_over |= program->takes_rest && strcmp(argv[i], "--") == 0;
        if (is_over)
            config->rest[config->rest_count++] = argv[i];
        else
            outcome = take_word(program, argv, &i, config, asked, detail);
    }
    return outcome;
}

enum config_outcome config_apply_sets(struct config *config, const struct config_asked *asked,
                                      char *detail)
{
    enum config_outcome outcome = CONFIG_RUN;
    for (size_t i = 0; outcome == CONFIG_RUN && i < asked->set_count; i++) {
        char *copy = config_copy(asked->sets[i]);
        char *equals = strchr(copy, '=');
        *equals = '\0'; /* take_set saw it */
        outcome = config_set(config, copy, equals + 1, "argument", "-X", detail);
        free(copy);
    }
    return outcome;
}
