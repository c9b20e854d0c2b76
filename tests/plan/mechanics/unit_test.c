#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/mechanic_rows.h"

static const struct mechanic_row rows[] = {
    {"V83: 10 leads at 5", "    pays: {unit: 5}", "10", "50", .sum = "sum: quantity"},
    {"a deal counts as one", "    pays: {unit: 10.00}", "3", "30",
     .sum = "sum: count, count: credited"},
    {"half a unit pays half", "    pays: {unit: 10.00}", "0.5", "5",
     .sum = "sum: count, count: shared"},
    {"the free units pay nothing", "    pays: {unit: 10.00, after: 3000}", "3000", "0",
     .sum = "sum: quantity"},
    {"the first unit behind them pays", "    pays: {unit: 10.00, after: 3000}", "3001", "10",
     .sum = "sum: quantity"},
    {"after may stand first", "    pays: {after: 3000, unit: 10.00}", "3001", "10",
     .sum = "sum: quantity"},
    {"fewer than the free units are not taken back", "    pays: {unit: 10.00, after: 3000}", "2999",
     "0", .sum = "sum: quantity"},
    {"units that came back are taken back", "    pays: {unit: 10.00}", "-2", "-20",
     .sum = "sum: quantity"},
    {"a negative measure behind free units pays nothing", "    pays: {unit: 10.00, after: 3000}",
     "-2", "0", .sum = "sum: quantity"},
};

int main(void)
{
    return RUN_CASES(rows, mechanic_pays);
}
