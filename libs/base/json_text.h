/* JSON that is written, never read: log lines, answers of the probes, reports, what `--json`
 * prints. */
#ifndef MILEPOST_BASE_JSON_TEXT_H
#define MILEPOST_BASE_JSON_TEXT_H

#include "base/buffer.h"

/* `text` in quotes. What is not UTF-8 becomes U+FFFD, byte by byte, so that the line stays JSON. */
void json_append_text(struct buffer *out, struct slice text);

/* Members of an object: a comma where one is needed, the name, the value. The object's { must be
 * there, the } is the caller's. Raw is a bare value (true, an array); optional is null for an
 * absent text (bytes NULL). */
void json_append_field(struct buffer *out, const char *name, struct slice text);
void json_append_optional(struct buffer *out, const char *name, struct slice text);
void json_append_raw(struct buffer *out, const char *name, const char *value);
void json_append_number(struct buffer *out, const char *name, int64_t number);

#endif
