#include "engine/obvious_parts.h"

static const struct node *mechanic_of(const struct node *component, const char *name)
{
    return node_find(node_find(component, "pays"), name);
}

/* Whether the component's mechanic goes by its own attainment. */
static bool uses_attainment(const struct node *component)
{
    return node_is(node_find(mechanic_of(component, "tiers"), "on"), "attainment") ||
           node_is(node_find(mechanic_of(component, "curve"), "on"), "attainment");
}

mpq_srcptr obvious_target(struct obvious_book *book)
{
    if (!book->target)
        obvious_wait(book, "target-missing");
    return book->target;
}

/* "an amount or share of target": `5000`, `200% of target`. */
mpq_srcptr obvious_limit(struct obvious_book *book, const struct node *at)
{
    struct slice head;
    if (!at)
        return obvious_refuse(book->all, book->plan, book->component, "a limit without `at`");
    struct slice rest = slice_split(at->text, ' ', &head);
    mpq_srcptr figure = number_read(book->numbers, head);
    if (!figure)
        return obvious_refuse(book->all, book->plan, at, "a limit that does not read");
    if (!slice_equal(rest, SLICE("of target")))
        return figure;
    return obvious_target(book) ? number_multiply(book->numbers, figure, book->target) : NULL;
}

/* "`{attainment-of: COMPONENT, window: same | containing}`": as the other's goal says. What it
 * waits for, this one waits for too. */
static mpq_srcptr attainment_of(struct obvious_book *book, const struct node *on)
{
    struct obvious_book other;
    const struct node *name = node_find(on, "attainment-of");
    if (!name || !obvious_open_other(book, name->text, node_find(on, "window"), &other)) {
        obvious_wait(book, "goal-missing");
        return NULL;
    }
    mpq_srcptr a = other.a;
    if (!a)
        obvious_wait(book, other.goal ? "goal-zero" : "goal-missing");
    return obvious_close_with(&other, a ? a : number_of(book->numbers, 0));
}

/* "line.attribute.NAME" */
static mpq_srcptr line_attribute(struct obvious_book *book, const struct node *on)
{
    struct slice name = {on->text.bytes + 15, on->text.length - 15};
    const struct deal_line *line = book->window.line;
    if (!line)
        return obvious_refuse(book->all, book->plan, on, "a line's attribute without a line");
    const struct text_or_decimal *value = obvious_attribute(&line->attributes, name);
    return value && value->is_decimal ? number_decimal(book->numbers, value->decimal) : NULL;
}

mpq_srcptr obvious_on(struct obvious_book *book, const struct node *on)
{
    if (node_is(on, "amount"))
        return book->x;
    if (node_is(on, "attainment"))
        return book->a;
    if (on && on->kind == NODE_MAP)
        return attainment_of(book, on);
    if (on && slice_starts_with(on->text, SLICE("line.attribute.")))
        return line_attribute(book, on);
    return obvious_refuse(book->all, book->plan, on, "an `on` that is not valued here");
}

/* "`pays: {unit: 10.00, after: 3000}` leaves out the first 3,000." */
static mpq_srcptr pay_unit(struct obvious_book *book, const struct node *pays)
{
    struct numbers *numbers = book->numbers;
    mpq_srcptr unit = obvious_number_at(book->all, book->plan, pays, "unit");
    mpq_srcptr paid = book->x;
    if (unit && node_find(pays, "after")) {
        mpq_srcptr after = obvious_number_at(book->all, book->plan, pays, "after");
        if (!after)
            return NULL;
        paid = number_most(number_subtract(numbers, book->x, after), number_of(numbers, 0));
    }
    return unit ? number_multiply(numbers, unit, paid) : NULL;
}

static const struct {
    const char *name;
    mpq_srcptr (*pay)(struct obvious_book *book, const struct node *terms);
} mechanics[] = {{"tiers", obvious_tiers},           {"curve", obvious_curve},
                 {"milestones", obvious_milestones}, {"phases", obvious_phases},
                 {"progress", obvious_progress},     {"level", obvious_level},
                 {"scorecard", obvious_scorecard},   {"bonus", obvious_bonus}};

static mpq_srcptr pays_of(struct obvious_book *book)
{
    const struct node *pays = node_find(book->component, "pays");
    if (node_is(pays, "nothing"))
        return number_of(book->numbers, 0);
    if (node_find(pays, "rate")) {
        mpq_srcptr rate = obvious_number_at(book->all, book->plan, pays, "rate");
        return rate ? number_multiply(book->numbers, book->x, rate) : NULL;
    }
    if (node_find(pays, "unit"))
        return pay_unit(book, pays);
    if (node_find(pays, "rates"))
        return obvious_rates(book, pays);
    for (size_t i = 0; i < sizeof mechanics / sizeof mechanics[0]; i++)
        if (node_find(pays, mechanics[i].name))
            return mechanics[i].pay(book, node_find(pays, mechanics[i].name));
    return obvious_refuse(book->all, book->plan, pays, "a mechanic that is not valued here");
}

/* "an actual of 0 scores the cap, which is then required": the first without a condition. */
static mpq_srcptr first_cap(struct obvious_book *book)
{
    const struct node *steps = node_find(book->component, "adjust");
    for (const struct node *step = steps ? steps->first : NULL; step; step = step->next) {
        const struct node *cap = node_find(step, "cap");
        if (cap && !node_find(cap, "when"))
            return obvious_limit(book, node_find(cap, "at"));
    }
    return obvious_refuse(book->all, book->plan, book->component, "direction lower without a cap");
}

/* The pay where there is no attainment to go by. "`zero`: full-target | nothing | pending" */
static mpq_srcptr pay_without_attainment(struct obvious_book *book)
{
    const struct node *zero = node_find(node_find(book->component, "goal"), "zero");
    if (!book->goal) {
        obvious_wait(book, "goal-missing");
        return NULL;
    }
    if (mpq_sgn(book->goal) != 0)
        return first_cap(book);
    if (node_is(zero, "full-target"))
        return obvious_target(book);
    if (node_is(zero, "nothing"))
        return number_of(book->numbers, 0);
    obvious_wait(book, "goal-zero");
    return NULL;
}

/* "`missing: zero | pending`": a single result that is not there counts 0, or is waited for. */
bool obvious_awaits_result(const struct obvious_book *book)
{
    const struct node *measure = node_find(book->component, "measure");
    return obvious_of(book->component) == OF_RESULTS && node_find(measure, "result") &&
           book->count == 0 && node_is(node_find(measure, "missing"), "pending");
}

mpq_srcptr obvious_pays(struct obvious_book *book, size_t count)
{
    obvious_measure(book, count);
    if (book->all->status || book->waits)
        return NULL;
    obvious_attain(book);
    if (obvious_awaits_result(book)) {
        obvious_wait(book, "result-missing");
        return NULL;
    }
    mpq_srcptr pay =
        uses_attainment(book->component) && !book->a ? pay_without_attainment(book) : pays_of(book);
    return pay && !book->all->status && !book->waits
               ? number_multiply(book->numbers, pay, book->share)
               : NULL;
}
