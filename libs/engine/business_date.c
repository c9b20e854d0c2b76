#include "engine/business_date.h"

#include "engine/control_book.h"

#include <stdio.h>

void business_date_record(int32_t date, int64_t written_at, struct business_date_record *out)
{
    struct date_parts parts = date_to_parts(date);
    size_t length = date_format(date, out->date);
    out->setting = (struct setting){SLICE("date"), {out->date, length}};
    int change = snprintf(out->change, sizeof out->change, "date-%.*s", (int)length, out->date);
    out->control = (struct control){
        .kind = BUSINESS_DATE_KIND,
        .id = SLICE("business"),
        .version = parts.year * INT64_C(10000) + parts.month * INT64_C(100) + parts.day,
        .change = {out->change, (size_t)change},
        .written_at = written_at,
        .written_by = SLICE("milepost"),
        .document = SLICE(""),
        .settings = {&out->setting, 1},
    };
}

enum status business_date_read(const struct control *control, int32_t *out, char *detail)
{
    struct slice said = control_setting(control, SLICE("date"));
    if (said.bytes && !date_parse(said, out))
        return STATUS_OK;
    say(detail,
        "out-of-range: a record of kind date needs the setting `date`, a day as 2026-04-01");
    return STATUS_INVALID;
}
