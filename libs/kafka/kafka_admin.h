/* Topics, their settings and groups' offsets, as `milepost topics` and a worker's start need them.
 *
 * Every call waits a bounded time. UNAVAILABLE: nobody answered; REFUSED: the cluster said no, and
 * `detail` says which topic and why. */
#ifndef MILEPOST_KAFKA_ADMIN_H
#define MILEPOST_KAFKA_ADMIN_H

#include "base/log.h"
#include "kafka/kafka_endpoint.h"

struct kafka_admin;

/* A client in `*out`; the endpoint must outlive it. REFUSED: a setting cannot work. */
MUST_CHECK
enum status kafka_admin_new(const struct kafka_endpoint *endpoint, struct kafka_admin **out,
                            char *detail);
void kafka_admin_free(struct kafka_admin *admin);

struct kafka_topic_setting {
    const char *name;
    const char *value;
};

struct kafka_topic_spec {
    const char *name;
    int32_t partitions;
    int replication; /* -1: the cluster's default */
    const struct kafka_topic_setting *settings;
    size_t setting_count;
};

/* Creates what is not there yet and returns when all partitions have leaders. `out_created` (NULL
 * or `count` long) tells which were new; on failure some may have been created. */
MUST_CHECK
enum status kafka_admin_create_topics(struct kafka_admin *admin,
                                      const struct kafka_topic_spec *specs, size_t count,
                                      bool *out_created, char *detail);

/* Deletes topics; one that is not there is no failure. */
MUST_CHECK
enum status kafka_admin_delete_topics(struct kafka_admin *admin, const char *const *names,
                                      size_t count, char *detail);

struct kafka_topic_info {
    int32_t partitions; /* 0: there is no such topic */
    int32_t leaderless; /* partitions that nobody serves now */
    int replication;    /* of partition 0 */
};

MUST_CHECK
enum status kafka_admin_topic(struct kafka_admin *admin, const char *name,
                              struct kafka_topic_info *out, char *detail);

enum { KAFKA_SETTING_VALUE_BYTES = 128 };

struct kafka_topic_value {
    const char *name;                      /* given: "cleanup.policy" */
    char value[KAFKA_SETTING_VALUE_BYTES]; /* filled; "" when the broker does not know the name */
    bool is_default;                       /* filled: not set on the topic itself */
};

/* Fills the values in force of a topic's settings. REFUSED: no such topic. */
MUST_CHECK
enum status kafka_admin_topic_settings(struct kafka_admin *admin, const char *topic,
                                       struct kafka_topic_value *values, size_t count,
                                       char *detail);

struct kafka_offset {
    const char *topic;
    int32_t partition;
    int64_t offset; /* filled; -1: none committed */
    char metadata[LOG_METADATA_BYTES];
};

/* Fills a group's stable committed offsets (topic and partition given), without joining it.
 * UNAVAILABLE also while a transaction that touches them is open. */
MUST_CHECK
enum status kafka_admin_committed(struct kafka_admin *admin, const char *group,
                                  struct kafka_offset *offsets, size_t count, char *detail);

enum { KAFKA_GROUP_NAMES_BYTES = 200 };

struct kafka_group_info {
    int members;                         /* 0: empty, or there is no such group */
    char names[KAFKA_GROUP_NAMES_BYTES]; /* of the members, with commas; cut when there are many */
};

MUST_CHECK
enum status kafka_admin_group(struct kafka_admin *admin, const char *group,
                              struct kafka_group_info *out, char *detail);

/* A partition's first offset and its end, of all records. */
MUST_CHECK
enum status kafka_admin_bounds(struct kafka_admin *admin, const char *topic, int32_t partition,
                               int64_t *out_first, int64_t *out_end, char *detail);

/* Deletes all before `before` and waits for it. */
MUST_CHECK
enum status kafka_admin_truncate(struct kafka_admin *admin, const char *topic, int32_t partition,
                                 int64_t before, char *detail);

/* Proves the right to truncate with a request for all `partitions` of a topic that deletes nothing.
 * REFUSED: not authorised, or the topic's cleanup policy forbids it. */
MUST_CHECK
enum status kafka_admin_probe_truncate(struct kafka_admin *admin, const char *topic,
                                       int32_t partitions, char *detail);

#endif
