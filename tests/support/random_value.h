/* Random structs of any shape, from a seed that the test prints. */
#ifndef MILEPOST_TESTS_RANDOM_VALUE_H
#define MILEPOST_TESTS_RANDOM_VALUE_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/shape.h"

struct chance {
    uint64_t state;
};

/* The seed is MILEPOST_SEED when that is set, else the clock's; it is printed. */
static inline struct chance chance_begin(void)
{
    const char *given = getenv("MILEPOST_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    printf("MILEPOST_SEED=%llu\n", (unsigned long long)seed);
    return (struct chance){seed};
}

static inline uint64_t chance_next(struct chance *chance)
{
    uint64_t z = (chance->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline uint64_t chance_below(struct chance *chance, uint64_t limit)
{
    return chance_next(chance) % limit;
}

/* Small and large whole numbers, edges included. */
static inline int64_t chance_long(struct chance *chance)
{
    static const int64_t edges[] = {0, 1, -1, 63, 64, -64, -65, INT32_MAX, INT64_MAX, INT64_MIN};
    if (chance_below(chance, 4) == 0)
        return edges[chance_below(chance, sizeof edges / sizeof *edges)];
    return (int64_t)chance_next(chance) >> chance_below(chance, 64);
}

static inline struct decimal chance_decimal(struct chance *chance)
{
    int128 limit = decimal_power(DECIMAL_PRECISION);
    int128 units =
        (int128)chance_long(chance) * ((int128)1 << 63) + (int128)(chance_next(chance) >> 1);
    units >>= chance_below(chance, 128);
    return (struct decimal){units % limit};
}

static inline struct slice chance_text(struct chance *chance, struct arena *arena)
{
    static const char *const pieces[] = {"a", "Z", "7", ":", " ", "é", "€", "😀", "\x7f", "jo"};
    char text[256];
    size_t length = 0;
    for (uint64_t count = chance_below(chance, 24); count > 0; count--) {
        const char *piece = pieces[chance_below(chance, sizeof pieces / sizeof *pieces)];
        memcpy(text + length, piece, strlen(piece));
        length += strlen(piece);
    }
    return arena_copy(arena, (struct slice){text, length});
}

static inline void chance_fields(struct chance *chance, const struct shape *shape, void *value,
                                 struct arena *arena);

static inline void chance_list(struct chance *chance, const struct shape_field *field,
                               struct list *list, struct arena *arena)
{
    size_t size = field->of ? field->of->size : sizeof(struct slice);
    list->count = chance_below(chance, 4);
    if (field->kind == SHAPE_MAP && chance_below(chance, 8) == 0)
        list->count = 20;
    list->items = list->count ? arena_take_array(arena, list->count, size) : NULL;
    for (size_t i = 0; i < list->count; i++) {
        char *item = (char *)list->items + i * size;
        if (!field->of) {
            *(struct slice *)(void *)item = chance_text(chance, arena);
            continue;
        }
        chance_fields(chance, field->of, item, arena);
        if (field->kind == SHAPE_MAP) { /* keys differ */
            char key[32];
            (void)snprintf(key, sizeof key, "key-%zu", i);
            *(struct slice *)(void *)item = arena_copy(arena, slice_of(key));
        }
    }
}

static inline void chance_value(struct chance *chance, const struct shape_field *field, char *at,
                                struct arena *arena)
{
    uint64_t symbols = 0;
    switch (field->kind) {
    case SHAPE_TEXT:
    case SHAPE_BYTES:
        *(struct slice *)(void *)at = chance_text(chance, arena);
        break;
    case SHAPE_BOOL:
        *(bool *)(void *)at = chance_below(chance, 2);
        break;
    case SHAPE_INT:
    case SHAPE_DATE:
        *(int32_t *)(void *)at = (int32_t)chance_long(chance);
        break;
    case SHAPE_LONG:
    case SHAPE_INSTANT:
        *(int64_t *)(void *)at = chance_long(chance);
        break;
    case SHAPE_DECIMAL:
    case SHAPE_SHARE:
    case SHAPE_RATIO:
        *(struct decimal *)(void *)at = chance_decimal(chance);
        break;
    case SHAPE_ENUM:
        while (field->symbols[symbols])
            symbols++;
        *(int32_t *)(void *)at = (int32_t)chance_below(chance, symbols);
        break;
    case SHAPE_RECORD:
        chance_fields(chance, field->of, at, arena);
        break;
    case SHAPE_LIST:
    case SHAPE_MAP:
        chance_list(chance, field, (struct list *)(void *)at, arena);
        break;
    case SHAPE_TEXT_OR_DECIMAL: {
        struct text_or_decimal *either = (void *)at;
        either->is_decimal = chance_below(chance, 2);
        if (either->is_decimal)
            either->decimal = chance_decimal(chance);
        else
            either->text = chance_text(chance, arena);
        break;
    }
    }
}

static inline void chance_fields(struct chance *chance, const struct shape *shape, void *value,
                                 struct arena *arena)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct shape_field *field = &shape->fields[i];
        if (field->presence != SHAPE_ALWAYS && chance_below(chance, 2))
            continue;
        if (field->presence >= 0)
            *(bool *)(void *)((char *)value + field->presence) = true;
        chance_value(chance, field, (char *)value + field->offset, arena);
    }
}

/* Fills a struct of `shape`; half of what is optional is absent. */
static inline void chance_fill(struct chance *chance, const struct shape *shape, void *value,
                               struct arena *arena)
{
    memset(value, 0, shape->size);
    chance_fields(chance, shape, value, arena);
}

#endif
