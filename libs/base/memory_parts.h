/* What the sources of base/memory_log.h share: the broker's parts. Not for others. */
#ifndef MILEPOST_BASE_MEMORY_PARTS_H
#define MILEPOST_BASE_MEMORY_PARTS_H

#include "base/memory_log.h"
#include "base/memory_store.h"

struct memory_topic {
    struct memory_topic *next;
    char *name;
    int id; /* index into a group's offsets */
    int32_t partition_count;
    struct memory_partition *partitions;
};

/* --- groups (memory_group.c) --- */

struct memory_offset {
    int64_t offset;   /* -1: none */
    int64_t sequence; /* of its append to the group's log; the highest stands */
    int32_t pending;  /* commits of open transactions */
    char metadata[LOG_METADATA_BYTES];
};

struct memory_member {
    char *instance;
    int64_t id; /* drawn at each join; another one has replaced its holder */
    int64_t seen_ms;
    bool has_joined; /* in the rebalance under way */
    int32_t task_first;
    int32_t task_count;
};

struct memory_group {
    struct memory_group *next;
    char *name;
    struct memory_member *members; /* by instance */
    size_t member_count;
    int64_t generation;
    bool is_rebalancing;
    int32_t task_count;
    struct memory_offset **offsets; /* by topic id, then partition; NULL: none yet */
    int offset_topic_count;
};

struct memory_group *memory_group_of(struct memory_broker *broker, const char *name);
void memory_group_free(struct memory_group *group);
struct memory_member *memory_group_find(const struct memory_group *group, const char *instance);

/* Joins as `instance`, in place of whoever holds that name. A known name takes over its tasks
 * without a rebalance. Returns the new member id. */
int64_t memory_group_join(struct memory_broker *broker, struct memory_group *group,
                          const char *instance);
/* Ends the rebalance if every member has joined it. */
void memory_group_settle(struct memory_group *group);
/* Removes members that were silent for longer than the session timeout. */
void memory_group_expire(struct memory_broker *broker, struct memory_group *group);
/* The group's entry for a partition, created when there is none. */
struct memory_offset *memory_group_offset(struct memory_group *group,
                                          const struct memory_topic *topic, int32_t partition);

/* --- transactions (memory_transaction.c) --- */

struct memory_target {
    struct memory_partition *partition;
    int64_t due_ms; /* when its marker is written, once the end is decided */
};

struct memory_pending {
    struct memory_offset *entry;
    int64_t offset;
    int64_t sequence;
    char metadata[LOG_METADATA_BYTES];
};

enum memory_transaction_state { MEMORY_IDLE, MEMORY_OPEN, MEMORY_ENDING };

/* The coordinator's state of one transactional id. */
struct memory_coordinator {
    struct memory_coordinator *next;
    char *name;
    int64_t epoch;
    enum memory_transaction_state state;
    int64_t transaction; /* broker-wide number */
    int64_t begun_ms;
    bool is_commit; /* how the last transaction ended, or is ending */
    struct memory_target *targets;
    size_t target_count;
    size_t target_capacity;
    struct memory_pending *pending;
    size_t pending_count;
    size_t pending_capacity;
    int64_t offsets_due_ms;
    bool late_is_armed; /* a second end request is under way … */
    bool late_is_commit;
    int64_t late_epoch;
    uint64_t late_in; /* … and arrives after so many more operations */
};

struct memory_coordinator *memory_coordinator_of(struct memory_broker *broker, const char *name);
void memory_coordinator_free(struct memory_coordinator *coordinator);
/* InitProducerId: aborts what is open, waits for its markers, and fences who held the name. */
void memory_coordinator_init(struct memory_broker *broker, struct memory_coordinator *coordinator);
/* Registers `partition` with the transaction, begun by it if need be, and appends the record. */
int64_t memory_coordinator_append(struct memory_broker *broker,
                                  struct memory_coordinator *coordinator,
                                  struct memory_partition *partition,
                                  const struct log_record *record);
void memory_coordinator_offset(struct memory_broker *broker, struct memory_coordinator *coordinator,
                               struct memory_offset *entry, const struct log_position *position);
/* EndTxn: decides, and writes the markers that are not delayed. */
void memory_coordinator_end(struct memory_broker *broker, struct memory_coordinator *coordinator,
                            bool is_commit);
/* Writes markers that are due, and ends a transaction that is overdue. */
void memory_coordinator_tick(struct memory_broker *broker, struct memory_coordinator *coordinator);

/* --- the broker (memory_broker.c) --- */

struct memory_client;

struct memory_broker {
    struct memory_broker_config config;
    struct memory_faults faults;
    struct memory_broker_counters counters;
    struct memory_topic *topics;
    struct memory_group *groups;
    struct memory_coordinator *coordinators;
    struct memory_client *clients;
    int topic_count;
    int64_t now_ms;
    int64_t down_until_ms;
    int64_t numbers; /* last given: transactions, member ids, offset commits */
    uint64_t random;
};

struct memory_topic *memory_topic_find(const struct memory_broker *broker, const char *name);
bool memory_fault_strikes_slow(struct memory_broker *broker, struct memory_fault_rule *rule);
/* Whether the fault happens now. */
static inline bool memory_fault_strikes(struct memory_broker *broker, enum memory_fault fault)
{
    struct memory_fault_rule *rule = &broker->faults.rules[fault];
    return (rule->countdown || rule->per_million) && memory_fault_strikes_slow(broker, rule);
}
int64_t memory_broker_unix_ms(const struct memory_broker *broker);
/* Memory or the end of the process; `memory` as malloc gave it. */
void *memory_must(void *memory);

/* --- clients (memory_log.c, and by topic memory_membership.c, _reading.c, _producer.c) --- */

enum memory_slot_state {
    MEMORY_SLOT_DEAD,  /* no producer: reopen() */
    MEMORY_SLOT_READY, /* between transactions */
    MEMORY_SLOT_BEGUN,
    MEMORY_SLOT_FAILED /* must be aborted */
};

struct memory_report {
    int64_t *out;
    int64_t offset;
};

struct memory_slot {
    struct memory_coordinator *coordinator;
    int64_t epoch;
    enum memory_slot_state state;
    bool has_effects; /* of this transaction the broker has heard */
    struct memory_report *reports;
    size_t report_count;
    size_t report_capacity;
};

struct memory_place {
    int topic;
    struct memory_partition *partition;
    int32_t number;
    int64_t next;
};

struct memory_client {
    struct memory_client *next;
    struct memory_broker *broker;
    struct memory_topic **topics;
    int topic_count;
    struct memory_group *group;
    char *instance;
    struct log_listener listener;
    bool is_dead;
    bool is_interrupted;
    int64_t seen_ms;    /* when the broker last heard of it */
    int64_t member_id;  /* 0: not joined */
    int64_t generation; /* of the last assigned(); 0: none */
    int32_t owned_count;
    struct memory_place *places; /* what assign() named */
    size_t place_count;
    bool is_late;      /* nothing has come since the last assign() */
    size_t place_turn; /* the place to begin the next poll with */
    struct log_record *held;
    size_t held_first;
    size_t held_count;
    size_t held_capacity;
    char **copies; /* beside `held`, when the broker's config asks for copies */
    struct log_reader *readers;
    struct memory_slot slots[LOG_SLOTS];
    struct log_counters counters;
};

/* Every call passes here: the member is alive; UNAVAILABLE when the broker does not answer. */
enum status memory_client_call(struct memory_client *client, char *detail);
/* The member's part of the group protocol, as far as it gets now; calls the listener. False:
 * another holds its name. */
bool memory_client_take_part(struct memory_client *client);
/* NULL: no such partition. */
struct memory_partition *memory_client_partition(const struct memory_client *client, int topic,
                                                 int32_t partition);
/* Gives back the `count` oldest records held, which are there. */
void memory_client_drop(struct memory_client *client, size_t count);
/* The lowest offset of `partition` from which some client still holds bytes; INT64_MAX: none. */
int64_t memory_clients_hold(const struct memory_broker *broker,
                            const struct memory_partition *partition);
/* Deletes what lies below `before`; outside the log it does nothing. */
void memory_delete(struct memory_broker *broker, struct memory_partition *partition,
                   int64_t before);
void memory_client_free(struct memory_client *client);

/* The functions of struct log. */
enum status memory_poll(void *self, int timeout_ms, size_t records_max,
                        const struct log_record **out_records, size_t *out_count, char *detail);
void memory_release(void *self, size_t count);
enum status memory_assign(void *self, const struct log_position *positions, size_t count,
                          char *detail);
enum status memory_committed(void *self, struct log_position *positions, size_t count,
                             char *detail);
enum status memory_bounds(void *self, int topic, int32_t partition, int64_t *out_first,
                          int64_t *out_end, char *detail);
enum status memory_reader_open(void *self, int topic, int32_t partition, int64_t offset,
                               struct log_reader **out, char *detail);
enum status memory_reader_next(void *self, struct log_reader *reader, int timeout_ms,
                               const struct log_record **out, int64_t *out_end_offset,
                               char *detail);
void memory_reader_close(void *self, struct log_reader *reader);
enum status memory_truncate(void *self, int topic, int32_t partition, int64_t before, char *detail);
enum status memory_reopen(void *self, char *detail);
enum status memory_begin(void *self, int slot, char *detail);
enum status memory_produce(void *self, int slot, const struct log_outgoing *record, char *detail);
enum status memory_send_offsets(void *self, int slot, const struct log_position *positions,
                                size_t count, char *detail);
enum status memory_commit(void *self, int slot, char *detail);
enum status memory_abort(void *self, int slot, char *detail);

#endif
