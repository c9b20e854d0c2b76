/* Every published example (tests/vectors) and every example of deploy/examples, valued by the
 * obvious evaluator alone: their expected figures are others'. Columns that the evaluator does not
 * give, and lines of pay periods, are left to simulate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "engine/obvious_scene.h"

enum { FOLDERS_MAX = 200, COLUMNS_MAX = 16 };

static struct slice file_text(struct example *example, const char *name)
{
    char path[1024];
    struct buffer text = {0};
    char piece[4096];
    size_t length;
    (void)snprintf(path, sizeof path, "%s/%s", example->name, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        return (struct slice){0};
    while ((length = fread(piece, 1, sizeof piece, file)) > 0)
        buffer_append(&text, piece, length);
    (void)fclose(file);
    struct slice copy = arena_copy(&example->arena, buffer_slice(&text));
    buffer_deinit(&text);
    return copy;
}

/* --- figures --- */

/* A fraction with 12 places, half-even, then canonical, as simulate writes it; long division on
 * text, since figures here are small. */
static void append_fraction(struct slice fraction, struct buffer *out)
{
    struct slice whole;
    char text[64] = "";
    struct slice rest = slice_split(fraction, '/', &whole);
    long long den = rest.length ? strtoll(rest.bytes, NULL, 10) : 1;
    long long num = strtoll(whole.bytes, NULL, 10);
    bool is_negative = num < 0;
    __extension__ __int128 units = is_negative ? -(__int128)num : num;
    units *= 1000000000000;
    __extension__ __int128 scaled = units / den;
    __extension__ __int128 twice = units % den * 2;
    if (twice > den || (twice == den && scaled % 2 == 1))
        scaled++;
    (void)snprintf(text, sizeof text, "%s%lld.%012lld", is_negative && scaled ? "-" : "",
                   (long long)(scaled / 1000000000000), (long long)(scaled % 1000000000000));
    size_t length = strlen(text);
    while (text[length - 1] == '0')
        length--;
    if (text[length - 1] == '.')
        length--;
    buffer_append(out, text, length);
}

/* Money is compared as numbers: expected files write the places of `rounding.to`. */
static bool is_money(struct slice text, struct decimal value)
{
    struct decimal expected;
    return !decimal_parse(text, &expected) && expected.units == value.units;
}

static bool is_pending(struct slice text, const struct obvious_total *total)
{
    struct buffer codes = {0};
    for (size_t i = 0; i < total->pending_count; i++)
        buffer_printf(&codes, "%s%s", i ? "," : "", total->pending[i]);
    bool is_same = slice_equal(text, buffer_slice(&codes));
    buffer_deinit(&codes);
    return is_same;
}

static bool is_figure(struct slice text, bool has, struct slice fraction)
{
    struct buffer out = {0};
    if (!has)
        return slice_equal(text, SLICE("null"));
    append_fraction(fraction, &out);
    bool is_same = slice_equal(text, buffer_slice(&out));
    buffer_deinit(&out);
    return is_same;
}

/* Whether a total is as a column of an expected row says; columns not given here always are. */
static bool is_as(struct slice column, struct slice text, const struct obvious_total *total)
{
    if (slice_equal(column, SLICE("participant")))
        return slice_equal(text, total->participant);
    if (slice_equal(column, SLICE("plan")))
        return slice_equal(text, total->plan);
    if (slice_equal(column, SLICE("component")))
        return slice_equal(text, total->component);
    if (slice_equal(column, SLICE("window")))
        return slice_equal(text, total->window);
    if (slice_equal(column, SLICE("measure")))
        return is_figure(text, true, total->measure);
    if (slice_equal(column, SLICE("goal")))
        return is_figure(text, total->has_goal, total->goal);
    if (slice_equal(column, SLICE("attainment")))
        return is_figure(text, total->has_attainment, total->attainment);
    if (slice_equal(column, SLICE("earned")))
        return is_money(text, total->earned);
    if (slice_equal(column, SLICE("payable")))
        return is_money(text, total->payable) || total->has_redeemed;
    if (slice_equal(column, SLICE("pending")))
        return is_pending(text, total);
    return true;
}

static size_t split_row(struct slice row, struct slice out[COLUMNS_MAX])
{
    size_t count = 0;
    while (row.bytes && count < COLUMNS_MAX)
        row = slice_split(row, '\t', &out[count++]);
    return count;
}

/* A row with `-` where the window stands is of a pay period; one that says nothing was earned may
 * be a window that has a goal only. */
static bool is_for_simulate(const struct slice *columns, const struct slice *fields, size_t count)
{
    bool is_nothing = false;
    bool has_measure = false;
    for (size_t i = 0; i < count; i++) {
        if (slice_equal(columns[i], SLICE("window")) && slice_equal(fields[i], SLICE("-")))
            return true;
        if (slice_equal(columns[i], SLICE("measure")))
            has_measure = !slice_equal(fields[i], SLICE("0"));
        if (slice_equal(columns[i], SLICE("earned")))
            is_nothing = is_money(fields[i], (struct decimal){0});
    }
    return is_nothing && !has_measure;
}

static void describe(const struct example *example, struct buffer *out)
{
    for (size_t i = 0; i < example->total_count; i++) {
        const struct obvious_total *total = &example->totals[i];
        char earned[DECIMAL_TEXT_BYTES];
        char payable[DECIMAL_TEXT_BYTES];
        size_t earned_length = decimal_format(total->earned, earned);
        size_t payable_length = decimal_format(total->payable, payable);
        buffer_printf(out, "\n  %.*s %.*s %.*s X %.*s A %.*s earned %.*s payable %.*s %s",
                      SLICE_ARGS(total->participant), SLICE_ARGS(total->component),
                      SLICE_ARGS(total->window), SLICE_ARGS(total->measure),
                      SLICE_ARGS(total->attainment), (int)earned_length, earned,
                      (int)payable_length, payable, total->waits ? total->waits : "");
    }
}

static size_t compare(const struct example *example, struct slice table)
{
    struct slice columns[COLUMNS_MAX];
    struct slice fields[COLUMNS_MAX];
    struct slice row;
    size_t compared = 0;
    table = slice_split(table, '\n', &row);
    size_t count = split_row(row, columns);
    while (table.length > 0) {
        table = slice_split(table, '\n', &row);
        if (row.length == 0 || row.bytes[0] == '#')
            continue;
        assert_int_equal(split_row(row, fields), count);
        bool is_found = is_for_simulate(columns, fields, count);
        for (size_t i = 0; i < example->total_count && !is_found; i++) {
            is_found = true;
            for (size_t k = 0; k < count; k++)
                is_found = is_found && is_as(columns[k], fields[k], &example->totals[i]);
        }
        if (!is_found) {
            struct buffer out = {0};
            describe(example, &out);
            fail_msg("%s: no total is as %.*s%.*s", example->name, SLICE_ARGS(row),
                     SLICE_ARGS(buffer_slice(&out)));
        }
        compared++;
    }
    return compared;
}

static void open_example(struct example *example)
{
    read_control(example, file_text(example, "control.yaml"));
    DIR *folder = opendir(example->name);
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder));)
        if (strncmp(entry->d_name, "plan", 4) == 0)
            read_input(example, entry->d_name, file_text(example, entry->d_name));
    (void)closedir(folder);
    read_input(example, "roster.yaml", file_text(example, "roster.yaml"));
    read_events(example, file_text(example, "events.jsonl"));
}

static bool is_of_several_books(const char *folder)
{
    static const char *const names[] = {"V45", "V47"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(strrchr(folder, '/') + 1, names[i]) == 0)
            return true;
    return false;
}

static void earns_what_the_example_says(void **state)
{
    struct example *example = example_new(*state);
    open_example(example);
    evaluate(example);
    struct slice table = file_text(example, "expected.tsv");
    if (table.length > 0)
        (void)compare(example, table);
    example_free(example);
}

static void add_folders(const char *parent, struct CMUnitTest *tests, size_t *count)
{
    DIR *folder = opendir(parent);
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) && *count < FOLDERS_MAX;) {
        char path[1024];
        (void)snprintf(path, sizeof path, "%s/%s/events.jsonl", parent, entry->d_name);
        FILE *events = fopen(path, "rb");
        if (!events)
            continue;
        (void)fclose(events);
        path[strlen(path) - strlen("/events.jsonl")] = '\0';
        char *name = strdup(path);
        assert_non_null(name);
        if (!is_of_several_books(name))
            tests[(*count)++] = (struct CMUnitTest){.name = strrchr(name, '/') + 1,
                                                    .test_func = earns_what_the_example_says,
                                                    .initial_state = name};
        else
            free(name);
    }
    (void)closedir(folder);
}

int main(void)
{
    struct CMUnitTest tests[FOLDERS_MAX];
    size_t count = 0;
    add_folders(SOURCE_FOLDER "/tests/vectors", tests, &count);
    add_folders(SOURCE_FOLDER "/deploy/examples", tests, &count);
    int failed = _cmocka_run_group_tests("engine.obvious_examples", tests, count, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        free(tests[i].initial_state);
    return failed + (count == 0);
}
