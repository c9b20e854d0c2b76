#include "engine/obvious_number.h"

#include <stdio.h>
#include <stdlib.h>

static mpq_ptr make(struct numbers *numbers)
{
    if (numbers->count == numbers->capacity) {
        numbers->capacity = numbers->capacity ? numbers->capacity * 2 : 256;
        numbers->made = realloc(numbers->made, numbers->capacity * sizeof(mpq_ptr));
        if (!numbers->made)
            abort();
    }
    mpq_ptr number = malloc(sizeof *number);
    if (!number)
        abort();
    mpq_init(number);
    numbers->made[numbers->count++] = number;
    return number;
}

void numbers_release(struct numbers *numbers, size_t count)
{
    while (numbers->count > count) {
        mpq_ptr number = numbers->made[--numbers->count];
        mpq_clear(number);
        free(number);
    }
}

mpq_srcptr numbers_keep(struct numbers *numbers, size_t count, mpq_srcptr a)
{
    mpq_t value;
    mpq_init(value);
    mpq_set(value, a);
    numbers_release(numbers, count);
    mpq_ptr number = make(numbers);
    mpq_swap(number, value);
    mpq_clear(value);
    return number;
}

void numbers_deinit(struct numbers *numbers)
{
    numbers_release(numbers, 0);
    free(numbers->made);
    *numbers = (struct numbers){0};
}

mpq_srcptr number_of(struct numbers *numbers, long value)
{
    mpq_ptr number = make(numbers);
    mpq_set_si(number, value, 1);
    return number;
}

mpq_srcptr number_copy(struct numbers *numbers, mpq_srcptr a)
{
    mpq_ptr number = make(numbers);
    mpq_set(number, a);
    return number;
}

/* A scaled integer's text over a power of ten. */
static mpq_srcptr scaled(struct numbers *numbers, const char *digits, unsigned long places)
{
    mpq_ptr number = make(numbers);
    if (mpz_set_str(mpq_numref(number), digits, 10) != 0)
        return NULL;
    mpz_ui_pow_ui(mpq_denref(number), 10, places);
    mpq_canonicalize(number);
    return number;
}

mpq_srcptr number_decimal(struct numbers *numbers, struct decimal value)
{
    char text[DECIMAL_TEXT_BYTES];
    text[int128_format(value.units, text)] = '\0';
    return scaled(numbers, text, DECIMAL_SCALE);
}

mpq_srcptr number_read(struct numbers *numbers, struct slice text)
{
    char digits[128];
    size_t length = 0;
    unsigned long places = 0;
    bool has_point = false;
    bool has_digit = false;
    if (text.length > 0 && text.bytes[text.length - 1] == '%') {
        places = 2;
        text.length--;
    }
    if (text.length >= sizeof digits)
        return NULL;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];
        bool is_digit = c >= '0' && c <= '9';
        if (c == '.' && !has_point && has_digit) {
            has_point = true;
            continue;
        }
        if (!is_digit && !(c == '-' && i == 0))
            return NULL;
        has_digit = has_digit || is_digit;
        places += has_point;
        digits[length++] = c;
    }
    digits[length] = '\0';
    return has_digit ? scaled(numbers, digits, places) : NULL;
}

mpq_srcptr number_add(struct numbers *numbers, mpq_srcptr a, mpq_srcptr b)
{
    mpq_ptr number = make(numbers);
    mpq_add(number, a, b);
    return number;
}

mpq_srcptr number_subtract(struct numbers *numbers, mpq_srcptr a, mpq_srcptr b)
{
    mpq_ptr number = make(numbers);
    mpq_sub(number, a, b);
    return number;
}

mpq_srcptr number_multiply(struct numbers *numbers, mpq_srcptr a, mpq_srcptr b)
{
    mpq_ptr number = make(numbers);
    mpq_mul(number, a, b);
    return number;
}

mpq_srcptr number_divide(struct numbers *numbers, mpq_srcptr a, mpq_srcptr b)
{
    mpq_ptr number = make(numbers);
    mpq_div(number, a, b);
    return number;
}

mpq_srcptr number_least(mpq_srcptr a, mpq_srcptr b)
{
    return mpq_cmp(a, b) < 0 ? a : b;
}

mpq_srcptr number_most(mpq_srcptr a, mpq_srcptr b)
{
    return mpq_cmp(a, b) > 0 ? a : b;
}

mpq_srcptr number_floor(struct numbers *numbers, mpq_srcptr a)
{
    mpq_ptr number = make(numbers);
    mpz_fdiv_q(mpq_numref(number), mpq_numref(a), mpq_denref(a));
    return number;
}

/* Whether a count between two whole numbers goes to the one farther from 0. */
static bool goes_away(struct slice mode, int to_half, bool is_odd)
{
    if (slice_equal(mode, SLICE("away-from-zero")))
        return true;
    if (slice_equal(mode, SLICE("toward-zero")))
        return false;
    return to_half > 0 || (to_half == 0 && (is_odd || slice_equal(mode, SLICE("half-up"))));
}

mpq_srcptr number_round(struct numbers *numbers, mpq_srcptr a, mpq_srcptr to, struct slice mode)
{
    if (!slice_equal(mode, SLICE("half-even")) && !slice_equal(mode, SLICE("half-up")) &&
        !slice_equal(mode, SLICE("toward-zero")) && !slice_equal(mode, SLICE("away-from-zero")))
        return NULL;
    bool is_negative = mpq_sgn(a) < 0;
    mpq_srcptr steps = number_divide(numbers, a, to);
    if (is_negative)
        steps = number_subtract(numbers, number_of(numbers, 0), steps);
    mpq_srcptr whole = number_floor(numbers, steps);
    mpq_srcptr rest = number_subtract(numbers, steps, whole);
    if (mpq_sgn(rest) != 0 &&
        goes_away(mode, mpq_cmp_si(rest, 1, 2), mpz_odd_p(mpq_numref(whole)) != 0))
        whole = number_add(numbers, whole, number_of(numbers, 1));
    if (is_negative)
        whole = number_subtract(numbers, number_of(numbers, 0), whole);
    return number_multiply(numbers, whole, to);
}

bool number_to_decimal(mpq_srcptr a, struct decimal *out)
{
    mpq_t scale;
    mpq_init(scale);
    mpz_ui_pow_ui(mpq_numref(scale), 10, DECIMAL_SCALE);
    mpq_mul(scale, scale, a);
    char digits[DECIMAL_TEXT_BYTES];
    bool fits = mpz_cmp_ui(mpq_denref(scale), 1) == 0 &&
                mpz_sizeinbase(mpq_numref(scale), 10) <= DECIMAL_PRECISION;
    if (fits)
        (void)mpz_get_str(digits, 10, mpq_numref(scale));
    mpq_clear(scale);
    if (!fits)
        return false;
    int128 units = 0;
    bool is_negative = digits[0] == '-';
    for (const char *at = digits + is_negative; *at; at++)
        units = units * 10 + (*at - '0');
    out->units = is_negative ? -units : units;
    return true;
}

struct slice number_text(mpq_srcptr a, struct arena *arena)
{
    char *text = mpq_get_str(NULL, 10, a);
    struct slice copy = arena_copy(arena, slice_of(text));
    free(text);
    return copy;
}
