/* Reading a tree of nodes by rule: the few verbs that all files' readers are made of.
 *
 * Each verb reports what is wrong at its place and returns false or NULL, so that one pass finds
 * every mistake of a file; whether there were any is in the reports. */
#ifndef MILEPOST_PLAN_READING_H
#define MILEPOST_PLAN_READING_H

#include "calendar/duration.h"
#include "money/money.h"
#include "plan/feature.h"
#include "plan/node.h"

#define ONE_SHARE ((int128)1000000000) /* 100 % as a decimal's units */

struct reading {
    struct arena *arena;
    struct reports *reports;
    bool is_exhausted;              /* the arena was full: what was read is not whole */
    struct feature_places features; /* met so far (feature.h) */
};

enum key_presence {
    KEY_OPTIONAL,
    KEY_REQUIRED,
    KEY_MUST_SAY, /* required because practice is divided; the message offers the choices */
    KEY_LATER,    /* of the language, not of this engine: refused by name */
};

struct key_rule {
    const char *key; /* ending in '.': any key that begins so */
    enum key_presence presence;
    const char *fix; /* what to write when it is missing, or instead of what comes later */
};

/* Where a node stands; where its key stands. */
struct place node_place(const struct node *node);
struct place node_key_place(const struct node *node);

/* Reports `sentence` at the node's value, as `bad-value`; `fix` may be NULL. Returns false. */
bool reading_refuse(struct reading *reading, const struct node *node, const char *fix,
                    const char *sentence);

/* Whether `node` is a map whose keys are among `rules` (ending with a NULL key), none missing, none
 * of later. `what` names the map in messages: "a component". */
bool reading_keys(struct reading *reading, const struct node *node, const char *what,
                  const struct key_rule *rules);

/* Whether `node` is a map, a list, a scalar that says something; reports otherwise. */
bool reading_map(struct reading *reading, const struct node *node, const char *what);
bool reading_list(struct reading *reading, const struct node *node, const char *what);
bool reading_text(struct reading *reading, const struct node *node, const char *what,
                  struct slice *out);

/* A scalar that is one of `words` (NULL-terminated); its index goes to `out`. The first
 * `here_count` of them are accepted, the others are the language's but come later. */
bool reading_word(struct reading *reading, const struct node *node, const char *what,
                  const char *const *words, int here_count, int *out);

/* `yes` or `true`, `no` or `false`. */
bool reading_flag(struct reading *reading, const struct node *node, const char *what, bool *out);

/* Notes that `feature` stands at `node`'s value, at its key. */
void reading_feature(struct reading *reading, enum feature feature, const struct node *node);
void reading_key_feature(struct reading *reading, enum feature feature, const struct node *node);

/* Exact numbers. A number carries no %, a share must; `reading_number_or_share` says which it was.
 */
bool reading_number(struct reading *reading, const struct node *node, const char *what,
                    struct decimal *out);
bool reading_share(struct reading *reading, const struct node *node, const char *what,
                   struct decimal *out);
bool reading_number_or_share(struct reading *reading, const struct node *node, const char *what,
                             struct decimal *out, bool *out_is_share);
/* How figures of one place are written. */
enum figure_kind { FIGURE_NUMBER, FIGURE_SHARE, FIGURE_EITHER };

bool reading_figure(struct reading *reading, const struct node *node, const char *what,
                    enum figure_kind kind, struct decimal *out);
bool reading_whole(struct reading *reading, const struct node *node, const char *what, int64_t min,
                   int64_t max, int64_t *out);
bool reading_duration(struct reading *reading, const struct node *node, const char *what,
                      struct duration *out);
bool reading_date(struct reading *reading, const struct node *node, const char *what, int32_t *out);

/* A name of ours: letters, digits, `-`, `_`; begins with a letter or digit; at most 64 bytes. */
bool reading_name(struct reading *reading, const struct node *node, const char *what,
                  struct slice *out);

/* Zeroed memory from the reading's arena; NULL, remembered, when it is full. */
void *reading_take(struct reading *reading, size_t count, size_t size);

/* `value` (10^-9) in 10^-18. False and reported when it does not fit. */
bool reading_scale(struct reading *reading, const struct node *node, struct decimal value,
                   int128 *out);

#endif
