#include "milepost/run_files.h"

#include <inttypes.h>
#include <stdlib.h>

#include "milepost/dead_letter.h"

enum { LETTERS_SHOWN = 20, RECORD_BYTES_MAX = 64 * 1024 * 1024 };

static void add(struct run_files *run, int kind, struct slice path)
{
    size_t count = run->counts[kind] + 1;
    run->files[kind] = realloc(run->files[kind], count * sizeof(struct slice));
    if (!run->files[kind])
        abort();
    run->files[kind][run->counts[kind]] = path;
    run->counts[kind] = count;
}

bool run_files_take(struct run_files *run, int option, const char *path, const char **out_complaint)
{
    if (option < RUN_FILE_KINDS) {
        add(run, option, slice_of(path));
        return true;
    }
    if (run->events) {
        *out_complaint = "--events takes one file";
        return false;
    }
    run->events = path;
    return true;
}

const char *run_files_lack(const struct run_files *run)
{
    if (run->counts[RUN_PLAN] == 0 || run->counts[RUN_ROSTER] == 0 || !run->events)
        return "--plan, --roster and --events are needed";
    return NULL;
}

bool run_files_is_empty(const struct run_files *run)
{
    return run->counts[RUN_CONTROL] + run->counts[RUN_PLAN] + run->counts[RUN_ROSTER] == 0 &&
           !run->events;
}

void run_files_complete(struct run_files *run, const struct run_files *from)
{
    for (int kind = 0; kind < RUN_FILE_KINDS; kind++)
        if (run->counts[kind] == 0)
            for (size_t i = 0; i < from->counts[kind]; i++)
                add(run, kind, from->files[kind][i]);
    if (!run->events)
        run->events = from->events;
}

void run_files_deinit(struct run_files *run)
{
    for (int kind = 0; kind < RUN_FILE_KINDS; kind++)
        free(run->files[kind]);
    *run = (struct run_files){0};
}

enum status run_files_simulate(const struct run_files *run, struct cli *cli,
                               const struct simulation_options *options,
                               struct simulation *simulation, char *detail)
{
    size_t count = 0;
    struct slice *files =
        calloc(run->counts[RUN_CONTROL] + run->counts[RUN_PLAN] + run->counts[RUN_ROSTER] + 1,
               sizeof *files);
    if (!files)
        abort();
    for (int kind = 0; kind < RUN_FILE_KINDS; kind++)
        for (size_t i = 0; i < run->counts[kind]; i++)
            files[count++] = run->files[kind][i];
    enum status status = simulation_open(simulation, cli, options, detail);
    if (!status)
        status = simulation_apply(simulation, files, count, NULL, detail);
    if (!status && run->events)
        status = simulation_feed(simulation, run->events, detail);
    free(files);
    return status;
}

int run_files_fail(struct cli *cli, enum status status, const char *detail)
{
    if (status == STATUS_INVALID || (status == STATUS_UNAVAILABLE && detail[0])) {
        if (status != STATUS_INVALID)
            (void)fprintf(stderr, "milepost: %s\n", detail);
        return EXIT_CODE_FINDING;
    }
    return command_fail(cli, status, detail);
}

void simulation_print_letters(const struct simulation *simulation)
{
    struct arena arena;
    arena_init_growing(&arena, RECORD_BYTES_MAX);
    int64_t offset = 0;
    int64_t count = 0;
    struct log_record record;
    while (simulation_next(simulation, TOPIC_DEAD_LETTERS, &offset, &record)) {
        struct dead_letter letter;
        arena_reset(&arena);
        if (count++ >= LETTERS_SHOWN || dead_letter_read(&record, &arena, &letter))
            continue;
        (void)fprintf(stderr, "milepost: not counted: %.*s: %.*s: %.*s\n", SLICE_ARGS(letter.key),
                      SLICE_ARGS(letter.reason), SLICE_ARGS(letter.message));
    }
    if (count > LETTERS_SHOWN)
        (void)fprintf(stderr, "milepost: … and %" PRId64 " facts more\n", count - LETTERS_SHOWN);
    arena_deinit(&arena);
}
