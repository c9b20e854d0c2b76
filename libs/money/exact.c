#include "money/exact.h"

#include "money/wide.h"

#include <assert.h>
#include <stdlib.h>

struct exact_wide {
    mpq_t value;
};

void exact_deinit(struct exact *value)
{
    if (value->wide) {
        mpq_clear(value->wide->value);
        free(value->wide);
    }
    *value = EXACT_ZERO;
}

static struct exact_wide *new_wide(void)
{
    struct exact_wide *wide = malloc(sizeof *wide);
    if (!wide)
        abort();
    mpq_init(wide->value);
    return wide;
}

static void load(mpq_t out, const struct exact *value)
{
    if (value->wide)
        mpq_set(out, value->wide->value);
    else
        wide_set(out, value->small);
}

/* Takes over what GMP came to; as a fraction of 128 bits where it fits. */
static void store(struct exact *value, const mpq_t result)
{
    struct rational small;
    if (!wide_get(result, &small)) {
        exact_deinit(value);
        value->small = small;
        return;
    }
    if (!value->wide)
        value->wide = new_wide();
    mpq_set(value->wide->value, result);
}

/* value ‹operation› other with GMP. */
static void operate(struct exact *value, const struct exact *other,
                    void (*operation)(mpq_ptr out, mpq_srcptr a, mpq_srcptr b))
{
    mpq_t x;
    mpq_t y;
    mpq_inits(x, y, NULL);
    load(x, value);
    load(y, other);
    operation(x, x, y);
    store(value, x);
    mpq_clears(x, y, NULL);
}

void exact_add(struct exact *value, const struct exact *other)
{
    if (!value->wide && !other->wide && !rational_add(value->small, other->small, &value->small))
        return;
    operate(value, other, mpq_add);
}

void exact_subtract(struct exact *value, const struct exact *other)
{
    if (!value->wide && !other->wide &&
        !rational_subtract(value->small, other->small, &value->small))
        return;
    operate(value, other, mpq_sub);
}

void exact_multiply(struct exact *value, const struct exact *other)
{
    if (!value->wide && !other->wide &&
        !rational_multiply(value->small, other->small, &value->small))
        return;
    operate(value, other, mpq_mul);
}

void exact_add_product(struct exact *value, struct rational a, struct rational b)
{
    struct exact product = exact_of(a);
    const struct exact by = exact_of(b);
    exact_multiply(&product, &by);
    exact_add(value, &product);
    exact_deinit(&product);
}

void exact_scale(struct exact *value, struct rational num, struct rational den)
{
    assert(den.num != 0);
    const struct exact above = exact_of(num);
    const struct exact below = exact_of(den);
    if (!value->wide && !rational_multiply_divide(value->small, num, den, &value->small))
        return;
    operate(value, &above, mpq_mul);
    operate(value, &below, mpq_div);
}

void exact_copy(const struct exact *value, struct exact *out)
{
    *out = exact_of(value->small);
    if (!value->wide)
        return;
    out->wide = new_wide();
    mpq_set(out->wide->value, value->wide->value);
}

int exact_compare(const struct exact *a, const struct exact *b)
{
    if (!a->wide && !b->wide)
        return rational_compare(a->small, b->small);
    mpq_t x;
    mpq_t y;
    mpq_inits(x, y, NULL);
    load(x, a);
    load(y, b);
    int order = mpq_cmp(x, y);
    mpq_clears(x, y, NULL);
    return order;
}

enum status exact_value(const struct exact *value, struct rational *out)
{
    if (value->wide)
        return STATUS_OUT_OF_RANGE;
    *out = value->small;
    return STATUS_OK;
}

enum status exact_round(const struct exact *value, struct rational step, enum rounding_mode mode,
                        int64_t *out)
{
    if (!value->wide)
        return rational_round(value->small, step, mode, out);
    mpq_t copy;
    int128 steps;
    mpq_init(copy);
    mpq_set(copy, value->wide->value);
    enum status status = wide_round_any(copy, step, mode, &steps);
    mpq_clear(copy);
    if (status)
        return status;
    if (steps > INT64_MAX || steps < INT64_MIN)
        return STATUS_OUT_OF_RANGE;
    *out = (int64_t)steps;
    return STATUS_OK;
}
