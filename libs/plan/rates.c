#include "plan/rates.h"

#include "plan/reading.h"

#include <stdlib.h>

/* --- reading --- */

static const struct key_rule rate_keys[] = {
    {"on", KEY_REQUIRED, "on: 2026-03-31"},
    {"pair", KEY_REQUIRED, "pair: EUR/USD"},
    {"rate", KEY_REQUIRED, "rate: 1.0815"},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool read_pair(struct reading *reading, const struct node *node, struct rate *out)
{
    out->from = (struct slice){NULL, 0};
    out->to = node->kind == NODE_SCALAR ? slice_split(node->text, '/', &out->from)
                                        : (struct slice){NULL, 0};
    if (out->from.length > 0 && out->to.length > 0 && !slice_equal(out->from, out->to))
        return true;
    report_error(reading->reports, node_place(node), "bad-value", "pair: EUR/USD",
                 "`pair` is two currencies: what one of the first is worth in the second");
    return false;
}

static bool read_rate(struct reading *reading, const struct node *node, struct rate *out)
{
    if (!reading_keys(reading, node, "a rate", rate_keys))
        return false;
    const struct node *value = node_find(node, "rate");
    bool is_right = reading_date(reading, node_find(node, "on"), "`on`", &out->date);
    is_right &= read_pair(reading, node_find(node, "pair"), out);
    if (!reading_number(reading, value, "`rate`", &out->rate))
        return false;
    if (out->rate.units > 0 && out->rate.units < decimal_of(RATE_MAX).units)
        return is_right;
    report_error(reading->reports, node_place(value), "bad-value", NULL,
                 "a rate is above 0, and below a thousand million");
    return false;
}

static int compare(const struct rate *a, const struct rate *b)
{
    int order = slice_compare(a->from, b->from);
    if (order == 0)
        order = slice_compare(a->to, b->to);
    return order != 0 ? order : (a->date > b->date) - (a->date < b->date);
}

static int by_pair_and_date(const void *a, const void *b)
{
    return compare(a, b);
}

/* A list of thousands of rates is usual: what stands twice is found once they are sorted. */
static bool check_twice(struct reading *reading, const struct node *section,
                        const struct rates *rates)
{
    char date[DATE_TEXT_BYTES];
    for (size_t i = 1; i < rates->count; i++) {
        const struct rate *row = &rates->rows[i];
        if (compare(row - 1, row) != 0)
            continue;
        date_format(row->date, date);
        report_error(reading->reports, node_key_place(section), "twice", NULL,
                     "%.*s/%.*s stands twice on %s", SLICE_ARGS(row->from), SLICE_ARGS(row->to),
                     date);
        return false;
    }
    return true;
}

enum status rates_parse(const struct node *section, struct arena *arena, struct reports *reports,
                        struct rates *out)
{
    struct reading reading = {.arena = arena, .reports = reports};
    if (!reading_list(&reading, section, "`rates`"))
        return STATUS_INVALID;
    struct rate *rows = reading_take(&reading, section->count, sizeof *rows);
    if (!rows)
        return STATUS_EXHAUSTED;
    bool is_right = true;
    size_t count = 0;
    for (const struct node *item = section->first; item; item = item->next)
        is_right &= read_rate(&reading, item, &rows[count++]);
    if (!is_right)
        return STATUS_INVALID;
    if (count > 0)
        qsort(rows, count, sizeof *rows, by_pair_and_date);
    struct rates rates = {rows, count};
    if (!check_twice(&reading, section, &rates))
        return STATUS_INVALID;
    *out = rates;
    return STATUS_OK;
}

enum status rates_read(struct slice document, struct arena *arena, struct reports *reports,
                       struct rates *out)
{
    const struct node *section;
    reports_read(reports, SLICE("rates"), document, 1);
    enum status status = node_read_yaml(document, NODE_BYTES_MAX, arena, reports, &section);
    return status ? status : rates_parse(section, arena, reports, out);
}

/* --- joining --- */

struct joined {
    struct rate rate;
    size_t section;
};

static int by_rate_and_section(const void *a, const void *b)
{
    const struct joined *one = a;
    const struct joined *other = b;
    int order = compare(&one->rate, &other->rate);
    return order ? order : (one->section > other->section) - (one->section < other->section);
}

/* The last of each run of equal ones. */
static size_t keep_last(const struct joined *all, size_t count, struct rate *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (i + 1 == count || compare(&all[i].rate, &all[i + 1].rate) != 0)
            out[kept++] = all[i].rate;
    }
    return kept;
}

enum status rates_join(const struct rates *sections, size_t count, struct arena *arena,
                       struct rates *out)
{
    size_t all = 0;
    for (size_t i = 0; i < count; i++)
        all += sections[i].count;
    struct joined *joined = malloc((all ? all : 1) * sizeof *joined);
    struct rate *rows = arena_take_array(arena, all ? all : 1, sizeof *rows);
    if (!joined || !rows) {
        free(joined);
        return STATUS_EXHAUSTED;
    }
    size_t at = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sections[i].count; k++)
            joined[at++] = (struct joined){sections[i].rows[k], i};
    qsort(joined, all, sizeof *joined, by_rate_and_section);
    *out = (struct rates){rows, keep_last(joined, all, rows)};
    free(joined);
    return STATUS_OK;
}

/* --- asking --- */

const struct rate *rates_find(const struct rates *rates, struct slice from, struct slice to,
                              int32_t date, int32_t previous_days)
{
    const struct rate wanted = {.from = from, .to = to, .date = date};
    size_t low = 0;
    size_t high = rates->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&rates->rows[middle], &wanted) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    const struct rate *newest = &rates->rows[low - 1];
    bool is_pair = slice_equal(newest->from, from) && slice_equal(newest->to, to);
    return is_pair && date - newest->date <= previous_days ? newest : NULL;
}
