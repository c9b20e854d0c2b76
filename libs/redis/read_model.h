/* The read model: what attainment shows, in Redis for everybody to read (README.md has the keys).
 *
 * Nothing is ever computed from it. One hash per attainment partition holds the entries and, under
 * "#header", which records they came from: "generation offset". Writing compares and sets that
 * header inside Redis, so a write is accepted exactly when nothing is missing and nothing is older;
 * data and header, being one key, are lost, restored and replicated together.
 *
 * Every failure is UNAVAILABLE and drops the connection; read_model_connect() makes a new one. A
 * read model is used by one thread, in a process that ignores SIGPIPE. */
#ifndef MILEPOST_REDIS_READ_MODEL_H
#define MILEPOST_REDIS_READ_MODEL_H

#include "base/histogram.h"
#include "redis/attainment_entry.h"

enum { READ_MODEL_ENTRIES_MAX = 500, READ_MODEL_TIMEOUT_MS = 5000, READ_MODEL_HEADER_BYTES = 256 };

struct read_model_options {
    const char *url;         /* redis_url.h */
    const char *password;    /* NULL or "": the URL's, if any */
    const char *prefix;      /* of the installation; NULL: none */
    const char *ca_location; /* PEM files for rediss://, NULL or "": none */
    const char *certificate_location;
    const char *key_location;
    int timeout_ms; /* 0: READ_MODEL_TIMEOUT_MS */
    bool writes;    /* false: reads only, and needs no right to load functions */
};

struct read_model;

/* Connects to nothing yet; the options' texts may go. REFUSED: the URL, a length or a PEM file. */
enum status read_model_open(const struct read_model_options *options, struct read_model **out,
                            char *detail) MUST_CHECK;
void read_model_free(struct read_model *model);

/* Connects unless connected. After a failure the next attempts answer UNAVAILABLE at once until a
 * pause is over: 100 ms, doubling up to 5 s. `now_ms` is any clock that does not go back. */
enum status read_model_connect(struct read_model *model, int64_t now_ms, char *detail) MUST_CHECK;
bool read_model_is_connected(const struct read_model *model);

/* How long writes took, all their entries in one command, those without an answer too; on the scale
 * histogram_us. */
struct histogram read_model_durations(const struct read_model *model);

/* --- the header --- */

/* As stored; "" when there is none (no hash). */
struct read_model_header {
    char text[READ_MODEL_HEADER_BYTES];
};

/* False: the generation is too long or has a blank. `offset` is of the next record to read. */
bool read_model_header_set(struct read_model_header *header, struct slice generation,
                           int64_t offset) MUST_CHECK;

/* False: there is none, or somebody else wrote it. The generation is borrowed from `header`. */
bool read_model_header_get(const struct read_model_header *header, struct slice *out_generation,
                           int64_t *out_offset) MUST_CHECK;

bool read_model_header_equal(const struct read_model_header *a, const struct read_model_header *b);

enum status read_model_header(struct read_model *model, int32_t partition,
                              struct read_model_header *out, char *detail) MUST_CHECK;

/* --- writing --- */

/* Where a write goes: the hash that is read (`draft` 0) or one that is being built beside it, named
 * by a number drawn at random, which goes by itself after an hour without a write. */
struct read_model_place {
    int32_t partition;
    uint64_t draft;
};

struct read_model_write {
    struct slice field;
    struct slice value;
};

/* Writes 1 … READ_MODEL_ENTRIES_MAX entries and the header `next`, all or nothing, if the stored
 * header is `base`. `*out_stored` is the header afterwards: `next` when it was written (now, or
 * earlier by a call whose answer was lost), anything else when it was refused. */
enum status read_model_apply(struct read_model *model, struct read_model_place place,
                             const struct read_model_header *base,
                             const struct read_model_header *next,
                             const struct read_model_write *writes, size_t count,
                             struct read_model_header *out_stored, char *detail) MUST_CHECK;

/* Puts the draft `place`, whose header is `built`, in place of the hash whose header is `base`;
 * with an empty `built` that hash goes and nothing comes. `*out_stored` as above; a draft that was
 * refused is gone. */
enum status read_model_replace(struct read_model *model, struct read_model_place place,
                               const struct read_model_header *base,
                               const struct read_model_header *built,
                               struct read_model_header *out_stored, char *detail) MUST_CHECK;

/* Removes a draft. */
enum status read_model_discard(struct read_model *model, struct read_model_place place,
                               char *detail) MUST_CHECK;

/* --- reading --- */

/* One entry. `*out_found` false: not there, which means unknown and never zero. INVALID: somebody
 * else wrote it; EXHAUSTED: the arena is full. */
enum status read_model_get(struct read_model *model, int32_t partition,
                           const struct attainment_key *key, struct arena *arena, bool *out_found,
                           struct attainment_entry *out, char *detail) MUST_CHECK;

enum { READ_MODEL_ALL = -1 };

struct read_model_scan {
    int32_t partition;        /* READ_MODEL_ALL: every hash there is */
    struct slice participant; /* bytes NULL: everybody */
    void *self;
    void (*entry)(void *self, const struct attainment_entry *entry); /* valid during the call */
};

/* Calls `entry` for every entry, in no order; one that is written meanwhile may come twice. What
 * somebody else wrote is left out. */
enum status read_model_scan(struct read_model *model, const struct read_model_scan *scan,
                            char *detail) MUST_CHECK;

#if MILEPOST_HAZARDS
/* Replaces compare-and-set by "a later offset wins" (KAFKA-AND-REDIS.md H1), to see it go wrong. */
extern bool redis_hazard_watermark;
#endif

#endif
