/* The tree of product categories that control declares: `categories: {child: parent}`.
 *
 * Products are leaves of it under their own names. */
#ifndef MILEPOST_PLAN_CATEGORIES_H
#define MILEPOST_PLAN_CATEGORIES_H

#include "plan/node.h"

struct category {
    struct slice child;
    struct slice parent;
};

struct categories {
    const struct category *rows; /* by child, in byte order */
    size_t count;
};

enum { CATEGORY_DEPTH_MAX = 16 };

/* Reads the section's value, a map. STATUS_INVALID with reports for circles and what is no text. */
enum status categories_parse(const struct node *section, struct arena *arena,
                             struct reports *reports, struct categories *out) MUST_CHECK;

/* Whether `product` is `category` itself or lies anywhere below it. `categories` may be NULL. */
bool categories_contain(const struct categories *categories, struct slice category,
                        struct slice product);

#endif
