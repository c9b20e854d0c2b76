/* The business date: the day that business has reached. "Time passes only through the log" (DESIGN
 * section 4): it comes as control records of kind `date`, which `milepost advance` and `date` lines
 * of an event file write into every partition, and only moves forward.
 *
 * Such a record is `date / business / 20260401`: its version is the day read as a number, so that
 * a later day is a higher version; its setting `date` says the day, `2026-04-01`. */
#ifndef MILEPOST_ENGINE_BUSINESS_DATE_H
#define MILEPOST_ENGINE_BUSINESS_DATE_H

#include "calendar/date.h"
#include "plan/fact.h"

#define BUSINESS_DATE_KIND SLICE("date")

/* A record with the texts that it borrows; stays where it is. */
struct business_date_record {
    struct control control;
    struct setting setting;
    char date[DATE_TEXT_BYTES];
    char change[DATE_TEXT_BYTES + 8]; /* date-2026-04-01: what it moves is caused by that */
};

/* Makes the record that says `date`, a valid one. */
void business_date_record(int32_t date, int64_t written_at, struct business_date_record *out);

/* The day that a record of that kind says. INVALID, with `detail`: it says none. */
enum status business_date_read(const struct control *control, int32_t *out,
                               char *detail) MUST_CHECK;

#endif
