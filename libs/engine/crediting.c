#include "engine/crediting_fold.h"

#include "engine/control_book.h"
#include "engine/row_keys.h"

#include <assert.h>
#include <stdlib.h>

enum { RULES_BYTES_MAX = 16 * 1024 * 1024 };

/* --- what control says --- */

static enum status learn_categories(struct crediting *crediting, char *detail)
{
    struct control control;
    bool found;
    enum status status =
        control_latest(&crediting->io, SLICE("categories"), &control, &found, detail);
    if (status || !found)
        return status;
    const struct node *section;
    struct reports reports;
    struct slice document = arena_copy(&crediting->rules_arena, control.document);
    reports_init(&reports, &crediting->rules_arena);
    reports_read(&reports, SLICE("categories"), document, 1);
    if (node_read_yaml(document, NODE_BYTES_MAX, &crediting->rules_arena, &reports, &section) ||
        categories_parse(section, &crediting->rules_arena, &reports, &crediting->categories)) {
        say(detail, "control: categories %.*s version %lld cannot be read by this engine",
            SLICE_ARGS(control.id), (long long)control.version);
        return STATUS_CORRUPT;
    }
    return STATUS_OK;
}

/* Whether a plan may pay a bonus: by its text, since plans are not compiled here. One that only
 * speaks of it costs a little and changes nothing. */
static bool may_pay_bonus(const struct control *control)
{
    struct slice word = SLICE("bonus");
    struct slice text = control->document;
    return slice_equal(control->kind, SLICE("plan")) && text.length &&
           memmem(text.bytes, text.length, word.bytes, word.length);
}

static enum status note_bonus(void *self, const struct control *control, char *detail)
{
    struct crediting *crediting = self;
    (void)detail;
    crediting->rules.divides_bounties |= may_pay_bonus(control);
    return STATUS_OK;
}

enum status crediting_learn_rules(struct crediting *crediting, char *detail)
{
    if (crediting->rules_known)
        return STATUS_OK;
    struct control control;
    bool found;
    enum status status =
        control_latest(&crediting->io, SLICE("crediting"), &control, &found, detail);
    if (status)
        return status;
    arena_reset(&crediting->rules_arena);
    crediting->categories = (struct categories){0};
    status = control_units(&crediting->io, &crediting->rules_arena, &crediting->fact_rules.units,
                           &crediting->fact_rules.unit_count, detail);
    if (status)
        return status;
    crediting->has_rules = found;
    crediting->rules = (struct crediting_rules){0};
    if (found) {
        struct slice document = arena_copy(&crediting->rules_arena, control.document);
        struct reports reports;
        reports_init(&reports, &crediting->rules_arena);
        status =
            crediting_rules_read(document, &crediting->rules_arena, &reports, &crediting->rules);
        if (status) {
            say(detail, "control: crediting %.*s version %lld cannot be read by this engine",
                SLICE_ARGS(control.id), (long long)control.version);
            return STATUS_CORRUPT;
        }
    }
    if (!status && found && crediting_rules_need_categories(&crediting->rules))
        status = learn_categories(crediting, detail);
    if (!status)
        status = control_each(&crediting->io, SLICE("plan"), note_bonus, crediting, detail);
    crediting->rules_known = status == STATUS_OK;
    return status;
}

/* --- inputs, one function a kind --- */

static enum status check_key(const struct input *input, struct slice wanted, char *detail)
{
    if (input->key.bytes && slice_equal(input->key, wanted))
        return STATUS_OK;
    say(detail, "wrong-key: the record's key is \"%.*s\", its book's \"%.*s\"",
        SLICE_ARGS(input->key), SLICE_ARGS(wanted));
    return STATUS_INVALID;
}

static enum status apply_deal(struct crediting *crediting, const struct input *input,
                              const struct outbox *outbox, char *detail)
{
    const struct deal *deal = input->fact;
    enum status status = crediting_learn_rules(crediting, detail);
    if (!status)
        status = fact_check_deal(deal, &crediting->fact_rules, detail);
    if (!status)
        status = check_key(input, deal->deal_id, detail);
    if (!status)
        status = crediting_apply_deal(crediting, input, outbox, detail);
    return status;
}

enum status crediting_is_news(struct crediting *crediting, const struct shape *shape,
                              const void *present, int64_t present_revision, const void *fact,
                              int64_t revision, bool *out_is_news, char *detail)
{
    *out_is_news = revision > present_revision;
    if (revision == present_revision && !shape_equal_content(shape, present, fact)) {
        say(detail, "id-conflict: revision %lld stands with other content", (long long)revision);
        return STATUS_INVALID;
    }
    if (!*out_is_news)
        outcomes_add_planless(&crediting->outcomes, OUTCOME_DUPLICATE);
    return STATUS_OK;
}

static enum status apply_milestone(struct crediting *crediting, const struct input *input,
                                   const struct outbox *outbox, char *detail)
{
    const struct milestone *milestone = input->fact;
    struct slice wanted = milestone->deal_id.length ? milestone->deal_id : milestone->milestone_id;
    enum status status = crediting_learn_rules(crediting, detail);
    if (!status)
        status = fact_check_milestone(milestone, &crediting->fact_rules, detail);
    if (!status)
        status = check_key(input, wanted, detail);
    if (status)
        return status;
    struct slice key =
        key_of_milestone(&crediting->io.key, milestone->deal_id, milestone->milestone_id);
    struct milestone_row row;
    bool found;
    bool news = true;
    status = row_find(&crediting->io, ROW_MILESTONE, key, &row, &found, detail);
    if (!status && found)
        status =
            crediting_is_news(crediting, &milestone_shape, &row.milestone, row.milestone.revision,
                              milestone, milestone->revision, &news, detail);
    if (!status && !found && milestone->deal_id.length)
        status = crediting_check_room(
            crediting, key_of_milestone(&crediting->io.other_key, milestone->deal_id, SLICE("")),
            DEAL_MILESTONES_MAX, "milestones", detail);
    if (status || !news)
        return status;
    if (!found)
        deal_counts_add(&crediting->counts, &crediting->io, key);
    return crediting_apply_event(crediting, input, found ? &row : NULL, outbox, detail);
}

static enum status apply_payment(struct crediting *crediting, const struct input *input,
                                 const struct outbox *outbox, char *detail)
{
    const struct payment *payment = input->fact;
    enum status status = crediting_learn_rules(crediting, detail);
    if (!status)
        status = fact_check_payment(payment, &crediting->fact_rules, detail);
    if (!status)
        status = check_key(input, payment->deal_id, detail);
    if (!status)
        status = crediting_apply_payment(crediting, input, outbox, detail);
    return status;
}

static enum status check_rules(struct crediting *crediting, const struct control *control,
                               char *detail)
{
    struct crediting_rules rules;
    struct reports reports;
    reports_init(&reports, &crediting->io.scratch);
    if (crediting_rules_read(control->document, &crediting->io.scratch, &reports, &rules) == 0)
        return STATUS_OK;
    say(detail, "control: crediting %.*s version %lld cannot be read by this engine",
        SLICE_ARGS(control->id), (long long)control->version);
    return STATUS_CORRUPT;
}

static enum status apply_control(struct crediting *crediting, const struct input *input,
                                 const struct outbox *outbox, char *detail)
{
    const struct control *control = input->fact;
    bool is_rules = slice_equal(control->kind, SLICE("crediting"));
    bool is_topics = slice_equal(control->kind, SLICE("topics"));
    enum status status = is_rules ? check_rules(crediting, control, detail) : STATUS_OK;
    if (is_topics)
        status = small_state_check_topics(control, detail);
    bool is_new;
    bool had_bonus = true;
    if (!status && may_pay_bonus(control)) {
        status = crediting_learn_rules(crediting, detail);
        had_bonus = crediting->rules.divides_bounties;
    }
    if (!status)
        status = control_keep(&crediting->io, control, &is_new, detail);
    if (status)
        return status;
    if (!is_new) {
        outcomes_add_planless(&crediting->outcomes, OUTCOME_DUPLICATE);
        return STATUS_OK;
    }
    if (is_topics)
        return small_state_topics(&crediting->small, &crediting->io, control, detail);
    if (slice_equal(control->kind, SLICE("acceptance"))) {
        status = crediting_learn_rules(crediting, detail);
        return status ? status : crediting_accept(crediting, input, outbox, detail);
    }
    if (slice_equal(control->kind, SLICE("units")))
        crediting->rules_known = false;
    bool is_tree = slice_equal(control->kind, SLICE("categories"));
    if (is_tree)
        status = crediting_learn_rules(crediting, detail);
    if (status)
        return status;
    if (is_rules || !had_bonus ||
        (is_tree && crediting->has_rules && crediting_rules_need_categories(&crediting->rules))) {
        struct change change = control_change(control, &input->cause);
        changes_push(&crediting->small, &change);
        crediting->rules_known = false;
    }
    return STATUS_OK;
}

static enum status refuse(struct crediting *crediting, const struct input *input,
                          const struct outbox *outbox, char *detail)
{
    (void)crediting;
    (void)outbox;
    say(detail, "wrong-topic: an input of kind %d has no place in crediting", (int)input->kind);
    return STATUS_INVALID;
}

static enum status (*const apply_by_kind[])(struct crediting *crediting, const struct input *input,
                                            const struct outbox *outbox, char *detail) = {
    [INPUT_DEAL] = apply_deal,       [INPUT_MILESTONE] = apply_milestone,
    [INPUT_PAYMENT] = apply_payment, [INPUT_RESULT] = refuse,
    [INPUT_ROSTER] = refuse,         [INPUT_CONTROL] = apply_control,
    [INPUT_CREDIT] = refuse,
};

static enum status apply(void *self, const struct input *input, const struct outbox *outbox,
                         char *detail)
{
    struct crediting *crediting = self;
    assert(input->kind < sizeof apply_by_kind / sizeof apply_by_kind[0]);
    arena_reset(&crediting->io.scratch);
    return apply_by_kind[input->kind](crediting, input, outbox, detail);
}

/* --- walks over all books --- */

static bool is_in(const struct row *row, struct slice kind)
{
    return slice_starts_with(row_key(row), kind);
}

/* The row of the first book behind `book` in byte order that is credited: of a deal, or of a
 * milestone without one; NULL when there is none. */
static const struct row *next_book(struct crediting *crediting, struct slice book)
{
    struct slice deals = SLICE("deal:");
    struct slice milestones = SLICE("milestone:");
    bool is_start = slice_compare(book, deals) < 0;
    struct slice from = is_start ? deals : key_behind_book(&crediting->io.other_key, book);
    for (;;) {
        const struct row *row = store_seek(crediting->io.store, from, false);
        if (!row || (!is_in(row, deals) && slice_compare(row_key(row), milestones) > 0 &&
                     !is_in(row, milestones)))
            return NULL;
        struct row_key key = row_key_parse(row_key(row));
        if (is_in(row, deals) ? key.letter == 'd' : is_in(row, milestones))
            return row;
        /* Payments or milestones of a deal not seen yet; `d` sorts before them. */
        from = key_behind_book(&crediting->io.other_key, key.book);
    }
}

static enum status drain(void *self, size_t books_max, const struct outbox *outbox, bool *out_more,
                         char *detail)
{
    struct crediting *crediting = self;
    enum status status = crediting_learn_rules(crediting, detail);
    for (size_t done = 0; !status && done < books_max && changes_count(&crediting->small); done++) {
        const struct change *change = changes_first(&crediting->small);
        const struct row *row = next_book(crediting, change->cursor);
        if (!row) {
            changes_pop(&crediting->small);
            continue;
        }
        arena_reset(&crediting->io.scratch);
        struct slice book = arena_copy(&crediting->io.scratch, row_key_parse(row_key(row)).book);
        if (!book.bytes)
            return STATUS_EXHAUSTED;
        status = row_key_parse(row_key(row)).letter == 'd'
                     ? crediting_recredit(crediting, row, change, outbox, detail)
                     : crediting_recredit_event(crediting, row, change, outbox, detail);
        if (!status)
            changes_advance(&crediting->small, book);
    }
    if (!status)
        *out_more = changes_count(&crediting->small) > 0;
    return status;
}

static enum status verify(void *self, size_t books_max, const struct outbox *outbox, bool *out_more,
                          char *detail)
{
    struct crediting *crediting = self;
    (void)outbox;
    enum status status = crediting_learn_rules(crediting, detail);
    for (size_t done = 0; !status && done < books_max; done++) {
        const struct row *row = next_book(crediting, buffer_slice(&crediting->verified));
        buffer_reset(&crediting->verified);
        if (!row)
            break;
        buffer_append_slice(&crediting->verified, row_key_parse(row_key(row)).book);
        arena_reset(&crediting->io.scratch);
        if (row_key_parse(row_key(row)).letter == 'd')
            status = crediting_check(crediting, row, detail);
    }
    if (!status)
        *out_more = false; /* the counts need no books */
    return status;
}

static enum status publish(void *self, size_t keys_max, const struct outbox *outbox, bool *out_more,
                           char *detail)
{
    (void)self;
    (void)keys_max;
    (void)outbox;
    (void)detail;
    *out_more = false;
    return STATUS_OK;
}

/* --- state --- */

static const struct fold_state *state(void *self)
{
    return &((struct crediting *)self)->small.state;
}

static void set_state(void *self, const struct fold_state *from)
{
    struct crediting *crediting = self;
    small_state_set(&crediting->small, from);
    crediting->counts = crediting->counts_before; /* the turn that changed them is undone */
}

static void set_turn(void *self, int64_t turn)
{
    struct crediting *crediting = self;
    crediting->small.state.turn = turn;
    crediting->counts_before = crediting->counts;
    outcomes_reset(&crediting->outcomes);
}

static void forget(void *self, struct slice key)
{
    struct crediting *crediting = self;
    if (key.length == 0 || slice_starts_with(key, SLICE("control:")))
        crediting->rules_known = false;
    if (key.length == 0)
        crediting->counts = crediting->counts_before = (struct deal_counts){0};
    if (key.length == 0)
        crediting->kinds_known = false;
}

static struct fold_counters counters(void *self)
{
    struct crediting *crediting = self;
    char detail[DETAIL_BYTES];
    bool is_unread = !crediting->counts.is_known &&
                     deal_counts_learn(&crediting->counts, &crediting->io, detail) != STATUS_OK;
    return (struct fold_counters){
        .books = crediting->counts.books,
        .rows = (int64_t)store_rows(crediting->io.store),
        .waiting = crediting->counts.waiting,
        .held = crediting->counts.held,
        .queued = (int64_t)changes_count(&crediting->small),
        .unread = is_unread,
    };
}

static struct list outcomes(void *self)
{
    const struct crediting *crediting = self;
    return (struct list){crediting->outcomes.items, crediting->outcomes.count};
}

static void crediting_free(void *self)
{
    struct crediting *crediting = self;
    row_io_deinit(&crediting->io);
    small_state_deinit(&crediting->small);
    arena_deinit(&crediting->rules_arena);
    buffer_deinit(&crediting->verified);
    outcomes_deinit(&crediting->outcomes);
    free(crediting);
}

struct fold *crediting_new(struct store *store, const struct fold_config *config)
{
    struct crediting *crediting = calloc(1, sizeof *crediting);
    if (!crediting)
        return NULL;
    crediting->fold = (struct fold){
        .self = crediting,
        .apply = apply,
        .drain = drain,
        .publish = publish,
        .state = state,
        .set_state = set_state,
        .set_turn = set_turn,
        .forget = forget,
        .verify = verify,
        .counters = counters,
        .outcomes = outcomes,
        .free = crediting_free,
    };
    row_io_init(&crediting->io, store, &config->codec);
    small_state_init(&crediting->small);
    arena_init_growing(&crediting->rules_arena, RULES_BYTES_MAX);
    return &crediting->fold;
}
