#include "engine/deal_value.h"

#include "engine/payment_rows.h"
#include "engine/row_keys.h"
#include "engine/taking.h"

/* --- the rows of one deal in a book --- */

static size_t count_rows(const struct book *book, const struct credit *credit)
{
    return 1 + (book->counts_payments ? payment_rows_count(credit) : 0);
}

/* Adds the credit and its payments, of which `rows` has room. */
static enum status add_rows(struct incentives *fold, const struct book *book,
                            const struct credit *credit, struct deal_rows *rows)
{
    size_t count = count_rows(book, credit);
    enum status status = STATUS_OK;
    rows->items[rows->count++] = *credit;
    for (size_t i = 1; !status && i < count; i++)
        status = payment_row_of(credit, i - 1, &fold->deal_scratch, &rows->items[rows->count++]);
    return status;
}

enum status deal_rows_of(struct incentives *fold, const struct book *book,
                         const struct credit *credit, struct deal_rows *out)
{
    size_t count = count_rows(book, credit);
    *out = (struct deal_rows){arena_take_array(&fold->deal_scratch, count, sizeof *out->items), 0};
    return out->items ? add_rows(fold, book, credit, out) : STATUS_EXHAUSTED;
}

/* With the payments of each. */
static enum status add_payments(struct incentives *fold, const struct book *book,
                                struct deal_rows *rows)
{
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++)
        count += count_rows(book, &rows->items[i]);
    if (count == rows->count)
        return STATUS_OK;
    struct deal_rows all = {arena_take_array(&fold->deal_scratch, count, sizeof *all.items), 0};
    enum status status = all.items ? STATUS_OK : STATUS_EXHAUSTED;
    for (size_t i = 0; !status && i < rows->count; i++)
        status = add_rows(fold, book, &rows->items[i], &all);
    *rows = all;
    return status;
}

enum status deal_rows_read(struct incentives *fold, const struct book *book, struct slice deal_book,
                           struct deal_rows *out, char *detail)
{
    struct slice prefix = key_of_credits(&fold->io.other_key, book->participant, deal_book);
    struct store_cursor cursor;
    const struct row *row = store_first(fold->io.store, prefix, false, &cursor);
    size_t count = 0;
    for (; row && slice_starts_with(row_key(row), prefix); row = store_next(&cursor))
        count++;
    struct credit *items = arena_take_array(&fold->deal_scratch, count, sizeof *items);
    if (!items)
        return STATUS_EXHAUSTED;
    *out = (struct deal_rows){items, count};
    row = store_first(fold->io.store, prefix, false, &cursor);
    for (size_t i = 0; i < count; i++, row = store_next(&cursor)) {
        enum status status =
            row_decode_into(&fold->io, ROW_CREDIT, row, &fold->deal_scratch, &items[i], detail);
        if (status)
            return status;
        items[i].counts_as_paid = fold->counts_as_paid;
    }
    return book->counts_payments ? add_payments(fold, book, out) : STATUS_OK;
}

/* --- valuing one key from them --- */

static const struct plan_component *component_of(const struct deal_value *value)
{
    return &value->key->version->plan->components[value->key->index];
}

static const struct deal_line *find_line(const struct credit *credit, struct slice line_id)
{
    const struct deal_line *lines = credit->lines.items;
    for (size_t i = 0; i < credit->lines.count; i++) {
        if (slice_equal(lines[i].line_id, line_id))
            return &lines[i];
    }
    return NULL;
}

bool deal_key_is_valued(struct incentives *fold, const struct deal_key *key,
                        const struct credit *credit, int32_t *out_day)
{
    const struct zone zone = key->version->plan->zone;
    struct window_memory day;
    if (!credit->has_deal_closed_at)
        return zone_date_at(zone, credit->closed_at, out_day) == STATUS_OK &&
               version_window(key->version, key->index, *out_day, (struct assigned){0},
                              &fold->names, &day);
    return zone_date_at(zone, credit->deal_closed_at, out_day) == STATUS_OK &&
           series_version(key->series, *out_day, INT32_MAX) == key->version;
}

static void read_attribute(const struct plan_component *component, const struct deal_line *line,
                           struct window_figures *figures)
{
    const struct attribute *attributes = line ? line->attributes.items : NULL;
    for (size_t i = 0; line && i < line->attributes.count; i++) {
        if (!slice_equal(attributes[i].name, component->attribute) ||
            !attributes[i].value.is_decimal)
            continue;
        figures->has_attribute = true;
        figures->attribute = rational_of_decimal(attributes[i].value.decimal);
    }
}

/* The row that says what has happened to the deal; NULL: none does. */
static const struct credit *course_of(const struct deal_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (says_course(&rows->items[i]))
            return &rows->items[i];
    }
    return NULL;
}

static struct row_place place_of(const struct deal_value *value, const struct credit *credit)
{
    return place_of_credit(credit, NULL, row_instant(component_of(value), credit));
}

static void add_contribution(const struct deal_value *value, const struct credit *credit,
                             const struct contribution *contribution, struct window_sums *sums)
{
    struct row_place place = place_of(value, credit);
    struct row_more more = {.units = contribution->units,
                            .rated = contribution->rated,
                            .release = {RATIONAL_ONE, HELD_NOT}};
    if (has_more_rows(component_of(value))) {
        if (component_of(value)->divides_pay &&
            row_release_of(value->key->version->plan, component_of(value), credit,
                           course_of(value->rows), value->key->day + 1, &more.release))
            more.release = (struct row_release){RATIONAL_ZERO, HELD_FOR_EVER};
        (void)ordered_add_more(&sums->ordered, &place, contribution->measure, &more);
    } else if (component_of(value)->needs & NEEDS_ROWS) {
        ordered_add(&sums->ordered, &place, contribution->measure);
    }
    contribution_give(&sums->measure, contribution);
    if (contribution->is_converted)
        window_sums_rest(sums, contribution->conversion.rest, 1);
    wide_sum_add(&sums->units, contribution->units);
    wide_sum_give(&sums->rated, &contribution->rated);
}

static enum status add_share_after(struct deal_value *value, const struct credit *credit,
                                   const struct contribution *contribution)
{
    struct rational pay;
    struct window_sums row = {.rows = 1};
    add_contribution(value, credit, contribution, &row);
    enum status status = worth_of_row(value->key->version->plan, component_of(value), &row,
                                      credit->share, &value->figures, &value->around, &pay);
    window_sums_deinit(&row);
    if (status == STATUS_INVALID) /* the key waits for goal or target: nothing is paid */
        return STATUS_OK;
    struct rational so_far = value->given.is_given ? value->given.pay : RATIONAL_ZERO;
    if (!status)
        status = rational_add(so_far, pay, &value->given.pay);
    value->given.is_given = true;
    return status;
}

/* Counts a row in, with what is taken back of it. */
static void add_row(struct deal_value *value, const struct credit *credit,
                    const struct contribution *contribution)
{
    const struct plan_component *component = component_of(value);
    struct rational share;
    add_contribution(value, credit, contribution, &value->sums);
    if (component->divides_pay && has_foreign_cash(component, course_of(value->rows)))
        window_sums_wait(&value->sums, REASON_CURRENCY_DIFFERS, 1);
    if (!is_taken_back(component, credit) ||
        taken_share(value->key->version->plan, component, credit, &share))
        return;
    struct row_place place = place_of(value, credit);
    value->takes[value->take_count++] =
        (struct take){ordered_find(&value->sums.ordered, &place), share};
}

static void count_row(struct deal_value *value, const struct credit *credit,
                      const struct contribution *contribution)
{
    const struct plan_component *component = component_of(value);
    if (contribution->waits) {
        window_sums_wait(&value->sums, contribution->reason, 1);
        return;
    }
    value->sums.rows++;
    if (lacks_rate(contribution))
        window_sums_wait(&value->sums, REASON_RATE_MISSING, 1);
    if (contribution->overflows) {
        value->sums.overflows++;
        return;
    }
    if (row_waits_for_approval(component, credit))
        value->sums.unapproved++;
    if (component->needs & NEEDS_EVENTS) { /* each with its share */
        if (!value->overflow)
            value->overflow = events_add(&value->events, value->key->version->plan, component,
                                         credit, contribution, value->contract);
        add_row(value, credit, contribution);
        return;
    }
    /* With the share taken of the pay, each row carries the whole measure. */
    if (!component->measure.is_share_after || !value->is_measured) {
        add_row(value, credit, contribution);
        value->is_measured = true;
    }
    if (component->measure.is_share_after && !value->is_unpaid && !value->overflow)
        value->overflow = add_share_after(value, credit, contribution);
}

static enum status value_row(struct deal_value *value, const struct credit *credit)
{
    const struct deal_key *key = value->key;
    const struct plan *plan = key->version->plan;
    const struct plan_component *component = component_of(value);
    const struct deal_line *line = key->is_line ? find_line(credit, key->line_id) : NULL;
    int32_t date;
    int32_t first;
    if ((key->is_line && !line) ||
        zone_date_at(plan->zone, row_instant(component, credit), &date) ||
        !book_is_assigned(value->book, key->series->number, date) ||
        !deal_key_is_valued(value->fold, key, credit, &first))
        return STATUS_OK;
    struct contribution contribution;
    struct measuring measuring = plans_measuring(&value->fold->plans, key->day + 1);
    measure_row(plan, component, &measuring, credit, line, &contribution);
    if (!contribution.fits)
        return STATUS_OK;
    if (!value->has_figures) {
        struct tally tally = tally_of(value->fold, value->book);
        enum status status = tally_figures(&tally, plan, component, key->day, key->day + 1,
                                           key->window, &value->figures, value->detail);
        if (status)
            return status;
        read_attribute(component, line, &value->figures);
        value->has_figures = true;
    }
    count_row(value, credit, &contribution);
    return STATUS_OK;
}

static enum status see_neighbour(void *self, size_t index, struct attained *out_attained,
                                 struct sight *out_pay);

/* "A deal that stands alone" takes back in its own window. */
static enum status take_own(void *self, struct exact *earned, struct exact *payable)
{
    const struct deal_value *value = self;
    if (value->take_count == 0 || value->overflow)
        return STATUS_OK;
    struct valuation valuation = valuation_of(value->key->version->plan, component_of(value),
                                              &value->sums, &value->figures, &value->around);
    valuation.given = &value->given;
    return take_rows(&valuation, value->takes, value->take_count, earned, payable);
}

/* The key's own day is that of the deal, whatever rows fit. */
static void begin(struct incentives *fold, struct book *book, const struct deal_rows *rows,
                  const struct deal_key *key, struct deal_value *out, char *detail)
{
    *out =
        (struct deal_value){.fold = fold, .book = book, .key = key, .rows = rows, .detail = detail};
    out->deal = (struct deal_view){out, see_neighbour, take_own};
    out->view = (struct viewpoint){
        .fold = fold,
        .book = book,
        .version = key->version,
        .index = key->index,
        .from = key->day,
        .until = key->day + 1,
        .window = key->window,
        .deal = &out->deal,
        .detail = detail,
    };
    out->around = surroundings_of(&out->view, NULL);
}

static enum status value_rows(struct deal_value *value)
{
    const struct deal_rows *rows = value->rows;
    enum status status = STATUS_OK;
    if (component_of(value)->needs & NEEDS_EVENTS) {
        value->contract = events_contract(rows->items, rows->count);
        value->events.items =
            arena_take_array(&value->fold->deal_scratch, rows->count, sizeof *value->events.items);
        if (!value->events.items)
            return STATUS_EXHAUSTED;
    }
    if (is_taking_back(component_of(value))) {
        value->takes =
            arena_take_array(&value->fold->deal_scratch, rows->count, sizeof *value->takes);
        if (!value->takes)
            return STATUS_EXHAUSTED;
    }
    for (size_t i = 0; !status && i < rows->count; i++)
        status = value_row(value, &rows->items[i]);
    value->figures.events = events_sorted(&value->events);
    return status;
}

enum status deal_value_find(struct incentives *fold, struct book *book,
                            const struct deal_rows *rows, const struct deal_key *key,
                            struct deal_value *out, char *detail)
{
    begin(fold, book, rows, key, out, detail);
    return value_rows(out);
}

void deal_value_deinit(struct deal_value *value)
{
    window_sums_deinit(&value->sums);
}

enum status deal_value_worth(const struct deal_value *value, struct worth *out)
{
    if (value->overflow)
        return value->overflow;
    return worth_of(value->key->version->plan, component_of(value), &value->sums, &value->figures,
                    &value->given, &value->around, out);
}

/* --- what one of them sees of another --- */

/* Where no row fits, the roster's figures are those of the day. */
static enum status find_figures(struct deal_value *value)
{
    const struct deal_key *key = value->key;
    struct tally tally = tally_of(value->fold, value->book);
    if (value->has_figures)
        return STATUS_OK;
    return tally_figures(&tally, key->version->plan, component_of(value), key->day, key->day + 1,
                         key->window, &value->figures, value->detail);
}

static enum status see(struct deal_value *other, struct attained *out_attained,
                       struct sight *out_pay)
{
    struct worth worth = {0};
    enum status status = find_figures(other);
    if (status)
        return status;
    if (out_attained)
        return attained_of(other->key->version->plan, component_of(other), &other->sums,
                           &other->figures, &other->around, out_attained);
    status = deal_value_worth(other, &worth);
    if (status && status != STATUS_OUT_OF_RANGE)
        return status;
    *out_pay = sight_of_worth(status, &worth, other->sums.rows, (struct adjust_trace){0});
    return STATUS_OK;
}

/* Another component's key in the same deal: of the same line, or of the deal. */
static enum status see_neighbour(void *self, size_t index, struct attained *out_attained,
                                 struct sight *out_pay)
{
    const struct deal_value *value = self;
    struct deal_key key = *value->key;
    struct deal_value other;
    key.index = index;
    key.is_line = value->key->version->plan->components[index].over == WINDOW_LINE;
    key.window = key.is_line ? key.window : key.deal_book;
    begin(value->fold, value->book, value->rows, &key, &other, value->detail);
    other.is_unpaid = out_attained != NULL;
    enum status status = value_rows(&other);
    if (!status)
        status = see(&other, out_attained, out_pay);
    deal_value_deinit(&other);
    return status;
}
