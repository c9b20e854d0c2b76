/* One HTTP request to the first of several addresses that answers. Internal to libs/schema. */
#ifndef MILEPOST_SCHEMA_HTTP_H
#define MILEPOST_SCHEMA_HTTP_H

#include "schema/registry.h"

enum { HTTP_ANSWER_BYTES_MAX = 8 * 1024 * 1024 };

struct http;

enum status http_open(const struct registry_options *options, struct http **out,
                      char *detail) MUST_CHECK;
void http_free(struct http *http);

/* GET, or POST with `body` when it has bytes. OK with any code below 500 other than 401, 403, 407
 * and 429, in `out_code`; the answer replaces what is in `answer`. */
enum status http_request(struct http *http, const char *path, struct slice body, long *out_code,
                         struct buffer *answer, char *detail) MUST_CHECK;

/* Appends `text` percent-encoded for one step of a path. */
void http_append_escaped(struct buffer *out, const char *text);

/* The address that answered last, without credentials; borrowed until the next request. */
const char *http_address(const struct http *http);

#endif
