/* The flat programs that decoders and encoders run. Internal to libs/schema.
 *
 * Bodies stand inline: an operation that runs a body (LIST, PRESET, SKIP_LIST) is followed by it
 * and its END, and `next` leads to the operation after that. Each operation has a path
 * ("lines.amount") beside it, looked at only when a message is refused. */
#ifndef MILEPOST_SCHEMA_PROGRAM_H
#define MILEPOST_SCHEMA_PROGRAM_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/shape.h"
#include "base/status.h"

enum { PROGRAM_BYTES_MAX = 64 * 1024 * 1024, PROGRAM_PREFIXED = 0, BUILDER_NO_JUMP = 0 };

/* Symbol, function. One operation after the other is a STEP; a FORK may go on elsewhere. */
#define DECODE_OP_LIST(STEP, FORK)                                                                 \
    FORK(OP_JUMP, jump)                                                                            \
    STEP(OP_FAIL, refuse_value)                /* always; the path is the whole reason */          \
    STEP(OP_PRESENT, set_present)              /* sets the bool at `presence` */                   \
    FORK(OP_OPTIONAL, read_optional)           /* branch `count` of 2 is null: to `next` */        \
    STEP(OP_OPTIONAL_TEXT, read_optional_text) /* branch `count` of 2 is null, the other a text */ \
    FORK(OP_UNION, read_union)                 /* by table[table + branch]; `count` branches */    \
    STEP(OP_TEXT, read_text)                                                                       \
    STEP(OP_BYTES, read_bytes)                                                                     \
    STEP(OP_BOOL, read_bool)                                                                       \
    STEP(OP_INT, read_int)                                                                         \
    STEP(OP_LONG, read_long)                                                                       \
    STEP(OP_INT_AS_LONG, read_int_as_long)                                                         \
    STEP(OP_FINER_INSTANT, read_finer_instant) /* `size` of them are a millisecond */              \
    STEP(OP_DECIMAL, read_decimal)             /* of our scale, length before it */                \
    STEP(OP_DECIMAL_SCALED, read_scaled)       /* `shift` places more than the writer's; `size` */ \
    STEP(OP_EITHER, read_either) /* branch `count` of 2 is text, the other DECIMAL */              \
    STEP(OP_SYMBOL, read_symbol) /* an enum's index, ours too; `count` symbols */                  \
    STEP(OP_ENUM, read_enum)     /* table[table + index]; `count` symbols */                       \
    FORK(OP_LIST, read_list)     /* items of `size`, each ≥ `count` bytes written */             \
    FORK(OP_MAP, read_list)      /* as a list; the item begins with its key */                     \
    FORK(OP_PRESET, read_preset) /* runs the body over constants[table] */                         \
    STEP(OP_SKIP_VARINT, skip_varint)                                                              \
    STEP(OP_SKIP_BYTES, skip_bytes)                                                                \
    STEP(OP_SKIP_FIXED, skip_fixed)   /* `size` bytes */                                           \
    FORK(OP_SKIP_LIST, skip_list)     /* items each ≥ `count` bytes */                           \
    STEP(OP_ENCODED, begin_encoded)   /* the slice at `offset` begins here … */                  \
    STEP(OP_ENCODED_END, end_encoded) /* … and ends here */                                      \
    STEP(OP_CALL, call)               /* runs at `next` until END, one level deeper */

/* Symbol, function, the most bytes it puts without asking for room. */
#define ENCODE_OP_LIST(STEP, FORK)                                                                 \
    STEP(PUT_OPTIONAL_TEXT, put_optional_text, 1) /* bytes of branches as below */                 \
    FORK(PUT_OPTIONAL, put_optional, 1) /* byte `count` when there, else `size` and to `next` */   \
    STEP(PUT_TEXT, put_text, 0)                                                                    \
    STEP(PUT_BOOL, put_bool, 1)                                                                    \
    STEP(PUT_INT, put_int, 5)                                                                      \
    STEP(PUT_LONG, put_long, 10)                                                                   \
    STEP(PUT_DECIMAL, put_decimal, 17)                                                             \
    STEP(PUT_EITHER, put_either, 18)  /* bytes of branches: text `count`, decimal `size` */        \
    STEP(PUT_SYMBOL, put_symbol, 5)   /* an enum whose indices are ours; `count` symbols */        \
    STEP(PUT_ENUM, put_enum, 5)       /* table[table + index]; `count` symbols */                  \
    FORK(PUT_LIST, put_list, 1)       /* items of `size` */                                        \
    FORK(PUT_ENCODED, put_encoded, 0) /* the slice at `offset` when there, and to `next` */

#define OP_SYMBOL_OF(symbol, ...) symbol,
enum decode_op { DECODE_OP_LIST(OP_SYMBOL_OF, OP_SYMBOL_OF) OP_END };
enum encode_op { ENCODE_OP_LIST(OP_SYMBOL_OF, OP_SYMBOL_OF) PUT_END };
#undef OP_SYMBOL_OF

struct op {
    uint16_t code;
    int16_t shift;
    uint32_t offset;  /* where the value goes in the struct */
    int32_t presence; /* offset of the bool that says it is there, or SHAPE_ALWAYS */
    int32_t next;     /* how many operations further it goes on */
    uint32_t size;
    uint32_t count;
    uint32_t table;
};

struct program {
    struct arena arena; /* holds what follows, texts included */
    const struct op *ops;
    size_t op_count;
    const char *const *paths; /* beside ops */
    const int32_t *table;     /* of unions how many operations further, of enums our symbols */
    const struct slice *constants;
    size_t size; /* of the struct */
    const char *name;
};

/* A program under construction. `paths`, `table` and constants grow beside `ops`. */
struct builder {
    struct arena arena; /* becomes the program's */
    struct buffer ops;
    struct buffer paths;
    struct buffer table;
    struct buffer constants;
    char *detail;
};

void builder_init(struct builder *builder, char *detail);
void builder_deinit(struct builder *builder);

/* The index of the next operation. */
uint32_t builder_here(const struct builder *builder);

/* Appends an operation; returns its index. */
uint32_t builder_add(struct builder *builder, struct op op, const char *path);

/* The operation at `index`; valid until the next add. */
struct op *builder_at(struct builder *builder, uint32_t index);

/* The operation at `index` goes on with the one added next. */
void builder_lead_here(struct builder *builder, uint32_t index);

/* Adds an OP_JUMP to where builder_land() is called; `last` is the jump added before for the same
 * place, or BUILDER_NO_JUMP. Returns its index. */
uint32_t builder_jump(struct builder *builder, uint32_t last, const char *path);
void builder_land(struct builder *builder, uint32_t last);

/* Appends to the table; returns the index. */
uint32_t builder_add_entry(struct builder *builder, int32_t entry);
void builder_set_entry(struct builder *builder, uint32_t index, int32_t entry);

/* Appends a constant, which is copied; returns its index. */
uint32_t builder_add_constant(struct builder *builder, struct slice bytes);

/* "parent.name", in the arena; just the name when the parent is "". */
const char *builder_path(struct builder *builder, const char *parent, const char *name);

/* Writes `detail` and returns STATUS_INVALID. */
enum status builder_refuse(struct builder *builder, const char *path,
                           const char *reason) MUST_CHECK;

/* Moves everything into `out`; the builder is empty then. STATUS_INVALID: too large. */
enum status builder_finish(struct builder *builder, const struct shape *shape,
                           struct program *out) MUST_CHECK;

#endif
