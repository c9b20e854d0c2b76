/* JSON that is written stays JSON whatever the text is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json_text.h"
#include "support/case.h"

static const struct quoted {
    const char *label;
    struct slice text;
    const char *json;
} quoted[] = {
    {"plain text stays as it is", {"a b", 3}, "\"a b\""},
    {"no text is an empty text", {NULL, 0}, "\"\""},
    {"quotes and backslashes are escaped", {"\"\\", 2}, "\"\\\"\\\\\""},
    {"control characters are escaped, NUL too",
     {"\0\n\x1f\x7f", 4},
     "\"\\u0000\\u000a\\u001f\\u007f\""},
    {"UTF-8 of two, three and four bytes stays",
     {"\xc3\xa4\xe2\x82\xac\xf0\x9f\x92\xb6", 9},
     "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x92\xb6\""},
    {"a byte that is no UTF-8 is replaced alone",
     {"a\xff"
      "b",
      3},
     "\"a\xef\xbf\xbd"
     "b\""},
    {"a character that was cut is replaced", {"a\xe2\x82", 3}, "\"a\xef\xbf\xbd\xef\xbf\xbd\""},
    {"a surrogate is no character",
     {"\xed\xa0\x80", 3},
     "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
};

static void is_quoted(void **state)
{
    const struct quoted *row = *state;
    struct buffer out = {0};
    json_append_text(&out, row->text);
    buffer_append_byte(&out, '\0');
    assert_string_equal(out.bytes, row->json);
    buffer_deinit(&out);
}

int main(void)
{
    return RUN_CASES(quoted, is_quoted);
}
