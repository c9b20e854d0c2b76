/* Why a row is not valued yet, or a key is not: short words that are counted and listed. */
#ifndef MILEPOST_ENGINE_REASONS_H
#define MILEPOST_ENGINE_REASONS_H

#include "base/arena.h"
#include "base/shape.h"

/* symbol, word; in byte order of the words, so that a set of bits lists them sorted. */
#define REASON_LIST(ROW)                                                                           \
    ROW(REASON_CURRENCY_DIFFERS, "currency-differs") /* of a row: not the plan's currency */       \
    ROW(REASON_LINES_DIFFER, "lines-differ")         /* of a row: lines do not total the deal */   \
    ROW(REASON_NO_ASSIGNMENT, "no-assignment")       /* of a row: to no plan on its date */        \
    ROW(REASON_NO_GOAL, "no-goal")                   /* of a key: the roster has none for it */    \
    ROW(REASON_NO_PLAN, "no-plan")                   /* of a row: no version values its date */    \
    ROW(REASON_NO_RESULT, "no-result")               /* of a key: one that it must have */         \
    ROW(REASON_NO_TARGET, "no-target")               /* of a key: as no-goal */                    \
    ROW(REASON_RATE_MISSING, "rate-missing")         /* of a row, or a part of its cash */         \
    ROW(REASON_SPLITS_DIFFER, "splits-differ")       /* of a row: shares break a crediting rule */ \
    ROW(REASON_WAITS, "waits")                       /* of a row: for what its writer says */      \
    ROW(REASON_ZERO_GOAL, "zero-goal")               /* of a key: the goal is 0 and so to wait */

#define REASON_SYMBOL(symbol, word) symbol,
enum reason { REASON_LIST(REASON_SYMBOL) REASON_COUNT };
#undef REASON_SYMBOL

#define REASON_BIT(reason) (1u << (reason))

/* The word; borrowed for ever. */
struct slice reason_word(enum reason reason);

/* The reason that a credit's `waits` names; REASON_WAITS for words that are not listed. */
enum reason reason_find(struct slice word);

/* The words of a set of bits, sorted, as a list of slices; `items` has room for REASON_COUNT. */
struct list reasons_list(uint32_t bits, struct slice items[REASON_COUNT]);

/* The set of a list of words; unknown ones are passed over. */
uint32_t reasons_bits(const struct list *words);

#endif
