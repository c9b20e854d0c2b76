#include "milepost/what_if_answer.h"

#include <stdlib.h>

#include "milepost/pay_key.h"
#include "milepost/shape_json.h"

static struct what_if_line *add(struct what_if_answer *answer, const struct trial_key *key)
{
    if (answer->count == answer->capacity) {
        answer->capacity = answer->capacity ? answer->capacity * 2 : 16;
        answer->lines = realloc(answer->lines, answer->capacity * sizeof *answer->lines);
        if (!answer->lines)
            abort();
    }
    answer->lines[answer->count] = (struct what_if_line){.key = *key};
    return &answer->lines[answer->count++];
}

void what_if_answer_take(struct what_if_answer *answer, const struct trial *trial)
{
    answer->waits = trial->waits;
    for (size_t i = 0; i < trial->key_count; i++)
        if (trial->keys[i].is_moved)
            (void)add(answer, &trial->keys[i]);
}

void what_if_answer_take_next(struct what_if_answer *answer, const struct trial *trial,
                              struct decimal amount)
{
    answer->next_amount = amount;
    size_t moved = answer->count;
    for (size_t i = 0; i < moved; i++) {
        const struct trial_key *now = trial_find(trial, &answer->lines[i].key);
        answer->lines[i].has_next = now != NULL;
        if (now)
            answer->lines[i].next = now->after;
    }
    for (size_t i = 0; i < trial->key_count; i++) {
        const struct trial_key *key = &trial->keys[i];
        bool is_known = !key->is_moved;
        for (size_t k = 0; !is_known && k < moved; k++)
            is_known = pay_key_compare(PAY_KEY_OF(&answer->lines[k].key), PAY_KEY_OF(key)) == 0;
        if (is_known || key->after.earned.units == key->before.earned.units)
            continue;
        struct what_if_line *line = add(answer, key);
        line->has_next = true;
        line->next = key->after;
        line->key.after = key->before; /* the fact itself did not move it */
    }
}

void what_if_answer_deinit(struct what_if_answer *answer)
{
    free(answer->lines);
    *answer = (struct what_if_answer){0};
}

/* --- JSON --- */

static struct decimal minus(struct decimal a, struct decimal b)
{
    return (struct decimal){a.units - b.units};
}

static void append_ratio(struct buffer *out, const char *name, bool has, struct decimal ratio)
{
    char text[DECIMAL_TEXT_BYTES];
    struct slice shown = {NULL, 0};
    if (has)
        shown = (struct slice){text, ratio_format(ratio, text)};
    json_append_optional(out, name, shown);
}

static void append_state(struct buffer *out, const char *name, const struct emitted_row *row,
                         int places)
{
    char text[DECIMAL_TEXT_BYTES];
    json_append_raw(out, name, "{");
    json_append_field(out, "measure", (struct slice){text, decimal_format(row->measure, text)});
    append_ratio(out, "attainment", row->has_attainment, row->attainment);
    json_append_optional(out, "step_reached", row->step);
    json_append_money(out, "earned", row->earned, places);
    json_append_money(out, "payable", row->payable, places);
    buffer_append_byte(out, '}');
}

static void print_json(const struct what_if_answer *answer, const struct what_if_line *line,
                       int places)
{
    struct buffer out = {0};
    char text[DECIMAL_TEXT_BYTES];
    const struct trial_key *key = &line->key;
    const struct emitted_row *after = &key->after;
    buffer_append_byte(&out, '{');
    json_append_field(&out, "fact", answer->fact);
    json_append_optional(&out, "at", answer->date);
    json_append_field(&out, "participant", key->participant);
    json_append_field(&out, "plan", key->plan);
    json_append_field(&out, "component", key->component);
    json_append_field(&out, "window", key->window);
    json_append_money(&out, "pays", minus(after->earned, key->before.earned), places);
    json_append_field(&out, "currency", after->currency);
    json_append_money(&out, "payable", minus(after->payable, key->before.payable), places);
    struct slice goal = {NULL, 0};
    if (after->has_goal)
        goal = (struct slice){text, decimal_format(after->goal, text)};
    json_append_optional(&out, "goal", goal);
    append_state(&out, "before", &key->before, places);
    append_state(&out, "after", after, places);
    if (line->has_next) {
        json_append_raw(&out, "next", "{");
        json_append_field(&out, "amount",
                          (struct slice){text, decimal_format(answer->next_amount, text)});
        json_append_money(&out, "pays", minus(line->next.earned, after->earned), places);
        append_ratio(&out, "attainment", line->next.has_attainment, line->next.attainment);
        json_append_optional(&out, "step_reached", line->next.step);
        buffer_append_byte(&out, '}');
    } else {
        json_append_raw(&out, "next", "null");
    }
    json_append_texts(&out, "pending", &after->pending);
    json_append_optional(&out, "held", after->held);
    (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(&out)));
    buffer_deinit(&out);
}

/* --- tables --- */

/* `8.00% → 16.00%`; one where nothing changes. */
static void add_attainment(struct table *table, const struct emitted_row *before,
                           const struct emitted_row *after)
{
    char one[DECIMAL_TEXT_BYTES] = "";
    char other[DECIMAL_TEXT_BYTES] = "";
    struct buffer cell = {0};
    if (before->has_attainment)
        (void)ratio_percent(before->attainment, one);
    if (after->has_attainment)
        (void)ratio_percent(after->attainment, other);
    if (one[0] && !slice_equal(slice_of(one), slice_of(other)))
        buffer_printf(&cell, "%s → ", one);
    buffer_printf(&cell, "%s", other);
    table_add_slice(table, buffer_slice(&cell));
    buffer_deinit(&cell);
}

static void add_step(struct table *table, struct slice before, struct slice after)
{
    struct buffer cell = {0};
    if (slice_equal(before, after))
        buffer_append_slice(&cell, after);
    else
        buffer_printf(&cell, "%.*s → %.*s", before.length ? (int)before.length : 1,
                      before.length ? before.bytes : "-", after.length ? (int)after.length : 1,
                      after.length ? after.bytes : "-");
    table_add_slice(table, buffer_slice(&cell));
    buffer_deinit(&cell);
}

static void add_waits(struct table *table, const struct emitted_row *after)
{
    struct buffer cell = {0};
    const struct slice *pending = after->pending.items;
    if (after->held.length)
        buffer_printf(&cell, "held: %.*s", SLICE_ARGS(after->held));
    for (size_t i = 0; !after->held.length && i < after->pending.count; i++)
        buffer_printf(&cell, "%s%.*s", i ? ", " : "", SLICE_ARGS(pending[i]));
    table_add_slice(table, buffer_slice(&cell));
    buffer_deinit(&cell);
}

static void add_line(struct table *table, const struct what_if_line *line, int places,
                     bool has_next)
{
    char text[DECIMAL_TEXT_BYTES];
    const struct trial_key *key = &line->key;
    table_add_slice(table, key->participant);
    table_add_slice(table, key->plan);
    table_add_slice(table, key->component);
    table_add_slice(table, key->window);
    table_add_slice(table,
                    places_format(minus(key->after.earned, key->before.earned), places, text));
    table_add_slice(table, places_format(key->after.earned, places, text));
    table_add_slice(table, key->after.currency);
    add_attainment(table, &key->before, &key->after);
    add_step(table, key->before.step, key->after.step);
    if (has_next && line->has_next)
        table_add_slice(table,
                        places_format(minus(line->next.earned, key->after.earned), places, text));
    else if (has_next)
        table_add(table, "");
    add_waits(table, &key->after);
}

static void print_table(const struct what_if_answer *answer, const struct standing_plans *plans,
                        const struct console *console)
{
    char next[DECIMAL_TEXT_BYTES + 16];
    char amount[DECIMAL_TEXT_BYTES];
    bool has_next = answer->next_amount.units != 0;
    const char *heads[] = {"participant", "plan",       "component", "window", ">pays", ">in all",
                           "currency",    "attainment", "step",      "waits",  NULL};
    size_t columns = 10;
    decimal_format(answer->next_amount, amount);
    (void)snprintf(next, sizeof next, ">next %s", amount);
    if (has_next) {
        heads[columns - 1] = next;
        heads[columns++] = "waits";
    }
    struct table table;
    table_init(&table, heads, columns);
    for (size_t i = 0; i < answer->count; i++) {
        const struct what_if_line *line = &answer->lines[i];
        add_line(&table, line,
                 standing_plans_places(plans, line->key.plan, line->key.after.plan_version,
                                       line->key.after.currency),
                 has_next);
    }
    table_print(&table, console);
    table_deinit(&table);
}

/* --- a sentence for each participant and currency --- */

static bool is_first_of_sum(const struct what_if_answer *answer, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (slice_equal(answer->lines[i].key.participant, answer->lines[index].key.participant) &&
            slice_equal(answer->lines[i].key.after.currency,
                        answer->lines[index].key.after.currency))
            return false;
    return true;
}

static void print_sum(const struct what_if_answer *answer, const struct standing_plans *plans,
                      const struct console *console, size_t index)
{
    const struct trial_key *key = &answer->lines[index].key;
    struct decimal pays = {0};
    struct decimal next = {0};
    char text[DECIMAL_TEXT_BYTES];
    int places =
        standing_plans_places(plans, key->plan, key->after.plan_version, key->after.currency);
    for (size_t i = index; i < answer->count; i++) {
        const struct what_if_line *line = &answer->lines[i];
        if (!slice_equal(line->key.participant, key->participant) ||
            !slice_equal(line->key.after.currency, key->after.currency))
            continue;
        pays.units += line->key.after.earned.units - line->key.before.earned.units;
        if (line->has_next)
            next.units += line->next.earned.units - line->key.after.earned.units;
    }
    (void)printf("%.*s pays %.*s %s%.*s %.*s%s", SLICE_ARGS(answer->fact),
                 SLICE_ARGS(key->participant), console_colour(console, COLOUR_BOLD),
                 SLICE_ARGS(places_format(pays, places, text)), SLICE_ARGS(key->after.currency),
                 console_plain(console));
    if (answer->next_amount.units) {
        char amount[DECIMAL_TEXT_BYTES];
        decimal_format(answer->next_amount, amount);
        (void)printf("; the next %s are worth %.*s", amount,
                     SLICE_ARGS(places_format(next, places, text)));
    }
    (void)printf(".\n");
}

static void print_nothing(const struct what_if_answer *answer)
{
    if (answer->waits.length)
        (void)fprintf(stderr, "milepost: %.*s is credited to nobody yet: %.*s\n",
                      SLICE_ARGS(answer->fact), SLICE_ARGS(answer->waits));
    else
        (void)fprintf(stderr,
                      "milepost: %.*s%s%.*s moves nothing: no component counts it (participant, "
                      "assignment, date, role, product … are what decides)\n",
                      SLICE_ARGS(answer->fact), answer->date.length ? " at " : "",
                      SLICE_ARGS(answer->date));
}

void what_if_answer_print(const struct what_if_answer *answer, const struct standing_plans *plans,
                          const struct console *console)
{
    if (answer->count == 0 || answer->waits.length)
        print_nothing(answer);
    for (size_t i = 0; console->is_json && i < answer->count; i++) {
        const struct trial_key *key = &answer->lines[i].key;
        print_json(
            answer, &answer->lines[i],
            standing_plans_places(plans, key->plan, key->after.plan_version, key->after.currency));
    }
    if (console->is_json || answer->count == 0)
        return;
    if (answer->date.length)
        (void)printf("%.*s at %.*s\n", SLICE_ARGS(answer->fact), SLICE_ARGS(answer->date));
    print_table(answer, plans, console);
    for (size_t i = 0; i < answer->count; i++)
        if (is_first_of_sum(answer, i))
            print_sum(answer, plans, console, i);
}
