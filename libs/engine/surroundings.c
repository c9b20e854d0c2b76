#include "engine/surroundings.h"

/* --- who looks --- */

static bool has_part(const struct when *when, enum when_kind kind)
{
    for (int32_t i = 0; i < when->count; i++) {
        if (when->parts[i].kind == kind)
            return true;
    }
    return false;
}

static bool fills_year(const struct plan_component *component, const struct adjustment *step,
                       bool has_parts)
{
    return step->per == PER_YEAR && (has_parts || component->over < WINDOW_YEAR);
}

bool looks_across(const struct plan_component *component, bool has_parts)
{
    if (component->baseline.is_given || (component->needs & NEEDS_ATTAINMENT_OF))
        return true;
    for (size_t i = 0; i < component->adjustment_count; i++) {
        const struct adjustment *step = &component->adjustments[i];
        if (has_part(&step->when, WHEN_ATTAINMENT) || has_part(&step->when, WHEN_EARNED) ||
            fills_year(component, step, has_parts))
            return true;
    }
    return false;
}

bool looks_at_results(const struct plan_component *component)
{
    for (size_t i = 0; i < component->adjustment_count; i++) {
        const struct adjustment *step = &component->adjustments[i];
        if (step->curve || has_part(&step->when, WHEN_RESULT))
            return true;
    }
    return false;
}

/* --- conditions --- */

static bool compares(const struct when_part *part, struct rational value)
{
    int order = rational_compare(value, rational_of_decimal(part->bound));
    return comparator_holds(part->comparator, order, 0);
}

static enum status attainment_holds(const struct when_part *part, const struct surroundings *around,
                                    bool *out)
{
    struct attained attained;
    bool found;
    enum status status = around->attainment(around->self, part->look, &found, &attained);
    if (!status)
        *out = found && attained.is_there && compares(part, attained.exact);
    return status;
}

static enum status earned_holds(const struct when_part *part, const struct surroundings *around,
                                bool *out)
{
    struct rational earned;
    bool found;
    enum status status = around->earned(around->self, part->look, &found, &earned);
    if (!status)
        *out = found && compares(part, earned);
    return status;
}

static enum status result_holds(const struct when_part *part, const struct surroundings *around,
                                bool *out)
{
    struct rational value;
    bool found;
    enum status status = around->result(around->self, &part->result, &found, &value);
    if (!status)
        *out = found && compares(part, value);
    return status;
}

static enum status attribute_holds(const struct when_part *part, const struct surroundings *around,
                                   bool *out)
{
    struct list attributes;
    enum status status = around->attributes(around->self, &attributes);
    if (!status)
        *out = condition_attribute_fits(&part->attribute, &attributes);
    return status;
}

static enum status part_holds(const struct when *when, int32_t at,
                              const struct surroundings *around, bool *out);

/* `all` until one does not hold, `any` until one does, `not` of the one. */
static enum status joined_hold(const struct when *when, int32_t at,
                               const struct surroundings *around, bool *out)
{
    const struct when_part *join = &when->parts[at];
    bool is_any = join->kind == WHEN_ANY;
    bool holds = !is_any;
    for (int32_t i = at + 1; i < join->end && holds != is_any; i = when->parts[i].end) {
        enum status status = part_holds(when, i, around, &holds);
        if (status)
            return status;
    }
    *out = join->kind == WHEN_NOT ? !holds : holds;
    return STATUS_OK;
}

static enum status part_holds(const struct when *when, int32_t at,
                              const struct surroundings *around, bool *out)
{
    const struct when_part *part = &when->parts[at];
    switch (part->kind) {
    case WHEN_ALL:
    case WHEN_ANY:
    case WHEN_NOT:
        return joined_hold(when, at, around, out);
    case WHEN_ATTAINMENT:
        return attainment_holds(part, around, out);
    case WHEN_EARNED:
        return earned_holds(part, around, out);
    case WHEN_RESULT:
        return result_holds(part, around, out);
    case WHEN_ATTRIBUTE:
        return attribute_holds(part, around, out);
    }
    return STATUS_INVALID;
}

enum status when_holds(const struct when *when, const struct surroundings *around, bool *out)
{
    *out = true;
    return when->count ? part_holds(when, 0, around, out) : STATUS_OK;
}
