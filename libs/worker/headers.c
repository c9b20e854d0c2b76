#include "worker/headers.h"

#include <inttypes.h>
#include <stdio.h>
#include <xxhash.h>

#include "base/copy.h"
#include "base/digits.h"

enum { TRACEPARENT_BYTES = 55, SPAN_AT = 36, SPAN_BYTES = 16 };

struct slice header_find(const struct log_record *record, struct slice name)
{
    for (size_t i = record->header_count; i > 0; i--)
        if (slice_equal(record->headers[i - 1].name, name))
            return record->headers[i - 1].value;
    return (struct slice){NULL, 0};
}

static bool is_traceparent(struct slice text)
{
    return text.length == TRACEPARENT_BYTES && text.bytes[2] == '-' && text.bytes[35] == '-' &&
           text.bytes[52] == '-';
}

/* W3C Trace Context: version-trace-span-flags; the span is ours, the trace stays. */
static char *put_next_span(struct slice traceparent, struct slice id, char *at)
{
    uint64_t span = XXH3_64bits_withSeed(id.bytes, id.length,
                                         XXH3_64bits(traceparent.bytes, traceparent.length));
    memcpy(at, traceparent.bytes, TRACEPARENT_BYTES);
    for (int i = 0, shift = 60; i < SPAN_BYTES; i++, shift -= 4)
        at[SPAN_AT + i] = "0123456789abcdef"[(span ? span : 1) >> shift & 15];
    return at + TRACEPARENT_BYTES;
}

static char *put_text(struct slice text, char *at)
{
    copy_short(at, text.bytes, text.length);
    return at + text.length;
}

/* The id, with the sequence behind it where there is one. */
static char *put_id(const struct public_headers *about, char *at)
{
    at = put_text(about->id, at);
    if (about->sequence > 0) {
        *at++ = '-';
        at += digits_append((uint64_t)about->sequence, at);
    }
    return at;
}

static void format_time(int64_t at_ms, struct header_time *time)
{
    if (time->length > 0 && time->ms == at_ms)
        return;
    time->length = instant_format(at_ms, time->text);
    time->ms = at_ms;
}

/* What lies between the two, and `from` moved to the second. */
static struct slice taken(char **from, char *until)
{
    struct slice text = {*from, (size_t)(until - *from)};
    *from = until;
    return text;
}

/* Headers and texts are one piece of the arena. */
enum status headers_public(const struct public_headers *about, struct slice source,
                           struct header_time *time, struct arena *arena,
                           struct log_outgoing *record)
{
    enum { HEADERS = 8, SEQUENCE_BYTES = 21 };
    format_time(about->at_ms, time);
    struct log_header *headers =
        arena_take_raw(arena, HEADERS * sizeof *headers + about->id.length + SEQUENCE_BYTES +
                                  time->length + about->subject.length + TRACEPARENT_BYTES);
    if (!headers)
        return STATUS_EXHAUSTED;
    char *at = (char *)(headers + HEADERS);
    size_t count = 0;
    headers[count++] = (struct log_header){SLICE("ce_specversion"), SLICE("1.0")};
    headers[count++] = (struct log_header){SLICE("ce_type"), about->type};
    headers[count++] = (struct log_header){SLICE("ce_source"), source};
    headers[count++] = (struct log_header){SLICE("ce_id"), taken(&at, put_id(about, at))};
    headers[count++] = (struct log_header){
        SLICE("ce_time"), taken(&at, put_text((struct slice){time->text, time->length}, at))};
    struct slice subject = taken(&at, put_text(about->subject, at));
    headers[count++] = (struct log_header){SLICE("ce_subject"), subject};
    headers[count++] = (struct log_header){SLICE("content-type"), SLICE("application/avro")};
    if (is_traceparent(about->traceparent))
        headers[count++] = (struct log_header){
            SLICE("traceparent"), taken(&at, put_next_span(about->traceparent, about->id, at))};
    record->headers = headers;
    record->header_count = count;
    if (record->key.bytes && record->key.bytes == about->subject.bytes &&
        record->key.length == subject.length)
        record->key = subject;
    return STATUS_OK;
}

struct letter_writer {
    struct arena *arena;
    struct log_header *headers;
    size_t count;
    bool is_full;
};

static void add(struct letter_writer *writer, struct slice name, struct slice value)
{
    struct slice copy = arena_copy(writer->arena, value);
    if (!copy.bytes)
        writer->is_full = true;
    writer->headers[writer->count++] = (struct log_header){name, copy};
}

static void add_number(struct letter_writer *writer, struct slice name, int64_t number)
{
    char text[24];
    int length = snprintf(text, sizeof text, "%" PRId64, number);
    add(writer, name, (struct slice){text, (size_t)length});
}

enum status headers_dead_letter(const struct log_record *original, const char *topic_full_name,
                                const char *stage, const char *detail, struct arena *arena,
                                struct log_outgoing *letter)
{
    enum { OWN_HEADERS = 8 };
    size_t kept = original->header_count;
    if (kept > LOG_HEADERS_MAX - OWN_HEADERS)
        kept = LOG_HEADERS_MAX - OWN_HEADERS;
    struct letter_writer writer = {
        arena, arena_take_array(arena, LOG_HEADERS_MAX, sizeof *writer.headers), 0, false};
    if (!writer.headers)
        return STATUS_EXHAUSTED;
    for (size_t i = 0; i < kept; i++)
        writer.headers[writer.count++] = original->headers[i];
    struct slice reason;
    struct slice sentence = slice_split(slice_of(detail), ':', &reason);
    while (sentence.length > 0 && sentence.bytes[0] == ' ')
        sentence = (struct slice){sentence.bytes + 1, sentence.length - 1};
    add(&writer, SLICE("__connect.errors.topic"), slice_of(topic_full_name));
    add_number(&writer, SLICE("__connect.errors.partition"), original->partition);
    add_number(&writer, SLICE("__connect.errors.offset"), original->offset);
    add(&writer, SLICE("__connect.errors.stage"), slice_of(stage));
    add(&writer, SLICE("__connect.errors.exception.class.name"), reason);
    add(&writer, SLICE("__connect.errors.exception.message"), sentence.length ? sentence : reason);
    add_number(&writer, SLICE("__connect.errors.bytes"), (int64_t)original->value.length);
    char hash[24];
    int length = snprintf(hash, sizeof hash, "%016" PRIx64,
                          (uint64_t)XXH3_64bits(original->value.bytes ? original->value.bytes : "",
                                                original->value.length));
    add(&writer, SLICE("__connect.errors.xxh3"), (struct slice){hash, (size_t)length});
    letter->headers = writer.headers;
    letter->header_count = writer.count;
    return writer.is_full ? STATUS_EXHAUSTED : STATUS_OK;
}
