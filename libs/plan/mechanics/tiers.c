#include "plan/lead.h"
#include "plan/plan.h"
#include "plan/words.h"

enum { TIERS_MAX = 200 };

enum method { MARGINAL, WHOLE, INTERPOLATED };

struct tier {
    struct slice name; /* the edge as written */
    int128 edge;       /* in 10^-18 */
    struct rational edge_fraction;
    struct rational give; /* of an interpolated table's last row: 0 */
    bool is_retroactive;
    /* What a lead x in this tier is worth is offset + slope × x: of the measure where the table is
     * marginal and gives a rate or unit, else of the value that is given. */
    struct rational offset;
    struct rational slope;
    /* The same for x in 10^-18, in 10^-18 / denominator: the way without fractions. */
    int128 whole_offset;
    int128 whole_slope;
};

struct tiers_terms {
    enum lead lead;
    enum method method;
    enum gives gives;
    bool is_higher;     /* a value on an edge belongs to the higher tier */
    bool pays_negative; /* negative: first-tier */
    bool has_units;     /* units are a figure of their own; otherwise the measure is units */
    bool has_whole;     /* whole_offset and whole_slope hold */
    int128 denominator; /* of whole_offset and whole_slope, × 10^18 */
    const struct tier *tiers;
    int32_t count; /* an interpolated table's last row included */
};

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

/* What can be cancelled, returned or taken back can leave a negative measure. */
static bool can_be_negative(const struct plan_component *component)
{
    enum measure_of of = component->measure.of;
    return of == OF_DEALS || of == OF_DOWNLINE_DEALS || of == OF_ADJUSTMENTS;
}

static bool parse_negative(struct mechanic_reading *reading, const struct node *tiers,
                           struct tiers_terms *terms)
{
    static const char *const words[] = {"nothing", "first-tier", NULL};
    const struct node *node = node_find(tiers, "negative");
    int word;
    if (!node && can_be_negative(reading->component)) {
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
    bool is_sliced =
        terms->method == MARGINAL && (terms->gives == GIVES_RATE || terms->gives == GIVES_UNIT);
    const char *wrong = NULL;
    if (terms->method == INTERPOLATED && terms->gives == GIVES_UNIT)
        wrong = "`interpolated` cannot give units; use marginal or whole";
    else if (terms->lead == LEAD_ATTAINMENT_OF && terms->method != WHOLE)
        wrong = "another component's attainment goes with `method: whole` only";
    else if (is_sliced && terms->lead == LEAD_ATTRIBUTE)
        wrong = "an attribute does not cut the measure into slices; use whole";
    else if (is_sliced && terms->lead == LEAD_ATTAINMENT && component->goal.is_lower_better)
        wrong =
            "with `direction: lower` attainment does not cut the measure into slices; use whole";
    else if (terms->lead == LEAD_ATTAINMENT && terms->method != WHOLE && component->has_goal &&
             component->goal.precision != ATTAINMENT_EXACT)
        wrong = "whole-percent attainment goes with `method: whole`, or with a curve";
    if (wrong)
        report_error(reading->reading->reports, node_place(method), "bad-value", "method: whole",
                     "%s", wrong);
    return !wrong;
}

static bool parse_retroactive(struct mechanic_reading *reading, const struct node *node,
                              const struct tiers_terms *terms, struct tier *tier)
{
    bool is_sliced =
        terms->method == MARGINAL && (terms->gives == GIVES_RATE || terms->gives == GIVES_UNIT);
    if (!reading_flag(reading->reading, node, "`retroactive`", &tier->is_retroactive))
        return false;
    if (!tier->is_retroactive || is_sliced)
        return true;
    report_error(reading->reading->reports, node_key_place(node), "bad-key", NULL,
                 "`retroactive` is for rows of a marginal table that gives a rate or unit");
    return false;
}

static bool parse_give(struct mechanic_reading *reading, const struct node *row,
                       const struct tiers_terms *terms, struct tier *tier)
{
    const struct node *give = node_find(row, "give");
    bool is_end = terms->method == INTERPOLATED && !row->next;
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
    size_t least = terms->method == INTERPOLATED ? 2 : 1;
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

static enum status at(struct rational offset, struct rational slope, struct rational x,
                      struct rational *out)
{
    struct rational part;
    enum status status = rational_multiply(slope, x, &part);
    return status ? status : rational_add(offset, part, out);
}

/* The offset with which a line of `slope` has value `y` at `x`. */
static enum status offset_through(struct rational x, struct rational y, struct rational slope,
                                  struct rational *out)
{
    return at(y, rational_negate(slope), x, out);
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
            status = at(tier->offset, tier->slope, tiers[i + 1].edge_fraction, &below);
        if (status)
            return status;
    }
    return STATUS_OK;
}

static enum status compile_steps(struct tier *tiers, int32_t count, enum method method)
{
    struct rational reached = RATIONAL_ZERO;
    for (int32_t i = 0; i < count; i++) {
        enum status status = rational_add(reached, tiers[i].give, &reached);
        if (status)
            return status;
        tiers[i].slope = RATIONAL_ZERO;
        tiers[i].offset = method == WHOLE ? tiers[i].give : reached;
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

static bool is_sliced(const struct tiers_terms *terms)
{
    return terms->method == MARGINAL && (terms->gives == GIVES_RATE || terms->gives == GIVES_UNIT);
}

/* Values are decimals of at most 9 places and edges of as many: over 10^9 slopes are whole, and
 * over 10^9 × 10^18 offsets in 10^-18 are. The smallest power of ten that does is taken. */
static bool compile_whole(struct tiers_terms *terms, struct tier *tiers)
{
    bool is_whole_rate = terms->method == WHOLE && terms->gives == GIVES_RATE;
    if (terms->lead != LEAD_AMOUNT || (!is_whole_rate && !is_sliced(terms)))
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
    enum status status = is_sliced(terms) ? compile_slices(tiers, terms->count)
                         : terms->method == INTERPOLATED
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
    terms->method = (enum method)word;
    is_right = parse_negative(reading, node, terms);
    is_right &= parse_units(reading, node_find(node, "units-of"), gives, terms);
    return check_method(reading, method, terms) && is_right;
}

static const void *parse(struct mechanic_reading *reading, const struct node *node)
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

/* --- paying --- */

/* The first edge itself belongs to the first tier, whatever `boundary` says. */
static bool is_reached(const struct tiers_terms *terms, int32_t tier, int order)
{
    return order > 0 || (order == 0 && (terms->is_higher || tier == 0));
}

static int order_of(const struct pay_input *input, int128 edge)
{
    if (!is_measure_whole(input))
        return rational_compare(measure_of(input), rational_of_measure(edge));
    return input->measure < edge ? -1 : input->measure > edge;
}

/* The tier that the lead is in; -1 below the first edge. */
static int32_t find_tier(const struct tiers_terms *terms, const struct pay_input *input)
{
    int32_t tier = terms->count - 1;
    if (terms->lead == LEAD_AMOUNT) {
        while (tier >= 0 && !is_reached(terms, tier, order_of(input, terms->tiers[tier].edge)))
            tier--;
        return tier;
    }
    struct rational lead = lead_value(terms->lead, input);
    while (tier >= 0 &&
           !is_reached(terms, tier, rational_compare(lead, terms->tiers[tier].edge_fraction)))
        tier--;
    return tier;
}

/* Units are spread over the slices in proportion to the measure. */
static enum status spread_units(struct rational slices, const struct pay_input *input,
                                struct rational *out)
{
    if (input->measure == 0) {
        *out = RATIONAL_ZERO;
        return STATUS_OK;
    }
    return rational_multiply_divide(slices, rational_of_measure(input->units), measure_of(input),
                                    out);
}

/* With a lead of attainment the slices lie between the edges times the goal. */
static enum status pay_slices(const struct tiers_terms *terms, const struct tier *tier,
                              const struct pay_input *input, struct rational *out)
{
    struct rational pay = {0, terms->denominator};
    bool is_done = terms->has_whole && is_measure_whole(input) &&
                   int128_multiply(tier->whole_slope, input->measure, &pay.num) &&
                   int128_add(pay.num, tier->whole_offset, &pay.num);
    if (!is_done) {
        struct rational offset = tier->offset;
        enum status status = STATUS_OK;
        if (terms->lead == LEAD_ATTAINMENT)
            status = rational_multiply(offset, input->goal, &offset);
        if (!status)
            status = at(offset, tier->slope, measure_of(input), &pay);
        if (status)
            return status;
    }
    if (terms->has_units)
        return spread_units(pay, input, out);
    *out = pay;
    return STATUS_OK;
}

/* What the given value is multiplied by. */
static struct rational base_of(const struct tiers_terms *terms, const struct pay_input *input)
{
    if (terms->gives == GIVES_AMOUNT)
        return RATIONAL_ONE;
    if (terms->gives == GIVES_PERCENT_OF_TARGET)
        return input->target;
    return terms->has_units ? rational_of_measure(input->units) : measure_of(input);
}

static enum status pay_value(const struct tiers_terms *terms, const struct tier *tier,
                             const struct pay_input *input, struct rational *out)
{
    struct rational pay = {0, terms->denominator};
    if (terms->has_whole && is_measure_whole(input) &&
        int128_multiply(tier->whole_slope, input->measure, &pay.num)) {
        *out = pay;
        return STATUS_OK;
    }
    struct rational value = tier->offset;
    if (terms->method == INTERPOLATED) {
        enum status status = at(tier->offset, tier->slope, lead_value(terms->lead, input), &value);
        if (status)
            return status;
    }
    return rational_multiply(value, base_of(terms, input), out);
}

static enum status pay_negative(const struct tiers_terms *terms, const struct pay_input *input,
                                struct pay_result *out)
{
    struct rational pay = RATIONAL_ZERO;
    if (terms->pays_negative) {
        enum status status = rational_multiply(terms->tiers[0].give, base_of(terms, input), &pay);
        if (status)
            return status;
    }
    *out = (struct pay_result){.pay = pay, .step = -1};
    return STATUS_OK;
}

static enum status pay(const void *data, const struct pay_input *input, struct pay_result *out)
{
    const struct tiers_terms *terms = data;
    if (input->measure < 0)
        return pay_negative(terms, input, out);
    int32_t step = lead_is_here(terms->lead, input) ? find_tier(terms, input) : -1;
    struct rational pay = RATIONAL_ZERO;
    if (step < 0) {
        *out = (struct pay_result){.pay = pay, .step = -1};
        return STATUS_OK;
    }
    const struct tier *tier = &terms->tiers[step];
    enum status status = is_sliced(terms) ? pay_slices(terms, tier, input, &pay)
                                          : pay_value(terms, tier, input, &pay);
    if (status)
        return status;
    if (terms->method == INTERPOLATED && step == terms->count - 1)
        step--; /* the last row is the end of the last tier, not a tier */
    *out = (struct pay_result){.pay = pay, .step = step, .name = terms->tiers[step].name};
    return STATUS_OK;
}

/* --- in words --- */

static void append_edge(const struct words *words, const struct tiers_terms *terms, int32_t tier)
{
    words_lead(words, terms->lead, terms->tiers[tier].edge_fraction, terms->tiers[tier].name);
}

static void say_tier(const struct words *words, const struct tiers_terms *terms, int32_t index)
{
    struct buffer *out = words->out;
    const struct tier *tier = &terms->tiers[index];
    bool is_last = index + 1 == terms->count;
    bool adds_up = terms->method != WHOLE && !is_sliced(terms);
    buffer_printf(out, adds_up && terms->method == MARGINAL ? "Reaching " : "From ");
    append_edge(words, terms, index);
    if (!(adds_up && terms->method == MARGINAL) && !is_last) {
        buffer_printf(out, " to ");
        append_edge(words, terms, index + 1);
    }
    buffer_printf(out, adds_up ? " adds " : is_last ? " on it is " : " it is ");
    words_given(words, terms->gives, tier->give);
    if (tier->is_retroactive)
        buffer_printf(out, ", and once that tier is reached everything below it gets the same");
    if (terms->method == INTERPOLATED)
        buffer_printf(out, ", evenly");
    buffer_printf(out, ".\n");
}

static void say_method(const struct words *words, const struct tiers_terms *terms)
{
    static const char *const methods[][GIVES_COUNT] = {
        [MARGINAL] = {[GIVES_RATE] = "each tier pays a share of its own slice of the measure",
                      [GIVES_UNIT] = "each tier pays for the units in its own slice",
                      [GIVES_AMOUNT] = "what the tiers reached pay is added up",
                      [GIVES_PERCENT_OF_TARGET] = "what the tiers reached pay is added up"},
        [WHOLE] = {[GIVES_RATE] = "the tier reached pays a share of the whole measure",
                   [GIVES_UNIT] = "the tier reached pays for all units",
                   [GIVES_AMOUNT] = "the tier reached pays, and no other",
                   [GIVES_PERCENT_OF_TARGET] = "the tier reached pays, and no other"},
        [INTERPOLATED] = {[GIVES_RATE] = "tiers add up to a share of the whole measure, the last "
                                         "one by the part of it that is reached",
                          [GIVES_AMOUNT] = "tiers add up, the last one by the part of it that is "
                                           "reached",
                          [GIVES_PERCENT_OF_TARGET] = "tiers add up, the last one by the part of "
                                                      "it that is reached"},
    };
    buffer_printf(words->out, "Tiers of ");
    words_lead_name(words, terms->lead);
    buffer_printf(words->out, ": %s.\n", methods[terms->method][terms->gives]);
}

static void describe(const void *data, const struct words *words)
{
    const struct tiers_terms *terms = data;
    int32_t tiers = terms->count - (terms->method == INTERPOLATED);
    say_method(words, terms);
    for (int32_t i = 0; i < tiers; i++)
        say_tier(words, terms, i);
    if (terms->count > 1 && (terms->method != INTERPOLATED))
        buffer_printf(words->out, "Exactly on an edge the %s tier holds.\n",
                      terms->is_higher ? "higher" : "lower");
    if (terms->method == INTERPOLATED) {
        buffer_printf(words->out, "Past ");
        append_edge(words, terms, terms->count - 1);
        buffer_printf(words->out, " nothing more is added.\n");
    }
    if (rational_sign(terms->tiers[0].edge_fraction) > 0) {
        buffer_printf(words->out, "Below ");
        append_edge(words, terms, 0);
        buffer_printf(words->out, " nothing is paid.\n");
    }
    if (can_be_negative(words->component))
        buffer_printf(words->out, "A negative measure %s.\n",
                      terms->pays_negative ? "is taken back at the first tier's rate"
                                           : "pays nothing");
}

static void landmarks(const void *data, struct landmarks *landmarks)
{
    const struct tiers_terms *terms = data;
    landmarks->of = lead_landmarks(terms->lead);
    for (int32_t i = 0; i < terms->count; i++) {
        const struct tier *tier = &terms->tiers[i];
        bool goes_on = terms->method == INTERPOLATED || (is_sliced(terms) && !tier->is_retroactive);
        landmarks_add(landmarks, (struct landmark){
                                     .at = tier->edge_fraction,
                                     .is_jump = !goes_on && rational_sign(tier->edge_fraction) > 0,
                                     .name = tier->name});
    }
}

const struct mechanic tiers_mechanic = {
    .name = "tiers",
    .summary = "Bands of a measure or of attainment, each with its own rate or amount.",
    .parse = parse,
    .pay = pay,
    .describe = describe,
    .landmarks = landmarks,
};
