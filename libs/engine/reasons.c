#include "engine/reasons.h"

#define WORD_ROW(symbol, word) {word, sizeof(word) - 1},
static const struct slice words[REASON_COUNT] = {REASON_LIST(WORD_ROW)};

struct slice reason_word(enum reason reason)
{
    return words[reason];
}

static bool find(struct slice word, enum reason *out)
{
    for (size_t i = 0; i < REASON_COUNT; i++) {
        if (slice_equal(words[i], word)) {
            *out = (enum reason)i;
            return true;
        }
    }
    return false;
}

enum reason reason_find(struct slice word)
{
    enum reason reason = REASON_WAITS;
    (void)find(word, &reason);
    return reason;
}

struct list reasons_list(uint32_t bits, struct slice items[REASON_COUNT])
{
    size_t count = 0;
    for (size_t i = 0; i < REASON_COUNT; i++) {
        if (bits & (1u << i))
            items[count++] = words[i];
    }
    return (struct list){count ? items : NULL, count};
}

uint32_t reasons_bits(const struct list *list)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < list->count; i++) {
        enum reason reason;
        if (find(((const struct slice *)list->items)[i], &reason))
            bits |= REASON_BIT(reason);
    }
    return bits;
}
