#include "ops/milepost_keys.h"

#include "ops/version.h"

const struct config_key milepost_common_keys[] = {
    {"kafka.bootstrap.servers", CONFIG_TEXT, "127.0.0.1:9092", 0, 0,
     "brokers, host:port with commas"},
    {"prefix", CONFIG_TEXT, "", 0, 0, "before topics, groups and transactional ids (tenant.)"},
    {"schemas.folder", CONFIG_TEXT, MILEPOST_SCHEMAS_FOLDER, 0, 0, "the schema files"},
    {"schema.registry.url", CONFIG_TEXT, "", 0, 0, "a Confluent-compatible registry; none: files"},
    {"basic.auth.user.info", CONFIG_SECRET, "", 0, 0, "user:password of the registry"},
    {"schema.registry.bearer.token", CONFIG_SECRET, "", 0, 0, "or a token"},
    {"schema.registry.ssl.ca", CONFIG_TEXT, "", 0, 0, "PEM file of the registry's authority"},
    {"schema.registry.ssl.cert", CONFIG_TEXT, "", 0, 0, "PEM file of our certificate"},
    {"schema.registry.ssl.key", CONFIG_TEXT, "", 0, 0, "PEM file of its key"},
    {"auto.register.schemas", CONFIG_BOOL, "false", 0, 0, "register what the registry lacks"},
    {"redis.url", CONFIG_SECRET, "", 0, 0,
     "unix:///path, redis://host:port or, over TLS, rediss://host:port; none: no Redis"},
    {"redis.password", CONFIG_SECRET, "", 0, 0, "of Redis"},
    {"redis.ssl.ca", CONFIG_TEXT, "", 0, 0, "PEM file of Redis's authority"},
    {"redis.ssl.cert", CONFIG_TEXT, "", 0, 0, "PEM file of our certificate"},
    {"redis.ssl.key", CONFIG_TEXT, "", 0, 0, "PEM file of its key"},
    {NULL, CONFIG_TEXT, "", 0, 0, NULL},
};

const struct config_key milepost_service_keys[] = {
    {"instance", CONFIG_TEXT, "1", 0, 0,
     "this process's lasting name among its fellows: group member and transactional ids"},
    {"loops", CONFIG_INTEGER, "1", 1, 64, "threads, each with a consumer and two producers"},
    {"session.timeout.ms", CONFIG_INTEGER, "30000", 6000, 1800000,
     "after which a silent member's tasks go to others"},
    {"transaction.timeout.ms", CONFIG_INTEGER, "15000", 1000, 900000,
     "after which the broker aborts what a dead worker left open"},
    {"journal.keep", CONFIG_DURATION, "2 min", 1000, 86400000,
     "how long a restore may take to read what could be truncated"},
    {"topics.check.interval", CONFIG_DURATION, "1 h", 1000, 86400000,
     "how often the topics' settings are compared with what they must be"},
    {"batch.rows", CONFIG_INTEGER, "20000", 1, 1000000, "most rows of a turn"},
    {"admin.address", CONFIG_TEXT, "127.0.0.1", 0, 0, "where /metrics, /livez, /readyz listen"},
    {"admin.port", CONFIG_INTEGER, "0", 0, 65535, "0: nowhere"},
    {"log.level", CONFIG_TEXT, "info", 0, 0, "debug, info, warning or error"},
    {NULL, CONFIG_TEXT, "", 0, 0, NULL},
};
