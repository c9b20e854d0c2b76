/* The flat programs that decoders and encoders run. Internal to libs/schema.
 *
 * Bodies stand inline: an operation that runs a body (LIST, PRESET, SKIP_LIST) is followed by it
 * and its END, and `next` is the operation after that. Each operation has a path ("lines.amount")
 * beside it, looked at only when a message is refused. */
#ifndef MILEPOST_SCHEMA_PROGRAM_H
#define MILEPOST_SCHEMA_PROGRAM_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/shape.h"
#include "base/status.h"

enum { PROGRAM_BYTES_MAX = 64 * 1024 * 1024, PROGRAM_PREFIXED = 0 };

/* Decoding: symbol, function (decode.c). */
#define DECODE_OP_LIST(ROW)                                                                        \
    ROW(OP_JUMP, jump)              /* to `next` */                                                \
    ROW(OP_FAIL, refuse_value)      /* always; the path is the whole reason */                     \
    ROW(OP_PRESENT, set_present)    /* sets the bool at `presence` */                              \
    ROW(OP_OPTIONAL, read_optional) /* branch `count` of 2 is null: goes to `next`, else on */     \
    ROW(OP_OPTIONAL_TEXTS, read_optional_texts) /* the same and a text, and those that follow */   \
    ROW(OP_UNION, read_union) /* goes to jumps[table + branch]; `count` branches */                \
    ROW(OP_TEXT, read_text)                                                                        \
    ROW(OP_BYTES, read_bytes)                                                                      \
    ROW(OP_BOOL, read_bool)                                                                        \
    ROW(OP_INT, read_int)                                                                          \
    ROW(OP_LONG, read_long)                                                                        \
    ROW(OP_INT_AS_LONG, read_int_as_long)                                                          \
    ROW(OP_FINER_INSTANT, read_finer_instant) /* `size` of them are a millisecond */               \
    ROW(OP_DECIMAL, read_decimal)             /* of our scale, length before it */                 \
    ROW(OP_DECIMAL_SCALED, read_scaled)       /* `shift` places more than the writer's; `size` */  \
    ROW(OP_ENUM, read_enum)                   /* symbols[table + index]; `count` symbols */        \
    ROW(OP_LIST, read_list)     /* items of `size`, each ≥ `count` bytes written */              \
    ROW(OP_MAP, read_map)       /* as a list; the item begins with its key */                      \
    ROW(OP_PRESET, read_preset) /* runs the body over constants[table] */                          \
    ROW(OP_SKIP_VARINT, skip_varint)                                                               \
    ROW(OP_SKIP_BYTES, skip_bytes)                                                                 \
    ROW(OP_SKIP_FIXED, skip_fixed)   /* `size` bytes */                                            \
    ROW(OP_SKIP_LIST, skip_list)     /* items each ≥ `count` bytes */                            \
    ROW(OP_ENCODED, begin_encoded)   /* the slice at `offset` begins here … */                   \
    ROW(OP_ENCODED_END, end_encoded) /* … and ends here */                                       \
    ROW(OP_CALL, call)               /* runs at `next` until END, one level deeper */

/* Encoding: symbol, function (encode.c). */
#define ENCODE_OP_LIST(ROW)                                                                        \
    ROW(PUT_OPTIONAL_TEXTS, put_optional_texts) /* and those that follow; bytes as below */        \
    ROW(PUT_OPTIONAL, put_optional) /* byte `count` when there, else `size` and to `next` */       \
    ROW(PUT_TEXT, put_text)                                                                        \
    ROW(PUT_BOOL, put_bool)                                                                        \
    ROW(PUT_INT, put_int)                                                                          \
    ROW(PUT_LONG, put_long)                                                                        \
    ROW(PUT_DECIMAL, put_decimal)                                                                  \
    ROW(PUT_EITHER, put_either)   /* branches: text `count`, decimal `shift` */                    \
    ROW(PUT_ENUM, put_enum)       /* symbols[table + index]; `count` symbols */                    \
    ROW(PUT_LIST, put_list)       /* items of `size` */                                            \
    ROW(PUT_ENCODED, put_encoded) /* the slice at `offset` when it is there, and on to `next` */

#define OP_SYMBOL(symbol, function) symbol,
enum decode_op { DECODE_OP_LIST(OP_SYMBOL) OP_END };
enum encode_op { ENCODE_OP_LIST(OP_SYMBOL) PUT_END };
#undef OP_SYMBOL

struct op {
    uint16_t code;
    int16_t shift;
    uint32_t offset;  /* where the value goes in the struct */
    int32_t presence; /* offset of the bool that says it is there, or SHAPE_ALWAYS */
    uint32_t next;
    uint32_t size;
    uint32_t count;
    uint32_t table;
};

struct program {
    struct arena arena; /* holds what follows, texts included */
    const struct op *ops;
    const char *const *paths; /* beside ops */
    const int32_t *table;     /* jumps of unions, symbols of enums */
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
