/* Avro's schema resolution, one rule a row: what a writer sent, as our schema and shape read it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "schema/codec.h"
#include "support/case.h"
#include "support/describe.h"
#include "support/probe.h"

struct row {
    const char *label;
    const struct shape *shape;
    const char *writer;   /* fields */
    const char *reader;   /* fields */
    const char *hex;      /* NULL: the schemas do not resolve */
    const char *expected; /* the struct as text; "!…": what the refusal contains */
};

#define SAME(shape, fields) &shape, fields, fields

static const struct row promotions[] = {
    {"an int is read as a long", &long_probe, FIELD_V("\"int\""), FIELD_V("\"long\""), "03",
     "v=-2"},
    {"an int beyond 32 bits is refused even as a long", &long_probe, FIELD_V("\"int\""),
     FIELD_V("\"long\""), "808080801010", "!32 bits"},
    {"an int is read as an instant", &instant_probe, FIELD_V("\"int\""), FIELD_V(INSTANT_TYPE),
     "02", "v=1"},
    {"a plain long is read as an instant", &instant_probe, FIELD_V("\"long\""),
     FIELD_V(INSTANT_TYPE), "02", "v=1"},
    {"a plain int is read as a date", &date_probe, FIELD_V("\"int\""), FIELD_V(DATE_TYPE), "02",
     "v=1"},
    {"a long is never an int", &int_probe, FIELD_V("\"long\""), FIELD_V("\"int\""), NULL,
     "!v: the writer's long cannot"},
    {"a float is never a long", &long_probe, FIELD_V("\"float\""), FIELD_V("\"long\""), NULL,
     "!float cannot"},
    {"a double is never a decimal", &decimal_probe, FIELD_V("\"double\""), FIELD_V(DECIMAL_TYPE(9)),
     NULL, "!double cannot"},
    {"a long is never a decimal", &decimal_probe, FIELD_V("\"long\""), FIELD_V(DECIMAL_TYPE(9)),
     NULL, "!long cannot"},
    {"digits in a text are no decimal", &decimal_probe, FIELD_V("\"string\""),
     FIELD_V(DECIMAL_TYPE(9)), NULL, "!string cannot"},
    {"a text is read as bytes", &bytes_probe, FIELD_V("\"string\""), FIELD_V("\"bytes\""), "046869",
     "v=hi"},
    {"bytes are read as a text", &text_probe, FIELD_V("\"bytes\""), FIELD_V("\"string\""), "046869",
     "v=hi"},
    {"bytes that are no UTF-8 are no text", &text_probe, FIELD_V("\"bytes\""),
     FIELD_V("\"string\""), "04c328", "!UTF-8"},
    {"a decimal is no text", &text_probe, FIELD_V(DECIMAL_TYPE(2)), FIELD_V("\"string\""), NULL,
     "!bytes (decimal) cannot"},
    {"a uuid is a text", &text_probe, FIELD_V("{\"type\":\"string\",\"logicalType\":\"uuid\"}"),
     FIELD_V("\"string\""), "046869", "v=hi"},
};

#define WITH_LOGICAL(type, logical) "{\"type\":\"" type "\",\"logicalType\":\"" logical "\"}"

static const struct row instants[] = {
    {"whole milliseconds in microseconds are an instant", &instant_probe,
     FIELD_V(WITH_LOGICAL("long", "timestamp-micros")), FIELD_V(INSTANT_TYPE), "d00f", "v=1"},
    {"a microsecond more is refused", &instant_probe,
     FIELD_V(WITH_LOGICAL("long", "timestamp-micros")), FIELD_V(INSTANT_TYPE), "d20f",
     "!whole millisecond"},
    {"whole milliseconds in nanoseconds are an instant", &instant_probe,
     FIELD_V(WITH_LOGICAL("long", "timestamp-nanos")), FIELD_V(INSTANT_TYPE), "80897a", "v=1"},
    {"instants before 1970 stay exact", &instant_probe,
     FIELD_V(WITH_LOGICAL("long", "timestamp-micros")), FIELD_V(INSTANT_TYPE), "cf0f", "v=-1"},
    {"a local timestamp is no instant", &instant_probe,
     FIELD_V(WITH_LOGICAL("long", "local-timestamp-millis")), FIELD_V(INSTANT_TYPE), NULL,
     "!another meaning"},
    {"a date is no instant", &instant_probe, FIELD_V(DATE_TYPE), FIELD_V(INSTANT_TYPE), NULL,
     "!int (date) cannot"},
    {"a time of day is no date", &date_probe, FIELD_V(WITH_LOGICAL("int", "time-millis")),
     FIELD_V(DATE_TYPE), NULL, "!another meaning"},
};

#define FIXED_DECIMAL(size, scale)                                                                 \
    "{\"type\":\"fixed\",\"name\":\"F\",\"size\":" #size                                           \
    ",\"logicalType\":\"decimal\",\"precision\":38,\"scale\":" #scale "}"

static const struct row decimals[] = {
    {"fewer places are exact", &decimal_probe, FIELD_V(DECIMAL_TYPE(2)), FIELD_V(DECIMAL_TYPE(9)),
     "0404d2", "v=12.34"},
    {"a scale that is not given is 0", &decimal_probe,
     FIELD_V("{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":4}"),
     FIELD_V(DECIMAL_TYPE(9)), "0404d2", "v=1234"},
    {"more places are exact when they are zeros", &decimal_probe, FIELD_V(DECIMAL_TYPE(12)),
     FIELD_V(DECIMAL_TYPE(9)), "0403e8", "v=0.000000001"},
    {"more places are refused otherwise", &decimal_probe, FIELD_V(DECIMAL_TYPE(12)),
     FIELD_V(DECIMAL_TYPE(9)), "0403e9", "!more places than ours"},
    {"a ratio has twelve places", &ratio_probe, FIELD_V(DECIMAL_TYPE(9)), FIELD_V(DECIMAL_TYPE(12)),
     "0201", "v=1000p"},
    {"plain bytes have our scale", &decimal_probe, FIELD_V("\"bytes\""), FIELD_V(DECIMAL_TYPE(9)),
     "083b9aca00", "v=1"},
    {"a fixed decimal is read", &decimal_probe, FIELD_V(FIXED_DECIMAL(4, 2)),
     FIELD_V(DECIMAL_TYPE(9)), "fffffb2e", "v=-12.34"},
    {"a wide fixed decimal is read when its value fits", &decimal_probe,
     FIELD_V(FIXED_DECIMAL(20, 2)), FIELD_V(DECIMAL_TYPE(9)), "ff*18 fb2e", "v=-12.34"},
    {"a wide fixed decimal is refused when it does not", &decimal_probe,
     FIELD_V(FIXED_DECIMAL(20, 9)), FIELD_V(DECIMAL_TYPE(9)), "01 00*19", "!38 digits"},
    {"over-long bytes are read when the value fits", SAME(decimal_probe, FIELD_V(DECIMAL_TYPE(9))),
     "28 00*16 3b9aca00", "v=1"},
    {"negative over-long bytes, too", SAME(decimal_probe, FIELD_V(DECIMAL_TYPE(9))),
     "28 ff*16 c4653600", "v=-1"},
    {"seventeen bytes that say something are refused",
     SAME(decimal_probe, FIELD_V(DECIMAL_TYPE(9))), "22 01 00*16", "!38 digits"},
    {"a sign that only the seventeenth byte has is refused",
     SAME(decimal_probe, FIELD_V(DECIMAL_TYPE(9))), "22 00 ff*16", "!38 digits"},
    {"the largest of 38 digits is read", SAME(decimal_probe, FIELD_V(DECIMAL_TYPE(9))),
     "20 4b3b4ca85a86c47a098a223fffffffff", "v=99999999999999999999999999999.999999999"},
    {"one more is refused", SAME(decimal_probe, FIELD_V(DECIMAL_TYPE(9))),
     "20 4b3b4ca85a86c47a098a224000000000", "!38 digits"},
    {"the smallest of 38 digits is read", SAME(decimal_probe, FIELD_V(DECIMAL_TYPE(9))),
     "20 b4c4b357a5793b85f675ddc000000001", "v=-99999999999999999999999999999.999999999"},
    {"one less is refused", SAME(decimal_probe, FIELD_V(DECIMAL_TYPE(9))),
     "20 b4c4b357a5793b85f675ddc000000000", "!38 digits"},
    {"more places may leave the 38 digits", &decimal_probe, FIELD_V(DECIMAL_TYPE(0)),
     FIELD_V(DECIMAL_TYPE(9)), "20 0fffffffffffffffffffffffffffffff", "!38 digits"},
    {"zero of any scale is zero", &decimal_probe, FIELD_V(DECIMAL_TYPE(30)),
     FIELD_V(DECIMAL_TYPE(9)), "0200", "v=0"},
    {"no bytes are no decimal", SAME(decimal_probe, FIELD_V(DECIMAL_TYPE(9))), "00",
     "!without bytes"},
    {"a big-decimal is none of ours", &decimal_probe, FIELD_V(WITH_LOGICAL("bytes", "big-decimal")),
     FIELD_V(DECIMAL_TYPE(9)), NULL, "!another meaning"},
};

static const struct row unions[] = {
    {"a nullable text is absent", SAME(maybe_text_probe, FIELD_V(MAYBE("\"string\""))), "00",
     "v=-"},
    {"a nullable text is there", SAME(maybe_text_probe, FIELD_V(MAYBE("\"string\""))), "02046869",
     "v=hi"},
    {"an empty text is there", SAME(maybe_text_probe, FIELD_V(MAYBE("\"string\""))), "0200", "v="},
    {"null may be the second branch", &maybe_text_probe, FIELD_V("[\"string\",\"null\"]"),
     FIELD_V(MAYBE("\"string\"")), "00046869", "v=hi"},
    {"null as the second branch is absent", &maybe_text_probe, FIELD_V("[\"string\",\"null\"]"),
     FIELD_V(MAYBE("\"string\"")), "02", "v=-"},
    {"a branch that there is not is refused", SAME(maybe_text_probe, FIELD_V(MAYBE("\"string\""))),
     "04046869", "!branch"},
    {"a negative branch is refused", SAME(maybe_text_probe, FIELD_V(MAYBE("\"string\""))), "01",
     "!branch"},
    {"what the writer always sends is there", &maybe_int_probe, FIELD_V("\"int\""),
     FIELD_V(MAYBE("\"int\"")), "02", "v=1"},
    {"a nullable number is absent", SAME(maybe_int_probe, FIELD_V(MAYBE("\"int\""))), "00", "v=-"},
    {"a zero is there", SAME(maybe_int_probe, FIELD_V(MAYBE("\"int\""))), "0200", "v=0"},
    {"a writer that only ever sends null", &maybe_int_probe, FIELD_V("\"null\""),
     FIELD_V(MAYBE("\"int\"")), "", "v=-"},
    {"null for what is required does not resolve", &int_probe, FIELD_V("\"null\""),
     FIELD_V("\"int\""), NULL, "!required"},
    {"a nullable that is there serves a required field", &int_probe, FIELD_V(MAYBE("\"int\"")),
     FIELD_V("\"int\""), "0202", "v=1"},
    {"a null in it is refused", &int_probe, FIELD_V(MAYBE("\"int\"")), FIELD_V("\"int\""), "00",
     "!null, and it is required"},
    {"each branch is promoted", &long_probe, FIELD_V("[\"int\",\"long\"]"), FIELD_V("\"long\""),
     "0203", "v=-2"},
    {"a union of one", &long_probe, FIELD_V("[\"long\"]"), FIELD_V("\"long\""), "0003", "v=-2"},
    {"a branch that is not ours is refused when it comes", &maybe_text_probe,
     FIELD_V("[\"null\",\"double\",\"string\"]"), FIELD_V(MAYBE("\"string\"")), "02 00*8",
     "!double cannot"},
    {"and the others are read", &maybe_text_probe, FIELD_V("[\"null\",\"double\",\"string\"]"),
     FIELD_V(MAYBE("\"string\"")), "04046869", "v=hi"},
    {"a union without a branch of ours does not resolve", &text_probe,
     FIELD_V("[\"null\",\"double\"]"), FIELD_V("\"string\""), NULL, "!union cannot"},
    {"a text or decimal from a text", &either_probe, FIELD_V("\"string\""),
     FIELD_V("[\"string\"," DECIMAL_TYPE(9) "]"), "046869", "v=hi"},
    {"a text or decimal from a decimal of another scale", &either_probe, FIELD_V(DECIMAL_TYPE(2)),
     FIELD_V("[\"string\"," DECIMAL_TYPE(9) "]"), "0404d2", "v=#12.34"},
    {"a text or decimal in the other order", &either_probe,
     FIELD_V("[" DECIMAL_TYPE(2) ",\"string\"]"), FIELD_V("[\"string\"," DECIMAL_TYPE(9) "]"),
     "000404d2", "v=#12.34"},
    {"a text or decimal that is null is refused", &either_probe, FIELD_V("[\"null\",\"string\"]"),
     FIELD_V("[\"string\"," DECIMAL_TYPE(9) "]"), "00", "!required"},
};

#define DEFAULTED(type, preset) "{\"name\":\"v\",\"type\":" type ",\"default\":" preset "}"
#define OTHER                   "{\"name\":\"other\",\"type\":\"int\"}"

static const struct row defaults[] = {
    {"a text", &text_probe, OTHER, DEFAULTED("\"string\"", "\"x\""), "02", "v=x"},
    {"an empty text is there", &text_probe, OTHER, DEFAULTED("\"string\"", "\"\""), "02", "v="},
    {"a number", &long_probe, OTHER, DEFAULTED("\"long\"", "-7"), "02", "v=-7"},
    {"a boolean", &bool_probe, OTHER, DEFAULTED("\"boolean\"", "true"), "02", "v=true"},
    {"null", &maybe_int_probe, OTHER, DEFAULTED(MAYBE("\"int\""), "null"), "02", "v=-"},
    {"a value of a union's first branch", &maybe_int_probe, OTHER,
     DEFAULTED("[\"int\",\"null\"]", "0"), "02", "v=0"},
    {"a decimal's bytes", &decimal_probe, OTHER,
     DEFAULTED(DECIMAL_TYPE(9), "\"\\u003b\\u009a\\u00ca\\u0000\""), "02", "v=1"},
    {"a decimal's zero byte", &decimal_probe, OTHER, DEFAULTED(DECIMAL_TYPE(9), "\"\\u0000\""),
     "02", "v=0"},
    {"a symbol", &enum_probe, OTHER, DEFAULTED(ENUM_TYPE, "\"BLUE\""), "02", "v=BLUE"},
    {"an empty list", &list_probe, OTHER, DEFAULTED(LIST_TYPE(PAIR_TYPE), "[]"), "02", "v=[]"},
    {"a list with items", &texts_probe, OTHER, DEFAULTED(LIST_TYPE("\"string\""), "[\"a\",\"b\"]"),
     "02", "v=[a,b]"},
    {"a map with entries", &map_probe, OTHER,
     DEFAULTED(MAP_TYPE(DECIMAL_TYPE(9)), "{\"k\":\"\\u0001\"}"), "02",
     "v={key=k value=0.000000001}"},
    {"a record", &record_probe, OTHER, DEFAULTED(PAIR_TYPE, "{\"name\":\"n\",\"number\":3}"), "02",
     "v=(name=n number=3)"},
    {"a field of a record of ours", &record_probe,
     FIELD_V("{\"type\":\"record\",\"name\":\"Pair\",\"fields\":[{\"name\":\"name\","
             "\"type\":\"string\"}]}"),
     FIELD_V("{\"type\":\"record\",\"name\":\"Pair\",\"fields\":[{\"name\":\"name\",\"type\":"
             "\"string\"},{\"name\":\"number\",\"type\":\"long\",\"default\":5}]}"),
     "026e", "v=(name=n number=5)"},
    {"none does not resolve", &long_probe, OTHER, FIELD_V("\"long\""), NULL, "!no default"},
    {"one of another type does not resolve", &long_probe, OTHER, DEFAULTED("\"long\"", "\"x\""),
     NULL, "!does not fit"},
};

#define ALIASED(type, aliases) "{\"name\":\"v\",\"type\":" type ",\"aliases\":[" aliases "]}"
#define NAMED(name, type)      "{\"name\":\"" name "\",\"type\":" type "}"

static const struct row names[] = {
    {"an alias of ours names the writer's field", &long_probe, NAMED("old", "\"int\""),
     ALIASED("\"long\"", "\"older\",\"old\""), "02", "v=1"},
    {"the name wins over an alias", &long_probe, NAMED("old", "\"long\"") "," FIELD_V("\"long\""),
     ALIASED("\"long\"", "\"old\""), "0204", "v=2"},
    {"an alias that is another field's name does not take its value", &record_probe,
     FIELD_V("{\"type\":\"record\",\"name\":\"Pair\",\"fields\":[{\"name\":\"number\",\"type\":"
             "\"int\"}]}"),
     FIELD_V("{\"type\":\"record\",\"name\":\"Pair\",\"fields\":[{\"name\":\"name\",\"type\":"
             "\"string\",\"aliases\":[\"number\"],\"default\":\"d\"},{\"name\":\"number\","
             "\"type\":\"long\"}]}"),
     "02", "v=(name=d number=1)"},
    {"fields come in any order", &record_probe,
     FIELD_V("{\"type\":\"record\",\"name\":\"Pair\",\"fields\":[{\"name\":\"number\",\"type\":"
             "\"int\"},{\"name\":\"name\",\"type\":\"string\"}]}"),
     FIELD_V(PAIR_TYPE), "02026e", "v=(name=n number=1)"},
    {"a record may have another name", &record_probe,
     FIELD_V("{\"type\":\"record\",\"name\":\"com.acme.Couple\",\"fields\":[{\"name\":\"name\","
             "\"type\":\"string\"},{\"name\":\"number\",\"type\":\"long\"}]}"),
     FIELD_V(PAIR_TYPE), "026e02", "v=(name=n number=1)"},
    {"a type may be used by its name again", &list_probe,
     NAMED("first", PAIR_TYPE) "," FIELD_V(LIST_TYPE("\"Pair\"")), FIELD_V(LIST_TYPE(PAIR_TYPE)),
     "026102 02 026e04 00", "v=[name=n number=2]"},
    {"symbols are matched by name", &enum_probe,
     FIELD_V("{\"type\":\"enum\",\"name\":\"Farbe\",\"symbols\":[\"BLUE\",\"RED\"]}"),
     FIELD_V(ENUM_TYPE), "00", "v=BLUE"},
    {"a symbol that is not ours is refused", &enum_probe,
     FIELD_V("{\"type\":\"enum\",\"name\":\"C\",\"symbols\":[\"RED\",\"PINK\"]}"),
     FIELD_V(ENUM_TYPE), "02", "!a symbol that ours does not have"},
    {"a symbol that is not ours is our default", &enum_probe,
     FIELD_V("{\"type\":\"enum\",\"name\":\"C\",\"symbols\":[\"RED\",\"PINK\"]}"),
     FIELD_V("{\"type\":\"enum\",\"name\":\"C\",\"symbols\":[\"RED\",\"GREEN\",\"BLUE\"],"
             "\"default\":\"GREEN\"}"),
     "02", "v=GREEN"},
    {"a text is no symbol", &enum_probe, FIELD_V("\"string\""), FIELD_V(ENUM_TYPE), NULL,
     "!string cannot"},
};

#define SKIPPING(type)                                                                             \
    &long_probe, NAMED("other", type) "," FIELD_V("\"long\""), FIELD_V("\"long\"")
#define TREE_TYPE                                                                                  \
    "{\"type\":\"record\",\"name\":\"T\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\","       \
    "\"T\"]}]}"

static const struct row unknowns[] = {
    {"null", SKIPPING("\"null\""), "0a", "v=5"},
    {"boolean", SKIPPING("\"boolean\""), "01 0a", "v=5"},
    {"int", SKIPPING("\"int\""), "d00f 0a", "v=5"},
    {"long", SKIPPING("\"long\""), "ff*9 01 0a", "v=5"},
    {"float", SKIPPING("\"float\""), "ff*4 0a", "v=5"},
    {"double", SKIPPING("\"double\""), "ff*8 0a", "v=5"},
    {"bytes", SKIPPING("\"bytes\""), "04ffff 0a", "v=5"},
    {"string", SKIPPING("\"string\""), "046869 0a", "v=5"},
    {"fixed", SKIPPING("{\"type\":\"fixed\",\"name\":\"F\",\"size\":3}"), "ff*3 0a", "v=5"},
    {"enum", SKIPPING(ENUM_TYPE), "04 0a", "v=5"},
    {"an enum's index is looked at", SKIPPING(ENUM_TYPE), "06 0a", "!enum index"},
    {"array", SKIPPING(LIST_TYPE("\"string\"")), "04 046869 00 00 0a", "v=5"},
    {"an array in blocks with sizes", SKIPPING(LIST_TYPE("\"string\"")),
     "03 08 046869 00 02 046869 00 0a", "v=5"},
    {"an array of nothings", SKIPPING(LIST_TYPE("\"null\"")), "d00f 00 0a", "v=5"},
    {"map", SKIPPING(MAP_TYPE("\"double\"")), "02 026b 00*8 00 0a", "v=5"},
    {"union", SKIPPING("[\"null\",\"string\",\"double\"]"), "04 00*8 0a", "v=5"},
    {"a union's null", SKIPPING("[\"null\",\"string\",\"double\"]"), "00 0a", "v=5"},
    {"record", SKIPPING(PAIR_TYPE), "026e02 0a", "v=5"},
    {"a record without fields", SKIPPING("{\"type\":\"record\",\"name\":\"E\",\"fields\":[]}"),
     "0a", "v=5"},
    {"a record that holds itself", SKIPPING(TREE_TYPE), "020200 0a", "v=5"},
    {"sixteen deep", SKIPPING(TREE_TYPE), "02*15 00 0a", "v=5"},
    {"seventeen deep is refused", SKIPPING(TREE_TYPE), "02*16 00 0a", "!too deep"},
};

static const struct row lists[] = {
    {"several blocks are one list", SAME(texts_probe, FIELD_V(LIST_TYPE("\"string\""))),
     "02 0261 04 0262 0263 00", "v=[a,b,c]"},
    {"blocks with sizes, too", SAME(texts_probe, FIELD_V(LIST_TYPE("\"string\""))),
     "03 08 0261 0262 01 04 0263 00", "v=[a,b,c]"},
    {"a block whose size is too small is refused",
     SAME(texts_probe, FIELD_V(LIST_TYPE("\"string\""))), "03 04 0261 0262 00", "!block"},
    {"items may be promoted", &list_probe,
     FIELD_V(LIST_TYPE("{\"type\":\"record\",\"name\":\"P\",\"fields\":[{\"name\":\"number\","
                       "\"type\":\"int\"},{\"name\":\"name\",\"type\":\"bytes\"}]}")),
     FIELD_V(LIST_TYPE(PAIR_TYPE)), "04 020261 040262 00", "v=[name=a number=1,name=b number=2]"},
    {"items may be nullable", &texts_probe, FIELD_V(LIST_TYPE(MAYBE("\"string\""))),
     FIELD_V(LIST_TYPE("\"string\"")), "02 020261 00", "v=[a]"},
    {"a null item is refused", &texts_probe, FIELD_V(LIST_TYPE(MAYBE("\"string\""))),
     FIELD_V(LIST_TYPE("\"string\"")), "02 00 00", "!required"},
    {"a map's values are converted", &map_probe, FIELD_V(MAP_TYPE(DECIMAL_TYPE(2))),
     FIELD_V(MAP_TYPE(DECIMAL_TYPE(9))), "04 0261 0201 0262 02ff 00",
     "v={key=a value=0.01,key=b value=-0.01}"},
    {"a key that stands twice is refused", SAME(map_probe, FIELD_V(MAP_TYPE(DECIMAL_TYPE(9)))),
     "04 0261 0201 0261 0202 00", "!one key twice"},
    {"also across blocks", SAME(map_probe, FIELD_V(MAP_TYPE(DECIMAL_TYPE(9)))),
     "02 0261 0201 02 0261 0202 00", "!one key twice"},
    {"an array is no map", &map_probe, FIELD_V(LIST_TYPE("\"bytes\"")),
     FIELD_V(MAP_TYPE(DECIMAL_TYPE(9))), NULL, "!array cannot"},
};

static const struct row schemas[] = {
    {"no JSON", &long_probe, "{", FIELD_V("\"long\""), NULL, "!no JSON"},
    {"a type that is not defined", &long_probe, FIELD_V("\"Missing\""), FIELD_V("\"long\""), NULL,
     "!not defined in it: Missing"},
    {"a field twice", &long_probe, FIELD_V("\"long\"") "," FIELD_V("\"long\""), FIELD_V("\"long\""),
     NULL, "!two fields v"},
    {"a union in a union", &long_probe, FIELD_V("[\"null\",[\"long\"]]"), FIELD_V("\"long\""), NULL,
     "!a union holds a union"},
    {"an array without items", &long_probe, FIELD_V("{\"type\":\"array\"}"), FIELD_V("\"long\""),
     NULL, "!a type is missing"},
    {"our own field is missing in our own schema", &long_probe, FIELD_V("\"long\""), OTHER, NULL,
     "!our own schema lacks it"},
};

static bool holds(const char *text, const char *expected)
{
    return *expected == '!' ? strstr(text, expected + 1) != NULL : strcmp(text, expected) == 0;
}

static void resolves(void **state)
{
    const struct row *row = *state;
    char detail[DETAIL_BYTES] = "";
    struct buffer writer = {0};
    struct buffer reader = {0};
    struct buffer body = {0};
    struct buffer text = {0};
    struct arena arena;
    struct decoder *decoder = NULL;
    struct probe out;
    arena_init_growing(&arena, 1 << 20);
    enum status status =
        decoder_compile(record_of(row->writer, &writer), record_of(row->reader, &reader),
                        row->shape, &decoder, detail);
    assert_int_equal(status, row->hex ? STATUS_OK : STATUS_INVALID);
    if (row->hex) {
        /* Exactly as many bytes as there are, so that a sanitizer sees a look beyond them. */
        struct slice bytes = bytes_of(row->hex, &body);
        char *exact = malloc(bytes.length + 1);
        assert_non_null(exact);
        memcpy(exact + 1, bytes.bytes ? bytes.bytes : "", bytes.length);
        status =
            decoder_run(decoder, (struct slice){exact + 1, bytes.length}, &out, &arena, detail);
        if (!status)
            describe(row->shape, &out, &text);
        free(exact);
    }
    if (status)
        buffer_printf(&text, "!%s", detail);
    buffer_append_byte(&text, '\0');
    if (!holds(text.bytes, row->expected))
        fail_msg("expected %s, got %s", row->expected, text.bytes);
    decoder_free(decoder);
    arena_deinit(&arena);
    buffer_deinit(&writer);
    buffer_deinit(&reader);
    buffer_deinit(&body);
    buffer_deinit(&text);
}

int main(void)
{
    return RUN_CASES(promotions, resolves) + RUN_CASES(instants, resolves) +
           RUN_CASES(decimals, resolves) + RUN_CASES(unions, resolves) +
           RUN_CASES(defaults, resolves) + RUN_CASES(names, resolves) +
           RUN_CASES(unknowns, resolves) + RUN_CASES(lists, resolves) +
           RUN_CASES(schemas, resolves);
}
