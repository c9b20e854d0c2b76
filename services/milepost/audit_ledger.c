#include "milepost/audit_ledger.h"

#include <stdlib.h>

#include "milepost/pay_key.h"

#define AUDIT_WORDS(symbol, word, sentence) [symbol] = {word, sentence},
static const struct {
    const char *word;
    const char *sentence;
} finding_words[AUDIT_FINDING_COUNT] = {AUDIT_FINDING_LIST(AUDIT_WORDS)};
#undef AUDIT_WORDS

const char *audit_word(enum audit_finding_kind kind)
{
    return finding_words[kind].word;
}

const char *audit_sentence(enum audit_finding_kind kind)
{
    return finding_words[kind].sentence;
}

static void *room(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity ? *capacity * 2 : 256;
    items = realloc(items, *capacity * size);
    if (!items)
        abort();
    return items;
}

enum status audit_add_payout(struct audit_ledger *ledger, const struct payout *payout)
{
    struct audit_payout kept = {
        .participant = arena_copy(ledger->arena, payout->participant),
        .plan = arena_copy(ledger->arena, payout->plan),
        .component = arena_copy(ledger->arena, payout->component),
        .window = arena_copy(ledger->arena, payout->window),
        .payout_id = arena_copy(ledger->arena, payout->payout_id),
        .currency = arena_copy(ledger->arena, payout->currency),
        .sequence = payout->sequence,
        .delta = payout->earned_delta,
        .total = payout->earned_total,
    };
    if (!kept.currency.bytes) /* the last one taken */
        return STATUS_EXHAUSTED;
    ledger->payouts = room(ledger->payouts, ledger->payout_count, &ledger->payout_capacity,
                           sizeof *ledger->payouts);
    ledger->payouts[ledger->payout_count++] = kept;
    return STATUS_OK;
}

enum status audit_add_view(struct audit_ledger *ledger, const struct attainment *view,
                           int64_t order)
{
    struct audit_view kept = {
        .participant = arena_copy(ledger->arena, view->participant),
        .plan = arena_copy(ledger->arena, view->plan),
        .component = arena_copy(ledger->arena, view->component),
        .held = view->held.bytes ? arena_copy(ledger->arena, view->held) : view->held,
        .window = arena_copy(ledger->arena, view->window),
        .earned = view->earned,
        .order = order,
    };
    if (!kept.window.bytes || (view->held.bytes && !kept.held.bytes))
        return STATUS_EXHAUSTED;
    ledger->views =
        room(ledger->views, ledger->view_count, &ledger->view_capacity, sizeof *ledger->views);
    ledger->views[ledger->view_count++] = kept;
    return STATUS_OK;
}

/* --- order --- */

static int compare_payouts(const void *a, const void *b)
{
    const struct audit_payout *one = a;
    const struct audit_payout *other = b;
    int order = pay_key_compare(PAY_KEY_OF(one), PAY_KEY_OF(other));
    if (order == 0)
        order = one->sequence < other->sequence ? -1 : one->sequence > other->sequence;
    return order;
}

static int compare_views(const void *a, const void *b)
{
    const struct audit_view *one = a;
    const struct audit_view *other = b;
    int order = pay_key_compare(PAY_KEY_OF(one), PAY_KEY_OF(other));
    if (order == 0)
        order = one->order < other->order ? -1 : one->order > other->order;
    return order;
}

static int compare_ids(const void *a, const void *b)
{
    const struct audit_payout *one = *(const struct audit_payout *const *)a;
    const struct audit_payout *other = *(const struct audit_payout *const *)b;
    return slice_compare(one->payout_id, other->payout_id);
}

/* --- judging --- */

static void add_finding(struct audit_ledger *ledger, enum audit_finding_kind kind,
                        struct pay_key key, const struct audit_finding *amounts)
{
    ledger->findings = room(ledger->findings, ledger->finding_count, &ledger->finding_capacity,
                            sizeof *ledger->findings);
    struct audit_finding *finding = &ledger->findings[ledger->finding_count++];
    *finding = *amounts;
    finding->kind = kind;
    finding->participant = key.participant;
    finding->plan = key.plan;
    finding->component = key.component;
    finding->window = key.window;
}

/* One key's payouts by their sequence: whether they run 1, 2, 3 … and add up. */
static void judge_payouts(struct audit_ledger *ledger, const struct audit_payout *payouts,
                          size_t count, struct audit_finding *amounts)
{
    bool is_in_sequence = true;
    bool adds_up = true;
    for (size_t i = 0; i < count; i++) {
        amounts->paid.units += payouts[i].delta.units;
        is_in_sequence = is_in_sequence && payouts[i].sequence == (int64_t)i + 1;
        adds_up = adds_up && payouts[i].total.units == amounts->paid.units;
    }
    if (!is_in_sequence)
        add_finding(ledger, AUDIT_SEQUENCE, PAY_KEY_OF(payouts), amounts);
    if (!adds_up)
        add_finding(ledger, AUDIT_TOTAL, PAY_KEY_OF(payouts), amounts);
}

struct cursors {
    size_t payout;
    size_t view;
    size_t total;
};

/* The least key that any of the three stands at; false when all have ended. */
static bool next_key(const struct audit_ledger *ledger, const struct cursors *at,
                     const struct obvious_total *totals, size_t count, struct pay_key *out)
{
    bool has = false;
    struct pay_key keys[3];
    size_t found = 0;
    if (at->payout < ledger->payout_count)
        keys[found++] = PAY_KEY_OF(&ledger->payouts[at->payout]);
    if (at->view < ledger->view_count)
        keys[found++] = PAY_KEY_OF(&ledger->views[at->view]);
    if (at->total < count)
        keys[found++] = PAY_KEY_OF(&totals[at->total]);
    for (size_t i = 0; i < found; i++) {
        if (has && pay_key_compare(keys[i], *out) >= 0)
            continue;
        *out = keys[i];
        has = true;
    }
    return has;
}

/* The last view of `key` from the cursor on, which moves behind it; NULL when there is none. */
static const struct audit_view *take_view(const struct audit_ledger *ledger, struct pay_key key,
                                          struct cursors *at)
{
    const struct audit_view *view = NULL;
    while (at->view < ledger->view_count &&
           pay_key_compare(PAY_KEY_OF(&ledger->views[at->view]), key) == 0)
        view = &ledger->views[at->view++];
    return view;
}

static void judge_key(struct audit_ledger *ledger, struct pay_key key, struct cursors *at,
                      const struct obvious_total *totals, size_t count)
{
    struct audit_finding amounts = {0};
    size_t first = at->payout;
    while (at->payout < ledger->payout_count &&
           pay_key_compare(PAY_KEY_OF(&ledger->payouts[at->payout]), key) == 0)
        at->payout++;
    const struct audit_view *view = take_view(ledger, key, at);
    if (at->total < count && pay_key_compare(PAY_KEY_OF(&totals[at->total]), key) == 0) {
        amounts.worth = totals[at->total].earned;
        amounts.currency = totals[at->total].currency;
        at->total++;
    }
    if (at->payout > first) {
        amounts.currency = ledger->payouts[first].currency;
        judge_payouts(ledger, ledger->payouts + first, at->payout - first, &amounts);
    }
    ledger->key_count++;
    if (amounts.paid.units != amounts.worth.units)
        add_finding(ledger, view && view->held.bytes ? AUDIT_HELD : AUDIT_DIFFERS, key, &amounts);
    if (amounts.paid.units != (view ? view->earned.units : 0)) {
        amounts.worth = view ? view->earned : (struct decimal){0};
        add_finding(ledger, AUDIT_VIEW, key, &amounts);
    }
}

static void judge_ids(struct audit_ledger *ledger)
{
    const struct audit_payout **by_id = calloc(ledger->payout_count + 1, sizeof *by_id);
    if (!by_id)
        abort();
    for (size_t i = 0; i < ledger->payout_count; i++)
        by_id[i] = &ledger->payouts[i];
    qsort(by_id, ledger->payout_count, sizeof *by_id, compare_ids);
    for (size_t i = 1; i < ledger->payout_count; i++) {
        struct audit_finding amounts = {.currency = by_id[i]->currency, .paid = by_id[i]->delta};
        if (compare_ids(&by_id[i - 1], &by_id[i]) == 0)
            add_finding(ledger, AUDIT_TWICE, PAY_KEY_OF(by_id[i]), &amounts);
    }
    free(by_id);
}

static int compare_findings(const void *a, const void *b)
{
    const struct audit_finding *one = a;
    const struct audit_finding *other = b;
    int order = pay_key_compare(PAY_KEY_OF(one), PAY_KEY_OF(other));
    return order != 0 ? order : (int)one->kind - (int)other->kind;
}

void audit_judge(struct audit_ledger *ledger, const struct obvious_total *totals, size_t count)
{
    struct cursors at = {0};
    struct pay_key key = {0};
    if (ledger->payout_count)
        qsort(ledger->payouts, ledger->payout_count, sizeof *ledger->payouts, compare_payouts);
    if (ledger->view_count)
        qsort(ledger->views, ledger->view_count, sizeof *ledger->views, compare_views);
    while (next_key(ledger, &at, totals, count, &key))
        judge_key(ledger, key, &at, totals, count);
    judge_ids(ledger);
    if (ledger->finding_count)
        qsort(ledger->findings, ledger->finding_count, sizeof *ledger->findings, compare_findings);
}

void audit_ledger_deinit(struct audit_ledger *ledger)
{
    free(ledger->payouts);
    free(ledger->views);
    free(ledger->findings);
    *ledger = (struct audit_ledger){0};
}
