/* Parts of windows: `split-windows: yes` and `mid-window: split` (PLAN-LANGUAGE section 2).
 *
 * "A version may say `split-windows: yes` and so end windows where it begins": of each window that
 * such a version begins in, both sides are pieces. "`split` makes part-windows with ids
 * `2026-Q1.1`, `2026-Q1.2`": where the version that values a piece says so, each assignment to the
 * plan that touches it begins a part, but for those that begin first; days on which nobody is
 * assigned stay with the part before. Parts are numbered over both, and each is a window of its
 * own: the version that is effective at its first day values it. Deals and lines have no parts. */
#ifndef MILEPOST_ENGINE_WINDOW_PARTS_H
#define MILEPOST_ENGINE_WINDOW_PARTS_H

#include "engine/plans.h"

/* The part of the window `whole` that `date`, a day in it, lies in; the whole itself, with part 0,
 * where nothing splits it. */
struct window_span window_part_on(const struct plan_series *series, const struct window_span *whole,
                                  int32_t date, struct assigned assigned);

/* Takes the number of a part off a window's id: `2026-Q1.2` is 2 and `2026-Q1`. 0 where it has
 * none; then `*id` stays. */
int32_t window_id_part(struct slice *id);

#endif
