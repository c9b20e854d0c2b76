/* What a deal's book has written into participants' books, against what it should have. */
#ifndef MILEPOST_ENGINE_DEAL_LINKS_H
#define MILEPOST_ENGINE_DEAL_LINKS_H

#include "engine/row_io.h"

/* Hands to `outbox` each of `credits` whose content differs from the link's, and a withdrawn row
 * for every link that has no credit any more (with the status of the deal, so that its reader can
 * tell a cancellation), in that order. `*out_links` are the links after that, from `scratch`.
 * EXHAUSTED: the scratch is full; else what the outbox returns. */
enum status links_write(const struct list *links, const struct list *credits,
                        const struct credit *withdrawn, const struct outbox *outbox,
                        struct arena *scratch, struct buffer *content,
                        struct list *out_links) MUST_CHECK;

/* Whether the links are what writing `credits` would leave. */
bool links_agree(const struct list *links, const struct list *credits, struct buffer *content);

#endif
