#include "engine/incentives_fold.h"

#include "engine/due.h"
#include "engine/row_keys.h"

#include <stdio.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { ID_BYTES = 33, NUMBER_BYTES = 24 };

/* --- names --- */

static void append_part(struct buffer *text, struct slice part)
{
    buffer_append_slice(text, part);
    buffer_append_byte(text, '\0');
}

static void append_name(struct buffer *text, const struct key_name *name)
{
    append_part(text, name->participant);
    append_part(text, name->plan);
    append_part(text, name->component);
    append_part(text, name->window);
}

static void append_number(struct buffer *text, int64_t number)
{
    char digits[NUMBER_BYTES];
    size_t at = sizeof digits;
    uint64_t rest = (uint64_t)number;
    do {
        digits[--at] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest);
    buffer_append(text, digits + at, sizeof digits - at);
}

/* Eight digits at once: a nibble a byte, then 'a' - '9' - 1 more for those above 9. */
static void append_hex_half(uint32_t value, char *out)
{
    const uint64_t ones = 0x0101010101010101;
    uint64_t spread = value;
    spread = (spread | spread << 16) & 0x0000ffff0000ffff;
    spread = (spread | spread << 8) & 0x00ff00ff00ff00ff;
    spread = (spread | spread << 4) & 0x0f0f0f0f0f0f0f0f;
    uint64_t letters = ((spread + 6 * ones) >> 4) & ones;
    uint64_t text = __builtin_bswap64(spread + '0' * ones + letters * ('a' - '9' - 1));
    memcpy(out, &text, sizeof text);
}

static void append_hex(uint64_t value, char *out)
{
    append_hex_half((uint32_t)(value >> 32), out);
    append_hex_half((uint32_t)value, out + 8);
}

/* A hash of (epoch, participant, plan, component, window, sequence): 32 hexadecimal digits. */
static struct slice payout_id(struct incentives *fold, const struct key_name *name,
                              int64_t sequence, char out[ID_BYTES])
{
    struct buffer *text = &fold->text;
    buffer_reset(text);
    append_part(text, fold->small.state.epoch);
    append_name(text, name);
    append_number(text, sequence);
    XXH128_hash_t hash = XXH3_128bits(text->bytes, text->length);
    append_hex(hash.high64, out);
    append_hex(hash.low64, out + 16);
    return (struct slice){out, 32};
}

/* Names one hold: the key, why, and how far the key had come. */
static uint32_t hold_number(struct incentives *fold, const struct key_name *name,
                            struct slice reason, int64_t sequence)
{
    char id[17];
    struct buffer *text = &fold->text;
    buffer_reset(text);
    append_name(text, name);
    append_part(text, reason);
    append_number(text, sequence);
    append_hex(content_hash(buffer_slice(text)), id);
    return interner_number(&fold->names, (struct slice){id, 16});
}

/* --- what stays: the emitted row --- */

/* `shown` has changed in what attainment shows. */
static void change_shown(struct shown *shown, const struct mover *mover)
{
    if (!mover->is_check)
        shown->as_of = mover->cause.at;
    shown->has_row = true;
    shown->is_unwritten = true;
}

void write_shown(struct incentives *fold, const struct key_name *name, struct shown *shown)
{
    int64_t turn = fold->small.state.turn;
    bool was_behind = shown->view != shown->view_published;
    if (!shown->is_unwritten)
        return;
    shown->is_unwritten = false;
    shown->view++;
    if (!was_behind)
        shown->pending_since = turn;
    struct slice pending[REASON_COUNT];
    struct emitted_row row = shown_to_row(shown, &fold->names, pending);
    struct slice key =
        key_of_emitted(&fold->io.key, name->participant, name->plan, name->component, name->window);
    row_put(&fold->io, ROW_EMITTED, key, &row);
    if (!was_behind && fold->views.is_known)
        pending_views_add(&fold->views, turn, key);
}

/* Holds a key for `reason`; nothing more is emitted for it. */
static void hold_key(struct incentives *fold, const struct key_name *name, struct slice reason,
                     struct shown *shown, const struct mover *mover)
{
    if (shown->held != NO_TEXT)
        return;
    shown->held = interner_number(&fold->names, reason);
    shown->hold_id = hold_number(fold, name, reason, shown->sequence);
    fold->held++;
    change_shown(shown, mover);
}

/* --- payouts --- */

static struct slice text_of(const struct incentives *fold, uint32_t number)
{
    return number == NO_TEXT ? (struct slice){NULL, 0} : interner_text(&fold->names, number);
}

/* The short form: what was measured, and what it pays before rounding. */
struct step_texts {
    struct step steps[2];
    char measure[DECIMAL_TEXT_BYTES];
    char earned[DECIMAL_TEXT_BYTES];
};

static struct list short_steps(const struct shown *now, struct slice step, struct step_texts *texts)
{
    struct slice measure = {texts->measure, decimal_format(now->measure, texts->measure)};
    struct slice earned = {texts->earned, decimal_format(now->earned, texts->earned)};
    texts->steps[0] = (struct step){SLICE("measure"), step.bytes ? step : SLICE(""), measure};
    texts->steps[1] = (struct step){SLICE("earned"), measure, earned};
    return (struct list){texts->steps, 2};
}

/* Where only what is payable moves, and no other sort of cause says what that is. */
static struct slice kind_of(const struct shown *before, const struct shown *now,
                            const struct mover *mover)
{
    bool is_release =
        before->earned.units == now->earned.units && slice_equal(mover->kind, SLICE("EARNED"));
    return is_release ? SLICE("RELEASE") : mover->kind;
}

/* One payout that takes the key from `before` to `now`, whose sequence it raises. */
static enum status pay(struct incentives *fold, const struct book *book,
                       const struct key_name *name, const struct plan *plan,
                       const struct shown *before, struct shown *now, const struct mover *mover,
                       const struct outbox *outbox)
{
    char id[ID_BYTES];
    struct step_texts texts;
    now->sequence = before->sequence + 1;
    struct slice to = text_of(fold, book->pay_to);
    struct slice payee = to.bytes ? to : name->participant;
    struct slice step = text_of(fold, now->step);
    struct payout payout = {
        .payout_id = payout_id(fold, name, now->sequence, id),
        .participant = name->participant,
        .payee = book->is_unpaid ? (struct slice){NULL, 0} : payee,
        .plan = name->plan,
        .plan_version = now->plan_version,
        .component = name->component,
        .window = name->window,
        .sequence = now->sequence,
        .kind = kind_of(before, now, mover),
        .earned_delta = {now->earned.units - before->earned.units},
        .has_payable_delta = !book->is_unpaid,
        .payable_delta = {now->payable.units - before->payable.units},
        .currency = text_of(fold, now->currency),
        .earned_total = now->earned,
        .payable_total = now->payable,
        .has_attainment_before = before->has_attainment,
        .attainment_before = before->attainment,
        .has_attainment_after = now->has_attainment,
        .attainment_after = now->attainment,
        .step_reached = step,
        .pay_group = text_of(fold, book->pay_group),
        .pay_code = text_of(fold, book->pay_code),
        .reason = mover->reason,
        .cause = mover->cause,
        .steps = short_steps(now, step, &texts),
    };
    if (plan && plan->has_terms && payout.payable_delta.units != 0)
        payout.has_due_on =
            due_day(fold, plan, plan_component_find(plan, name->component), mover, &payout.due_on);
    if (book->is_unpaid)
        payout.payable_delta = (struct decimal){0};
    return outbox->payout(outbox->self, &payout);
}

static bool pays_alike(const struct shown *a, const struct shown *b)
{
    return a->earned.units == b->earned.units && a->payable.units == b->payable.units;
}

/* The number of `text`, which is mostly the one it was. */
static uint32_t number_of(struct incentives *fold, struct slice text, uint32_t before)
{
    if (!text.bytes)
        return NO_TEXT;
    if (before != NO_TEXT && slice_equal(text, interner_text(&fold->names, before)))
        return before;
    return interner_number(&fold->names, text);
}

/* `shown` as it is to be, before any payout. */
static struct shown target_of(struct incentives *fold, const struct plan *plan,
                              const struct worth *worth, const struct shown *before)
{
    struct shown now = *before;
    now.earned =
        plan ? money_to_decimal(worth->earned, plan->currency.exponent) : (struct decimal){0};
    now.payable =
        plan ? money_to_decimal(worth->payable, plan->currency.exponent) : (struct decimal){0};
    now.measure = worth->measure;
    now.has_goal = worth->has_goal;
    now.goal = worth->goal;
    now.has_attainment = worth->has_attainment;
    now.attainment = worth->attainment;
    now.step = number_of(fold, worth->step, before->step);
    now.pending = worth->pending;
    if (plan) {
        now.plan_version = plan->version;
        now.currency = number_of(fold, slice_of(plan->currency.code), before->currency);
    }
    return now;
}

/* A version in another currency: what was emitted goes back in its own first. */
static enum status leave_currency(struct incentives *fold, const struct book *book,
                                  const struct key_name *name, const struct shown *now,
                                  struct shown *shown, const struct mover *mover,
                                  const struct outbox *outbox)
{
    bool is_nothing = shown->earned.units == 0 && shown->payable.units == 0;
    if (shown->currency == NO_TEXT || shown->currency == now->currency || is_nothing)
        return STATUS_OK;
    struct shown nothing = *shown;
    nothing.earned = nothing.payable = (struct decimal){0};
    enum status status = pay(fold, book, name, NULL, shown, &nothing, mover, outbox);
    if (!status)
        *shown = nothing;
    return status;
}

static bool is_within(int128 difference, struct decimal bound)
{
    return difference <= bound.units && -difference <= bound.units;
}

static bool is_accepted(const struct shown *now, const struct shown *shown,
                        const struct mover *mover)
{
    int128 earned = now->earned.units - shown->earned.units;
    int128 payable = now->payable.units - shown->payable.units;
    return mover->accepts && mover->hold_id == shown->hold_id && is_within(earned, mover->bound) &&
           is_within(payable, mover->bound);
}

/* Whether the key stays held after this; lets go of a hold that is over. */
static bool stays_held(struct incentives *fold, const struct shown *now, struct shown *shown,
                       const struct mover *mover)
{
    if (shown->held == NO_TEXT)
        return false;
    struct slice reason = text_of(fold, shown->held);
    bool is_row = slice_equal(reason, SLICE("row-differs"));
    bool is_over = slice_equal(reason, SLICE("overflow"));
    if (is_row)
        is_over = mover->is_newer_row;
    else if (pays_alike(now, shown))
        is_over = true;
    if (!is_over && !is_accepted(now, shown, mover))
        return true;
    shown->held = shown->hold_id = NO_TEXT;
    fold->held--;
    return false;
}

enum status emit_key(struct incentives *fold, struct book *book, const struct key_name *name,
                     const struct plan *plan, const struct worth *worth, struct shown *shown,
                     const struct mover *mover, const struct outbox *outbox)
{
    if (mover->hold.bytes) {
        hold_key(fold, name, mover->hold, shown, mover);
        return STATUS_OK;
    }
    if (!worth) {
        hold_key(fold, name, SLICE("overflow"), shown, mover);
        return STATUS_OK;
    }
    const struct shown before = *shown;
    struct shown now = target_of(fold, plan, worth, shown);
    bool is_empty = !before.has_row && !worth->has_pay && !worth->pending &&
                    now.earned.units == 0 && now.payable.units == 0;
    bool differs = !pays_alike(&now, shown) || (!is_empty && now.currency != shown->currency);
    if (mover->is_check && differs) {
        hold_key(fold, name, SLICE("differs"), shown, mover);
        return STATUS_OK;
    }
    if (stays_held(fold, &now, shown, mover))
        return STATUS_OK;
    now.held = shown->held;
    now.hold_id = shown->hold_id;
    enum status status = leave_currency(fold, book, name, &now, shown, mover, outbox);
    if (status)
        return status;
    now.sequence = shown->sequence;
    if (!pays_alike(&now, shown))
        status = pay(fold, book, name, plan, shown, &now, mover, outbox);
    if (status)
        return status;
    *shown = now;
    if (!is_empty && (!before.has_row || !shown_alike(&before, &now)))
        change_shown(shown, mover);
    return STATUS_OK;
}
