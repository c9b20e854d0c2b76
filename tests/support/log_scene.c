#include "support/log_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

enum { POLL_MS = 50, POLL_RECORDS = 16 };

void scene_begin(struct scene *scene, struct log_fixture *fixture, int32_t partitions)
{
    *scene = (struct scene){.fixture = fixture};
    fixture->begin(fixture->self, partitions);
}

static void assigned(void *self, const int32_t *partitions, size_t count)
{
    struct member *member = self;
    assert_true(count <= SCENE_TASKS);
    for (size_t i = 0; i < count; i++)
        member->tasks[i] = partitions[i];
    member->task_count = count;
    member->assigned++;
    member->assigned_at = ++member->scene->events;
}

static void revoked(void *self)
{
    struct member *member = self;
    if (member->on_revoked)
        member->on_revoked(member);
    member->task_count = 0;
    member->revoked++;
    member->revoked_at = ++member->scene->events;
}

struct member *scene_open(struct scene *scene, const char *instance)
{
    assert_true(scene->member_count < SCENE_MEMBERS);
    struct member *member = &scene->members[scene->member_count++];
    *member = (struct member){.scene = scene};
    member->log = scene->fixture->open(scene->fixture->self, instance,
                                       (struct log_listener){member, assigned, revoked});
    return member;
}

struct member *scene_join(struct scene *scene, const char *instance, size_t tasks)
{
    struct member *member = scene_open(scene, instance);
    must_reopen(member);
    scene_await_tasks(member, tasks);
    return member;
}

void scene_kill(struct member *member)
{
    member->is_silent = true;
    member->scene->fixture->kill(member->scene->fixture->self, &member->log);
}

void must_close(struct member *member)
{
    member->is_silent = true;
    member->log.close(member->log.self);
    member->scene->fixture->forget(member->scene->fixture->self, &member->log);
}

static void note(struct member *member, const struct log_record *record)
{
    assert_true(member->seen_count < SCENE_SEEN);
    struct seen *seen = &member->seen[member->seen_count++];
    *seen = (struct seen){record->topic, record->partition, record->offset, ""};
    assert_true(record->value.length < sizeof seen->value);
    if (record->value.length)
        memcpy(seen->value, record->value.bytes, record->value.length);
}

enum status member_poll(struct member *member)
{
    const struct log_record *records;
    size_t count = 0;
    enum status status = member->log.poll(member->log.self, POLL_MS, POLL_RECORDS, &records, &count,
                                          member->scene->detail);
    if (status)
        return status;
    for (size_t i = 0; i < count; i++)
        note(member, &records[i]);
    member->log.release(member->log.self, SIZE_MAX);
    return STATUS_OK;
}

static int64_t now_ms(const struct scene *scene)
{
    return scene->fixture->clock.monotonic_ms(scene->fixture->clock.self);
}

static void tick(struct scene *scene)
{
    scene->fixture->tick(scene->fixture->self, POLL_MS);
}

static void poll_all(struct scene *scene)
{
    for (size_t i = 0; i < scene->member_count; i++) {
        struct member *member = &scene->members[i];
        if (member->is_silent)
            continue;
        enum status status = member_poll(member);
        if (status && status != STATUS_UNAVAILABLE)
            fail_msg("poll: %s: %s", status_name(status), scene->detail);
    }
    tick(scene);
}

void scene_await(struct scene *scene, bool (*is_done)(void *context), void *context,
                 const char *what)
{
    int64_t until = now_ms(scene) + scene->fixture->patience_ms;
    while (!is_done(context)) {
        if (now_ms(scene) > until)
            fail_msg("waited in vain for %s", what);
        poll_all(scene);
    }
}

void scene_linger(struct scene *scene, int64_t ms)
{
    int64_t until = now_ms(scene) + ms;
    while (now_ms(scene) < until)
        poll_all(scene);
}

struct wish {
    struct member *member;
    size_t count;
};

static bool has_tasks(void *context)
{
    const struct wish *wish = context;
    return wish->member->assigned > wish->member->revoked &&
           wish->member->task_count == wish->count;
}

void scene_await_tasks(struct member *member, size_t count)
{
    struct wish wish = {member, count};
    scene_await(member->scene, has_tasks, &wish, "tasks");
}

static bool has_seen(void *context)
{
    const struct wish *wish = context;
    return wish->member->seen_count >= wish->count;
}

void scene_await_seen(struct member *member, size_t count)
{
    struct wish wish = {member, count};
    scene_await(member->scene, has_seen, &wish, "records");
}

/* Asks `expression` again while the answer is UNAVAILABLE; its value is the last answer. */
#define ANSWER(member, out, expression)                                                            \
    do {                                                                                           \
        int64_t ask_until = now_ms((member)->scene) + (member)->scene->fixture->patience_ms;       \
        while ((out = (expression)) == STATUS_UNAVAILABLE && now_ms((member)->scene) <= ask_until) \
            tick((member)->scene);                                                                 \
    } while (0)

static void must(struct member *member, enum status status, const char *what)
{
    if (status)
        fail_msg("%s: %s: %s", what, status_name(status), member->scene->detail);
}

void must_reopen(struct member *member)
{
    enum status status;
    ANSWER(member, status, member->log.reopen(member->log.self, member->scene->detail));
    must(member, status, "reopen");
}

void must_begin(struct member *member, int slot)
{
    enum status status;
    ANSWER(member, status, member->log.begin(member->log.self, slot, member->scene->detail));
    must(member, status, "begin");
}

enum status try_produce(struct member *member, int slot, int topic, int32_t partition,
                        struct slice value)
{
    struct log_outgoing record = {.topic = topic, .partition = partition, .value = value};
    enum status status;
    ANSWER(member, status,
           member->log.produce(member->log.self, slot, &record, member->scene->detail));
    return status;
}

void must_produce(struct member *member, int slot, int topic, int32_t partition, const char *text)
{
    must(member, try_produce(member, slot, topic, partition, slice_of(text)), "produce");
}

static enum status send(struct member *member, int slot, int topic, int64_t offset,
                        const char *metadata)
{
    struct log_position position = {.topic = topic, .partition = 0, .offset = offset};
    (void)snprintf(position.metadata, sizeof position.metadata, "%s", metadata);
    enum status status;
    ANSWER(member, status,
           member->log.send_offsets(member->log.self, slot, &position, 1, member->scene->detail));
    return status;
}

enum status try_send(struct member *member, int slot, int topic, int64_t offset)
{
    return send(member, slot, topic, offset, "");
}

void must_send(struct member *member, int slot, int topic, int64_t offset, const char *metadata)
{
    must(member, send(member, slot, topic, offset, metadata), "send_offsets");
}

enum status try_commit(struct member *member, int slot)
{
    enum status status;
    ANSWER(member, status, member->log.commit(member->log.self, slot, member->scene->detail));
    return status;
}

void must_commit(struct member *member, int slot)
{
    must(member, try_commit(member, slot), "commit");
}

/* Brokers of 4.x at times answer an abort with INVALID_TXN_STATE, of which the log makes FENCED
 * (librdkafka#4849); what was open is undone by reopen then, as a worker does. */
void must_abort(struct member *member, int slot)
{
    enum status status;
    ANSWER(member, status, member->log.abort(member->log.self, slot, member->scene->detail));
    if (status == STATUS_FENCED && strstr(member->scene->detail, "INVALID_TXN_STATE"))
        must_reopen(member);
    else
        must(member, status, "abort");
}

static void assign(struct member *member, const struct log_position *positions, size_t count)
{
    enum status status;
    ANSWER(member, status,
           member->log.assign(member->log.self, positions, count, member->scene->detail));
    must(member, status, "assign");
}

void must_assign(struct member *member, int topic, int32_t partition, int64_t offset)
{
    struct log_position position = {.topic = topic, .partition = partition, .offset = offset};
    assign(member, &position, 1);
}

void must_assign_nothing(struct member *member)
{
    assign(member, NULL, 0);
}

void must_append(struct scene *scene, int topic, int32_t partition, const char *text)
{
    struct log_record record = {.topic = topic, .partition = partition, .value = slice_of(text)};
    (void)scene->fixture->append(scene->fixture->self, &record);
}

struct log_position must_committed(struct member *member, int topic, int32_t partition)
{
    struct log_position position = {.topic = topic, .partition = partition};
    enum status status;
    ANSWER(member, status,
           member->log.committed(member->log.self, &position, 1, member->scene->detail));
    must(member, status, "committed");
    return position;
}

int64_t must_end(struct member *member, int topic, int32_t partition)
{
    int64_t first;
    int64_t end;
    enum status status;
    ANSWER(member, status,
           member->log.bounds(member->log.self, topic, partition, &first, &end,
                              member->scene->detail));
    must(member, status, "bounds");
    return end;
}

struct reach {
    struct member *member;
    int topic;
    int32_t partition;
    int64_t end;
};

static bool has_reached(void *context)
{
    const struct reach *reach = context;
    return must_end(reach->member, reach->topic, reach->partition) >= reach->end;
}

void must_reach(struct member *member, int topic, int32_t partition, int64_t end)
{
    struct reach reach = {member, topic, partition, end};
    scene_await(member->scene, has_reached, &reach, "what was produced");
}

struct text {
    char bytes[SCENE_SEEN * SCENE_TEXT];
    size_t length;
};

static void add_word(struct text *text, struct slice word)
{
    assert_true(text->length + word.length + 2 < sizeof text->bytes);
    if (text->length)
        text->bytes[text->length++] = ' ';
    if (word.length)
        memcpy(text->bytes + text->length, word.bytes, word.length);
    text->length += word.length;
    text->bytes[text->length] = '\0';
}

void expect_seen(const struct member *member, const char *values)
{
    struct text text = {0};
    for (size_t i = 0; i < member->seen_count; i++)
        add_word(&text, slice_of(member->seen[i].value));
    assert_string_equal(text.bytes, values);
}

static void add_value(void *context, const struct log_record *record)
{
    add_word(context, record->value);
}

void expect_committed_records(struct scene *scene, int topic, int32_t partition, const char *values)
{
    struct text text = {0};
    scene->fixture->read(scene->fixture->self, topic, partition, add_value, &text);
    assert_string_equal(text.bytes, values);
}

struct log_reader *must_read(struct member *member, int topic, int32_t partition, int64_t offset)
{
    struct log_reader *reader = NULL;
    enum status status;
    ANSWER(member, status,
           member->log.reader_open(member->log.self, topic, partition, offset, &reader,
                                   member->scene->detail));
    must(member, status, "reader_open");
    return reader;
}

enum status reader_answer(struct member *member, struct log_reader *reader,
                          const struct log_record **out, int64_t *out_end)
{
    int64_t until = now_ms(member->scene) + member->scene->fixture->patience_ms;
    enum status status;
    do {
        *out = NULL;
        *out_end = -1;
        ANSWER(member, status,
               member->log.reader_next(member->log.self, reader, POLL_MS, out, out_end,
                                       member->scene->detail));
        if (status || *out || *out_end >= 0)
            return status;
        tick(member->scene);
    } while (now_ms(member->scene) <= until);
    fail_msg("waited in vain for a reader");
    return status;
}

const struct log_record *reader_take(struct member *member, struct log_reader *reader)
{
    const struct log_record *record;
    int64_t end;
    must(member, reader_answer(member, reader, &record, &end), "reader_next");
    assert_non_null(record);
    return record;
}

static void is_value(const struct log_record *record, const char *value)
{
    assert_true(record->value.length < SCENE_TEXT);
    char text[SCENE_TEXT] = "";
    if (record->value.length)
        memcpy(text, record->value.bytes, record->value.length);
    assert_string_equal(text, value);
}

void reader_expect(struct member *member, struct log_reader *reader, const char *value,
                   int64_t *out_end)
{
    const struct log_record *record;
    int64_t end;
    must(member, reader_answer(member, reader, &record, &end), "reader_next");
    if (!*value) {
        assert_null(record);
        *out_end = end;
        return;
    }
    assert_non_null(record);
    is_value(record, value);
}

void reader_await(struct member *member, struct log_reader *reader, const char *value)
{
    int64_t until = now_ms(member->scene) + member->scene->fixture->patience_ms;
    const struct log_record *record = NULL;
    while (!record && now_ms(member->scene) <= until) {
        int64_t end;
        must(member, reader_answer(member, reader, &record, &end), "reader_next");
        if (!record)
            tick(member->scene);
    }
    assert_non_null(record);
    is_value(record, value);
}

void reader_await_end(struct member *member, struct log_reader *reader, int64_t end)
{
    int64_t until = now_ms(member->scene) + member->scene->fixture->patience_ms;
    int64_t seen = -1;
    while (seen < end && now_ms(member->scene) <= until) {
        const struct log_record *record;
        must(member, reader_answer(member, reader, &record, &seen), "reader_next");
        assert_null(record);
        if (seen < end)
            tick(member->scene);
    }
    assert_int_equal(seen, end);
}

struct start {
    struct member *member;
    int topic;
    int32_t partition;
    int64_t first;
};

static bool begins_there(void *context)
{
    const struct start *start = context;
    struct member *member = start->member;
    int64_t first;
    int64_t end;
    enum status status;
    ANSWER(member, status,
           member->log.bounds(member->log.self, start->topic, start->partition, &first, &end,
                              member->scene->detail));
    must(member, status, "bounds");
    return first == start->first;
}

void must_truncate(struct member *member, int topic, int32_t partition, int64_t before)
{
    enum status status;
    ANSWER(member, status,
           member->log.truncate(member->log.self, topic, partition, before, member->scene->detail));
    must(member, status, "truncate");
    struct start start = {member, topic, partition, before};
    scene_await(member->scene, begins_there, &start, "the log's new start");
}

enum status poll_until_refused(struct member *member)
{
    int64_t until = now_ms(member->scene) + member->scene->fixture->patience_ms;
    enum status status;
    do {
        status = member_poll(member);
        tick(member->scene);
    } while ((status == STATUS_OK || status == STATUS_UNAVAILABLE) &&
             now_ms(member->scene) <= until);
    return status;
}
