/* One librdkafka client and what its callbacks leave behind. Private to libs/kafka. */
#ifndef MILEPOST_KAFKA_HANDLE_H
#define MILEPOST_KAFKA_HANDLE_H

#include "base/log.h"
#include "kafka/kafka_endpoint.h"

#include <librdkafka/rdkafka.h>
#include <stdatomic.h>

struct kafka_property {
    const char *key;
    const char *value;
};

/* Callbacks a client may need beside log and error. */
struct kafka_hooks {
    void (*rebalance)(rd_kafka_t *rk, rd_kafka_resp_err_t code,
                      rd_kafka_topic_partition_list_t *partitions, void *opaque);
    void (*delivered)(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque);
    bool has_statistics; /* its statistics are read: whoever polls it keeps them fresh */
};

struct kafka_handle {
    rd_kafka_t *rk; /* NULL: not open */
    const struct kafka_endpoint *endpoint;
    void *owner;                  /* for hooks: their opaque is the handle */
    int trouble_code;             /* last client-wide error since it was last looked at, or 0 */
    char trouble[256];            /* its text */
    int64_t trouble_ms;           /* when, monotonic */
    struct log_client statistics; /* the last; zeros: none yet, or not wanted */
    /* Requests written to a broker's socket, retries too; counted on librdkafka's threads. */
    atomic_int end_transaction_requests;
    atomic_int offset_commit_requests;
};

/* Sets one property. REFUSED with librdkafka's reason. */
MUST_CHECK
enum status kafka_conf_set(rd_kafka_conf_t *conf, const char *key, const char *value, char *detail);

/* The user's settings for `role`. */
MUST_CHECK
enum status kafka_settings_apply(const struct kafka_settings *settings, enum kafka_role role,
                                 rd_kafka_conf_t *conf, char *detail);

/* Opens a client in the storage of `handle`, which must not move: defaults of the role first, then
 * the user's settings, then `own`, which nobody overrides. No network traffic is waited for. */
MUST_CHECK
enum status kafka_handle_open(struct kafka_handle *handle, const struct kafka_endpoint *endpoint,
                              enum kafka_role role, const struct kafka_property *own,
                              size_t own_count, const struct kafka_hooks *hooks, void *owner,
                              char *detail);

/* Ends the client without leaving its group, dropping what was not sent. Twice is fine. */
void kafka_handle_close(struct kafka_handle *handle);

/* Writes "`what`: error text" to `detail`, and what would help if that is known. */
void kafka_explain(char *detail, const char *what, rd_kafka_resp_err_t code, const char *text);

/* The same of a request of `handle`: where the code says no more than that nobody answered, the
 * client's last error, if of late, tells why (a password that is refused, a certificate). */
void kafka_explain_request(struct kafka_handle *handle, char *detail, const char *what,
                           rd_kafka_resp_err_t code, const char *text);

/* Flags of kafka_error.h; takes `error` over. */
unsigned kafka_error_flags(const rd_kafka_error_t *error);

/* The machine's monotonic milliseconds, for bounds on waiting. */
int64_t kafka_now_ms(void);

#endif
