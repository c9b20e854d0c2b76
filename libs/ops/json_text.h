/* JSON that is written, never read: log lines and answers of the probes. */
#ifndef MILEPOST_OPS_JSON_TEXT_H
#define MILEPOST_OPS_JSON_TEXT_H

#include "base/buffer.h"

/* `text` in quotes. What is not UTF-8 becomes U+FFFD, byte by byte, so that the line stays JSON. */
void json_append_text(struct buffer *out, struct slice text);

/* The two members of an object: a comma where one is needed, the name, the value. The object's {
 * must be there, the } is the caller's. */
void json_append_member(struct buffer *out, const char *name, const char *text);
void json_append_number(struct buffer *out, const char *name, int64_t number);

#endif
