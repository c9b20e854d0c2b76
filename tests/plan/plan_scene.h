/* Plans for tests: a whole plan around the lines that a test is about. Include after cmocka.h. */
#ifndef MILEPOST_TESTS_PLAN_SCENE_H
#define MILEPOST_TESTS_PLAN_SCENE_H

#include <stdio.h>

#include "plan/plan.h"

struct scene {
    struct arena arena;
    struct reports reports;
    struct buffer text;
};

static inline void scene_init(struct scene *scene)
{
    *scene = (struct scene){0};
    arena_init_growing(&scene->arena, 64 << 20);
    reports_init(&scene->reports, &scene->arena);
}

static inline void scene_deinit(struct scene *scene)
{
    arena_deinit(&scene->arena);
    buffer_deinit(&scene->text);
}

static inline enum status scene_zone(void *self, struct slice zone, int32_t from, int32_t until,
                                     struct arena *arena, struct zone *out,
                                     char detail[DETAIL_BYTES])
{
    (void)self;
    (void)from;
    (void)until;
    (void)arena;
    if (slice_equal(zone, SLICE("Nowhere/None"))) {
        snprintf(detail, DETAIL_BYTES, "there is no such zone");
        return STATUS_INVALID;
    }
    *out = (struct zone){0};
    return STATUS_OK;
}

static inline enum status scene_parse_as(struct scene *scene, struct slice text, bool reads_all,
                                         const struct plan **out)
{
    static const struct currency units[] = {{"PTS", 0}};
    const struct plan_sources sources = {
        .zone = scene_zone, .units = units, .unit_count = 1, .reads_all = reads_all};
    return plan_parse(text, SLICE("plan.yaml"), &scene->arena, &sources, &scene->reports, out);
}

static inline enum status scene_parse(struct scene *scene, struct slice text,
                                      const struct plan **out)
{
    return scene_parse_as(scene, text, false, out);
}

/* The whole language, evaluated or not. */
static inline enum status scene_read(struct scene *scene, struct slice text,
                                     const struct plan **out)
{
    return scene_parse_as(scene, text, true, out);
}

/* Lines 1 to 9 of every plan; a component follows from line 10 on. */
#define SCENE_HEAD                                                                                 \
    "milepost: 1\n"                                                                                \
    "plan: account-executive\n"                                                                    \
    "version: 3\n"                                                                                 \
    "currency: USD\n"                                                                              \
    "timezone: America/New_York\n"                                                                 \
    "calendar: {year-starts: 01-01}\n"                                                             \
    "effective: {from: 2026-01-01, until: 2027-01-01}\n"                                           \
    "rounding: {to: 0.01, mode: half-even}\n"                                                      \
    "mid-window: last\n"

#define SCENE_GOAL "    goal: {from: roster, attainment: exact, zero: nothing, prorate: none}\n"

/* A plan of one component with these lines of `measure`, `over`, goal and pays. */
static inline const struct plan *scene_plan(struct scene *scene, const char *sum, const char *over,
                                            const char *lines)
{
    const struct plan *plan = NULL;
    buffer_reset(&scene->text);
    buffer_printf(&scene->text,
                  SCENE_HEAD "components:\n  main:\n    measure: {of: deals, %s}\n"
                             "    cancelled: {effect: recompute}\n    over: %s\n%s",
                  sum, over, lines);
    enum status status = scene_parse(scene, buffer_slice(&scene->text), &plan);
    if (status) {
        struct buffer out = {0};
        reports_append(&scene->reports, false, &out);
        print_message("%.*s", SLICE_ARGS(buffer_slice(&out)));
        buffer_deinit(&out);
        fail_msg("the plan is refused: %s", status_name(status));
    }
    return plan;
}

static inline struct decimal scene_decimal(const char *text)
{
    struct decimal value;
    if (decimal_parse_share(slice_of(text), &value))
        fail_msg("%s is no number", text);
    return value;
}

static inline struct rational scene_rational(const char *text)
{
    return rational_of_decimal(scene_decimal(text));
}

#endif
