#include "worker/metadata.h"

#include <inttypes.h>
#include <stdio.h>

void metadata_format(const struct turn_metadata *metadata, char out[LOG_METADATA_BYTES])
{
    (void)snprintf(out, LOG_METADATA_BYTES, "1 %" PRId64 " %" PRId64 " %" PRIx64 " %" PRId64,
                   metadata->generation, metadata->turn, (uint64_t)metadata->word, metadata->begin);
}

enum status metadata_parse(const char *text, struct turn_metadata *out)
{
    struct turn_metadata read;
    uint64_t word;
    int end = 0;
    int fields = sscanf(text, "1 %" SCNd64 " %" SCNd64 " %" SCNx64 " %" SCNd64 "%n",
                        &read.generation, &read.turn, &word, &read.begin, &end);
    if (fields != 4 || text[end] != '\0')
        return STATUS_CORRUPT;
    read.word = (int64_t)word;
    *out = read;
    return STATUS_OK;
}
