/* A Confluent-compatible schema registry over HTTP.
 *
 * Several addresses are tried in turn, beginning with the one that answered last. Statuses of all
 * calls: UNAVAILABLE = nobody answered in time or all answered with an error of theirs (5xx, 429),
 * ask again later; INVALID = the registry does not know it; REFUSED = it will never work as
 * configured (credentials, rights, certificates, an incompatible schema). `detail` says which,
 * where and what to do; it never holds a secret. One thread at a time. */
#ifndef MILEPOST_SCHEMA_REGISTRY_H
#define MILEPOST_SCHEMA_REGISTRY_H

#include "base/buffer.h"
#include "base/histogram.h"
#include "base/status.h"

enum { REGISTRY_ADDRESSES_MAX = 8, REGISTRY_GUID_BYTES = 16 };

/* NULL or "" is "not given", for each. Texts are copied. */
struct registry_options {
    const char *url;   /* http(s)://[user:password@]host[:port][/path], several with commas */
    const char *basic; /* user:password; wins over the one in `url` */
    const char *bearer_token;
    const char *ca_location;          /* PEM files */
    const char *certificate_location; /* of this client */
    const char *key_location;
    const char *key_password;
    int timeout_ms; /* of one request to one address; 0: 5,000 */
};

struct registry;

/* REFUSED: an address or a file is not usable. Asks nobody yet. */
enum status registry_open(const struct registry_options *options, struct registry **out,
                          char *detail) MUST_CHECK;
void registry_free(struct registry *registry);

/* How long its requests took, those without an answer too; on the scale histogram_us. */
struct histogram registry_durations(const struct registry *registry);

/* Appends the schema's JSON text. */
enum status registry_by_id(struct registry *registry, uint32_t id, struct buffer *out,
                           char *detail) MUST_CHECK;
enum status registry_by_guid(struct registry *registry, const uint8_t guid[REGISTRY_GUID_BYTES],
                             struct buffer *out, char *detail) MUST_CHECK;

/* The id of `schema` under `subject`. INVALID: it is not registered there. */
enum status registry_lookup(struct registry *registry, const char *subject, struct slice schema,
                            uint32_t *out_id, char *detail) MUST_CHECK;

/* The same, registering it when it is not there yet. REFUSED: incompatible, or no right to. */
enum status registry_register(struct registry *registry, const char *subject, struct slice schema,
                              uint32_t *out_id, char *detail) MUST_CHECK;

#endif
