/* Roster aspects, results and adjustments. */
#include "engine/incentives_fold.h"

#include "engine/results.h"
#include "engine/row_keys.h"
#include "plan/fact_check.h"

static enum status wrong_key(struct slice key, struct slice wanted, char *detail)
{
    say(detail, "wrong-key: the record's key is \"%.*s\", its book's \"%.*s\"", SLICE_ARGS(key),
        SLICE_ARGS(wanted));
    return STATUS_INVALID;
}

/* What stands beside what comes: by version or revision. */
static enum status is_news(struct incentives *fold, const struct shape *shape, const void *present,
                           int64_t present_version, const void *fact, int64_t version,
                           bool *out_is_news, char *detail)
{
    *out_is_news = version > present_version;
    if (version == present_version && !shape_equal_content(shape, present, fact)) {
        say(detail, "id-conflict: version %lld stands with other content", (long long)version);
        return STATUS_INVALID;
    }
    if (!*out_is_news)
        outcomes_add_planless(&fold->outcomes, OUTCOME_DUPLICATE);
    return STATUS_OK;
}

/* --- results and adjustments --- */

/* Whether a condition or factor of some plan of the book looks at results. */
static bool looks_at_results_from(const struct book *book)
{
    for (size_t i = 0; i < book->assignment_count; i++) {
        const struct plan_series *series = book->assignments[i].series;
        if (series && series->looks_at_results)
            return true;
    }
    return false;
}

static enum status move_results(struct incentives *fold, struct book *book,
                                const struct input *input, const struct outbox *outbox,
                                char *detail)
{
    struct tally tally = tally_of(fold, book);
    struct mover mover = {.cause = input->cause, .kind = SLICE("EARNED"), .result = input->fact};
    struct touched *touched = &fold->touched;
    touched->count = 0;
    enum status status = results_touch(&tally, input->fact, touched, detail);
    if (!status && looks_at_results_from(book)) /* conditions may look at it from anywhere */
        return reconcile_book(fold, book, &mover, outbox, detail);
    if (!status)
        status = reconcile_touched(fold, book, touched, &mover, outbox, detail);
    return status;
}

/* Counts an adjustment in, and the one that stood before it out. "ADJUSTMENT by … hand", for the
 * reason that it states. */
static enum status move_adjustment(struct incentives *fold, struct book *book,
                                   const struct input *input, const struct result *before,
                                   const struct outbox *outbox, char *detail)
{
    const struct result *adjustment = input->fact;
    struct tally tally = tally_of(fold, book);
    struct touched *touched = &fold->touched;
    struct mover mover = {
        .cause = input->cause,
        .kind = SLICE("ADJUSTMENT"),
        .reason = adjustment->reason.length ? adjustment->reason : (struct slice){NULL, 0},
    };
    touched->count = 0;
    enum status status = before ? tally_adjustment(&tally, before, -1, touched, detail) : STATUS_OK;
    if (!status)
        status = tally_adjustment(&tally, adjustment, 1, touched, detail);
    return status ? status : reconcile_touched(fold, book, touched, &mover, outbox, detail);
}

static struct slice key_of(struct incentives *fold, const struct result *result,
                           struct slice window)
{
    struct buffer *key = &fold->io.key;
    return result->what == RESULT_RESULT
               ? key_of_result(key, result->participant, result->result, window)
               : key_of_adjustment(key, result->participant, result->adjustment_id);
}

enum status incentives_apply_result(struct incentives *fold, const struct input *input,
                                    const struct outbox *outbox, char *detail)
{
    const struct result *result = input->fact;
    struct book *book;
    enum status status = plans_learn(&fold->plans, &fold->io, detail);
    struct fact_rules rules = {fold->plans.units, fold->plans.unit_count};
    if (!status)
        status = fact_check_result(result, &rules, detail);
    if (!status && !slice_equal(input->key, result->participant))
        status = wrong_key(input->key, result->participant, detail);
    if (status)
        return status;
    char date[DATE_TEXT_BYTES];
    struct slice window = result->window;
    if (!window.length && result->has_date)
        window = (struct slice){date, date_format(result->date, date)};
    struct slice key = key_of(fold, result, window);
    struct result_row row;
    bool found;
    bool news = true;
    status = row_find(&fold->io, ROW_RESULT, key, &row, &found, detail);
    if (!status && found)
        status = is_news(fold, &result_shape, &row.result, row.result.revision, result,
                         result->revision, &news, detail);
    if (!status && news)
        status = incentives_book(fold, result->participant, outbox, &book, detail);
    if (status || !news)
        return status;
    outcomes_add_planless(&fold->outcomes, OUTCOME_KEPT);
    if (found) /* reading the book may have reset the scratch */
        status =
            row_find(&fold->io, ROW_RESULT, key_of(fold, result, window), &row, &found, detail);
    if (status)
        return status;
    const struct result_row now = {*result, input->cause};
    row_put(&fold->io, ROW_RESULT, key_of(fold, result, window), &now);
    return result->what == RESULT_RESULT
               ? move_results(fold, book, input, outbox, detail)
               : move_adjustment(fold, book, input, found ? &row.result : NULL, outbox, detail);
}

/* --- the roster --- */

static bool is_key_of(struct slice key, const struct roster *roster)
{
    size_t length = roster->participant.length;
    return key.bytes && key.length == length + 1 + roster->aspect.length &&
           memcmp(key.bytes, roster->participant.bytes, length) == 0 && key.bytes[length] == '/' &&
           slice_equal((struct slice){key.bytes + length + 1, roster->aspect.length},
                       roster->aspect);
}

static enum status check_roster(const struct input *input, char *detail)
{
    const struct roster *roster = input->fact;
    static const struct slice aspects[] = {
        {"profile", 7}, {"employed", 8}, {"assignments", 11}, {"edges", 5}};
    bool is_aspect = false;
    for (size_t i = 0; i < sizeof aspects / sizeof aspects[0]; i++)
        is_aspect |= slice_equal(aspects[i], roster->aspect);
    if (!participant_is_valid(roster->participant) || !is_aspect) {
        say(detail, "bad-participant: \"%.*s\" aspect \"%.*s\"", SLICE_ARGS(roster->participant),
            SLICE_ARGS(roster->aspect));
        return STATUS_INVALID;
    }
    if (!is_key_of(input->key, roster))
        return wrong_key(input->key, roster->participant, detail);
    return STATUS_OK;
}

static struct mover mover_of_roster(const struct input *input)
{
    const struct roster *roster = input->fact;
    struct mover mover = {
        .cause = input->cause,
        .kind = SLICE("ADJUSTMENT"),
        .reason = roster->change.length ? roster->change : (struct slice){NULL, 0},
    };
    if (!mover.cause.event_id.length)
        mover.cause.event_id = roster->change;
    return mover;
}

enum status incentives_apply_roster(struct incentives *fold, const struct input *input,
                                    const struct outbox *outbox, char *detail)
{
    const struct roster *roster = input->fact;
    struct book *book;
    enum status status = check_roster(input, detail);
    if (status)
        return status;
    struct roster present;
    bool found;
    bool news = true;
    struct slice key = key_of_roster(&fold->io.key, roster->participant, roster->aspect);
    status = row_find(&fold->io, ROW_ROSTER, key, &present, &found, detail);
    if (!status && found)
        status = is_news(fold, &roster_shape, &present, present.version, roster, roster->version,
                         &news, detail);
    if (status || !news)
        return status;
    status = incentives_book(fold, roster->participant, outbox, &book, detail);
    if (status)
        return status;
    key = key_of_roster(&fold->io.key, roster->participant, roster->aspect);
    row_put(&fold->io, ROW_ROSTER, key, roster);
    status = incentives_reread(fold, book, detail);
    if (status)
        return status;
    struct mover mover = mover_of_roster(input);
    return reconcile_book(fold, book, &mover, outbox, detail);
}
