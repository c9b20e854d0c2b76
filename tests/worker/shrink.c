#include "worker/compare.h"

/* Left out are first whole halves of a kind of fact, then less and less, down to single ones; again
 * from the start as long as something went. A fact that is left out changes neither the order nor
 * the turns of the others. */

struct shrinking {
    struct company *company;
    uint64_t seed;
    size_t comparisons;
};

static bool still_differs(struct shrinking *shrinking)
{
    struct compared counts;
    struct buffer differences = {0};
    compare_company(shrinking->company, shrinking->seed, &counts, &differences);
    bool differs = differences.length > 0;
    buffer_deinit(&differences);
    shrinking->comparisons++;
    return differs;
}

/* Whether `count` facts from `first` on could go, of which at least one was still there. */
static bool leave_out(struct shrinking *shrinking, struct company_facts *facts, size_t first,
                      size_t count)
{
    bool before[COMPANY_FACTS_MAX];
    bool has_any = false;
    memcpy(before, facts->left_out, sizeof before);
    for (size_t i = first; i < first + count && i < facts->count; i++) {
        has_any |= !facts->left_out[i];
        facts->left_out[i] = true;
    }
    if (has_any && still_differs(shrinking))
        return true;
    memcpy(facts->left_out, before, sizeof before);
    return false;
}

static bool shrink_facts(struct shrinking *shrinking)
{
    bool has_shrunk = false;
    for (int kind = 0; kind < COMPANY_KINDS; kind++) {
        struct company_facts *facts = &shrinking->company->facts[kind];
        for (size_t size = (facts->count + 1) / 2; size > 0; size /= 2) {
            for (size_t first = 0; first < facts->count; first += size)
                has_shrunk |= leave_out(shrinking, facts, first, size);
        }
    }
    return has_shrunk;
}

static bool shrink_plan(struct shrinking *shrinking, struct control *control)
{
    bool has_shrunk = false;
    for (size_t i = 0;;) {
        struct slice before = control->document;
        struct slice shorter = company_shorter_plan(shrinking->company, before, i);
        if (!shorter.bytes)
            return has_shrunk;
        control->document = shorter;
        if (shorter.length && still_differs(shrinking)) {
            has_shrunk = true;
            continue;
        }
        control->document = before;
        i++;
    }
}

static bool shrink_plans(struct shrinking *shrinking)
{
    const struct company_facts *facts = &shrinking->company->facts[COMPANY_CONTROL];
    bool has_shrunk = false;
    for (size_t i = 0; i < facts->count; i++) {
        struct control *control = company_fact(shrinking->company, COMPANY_CONTROL, i);
        if (!facts->left_out[i] && slice_equal(control->kind, SLICE("plan")))
            has_shrunk |= shrink_plan(shrinking, control);
    }
    return has_shrunk;
}

size_t shrink_company(struct company *company, uint64_t seed)
{
    struct shrinking shrinking = {.company = company, .seed = seed};
    bool has_shrunk = true;
    while (has_shrunk) {
        has_shrunk = shrink_facts(&shrinking);
        has_shrunk |= shrink_plans(&shrinking);
    }
    return shrinking.comparisons;
}
