#include "plan/mechanics/contest.h"

#include "plan/mechanic_parts.h"
#include "plan/plan_parts.h"
#include "plan/words.h"

static const struct key_rule contest_keys[] = {
    {"rank-by", KEY_OPTIONAL, NULL},
    {"first-to", KEY_OPTIONAL, NULL},
    {"awards", KEY_REQUIRED, "awards: [5000, 3000, 1000]"},
    {"ties", KEY_OPTIONAL, NULL},
    {"settles", KEY_MUST_SAY, "settles: window-end"},
    {"after-settling", KEY_MUST_SAY,
     "after-settling: final       # later changes move no award\n"
     "after-settling: recompute   # … move awards"},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool refuse(struct mechanic_reading *reading, struct place place, const char *fix,
                   const char *sentence)
{
    report_error(reading->reading->reports, place, "bad-value", fix, "%s", sentence);
    return false;
}

static const struct key_rule rank_keys[] = {
    {"attainment-of", KEY_REQUIRED, "attainment-of: revenue"},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_rank(struct mechanic_reading *reading, const struct node *node,
                       struct contest_terms *terms)
{
    static const char *const words[] = {"measure", "{attainment-of: COMPONENT}", NULL};
    int word;
    if (node->kind == NODE_MAP) {
        terms->by = CONTEST_BY_ATTAINMENT;
        return reading_keys(reading->reading, node, "`rank-by`", rank_keys) &&
               reading_name(reading->reading, node_find(node, "attainment-of"), "`attainment-of`",
                            &terms->component);
    }
    return reading_word(reading->reading, node, "`rank-by`", words, 1, &word);
}

static bool parse_first_to(struct mechanic_reading *reading, const struct node *node,
                           struct contest_terms *terms)
{
    struct decimal first_to;
    terms->by = CONTEST_FIRST_TO;
    if (!reading_number(reading->reading, node, "`first-to`", &first_to) ||
        !reading_scale(reading->reading, node, first_to, &terms->first_to))
        return false;
    return first_to.units > 0 ||
           refuse(reading, node_place(node), "first-to: 50", "`first-to` is above 0");
}

static bool parse_by(struct mechanic_reading *reading, const struct node *node,
                     struct contest_terms *terms)
{
    const struct node *rank = node_find(node, "rank-by");
    const struct node *first_to = node_find(node, "first-to");
    if ((rank != NULL) == (first_to != NULL))
        return refuse(reading, node_key_place(node),
                      "rank-by: measure\nrank-by: {attainment-of: revenue}\nfirst-to: 50",
                      "a contest says either `rank-by` or `first-to`");
    return rank ? parse_rank(reading, rank, terms) : parse_first_to(reading, first_to, terms);
}

static bool parse_awards(struct mechanic_reading *reading, const struct node *list,
                         struct contest_terms *terms)
{
    if (!reading_list(reading->reading, list, "`awards`"))
        return false;
    if (list->count == 0 || list->count > AWARDS_MAX)
        return refuse(reading, node_place(list), NULL, "a contest has 1 to 1000 awards");
    int64_t *awards = reading_take(reading->reading, list->count, sizeof *awards);
    if (!awards)
        return false;
    bool is_right = true;
    for (const struct node *item = list->first; item; item = item->next)
        is_right &=
            money_parse_above_zero(reading->plan, item, "an award", &awards[terms->count++]);
    terms->awards = awards;
    return is_right;
}

/* Whoever is first is never level with another: rows have one order. */
static bool parse_ties(struct mechanic_reading *reading, const struct node *node,
                       struct contest_terms *terms)
{
    static const char *const words[] = {
#define TIES_WORD(symbol, name) name,
        CONTEST_TIES_LIST(TIES_WORD)
#undef TIES_WORD
            NULL,
    };
    const struct node *ties = node_find(node, "ties");
    int word;
    if (!ties && terms->by == CONTEST_FIRST_TO)
        return true;
    if (!ties) {
        report_error(reading->reading->reports, node_key_place(node), "must-say",
                     "ties: share      # tied ranks share the sum of their prizes\n"
                     "ties: each       # each gets the higher prize, the next rank is skipped\n"
                     "ties: earliest   # whoever got there first",
                     "`contest` must say `ties`: practice is divided and nothing is assumed");
        return false;
    }
    if (!reading_word(reading->reading, ties, "`ties`", words, CONTEST_TIES_COUNT, &word))
        return false;
    terms->ties = (enum contest_ties)word;
    return true;
}

static const void *parse(struct mechanic_reading *reading, const struct node *node)
{
    reading_key_feature(reading->reading, FEATURE_CONTEST, node);
    if (!reading_keys(reading->reading, node, "`contest`", contest_keys))
        return NULL;
    struct contest_terms *terms = reading_take(reading->reading, 1, sizeof *terms);
    if (!terms || !parse_by(reading, node, terms))
        return NULL;
    bool is_right = downline_rows_check(reading, node, terms->by != CONTEST_BY_ATTAINMENT);
    is_right &= parse_awards(reading, node_find(node, "awards"), terms);
    is_right &= parse_ties(reading, node, terms);
    return settling_parse(reading, node, &terms->is_final) && is_right ? terms : NULL;
}

/* --- in words --- */

static void say_awards(const struct words *words, const struct contest_terms *terms)
{
    for (int32_t i = 0; i < terms->count; i++) {
        buffer_printf(words->out, "%s",
                      words_between((size_t)i, (size_t)terms->count, ", and then "));
        words_money(words, rational_of_units(terms->awards[i], words->plan->currency.exponent));
    }
}

static void describe(const void *data, const struct words *words)
{
    static const char *const ties[CONTEST_TIES_COUNT] = {
        [TIES_SHARE] = "share the sum of their prizes",
        [TIES_EACH] = "each get the higher prize, and the next rank is skipped",
        [TIES_EARLIEST] = "are ranked by who got there first",
    };
    const struct contest_terms *terms = data;
    struct buffer *out = words->out;
    if (terms->by == CONTEST_FIRST_TO) {
        buffer_printf(out, "The first to reach ");
        words_measure(words, rational_of_measure(terms->first_to));
        buffer_printf(out, " win, in that order: ");
    } else if (terms->by == CONTEST_BY_ATTAINMENT) {
        buffer_printf(out, "Entrants are ranked by their own attainment of %.*s; the first win: ",
                      SLICE_ARGS(terms->component));
    } else {
        buffer_printf(out, "Entrants are ranked by their measure; the first win: ");
    }
    say_awards(words, terms);
    buffer_printf(out, ".\n");
    if (terms->by != CONTEST_FIRST_TO)
        buffer_printf(out, "Those who are level %s.\n", ties[terms->ties]);
    buffer_printf(out, "A prize needs a value above zero.\n");
    words_settling(words, terms->is_final);
}

const struct mechanic contest_mechanic = {
    .name = "contest",
    .summary = "Awards by rank, or for whoever is first.",
    .measure = MEASURE_OPTIONAL,
    .parse = parse,
    .describe = describe,
};
