#include "worker/outgoing.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/partition.h"
#include "base/varint.h"
#include "calendar/date.h"
#include "worker/envelope.h"
#include "worker/headers.h"

void outgoing_init(struct outgoing *outgoing, const struct stage *stage, int32_t partition,
                   int32_t partitions, struct schemas *schemas)
{
    *outgoing = (struct outgoing){.stage = stage,
                                  .partition = partition,
                                  .partitions = partitions,
                                  .schemas = schemas,
                                  .packs = calloc((size_t)partitions, sizeof *outgoing->packs)};
    if (!outgoing->packs)
        abort();
    (void)snprintf(outgoing->source, sizeof outgoing->source, "/milepost/%s/%" PRId32, stage->name,
                   partition);
    arena_init_growing(&outgoing->arena, OUTGOING_BYTES_MAX);
}

void outgoing_deinit(struct outgoing *outgoing)
{
    for (int32_t p = 0; outgoing->packs && p < outgoing->partitions; p++) {
        buffer_deinit(&outgoing->packs[p].bytes);
        free(outgoing->packs[p].rows);
    }
    free(outgoing->packs);
    free(outgoing->seen);
    free(outgoing->records);
    arena_deinit(&outgoing->arena);
    buffer_deinit(&outgoing->scratch);
    buffer_deinit(&outgoing->part);
    for (size_t i = 0; i < outgoing->packed_capacity; i++)
        buffer_deinit(&outgoing->packed[i]);
    free(outgoing->packed);
    *outgoing = (struct outgoing){0};
}

void outgoing_reset(struct outgoing *outgoing)
{
    for (int32_t p = 0; p < outgoing->partitions; p++) {
        buffer_reset(&outgoing->packs[p].bytes);
        outgoing->packs[p].count = 0;
        outgoing->packs[p].superseded = 0;
    }
    outgoing->packed_count = 0;
    outgoing->turn++;
    outgoing->seen_count = 0;
    arena_reset(&outgoing->arena);
    outgoing->count = 0;
    outgoing->payouts = 0;
    outgoing->attainments = 0;
    outgoing->dead_letters.count = 0;
    outgoing->credits = 0;
}

static void push(struct outgoing *outgoing, const struct log_outgoing *record)
{
    if (outgoing->count == outgoing->capacity) {
        outgoing->capacity = outgoing->capacity ? outgoing->capacity * 2 : 256;
        outgoing->records =
            realloc(outgoing->records, outgoing->capacity * sizeof *outgoing->records);
        if (!outgoing->records)
            abort();
    }
    outgoing->records[outgoing->count++] = *record;
}

enum status outgoing_add(struct outgoing *outgoing, const struct log_outgoing *record)
{
    struct log_outgoing copy = *record;
    if (record->key.bytes) {
        copy.key = arena_copy(&outgoing->arena, record->key);
        if (!copy.key.bytes)
            return STATUS_EXHAUSTED;
    }
    if (record->value.bytes) {
        copy.value = arena_copy(&outgoing->arena, record->value);
        if (!copy.value.bytes)
            return STATUS_EXHAUSTED;
    }
    push(outgoing, &copy);
    return STATUS_OK;
}

struct buffer *outgoing_packed(struct outgoing *outgoing)
{
    if (outgoing->packed_count == outgoing->packed_capacity) {
        size_t made = outgoing->packed_capacity;
        outgoing->packed_capacity = made ? made * 2 : 4;
        outgoing->packed =
            realloc(outgoing->packed, outgoing->packed_capacity * sizeof *outgoing->packed);
        if (!outgoing->packed)
            abort();
        memset(outgoing->packed + made, 0,
               (outgoing->packed_capacity - made) * sizeof(struct buffer));
    }
    struct buffer *value = &outgoing->packed[outgoing->packed_count++];
    buffer_reset(value);
    return value;
}

void outgoing_add_packed(struct outgoing *outgoing, struct log_outgoing record, struct slice value)
{
    record.value = value;
    push(outgoing, &record);
}

/* --- credits --- */

/* How many bytes a text of `length` takes with its length before it. */
static size_t text_bytes(size_t length)
{
    char put[VARINT_BYTES_MAX];
    if (length < 64)
        return 1 + length;
    return varint_put((int64_t)length, put) + length;
}

/* A row begins with its schema's id, then target, book and row: as many bytes are the identity. */
static size_t identity_bytes(const struct credit *credit, const char *encoded)
{
    size_t id = 1;
    while ((unsigned char)encoded[id - 1] >= 0x80)
        id++;
    return id + text_bytes(credit->target.length) + text_bytes(credit->book.length) +
           text_bytes(credit->row.length);
}

static bool is_same_row(const struct outgoing *outgoing, const struct credit_seen *seen,
                        struct slice identity)
{
    const struct credit_pack *pack = &outgoing->packs[seen->target];
    const struct packed_row *row = &pack->rows[seen->row];
    return row->length >= row->prefix + identity.length &&
           memcmp(pack->bytes.bytes + row->offset + row->prefix, identity.bytes, identity.length) ==
               0;
}

static void place_seen(struct outgoing *outgoing, const struct credit_seen *seen)
{
    size_t mask = outgoing->seen_capacity - 1;
    size_t at = (size_t)seen->hash & mask;
    while (outgoing->seen[at].turn == outgoing->turn)
        at = (at + 1) & mask;
    outgoing->seen[at] = *seen;
    outgoing->seen_count++;
}

static void grow_seen(struct outgoing *outgoing)
{
    struct credit_seen *old = outgoing->seen;
    size_t capacity = outgoing->seen_capacity;
    outgoing->seen_capacity = capacity ? capacity * 2 : 1024;
    outgoing->seen = calloc(outgoing->seen_capacity, sizeof *outgoing->seen);
    if (!outgoing->seen)
        abort();
    outgoing->seen_count = 0;
    for (size_t i = 0; i < capacity; i++)
        if (old[i].turn == outgoing->turn)
            place_seen(outgoing, &old[i]);
    free(old);
}

/* Marks what the turn has written for this identity before as superseded and remembers the new row.
 */
static void supersede(struct outgoing *outgoing, uint64_t hash, int32_t target, uint32_t row,
                      struct slice identity)
{
    if (outgoing->seen_count * 2 >= outgoing->seen_capacity)
        grow_seen(outgoing);
    size_t mask = outgoing->seen_capacity - 1;
    for (size_t at = (size_t)hash & mask; outgoing->seen[at].turn == outgoing->turn;
         at = (at + 1) & mask) {
        struct credit_seen *seen = &outgoing->seen[at];
        if (seen->hash != hash || seen->target != target || !is_same_row(outgoing, seen, identity))
            continue;
        outgoing->packs[target].rows[seen->row].is_superseded = true;
        outgoing->packs[target].superseded++;
        seen->row = row;
        return;
    }
    place_seen(outgoing, &(struct credit_seen){hash, outgoing->turn, target, row});
}

static struct packed_row *next_row(struct credit_pack *pack)
{
    if (pack->count == pack->capacity) {
        pack->capacity = pack->capacity ? pack->capacity * 2 : 64;
        pack->rows = realloc(pack->rows, pack->capacity * sizeof *pack->rows);
        if (!pack->rows)
            abort();
    }
    return &pack->rows[pack->count++];
}

/* Most rows are of 64 to 8,191 bytes. */
enum { PREFIX_BYTES = 2 };

/* Appends the row behind its length; returns as how many bytes that was written. */
static size_t append_credit(const struct outgoing *outgoing, const struct credit *credit,
                            struct buffer *out)
{
    size_t at = out->length;
    buffer_reserve(out, PREFIX_BYTES);
    out->length += PREFIX_BYTES;
    schemas_encode_row(outgoing->schemas, SCHEMA_CREDIT, credit, out);
    size_t length = out->length - at - PREFIX_BYTES;
    if (length >= 64 && length < 8192) {
        out->bytes[at] = (char)(length << 1 | 0x80);
        out->bytes[at + 1] = (char)(length >> 6);
        return PREFIX_BYTES;
    }
    char text[VARINT_BYTES_MAX];
    size_t prefix = varint_put((int64_t)length, text);
    buffer_reserve(out, prefix);
    memmove(out->bytes + at + prefix, out->bytes + at + PREFIX_BYTES, length);
    out->length = at + prefix + length;
    memcpy(out->bytes + at, text, prefix);
    return prefix;
}

/* Before the rows of a pack. */
enum { ENVELOPE_ROOM = 128 };

static enum status add_credit(void *self, const struct credit *credit)
{
    struct outgoing *outgoing = self;
    int32_t target = partition_of(credit->target, outgoing->partitions);
    struct credit_pack *pack = &outgoing->packs[target];
    if (pack->count == 0) {
        buffer_reserve(&pack->bytes, ENVELOPE_ROOM);
        pack->bytes.length = ENVELOPE_ROOM;
    }
    size_t offset = pack->bytes.length;
    size_t prefix = append_credit(outgoing, credit, &pack->bytes);
    size_t length = pack->bytes.length - offset;
    struct slice encoded = {pack->bytes.bytes + offset + prefix, length - prefix};
    struct slice identity = {encoded.bytes, identity_bytes(credit, encoded.bytes)};
    uint32_t row = (uint32_t)pack->count;
    *next_row(pack) = (struct packed_row){offset, (uint32_t)length, (uint8_t)prefix, false};
    supersede(outgoing, XXH3_64bits(identity.bytes, identity.length), target, row, identity);
    outgoing->credits++;
    return STATUS_OK;
}

/* How many rows from `from` on make the next part; superseded ones are passed over. */
static size_t part_end(const struct credit_pack *pack, size_t from)
{
    size_t bytes = 0;
    int32_t rows = 0;
    size_t at = from;
    for (; at < pack->count; at++) {
        if (pack->rows[at].is_superseded)
            continue;
        if (rows == CREDIT_ROWS_MAX ||
            (rows > 0 && bytes + pack->rows[at].length > CREDIT_PART_BYTES))
            break;
        bytes += pack->rows[at].length;
        rows++;
    }
    return at;
}

static int32_t count_parts(const struct credit_pack *pack)
{
    int32_t parts = 0;
    for (size_t at = 0; at < pack->count; at = part_end(pack, at))
        parts++;
    return parts;
}

/* The rows that go, as they stand in the pack when none was superseded. */
static struct slice rows_of_part(struct outgoing *outgoing, const struct credit_pack *pack,
                                 size_t from, size_t to, int32_t *out_count)
{
    *out_count = (int32_t)(to - from);
    const struct packed_row *last = &pack->rows[to - 1];
    size_t begin = pack->rows[from].offset;
    if (pack->superseded == 0)
        return (struct slice){pack->bytes.bytes + begin, last->offset + last->length - begin};
    buffer_reset(&outgoing->part);
    *out_count = 0;
    for (size_t at = from; at < to; at++) {
        const struct packed_row *row = &pack->rows[at];
        if (row->is_superseded)
            continue;
        buffer_append(&outgoing->part, pack->bytes.bytes + row->offset, row->length);
        ++*out_count;
    }
    return buffer_slice(&outgoing->part);
}

static struct slice value_of_part(struct outgoing *outgoing, struct credit_batch *batch,
                                  const struct credit_pack *pack, size_t from, size_t to)
{
    struct slice rows = rows_of_part(outgoing, pack, from, to, &batch->row_count);
    struct slice value;
    batch->rows = SLICE("");
    if (rows.length == pack->bytes.length - ENVELOPE_ROOM && pack->superseded == 0 &&
        envelope_put(outgoing->schemas, SCHEMA_CREDIT_BATCH, batch, &outgoing->scratch,
                     &pack->bytes, ENVELOPE_ROOM, &value))
        return value;
    struct buffer *out = outgoing_packed(outgoing);
    batch->rows = rows;
    schemas_encode_private(outgoing->schemas, SCHEMA_CREDIT_BATCH, batch, out);
    return buffer_slice(out);
}

static void add_part(struct outgoing *outgoing, struct credit_batch *batch, int32_t target,
                     size_t from, size_t to)
{
    struct slice value = value_of_part(outgoing, batch, &outgoing->packs[target], from, to);
    outgoing_add_packed(outgoing,
                        (struct log_outgoing){.topic = TOPIC_CREDITS, .partition = target}, value);
}

static void pack_into(struct outgoing *outgoing, struct small *small, int32_t target)
{
    const struct credit_pack *pack = &outgoing->packs[target];
    struct credit_batch batch = {
        .stage = slice_of(outgoing->stage->name),
        .partition = outgoing->partition,
        .partitions = outgoing->partitions,
        .generation = small->generation,
        .turn = small->turn,
        .word = small->word,
        .previous_turn = small->written[target],
        .parts = count_parts(pack),
        .level = STATE_LEVEL,
    };
    for (size_t at = 0; at < pack->count;) {
        size_t end = part_end(pack, at);
        batch.part++;
        add_part(outgoing, &batch, target, at, end);
        at = end;
    }
    small->written[target] = small->turn;
}

void outgoing_pack_credits(struct outgoing *outgoing, struct small *small)
{
    for (int32_t target = 0; target < outgoing->partitions; target++)
        if (outgoing->packs[target].count > 0)
            pack_into(outgoing, small, target);
}

/* --- public records --- */

static enum status add_public(struct outgoing *outgoing, int topic, struct slice key,
                              const struct public_headers *about)
{
    struct log_outgoing record = {.topic = topic, .partition = outgoing->partition, .key = key};
    enum status status = headers_public(about, slice_of(outgoing->source), &outgoing->time,
                                        &outgoing->arena, &record);
    if (status)
        return status;
    record.value = arena_copy(&outgoing->arena, buffer_slice(&outgoing->scratch));
    if (record.key.bytes == key.bytes)
        record.key = arena_copy(&outgoing->arena, key);
    if (!record.value.bytes || !record.key.bytes)
        return STATUS_EXHAUSTED;
    push(outgoing, &record);
    return STATUS_OK;
}

static enum status add_payout(void *self, const struct payout *payout)
{
    struct outgoing *outgoing = self;
    buffer_reset(&outgoing->scratch);
    schemas_encode(outgoing->schemas, SCHEMA_PAYOUT, payout, &outgoing->scratch);
    outgoing->payouts++;
    struct public_headers about = {.type = SLICE("milepost.payout.v1"),
                                   .id = payout->payout_id,
                                   .subject = payout->participant,
                                   .at_ms = payout->cause.at,
                                   .traceparent = payout->cause.traceparent};
    return add_public(outgoing, TOPIC_PAYOUTS, payout->participant, &about);
}

static enum status add_attainment(void *self, const struct attainment *attainment)
{
    struct outgoing *outgoing = self;
    char key[4 * (FACT_ID_BYTES_MAX + 16)];
    const struct slice parts[] = {attainment->participant, attainment->plan, attainment->component,
                                  attainment->window};
    size_t length = 0;
    for (size_t i = 0; i < 4; i++) {
        assert(parts[i].length > 0 && parts[i].length <= FACT_ID_BYTES_MAX + 8);
        if (i > 0)
            key[length++] = '/';
        memcpy(key + length, parts[i].bytes, parts[i].length);
        length += parts[i].length;
    }
    buffer_reset(&outgoing->scratch);
    schemas_encode(outgoing->schemas, SCHEMA_ATTAINMENT, attainment, &outgoing->scratch);
    outgoing->attainments++;
    struct slice id = {key, length};
    struct public_headers about = {.type = SLICE("milepost.attainment.v1"),
                                   .id = id,
                                   .sequence = attainment->sequence,
                                   .subject = attainment->participant,
                                   .at_ms = attainment->as_of};
    return add_public(outgoing, TOPIC_ATTAINMENT, id, &about);
}

struct outbox outgoing_outbox(struct outgoing *outgoing)
{
    return (struct outbox){outgoing, add_credit, add_payout, add_attainment};
}

enum status outgoing_dead_letter(struct outgoing *outgoing, const struct log_record *record,
                                 const char *topic_full_name, const char *detail)
{
    struct log_outgoing letter = {.topic = TOPIC_DEAD_LETTERS,
                                  .partition = outgoing->partition,
                                  .key = record->key,
                                  .value = record->value};
    enum status status = headers_dead_letter(record, topic_full_name, outgoing->stage->name, detail,
                                             &outgoing->arena, &letter);
    if (status)
        return status;
    if (record->key.length + record->value.length > DEAD_LETTER_BYTES_MAX) {
        if (letter.key.length > DEAD_LETTER_KEPT_BYTES)
            letter.key.length = DEAD_LETTER_KEPT_BYTES;
        if (letter.value.length > DEAD_LETTER_KEPT_BYTES)
            letter.value.length = DEAD_LETTER_KEPT_BYTES;
    }
    struct slice reason;
    (void)slice_split(slice_of(detail), ':', &reason);
    reason_counts_add(&outgoing->dead_letters, reason, 1);
    return outgoing_add(outgoing, &letter);
}
