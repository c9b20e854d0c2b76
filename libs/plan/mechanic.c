#include "plan/mechanic.h"

#include "plan/mechanic_list.h"

#include <stdio.h>

#define MECHANIC_EXTERN(name) extern const struct mechanic name##_mechanic;
MECHANIC_LIST(MECHANIC_EXTERN)
#undef MECHANIC_EXTERN

static const struct mechanic *const table[] = {
#define MECHANIC_ROW(name) &name##_mechanic,
    MECHANIC_LIST(MECHANIC_ROW)
#undef MECHANIC_ROW
};
enum { MECHANICS = sizeof table / sizeof table[0], FIX_BYTES = 256 };

const struct mechanic *const *mechanic_table(size_t *out_count)
{
    *out_count = MECHANICS;
    return table;
}

const struct mechanic *mechanic_find(struct slice name)
{
    for (size_t i = 0; i < MECHANICS; i++) {
        if (slice_equal(slice_of(table[i]->name), name))
            return table[i];
    }
    return NULL;
}

/* The mechanic among the keys of `pays`; of a map that names none, its first key. */
static const struct node *find_named(const struct node *pays)
{
    for (const struct node *value = pays->first; value; value = value->next) {
        if (mechanic_find(value->key))
            return value;
    }
    return pays->first;
}

const struct mechanic *mechanic_of(const struct node *pays)
{
    if (pays->kind == NODE_SCALAR)
        return mechanic_find(pays->text);
    const struct node *named = pays->kind == NODE_MAP ? find_named(pays) : NULL;
    return named ? mechanic_find(named->key) : NULL;
}

static const struct mechanic *refuse(struct mechanic_reading *reading, struct place place,
                                     struct slice name)
{
    const char *words[MECHANICS + 1];
    char fix[FIX_BYTES] = "";
    size_t length = 0;
    for (size_t i = 0; i < MECHANICS; i++)
        words[i] = table[i]->name;
    words[MECHANICS] = NULL;
    const char *nearest = report_nearest(name, words);
    if (nearest)
        length += (size_t)snprintf(fix, sizeof fix, "did you mean `%s`?", nearest);
    for (size_t i = 0; !nearest && i < MECHANICS && length < sizeof fix; i++)
        length += (size_t)snprintf(fix + length, sizeof fix - length, "%s%s",
                                   i == 0 ? "it pays " : ", ", words[i]);
    report_error(reading->reading->reports, place, "unknown-mechanic", fix,
                 "there is no mechanic `%.*s`", SLICE_ARGS(name));
    return NULL;
}

static bool check_beside(struct mechanic_reading *reading, const struct node *pays,
                         const struct node *named, const struct mechanic *mechanic)
{
    bool is_right = true;
    for (const struct node *value = pays->first; value; value = value->next) {
        bool is_beside = mechanic->beside && slice_equal(value->key, slice_of(mechanic->beside));
        if (value == named || is_beside)
            continue;
        report_error(reading->reading->reports, node_key_place(value), "unknown-key",
                     "a component has one mechanic; a second one is a second component",
                     "`%.*s` cannot stand beside `%s`", SLICE_ARGS(value->key), mechanic->name);
        is_right = false;
    }
    return is_right;
}

static const struct mechanic *parse_named(struct mechanic_reading *reading, const struct node *pays,
                                          const void **out_terms)
{
    const struct node *named = find_named(pays);
    if (!named)
        return refuse(reading, node_place(pays), SLICE(""));
    const struct mechanic *mechanic = mechanic_find(named->key);
    if (!mechanic)
        return refuse(reading, node_key_place(named), named->key);
    if (!check_beside(reading, pays, named, mechanic))
        return NULL;
    reading->pays = pays;
    *out_terms = mechanic->parse(reading, named);
    return *out_terms ? mechanic : NULL;
}

const struct mechanic *mechanic_parse(struct mechanic_reading *reading, const struct node *pays,
                                      const void **out_terms)
{
    if (pays->kind == NODE_MAP)
        return parse_named(reading, pays, out_terms);
    const struct mechanic *mechanic = mechanic_of(pays);
    if (!mechanic)
        return refuse(reading, node_place(pays), pays->text);
    *out_terms = mechanic->parse(reading, pays);
    return *out_terms ? mechanic : NULL;
}

void landmarks_add(struct landmarks *landmarks, struct landmark landmark)
{
    if (landmarks->count < LANDMARKS_MAX)
        landmarks->items[landmarks->count++] = landmark;
}
