/* What is behind the handles of codec.h. Internal to libs/schema. */
#ifndef MILEPOST_SCHEMA_DECODER_H
#define MILEPOST_SCHEMA_DECODER_H

#include "schema/program.h"

struct decoder {
    struct program program;
};

struct encoder {
    struct program program;
};

#endif
