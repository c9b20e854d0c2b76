/* libFuzzer on writers' schemas: any text is compiled against our deal. Leaks of avro-c on schemas
 * that are none are its own: run as `compile_fuzz -detect_leaks=0 CORPUS schemas/history`. */
#include <stdlib.h>

#include "schema/codec.h"
#include "support/schema_folder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct buffer deal;
    char detail[DETAIL_BYTES];
    struct decoder *decoder = NULL;
    struct slice writer = {(const char *)data, size};
    if (deal.length == 0)
        folder_current(SCHEMA_DEAL, &deal);
    if (decoder_compile(writer, buffer_slice(&deal), &deal_shape, &decoder, detail) == STATUS_OK)
        decoder_free(decoder);
    return 0;
}
