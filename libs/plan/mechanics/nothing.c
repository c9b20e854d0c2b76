#include "plan/mechanic.h"
#include "plan/words.h"

static const void *parse(struct mechanic_reading *reading, const struct node *node)
{
    static const char terms;
    if (node_is(node, "nothing"))
        return &terms;
    report_error(reading->reading->reports, node_key_place(node), "bad-value", "pays: nothing",
                 "`nothing` has no terms");
    return NULL;
}

static enum status pay(const void *terms, const struct pay_input *input, struct pay_result *out)
{
    (void)terms;
    (void)input;
    *out = (struct pay_result){.pay = RATIONAL_ZERO, .step = -1};
    return STATUS_OK;
}

static void describe(const void *terms, const struct words *words)
{
    (void)terms;
    buffer_printf(words->out, "It pays nothing itself: it is there for others to look at.\n");
}

const struct mechanic nothing_mechanic = {
    .name = "nothing",
    .summary = "Pays nothing: a measure for others to look at.",
    .parse = parse,
    .pay = pay,
    .describe = describe,
};
