#include "plan/approval.h"

bool approval_parse(struct reading *reading, const struct node *map, struct approval *out)
{
    static const char *const requires_words[] = {"nothing", "approval", NULL};
    static const char *const dated_words[] = {"reached", "approved", NULL};
    const struct node *requires = node_find(map, "requires");
    const struct node *dated = node_find(map, "dated");
    int word = 0;
    bool is_right = true;
    if (requires)
        is_right &= reading_word(reading, requires, "`requires`", requires_words, 2, &word);
    out->is_required = word == 1;
    word = 0;
    if (dated)
        is_right &= reading_word(reading, dated, "`dated`", dated_words, 2, &word);
    out->dates = word == 1;
    if (!out->dates || out->is_required)
        return is_right;
    report_error(reading->reports, node_place(dated), "bad-value", "requires: approval",
                 "`dated: approved` needs `requires: approval`");
    return false;
}
