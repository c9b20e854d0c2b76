/* librdkafka settings that users pass through: `kafka.*` for every client, `kafka.consumer.*` and
 * `kafka.producer.*` for one role. What correctness hangs on is refused by name. */
#ifndef MILEPOST_KAFKA_SETTINGS_H
#define MILEPOST_KAFKA_SETTINGS_H

#include "base/slice.h"
#include "base/status.h"

enum kafka_role { KAFKA_ROLE_ANY, KAFKA_ROLE_CONSUMER, KAFKA_ROLE_PRODUCER };

struct kafka_setting_row;

/* Zero-valid. Rows keep the order in which they were given; a later one wins. */
struct kafka_settings {
    struct kafka_setting_row *rows;
    size_t count;
};

/* Adds one setting. `key` is what follows "kafka.": "ssl.ca.location", "consumer.fetch.min.bytes".
 * REFUSED, with the reason in `detail`: an unknown key, a value librdkafka does not take, or a key
 * that Milepost sets itself. */
MUST_CHECK
enum status kafka_setting(struct kafka_settings *settings, struct slice key, struct slice value,
                          char *detail);

/* Why `key` (without role) may not be set, or NULL when it may; borrowed for ever. */
const char *kafka_setting_refusal(struct slice key);

void kafka_settings_deinit(struct kafka_settings *settings);

#endif
