#include "milepost/moved_facts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
#define HASH_FUNCTION(key, length, value) ((value) = (unsigned)XXH3_64bits(key, length))
#include <uthash.h>

#include "milepost/topic_walk.h"

enum { SCRATCH_BYTES_MAX = 64 * 1024 * 1024, PROGRESS_EVERY = 5000 };

/* A fact as seen from here. */
struct fact {
    enum event_kind kind;
    struct slice id;
    struct slice deal_id; /* empty: none */
    int64_t revision;
    bool is_revoked;
};

/* An id of a file and the deal that it named; the hashes say only what is worth keeping. */
struct wanted {
    uint64_t id; /* 0: a free place */
    uint64_t deal;
    bool is_moving; /* the files name several deals */
};

/* Where a fact stands or stood. */
struct standing_fact {
    struct slice deal_id; /* owned, as the next */
    struct slice row;     /* schemas_encode_row() */
    int64_t revision;
    bool is_revoked;
};

/* All that is known of one id. */
struct history {
    UT_hash_handle hh;
    struct standing_fact *items;
    size_t count;
    size_t read; /* of them, those that were read from the topic */
    size_t key_length;
    char key[]; /* kind, id */
};

struct moved_facts {
    struct wanted *wanted;
    size_t wanted_count;
    size_t capacity; /* a power of two */
    bool wants_milestones;
    bool wants_payments;
    struct history *histories;
    struct buffer key;
    struct buffer row;
    struct arena arena; /* of the revocations */
    struct event *revocations;
};

static void *grown(void *items, size_t bytes)
{
    void *more = realloc(items, bytes);
    if (!more)
        abort();
    return more;
}

struct moved_facts *moved_facts_new(void)
{
    struct moved_facts *moved = calloc(1, sizeof *moved);
    if (!moved)
        abort();
    arena_init_growing(&moved->arena, SCRATCH_BYTES_MAX);
    return moved;
}

static void cut(struct history *history, size_t count)
{
    while (history->count > count) {
        const struct standing_fact *last = &history->items[--history->count];
        free((void *)(uintptr_t)last->deal_id.bytes);
        free((void *)(uintptr_t)last->row.bytes);
    }
}

void moved_facts_free(struct moved_facts *moved)
{
    if (!moved)
        return;
    struct history *history;
    struct history *next;
    HASH_ITER(hh, moved->histories, history, next)
    {
        HASH_DEL(moved->histories, history);
        cut(history, 0);
        free(history->items);
        free(history);
    }
    free(moved->wanted);
    free(moved->revocations);
    buffer_deinit(&moved->key);
    buffer_deinit(&moved->row);
    arena_deinit(&moved->arena);
    free(moved);
}

/* --- facts of both kinds --- */

static struct fact fact_of_milestone(const struct milestone *milestone)
{
    return (struct fact){EVENT_MILESTONE, milestone->milestone_id, milestone->deal_id,
                         milestone->revision, milestone->status == MILESTONE_REVOKED};
}

static struct fact fact_of_payment(const struct payment *payment)
{
    return (struct fact){EVENT_PAYMENT, payment->payment_id, payment->deal_id, payment->revision,
                         payment->amount.units == 0};
}

static bool fact_of(const struct event *event, struct fact *out)
{
    if (event->kind == EVENT_MILESTONE)
        *out = fact_of_milestone(&event->milestone);
    else if (event->kind == EVENT_PAYMENT)
        *out = fact_of_payment(&event->payment);
    else
        return false;
    return true;
}

static const void *content_of(const struct event *event)
{
    return event->kind == EVENT_MILESTONE ? (const void *)&event->milestone : &event->payment;
}

static enum schema_kind schema_of(enum event_kind kind)
{
    return kind == EVENT_MILESTONE ? SCHEMA_MILESTONE : SCHEMA_PAYMENT;
}

static struct slice key_of(struct moved_facts *moved, const struct fact *fact)
{
    buffer_reset(&moved->key);
    buffer_append_byte(&moved->key, (char)fact->kind);
    buffer_append_slice(&moved->key, fact->id);
    return buffer_slice(&moved->key);
}

/* --- what is wanted --- */

static uint64_t hash_of(struct slice text)
{
    return XXH3_64bits(text.bytes, text.length) | 1;
}

static struct wanted *place_of(const struct moved_facts *moved, uint64_t id)
{
    size_t at = (size_t)(id >> 1) & (moved->capacity - 1);
    while (moved->wanted[at].id && moved->wanted[at].id != id)
        at = (at + 1) & (moved->capacity - 1);
    return &moved->wanted[at];
}

static void make_room(struct moved_facts *moved)
{
    if (moved->wanted_count * 2 < moved->capacity)
        return;
    struct wanted *old = moved->wanted;
    size_t count = moved->capacity;
    moved->capacity = count ? count * 2 : 64;
    moved->wanted = calloc(moved->capacity, sizeof *moved->wanted);
    if (!moved->wanted)
        abort();
    for (size_t i = 0; i < count; i++)
        if (old[i].id)
            *place_of(moved, old[i].id) = old[i];
    free(old);
}

void moved_facts_want(struct moved_facts *moved, const struct event *event)
{
    struct fact fact;
    if (!fact_of(event, &fact))
        return;
    make_room(moved);
    uint64_t id = hash_of(key_of(moved, &fact));
    uint64_t deal = hash_of(fact.deal_id);
    struct wanted *wanted = place_of(moved, id);
    moved->wanted_count += !wanted->id;
    wanted->is_moving |= wanted->id && wanted->deal != deal;
    wanted->id = id;
    wanted->deal = deal;
    moved->wants_milestones |= fact.kind == EVENT_MILESTONE;
    moved->wants_payments |= fact.kind == EVENT_PAYMENT;
}

bool moved_facts_any(const struct moved_facts *moved)
{
    return moved->wanted_count > 0;
}

/* Whether the fact stands, or is going to, under another deal than the files name. */
static bool is_worth_keeping(struct moved_facts *moved, const struct fact *fact)
{
    if (!moved_facts_any(moved))
        return false;
    const struct wanted *wanted = place_of(moved, hash_of(key_of(moved, fact)));
    return wanted->id && (wanted->is_moving || wanted->deal != hash_of(fact->deal_id));
}

/* --- what stands --- */

static struct history *find_history(struct moved_facts *moved, const struct fact *fact)
{
    struct history *history;
    struct slice key = key_of(moved, fact);
    HASH_FIND(hh, moved->histories, key.bytes, (unsigned)key.length, history);
    return history;
}

static struct history *history_of(struct moved_facts *moved, const struct fact *fact)
{
    struct history *history = find_history(moved, fact);
    if (history)
        return history;
    struct slice key = key_of(moved, fact);
    history = calloc(1, sizeof *history + key.length);
    if (!history)
        abort();
    history->key_length = key.length;
    memcpy(history->key, key.bytes, key.length);
    HASH_ADD(hh, moved->histories, key, (unsigned)key.length, history);
    return history;
}

static struct slice copy_of(struct slice text)
{
    char *copy = malloc(text.length + 1);
    if (!copy)
        abort();
    if (text.length)
        memcpy(copy, text.bytes, text.length);
    return (struct slice){copy, text.length};
}

static void keep(struct moved_facts *moved, struct schemas *schemas, const struct fact *fact,
                 const void *content, bool is_read)
{
    struct history *history = history_of(moved, fact);
    buffer_reset(&moved->row);
    schemas_encode_row(schemas, schema_of(fact->kind), content, &moved->row);
    history->items = grown(history->items, (history->count + 1) * sizeof *history->items);
    history->items[history->count++] =
        (struct standing_fact){copy_of(fact->deal_id), copy_of(buffer_slice(&moved->row)),
                               fact->revision, fact->is_revoked};
    history->read += is_read;
}

void moved_facts_rewind(struct moved_facts *moved)
{
    struct history *history;
    struct history *next;
    HASH_ITER(hh, moved->histories, history, next)
    {
        cut(history, history->read);
    }
}

/* --- reading the topics --- */

union content {
    struct milestone milestone;
    struct payment payment;
};

/* A record that the services cannot read, or whose key is not its book's, stands nowhere. */
static enum status note_record(struct moved_facts *moved, struct schemas *schemas,
                               enum event_kind kind, const struct log_record *record, char *detail)
{
    union content content;
    arena_reset(&moved->arena);
    enum status status =
        schemas_decode(schemas, schema_of(kind), record, &content, &moved->arena, 0, detail);
    if (status)
        return status == STATUS_INVALID ? STATUS_OK : status;
    struct fact fact = kind == EVENT_MILESTONE ? fact_of_milestone(&content.milestone)
                                               : fact_of_payment(&content.payment);
    struct slice book = fact.deal_id.length ? fact.deal_id : fact.id;
    if (slice_equal(record->key, book) && is_worth_keeping(moved, &fact))
        keep(moved, schemas, &fact, &content, true);
    return STATUS_OK;
}

static enum status read_topic(struct moved_facts *moved, const struct connection *connection,
                              struct schemas *schemas, int32_t partitions,
                              const struct console *console, enum topic topic, char *detail)
{
    enum event_kind kind = topic == TOPIC_MILESTONES ? EVENT_MILESTONE : EVENT_PAYMENT;
    struct topic_walk walk = {0};
    enum status status = topic_walk_open(&walk, connection, topic, partitions, INT64_MAX, detail);
    for (int64_t read = 0; !status && !topic_walk_is_done(&walk); read++) {
        const struct log_record *record;
        if (read % PROGRESS_EVERY == 0)
            console_progress(console, topic_name(topic), read, walk.total);
        status = topic_walk_next(&walk, &record, detail);
        if (!status && record && record->value.bytes)
            status = note_record(moved, schemas, kind, record, detail);
    }
    console_progress_end(console);
    topic_walk_close(&walk);
    return status;
}

enum status moved_facts_read(struct moved_facts *moved, const struct connection *connection,
                             struct schemas *schemas, int32_t partitions,
                             const struct console *console, char *detail)
{
    enum status status = STATUS_OK;
    if (moved->wants_milestones)
        status =
            read_topic(moved, connection, schemas, partitions, console, TOPIC_MILESTONES, detail);
    if (!status && moved->wants_payments)
        status =
            read_topic(moved, connection, schemas, partitions, console, TOPIC_PAYMENTS, detail);
    return status;
}

void moved_facts_stand(struct moved_facts *moved, struct schemas *schemas,
                       const struct event *event)
{
    struct fact fact;
    if (fact_of(event, &fact) && is_worth_keeping(moved, &fact))
        keep(moved, schemas, &fact, content_of(event), true);
}

/* --- judging --- */

/* What counts under that deal: the highest revision, of equal ones the first. */
static const struct standing_fact *latest_of(const struct history *history, struct slice deal_id)
{
    const struct standing_fact *latest = NULL;
    for (size_t i = 0; i < history->count; i++) {
        const struct standing_fact *one = &history->items[i];
        if (slice_equal(one->deal_id, deal_id) && (!latest || one->revision > latest->revision))
            latest = one;
    }
    return latest;
}

/* The fact as it stood, taken back at the revision of the one that takes its place. */
static enum status revoke(struct moved_facts *moved, struct schemas *schemas,
                          const struct fact *fact, const struct standing_fact *standing,
                          struct event *out, char *detail)
{
    char id[64];
    (void)snprintf(
        id, sizeof id, "moved-%016" PRIx64 "-%" PRId64,
        (uint64_t)XXH3_64bits_withSeed(fact->id.bytes, fact->id.length, hash_of(standing->deal_id)),
        fact->revision);
    struct slice event_id = arena_copy(&moved->arena, slice_of(id));
    if (!event_id.bytes)
        return STATUS_EXHAUSTED;
    *out = (struct event){.kind = fact->kind};
    enum status status = schemas_decode_row(schemas, schema_of(fact->kind), standing->row,
                                            fact->kind == EVENT_MILESTONE ? (void *)&out->milestone
                                                                          : (void *)&out->payment,
                                            &moved->arena, detail);
    if (fact->kind == EVENT_MILESTONE) {
        out->milestone.status = MILESTONE_REVOKED;
        out->milestone.revision = fact->revision;
        out->milestone.event_id = event_id;
    } else {
        out->payment.amount = (struct decimal){0};
        out->payment.revision = fact->revision;
        out->payment.event_id = event_id;
    }
    return status;
}

static enum status add_revocation(struct moved_facts *moved, struct schemas *schemas,
                                  const struct fact *fact, const struct standing_fact *standing,
                                  struct moved *out, char *detail)
{
    moved->revocations = grown(moved->revocations, (out->count + 1) * sizeof *moved->revocations);
    enum status status =
        revoke(moved, schemas, fact, standing, &moved->revocations[out->count], detail);
    out->items = moved->revocations;
    out->count += !status;
    return status;
}

/* What the other deals have to say. */
static enum status judge(struct moved_facts *moved, struct schemas *schemas,
                         const struct history *history, const struct fact *fact, struct moved *out,
                         char *detail)
{
    for (size_t i = 0; i < history->count; i++) {
        const struct standing_fact *one = &history->items[i];
        if (one != latest_of(history, one->deal_id) || one->is_revoked ||
            slice_equal(one->deal_id, fact->deal_id))
            continue;
        out->deal_id = one->deal_id;
        out->revision = one->revision;
        if (one->revision >= fact->revision) {
            out->move = one->revision > fact->revision ? MOVE_OUTDATED : MOVE_CLASH;
            return STATUS_OK;
        }
        enum status status = add_revocation(moved, schemas, fact, one, out, detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

enum status moved_facts_judge(struct moved_facts *moved, struct schemas *schemas,
                              const struct event *event, struct moved *out, char *detail)
{
    struct fact fact;
    *out = (struct moved){.move = MOVE_SEND};
    if (!fact_of(event, &fact))
        return STATUS_OK;
    arena_reset(&moved->arena);
    const struct history *history = find_history(moved, &fact);
    enum status status = STATUS_OK;
    if (history)
        status = judge(moved, schemas, history, &fact, out, detail);
    if (status || out->move != MOVE_SEND)
        return status;
    for (size_t i = 0; i < out->count; i++) {
        struct fact revoked;
        if (fact_of(&out->items[i], &revoked))
            keep(moved, schemas, &revoked, content_of(&out->items[i]), false);
    }
    if (out->count || is_worth_keeping(moved, &fact))
        keep(moved, schemas, &fact, content_of(event), false);
    return STATUS_OK;
}

void moved_facts_refuse(struct event_input *input, const struct event *event,
                        const struct moved *moved)
{
    char sentence[DETAIL_BYTES];
    bool is_payment = event->kind == EVENT_PAYMENT;
    struct slice id = is_payment ? event->payment.payment_id : event->milestone.milestone_id;
    bool has_deal = moved->deal_id.length > 0;
    (void)snprintf(sentence, sizeof sentence,
                   "%s `%.*s` stands with revision %" PRId64 " %s%.*s: a higher one moves it",
                   is_payment ? "payment" : "milestone", SLICE_ARGS(id), moved->revision,
                   has_deal ? "under deal " : "without a deal", SLICE_ARGS(moved->deal_id));
    char fix[64];
    (void)snprintf(fix, sizeof fix, "\"revision\": %" PRId64, moved->revision + 1);
    event_input_refuse(input, event, "needs-revision", fix, sentence);
}
