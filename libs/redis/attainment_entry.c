#include "redis/attainment_entry.h"

#include "base/json_text.h"

#include <inttypes.h>

enum { RATIO_SCALE = 12 };

/* --- the field --- */

void attainment_entry_append_part(struct slice part, struct buffer *out)
{
    for (size_t i = 0; i < part.length; i++) {
        if (part.bytes[i] == '%')
            buffer_append_slice(out, SLICE("%25"));
        else if (part.bytes[i] == '/')
            buffer_append_slice(out, SLICE("%2F"));
        else
            buffer_append_byte(out, part.bytes[i]);
    }
}

void attainment_entry_append_field(const struct attainment_key *key, struct buffer *out)
{
    attainment_entry_append_part(key->participant, out);
    buffer_append_byte(out, '/');
    attainment_entry_append_part(key->plan, out);
    buffer_append_byte(out, '/');
    attainment_entry_append_part(key->component, out);
    buffer_append_byte(out, '/');
    attainment_entry_append_part(key->window, out);
}

/* --- the value --- */

static void append_optional_text(struct slice text, struct buffer *out)
{
    if (text.bytes)
        json_append_text(out, text);
    else
        buffer_append_slice(out, SLICE("null"));
}

static void append_decimal(struct decimal value, struct buffer *out)
{
    char text[DECIMAL_TEXT_BYTES];
    size_t length = decimal_format(value, text);
    json_append_text(out, (struct slice){text, length});
}

/* Canonical as decimal_format() has it, with twelve places instead of nine. */
static void append_ratio(struct decimal ratio, struct buffer *out)
{
    const uint128 one = (uint128)decimal_power(RATIO_SCALE);
    uint128 units = ratio.units < 0 ? -(uint128)ratio.units : (uint128)ratio.units;
    char whole[DECIMAL_TEXT_BYTES];
    size_t length = int128_format((int128)(units / one), whole);
    buffer_append_slice(out, ratio.units < 0 ? SLICE("\"-") : SLICE("\""));
    buffer_append(out, whole, length);
    uint64_t rest = (uint64_t)(units % one);
    int places = RATIO_SCALE;
    while (rest && rest % 10 == 0) {
        rest /= 10;
        places--;
    }
    if (rest)
        buffer_printf(out, ".%0*" PRIu64, places, rest);
    buffer_append_byte(out, '"');
}

static void append_name(const char *name, struct buffer *out)
{
    buffer_printf(out, ",\"%s\":", name);
}

static void append_pending(const struct list *pending, struct buffer *out)
{
    const struct slice *reasons = pending->items;
    buffer_append_byte(out, '[');
    for (size_t i = 0; i < pending->count; i++) {
        if (i)
            buffer_append_byte(out, ',');
        json_append_text(out, reasons[i]);
    }
    buffer_append_byte(out, ']');
}

static void append_optional_decimal(bool has, struct decimal value, struct buffer *out)
{
    if (has)
        append_decimal(value, out);
    else
        buffer_append_slice(out, SLICE("null"));
}

void attainment_entry_append_value(const struct attainment *attainment, struct buffer *out)
{
    buffer_append_slice(out, SLICE("{\"measure\":"));
    append_decimal(attainment->measure, out);
    append_name("goal", out);
    append_optional_decimal(attainment->has_goal, attainment->goal, out);
    append_name("attainment", out);
    if (attainment->has_attainment)
        append_ratio(attainment->attainment, out);
    else
        buffer_append_slice(out, SLICE("null"));
    append_name("earned", out);
    append_decimal(attainment->earned, out);
    append_name("payable", out);
    append_decimal(attainment->payable, out);
    append_name("currency", out);
    json_append_text(out, attainment->currency);
    append_name("sequence", out);
    buffer_printf(out, "%" PRId64, attainment->sequence);
    append_name("step", out);
    append_optional_text(attainment->step_reached, out);
    append_name("pending", out);
    append_pending(&attainment->pending, out);
    append_name("held", out);
    append_optional_text(attainment->held, out);
    append_name("as_of", out);
    buffer_printf(out, "%" PRId64, attainment->as_of);
    append_name("plan_version", out);
    buffer_printf(out, "%" PRId64 "}", attainment->plan_version);
}
