/* Configuration: one table of keys a program, from four sources.
 *
 * Lowest to highest: the table's default, the file of `--config` (or MILEPOST_CONFIG), the
 * environment (MILEPOST_REDIS_URL for `redis.url`; MILEPOST_REDIS_PASSWORD_FILE reads the value
 * from a file), and `-X key=value`. The file has lines of `key = value`, and comment lines that
 * begin with #. `--help` prints the table; a secret's value is never printed. Keys that begin with
 * `kafka.` and are not in the table go to librdkafka, which knows them; in the environment _ stands
 * for their dots, and what Kubernetes says of a service called milepost-kafka is not taken for a
 * setting. */
#ifndef MILEPOST_OPS_CONFIG_H
#define MILEPOST_OPS_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum config_type {
    CONFIG_TEXT,
    CONFIG_SECRET, /* text that is never shown */
    CONFIG_INTEGER,
    CONFIG_DURATION, /* 500 ms, 30 s, 2 min, 1 h; a bare number is of milliseconds */
    CONFIG_BOOL,     /* true, false */
};

struct config_key {
    const char *name;
    enum config_type type;
    const char *fallback; /* in the form of the type */
    int64_t min;          /* INTEGER, DURATION; both 0: any */
    int64_t max;
    const char *help;
};

struct config_program {
    const char *name;                       /* milepost-crediting */
    const char *summary;                    /* printed first by --help */
    const struct config_key *const *tables; /* NULL-terminated list of tables ending in name NULL */
    bool takes_rest; /* other arguments are the program's own (config_rest); else usage errors */
};

enum config_outcome {
    CONFIG_RUN,
    CONFIG_DONE,  /* --help, --version, -X list, -X dump: printed; exit 0 */
    CONFIG_USAGE, /* exit 2 */
    CONFIG_BAD,   /* exit 3 */
};

struct config;

/* Reads all sources. CONFIG_USAGE and CONFIG_BAD: `detail` says what, where (file:line) and what to
 * do. */
enum config_outcome config_load(const struct config_program *program, int argc, char **argv,
                                struct config **out, char *detail) MUST_CHECK;
void config_free(struct config *config); /* NULL does nothing */

/* The value of a key of the tables (asserted); borrowed from the config. */
const char *config_text(const struct config *config, const char *name);
int64_t config_integer(const struct config *config, const char *name); /* INTEGER, DURATION (ms) */
bool config_bool(const struct config *config, const char *name);

/* The `kafka.*` settings in the order given, their names without `kafka.`; false past the last. */
bool config_kafka(const struct config *config, size_t index, const char **out_name,
                  const char **out_value);

/* What was not configuration, program name first: for getopt. All that follows a -- is here, with
 * the --. */
int config_rest_count(const struct config *config);
char **config_rest(const struct config *config);

#endif
