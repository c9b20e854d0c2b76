#include "plan/feature.h"

enum { LATER, HERE };

static const struct {
    const char *name;
    const char *fix;
    int is_here;
} features[] = {
#define FEATURE_ROW(symbol, name, fix, is_here) {name, fix, is_here},
    FEATURE_LIST(FEATURE_ROW)
#undef FEATURE_ROW
};

bool feature_is_here(enum feature feature)
{
    return features[feature].is_here == HERE;
}

bool feature_note(struct feature_places *places, struct arena *arena, enum feature feature,
                  struct place place)
{
    struct feature_place *one = arena_take(arena, sizeof *one);
    if (!one)
        return false;
    *one = (struct feature_place){feature, place, NULL};
    if (places->last)
        places->last->next = one;
    else
        places->first = one;
    places->last = one;
    return true;
}

bool features_refuse(const struct feature_places *places, struct reports *reports)
{
    bool are_here = true;
    for (const struct feature_place *one = places->first; one; one = one->next) {
        if (feature_is_here(one->feature))
            continue;
        report_error(reports, one->place, "not-here", features[one->feature].fix,
                     "%s is in the language, but this version cannot do it yet",
                     features[one->feature].name);
        are_here = false;
    }
    return are_here;
}
