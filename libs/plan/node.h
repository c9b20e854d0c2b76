/* A tree of values with their places: what YAML, JSON and CSV are read into.
 *
 * A node is a scalar, a list or a map, in the order of the file. Everything lives in the arena it
 * was read into. Only node_yaml.c knows libfyaml. Anchors, aliases, tags, several documents, keys
 * that are no plain words or texts and keys that stand twice are refused, so a tree is what it
 * looks like. */
#ifndef MILEPOST_PLAN_NODE_H
#define MILEPOST_PLAN_NODE_H

#include "base/arena.h"
#include "plan/report.h"

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

enum { NODE_BYTES_MAX = 1024 * 1024, NODE_DEPTH_MAX = 32 };

struct node {
    enum node_kind kind;
    bool is_plain;     /* a scalar without quotes: a number, a word, true; also an empty value */
    struct slice text; /* scalar: its text, unquoted; NUL-terminated beyond its length */
    struct slice key;  /* of this value, when it stands in a map */
    int32_t line;      /* of the value's first character, from 1 */
    int32_t column;    /* in characters (code points), from 1 */
    int32_t key_line;  /* of its key; of the value where there is none */
    int32_t key_column;
    const struct node *first; /* list: items; map: values; NULL when empty */
    const struct node *next;  /* within the list or map it stands in; NULL for the last */
    size_t count;             /* list, map */
};

/* Reads YAML 1.2 of at most `bytes_max` bytes. STATUS_INVALID with reports, STATUS_EXHAUSTED when
 * the arena is full. An empty document is an empty map. */
enum status node_read_yaml(struct slice text, size_t bytes_max, struct arena *arena,
                           struct reports *reports, const struct node **out) MUST_CHECK;

/* Reads one JSON value, nothing but blanks behind it; numbers, true, false and null become plain
 * scalars with their text as written. `line` is the line that the text begins on. */
enum status node_read_json(struct slice text, int32_t line, struct arena *arena,
                           struct reports *reports, const struct node **out) MUST_CHECK;

/* The value under `key` of a map; NULL when there is none, and when `map` is NULL or no map. */
const struct node *node_find(const struct node *map, const char *key);

/* Item `index` of a list, value `index` of a map; NULL past the end, and when `list` is NULL. */
const struct node *node_at(const struct node *list, size_t index);

/* Whether `node` is a scalar with exactly this text; false for NULL. */
bool node_is(const struct node *node, const char *text);

/* Whether `node` says nothing: `key:` without a value, `~` or `null`. */
bool node_is_null(const struct node *node);

/* The tree as YAML that reads back to the same tree: what control records carry. Comments are gone,
 * maps and lists stand in block form, scalars are quoted where they were. */
void node_write_yaml(const struct node *node, struct buffer *out);

/* --- for readers of other formats --- */

/* An empty node in the arena; NULL when it is full. */
struct node *node_new(struct arena *arena, enum node_kind kind);

/* Length of the UTF-8 character at `at`, of which `left` > 0 bytes are there; 0 when it is none, or
 * a control character other than tab and line ends. */
size_t text_character(const unsigned char *at, size_t left);

/* Reports the first byte that is not UTF-8, or a control character other than tab and line ends;
 * `text` begins on `line`. */
enum status node_check_text(struct slice text, int32_t line, struct reports *reports) MUST_CHECK;

/* Adds `child`, new or unlinked, as the last of `parent`; `*last` is the last child so far, or
 * NULL. */
void node_append(struct node *parent, struct node **last, struct node *child);

/* Reports keys that stand twice in `map`; STATUS_INVALID when there are some. */
enum status node_check_keys(const struct node *map, struct arena *arena,
                            struct reports *reports) MUST_CHECK;

#endif
