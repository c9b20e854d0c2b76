#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/event_file.h"
#include "plan/plan_scene.h"
#include "support/case.h"

#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* A file in memory that comes in pieces of `step` bytes. */
struct file {
    struct slice rest;
    size_t step;
};

static enum status read_file(void *self, char *into, size_t capacity, size_t *out_length)
{
    struct file *file = self;
    size_t length = file->step < capacity ? file->step : capacity;
    if (length > file->rest.length)
        length = file->rest.length;
    if (length > 0)
        memcpy(into, file->rest.bytes, length);
    file->rest.bytes += length;
    file->rest.length -= length;
    *out_length = length;
    return STATUS_OK;
}

static void append_text(struct buffer *out, const char *name, struct slice text)
{
    if (text.length > 0)
        buffer_printf(out, " %s=%.*s", name, SLICE_ARGS(text));
}

static void append_decimal(struct buffer *out, const char *name, struct decimal value)
{
    char text[DECIMAL_TEXT_BYTES];
    size_t length = decimal_format(value, text);
    buffer_printf(out, " %s=%.*s", name, (int)length, text);
}

static void append_deal(struct buffer *out, const struct deal *deal)
{
    buffer_printf(out, "deal %.*s r%lld s%d", SLICE_ARGS(deal->deal_id), (long long)deal->revision,
                  deal->status);
    append_decimal(out, "amount", deal->amount);
    append_text(out, "customer", deal->customer_id);
    for (size_t i = 0; i < deal->amounts.count; i++) {
        const struct named_decimal *one = (const struct named_decimal *)deal->amounts.items + i;
        buffer_printf(out, " %.*s", SLICE_ARGS(one->name));
        append_decimal(out, "", one->value);
    }
    for (size_t i = 0; i < deal->attributes.count; i++) {
        const struct attribute *one = (const struct attribute *)deal->attributes.items + i;
        buffer_printf(out, " %.*s", SLICE_ARGS(one->name));
        if (one->value.is_decimal)
            append_decimal(out, "#", one->value.decimal);
        else
            append_text(out, "", one->value.text);
    }
    for (size_t i = 0; i < deal->lines.count; i++) {
        const struct deal_line *one = (const struct deal_line *)deal->lines.items + i;
        buffer_printf(out, " [%.*s %.*s", SLICE_ARGS(one->line_id), SLICE_ARGS(one->product));
        append_decimal(out, "", one->amount);
        buffer_printf(out, "]");
    }
    for (size_t i = 0; i < deal->participants.count; i++) {
        const struct deal_participant *one =
            (const struct deal_participant *)deal->participants.items + i;
        buffer_printf(out, " %.*s/%.*s", SLICE_ARGS(one->participant), SLICE_ARGS(one->role));
        append_decimal(out, "", one->share);
    }
}

static void append_event(struct buffer *out, const struct event *event)
{
    static const char *const kinds[] = {"deal", "milestone", "payment", "result", "apply", "date"};
    if (event->kind == EVENT_DEAL) {
        append_deal(out, &event->deal);
    } else {
        buffer_printf(out, "%s", kinds[event->kind]);
        append_text(out, "id", event->milestone.milestone_id);
        append_text(out, "id", event->payment.payment_id);
        append_text(out, "for", event->result.participant);
        append_text(out, "id", event->result.adjustment_id);
        append_text(out, "window", event->result.window);
        for (size_t i = 0; i < event->files.count; i++)
            append_text(out, "file", ((const struct slice *)event->files.items)[i]);
        if (event->date)
            buffer_printf(out, " %d", event->date);
    }
    buffer_append_byte(out, '\n');
}

struct file_row {
    const char *label;
    bool is_csv;
    const char *text;
    const char *items;   /* what is read, a line each */
    const char *reports; /* line:column:code each */
};

#define DEAL(id, more)                                                                             \
    "{\"type\":\"deal\",\"deal_id\":\"" id "\",\"status\":\"CLOSED\","                             \
    "\"closed_at\":\"2026-02-03T10:00:00Z\",\"amount\":\"20000\",\"currency\":\"USD\"" more "}\n"
#define JO                                                                                         \
    ",\"participants\":[{\"participant\":\"person:jo\",\"role\":\"owner\",\"share\":\"100%\"}]"
#define HEAD "deal_id,status,closed_at,amount,currency,participant,role,share\n"
#define ROW(id, amount, who, share)                                                                \
    id ",CLOSED,2026-02-03T10:00:00Z," amount ",USD,person:" who ",owner," share "\n"

static const struct file_row rows[] = {
    {"the example of the language", false,
     DEAL(
         "D-1",
         JO) "{\"type\":\"result\",\"participant\":\"person:jo\",\"result\":\"csat\",\"window\":"
             "\"2026-Q1\",\"value\":\"92\"}\n"
             "{\"type\":\"payment\",\"payment_id\":\"P-1\",\"deal_id\":\"D-1\",\"received_at\":"
             "\"2026-03-01T00:00:00Z\",\"amount\":\"5000\",\"currency\":\"USD\"}\n"
             "{\"type\":\"adjustment\",\"participant\":\"person:jo\",\"adjustment_id\":\"A-1\","
             "\"date\":\"2026-03-05\",\"amount\":\"150.00\",\"currency\":\"USD\",\"plan\":"
             "\"account-executive\",\"component\":\"new-business\",\"reason\":\"x\",\"by\":\"y\"}\n"
             "{\"type\":\"apply\",\"files\":[\"rates.yaml\",\"roster-april.yaml\"]}\n"
             "{\"type\":\"date\",\"date\":\"2026-04-01\"}\n",
     "deal D-1 r0 s1 amount=20000 person:jo/owner =1\n"
     "result for=person:jo window=2026-Q1\n"
     "payment id=P-1\n"
     "result for=person:jo id=A-1\n"
     "apply file=rates.yaml file=roster-april.yaml\n"
     "date 20544\n",
     ""},
    {"decimals as numbers or texts, exactly", false,
     "{\"type\":\"deal\",\"deal_id\":\"D\",\"revision\":2,\"status\":\"OPEN\",\"closed_at\":"
     "1770112800000,"
     "\"amount\":0.1,\"currency\":\"USD\",\"amounts\":{\"net\":\"-0.30\"},\"attributes\":{\"n\":1."
     "50,\"t\":\"1.50\"},"
     "\"lines\":[{\"line_id\":\"1\",\"product\":\"core\",\"amount\":0.10,\"quantity\":3}],"
     "\"participants\":[{\"participant\":\"team:n\",\"role\":\"o\",\"share\":0.125}]}\n",
     "deal D r2 s0 amount=0.1 net =-0.3 n #=1.5 t =1.50 [1 core =0.1] team:n/o =0.125\n", ""},
    {"blank lines and a missing last line end", false,
     "\n  \r\n{\"type\":\"date\",\"date\":\"1970-01-02\"}", "date 1\n", ""},
    {"a byte order mark", false, "\xEF\xBB\xBF{\"type\":\"date\",\"date\":\"1970-01-02\"}\n",
     "date 1\n", ""},
    {"null is left out", false, DEAL("D", ",\"territory\":null,\"quantity\":null"),
     "deal D r0 s1 amount=20000\n", ""},
    {"identical lines are duplicates", false, DEAL("D", "") DEAL("D", ""),
     "deal D r0 s1 amount=20000\ndeal D r0 s1 amount=20000\n", ""},
    {"other content needs revisions", false, DEAL("D", "") DEAL("D", JO) DEAL("E", ""),
     "deal D r0 s1 amount=20000\ndeal E r0 s1 amount=20000\n", "2:1:needs-revision"},
    {"a revision beside a line without", false, DEAL("D", "") DEAL("D", ",\"revision\":1"),
     "deal D r0 s1 amount=20000\n", "2:1:needs-revision"},
    {"a line without, behind a revision", false, DEAL("D", ",\"revision\":0") DEAL("D", ""),
     "deal D r0 s1 amount=20000\n", "2:1:needs-revision"},
    {"revisions everywhere", false, DEAL("D", ",\"revision\":0") DEAL("D", ",\"revision\":1"),
     "deal D r0 s1 amount=20000\ndeal D r1 s1 amount=20000\n", ""},
    {"a bad line does not stop the next", false, "{\"type\":\"deal\"\n" DEAL("D", ""),
     "deal D r0 s1 amount=20000\n", "1:15:bad-json"},
    {"an unknown field", false, DEAL("D", ",\"teritory\":\"x\""), "", "1:117:unknown-field"},
    {"a missing field", false,
     "{\"type\":\"payment\",\"payment_id\":\"P\",\"received_at\":\"2026-03-01T00:00:00Z\","
     "\"amount\":1,\"currency\":\"USD\"}\n",
     "", "1:1:missing-field"},
    {"an unknown type", false, "{\"type\":\"dael\"}\n", "", "1:9:bad-word"},
    {"no type", false, "{\"deal_id\":\"D\"}\n", "", "1:1:missing-field"},
    {"no object", false, "[1]\n", "", "1:1:bad-value"},
    {"an amount with too many decimals", false, DEAL("D", ",\"quantity\":0.1234567891"), "",
     "1:128:bad-value"},
    {"an amount more precise than its currency", false,
     "{\"type\":\"payment\",\"payment_id\":\"P\",\"deal_id\":\"D\",\"received_at\":\"2026-03-01T00:"
     "00:00Z\",\"amount\":\"0.001\",\"currency\":\"USD\"}\n",
     "", "1:1:bad-fact"},
    {"a bad instant", false,
     "{\"type\":\"payment\",\"payment_id\":\"P\",\"deal_id\":\"D\",\"received_at\":\"2026-03-01\","
     "\"amount\":\"1\",\"currency\":\"USD\"}\n",
     "", "1:64:bad-value"},
    {"a result needs a window or a date", false,
     "{\"type\":\"result\",\"participant\":\"person:jo\",\"result\":\"r\",\"value\":1}\n", "",
     "1:1:bad-fact"},
    {"what and type differ", false,
     "{\"type\":\"result\",\"what\":\"ADJUSTMENT\",\"participant\":\"person:jo\",\"result\":\"r\","
     "\"value\":1,\"window\":\"2026\"}\n",
     "", "1:25:bad-value"},
    {"a file list with something else", false, "{\"type\":\"apply\",\"files\":[[]]}\n", "",
     "1:26:bad-value"},
    {"CSV: rows of one deal", true,
     HEAD ROW("D-1", "20000", "jo", "60%") ROW("D-1", "20000", "kim", "0.4")
         ROW("D-2", "5", "jo", "1"),
     "deal D-1 r0 s1 amount=20000 person:jo/owner =0.6 person:kim/owner =0.4\n"
     "deal D-2 r0 s1 amount=5 person:jo/owner =1\n",
     ""},
    {"CSV: attributes and amounts", true,
     "deal_id,status,closed_at,amount,currency,attribute.level,attribute.code,amounts.net,customer_"
     "id\r\n"
     "D,CLOSED,2026-02-03T10:00:00Z,7,USD,3,\"007\",6.5,\"a,\"\"b\"\"\"\r\n",
     "deal D r0 s1 amount=7 customer=a,\"b\" net =6.5 level #=3 code =007\n", ""},
    {"CSV: an equal row is a duplicate", true,
     HEAD ROW("D", "1", "jo", "1") ROW("D", "1", "jo", "1"),
     "deal D r0 s1 amount=1 person:jo/owner =1\n", ""},
    {"CSV: revisions of one deal", true,
     "deal_id,revision,status,closed_at,amount,currency\nD,0,CLOSED,2026-02-03T10:00:00Z,1,USD\nD,"
     "1,CLOSED,2026-02-03T10:00:00Z,2,USD\n",
     "deal D r0 s1 amount=1\ndeal D r1 s1 amount=2\n", ""},
    {"CSV: other types by column", true,
     "type,payment_id,deal_id,received_at,amount,currency,participant,result,window,value\n"
     "payment,P,D,2026-03-01T00:00:00Z,1,USD,,,,\nresult,,,,,,person:jo,csat,2026-Q1,92\n",
     "payment id=P\nresult for=person:jo window=2026-Q1\n", ""},
    {"CSV: rows of a deal that differ", true,
     HEAD ROW("D", "1", "jo", "0.5") ROW("D", "2", "kim", "0.5") ROW("E", "1", "jo", "1"),
     "deal E r0 s1 amount=1 person:jo/owner =1\n", "3:31:rows-differ"},
    {"CSV: rows of a deal that stand apart", true,
     HEAD ROW("D", "1", "jo", "0.5") ROW("E", "1", "jo", "1") ROW("D", "1", "kim", "0.5"),
     "deal D r0 s1 amount=1 person:jo/owner =0.5\ndeal E r0 s1 amount=1 person:jo/owner =1\n",
     "4:1:needs-revision"},
    {"CSV: rows of a revision that stand apart", true,
     "deal_id,revision,status,closed_at,amount,currency\nD,0,CLOSED,2026-02-03T10:00:00Z,1,USD\n"
     "E,0,CLOSED,2026-02-03T10:00:00Z,1,USD\nD,0,CLOSED,2026-02-03T10:00:00Z,2,USD\n",
     "deal D r0 s1 amount=1\ndeal E r0 s1 amount=1\n", "4:0:rows-apart"},
    {"CSV: an unknown column", true, "deal_id,statsu\nD,CLOSED\n", "", "1:9:unknown-column"},
    {"CSV: lines stand in JSON only", true, "deal_id,lines\nD,x\n", "", "1:9:unknown-column"},
    {"CSV: a column that stands twice", true, "deal_id,amount,amount\n", "", "1:16:twice"},
    {"CSV: a row too short, and the next one", true, HEAD "D,CLOSED\n" ROW("E", "1", "jo", "1"),
     "deal E r0 s1 amount=1 person:jo/owner =1\n", "2:0:bad-csv"},
    {"CSV: a quote within a cell", true,
     HEAD "D\"x,CLOSED,2026-02-03T10:00:00Z,1,USD,,,\n" ROW("E", "1", "jo", "1"),
     "deal E r0 s1 amount=1 person:jo/owner =1\n", "2:2:bad-csv"},
    {"CSV: an open quote", true, HEAD "\"D,CLOSED", "", "2:10:bad-csv"},
    {"CSV: a bad row behind a deal", true,
     HEAD ROW("D", "1", "jo", "1") "x\"\n" ROW("E", "1", "jo", "1"),
     "deal D r0 s1 amount=1 person:jo/owner =1\ndeal E r0 s1 amount=1 person:jo/owner =1\n",
     "3:2:bad-csv"},
    {"CSV: a bad share has its place", true, HEAD ROW("D", "1", "jo", "x"), "", "2:53:bad-value"},
    {"CSV: a missing field", true, "deal_id,amount\nD,1\n", "", "2:1:missing-field"},
    {"an empty file", false, "", "", ""},
    {"an empty CSV", true, "", "", ""},
};

static void read_all(const struct file_row *row, size_t step, struct buffer *items,
                     struct buffer *reports)
{
    struct scene scene;
    struct file file = {slice_of(row->text), step};
    const struct event *event = NULL;
    enum status status;
    scene_init(&scene);
    struct event_reader *reader =
        event_reader_new(row->is_csv ? EVENT_CSV : EVENT_JSON_LINES, SLICE("f"),
                         (struct event_source){&file, read_file}, NULL, &scene.reports);
    do {
        status = event_reader_next(reader, &event);
        if (!status && event)
            append_event(items, event);
        assert_true(!status || status == STATUS_INVALID);
    } while (status || event);
    for (const struct report *report = scene.reports.first; report; report = report->next)
        buffer_printf(reports, "%s%d:%d:%s", reports->length ? " " : "", report->line,
                      report->column, report->code);
    event_reader_free(reader);
    scene_deinit(&scene);
}

static void reads(void **state)
{
    const struct file_row *row = *state;
    static const size_t steps[] = {1 << 20, 1, 7};
    for (size_t i = 0; i < 3; i++) {
        struct buffer items = {0};
        struct buffer reports = {0};
        read_all(row, steps[i], &items, &reports);
        buffer_append_byte(&items, '\0');
        buffer_append_byte(&reports, '\0');
        if (!strstr(reports.bytes, row->reports) || (!*row->reports && reports.length > 1))
            fail_msg("expected %s, got %s", row->reports, reports.bytes);
        assert_string_equal(items.bytes, row->items);
        buffer_deinit(&items);
        buffer_deinit(&reports);
    }
}

static struct slice first_event_id(const char *text, char out[64])
{
    struct scene scene;
    struct file file = {slice_of(text), 1000};
    const struct event *event = NULL;
    scene_init(&scene);
    struct event_reader *reader =
        event_reader_new(EVENT_JSON_LINES, SLICE("f"), (struct event_source){&file, read_file},
                         NULL, &scene.reports);
    assert_int_equal(event_reader_next(reader, &event), STATUS_OK);
    size_t length = event->deal.event_id.length;
    memcpy(out, event->deal.event_id.bytes, length);
    event_reader_free(reader);
    scene_deinit(&scene);
    return (struct slice){out, length};
}

static void derives_the_event_id_from_the_content(void **state)
{
    (void)state;
    char a[64], b[64], c[64], d[64];
    struct slice first = first_event_id(DEAL("D", ""), a);
    assert_int_equal(first.length, 32);
    assert_true(slice_equal(first, first_event_id(DEAL("D", ",\"revision\":0"), b)));
    assert_false(slice_equal(first, first_event_id(DEAL("D", ",\"revision\":1"), c)));
    assert_true(slice_equal(first_event_id(DEAL("D", ",\"event_id\":\"mine\""), d), SLICE("mine")));
}

static void refuses_a_line_that_is_too_long_and_goes_on(void **state)
{
    (void)state;
    struct buffer text = {0};
    struct buffer items = {0};
    struct buffer reports = {0};
    buffer_printf(&text, "{\"type\":\"date\",\"x\":\"");
    for (int i = 0; i < EVENT_LINE_BYTES_MAX; i++)
        buffer_append_byte(&text, 'x');
    buffer_printf(&text, "\"}\n{\"type\":\"date\",\"date\":\"1970-01-02\"}\n");
    buffer_append_byte(&text, '\0');
    struct file_row row = {"", false, text.bytes, "", ""};
    read_all(&row, 1 << 20, &items, &reports);
    buffer_append_byte(&items, '\0');
    buffer_append_byte(&reports, '\0');
    assert_string_equal(items.bytes, "date 1\n");
    assert_string_equal(reports.bytes, "1:0:too-large");
    buffer_deinit(&text);
    buffer_deinit(&items);
    buffer_deinit(&reports);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derives_the_event_id_from_the_content),
        cmocka_unit_test(refuses_a_line_that_is_too_long_and_goes_on),
    };
    return RUN_CASES(rows, reads) +
           cmocka_run_group_tests_name("plan.event_file", tests, NULL, NULL);
}
