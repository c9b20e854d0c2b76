#include "ops/repeats.h"

void repeats_deinit(struct repeats *repeats)
{
    for (size_t i = 0; i < REPEATS_SLOTS; i++)
        buffer_deinit(&repeats->slots[i].text);
    *repeats = (struct repeats){0};
}

/* Without an overflow for `now_ms` INT64_MAX. */
static bool is_over(const struct repeat *slot, int64_t now_ms)
{
    return now_ms >= REPEATS_MS && now_ms - REPEATS_MS >= slot->begin_ms;
}

bool repeats_take_due(struct repeats *repeats, int64_t now_ms, struct slice *out_text,
                      int64_t *out_count)
{
    for (size_t i = 0; i < REPEATS_SLOTS; i++) {
        struct repeat *slot = &repeats->slots[i];
        if (!slot->is_used || slot->count == 0 || !is_over(slot, now_ms))
            continue;
        slot->is_used = false;
        *out_text = buffer_slice(&slot->text);
        *out_count = slot->count;
        return true;
    }
    return false;
}

static struct repeat *find(struct repeats *repeats, struct slice text)
{
    for (size_t i = 0; i < REPEATS_SLOTS; i++)
        if (repeats->slots[i].is_used && slice_equal(buffer_slice(&repeats->slots[i].text), text))
            return &repeats->slots[i];
    return NULL;
}

/* A slot that holds no count that was not told yet. */
static struct repeat *find_free(struct repeats *repeats, int64_t now_ms)
{
    for (size_t i = 0; i < REPEATS_SLOTS; i++) {
        struct repeat *slot = &repeats->slots[i];
        if (!slot->is_used || (slot->count == 0 && is_over(slot, now_ms)))
            return slot;
    }
    return NULL;
}

bool repeats_admit(struct repeats *repeats, int64_t now_ms, struct slice text)
{
    struct repeat *slot = find(repeats, text);
    if (slot && !is_over(slot, now_ms)) {
        slot->count++;
        return false;
    }
    if (!slot)
        slot = find_free(repeats, now_ms);
    if (!slot)
        return true;
    buffer_reset(&slot->text);
    buffer_append_slice(&slot->text, text);
    slot->begin_ms = now_ms;
    slot->count = 0;
    slot->is_used = true;
    return true;
}
