/* Prints the programs of our own schemas as C (known.h); run by the build.
 *
 *   known_generate FOLDER decode|encode      to standard output */
#include <stdio.h>
#include <stdlib.h>

#include "schema/encode_ops.h"
#include "schema/schema_files.h"

enum { FILES_BYTES_MAX = 64 * 1024 * 1024, OPS_MAX = 1024 };

struct operation {
    const char *symbol;
    const char *function;
    bool is_fork;
    unsigned bytes; /* encoding: the most it puts without asking for room */
};

#define DECODE_STEP_ROW(symbol, function) [symbol] = {#symbol, #function, false, 0},
#define DECODE_FORK_ROW(symbol, function) [symbol] = {#symbol, #function, true, 0},
static const struct operation decode_operations[] = {
    DECODE_OP_LIST(DECODE_STEP_ROW, DECODE_FORK_ROW)[OP_END] = {"OP_END", "", false, 0}};

#define ENCODE_STEP_ROW(symbol, function, bytes) [symbol] = {#symbol, #function, false, bytes},
#define ENCODE_FORK_ROW(symbol, function, bytes) [symbol] = {#symbol, #function, true, bytes},
static const struct operation encode_operations[] = {
    ENCODE_OP_LIST(ENCODE_STEP_ROW, ENCODE_FORK_ROW)[PUT_END] = {"PUT_END", "", false, 0}};

/* What differs between the two directions. */
struct direction {
    const char *name;
    const char *macro;
    const struct operation *operations;
    unsigned end;
    unsigned lists[2];
    unsigned forks[2];     /* those that are printed; a program with another is not ours */
    const char *items;     /* a list's */
    const char *unless_ok; /* behind each operation */
};

static const struct direction directions[] = {
    {"decode",
     "DECODE_BODY",
     decode_operations,
     OP_END,
     {OP_LIST, OP_MAP},
     {OP_OPTIONAL, OP_OPTIONAL},
     "read_items",
     "    if (!at)\n        return NULL;\n"},
    {"encode",
     "ENCODE_BODY",
     encode_operations,
     PUT_END,
     {PUT_LIST, PUT_LIST},
     {PUT_OPTIONAL, PUT_ENCODED},
     "put_items",
     ""},
};

struct printer {
    const struct direction *direction;
    const char *kind;
    const struct op *ops;
    bool is_target[OPS_MAX];
    unsigned spent_at[OPS_MAX]; /* bytes put since room was asked for, by those who jump there */
};

static bool is_list(const struct printer *printer, uint16_t code)
{
    return code == printer->direction->lists[0] || code == printer->direction->lists[1];
}

static void print_list(const struct printer *printer, size_t at)
{
    printf("    at = is_empty(run, %s_ops + %zu, at, base) ? pass_empty(at)\n"
           "         : %s_list_%zu(run, %s_ops + %zu, at, base);\n",
           printer->kind, at, printer->kind, at, printer->kind, at);
}

/* What follows a fork: the jump that it may have asked for. */
static void print_jump(struct printer *printer, size_t at, unsigned spent)
{
    const struct direction *direction = printer->direction;
    const struct op *op = printer->ops + at;
    if (op->code != direction->forks[0] && op->code != direction->forks[1]) {
        (void)fprintf(stderr, "%s: operation %zu, %s, is not one of our own schemas\n",
                      printer->kind, at, direction->operations[op->code].symbol);
        exit(1);
    }
    size_t target = at + (size_t)op->next;
    printer->is_target[target] = true;
    if (printer->spent_at[target] < spent)
        printer->spent_at[target] = spent;
    printf("    if (next)\n        goto op_%zu;\n", target);
}

/* One operation; returns the one after it. */
static size_t print_op(struct printer *printer, size_t at, unsigned *spent)
{
    const struct direction *direction = printer->direction;
    const struct op *op = printer->ops + at;
    const struct operation *operation = &direction->operations[op->code];
    if (operation->bytes && *spent + operation->bytes > ROOM) {
        printf("    at = encode_room(run, at);\n");
        *spent = 0;
    }
    *spent = operation->bytes || operation->is_fork ? *spent + operation->bytes : 0;
    bool is_jump = operation->is_fork && !is_list(printer, op->code);
    if (is_list(printer, op->code))
        print_list(printer, at);
    else
        printf("%s    at = %s(run, %s_ops + %zu, %sat, base);\n",
               is_jump ? "    next = NULL;\n" : "", operation->function, printer->kind, at,
               is_jump ? "&next, " : "");
    printf("%s", direction->unless_ok);
    if (is_jump)
        print_jump(printer, at, *spent);
    return at + (is_list(printer, op->code) ? (size_t)op->next : 1);
}

static void print_body(struct printer *printer, size_t first, unsigned spent);

/* The lists of a body come before it. */
static void print_lists(struct printer *printer, size_t first)
{
    const struct direction *direction = printer->direction;
    for (size_t at = first; printer->ops[at].code != direction->end;) {
        const struct op *op = printer->ops + at;
        if (!is_list(printer, op->code)) {
            at++;
            continue;
        }
        print_body(printer, at + 1, ROOM);
        printf("static __attribute__((noinline)) %s(%s_list_%zu)\n{\n    (void)op;\n"
               "    return %s(run, %s_ops + %zu, at, base, %s_body_%zu);\n}\n\n",
               direction->macro, printer->kind, at, direction->items, printer->kind, at,
               printer->kind, at + 1);
        at += (size_t)op->next;
    }
}

/* `spent` bytes were put since room was asked for. */
static void print_body(struct printer *printer, size_t first, unsigned spent)
{
    const struct direction *direction = printer->direction;
    print_lists(printer, first);
    printf("static %s(%s_body_%zu)\n{\n    const struct op *next = op;\n    (void)next;\n",
           direction->macro, printer->kind, first);
    size_t at = first;
    while (printer->ops[at].code != direction->end) {
        if (printer->is_target[at])
            printf("op_%zu:\n", at);
        if (printer->is_target[at] && spent < printer->spent_at[at])
            spent = printer->spent_at[at];
        at = print_op(printer, at, &spent);
    }
    if (printer->is_target[at])
        printf("op_%zu:\n", at);
    printf("    return at;\n}\n\n");
}

static void print_program(const struct direction *direction, const char *kind,
                          const struct program *program)
{
    struct printer printer = {.direction = direction, .kind = kind, .ops = program->ops};
    if (program->op_count > OPS_MAX) {
        (void)fprintf(stderr, "%s: more than %d operations\n", kind, OPS_MAX);
        exit(1);
    }
    printf("static const struct op %s_ops[] = {\n", kind);
    for (size_t i = 0; i < program->op_count; i++) {
        const struct op *op = &program->ops[i];
        printf("    {%s, %d, %u, %d, %d, %u, %u, %u}, /* %zu: %s */\n",
               direction->operations[op->code].symbol, op->shift, op->offset, op->presence,
               op->next, op->size, op->count, op->table, i, program->paths[i]);
    }
    printf("};\n\n");
    print_body(&printer, 0, 0);
}

#define KIND_ROW(symbol, name) {symbol, &name##_shape},
static const struct {
    enum schema_kind kind;
    const struct shape *shape;
} kinds[] = {SCHEMA_KIND_LIST(KIND_ROW)};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void print_all(const struct direction *direction, const struct schema_files *files)
{
    char detail[DETAIL_BYTES];
    printf("/* Printed by known_generate. */\n#include \"schema/%s_ops.h\"\n"
           "#include \"schema/known.h\"\n\n",
           direction->name);
    for (size_t i = 0; i < KINDS; i++) {
        struct program program;
        struct slice json = files->current[kinds[i].kind];
        enum status status = direction == &directions[0]
                                 ? decoder_plan(json, json, kinds[i].shape, &program, detail)
                                 : encoder_plan(json, kinds[i].shape, &program, detail);
        if (status) {
            (void)fprintf(stderr, "%s\n", detail);
            exit(1);
        }
        print_program(direction, schema_kind_name(kinds[i].kind), &program);
        arena_deinit(&program.arena);
    }
    printf("const struct known_%sr known_%srs[] = {\n", direction->name, direction->name);
    for (size_t i = 0; i < KINDS; i++) {
        const char *kind = schema_kind_name(kinds[i].kind);
        printf("    {%s_ops, sizeof %s_ops / sizeof *%s_ops, %s_body_0},\n", kind, kind, kind,
               kind);
    }
    printf("};\nconst size_t known_%sr_count = %d;\n", direction->name, KINDS);
}

int main(int argc, char **argv)
{
    char detail[DETAIL_BYTES];
    struct arena arena;
    struct schema_files files;
    arena_init_growing(&arena, FILES_BYTES_MAX);
    if (argc != 3 || schema_files_read(argv[1], &arena, &files, detail)) {
        (void)fprintf(stderr, "%s\n", argc == 3 ? detail : "known_generate FOLDER decode|encode");
        return 1;
    }
    print_all(&directions[strcmp(argv[2], "encode") == 0], &files);
    arena_deinit(&arena);
    return 0;
}
