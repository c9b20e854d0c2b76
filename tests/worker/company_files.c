#include "worker/company.h"

#include <assert.h>
#include <stdio.h>

#include "calendar/date.h"
#include "engine/business_date.h"
#include "milepost/shape_json.h"

/* A company as files. Of the roster and of control's sections only the last versions are written:
 * in the end the others say nothing. */

static void write_file(const char *folder, const char *name, const struct buffer *text)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert(file);
    (void)fwrite(text->bytes, 1, text->length, file);
    (void)fclose(file);
}

/* --- control --- */

static bool is_last_control(const struct company *company, size_t index)
{
    const struct company_facts *facts = &company->facts[COMPANY_CONTROL];
    const struct control *one = company_fact(company, COMPANY_CONTROL, index);
    for (size_t i = 0; i < facts->count; i++) {
        const struct control *other = company_fact(company, COMPANY_CONTROL, i);
        if (!facts->left_out[i] && slice_equal(other->kind, one->kind) &&
            slice_equal(other->id, one->id) && other->version > one->version)
            return false;
    }
    return true;
}

/* A section of control as it stands in a file: under its name, two places in. */
static void append_section(struct buffer *out, const struct control *control)
{
    buffer_printf(out, "%.*s:\n", SLICE_ARGS(control->kind));
    for (struct slice rest = control->document; rest.length;) {
        struct slice line;
        rest = slice_split(rest, '\n', &line);
        buffer_printf(out, "  %.*s\n", SLICE_ARGS(line));
    }
}

static void write_control(const struct company *company, const char *folder)
{
    const struct company_facts *facts = &company->facts[COMPANY_CONTROL];
    struct buffer control_text = {0};
    for (size_t i = 0; i < facts->count; i++) {
        const struct control *control = company_fact(company, COMPANY_CONTROL, i);
        if (facts->left_out[i] || slice_equal(control->kind, BUSINESS_DATE_KIND))
            continue;
        if (slice_equal(control->kind, SLICE("plan"))) {
            char name[64];
            struct buffer text = {0};
            (void)snprintf(name, sizeof name, "%.*s-%lld.yaml", SLICE_ARGS(control->id),
                           (long long)control->version);
            buffer_append_slice(&text, control->document);
            write_file(folder, name, &text);
            buffer_deinit(&text);
        } else if (slice_equal(control->kind, SLICE("rates"))) { /* all of them count */
            char name[64];
            struct buffer text = {0};
            (void)snprintf(name, sizeof name, "rates-%lld.yaml", (long long)control->version);
            append_section(&text, control);
            write_file(folder, name, &text);
            buffer_deinit(&text);
        } else if (is_last_control(company, i)) {
            append_section(&control_text, control);
        }
    }
    if (control_text.length)
        write_file(folder, "control.yaml", &control_text);
    buffer_deinit(&control_text);
}

/* --- the roster --- */

static void append_number(struct buffer *out, struct decimal value)
{
    char text[DECIMAL_TEXT_BYTES];
    buffer_append(out, text, decimal_format(value, text));
}

static void append_figure(struct buffer *out, const struct figure *figure)
{
    const struct named_decimal *by = figure->by_window.items;
    if (figure->has_annual || figure->has_window) {
        buffer_printf(out, "{%s: ", figure->has_annual ? "annual" : "window");
        append_number(out, figure->has_annual ? figure->annual : figure->window);
        buffer_printf(out, "}");
        return;
    }
    buffer_printf(out, "{by-window: {");
    for (size_t i = 0; i < figure->by_window.count; i++) {
        buffer_printf(out, "%s%.*s: ", i ? ", " : "", SLICE_ARGS(by[i].name));
        append_number(out, by[i].value);
    }
    buffer_printf(out, "}}");
}

static bool has_general(struct list list)
{
    const struct figure *figures = list.items;
    return list.count > 0 && figures[0].component.length == 0;
}

/* One figure for all components stands alone. Beside one, those of single components are no form
 * of the roster's file: they go as remarks. */
static void append_figures(struct buffer *out, const char *name, struct list list)
{
    const struct figure *figures = list.items;
    if (list.count)
        buffer_printf(out, "        %s:\n", name);
    for (size_t i = 0; i < list.count; i++) {
        struct buffer one = {0};
        append_figure(&one, &figures[i]);
        struct slice text = buffer_slice(&one);
        if (figures[i].component.length)
            buffer_printf(out, "          %s%.*s: %.*s\n", has_general(list) ? "# " : "",
                          SLICE_ARGS(figures[i].component), SLICE_ARGS(text));
        else
            buffer_printf(out, "          %.*s\n", (int)text.length - 2, text.bytes + 1);
        buffer_deinit(&one);
    }
}

/* What was sold, by windows. */
static void append_baselines(struct buffer *out, struct list list)
{
    const struct figure *figures = list.items;
    if (list.count)
        buffer_printf(out, "        baseline:\n");
    for (size_t i = 0; i < list.count; i++) {
        const struct named_decimal *by = figures[i].by_window.items;
        buffer_printf(out, "          %.*s: {", SLICE_ARGS(figures[i].component));
        for (size_t k = 0; k < figures[i].by_window.count; k++) {
            buffer_printf(out, "%s%.*s: ", k ? ", " : "", SLICE_ARGS(by[k].name));
            append_number(out, by[k].value);
        }
        buffer_printf(out, "}\n");
    }
}

static void append_attributes(struct buffer *out, struct list list)
{
    const struct attribute *items = list.items;
    buffer_printf(out, "        attributes: {");
    for (size_t i = 0; i < list.count; i++) {
        buffer_printf(out, "%s%.*s: ", i ? ", " : "", SLICE_ARGS(items[i].name));
        if (items[i].value.is_decimal)
            append_number(out, items[i].value.decimal);
        else
            buffer_append_slice(out, items[i].value.text);
    }
    buffer_printf(out, "}\n");
}

static void append_assignment(struct buffer *out, const struct assignment *assignment)
{
    char from[DATE_TEXT_BYTES];
    char until[DATE_TEXT_BYTES];
    from[date_format(assignment->from, from)] = '\0';
    buffer_printf(out, "      - plan: %.*s\n        from: %s\n", SLICE_ARGS(assignment->plan),
                  from);
    if (assignment->has_until) {
        until[date_format(assignment->until, until)] = '\0';
        buffer_printf(out, "        until: %s\n", until);
    }
    append_figures(out, "goals", assignment->goals);
    append_figures(out, "target", assignment->targets);
    append_baselines(out, assignment->baselines);
    append_attributes(out, assignment->attributes);
}

static bool is_last_roster(const struct company *company, size_t index)
{
    const struct company_facts *facts = &company->facts[COMPANY_ROSTER];
    const struct roster *one = company_fact(company, COMPANY_ROSTER, index);
    for (size_t i = 0; i < facts->count; i++) {
        const struct roster *other = company_fact(company, COMPANY_ROSTER, i);
        if (!facts->left_out[i] && slice_equal(other->participant, one->participant) &&
            other->version > one->version)
            return false;
    }
    return !facts->left_out[index];
}

static void write_roster(const struct company *company, const char *folder)
{
    struct buffer out = {0};
    buffer_printf(&out, "participants:\n");
    for (size_t i = 0; i < company->facts[COMPANY_ROSTER].count; i++) {
        const struct roster *roster = company_fact(company, COMPANY_ROSTER, i);
        const struct assignment *assignments = roster->assignments.items;
        if (!is_last_roster(company, i))
            continue;
        buffer_printf(&out, "  - participant: %.*s\n    assignments:\n",
                      SLICE_ARGS(roster->participant));
        for (size_t k = 0; k < roster->assignments.count; k++)
            append_assignment(&out, &assignments[k]);
    }
    write_file(folder, "roster.yaml", &out);
    buffer_deinit(&out);
}

/* --- events --- */

static const struct {
    enum company_kind kind;
    const char *type;
    const struct shape *shape;
} events[] = {{COMPANY_DEAL, "deal", &deal_shape},
              {COMPANY_MILESTONE, "milestone", &milestone_shape},
              {COMPANY_PAYMENT, "payment", &payment_shape},
              {COMPANY_RESULT, "result", &result_shape}};

static void append_event(struct buffer *out, size_t row, const void *fact)
{
    static const char *const without[] = {"what", NULL};
    static const struct shape_json_options options = {.without = without};
    bool is_adjustment = events[row].kind == COMPANY_RESULT &&
                         ((const struct result *)fact)->what == RESULT_ADJUSTMENT;
    buffer_printf(out, "{\"type\":\"%s\"", is_adjustment ? "adjustment" : events[row].type);
    shape_append_json_fields(events[row].shape, fact, &options, out);
    buffer_printf(out, "}\n");
}

void company_write(const struct company *company, const char *folder)
{
    struct buffer out = {0};
    for (size_t row = 0; row < sizeof events / sizeof events[0]; row++) {
        const struct company_facts *facts = &company->facts[events[row].kind];
        for (size_t i = 0; i < facts->count; i++) {
            if (!facts->left_out[i])
                append_event(&out, row, company_fact(company, events[row].kind, i));
        }
    }
    char date_text[DATE_TEXT_BYTES];
    int32_t date;
    if (company_date(company, &date))
        buffer_printf(&out, "{\"type\":\"date\",\"date\":\"%.*s\"}\n",
                      (int)date_format(date, date_text), date_text);
    write_file(folder, "events.jsonl", &out);
    buffer_deinit(&out);
    write_control(company, folder);
    write_roster(company, folder);
}
