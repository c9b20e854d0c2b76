/* The worked table of `plan explain`: a worked component's rows, for people and for programs. */
#ifndef MILEPOST_MILEPOST_EXPLAIN_TABLE_H
#define MILEPOST_MILEPOST_EXPLAIN_TABLE_H

#include "engine/worked.h"
#include "milepost/console.h"

void explain_table_print(const struct worked *worked, const struct console *console);

/* Appends `columns` and `rows`, of which `pays` (earned) and `payable` have a value for each
 * column: as `simulate` writes money, or a share of the target incentive as a number (1 = 100 %);
 * null where the pay waits. */
void explain_table_append_json(const struct worked *worked, struct buffer *out);

#endif
