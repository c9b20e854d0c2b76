/* What was just said is not said again: within a second the same text passes once, and how often it
 * came again is told when the second is over. Not thread-safe. */
#ifndef MILEPOST_OPS_REPEATS_H
#define MILEPOST_OPS_REPEATS_H

#include "base/buffer.h"

enum { REPEATS_SLOTS = 16, REPEATS_MS = 1000 };

struct repeat {
    struct buffer text;
    int64_t begin_ms;
    int64_t count; /* since, without the first */
    bool is_used;
};

/* Zero-valid. With more different texts in a second than slots, the others pass. */
struct repeats {
    struct repeat slots[REPEATS_SLOTS];
};

void repeats_deinit(struct repeats *repeats);

/* Whether `text` is to be said; false: it was, and is counted. `now_ms` is monotonic. */
bool repeats_admit(struct repeats *repeats, int64_t now_ms, struct slice text);

/* Takes out one text that came again and whose second is over; false: none is left. The text is
 * valid until the next call. INT64_MAX takes all. */
bool repeats_take_due(struct repeats *repeats, int64_t now_ms, struct slice *out_text,
                      int64_t *out_count);

#endif
