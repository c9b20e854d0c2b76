/* An event file opened for reading, once or twice. */
#ifndef MILEPOST_MILEPOST_EVENT_INPUT_H
#define MILEPOST_MILEPOST_EVENT_INPUT_H

#include <stdio.h>

#include "plan/event_file.h"

struct event_input {
    FILE *file;
    int64_t bytes; /* of the whole file */
    struct event_reader *reader;
    struct arena arena; /* of the reports */
    struct reports reports;
};

/* Opens `path` at its beginning. `rules` is borrowed, may be NULL. UNAVAILABLE with `detail`: it
 * cannot be read, or is no plain file. The input must stay where it is. */
enum status event_input_open(struct event_input *input, const char *path,
                             const struct fact_rules *rules, char *detail) MUST_CHECK;
void event_input_close(struct event_input *input); /* Accepts a zeroed one. */

/* How many bytes of the file have been read, a buffer's at a time. */
int64_t event_input_read(const struct event_input *input);

/* Whether the file may hold facts that can move to another deal (moved_facts.h): one of their words
 * stands in it. UNAVAILABLE with `detail`. */
enum status event_file_has_moving(const char *path, bool *out_has, char *detail) MUST_CHECK;

/* The items of a file, by kind, with both kinds of result apart. */
enum event_count {
    COUNT_DEALS,
    COUNT_MILESTONES,
    COUNT_PAYMENTS,
    COUNT_RESULTS,
    COUNT_ADJUSTMENTS,
    COUNT_KINDS,
};
const char *event_count_name(enum event_count kind);        /* `deals` … */
enum event_count event_count_of(const struct event *event); /* of a fact */

/* Reports a line that this command does not take, at its first column. */
void event_input_refuse(struct event_input *input, const struct event *event, const char *code,
                        const char *fix, const char *sentence);

/* Prints what was reported, as text or (is_json) an object a line, to `out`. */
void reports_print(const struct reports *reports, bool has_colour, bool is_json, FILE *out);

#endif
