/* Control's `crediting:` section, compiled: which roles may share a deal, and how much.
 *
 * A deal whose shares break a rule is credited to nobody and waits as `splits-differ`. `rules` are
 * for deals that name nobody: whom they credit instead. */
#ifndef MILEPOST_PLAN_CREDITING_RULES_H
#define MILEPOST_PLAN_CREDITING_RULES_H

#include "plan/condition.h"
#include "plan/fact.h"
#include "plan/feature.h"
#include "plan/node.h"

enum split_bound { SPLIT_ANY, SPLIT_EXACTLY, SPLIT_AT_MOST };

struct split_rule {
    struct slice role;
    enum split_bound bound;
    struct decimal share; /* 1 = 100 %; not looked at for SPLIT_ANY */
};

/* Where the odd cent of a fixed amount goes that is divided by share. */
#define SPLIT_REMAINDER_LIST(ROW)                                                                  \
    ROW(REMAINDER_LARGEST_SHARE, "largest-share")                                                  \
    ROW(REMAINDER_SMALLEST_SHARE, "smallest-share")                                                \
    ROW(REMAINDER_LAST, "last")                                                                    \
    ROW(REMAINDER_FIRST, "first")

#define REMAINDER_SYMBOL(symbol, name) symbol,
enum split_remainder { SPLIT_REMAINDER_LIST(REMAINDER_SYMBOL) SPLIT_REMAINDER_COUNT };
#undef REMAINDER_SYMBOL

enum { CREDIT_RULES_MAX = 1000 };

/* A deal that names nobody and fits all conditions is credited so. A condition on a line's field
 * fits a deal of which a line fits. */
struct credit_rule {
    const struct condition *conditions;
    size_t condition_count;
    const struct deal_participant *credits; /* ≥ 1 */
    size_t credit_count;
};

struct crediting_rules {
    const struct split_rule *splits;
    size_t count;
    bool has_remainder;
    enum split_remainder remainder;
    const struct credit_rule *rules; /* in the order written */
    size_t rule_count;
    bool divides_bounties; /* some plan may pay a bonus, so that the odd cent matters; set by
                            * whoever keeps the plans */
    bool takes_all;        /* match: all: every rule that fits credits; first: the first one */
    struct feature_places features; /* met; whoever applies the section refuses what is not here */
};

/* Reads the section's value. STATUS_INVALID with reports; EXHAUSTED when the arena is full. */
enum status crediting_rules_parse(const struct node *section, struct arena *arena,
                                  struct reports *reports, struct crediting_rules *out) MUST_CHECK;

/* Reads the document of a control record of kind `crediting`: the section's value as YAML. */
enum status crediting_rules_read(struct slice document, struct arena *arena,
                                 struct reports *reports, struct crediting_rules *out) MUST_CHECK;

/* Whom the rules credit a deal with that names nobody: a list of struct deal_participant from
 * `arena`, empty when no rule fits; by rule, then as written. Conditions on lines' fields hold
 * together where they all hold of one line. EXHAUSTED: the arena is full. */
enum status crediting_rules_name(const struct crediting_rules *rules, const struct deal *deal,
                                 const struct categories *categories, struct arena *arena,
                                 struct list *out) MUST_CHECK;

/* Whether some rule looks at categories. */
bool crediting_rules_need_categories(const struct crediting_rules *rules);

/* Whether the shares of a deal's `participants` (list of struct deal_participant) keep the rules:
 * for each ruled role the sum is exactly, or at most, its share, within 0.01 % (of 100 %, the bound
 * itself included). A role that no rule names may have any shares; `exactly` is asked only of deals
 * that name somebody in some role, and then also of a role that is missing (its sum is 0). The
 * rule that is broken goes to `*out_broken` when it is not NULL. */
bool crediting_rules_allow(const struct crediting_rules *rules, const struct list *participants,
                           const struct split_rule **out_broken);

#endif
