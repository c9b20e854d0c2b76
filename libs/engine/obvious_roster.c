#include <stdlib.h>

#include "engine/obvious_parts.h"

static int compare_rosters(const void *a, const void *b)
{
    const struct roster *one = *(const struct roster *const *)a;
    const struct roster *other = *(const struct roster *const *)b;
    int order = slice_compare(one->participant, other->participant);
    if (order == 0)
        order = slice_compare(one->aspect, other->aspect);
    if (order == 0)
        order = one->version > other->version ? -1 : one->version < other->version;
    return order;
}

/* "a listed aspect is complete": the newest record of each aspect is all that counts. */
void obvious_read_rosters(struct obvious *all)
{
    const struct obvious_facts *facts = all->facts;
    const struct roster **rosters =
        arena_take_array(all->arena, facts->roster_count, sizeof *rosters);
    size_t kept = 0;
    if (!rosters) {
        all->status = STATUS_EXHAUSTED;
        return;
    }
    for (size_t i = 0; i < facts->roster_count; i++)
        rosters[i] = &facts->rosters[i];
    if (facts->roster_count > 0)
        qsort(rosters, facts->roster_count, sizeof *rosters, compare_rosters);
    for (size_t i = 0; i < facts->roster_count; i++)
        if (kept == 0 || !slice_equal(rosters[kept - 1]->participant, rosters[i]->participant) ||
            !slice_equal(rosters[kept - 1]->aspect, rosters[i]->aspect))
            rosters[kept++] = rosters[i];
    all->rosters = rosters;
    all->roster_count = kept;
}

/* The place of the first roster, or row, that is not before the participant. */
static size_t first_roster(const struct obvious *all, struct slice participant)
{
    size_t low = 0;
    for (size_t high = all->roster_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare(all->rosters[middle]->participant, participant) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t first_row(const struct obvious *all, struct slice participant)
{
    size_t low = 0;
    for (size_t high = all->row_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare(all->rows[middle].participant, participant) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct obvious_person obvious_person_of(struct obvious *all, struct slice participant)
{
    struct obvious_person person = {.participant = participant};
    for (size_t i = first_roster(all, participant); i < all->roster_count; i++) {
        if (!slice_equal(all->rosters[i]->participant, participant))
            break;
        if (slice_equal(all->rosters[i]->aspect, SLICE("assignments")))
            person.roster = all->rosters[i];
        if (slice_equal(all->rosters[i]->aspect, SLICE("edges")))
            person.edges = all->rosters[i];
    }
    size_t first = first_row(all, participant);
    person.rows = all->rows + first;
    while (first + person.row_count < all->row_count &&
           slice_equal(person.rows[person.row_count].participant, participant))
        person.row_count++;
    return person;
}

static bool holds_in(const struct assignment *assignment, struct slice plan, int32_t from,
                     int32_t until)
{
    return slice_equal(assignment->plan, plan) && assignment->from < until &&
           (!assignment->has_until || assignment->until > from);
}

bool obvious_is_assigned(const struct obvious_person *person, struct slice plan, int32_t date)
{
    const struct assignment *assignments =
        person->roster ? person->roster->assignments.items : NULL;
    for (size_t i = 0; person->roster && i < person->roster->assignments.count; i++)
        if (holds_in(&assignments[i], plan, date, date + 1))
            return true;
    return false;
}

size_t obvious_touching(const struct obvious_person *person, struct slice plan, int32_t from,
                        int32_t until, const struct assignment *out[OBVIOUS_TOUCHING_MAX])
{
    const struct assignment *assignments =
        person->roster ? person->roster->assignments.items : NULL;
    size_t count = 0;
    for (size_t i = 0; person->roster && i < person->roster->assignments.count; i++) {
        size_t at = count;
        if (!holds_in(&assignments[i], plan, from, until) || count == OBVIOUS_TOUCHING_MAX)
            continue;
        for (; at > 0 && out[at - 1]->from >= assignments[i].from; at--)
            out[at] = out[at - 1];
        out[at] = &assignments[i];
        count++;
    }
    return count;
}

/* "`team` is the book that the participant's `as: member` edge leads to." Of several the one that
 * begins last. */
struct slice obvious_team(const struct obvious_person *person, int32_t date)
{
    const struct edge *edges = person->edges ? person->edges->edges.items : NULL;
    const struct edge *found = NULL;
    for (size_t i = 0; person->edges && i < person->edges->edges.count; i++)
        if (slice_equal(edges[i].as, SLICE("member")) && edges[i].from <= date &&
            (!edges[i].has_until || date < edges[i].until) &&
            (!found || edges[i].from > found->from))
            found = &edges[i];
    return found ? found->to : (struct slice){0};
}
