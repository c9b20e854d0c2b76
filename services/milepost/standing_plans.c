#include "milepost/standing_plans.h"

#include "plan/control_file.h"

enum status standing_plans_read(struct standing_plans *plans, const struct standing *standing,
                                const struct fact_rules *rules, char *detail)
{
    interner_init(&plans->names);
    plans_init(&plans->plans, &plans->names);
    plans->plans.units = rules->units;
    plans->plans.unit_count = rules->unit_count;
    const struct control *categories =
        standing_control(standing, SLICE("categories"), slice_of(CONTROL_SECTION_ID));
    enum status status =
        categories ? plans_set_categories(&plans->plans, categories, detail) : STATUS_OK;
    for (size_t i = 0; !status && i < standing->control_count; i++)
        if (slice_equal(standing->controls[i].kind, SLICE("plan")))
            status = plans_add(&plans->plans, &standing->controls[i], detail);
    return status;
}

void standing_plans_deinit(struct standing_plans *plans)
{
    if (!plans->plans.names)
        return;
    plans_deinit(&plans->plans);
    interner_deinit(&plans->names);
    *plans = (struct standing_plans){0};
}

const struct plan *standing_plans_find(const struct standing_plans *plans, struct slice plan,
                                       int64_t version)
{
    const struct plan_series *series = plans_find(&plans->plans, plan);
    for (size_t i = 0; series && i < series->count; i++)
        if (series->versions[i]->plan->version == version)
            return series->versions[i]->plan;
    return NULL;
}

int standing_plans_places(const struct standing_plans *plans, struct slice plan, int64_t version,
                          struct slice currency)
{
    const struct plan *one = standing_plans_find(plans, plan, version);
    if (one)
        return one->rounding_places;
    const struct currency *found =
        currency_find(currency, plans->plans.units, plans->plans.unit_count);
    return found ? found->exponent : 0;
}
