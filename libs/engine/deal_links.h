/* What a deal's book has written into participants' books, against what it should have. */
#ifndef MILEPOST_ENGINE_DEAL_LINKS_H
#define MILEPOST_ENGINE_DEAL_LINKS_H

#include "engine/row_io.h"

/* What moves the links, and what is worked with. */
struct links_context {
    /* The row that takes a credit back, without target and row. EXHAUSTED: the scratch is full. */
    enum status (*withdrawn)(const struct links_context *context, struct credit *out);
    const void *of; /* what it is a credit of: the withdrawing's own business */
    const struct cause *cause;
    const struct outbox *outbox;
    struct arena *scratch;
    struct buffer *content;
};

/* Hands to the outbox each of `credits` whose content differs from the link's, and a withdrawn row
 * for every link that has no credit any more (with the status of the deal or event, so that its
 * reader can tell a cancellation), in that order. `*out_links` are the links after that, from the
 * scratch. EXHAUSTED: the scratch is full; else what the outbox returns. */
enum status links_write(const struct links_context *context, const struct list *links,
                        const struct list *credits, struct list *out_links) MUST_CHECK;

/* Whether the links are what writing `credits` would leave. */
bool links_agree(const struct list *links, const struct list *credits, struct buffer *content);

/* Before a row is encoded: puts its links into `contents` when they are those of its deal's
 * participants. EXHAUSTED: the scratch is full. */
enum status links_fold(struct deal_row *row, struct arena *scratch) MUST_CHECK;

/* After it was decoded: `contents` become links again. CORRUPT: they are not as many as the deal's
 * participants; EXHAUSTED as above. */
enum status links_unfold(struct deal_row *row, struct arena *scratch, char *detail) MUST_CHECK;

#endif
