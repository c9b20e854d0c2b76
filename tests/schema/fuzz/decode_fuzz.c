/* libFuzzer on the decoder: the first byte chooses the record, the rest is its body. Built by clang
 * with -DMILEPOST_FUZZ=ON; run as `decode_fuzz -max_total_time=60 CORPUS`. */
#include <stdlib.h>

#include "schema/codec.h"
#include "support/schema_folder.h"

enum { VALUE_BYTES_MAX = 1024, ARENA_BYTES_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct decoder *decoders[SCHEMA_KINDS];
static struct encoder *encoders[SCHEMA_KINDS];

static void compile_all(void)
{
    char detail[DETAIL_BYTES];
    struct buffer text = {0};
    for (enum schema_kind kind = 0; kind < SCHEMA_KINDS; kind++) {
        struct slice json = folder_current(kind, &text);
        if (decoder_compile(json, json, all_shapes[kind], &decoders[kind], detail) ||
            encoder_compile(json, all_shapes[kind], &encoders[kind], detail))
            abort();
    }
    buffer_deinit(&text);
}

/* What is accepted encodes, and decodes again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _Alignas(16) static char out[VALUE_BYTES_MAX];
    static struct buffer again;
    char detail[DETAIL_BYTES];
    struct arena arena;
    if (!decoders[0])
        compile_all();
    if (size == 0)
        return 0;
    size_t kind = data[0] % SCHEMA_KINDS;
    arena_init_growing(&arena, ARENA_BYTES_MAX);
    struct slice body = {(const char *)data + 1, size - 1};
    if (decoder_run(decoders[kind], body, out, &arena, detail) == STATUS_OK) {
        buffer_reset(&again);
        encoder_run(encoders[kind], out, &again);
        enum status status = decoder_run(decoders[kind], buffer_slice(&again), out, &arena, detail);
        if (status != STATUS_OK && status != STATUS_EXHAUSTED)
            abort();
    }
    arena_deinit(&arena);
    return 0;
}
