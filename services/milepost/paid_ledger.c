#include "milepost/paid_ledger.h"

#include <stdlib.h>

#include "base/buffer.h"

enum { ARENA_BYTES_MAX = 1 << 30 };

static void *take(struct paid_ledger *ledger, size_t size)
{
    void *taken = arena_take(&ledger->arena, size);
    if (!taken)
        abort();
    return taken;
}

static struct slice keep(struct paid_ledger *ledger, struct slice text)
{
    struct slice copy = arena_copy(&ledger->arena, text);
    if (!copy.bytes)
        abort();
    return copy;
}

static void append_part(struct buffer *key, struct slice part)
{
    buffer_append_slice(key, part);
    buffer_append_byte(key, '\0');
}

static struct paid_sum *find(struct paid_ledger *ledger, const struct payout *payout, int32_t date)
{
    struct buffer key = {0};
    struct paid_sum *sum;
    append_part(&key, payout->participant);
    append_part(&key, payout->plan);
    append_part(&key, payout->currency);
    buffer_append(&key, &date, sizeof date);
    HASH_FIND(hh, ledger->table, key.bytes, key.length, sum);
    if (!sum) {
        sum = take(ledger, sizeof *sum);
        struct slice own = keep(ledger, buffer_slice(&key));
        *sum = (struct paid_sum){
            .participant = {own.bytes, payout->participant.length},
            .plan = {own.bytes + payout->participant.length + 1, payout->plan.length},
            .currency = {own.bytes + payout->participant.length + payout->plan.length + 2,
                         payout->currency.length},
            .date = date,
        };
        HASH_ADD_KEYPTR(hh, ledger->table, own.bytes, own.length, sum);
    }
    buffer_deinit(&key);
    return sum;
}

void paid_ledger_add(struct paid_ledger *ledger, const struct payout *payout, int32_t date)
{
    if (!payout->has_payable_delta || payout->payable_delta.units == 0)
        return;
    if (!ledger->has_arena)
        arena_init_growing(&ledger->arena, ARENA_BYTES_MAX);
    ledger->has_arena = true;
    find(ledger, payout, date)->payable.units += payout->payable_delta.units;
}

void paid_ledger_deinit(struct paid_ledger *ledger)
{
    HASH_CLEAR(hh, ledger->table);
    if (ledger->has_arena)
        arena_deinit(&ledger->arena);
    *ledger = (struct paid_ledger){0};
}

static int by_key(const struct paid_sum *a, const struct paid_sum *b)
{
    int order = slice_compare(a->participant, b->participant);
    if (order == 0)
        order = slice_compare(a->plan, b->plan);
    if (order == 0)
        order = slice_compare(a->currency, b->currency);
    return order ? order : a->date < b->date ? -1 : a->date > b->date;
}

void paid_ledger_sort(struct paid_ledger *ledger)
{
    HASH_SORT(ledger->table, by_key);
}
