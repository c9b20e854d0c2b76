/* Facts from short texts, for tests: one line of words for a deal, a milestone, a payment, a result
 * or a participant's assignments. A text that is none ends the test. What the facts point to is the
 * arena's. */
#ifndef MILEPOST_TESTS_FACT_WORDS_H
#define MILEPOST_TESTS_FACT_WORDS_H

#include "base/arena.h"
#include "calendar/date.h"
#include "plan/fact.h"

#include <assert.h>

static inline struct slice words_next(struct slice *text)
{
    struct slice word;
    *text = slice_split(*text, ' ', &word);
    return word;
}

static inline struct decimal words_decimal(struct slice text)
{
    struct decimal value;
    enum status status = decimal_parse_share(text, &value);
    assert(!status);
    return value;
}

static inline int64_t words_whole(struct slice text)
{
    return (int64_t)(words_decimal(text).units / 1000000000);
}

static inline int32_t words_date(struct slice text)
{
    int32_t date;
    enum status status = date_parse(text, &date);
    assert(!status);
    return date;
}

static inline int32_t words_deal_status(struct slice text)
{
    return slice_equal(text, SLICE("OPEN"))     ? DEAL_OPEN
           : slice_equal(text, SLICE("CLOSED")) ? DEAL_CLOSED
                                                : DEAL_CANCELLED;
}

static inline struct deal_participant words_participant(struct slice text)
{
    struct deal_participant participant;
    text = slice_split(text, '/', &participant.participant);
    text = slice_split(text, '/', &participant.role);
    participant.share = words_decimal(text);
    return participant;
}

static inline struct deal_line words_line(struct slice text)
{
    struct deal_line line = {0};
    text = slice_split(text, '/', &line.line_id);
    text = slice_split(text, '/', &line.product);
    line.amount = words_decimal(text);
    return line;
}

/* `D-1 REVISION STATUS 2026-02-03 AMOUNT person:jo/owner/100% … +1/core/400 q=3 cur=EUR`: words
 * beginning with + are lines, with q= the quantity, with cur= the currency (USD), with gone= the
 * day that a CANCELLED one was cancelled on (30 days after it closed); @posted=2026-02-05 is an
 * attribute, a text, net=100 an amount of that name. */
static inline struct deal deal_of_words(struct arena *arena, const char *words)
{
    struct slice text = arena_copy(arena, slice_of(words));
    struct deal deal = {.event_id = SLICE("e"), .currency = SLICE("USD")};
    struct deal_participant *participants = arena_take_array(arena, 16, sizeof *participants);
    struct deal_line *lines = arena_take_array(arena, 16, sizeof *lines);
    deal.deal_id = words_next(&text);
    deal.revision = words_whole(words_next(&text));
    deal.status = words_deal_status(words_next(&text));
    deal.closed_at = (int64_t)words_date(words_next(&text)) * DAY_MS + DAY_MS / 2;
    if (deal.status == DEAL_CANCELLED) {
        deal.has_cancelled_at = true;
        deal.cancelled_at = deal.closed_at + 30 * DAY_MS;
    }
    deal.amount = words_decimal(words_next(&text));
    deal.participants.items = participants;
    deal.lines.items = lines;
    while (text.length) {
        struct slice word = words_next(&text);
        if (slice_starts_with(word, SLICE("q="))) {
            deal.has_quantity = true;
            deal.quantity = words_decimal((struct slice){word.bytes + 2, word.length - 2});
        } else if (slice_starts_with(word, SLICE("cur="))) {
            deal.currency = (struct slice){word.bytes + 4, word.length - 4};
        } else if (slice_starts_with(word, SLICE("gone="))) {
            deal.cancelled_at =
                (int64_t)words_date((struct slice){word.bytes + 5, word.length - 5}) * DAY_MS;
        } else if (slice_starts_with(word, SLICE("net="))) {
            struct named_decimal *net = arena_take(arena, sizeof *net);
            *net = (struct named_decimal){
                SLICE("net"), words_decimal((struct slice){word.bytes + 4, word.length - 4})};
            deal.amounts = (struct list){net, 1};
        } else if (word.bytes[0] == '@') {
            struct attribute *attribute = arena_take(arena, sizeof *attribute);
            *attribute = (struct attribute){0};
            attribute->value.text =
                slice_split((struct slice){word.bytes + 1, word.length - 1}, '=', &attribute->name);
            deal.attributes = (struct list){attribute, 1};
        } else if (word.bytes[0] == '+') {
            lines[deal.lines.count++] = words_line((struct slice){word.bytes + 1, word.length - 1});
        } else {
            participants[deal.participants.count++] = words_participant(word);
        }
    }
    return deal;
}

static inline int32_t words_milestone_status(struct slice text)
{
    return slice_equal(text, SLICE("REACHED"))    ? MILESTONE_REACHED
           : slice_equal(text, SLICE("APPROVED")) ? MILESTONE_APPROVED
           : slice_equal(text, SLICE("REJECTED")) ? MILESTONE_REJECTED
                                                  : MILESTONE_REVOKED;
}

/* One NAME=VALUE of a milestone, else a participant. */
static inline void words_milestone_part(struct milestone *milestone, struct slice word,
                                        struct deal_participant *participants)
{
    struct slice name;
    struct slice value = slice_split(word, '=', &name);
    if (name.length == word.length)
        participants[milestone->participants.count++] = words_participant(word);
    else if (slice_equal(name, SLICE("phase")))
        milestone->phase = value;
    else if (slice_equal(name, SLICE("cur")))
        milestone->currency = value;
    else if (slice_equal(name, SLICE("approved")))
        milestone->approved_at = (int64_t)words_date(value) * DAY_MS + DAY_MS / 2;
    else if (slice_equal(name, SLICE("percent")))
        milestone->percent_complete = words_decimal(value);
    else if (slice_equal(name, SLICE("contract")))
        milestone->contract_value = words_decimal(value);
    else if (slice_equal(name, SLICE("share")))
        milestone->share = words_decimal(value);
    else
        milestone->amount = words_decimal(value);
    milestone->has_approved_at |= slice_equal(name, SLICE("approved"));
    milestone->has_percent_complete |= slice_equal(name, SLICE("percent"));
    milestone->has_contract_value |= slice_equal(name, SLICE("contract"));
    milestone->has_share |= slice_equal(name, SLICE("share"));
    milestone->has_amount |= slice_equal(name, SLICE("amount"));
}

/* `M-1 D-1|- REVISION STATUS 2026-02-03 NAME [phase=design] [approved=2026-03-01] [percent=40%]
 * [contract=1000] [share=25%] [amount=300] [cur=EUR] [person:jo/owner/100% …]`. */
static inline struct milestone milestone_of_words(struct arena *arena, const char *words)
{
    struct slice text = arena_copy(arena, slice_of(words));
    struct milestone milestone = {.event_id = SLICE("e")};
    struct deal_participant *participants = arena_take_array(arena, 16, sizeof *participants);
    milestone.milestone_id = words_next(&text);
    struct slice deal = words_next(&text);
    if (!slice_equal(deal, SLICE("-")))
        milestone.deal_id = deal;
    milestone.revision = words_whole(words_next(&text));
    milestone.status = words_milestone_status(words_next(&text));
    milestone.reached_at = (int64_t)words_date(words_next(&text)) * DAY_MS + DAY_MS / 2;
    milestone.milestone = words_next(&text);
    milestone.participants.items = participants;
    while (text.length)
        words_milestone_part(&milestone, words_next(&text), participants);
    return milestone;
}

/* `P-1 D-1 REVISION 2026-03-01 AMOUNT [EUR]`. */
static inline struct payment payment_of_words(struct arena *arena, const char *words)
{
    struct slice text = arena_copy(arena, slice_of(words));
    struct payment payment = {.event_id = SLICE("e"), .currency = SLICE("USD")};
    payment.payment_id = words_next(&text);
    payment.deal_id = words_next(&text);
    payment.revision = words_whole(words_next(&text));
    payment.received_at = (int64_t)words_date(words_next(&text)) * DAY_MS + DAY_MS / 2;
    payment.amount = words_decimal(words_next(&text));
    if (text.length)
        payment.currency = text;
    return payment;
}

/* `NAME WINDOW|DATE VALUE` of person:jo. */
static inline struct result result_of_words(struct arena *arena, const char *words)
{
    struct slice text = arena_copy(arena, slice_of(words));
    struct result result = {.event_id = SLICE("E"),
                            .what = RESULT_RESULT,
                            .participant = SLICE("person:jo"),
                            .revision = 1,
                            .result = words_next(&text)};
    struct slice window = words_next(&text);
    result.has_date = window.length == 10;
    if (result.has_date)
        result.date = words_date(window);
    else
        result.window = window;
    result.has_value = true;
    result.value = words_decimal(text);
    return result;
}

/* `plan 2026-01-01 UNTIL|- [goal=1000] [target=500]`, several with `;` between: the participant's
 * assignments, complete. Goals and targets are per window, for every component. */
static inline struct list assignments_of_words(struct arena *arena, const char *words)
{
    struct slice text = arena_copy(arena, slice_of(words));
    struct assignment *items = arena_take_array(arena, 8, sizeof *items);
    size_t count = 0;
    while (text.length) {
        struct slice one;
        text = slice_split(text, ';', &one);
        while (one.length && one.bytes[0] == ' ')
            one = (struct slice){one.bytes + 1, one.length - 1};
        struct assignment *assignment = &items[count++];
        assignment->plan = words_next(&one);
        assignment->from = words_date(words_next(&one));
        struct slice until = words_next(&one);
        assignment->has_until = !slice_equal(until, SLICE("-"));
        if (assignment->has_until)
            assignment->until = words_date(until);
        while (one.length) {
            struct slice value = words_next(&one);
            struct slice name;
            value = slice_split(value, '=', &name);
            struct figure *figure = arena_take(arena, sizeof *figure);
            *figure = (struct figure){
                .component = SLICE(""), .has_window = true, .window = words_decimal(value)};
            struct list *list =
                slice_equal(name, SLICE("goal")) ? &assignment->goals : &assignment->targets;
            *list = (struct list){figure, 1};
        }
    }
    return (struct list){count ? items : NULL, count};
}

#endif
