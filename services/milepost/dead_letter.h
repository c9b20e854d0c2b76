/* What the headers of a dead letter say. */
#ifndef MILEPOST_MILEPOST_DEAD_LETTER_H
#define MILEPOST_MILEPOST_DEAD_LETTER_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/log.h"

struct dead_letter {
    struct slice topic; /* full name, of the original */
    struct slice partition;
    struct slice offset;
    struct slice stage;  /* who refused it */
    struct slice reason; /* a word */
    struct slice message;
    struct slice key; /* of the original */
};

/* Texts are copies in `arena` in which whatever is no printable UTF-8 reads \xNN. EXHAUSTED: it is
 * full. */
enum status dead_letter_read(const struct log_record *record, struct arena *arena,
                             struct dead_letter *out) MUST_CHECK;

/* Its fields and its own place, as one JSON object. */
void dead_letter_append_json(const struct dead_letter *letter, const struct log_record *record,
                             struct buffer *out);

/* Bytes as text for a terminal, in `arena`: other than printable UTF-8 as \xNN. bytes NULL when it
 * is full. */
struct slice printable(struct slice bytes, struct arena *arena);

#endif
