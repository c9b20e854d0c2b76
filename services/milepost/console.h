/* What people see: tables, colour and progress on a terminal; JSON Lines for programs. */
#ifndef MILEPOST_MILEPOST_CONSOLE_H
#define MILEPOST_MILEPOST_CONSOLE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/json_text.h"

enum { TABLE_COLUMNS_MAX = 16 };

enum colour { COLOUR_NONE, COLOUR_GREEN, COLOUR_RED, COLOUR_YELLOW, COLOUR_DIM, COLOUR_BOLD };

struct console {
    bool is_json;      /* --json: one object a line on stdout, nothing else */
    bool is_terminal;  /* stdout is one */
    bool has_colour;   /* stdout is a terminal and NO_COLOR is not set */
    bool has_progress; /* stderr is a terminal */
};

void console_init(struct console *console);

/* Escape sequences, or "" without colour. */
const char *console_colour(const struct console *console, enum colour colour);
const char *console_plain(const struct console *console);

/* A line of progress on stderr, redrawn in place; `total` 0: unknown. Done: clears it. */
void console_progress(const struct console *console, const char *what, long long done,
                      long long total);
void console_progress_end(const struct console *console);

/* Whether the person agrees; without a terminal on stdin: no. */
bool console_ask(const struct console *console, const char *question);

/* Columns that a text takes on a terminal: one for each character of UTF-8. */
size_t console_columns(struct slice text);
/* Its beginning, of at most so many columns. */
struct slice console_cut(struct slice text, size_t columns);

/* A table that is measured before it is printed. Cells are copied. */
struct table {
    const char *const *heads; /* a head that begins with '>' is right-aligned */
    size_t columns;
    char **cells;
    size_t count; /* of cells */
    size_t capacity;
};

void table_init(struct table *table, const char *const *heads, size_t columns);
void table_add(struct table *table, const char *cell);
void table_add_slice(struct table *table, struct slice cell);
void table_print(const struct table *table, const struct console *console);
void table_deinit(struct table *table);

#endif
