/* The stage on which support/log_contract.h plays: members that poll, note what they are told and
 * keep what they were given, and verbs that must succeed. */
#ifndef MILEPOST_TESTS_LOG_SCENE_H
#define MILEPOST_TESTS_LOG_SCENE_H

#include "support/log_contract.h"

enum { SCENE_MEMBERS = 4, SCENE_TASKS = 8, SCENE_SEEN = 64, SCENE_TEXT = 32 };
enum {
    FACTS = LOG_CONTRACT_FACTS,
    CREDITS = LOG_CONTRACT_CREDITS,
    JOURNAL = LOG_CONTRACT_JOURNAL,
    PAYOUTS = LOG_CONTRACT_PAYOUTS
};

struct scene;

struct seen {
    int topic;
    int32_t partition;
    int64_t offset;
    char value[SCENE_TEXT];
};

struct member {
    struct scene *scene;
    struct log log;
    int32_t tasks[SCENE_TASKS];
    size_t task_count;
    int assigned; /* how often */
    int revoked;
    int assigned_at; /* the scene's count of events then */
    int revoked_at;
    void (*on_revoked)(struct member *member); /* NULL, or called inside revoked() */
    bool is_silent;                            /* await() does not poll it */
    struct seen seen[SCENE_SEEN];
    size_t seen_count;
};

struct scene {
    struct log_fixture *fixture;
    struct member members[SCENE_MEMBERS];
    size_t member_count;
    int events;
    char detail[DETAIL_BYTES];
};

void scene_begin(struct scene *scene, struct log_fixture *fixture, int32_t partitions);

/* A member that is open and not yet polled. */
struct member *scene_open(struct scene *scene, const char *instance);
/* The same, and waits until it owns `tasks` tasks. Its producers are opened. */
struct member *scene_join(struct scene *scene, const char *instance, size_t tasks);
void scene_kill(struct member *member);
void must_close(struct member *member);

/* Polls every member that is not silent until `is_done`, or fails naming `what`. */
void scene_await(struct scene *scene, bool (*is_done)(void *context), void *context,
                 const char *what);
/* Polls like scene_await for `ms` of the fixture's clock. */
void scene_linger(struct scene *scene, int64_t ms);
void scene_await_tasks(struct member *member, size_t count);
void scene_await_seen(struct member *member, size_t count);

/* One poll; what comes is noted and released. */
enum status member_poll(struct member *member);

/* Each must succeed; UNAVAILABLE is asked again. Texts are NUL-terminated. */
void must_reopen(struct member *member);
void must_begin(struct member *member, int slot);
void must_produce(struct member *member, int slot, int topic, int32_t partition, const char *text);
void must_send(struct member *member, int slot, int topic, int64_t offset, const char *metadata);
void must_commit(struct member *member, int slot);
void must_abort(struct member *member, int slot);
void must_assign(struct member *member, int topic, int32_t partition, int64_t offset);
void must_assign_nothing(struct member *member);
void must_append(struct scene *scene, int topic, int32_t partition, const char *text);
struct log_position must_committed(struct member *member, int topic, int32_t partition);
int64_t must_end(struct member *member, int topic, int32_t partition);
/* Waits until the partition's end is `end` or more: what was produced has arrived. */
void must_reach(struct member *member, int topic, int32_t partition, int64_t end);

/* The calls that tests want to see fail; UNAVAILABLE is asked again. */
enum status try_produce(struct member *member, int slot, int topic, int32_t partition,
                        struct slice value);
enum status try_send(struct member *member, int slot, int topic, int64_t offset);
enum status try_commit(struct member *member, int slot);

/* What the member was given, or what the partition holds for readers: the values one after the
 * other with blanks between. */
void expect_seen(const struct member *member, const char *values);
void expect_committed_records(struct scene *scene, int topic, int32_t partition,
                              const char *values);

struct log_reader *must_read(struct member *member, int topic, int32_t partition, int64_t offset);
/* One answer: the status, once it is neither UNAVAILABLE nor "ask again"; the record or the end. */
enum status reader_answer(struct member *member, struct log_reader *reader,
                          const struct log_record **out, int64_t *out_end);
/* The next answer is this record (until the reader's next one), or its value, or the end ("") … */
const struct log_record *reader_take(struct member *member, struct log_reader *reader);
void reader_expect(struct member *member, struct log_reader *reader, const char *value,
                   int64_t *out_end);
/* … or comes after a while of ends below it. */
void reader_await(struct member *member, struct log_reader *reader, const char *value);
void reader_await_end(struct member *member, struct log_reader *reader, int64_t end);

/* Truncates and waits until the log begins there. */
void must_truncate(struct member *member, int topic, int32_t partition, int64_t before);
/* Polls the member until it answers neither OK nor UNAVAILABLE. */
enum status poll_until_refused(struct member *member);

#endif
