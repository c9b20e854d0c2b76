/* What a fact must keep for its own sake, whoever brings it: a topic or a file.
 *
 * Only what no later fact can mend is checked here; the folds turn a failure into a dead letter.
 * Each check returns STATUS_INVALID with `reason: sentence` in `detail`; reasons are the words of
 * FACT_REASON_LIST. */
#ifndef MILEPOST_PLAN_FACT_CHECK_H
#define MILEPOST_PLAN_FACT_CHECK_H

#include "money/money.h"
#include "plan/fact.h"

/* bad-id            an id or name is empty, longer than 255 bytes, not UTF-8 or has control
 * characters bad-participant   not kind:id with a kind of the list, or without an id
 * negative-revision revision < 0
 * unknown-currency  neither in ISO 4217 nor declared
 * too-precise       an amount has more places than its currency
 * out-of-range      an amount, share or instant is outside what can be held; too many lines or
 *                   participants; an enum outside its symbols
 * missing-field     a field that this kind or status of fact needs
 * twice             a line id, or an attribute's name, stands twice */

struct fact_rules {
    const struct currency *units; /* declared by control; may be NULL */
    size_t unit_count;
};

/* The kinds a book's key may begin with: person, team … NULL-terminated. */
extern const char *const participant_kinds[];

/* Whether `text` is kind:id with a known kind of participant and a valid id. */
bool participant_is_valid(struct slice text);

/* Whether `text` may be an id: 1 … 255 bytes of UTF-8 without U+0000 … U+001F and U+007F. */
bool fact_id_is_valid(struct slice text);

/* `rules` may be NULL: no unit is declared then. */
enum status fact_check_deal(const struct deal *deal, const struct fact_rules *rules,
                            char detail[DETAIL_BYTES]) MUST_CHECK;
enum status fact_check_milestone(const struct milestone *milestone, const struct fact_rules *rules,
                                 char detail[DETAIL_BYTES]) MUST_CHECK;
enum status fact_check_payment(const struct payment *payment, const struct fact_rules *rules,
                               char detail[DETAIL_BYTES]) MUST_CHECK;
enum status fact_check_result(const struct result *result, const struct fact_rules *rules,
                              char detail[DETAIL_BYTES]) MUST_CHECK;

#endif
