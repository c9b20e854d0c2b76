#include "milepost/console.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const colours[] = {
    [COLOUR_NONE] = "",           [COLOUR_GREEN] = "\033[32m", [COLOUR_RED] = "\033[31m",
    [COLOUR_YELLOW] = "\033[33m", [COLOUR_DIM] = "\033[2m",    [COLOUR_BOLD] = "\033[1m",
};

void console_init(struct console *console)
{
    const char *no_colour = getenv("NO_COLOR");
    *console = (struct console){
        .is_terminal = isatty(STDOUT_FILENO),
        .has_colour = isatty(STDOUT_FILENO) && !(no_colour && no_colour[0]),
        .has_progress = isatty(STDERR_FILENO),
    };
}

const char *console_colour(const struct console *console, enum colour colour)
{
    return console->has_colour ? colours[colour] : "";
}

const char *console_plain(const struct console *console)
{
    return console->has_colour ? "\033[0m" : "";
}

void console_progress(const struct console *console, const char *what, long long done,
                      long long total)
{
    if (!console->has_progress)
        return;
    if (total > 0)
        (void)fprintf(stderr, "\r\033[K%s %lld of %lld (%lld %%)", what, done, total,
                      done * 100 / total);
    else
        (void)fprintf(stderr, "\r\033[K%s %lld", what, done);
    (void)fflush(stderr);
}

void console_progress_end(const struct console *console)
{
    if (console->has_progress)
        (void)fprintf(stderr, "\r\033[K");
}

bool console_ask(const struct console *console, const char *question)
{
    (void)console;
    if (!isatty(STDIN_FILENO))
        return false;
    (void)fprintf(stderr, "%s [y/N] ", question);
    (void)fflush(stderr);
    char answer[16];
    return fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

/* Bytes that begin a character. */
static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

size_t console_columns(struct slice text)
{
    size_t columns = 0;
    for (size_t i = 0; i < text.length; i++)
        columns += begins_character(text.bytes[i]);
    return columns;
}

struct slice console_cut(struct slice text, size_t columns)
{
    size_t length = 0;
    for (size_t seen = 0; length < text.length; length++) {
        seen += begins_character(text.bytes[length]);
        if (seen > columns)
            break;
    }
    return (struct slice){text.bytes, length};
}

void table_init(struct table *table, const char *const *heads, size_t columns)
{
    *table = (struct table){.heads = heads, .columns = columns};
}

void table_add_slice(struct table *table, struct slice cell)
{
    if (table->count == table->capacity) {
        table->capacity = table->capacity ? table->capacity * 2 : 64;
        table->cells = realloc(table->cells, table->capacity * sizeof *table->cells);
        if (!table->cells)
            abort();
    }
    char *copy = malloc(cell.length + 1);
    if (!copy)
        abort();
    if (cell.length)
        memcpy(copy, cell.bytes, cell.length);
    copy[cell.length] = '\0';
    table->cells[table->count++] = copy;
}

void table_add(struct table *table, const char *cell)
{
    table_add_slice(table, slice_of(cell));
}

static void print_cell(const char *text, size_t width, bool to_right, bool is_last)
{
    size_t pad = width - console_columns(slice_of(text));
    if (to_right)
        (void)printf("%*s", (int)pad, "");
    (void)fputs(text, stdout);
    if (!to_right && !is_last)
        (void)printf("%*s", (int)pad, "");
    (void)fputs(is_last ? "\n" : "  ", stdout);
}

void table_print(const struct table *table, const struct console *console)
{
    size_t widths[TABLE_COLUMNS_MAX] = {0};
    bool to_right[TABLE_COLUMNS_MAX];
    for (size_t c = 0; c < table->columns; c++) {
        to_right[c] = table->heads[c][0] == '>';
        widths[c] = console_columns(slice_of(table->heads[c] + to_right[c]));
    }
    for (size_t i = 0; i < table->count; i++) {
        size_t width = console_columns(slice_of(table->cells[i]));
        if (width > widths[i % table->columns])
            widths[i % table->columns] = width;
    }
    (void)fputs(console_colour(console, COLOUR_DIM), stdout);
    for (size_t c = 0; c < table->columns; c++)
        print_cell(table->heads[c] + to_right[c], widths[c], to_right[c], c + 1 == table->columns);
    (void)fputs(console_plain(console), stdout);
    for (size_t i = 0; i < table->count; i++) {
        size_t c = i % table->columns;
        print_cell(table->cells[i], widths[c], to_right[c], c + 1 == table->columns);
    }
}

void table_deinit(struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->cells[i]);
    free(table->cells);
    *table = (struct table){0};
}
