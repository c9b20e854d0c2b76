/* The configuration keys that services and the CLI share. */
#ifndef MILEPOST_OPS_MILEPOST_KEYS_H
#define MILEPOST_OPS_MILEPOST_KEYS_H

#include "ops/config.h"

extern const struct config_key milepost_common_keys[];  /* Kafka, schemas, registry, Redis */
extern const struct config_key milepost_service_keys[]; /* loops, timeouts, admin */

#endif
