/* The rule that a zone follows for ever after its last transition: a POSIX TZ string, with the
 * extensions of RFC 8536, such as `EST5EDT,M3.2.0,M11.1.0` or
 * `<+1030>-10:30<+11>-11,M10.1.0,M4.1.0`. */
#ifndef MILEPOST_CALENDAR_ZONE_RULE_H
#define MILEPOST_CALENDAR_ZONE_RULE_H

#include "calendar/zone.h"

enum zone_day_kind { ZONE_DAY_OF_WEEK, ZONE_DAY_JULIAN, ZONE_DAY_OF_YEAR };

struct zone_day {
    enum zone_day_kind kind;
    int32_t month; /* OF_WEEK: 1 … 12 */
    int32_t week;  /* OF_WEEK: 1 … 5, 5 being the last */
    int32_t day; /* OF_WEEK: 0 is Sunday; JULIAN: 1 … 365, never 29 February; OF_YEAR: 0 … 365 */
    int32_t time_s; /* local time of the change, within a week of the day's midnight */
};

struct zone_rule {
    int32_t standard_s; /* seconds east of UTC */
    bool has_summer;
    int32_t summer_s;
    struct zone_day begins; /* summer time, in standard time */
    struct zone_day ends;   /* in summer time */
};

/* STATUS_INVALID when the text is not such a rule. */
enum status zone_rule_parse(struct slice text, struct zone_rule *out) MUST_CHECK;

/* The two changes of `year` in order of time; needs has_summer. */
void zone_rule_changes(const struct zone_rule *rule, int32_t year, struct zone_change out[2]);

#endif
