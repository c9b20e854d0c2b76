/* What a credit says, as one number: the writer's link keeps it and writes the row again only when
 * it changes; the reader compares rows of equal version by it. Identity, version and cause are not
 * content. The number is kept in state: to change what goes into it is to write every credit again.
 */
#ifndef MILEPOST_ENGINE_CREDIT_CONTENT_H
#define MILEPOST_ENGINE_CREDIT_CONTENT_H

#include "engine/rows.h"

/* Never 0 (a link's 0 means withdrawn), except for a withdrawn row, where it is 0. */
int64_t credit_content(const struct credit *credit, struct buffer *scratch);

#endif
