/* The last attainment record of each key: what remains of the topic when it is compacted. */
#ifndef MILEPOST_MILEPOST_LATEST_VIEWS_H
#define MILEPOST_MILEPOST_LATEST_VIEWS_H

#include "base/log.h"

struct latest_view;

/* Zero-valid. */
struct latest_views {
    struct latest_view *table;
};

void latest_views_deinit(struct latest_views *views);

/* Takes in the record, which is later than all before it; copies key and value. */
void latest_views_take(struct latest_views *views, const struct log_record *record);

/* The first record (`before` NULL) or the one behind `before`, in order of the keys' first records;
 * NULL at the end. Borrowed until the next take. */
const struct log_record *latest_views_next(const struct latest_views *views,
                                           const struct log_record *before);

#endif
