#include "worker/company.h"

#include "calendar/date.h"

static struct decimal draw_quantity(struct chance *chance)
{
    return (struct decimal){(int128)chance_draw(chance, 2000) * 250000000};
}

static struct list draw_amounts(struct company *company, struct decimal amount)
{
    struct chance *chance = &company->chance;
    if (chance_one_in(chance, 4))
        return (struct list){0};
    struct named_decimal *net = company_take(company, 1, sizeof *net);
    *net = (struct named_decimal){SLICE("net"), amount};
    net->value.units -= (int128)chance_draw(chance, 20000) * 10000000;
    return (struct list){net, 1};
}

struct list company_participants(struct company *company)
{
    static const char *const splits[][3] = {{"100%", NULL, NULL},       {"60%", "40%", NULL},
                                            {"33.33%", "66.67%", NULL}, {"70%", "20%", NULL},
                                            {"100%", "12.345%", NULL},  {"50%", "25%", "25%"},
                                            {NULL, NULL, NULL},         {"100%", "50%", NULL}};
    static const char *const roles[] = {"owner", "owner", "owner", "owner", "overlay", "sdr"};
    struct chance *chance = &company->chance;
    struct deal_participant *participants = company_take(company, 3, sizeof *participants);
    const char *const *split = splits[chance_draw(chance, 8)];
    size_t count = 0;
    for (; count < 3 && split[count]; count++)
        participants[count] = (struct deal_participant){
            slice_of(company_people[chance_draw(chance, COMPANY_PEOPLE)]),
            slice_of(roles[chance_draw(chance, 6)]), company_number(split[count])};
    return (struct list){count ? participants : NULL, count};
}

/* A date, or a text that is none. */
static struct slice draw_posted(struct company *company)
{
    char date[DATE_TEXT_BYTES];
    if (chance_one_in(&company->chance, 8))
        return SLICE("soon");
    size_t length = date_format((int32_t)(20430 + chance_draw(&company->chance, 460)), date);
    return arena_copy(&company->arena, (struct slice){date, length});
}

static struct list draw_attributes(struct company *company)
{
    static const char *const segments[] = {"smb", "large", "mid"};
    static const char *const scores[] = {"10", "7.5", "3", "12"};
    struct chance *chance = &company->chance;
    struct attribute *attributes = company_take(company, 3, sizeof *attributes);
    size_t count = 0;
    if (!chance_one_in(chance, 4))
        attributes[count++] = (struct attribute){SLICE("posted"), {.text = draw_posted(company)}};
    if (!chance_one_in(chance, 4))
        attributes[count++] = (struct attribute){
            SLICE("segment"), {.text = slice_of(segments[chance_draw(chance, 3)])}};
    if (!chance_one_in(chance, 4))
        attributes[count++] = (struct attribute){
            SLICE("score"),
            {.is_decimal = true, .decimal = company_number(scores[chance_draw(chance, 4)])}};
    return (struct list){count ? attributes : NULL, count};
}

static struct list draw_line_attributes(struct company *company)
{
    static const char *const margins[] = {"0.1", "0.25", "0.3", "0.05", "-0.1", "0.9"};
    static const char *const grades[] = {"a", "b", "c"};
    struct chance *chance = &company->chance;
    struct attribute *attributes = company_take(company, 2, sizeof *attributes);
    size_t count = 0;
    if (!chance_one_in(chance, 5))
        attributes[count++] = (struct attribute){
            SLICE("margin"),
            {.is_decimal = true, .decimal = company_number(margins[chance_draw(chance, 6)])}};
    if (chance_one_in(chance, 2))
        attributes[count++] =
            (struct attribute){SLICE("grade"), {.text = slice_of(grades[chance_draw(chance, 3)])}};
    return (struct list){count ? attributes : NULL, count};
}

static struct list draw_lines(struct company *company, struct decimal total)
{
    static const char *const products[] = {"core", "plus", "xscan", "other", "devices"};
    struct chance *chance = &company->chance;
    uint32_t count = chance_draw(chance, 4);
    if (count == 0)
        return (struct list){0};
    struct deal_line *lines = company_take(company, count, sizeof *lines);
    struct decimal left = total;
    for (uint32_t i = 0; i < count; i++) {
        bool is_last = i + 1 == count && !chance_one_in(chance, 15);
        struct decimal amount = is_last ? left : company_amount(chance);
        left.units -= amount.units;
        lines[i] = (struct deal_line){.line_id = company_name(company, "%d", (int)i + 1),
                                      .product = slice_of(products[chance_draw(chance, 5)]),
                                      .has_quantity = !chance_one_in(chance, 5),
                                      .amount = amount,
                                      .amounts = draw_amounts(company, amount)};
        if (lines[i].has_quantity)
            lines[i].quantity = draw_quantity(chance);
        lines[i].attributes = draw_line_attributes(company);
    }
    return (struct list){lines, count};
}

static void add_deal(struct company *company, int index, int revision)
{
    static const char *const territories[] = {NULL, "DACH", "US", "UK"};
    static const char *const customers[] = {NULL, "C-1", "C-2"};
    static const char *const types[] = {NULL, "new", "renewal"};
    static const char *const currencies[12] = {"EUR", "EUR", "GBP", "USD", "USD", "USD",
                                               "USD", "USD", "USD", "USD", "USD", "USD"};
    struct chance *chance = &company->chance;
    struct decimal amount = company_amount(chance);
    uint32_t status = chance_draw(chance, 8);
    struct deal deal = {
        .event_id = company_name(company, "e-%d", index * 10 + revision),
        .deal_id = company_name(company, "D-%d", index),
        .revision = revision,
        .status = status == 0   ? DEAL_OPEN
                  : status == 1 ? DEAL_CANCELLED
                                : DEAL_CLOSED,
        .closed_at = company_instant(chance),
        .currency = slice_of(currencies[chance_draw(chance, 12)]),
        .amount = amount,
        .amounts = draw_amounts(company, amount),
        .has_quantity = !chance_one_in(chance, 4),
        .customer_id = slice_of(customers[chance_draw(chance, 3)]),
        .territory = slice_of(territories[chance_draw(chance, 4)]),
        .deal_type = slice_of(types[chance_draw(chance, 3)]),
        .lines = draw_lines(company, amount),
        .participants = company_participants(company),
        .attributes = draw_attributes(company),
    };
    if (deal.has_quantity)
        deal.quantity = draw_quantity(chance);
    deal.has_cancelled_at = deal.status == DEAL_CANCELLED;
    if (deal.has_cancelled_at)
        deal.cancelled_at = deal.closed_at + 40 * DAY_MS;
    *(struct deal *)company_add(company, COMPANY_DEAL) = deal;
}

void company_draw_deals(struct company *company)
{
    int deals = 2 + (int)chance_draw(&company->chance, COMPANY_DEALS - 2);
    for (int i = 0; i < deals; i++) {
        int revisions = 1 + (int)chance_draw(&company->chance, 3);
        for (int revision = 1; revision <= revisions; revision++)
            add_deal(company, i, revision);
    }
}
