#include "engine/incentives_fold.h"

#include "engine/row_keys.h"

#include <assert.h>
#include <stdlib.h>

enum { SCRATCH_BYTES_MAX = 256 * 1024 * 1024 };

static enum status refuse(struct incentives *fold, const struct input *input,
                          const struct outbox *outbox, char *detail)
{
    (void)fold;
    (void)outbox;
    say(detail, "wrong-topic: an input of kind %d has no place in incentives", (int)input->kind);
    return STATUS_INVALID;
}

static enum status (*const apply_by_kind[])(struct incentives *fold, const struct input *input,
                                            const struct outbox *outbox, char *detail) = {
    [INPUT_DEAL] = refuse,
    [INPUT_MILESTONE] = refuse,
    [INPUT_PAYMENT] = refuse,
    [INPUT_RESULT] = incentives_apply_result,
    [INPUT_ROSTER] = incentives_apply_roster,
    [INPUT_CONTROL] = incentives_apply_control,
    [INPUT_CREDIT] = incentives_apply_credit,
};

static enum status apply(void *self, const struct input *input, const struct outbox *outbox,
                         char *detail)
{
    struct incentives *fold = self;
    assert(input->kind < sizeof apply_by_kind / sizeof apply_by_kind[0]);
    arena_reset(&fold->io.scratch);
    return apply_by_kind[input->kind](fold, input, outbox, detail);
}

static enum status drain(void *self, size_t books_max, const struct outbox *outbox, bool *out_more,
                         char *detail)
{
    return incentives_drain(self, books_max, outbox, out_more, detail);
}

static enum status publish(void *self, size_t keys_max, const struct outbox *outbox, bool *out_more,
                           char *detail)
{
    return incentives_publish(self, keys_max, outbox, out_more, detail);
}

static enum status verify(void *self, size_t books_max, const struct outbox *outbox, bool *out_more,
                          char *detail)
{
    return incentives_verify(self, books_max, outbox, out_more, detail);
}

static const struct fold_state *state(void *self)
{
    return &((struct incentives *)self)->small.state;
}

static void set_state(void *self, const struct fold_state *from)
{
    struct incentives *fold = self;
    while (fold->books.unwritten) /* the turn that moved them is undone */
        books_remove(&fold->books, fold->books.unwritten);
    fold->held = fold->held_before;
    small_state_set(&fold->small, from);
}

static void set_turn(void *self, int64_t turn)
{
    struct incentives *fold = self;
    fold->small.state.turn = turn;
    fold->held_before = fold->held;
    outcomes_reset(&fold->outcomes);
}

static void forget_all(struct incentives *fold)
{
    books_drop(&fold->books);
    plans_drop(&fold->plans);
    pending_views_drop(&fold->views);
}

static void forget(void *self, struct slice key)
{
    struct incentives *fold = self;
    struct row_key parsed = row_key_parse(key);
    if (key.length == 0 || is_control_book(parsed.book)) {
        forget_all(fold);
        return;
    }
    struct book *book = books_find(&fold->books, parsed.book);
    if (book)
        books_remove(&fold->books, book);
    if (parsed.letter == 'e')
        pending_views_drop(&fold->views);
}

static struct fold_counters counters(void *self)
{
    struct incentives *fold = self;
    return (struct fold_counters){
        .books = (int64_t)HASH_COUNT(fold->books.table),
        .rows = (int64_t)store_rows(fold->io.store),
        .waiting = fold->books.waiting,
        .held = fold->held,
        .pending = (int64_t)pending_views_count(&fold->views),
        .queued = (int64_t)changes_count(&fold->small),
        .unread = !fold->books.is_whole,
    };
}

static struct list outcomes(void *self)
{
    const struct incentives *fold = self;
    return (struct list){fold->outcomes.items, fold->outcomes.count};
}

static void incentives_free(void *self)
{
    struct incentives *fold = self;
    forget_all(fold);
    plans_deinit(&fold->plans);
    pending_views_deinit(&fold->views);
    interner_deinit(&fold->names);
    row_io_deinit(&fold->io);
    small_state_deinit(&fold->small);
    sights_deinit(&fold->sights);
    arena_deinit(&fold->row_scratch);
    arena_deinit(&fold->deal_scratch);
    touched_deinit(&fold->touched);
    buffer_deinit(&fold->verified);
    buffer_deinit(&fold->looked);
    outcomes_deinit(&fold->outcomes);
    buffer_deinit(&fold->text);
    free(fold);
}

struct fold *incentives_new(struct store *store, const struct fold_config *config)
{
    struct incentives *fold = calloc(1, sizeof *fold);
    if (!fold)
        return NULL;
    fold->fold = (struct fold){
        .self = fold,
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
        .free = incentives_free,
    };
    row_io_init(&fold->io, store, &config->codec);
    small_state_init(&fold->small);
    interner_init(&fold->names);
    plans_init(&fold->plans, &fold->names);
    sights_init(&fold->sights);
    arena_init_growing(&fold->row_scratch, SCRATCH_BYTES_MAX);
    arena_init_growing(&fold->deal_scratch, SCRATCH_BYTES_MAX);
    return &fold->fold;
}
