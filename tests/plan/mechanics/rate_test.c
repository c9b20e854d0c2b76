#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/mechanic_rows.h"

static const struct mechanic_row rows[] = {
    {"V83: 5 % of 100", "    pays: {rate: 5%}", "100", "5", ""},
    {"V63: 10 % of 30,000", "    pays: {rate: 10%}", "30000", "3000"},
    {"V41: 10 % of a 60 % share", "    pays: {rate: 10%}", "60000", "6000"},
    {"nothing of nothing", "    pays: {rate: 10%}", "0", "0"},
    {"a cent is not rounded", "    pays: {rate: 12.5%}", "0.01", "0.00125"},
    {"a negative measure is taken back", "    pays: {rate: 10%}", "-50", "-5"},
    {"a negative rate is allowed", "    pays: {rate: -2%}", "50", "-1"},
    {"a rate may be above 100 %", "    pays: {rate: 250%}", "2", "5"},
    {"the largest amount at the finest rate", "    pays: {rate: 99.9999999%}",
     "92233720368547758.07", "92233720276314037.70145224193"},
};

int main(void)
{
    return RUN_CASES(rows, mechanic_pays);
}
