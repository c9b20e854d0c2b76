/* The text of a configuration value, read as its type. */
#ifndef MILEPOST_OPS_CONFIG_VALUE_H
#define MILEPOST_OPS_CONFIG_VALUE_H

#include "ops/config.h"

/* Whether `text` is a value of `key`, within its range. */
bool config_value_is_valid(const struct config_key *key, const char *text);

/* What `key` accepts, as the end of a sentence: "an integer from 1 to 64". */
void config_value_describe(const struct config_key *key, char out[DETAIL_BYTES]);

/* INTEGER as it stands, DURATION in milliseconds; false: not a number, or beyond int64. */
bool config_value_number(enum config_type type, const char *text, int64_t *out);

#endif
