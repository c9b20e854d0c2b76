/* The configuration's inside, shared by its files: config.c (values), config_sources.c (file and
 * environment), config_arguments.c (the command line and what it prints). Not for others. */
#ifndef MILEPOST_OPS_CONFIG_PARTS_H
#define MILEPOST_OPS_CONFIG_PARTS_H

#include "ops/config.h"

enum { CONFIG_KEYS_MAX = 128, CONFIG_KAFKA_MAX = 256, CONFIG_SETS_MAX = 256 };

struct config_value {
    const struct config_key *key;
    char *text;         /* owned */
    const char *source; /* default, file, environment, argument */
};

struct config_pair {
    char *name; /* owned, without kafka. */
    char *value;
};

struct config {
    struct config_value values[CONFIG_KEYS_MAX];
    size_t count;
    struct config_pair kafka[CONFIG_KAFKA_MAX];
    size_t kafka_count;
    char **rest;
    int rest_count;
};

/* What the command line asks besides values; borrowed from argv. */
struct config_asked {
    const char *file;
    bool help;
    bool version;
    bool list;
    bool dump;
    const char *sets[CONFIG_SETS_MAX];
    size_t set_count;
};

/* NULL: the tables have no such key. */
const struct config_value *config_find(const struct config *config, const char *name);

/* Gives a key its value from `source`. `where` begins the sentence of a refusal. */
enum config_outcome config_set(struct config *config, const char *name, const char *text,
                               const char *source, const char *where, char *detail);

char *config_copy(const char *text);
char *config_trim(char *text); /* in place; a pointer into `text` */

enum config_outcome config_load_file(struct config *config, const char *path, char *detail);
enum config_outcome config_load_environment(struct config *config, char *detail);

enum config_outcome config_split_arguments(const struct config_program *program, int argc,
                                           char **argv, struct config *config,
                                           struct config_asked *asked, char *detail);
enum config_outcome config_apply_sets(struct config *config, const struct config_asked *asked,
                                      char *detail);

void config_print_help(const struct config_program *program, const struct config *config);
void config_print_list(const struct config *config);
void config_print_dump(const struct config *config);

#endif
