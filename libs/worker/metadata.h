/* What travels as metadata of the committed offsets, in the turn's own transaction. */
#ifndef MILEPOST_WORKER_METADATA_H
#define MILEPOST_WORKER_METADATA_H

#include "base/log.h"

struct turn_metadata {
    int64_t generation;
    int64_t turn;
    int64_t word;
    int64_t begin; /* journal offset that a restore reads from */
};

/* `1 GENERATION TURN WORD BEGIN`, the word in hex. */
void metadata_format(const struct turn_metadata *metadata, char out[LOG_METADATA_BYTES]);

/* STATUS_CORRUPT: not ours, or of a later format. */
enum status metadata_parse(const char *text, struct turn_metadata *out) MUST_CHECK;

#endif
