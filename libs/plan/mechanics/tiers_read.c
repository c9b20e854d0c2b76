#include "plan/mechanics/tiers.h"

enum { TIERS_MAX = 200 };

/* --- reading --- */

static const struct key_rule tiers_keys[] = {
    {"on", KEY_MUST_SAY,
     "on: amount   # or attainment, {attainment-of: COMPONENT}, line.attribute.NAME"},
    {"method", KEY_MUST_SAY,
     "method: marginal       # each tier pays its own slice\n"
     "method: whole          # the tier reached pays for everything\n"
     "method: interpolated   # the part of a tier's width that is reached counts"},
    {"boundary", KEY_MUST_SAY,
     "boundary: higher   # a value exactly on an edge belongs to the higher tier\n"
     "boundary: lower    # … to the lower tier"},
    {"gives", KEY_REQUIRED, "gives: rate   # or unit, amount, percent-of-target"},
    {"table", KEY_REQUIRED, "table: [{from: 0, give: 4%}, {from: 150000, give: 6%}]"},
    {"negative", KEY_OPTIONAL, NULL},
    {"units-of", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static const struct key_rule row_keys[] = {
    {"from", KEY_REQUIRED, "from: 0"},
    {"give", KEY_OPTIONAL, NULL},
    {"retroactive", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_negative(struct mechanic_reading *reading, const struct node *tiers,
                           struct tiers_terms *terms)
{
    static const char *const words[] = {"nothing", "first-tier", NULL};
    const struct node *node = node_find(tiers, "negative");
    int word;
    if (!node && tiers_can_be_negative(reading->component)) {
        report_error(reading->reading->reports, node_key_place(tiers), "must-say",
                     "negative: nothing      # a negative measure pays nothing\n"
                     "negative: first-tier   # … is taken back at the first tier's rate",
                     "`tiers` must say `negative`: practice is divided and nothing is assumed");
        return false;
    }
    if (!node)
        return true;
    if (!reading_word(reading->reading, node, "`negative`", words, 2, &word))
        return false;
    terms->pays_negative = word == 1;
    if (word == 0 || terms->gives == GIVES_RATE || terms->gives == GIVES_UNIT)
        return true;
    report_error(reading->reading->reports, node_place(node), "bad-value", "negative: nothing",
                 "`negative: first-tier` is for `gives: rate` and `gives: unit` only");
    return false;
}

static bool parse_units(struct mechanic_reading *reading, const struct node *node,
                        const struct node *gives, struct tiers_terms *terms)
{
    static const char *const words[] = {"quantity", NULL};
    enum measure_sum sum = reading->component->measure.sum;
    int word;
    if (node && terms->gives != GIVES_UNIT) {
        report_error(reading->reading->reports, node_key_place(node), "bad-key", NULL,
                     "`units-of` stands beside `gives: unit` only");
        return false;
    }
    if (node && !reading_word(reading->reading, node, "`units-of`", words, 1, &word))
        return false;
    if (!node && terms->gives == GIVES_UNIT && sum != SUM_QUANTITY && sum != SUM_COUNT) {
        report_error(reading->reading->reports, node_place(gives), "must-say", "units-of: quantity",
                     "`gives: unit` must say `units-of`, since the measure sums no units");
        return false;
    }
    terms->has_units = node && sum != SUM_QUANTITY;
    if (terms->has_units)
        reading->needs |= NEEDS_UNITS;
    return true;
}

/* What the matrix of methods and gives leaves out. */
static bool check_method(struct mechanic_reading *reading, const struct node *method,
                         const struct tiers_terms *terms)
{
    const struct plan_component *component = reading->component;
    bool is_sliced = tiers_is_sliced(terms);
    const char *wrong = NULL;
    if (terms->method == TIERS_INTERPOLATED && terms->gives == GIVES_UNIT)
        wrong = "`interpolated` cannot give units; use marginal or whole";
    else if (terms->lead == LEAD_ATTAINMENT_OF && terms->method != TIERS_WHOLE)
        wrong = "another component's attainment goes with `method: whole` only";
    else if (is_sliced && terms->lead == LEAD_ATTRIBUTE)
        wrong = "an attribute does not cut the measure into slices; use whole";
    else if (is_sliced && terms->lead == LEAD_ATTAINMENT && component->goal.is_lower_better)
        wrong =
            "with `direction: lower` attainment does not cut the measure into slices; use whole";
    else if (terms->lead == LEAD_ATTAINMENT && terms->method != TIERS_WHOLE &&
             component->has_goal && component->goal.precision != ATTAINMENT_EXACT)
        wrong = "whole-percent attainment goes with `method: whole`, or with a curve";
    if (wrong)
        report_error(reading->reading->reports, node_place(method), "bad-value", "method: whole",
                     "%s", wrong);
    return !wrong;
}

static bool parse_retroactive(struct mechanic_reading *reading, const struct node *node,
                              const struct tiers_terms *terms, struct tier *tier)
{
    if (!reading_flag(reading->reading, node, "`retroactive`", &tier->is_retroactive))
        return false;
    if (!tier->is_retroactive || tiers_is_sliced(terms))
        return true;
    report_error(reading->reading->reports, node_key_place(node), "bad-key", NULL,
                 "`retroactive` is for rows of a marginal table that gives a rate or unit");
    return false;
}

static bool parse_give(struct mechanic_reading *reading, const struct node *row,
                       const struct tiers_terms *terms, struct tier *tier)
{
    const struct node *give = node_find(row, "give");
    bool is_end = terms->method == TIERS_INTERPOLATED && !row->next;
    tier->give = RATIONAL_ZERO;
    if ((give == NULL) == is_end)
        return is_end || gives_value(reading, give, terms->gives, &tier->give);
    if (is_end)
        report_error(reading->reading->reports, node_place(row), "bad-value",
                     "- {from: 20000}   # where the last tier ends",
                     "an interpolated table needs a last row without `give`");
    else
        report_error(reading->reading->reports, node_place(row), "missing-key", "give: 4%",
                     "a tier needs `give`");
    return false;
}

static bool parse_row(struct mechanic_reading *reading, const struct node *row,
                      const struct tiers_terms *terms, struct tier *tier)
{
    struct decimal edge;
    if (!reading_keys(reading->reading, row, "a tier", row_keys))
        return false;
    const struct node *from = node_find(row, "from");
    const struct node *retroactive = node_find(row, "retroactive");
    if (!lead_edge(reading, from, terms->lead, &edge) ||
        !reading_scale(reading->reading, from, edge, &tier->edge))
        return false;
    tier->name = from->text;
    tier->edge_fraction = rational_reduce(rational_of_decimal(edge));
    bool is_right = parse_give(reading, row, terms, tier);
    if (retroactive)
        is_right &= parse_retroactive(reading, retroactive, terms, tier);
    return is_right;
}

static bool check_table(struct mechanic_reading *reading, const struct node *table,
                        const struct tiers_terms *terms)
{
    size_t least = terms->method == TIERS_INTERPOLATED ? 2 : 1;
    if (!reading_list(reading->reading, table, "`table`"))
        return false;
    if (table->count >= least && table->count <= TIERS_MAX)
        return true;
    report_error(reading->reading->reports, node_key_place(table), "bad-value", NULL,
                 "a table has %zu to %d rows, not %zu", least, TIERS_MAX, table->count);
    return false;
}

static bool parse_table(struct mechanic_reading *reading, const struct node *table,
                        struct tiers_terms *terms, struct tier *tiers)
{
    bool is_right = true;
    for (const struct node *row = table->first; row; row = row->next) {
        struct tier *tier = &tiers[terms->count++];
        if (!parse_row(reading, row, terms, tier)) {
            is_right = false;
            continue;
        }
        if (terms->count == 1 || !is_right || tier[-1].edge < tier->edge)
            continue;
        report_error(reading->reading->reports, node_place(node_find(row, "from")), "bad-value",
                     NULL, "tiers must rise: this edge is not above the one before, %.*s",
                     SLICE_ARGS(tier[-1].name));
        is_right = false;
    }
    terms->tiers = tiers;
    return is_right;
}

/* --- compiling: offset and slope of each tier --- */

/* The offset with which a line of `slope` has value `y` at `x`. */
static enum status offset_through(struct rational x, struct rational y, struct rational slope,
                                  struct rational *out)
{
    return line_value(y, rational_negate(slope), x, out);
}

/* A retroactive row gives everything below it its own rate, from 0 on, as a whole tier would. */
static enum status compile_slices(struct tier *tiers, int32_t count)
{
    struct rational below = RATIONAL_ZERO; /* what lies below the tier's edge is worth */
    for (int32_t i = 0; i < count; i++) {
        struct tier *tier = &tiers[i];
        enum status status = STATUS_OK;
        tier->slope = tier->give;
        if (tier->is_retroactive)
            status = rational_multiply(tier->give, tier->edge_fraction, &below);
        if (!status)
            status = offset_through(tier->edge_fraction, below, tier->slope, &tier->offset);
        if (!status && i + 1 < count)
            status = line_value(tier->offset, tier->slope, tiers[i + 1].edge_fraction, &below);
        if (status)
            return status;
    }
    return STATUS_OK;
}

static enum status compile_steps(struct tier *tiers, int32_t count, enum tiers_method method)
{
    struct rational reached = RATIONAL_ZERO;
    for (int32_t i = 0; i < count; i++) {
        enum status status = rational_add(reached, tiers[i].give, &reached);
        if (status)
            return status;
        tiers[i].slope = RATIONAL_ZERO;
        tiers[i].offset = method == TIERS_WHOLE ? tiers[i].give : reached;
    }
    return STATUS_OK;
}

static enum status compile_ramps(struct tier *tiers, int32_t count)
{
    struct rational full = RATIONAL_ZERO; /* of the tiers below */
    for (int32_t i = 0; i < count; i++) {
        struct tier *tier = &tiers[i];
        struct rational width;
        enum status status = STATUS_OK;
        tier->slope = RATIONAL_ZERO;
        if (i + 1 < count) {
            status = rational_subtract(tiers[i + 1].edge_fraction, tier->edge_fraction, &width);
            if (!status)
                status = rational_divide(tier->give, width, &tier->slope);
        }
        if (!status)
            status = offset_through(tier->edge_fraction, full, tier->slope, &tier->offset);
        if (!status)
            status = rational_add(full, tier->give, &full);
        if (status)
            return status;
    }
    return STATUS_OK;
}

/* Values are decimals of at most 9 places and edges of as many: over 10^9 slopes are whole, and
 * over 10^9 × 10^18 offsets in 10^-18 are. The smallest power of ten that does is taken. */
static bool compile_whole(struct tiers_terms *terms, struct tier *tiers)
{
    bool is_whole_rate = terms->method == TIERS_WHOLE && terms->gives == GIVES_RATE;
    if (terms->lead != LEAD_AMOUNT || (!is_whole_rate && !tiers_is_sliced(terms)))
        return false;
    int places = 0;
    for (int32_t i = 0; i < terms->count; i++) {
        while (decimal_power(places) % tiers[i].give.den != 0)
            places++;
    }
    int128 power = decimal_power(places);
    for (int32_t i = 0; i < terms->count; i++) {
        struct tier *tier = &tiers[i];
        struct rational offset = is_whole_rate ? RATIONAL_ZERO : rational_reduce(tier->offset);
        int128 scale = MEASURE_ONE * power;
        tier->whole_slope = tier->give.num * (power / tier->give.den);
        if (scale % offset.den != 0 ||
            !int128_multiply(offset.num, scale / offset.den, &tier->whole_offset))
            return false;
    }
    terms->denominator = MEASURE_ONE * power;
    return true;
}

static bool compile(struct mechanic_reading *reading, const struct node *table,
                    struct tiers_terms *terms, struct tier *tiers)
{
    enum status status = tiers_is_sliced(terms) ? compile_slices(tiers, terms->count)
                         : terms->method == TIERS_INTERPOLATED
                             ? compile_ramps(tiers, terms->count)
                             : compile_steps(tiers, terms->count, terms->method);
    if (status) {
        report_error(reading->reading->reports, node_key_place(table), "out-of-range", NULL,
                     "the table's figures are too large to be added up exactly");
        return false;
    }
    terms->has_whole = compile_whole(terms, tiers);
    return true;
}

static bool parse_head(struct mechanic_reading *reading, const struct node *node,
                       struct tiers_terms *terms)
{
    static const char *const methods[] = {"marginal", "whole", "interpolated", NULL};
    const struct node *method = node_find(node, "method");
    const struct node *gives = node_find(node, "gives");
    int word = 0;
    bool is_right = lead_parse(reading, node_find(node, "on"), &terms->lead);
    is_right &= gives_parse(reading, gives, &terms->gives);
    is_right &= points_boundary(reading->reading, node_find(node, "boundary"), &terms->is_higher);
    is_right &= reading_word(reading->reading, method, "`method`", methods, 3, &word);
    if (!is_right)
        return false;
    terms->method = (enum tiers_method)word;
    is_right = parse_negative(reading, node, terms);
    is_right &= parse_units(reading, node_find(node, "units-of"), gives, terms);
    return check_method(reading, method, terms) && is_right;
}

const void *tiers_parse(struct mechanic_reading *reading, const struct node *node)
{
    if (!reading_keys(reading->reading, node, "`tiers`", tiers_keys))
        return NULL;
    struct tiers_terms *terms = reading_take(reading->reading, 1, sizeof *terms);
    if (!terms || !parse_head(reading, node, terms))
        return NULL;
    const struct node *table = node_find(node, "table");
    if (!check_table(reading, table, terms))
        return NULL;
    struct tier *tiers = reading_take(reading->reading, table->count, sizeof *tiers);
    if (!tiers || !parse_table(reading, table, terms, tiers) ||
        !compile(reading, table, terms, tiers))
        return NULL;
    return terms;
}
