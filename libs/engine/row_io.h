/* Rows between the store's bytes and structs, and the memory that one call of a fold works in. */
#ifndef MILEPOST_ENGINE_ROW_IO_H
#define MILEPOST_ENGINE_ROW_IO_H

#include "engine/fold.h"

struct row_io {
    struct store *store;
    struct row_codec codec;
    struct arena scratch;    /* reset by the fold between inputs and books */
    struct buffer key;       /* for building keys; holds the last one built */
    struct buffer other_key; /* for one that must live beside it */
    struct buffer value;
    struct buffer content;
};

void row_io_init(struct row_io *io, struct store *store, const struct row_codec *codec);
void row_io_deinit(struct row_io *io);

/* Sets what a credit's row has in its key and not in its value: target, book and row, as views of
 * `key`. */
void credit_identify(struct credit *credit, struct slice key);

/* Decodes the row's value into the struct of its kind, a credit's with what its key says; text and
 * lists live until the scratch is reset, whatever becomes of the row. CORRUPT: the store holds what
 * cannot be read; EXHAUSTED: the scratch is full. */
enum status row_decode(struct row_io *io, enum row_kind kind, const struct row *row, void *out,
                       char *detail) MUST_CHECK;

/* The row under `key`, decoded; `*out_found` says whether there is one. */
enum status row_find(struct row_io *io, enum row_kind kind, struct slice key, void *out,
                     bool *out_found, char *detail) MUST_CHECK;

/* As row_decode, but everything lives in `scratch`: for walks over many rows. */
enum status row_decode_into(const struct row_io *io, enum row_kind kind, const struct row *row,
                            struct arena *scratch, void *out, char *detail) MUST_CHECK;

/* Encodes and puts. */
void row_put(struct row_io *io, enum row_kind kind, struct slice key, const void *row);

/* A hash of content for comparing and naming: XXH3, 64 bits. */
uint64_t content_hash(struct slice content);

/* Fills `detail` by printf. */
void say(char *detail, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
